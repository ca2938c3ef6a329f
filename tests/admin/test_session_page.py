"""The page of one session: everything of its log, who and when, and the way to all that belongs to it."""

import re

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents_app.models import Approval, Conversation, PermissionRequest, Run, ToolCall
from sessions_app.actors import Actor
from sessions_app.admin import session_timeline
from sessions_app.admin.session_timeline import read_stretch
from sessions_app.events.record import record
from sessions_app.events.types import EventType
from sessions_app.models import AuditEntry, Handoff, Session, StoredEvent, Workspace
from sessions_app.services.handoffs import request_handoff
from sessions_app.tokens import read_ticket
from tests.admin.pages import MODELS, address, listed, name_of
from tests.admin.rows import Rows
from tests.sessions.makers import tell

pytestmark = pytest.mark.django_db


def page_of(client: Client, session: Session, **query: str) -> str:
    answer = client.get(address(Session, "change", session.pk), query)
    assert answer.status_code == 200
    return answer.content.decode()


def own(session: Session, name: str, *more: str) -> str:
    return reverse(f"admin:sessions_app_session_{name}", args=[session.pk, *more])


def decide_with_other_arguments(session: Session) -> None:
    asked = {
        "request_id": "r1",
        "kind": "approval",
        "tool_call_id": "c1",
        "tool_name": "refund_order",
        "arguments": {"amount": "79.90"},
        "policy": "large refunds v3",
        "risk_level": "high",
    }
    record(session, EventType.PERMISSION_REQUEST, asked)
    cleared = {
        "request_id": "r1",
        "kind": "approval",
        "tool_call_id": "c1",
        "outcome": "approved",
        "decided_by": "user:olga",
        "role": "supervisor",
        "reason": "Half of it.",
        "arguments": {"amount": "39.95"},
    }
    record(session, EventType.PERMISSION_CLEARED, cleared)


def test_the_timeline_holds_everything_with_who_and_why(
    supervising: Client, session: Session, customer_actor: Actor
) -> None:
    tell(session, "Where is my parcel?")
    record(session, EventType.REASONING_COMPLETED, {"message_id": "m1", "text": "I should look it up."})
    tool = {"tool_call_id": "c0", "tool_name": "look_up_order", "status": "completed", "arguments": {"number": 1016}}
    record(session, EventType.TOOL_STATUS, tool)
    decide_with_other_arguments(session)
    record(session, EventType.OPERATOR_NOTE, {"note_id": "n1", "author": "olga", "text": "A regular."})
    record(session, EventType.RUN_CANCELLED, {"by": "operator"})
    request_handoff(session, actor=customer_actor, reason="Nobody listens.")
    page = page_of(supervising, session)
    timeline = page[page.index('id="transcript"') : page.index('id="jump"')]
    told = [
        "Where is my parcel?",
        "I should look it up.",
        "look_up_order",
        "1016",
        "large refunds v3",
        "olga",
        "supervisor",
        "Half of it.",
        "39.95",
        "79.90",
        "A regular.",
        "was stopped by",
        "waiting</b>",
        "Nobody listens.",
    ]
    places = [timeline.index(word) for word in told]
    assert min(places) > 0
    kinds = re.findall(r'data-kind="([a-z_]+)"', timeline)
    assert kinds == [
        "message",
        "reasoning",
        "tool",
        "permission",
        "operator_note",
        "run_cancelled",
        "status_change",
        "handoff_requested",
    ]


def test_a_request_in_the_timeline_leads_to_the_page_on_which_it_is_decided(
    supervising: Client, session: Session
) -> None:
    decide_with_other_arguments(session)
    page = page_of(supervising, session)
    assert f'<a href="{address(PermissionRequest, "change", "r1")}">Open this request</a>' in page


def test_what_a_customer_writes_is_text_and_never_markup(supervising: Client, session: Session) -> None:
    Session.objects.filter(pk=session.pk).update(customer="<b>c", metadata={"<i>k": "<i>v"})
    tell(session, "<script>alert(1)</script>")
    page = page_of(supervising, session)
    assert "<script>alert" not in page and "<b>c" not in page and "<i>" not in page


