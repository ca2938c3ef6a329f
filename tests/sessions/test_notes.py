"""What operators write down for each other."""

import pytest

from sessions_app.actors import SYSTEM
from sessions_app.events.replay import from_row
from sessions_app.events.types import EventType, Visibility
from sessions_app.events.visibility import seen_by
from sessions_app.models import AuditEntry, Session
from sessions_app.services.sessions import close_session, move_session
from tests.builders import KeyClient, MemberClient
from tests.sessions.refusals import refused, told

pytestmark = pytest.mark.django_db
NOTES = "/sessions/talk/notes"


def test_a_note_is_in_the_log_for_operators_and_never_for_the_customer(
    session: Session, operator_api: MemberClient
) -> None:
    answer = operator_api.post(NOTES, {"text": "Called before, be patient."})
    assert answer.status_code == 201
    row = session.events.get(type=EventType.OPERATOR_NOTE)
    assert told(answer) == {"note_id": row.data["note_id"], "seq": row.seq}
    assert row.data == {
        "note_id": row.data["note_id"],
        "author": "operator",
        "text": "Called before, be patient.",
    }
    event = from_row(row, session.name)
    assert seen_by(event, Visibility.CUSTOMER) is None
    assert seen_by(event, Visibility.OPERATOR) == event
    assert [entry["kind"] for entry in told(operator_api.get("/sessions/talk/transcript"))["entries"]] == [
        "operator_note"
    ]


def test_a_note_is_audited_without_its_words(session: Session, operator_api: MemberClient) -> None:
    note_id = told(operator_api.post(NOTES, {"text": "secret words"}))["note_id"]
    entry = AuditEntry.objects.get(action="note.added")
    assert (entry.actor, entry.session_name, entry.target) == ("operator", "talk", note_id)
    assert "secret" not in repr(entry.__dict__)


@pytest.mark.parametrize("status", [Session.Status.ACTIVE, Session.Status.WAITING, Session.Status.STAFFED])
def test_a_note_can_be_left_whoever_serves_and_no_agent_answers(
    session: Session, operator_api: MemberClient, status: Session.Status
) -> None:
    if status != Session.Status.ACTIVE:
        move_session(session, before=Session.Status.ACTIVE, after=status, actor=SYSTEM)
    assert operator_api.post(NOTES, {"text": "x"}).status_code == 201
    assert not session.runs.exists()


def test_a_closed_session_takes_no_note(session: Session, operator_api: MemberClient) -> None:
    close_session(session, actor=SYSTEM)
    assert refused(operator_api.post(NOTES, {"text": "x"}), 409, "session_closed")


def test_notes_are_for_members_alone(session: Session, api: KeyClient) -> None:
    assert refused(api.post(NOTES, {"text": "x"}), 403, "forbidden")
    assert session.events.count() == 1


@pytest.mark.parametrize("text", ["", "  ", "a\x00b"])
def test_text_that_cannot_be_a_note_is_refused(session: Session, operator_api: MemberClient, text: str) -> None:
    assert refused(operator_api.post(NOTES, {"text": text}), 422, "unprocessable")
    assert refused(operator_api.post("/sessions/nowhere/notes", {"text": "x"}), 404, "not_found")
