"""Forgetting what is old."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from sessions_app.actors import SYSTEM
from sessions_app.models import IdempotentRequest, Session, StoredEvent
from sessions_app.services.retention import prune_session
from sessions_app.services.sessions import close_session
from tests.sessions.makers import tell

pytestmark = pytest.mark.django_db


def age(session: Session, *seqs: int, days: int = 10) -> None:
    then = timezone.now() - timedelta(days=days)
    Session.objects.filter(pk=session.pk).update(created_at=then)
    StoredEvent.objects.filter(session=session, seq__in=seqs).update(timestamp=then)


def seqs(session: Session) -> list[int]:
    return list(session.events.order_by("seq").values_list("seq", flat=True))


def yesterday() -> datetime:
    return timezone.now() - timedelta(days=1)


def test_what_is_old_goes_and_the_log_says_from_where_it_is_kept(session: Session) -> None:
    for text in "abc":
        tell(session, text)
    age(session, 1, 2)
    assert prune_session(session, before=yesterday()) == 2
    session.refresh_from_db()
    assert (seqs(session), session.pruned_seq, session.last_seq) == ([3, 4], 2, 4)


def test_a_log_never_gets_a_hole_even_when_clocks_disagreed(session: Session) -> None:
    for text in "abc":
        tell(session, text)
    age(session, 1, 3)
    assert prune_session(session, before=yesterday()) == 3
    assert seqs(session) == [4]


def test_nothing_old_is_nothing_removed(session: Session) -> None:
    assert prune_session(session, before=yesterday()) == 0
    session.refresh_from_db()
    assert (seqs(session), session.pruned_seq) == ([1], 0)


def test_the_seq_goes_on_after_everything_was_removed(session: Session) -> None:
    age(session, 1)
    prune_session(session, before=yesterday())
    assert tell(session, "next").seq == 2


def test_the_command_leaves_open_sessions_alone_and_says_what_it_did(sessions: list[Session]) -> None:
    for session in sessions[:3]:
        age(session, 1)
    close_session(sessions[0], actor=SYSTEM)
    close_session(sessions[1], actor=SYSTEM)
    IdempotentRequest.objects.create(session=sessions[0], key="k", body_hash="h", answer={})
    IdempotentRequest.objects.update(created_at=timezone.now() - timedelta(days=2))
    out = StringIO()
    call_command("prune_events", "--days", "5", stdout=out)
    assert out.getvalue() == "Removed 2 events and 1 kept answers.\n"
    assert [seqs(session) for session in sessions[:4]] == [[2, 3], [2, 3], [1], [1]]


def test_doing_it_again_removes_nothing_more(session: Session) -> None:
    age(session, 1)
    close_session(session, actor=SYSTEM)
    call_command("prune_events", "--days", "5", stdout=StringIO())
    out = StringIO()
    call_command("prune_events", "--days", "5", stdout=out)
    assert out.getvalue() == "Removed 0 events and 0 kept answers.\n"
