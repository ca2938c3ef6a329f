"""Standing permissions: given with an approval, taken back by anybody who decides."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from agents_app.conditions import Condition, Operator, write_conditions
from agents_app.exceptions import GrantRevoked
from agents_app.models import Grant, PermissionRequest
from agents_app.policy import Grant as Standing
from agents_app.policy import Role
from agents_app.services.approvals import role_of
from sessions_app.actors import Actor
from sessions_app.exceptions import Forbidden, Unprocessable
from sessions_app.services.audit import write_audit

Scope = Grant.Scope


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
    grant = Grant.objects.create(
        workspace=session.workspace,
        tool=tool,
        conditions=write_conditions(conditions),
        scope=terms.scope,
        session=session if terms.scope is Scope.SESSION else None,
        customer=session.customer if terms.scope is Scope.CUSTOMER else "",
        created_by=str(actor),
        role=role,
        reason=reason,
        expires_at=timezone.now() + timedelta(seconds=terms.expires_in_seconds),
    )
    details = {
        "tool": tool,
        "scope": grant.scope,
        "customer": grant.customer,
        "conditions": grant.conditions,
        "expires_at": grant.expires_at.isoformat(),
        "request": str(request.pk),
    }
    write_audit(
        session.workspace,
        "grant.created",
        actor=actor,
        session=session,
        target=grant.pk,
        reason=reason,
        details=details,
    )
    return grant


@transaction.atomic
def revoke_grant(grant: Grant, *, actor: Actor) -> Grant:
    """Take a grant back: the next call asks again. GrantRevoked the second time."""
    role_of(actor)
    standing = Grant.objects.filter(pk=grant.pk, revoked_at__isnull=True)
    if not standing.update(revoked_at=timezone.now(), revoked_by=str(actor)):
        raise GrantRevoked
    grant.refresh_from_db()
    details = {"tool": grant.tool, "scope": grant.scope, "uses": grant.uses}
    write_audit(grant.workspace, "grant.revoked", actor=actor, session=grant.session, target=grant.pk, details=details)
    return grant
