"""Permission requests answered in the admin are answered as over the API."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from agents_app.models import Agent, PermissionRequest, Run, ToolCall
from sessions_app.actors import SYSTEM
from sessions_app.models import AuditEntry, Session, StoredEvent, Workspace
from sessions_app.services.sessions import open_session
from tests.admin.pages import act, said
from tests.admin.rows import ask

pytestmark = pytest.mark.django_db(transaction=True)
Status = PermissionRequest.Status


@pytest.fixture
def asked(session: Session, agent: Agent) -> PermissionRequest:
    return ask(session, agent)


def another(workspace: Workspace, agent: Agent, name: str) -> PermissionRequest:
    return ask(open_session(workspace, actor=SYSTEM, name=name), agent)


def trail(asked: PermissionRequest) -> list[Any]:
    """What the audit entries about a request say, but for when and of which request."""
    entries = AuditEntry.objects.filter(target=str(asked.pk)).order_by("id")
    said = ("workspace", "actor_kind", "actor", "role", "action", "reason", "details")
    return [{name: getattr(entry, name) for name in said} for entry in entries]


def told(asked: PermissionRequest) -> list[dict[str, object]]:
    events = StoredEvent.objects.filter(session=asked.run.session, run=asked.run_id).order_by("seq")
    return [
        {
            "type": event.type,
            **{key: value for key, value in event.data.items() if key not in ("request_id", "started_at", "ended_at")},
        }
        for event in events
    ]


def state(asked: PermissionRequest) -> tuple[str, str, str]:
    asked = PermissionRequest.objects.select_related("tool_call", "run").get(pk=asked.pk)
    return asked.status, asked.tool_call.status, asked.run.status


@pytest.mark.parametrize(("action", "outcome"), [("approve", Status.APPROVED), ("deny", Status.DENIED)])
def test_a_decision_leaves_the_same_trail_and_events_as_over_the_api(
    supervising: Client, workspace: Workspace, agent: Agent, asked: PermissionRequest, action: str, outcome: str
) -> None:
    over_api = another(workspace, agent, "over-api")
    answer = supervising.post(
        f"/api/v1/permission-requests/{over_api.pk}/decision",
        {"decision": action, "reason": "Because."},
        content_type="application/json",
    )
    assert answer.status_code == 200
    act(supervising, action, asked, reason="Because.")
    assert trail(asked) == trail(over_api) and len(trail(asked)) == 1
    assert trail(asked)[0]["action"] == f"permission.{outcome}" and trail(asked)[0]["reason"] == "Because."
    assert told(asked) == told(over_api) and told(asked)
    assert state(asked) == state(over_api)
    assert state(asked)[2] == Run.Status.RESUMING


def test_a_denial_reaches_the_agent_in_the_words_of_the_person(supervising: Client, asked: PermissionRequest) -> None:
    answer = act(supervising, "deny", asked, reason="Ask again on Monday.")
    assert said(answer) == ["refund_order denied in talk."]
    assert ToolCall.objects.get(pk=asked.tool_call_id).answer == "Ask again on Monday."


def test_several_are_decided_at_once_and_those_decided_before_are_named(
    supervising: Client, workspace: Workspace, agent: Agent, asked: PermissionRequest
) -> None:
    late = another(workspace, agent, "late")
    act(supervising, "deny", late, reason="No.")
    answer = act(supervising, "approve", asked, late)
    who_won = "denied by user:supervisor (supervisor): No."
    assert set(said(answer)) == {
        "refund_order approved in talk.",
        f"refund_order denied in late: This request has already been decided: {who_won}",
    }
    assert PermissionRequest.objects.get(pk=late.pk).status == Status.DENIED
    assert len(trail(late)) == 1


def test_a_request_whose_time_is_over_cannot_be_approved_any_more(
    supervising: Client, asked: PermissionRequest
) -> None:
    PermissionRequest.objects.filter(pk=asked.pk).update(expires_at=timezone.now())
    act(supervising, "approve", asked)
    assert state(asked)[0] == Status.PENDING and trail(asked) == []


def test_a_superuser_without_a_membership_decides_as_superuser(superuser: Client, asked: PermissionRequest) -> None:
    act(superuser, "approve", asked)
    asked.refresh_from_db()
    assert (asked.decided_by, asked.role) == ("user:root", "superuser")
    assert asked.decided_by_user == User.objects.get(username="root")


def test_nobody_decides_for_another_workspace(
    stranger: Client, operating: Client, anonymous: Client, asked: PermissionRequest
) -> None:
    for client in (stranger, operating, anonymous):
        act(client, "approve", asked)
    assert state(asked)[0] == Status.PENDING


def test_too_long_a_reason_decides_nothing(supervising: Client, asked: PermissionRequest) -> None:
    act(supervising, "deny", asked, reason="x" * 2001)
    assert state(asked)[0] == Status.PENDING
