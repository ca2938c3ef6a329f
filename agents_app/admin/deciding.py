"""Answers given in the admin, carried out by the services as those over the API are."""

from typing import Any

from agents_app.models import PermissionRequest
from agents_app.services.offers import OVER, verdict
from agents_app.services.outcomes import decide_outcome
from agents_app.services.permissions import decide
from sessions_app.actors import Actor
from sessions_app.exceptions import AlreadyDecided, DomainError

Status = PermissionRequest.Status


def carry_out(asked: PermissionRequest, answer: str, given: dict[str, Any], terms: Any, *, actor: Actor) -> str:
    """Answer a request and return what to say. `given` is what a form of `decision_forms` holds, `terms` a grant's.

    A plain yes names the arguments that were on the page, so that nobody approves what they have not seen.
    """
    reason = given["reason"]
    match answer:
        case "approve" | "always":
            decide(asked, approve=True, actor=actor, reason=reason, arguments=given["seen"], grant=terms)
        case "edit":
            decide(asked, approve=True, actor=actor, reason=reason, arguments=given["arguments"])
        case "deny":
            decide(asked, approve=False, actor=actor, reason=reason)
        case _:
            decide_outcome(asked, Status(answer), actor=actor, reason=reason, result=given.get("result"))
    return told(asked)


def told(asked: PermissionRequest) -> str:
    """How a request stands after an answer."""
    where = f"{asked} in {asked.run.session}"
    if asked.status != Status.PENDING:
        return f"{where}."
    return f"{where}: {asked.approvals.count()} of {asked.approvals_needed} approvals."


def refused(asked: PermissionRequest, error: DomainError) -> str:
    """Why an answer did not count. Whoever lost a race is told who won it."""
    detail = error.detail
    if isinstance(error, AlreadyDecided):
        asked.refresh_from_db(fields=["status", "decided_by", "role", "reason"])
        detail = OVER if asked.status == Status.PENDING else f"{detail[:-1]}: {verdict(asked)}"
    return f"{asked} in {asked.run.session}: {detail}"