def test_a_decision_says_when_it_was_made_and_what_was_asked(session: Session) -> None:
    decide_with_other_arguments(session)
    decided = session.events.get(type=EventType.PERMISSION_CLEARED)
    entry = next(entry for entry in read_stretch(session).entries if entry["kind"] == "permission")
    assert entry["decided_at"] == decided.timestamp.isoformat()
    assert (entry["asked"], entry["arguments"]) == ({"amount": "79.90"}, {"amount": "39.95"})


def words(page: str) -> list[str]:
    """The numbers of the messages in the timeline."""
    return re.findall(r"word-(\d+)-", page[page.index('id="transcript"') : page.index('id="jump"')])


def test_a_long_session_is_shown_from_its_end_with_the_way_back(
    supervising: Client, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_timeline, "EVENTS", 4)
    for number in range(2, 12):
        tell(session, f"word-{number}-")
    newest = page_of(supervising, session)
    assert words(newest) == ["8", "9", "10", "11"] and "?before=8" in newest and "Later entries" not in newest
    middle = page_of(supervising, session, before="8")
    assert words(middle) == ["4", "5", "6", "7"] and "?before=4" in middle and "?before=12" in middle
    first = page_of(supervising, session, before="4")
    assert words(first) == ["2", "3"] and "Earlier entries" not in first and "?before=8" in first
    assert words(page_of(supervising, session, before="nonsense")) == ["8", "9", "10", "11"]
    assert words(page_of(supervising, session, before="1")) == []


def test_what_retention_has_deleted_is_said(supervising: Client, session: Session) -> None:
    tell(session, "Still here.")
    StoredEvent.objects.filter(session=session, seq=1).delete()
    Session.objects.filter(pk=session.pk).update(pruned_seq=1)
    assert "The log begins after event 1" in page_of(supervising, session)


def test_the_page_leads_to_every_list_of_what_belongs_to_the_session(
    supervising: Client, rows: Rows, foreign_rows: Rows
) -> None:
    session, asked = rows[Session], rows[PermissionRequest]
    assert isinstance(session, Session)
    page = page_of(supervising, session)
    ways = re.findall(r'<a href="(/admin/[a-z_]+/[a-z]+/)\?([a-z_]+)=', page[: page.index('class="timeline"')])
    assert (address(StoredEvent, "changelist"), "session__exact") in ways
    assert (address(PermissionRequest, "changelist"), "run__session__exact") in ways
    assert len(ways) >= 8
    for path, lookup in ways:
        answer = supervising.get(path, {lookup: str(session.pk)})
        assert answer.status_code == 200, path
    assert listed(supervising, PermissionRequest, run__session__exact=str(session.pk)) == [asked]
    foreign = foreign_rows[Session]
    assert listed(supervising, PermissionRequest, run__session__exact=str(foreign.pk)) == []


def test_runs_are_shown_with_their_state_and_their_cost(supervising: Client, rows: Rows) -> None:
    session, run = rows[Session], rows[Run]
    assert isinstance(session, Session)
    usage = {"input_tokens": 1000, "output_tokens": 34, "cost_micro_dollars": 12_300}
    Run.objects.filter(pk=run.pk).update(usage=usage, error_detail="The provider is away.")
    page = page_of(supervising, session)
    assert "1034 tokens, $0.0123" in page and "The provider is away." in page


@pytest.mark.usefixtures("within_an_hour")
def test_opening_the_page_is_audited_and_so_is_opening_an_event(
    supervising: Client, superuser: Client, session: Session
) -> None:
    entries = AuditEntry.objects.filter(action="session.read").order_by("id")
    page_of(supervising, session)
    page_of(supervising, session)
    assert [(one.actor, one.role) for one in entries.all()] == [("supervisor", "supervisor")]
    event = session.events.get(seq=1)
    assert superuser.get(address(StoredEvent, "change", event.pk)).status_code == 200
    assert [one.actor for one in entries.all()] == ["supervisor", "root"]


def test_leave_to_follow_the_log_is_a_reading(supervising: Client, session: Session) -> None:
    supervising.post(own(session, "ticket"))
    assert AuditEntry.objects.get(action="session.read").target == str(session.pk)


# Whatever names its session is evidence of what was said there. A new kind of it is in the test by itself.
OF_SESSIONS = [model for model in MODELS if "session__" in getattr(site.get_model_admin(model), "workspace_path", "")]


