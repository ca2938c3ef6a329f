"""Standing permissions: given with an approval or by a supervisor, taken back by anybody who decides."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from agents_app.conditions import Condition, Operator, write_conditions
from agents_app.exceptions import GrantChanged, GrantRevoked
from agents_app.models import Grant, PermissionRequest
from agents_app.policy import RANK, Role
from agents_app.policy import Grant as Standing
from agents_app.services.approvals import role_of
from sessions_app.actors import Actor
from sessions_app.events.encoding import clean
from sessions_app.exceptions import Forbidden, Unprocessable
from sessions_app.masking.texts import mask_text
from sessions_app.models import Session, Workspace
from sessions_app.services.audit import write_audit

Scope = Grant.Scope
LONGEST = timedelta(days=366)
# No pattern fits, and every name a provider takes does.
TOOL_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True, slots=True)
class GrantTerms:
    """What somebody who approves also wants to allow from now on; without `conditions`, exactly what they approve."""

    scope: Grant.Scope
    expires_in_seconds: int
    conditions: tuple[Condition, ...] | None = None


def give_grant(request: PermissionRequest, terms: GrantTerms, *, actor: Actor, reason: str) -> Grant:
    """Make a grant of an approval. The caller holds the session's lock and has checked who decides.

    Raises Unprocessable where several people must agree, where there is no customer to share it, and for conditions
    that not even the approved call meets; Forbidden when an operator wants it for the whole workspace.
    """
    role, session, tool = role_of(actor), request.run.session, request.tool_call.tool_name
    arguments = request.edited_arguments if request.edited_arguments is not None else request.arguments
    if request.approvals_needed > 1:
        raise Unprocessable("Several people must agree to such a call, so one of them cannot allow it for always.")
    if terms.scope is Scope.WORKSPACE and role is not Role.SUPERVISOR:
        raise Forbidden("Only a supervisor may allow this for the whole workspace.")
    if terms.scope is Scope.CUSTOMER and not session.customer:
        raise Unprocessable("This session has no customer to allow it for.")
    conditions = terms.conditions
    if conditions is None:
        given = {name: value for name, value in arguments.items() if value is not None}
        conditions = tuple(Condition(name, Operator.SAME, value) for name, value in given.items())
    if not Standing("", tool, conditions).covers(arguments):
        raise Unprocessable("The approved call does not meet the conditions, or has arguments that none of them names.")
    grant = Grant(
        workspace=session.workspace,
        tool=tool,
        conditions=write_conditions(conditions),
        scope=terms.scope,
        session=session if terms.scope is Scope.SESSION else None,
        customer=session.customer if terms.scope is Scope.CUSTOMER else "",
        role=role,
    )
    return _create(grant, terms, actor=actor, reason=reason, session=session, request=str(request.pk))


@transaction.atomic
def make_grant(
    workspace: Workspace,
    tool: str,
    terms: GrantTerms,
    *,
    actor: Actor,
    reason: str,
    session: Session | None = None,
    customer: str = "",
) -> Grant:
    """Make a grant that no request asked for. For supervisors; `session` and `customer` belong to their scopes.

    Raises Unprocessable unless it names one tool, conditions, and what its scope is about.
    """
    if role_of(actor) is not Role.SUPERVISOR:
        raise Forbidden("Only a supervisor may allow what nobody has asked for.")
    if not TOOL_NAME.fullmatch(tool):
        raise Unprocessable("Name one tool, not a pattern: a grant must not reach tools that do not exist yet.")
    if terms.conditions is None:
        raise Unprocessable("Say which arguments are allowed: an empty list allows calls without any.")
    if (terms.scope is Scope.SESSION) is not (session is not None):
        raise Unprocessable("Name the session of a grant for one session, and of no other.")
    if (terms.scope is Scope.CUSTOMER) is not bool(customer):
        raise Unprocessable("Name the customer of a grant for one customer, and of no other.")
    if session is not None and session.workspace_id != workspace.pk:
        raise Unprocessable("This session belongs to another workspace.")
    grant = Grant(
        workspace=workspace,
        tool=tool,
        conditions=write_conditions(terms.conditions),
        scope=terms.scope,
        session=session,
        customer=customer,
        role=Role.SUPERVISOR,
    )
    return _create(grant, terms, actor=actor, reason=reason, session=session)


@transaction.atomic
def move_end(grant: Grant, expires_at: datetime, *, actor: Actor, reason: str = "") -> Grant:
    """Let a grant end earlier or later. Nothing else of it can be changed: what it allows is what somebody approved.

    Raises GrantChanged when its end is not the one in this row any more, GrantRevoked when it was taken back, Forbidden
    when it was given as somebody of a higher role, and Unprocessable for one that is over or an end that cannot be.
    """
    now = timezone.now()
    if RANK[role_of(actor)] < max(
        RANK[Role(grant.role)], RANK[Role.SUPERVISOR] if grant.scope == Scope.WORKSPACE else 0
    ):
        raise Forbidden("Only a supervisor may change a grant of a supervisor, or for the whole workspace.")
    if not now < expires_at <= now + LONGEST:
        raise Unprocessable("Let it end in the future, within 366 days; to end it now, revoke it.")
    seen = grant.expires_at
    standing = Grant.objects.live(now).filter(pk=grant.pk, expires_at=seen)
    if not standing.update(expires_at=expires_at):
        grant.refresh_from_db()
        if grant.revoked_at is not None:
            raise GrantRevoked
        if grant.expires_at <= now:
            raise Unprocessable("This grant is over. Make a new one.")
        raise GrantChanged
    grant.refresh_from_db()
    details = {"tool": grant.tool, "scope": grant.scope, "from": seen.isoformat(), "to": expires_at.isoformat()}
    _audit(grant, "grant.end_moved", actor=actor, session=grant.given_in, reason=reason, details=details)
    return grant


@transaction.atomic
def revoke_grant(grant: Grant, *, actor: Actor, reason: str = "") -> Grant:
    """Take a grant back: the next call asks again. GrantRevoked the second time."""
    role_of(actor)
    standing = Grant.objects.filter(pk=grant.pk, revoked_at__isnull=True)
    if not standing.update(revoked_at=timezone.now(), revoked_by=str(actor)):
        raise GrantRevoked
    grant.refresh_from_db()
    details = {"tool": grant.tool, "scope": grant.scope, "uses": grant.uses}
    _audit(grant, "grant.revoked", actor=actor, session=grant.given_in, reason=reason, details=details)
    return grant


def _create(
    grant: Grant, terms: GrantTerms, *, actor: Actor, reason: str, session: Session | None, **more: str
) -> Grant:
    length = timedelta(seconds=terms.expires_in_seconds)
    if not timedelta() < length <= LONGEST:
        raise Unprocessable("A grant ends in the future, within 366 days.")
    grant.given_in = session
    grant.created_by, grant.reason = str(actor), mask_text(clean(reason))
    grant.expires_at = timezone.now() + length
    grant.save(force_insert=True)
    details = {
        "tool": grant.tool,
        "scope": grant.scope,
        "customer": grant.customer,
        "conditions": grant.shown_conditions(),
        "expires_at": grant.expires_at.isoformat(),
        **more,
    }
    _audit(grant, "grant.created", actor=actor, session=session, reason=reason, details=details)
    return grant


def _audit(
    grant: Grant, action: str, *, actor: Actor, session: Session | None, reason: str, details: Mapping[str, Any]
) -> None:
    write_audit(grant.workspace, action, actor=actor, session=session, target=grant.pk, reason=reason, details=details)
