"""Sessions are found by what was said in them, among those that somebody may see."""

import pytest
from django.db import connection

from sessions_app.actors import SYSTEM
from sessions_app.events.record import record
from sessions_app.events.types import EventType
from sessions_app.models import Session, Workspace
from sessions_app.services import searching
from sessions_app.services.searching import find_sessions, said_with
from sessions_app.services.sessions import open_session
from tests.sessions.makers import tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamp(session: Session) -> Session:
    tell(session, "My desk lamp arrived broken, order 1016.")
    tell(session, "Thank you, goodbye.")
    return session


@pytest.fixture
def chair(workspace: Workspace, session: Session) -> Session:
    other = open_session(workspace, actor=SYSTEM, name="chair-talk", customer="karl")
    tell(other, "The desk chair squeaks.")
    return other


def found(words: str) -> set[str]:
    return set(find_sessions(Session.objects.all(), words).values_list("name", flat=True))


def test_a_name_and_a_customer_match_in_part(lamp: Session, chair: Session) -> None:
    assert found("hair-ta") == {"chair-talk"}
    assert found("CARL") == {"talk"}


def test_words_of_any_message_match_and_not_of_the_newest_alone(lamp: Session, chair: Session) -> None:
    assert found("broken") == {"talk"}
    assert found("Desk") == {"talk", "chair-talk"}
    assert found("sofa") == set()


def test_notes_of_operators_match_and_thoughts_of_agents_do_not(lamp: Session) -> None:
    record(lamp, EventType.OPERATOR_NOTE, {"note_id": "n", "author": "olga", "text": "Suspicious customer"})
    record(lamp, EventType.REASONING_COMPLETED, {"message_id": "m", "text": "Perhaps a hippopotamus"})
    assert found("suspicious") == {"talk"}
    assert found("hippopotamus") == set()


@pytest.mark.parametrize("words", ["'", '"', "%", "_", "\\", "-", "!&|():*", "a" * 5000, "or", '"half a phrase'])
def test_nothing_that_is_typed_is_an_error(lamp: Session, words: str) -> None:
    assert found(words) <= {"talk"}


def test_a_part_of_a_sentence_without_spaces_is_found(lamp: Session, chair: Session) -> None:
    tell(chair, "我的台灯坏了,请帮我退款。")
    assert found("台灯坏") == {"chair-talk"}
    tell(lamp, "注文した椅子が届きません。")
    assert found("椅子が届き") == {"talk"}


def test_what_one_may_not_see_is_not_looked_at(lamp: Session, other_workspace: Workspace) -> None:
    elsewhere = Session.objects.create(workspace=other_workspace, name="foreign")
    tell(elsewhere, "broken too 台灯坏了")
    mine = Session.objects.filter(workspace=lamp.workspace)
    assert set(find_sessions(mine, "broken")) == {lamp}
    assert not find_sessions(mine, "台灯坏").exists()
    assert set(find_sessions(Session.objects.filter(workspace=other_workspace), "broken")) == {elsewhere}


def test_text_is_read_in_so_many_sessions_and_no_more(
    lamp: Session, chair: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(lamp, "我的台灯坏了")
    tell(chair, "我的台灯也坏了")
    assert found("台灯") == {"talk", "chair-talk"}
    monkeypatch.setattr(searching, "MAX_SESSIONS", 1)
    assert found("台灯") == {"chair-talk"}


def test_a_huge_message_can_be_kept_and_is_found_by_its_beginning(lamp: Session) -> None:
    tell(lamp, "first " + "x" * 110_000 + " last")
    assert found("first") == {"talk"}


def test_postgresql_looks_words_up_in_the_index(lamp: Session) -> None:
    if connection.vendor != "postgresql":
        assert not searching._has_index(Session.objects.all(), "broken")
        return
    with connection.cursor() as cursor:
        # On a table as small as this one anything else would be cheaper.
        for way in ("seqscan", "indexscan", "indexonlyscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    assert "Bitmap Index Scan on event_words" in said_with("broken").explain()