@pytest.mark.parametrize("model", OF_SESSIONS, ids=name_of)
def test_looking_at_what_belongs_to_a_session_is_a_reading(supervising: Client, rows: Rows, model: type[Model]) -> None:
    assert supervising.get(address(model, "change", rows[model].pk)).status_code == 200
    assert AuditEntry.objects.get(action="session.read").target == str(rows[Session].pk)


def test_what_is_said_in_a_session_belongs_to_it() -> None:
    assert {StoredEvent, Handoff, Run, ToolCall, PermissionRequest, Approval, Conversation} <= set(OF_SESSIONS)


def test_a_page_that_is_refused_is_not_a_reading(stranger: Client, session: Session) -> None:
    stranger.get(address(Session, "change", session.pk))
    stranger.get(address(StoredEvent, "change", session.events.get(seq=1).pk))
    assert not AuditEntry.objects.filter(action="session.read").exists()


def test_the_page_may_follow_this_session_as_a_supervisor_and_no_other(
    supervising: Client, superuser: Client, session: Session
) -> None:
    for client, name in ((supervising, "supervisor"), (superuser, "root")):
        answer = client.post(own(session, "ticket"))
        ticket = read_ticket(answer.json()["token"])
        assert ticket is not None
        assert (ticket.session_id, ticket.level, ticket.reader) == (session.pk, "supervisor", f"user:{name}")
    assert supervising.get(own(session, "ticket")).status_code == 405


@pytest.mark.parametrize("kind", ["facts", "ticket"])
def test_nobody_else_gets_what_the_page_asks_for(
    stranger: Client, operating: Client, anonymous: Client, session: Session, kind: str
) -> None:
    assert stranger.post(own(session, kind)).status_code == 404
    for client in (operating, anonymous):
        assert client.post(own(session, kind)).status_code == 302


def test_the_facts_are_what_is_true_now(supervising: Client, session: Session, customer_actor: Actor) -> None:
    before = supervising.get(own(session, "facts")).content.decode()
    request_handoff(session, actor=customer_actor, reason="Please!", priority="urgent")
    now = supervising.get(own(session, "facts")).content.decode()
    assert "urgent priority" in now and "urgent priority" not in before
    assert "Hand back" in now and "Hand back" not in before
    assert now.lstrip().startswith("<header")


def test_the_page_leads_to_the_audit_entries_of_the_session(supervising: Client, rows: Rows) -> None:
    session = rows[Session]
    assert isinstance(session, Session)
    assert f"{address(AuditEntry, 'changelist')}?session__exact={session.pk}" in page_of(supervising, session)
    entries = listed(supervising, AuditEntry, session__exact=str(session.pk))
    assert entries and all(isinstance(entry, AuditEntry) and entry.session == session.pk for entry in entries)


def test_the_page_asks_no_more_for_many_runs_handoffs_and_entries_than_for_few(
    supervising: Client, workspace: Workspace, rows: Rows
) -> None:
    session, run = rows[Session], rows[Run]
    assert isinstance(session, Session) and isinstance(run, Run)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page_of(supervising, session)
        return len(captured)

    page_of(supervising, session)  # what is asked once and remembered is not the page's
    few = queries()
    for number in range(6):
        tell(session, f"word-{number}-")
        Run.objects.create(session=session, agent=run.agent, prompt="more", status=Run.Status.COMPLETED)
        Handoff.objects.create(
            session=session, requested_by="customer", status="closed", operator=User.objects.create_user(f"o-{number}")
        )
    assert queries() == few


def test_secrets_in_metadata_and_reasons_are_masked(
    supervising: Client, session: Session, customer_actor: Actor
) -> None:
    Session.objects.filter(pk=session.pk).update(metadata={"password": "hunter2", "plan": "gold"})
    request_handoff(session, actor=customer_actor, reason="My key is sk-abcdefghijklmnopqrstuvwxyz123456")
    handoff = session.handoffs.get()
    page = page_of(supervising, session)
    assert "gold" in page and "hunter2" not in page
    shown = supervising.get(address(Handoff, "change", handoff.pk)).content.decode()
    for text in (page, shown):
        assert "My key is" in text and "abcdefghijklm" not in text
