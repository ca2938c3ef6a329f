"""Which answers of a request somebody may give, asked before they are offered. Deciding asks all of this again."""

from dataclasses import dataclass

from django.utils import timezone

from agents_app.exceptions import AlreadyApproved
from agents_app.models import PermissionRequest
from agents_app.services.approvals import check_may_approve, check_may_decide
from sessions_app.actors import Actor
from sessions_app.exceptions import Forbidden

Kind = PermissionRequest.Kind
OVER = "Its time is over: nobody can answer it any more."


@dataclass(frozen=True, slots=True)
class Offer:
    """The answers somebody may give, and in words why they may not give the others.

    Beside the request's own options: `edit` is to approve with other arguments, `always` to allow the like from now on.
    """

    answers: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


def offer_to(request: PermissionRequest, actor: Actor) -> Offer:
    if request.status != PermissionRequest.Status.PENDING:
        return Offer(notes=(verdict(request),))
    if request.expires_at <= timezone.now():
        return Offer(notes=(OVER,))
    try:
        check_may_decide(request, actor)
    except Forbidden as error:
        return Offer(notes=(error.detail,))
    if request.kind == Kind.OUTCOME:
        return Offer(frozenset(request.options))
    if refusal := _may_not_approve(request, actor):
        return Offer(frozenset({"deny"}), (refusal,))
    if request.approvals_needed > 1:
        return Offer(
            frozenset({*request.options, "edit"}), (f"{request.approvals_needed} different people must approve.",)
        )
    return Offer(frozenset({*request.options, "edit", "always"}))


def verdict(request: PermissionRequest) -> str:
    """How a request that is settled was settled, in a sentence."""
    outcome = request.Status(request.status).label.lower()
    why = f": {request.masked(request.reason)}" if request.reason else "."
    return f"{outcome} by {request.decided_by}{f' ({request.role})' if request.role else ''}{why}"


def _may_not_approve(request: PermissionRequest, actor: Actor) -> str:
    try:
        check_may_approve(request, actor)
    except Forbidden as error:
        return error.detail
    if request.approvals.filter(actor=str(actor)).exists():
        return AlreadyApproved.default
    return ""
