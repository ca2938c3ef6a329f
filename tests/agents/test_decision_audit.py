"""Of every decision the audit keeps who made it, in which role, when, why, and about what."""

import pytest
from django.utils import timezone

from agents_app.models import PermissionRequest
from agents_app.services.permissions import decide
from sessions_app.actors import Actor
from sessions_app.events.types import EventType
from sessions_app.models import AuditEntry
from tests.agents.work import data

pytestmark = pytest.mark.django_db(transaction=True)
PROPOSED = {"order_number": 1001, "amount": "19.90"}
EDITED = {"order_number": 1001, "amount": "5.00"}


def test_an_approval_is_kept_with_who_in_which_role_when_why_and_both_arguments(
    request_to_refund: PermissionRequest, operator_actor: Actor
) -> None:
    began = timezone.now()
    decide(request_to_refund, approve=True, actor=operator_actor, reason="Agreed.", arguments=EDITED)
    entry = AuditEntry.objects.get(action="permission.approved")
    assert (entry.actor_kind, entry.actor, entry.role, entry.reason) == ("user", "operator", "operator", "Agreed.")
    assert (entry.session_name, entry.target) == ("talk", str(request_to_refund.pk))
    assert began <= entry.at <= timezone.now()
    assert entry.details == {
        "tool": "refund_order",
        "tool_call_id": request_to_refund.tool_call.tool_call_id,
        "policy": "default: refund_order asks a person",
        "proposed": PROPOSED,
        "approved": EDITED,
        "approved_by": ["user:operator"],
    }


def test_a_denial_is_kept_with_what_was_proposed_and_nothing_approved(
    request_to_refund: PermissionRequest, operator_actor: Actor
) -> None:
    decide(request_to_refund, approve=False, actor=operator_actor, reason="Too much.")
    entry = AuditEntry.objects.get(action="permission.denied")
    assert (entry.actor, entry.reason) == ("operator", "Too much.")
    assert (entry.details["proposed"], entry.details["approved"]) == (PROPOSED, None)


def test_the_request_itself_keeps_the_person_even_if_the_name_changes(
    request_to_refund: PermissionRequest, operator_actor: Actor
) -> None:
    decided = decide(request_to_refund, approve=True, actor=operator_actor)
    assert (decided.decided_by, decided.decided_by_user_id, decided.role) == (
        "user:operator",
        operator_actor.user_id,
        "operator",
    )
    assert decided.decided_at is not None and decided.requested_at <= decided.decided_at


def test_a_reason_that_cannot_be_stored_is_kept_readable(
    request_to_refund: PermissionRequest, operator_actor: Actor
) -> None:
    decide(request_to_refund, approve=False, actor=operator_actor, reason="No\x00 \ud800!")
    assert AuditEntry.objects.get(action="permission.denied").reason == "No\ufffd \ufffd!"
    assert data(request_to_refund.run.session, EventType.PERMISSION_CLEARED)[0]["reason"] == "No\ufffd \ufffd!"
