"""What is old goes by itself, for as long as each workspace says, and never in the way of anything else."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from agents_app.models import Agent
from agents_app.tasks import retention
from config.celery_options import beat_schedule
from sessions_app.actors import SYSTEM, Actor
from sessions_app.models import AuditChain, AuditEntry, Session, StoredEvent, Workspace
from sessions_app.services import retention as service
from sessions_app.services.audit_reading import verify_chain
from sessions_app.services.erasing import blank_sessions
from sessions_app.services.retention import apply_retention, erase_batch, prune_batch
from sessions_app.services.sessions import close_session, open_session
from tests.agents.races import race
from tests.agents.work import types
from tests.sessions.makers import tell

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("agent")]
LONG = 3600.0


@pytest.fixture
def others_agent(other_workspace: Workspace) -> Agent:
    return Agent.objects.create(workspace=other_workspace, name="demo", is_default=True)


def closed(workspace: Workspace, *, days: int, name: str = "") -> Session:
    """A session of three events that was opened and closed so many days ago."""
    session = open_session(workspace, actor=SYSTEM, name=name, customer="carla")
    tell(session, "hello")
    close_session(session, actor=SYSTEM)
    then = timezone.now() - timedelta(days=days)
    Session.objects.filter(pk=session.pk).update(created_at=then, status_changed_at=then)
    StoredEvent.objects.filter(session=session).update(timestamp=then)
    return Session.objects.get(pk=session.pk)


def passed() -> service.Removed:
    return apply_retention(now=timezone.now(), seconds=LONG)


def left(session: Session) -> int:
    return StoredEvent.objects.filter(session=session).count()


def keep(workspace: Workspace, *, events: int | None = None, transcripts: int | None = None) -> None:
    workspace.event_retention_days, workspace.transcript_retention_days = events, transcripts
    workspace.save()


def test_each_workspace_keeps_its_events_for_as_long_as_it_says(
    workspace: Workspace, other_workspace: Workspace, others_agent: Agent
) -> None:
    keep(workspace, events=5)
    keep(other_workspace, events=20)
    old, new = closed(workspace, days=10), closed(workspace, days=3)
    foreign = closed(other_workspace, days=10)
    assert passed().events == 4
    assert (left(old), left(new), left(foreign)) == (0, 4, 4)


def test_one_that_says_nothing_keeps_them_as_the_installation_says(workspace: Workspace, settings: Settings) -> None:
    session = closed(workspace, days=10)
    settings.EVENT_RETENTION_DAYS = 20
    assert passed().events == 0
    settings.EVENT_RETENTION_DAYS = 5
    assert passed().events == left(session) + 4


def test_zero_is_for_ever(workspace: Workspace, settings: Settings) -> None:
    settings.EVENT_RETENTION_DAYS = settings.TRANSCRIPT_RETENTION_DAYS = 1
    keep(workspace, events=0, transcripts=0)
    session = closed(workspace, days=4000)
    assert (passed().events, passed().sessions, left(session)) == (0, 0, 4)


def test_open_sessions_are_left_alone_however_old(workspace: Workspace) -> None:
    keep(workspace, events=1, transcripts=1)
    session = open_session(workspace, actor=SYSTEM)
    then = timezone.now() - timedelta(days=10)
    Session.objects.filter(pk=session.pk).update(created_at=then, status_changed_at=then)
    StoredEvent.objects.update(timestamp=then)
    passed()
    assert left(session) == 1


def test_a_transcript_goes_as_a_whole(workspace: Workspace) -> None:
    keep(workspace, transcripts=5)
    old, new = closed(workspace, days=10, name="old"), closed(workspace, days=3, name="new")
    assert passed().sessions == 1
    old.refresh_from_db()
    assert (old.name, old.customer, types(old)) == (f"erased-{old.pk}", "", ["session_closed"])
    assert Session.objects.get(name="new").customer == "carla" and left(new) == 4


def test_a_pass_is_one_entry_of_a_history_that_verifies(workspace: Workspace) -> None:
    keep(workspace, events=8, transcripts=5)
    for _ in range(3):
        closed(workspace, days=10)
    passed()
    pruned, erased = (AuditEntry.objects.get(action=f"retention.{what}") for what in ("pruned", "erased"))
    assert (pruned.details["sessions"], pruned.details["events"], erased.details["sessions"]) == (3, 12, 3)
    assert verify_chain(AuditChain.objects.get(workspace=workspace)).broken is None


def test_the_next_pass_finds_nothing_and_says_nothing(workspace: Workspace) -> None:
    keep(workspace, events=8, transcripts=5)
    closed(workspace, days=10)
    passed()
    entries = AuditEntry.objects.count()
    assert passed() == service.Removed()
    assert AuditEntry.objects.count() == entries


def test_a_pass_that_has_no_time_left_leaves_the_rest_to_the_next(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(workspace, events=5)
    monkeypatch.setattr(service, "BATCH", 1)
    sessions = [closed(workspace, days=10) for _ in range(3)]
    assert apply_retention(now=timezone.now(), seconds=0).events == 0
    before = timezone.now() - timedelta(days=5)
    assert prune_batch(workspace, before=before) == 4
    assert sorted(map(left, sessions)) == [0, 4, 4]
    assert passed().events == 8


def test_a_long_session_is_pruned_a_part_at_a_time(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(workspace, events=5)
    monkeypatch.setattr(service, "EVENTS", 3)
    session = closed(workspace, days=10)
    before = timezone.now() - timedelta(days=5)
    assert (prune_batch(workspace, before=before), left(session)) == (3, 1)
    assert Session.objects.get().pruned_seq == 3
    assert (prune_batch(workspace, before=before), left(session)) == (1, 0)
    assert prune_batch(workspace, before=before) == 0


def test_no_transaction_removes_all_of_a_long_transcript(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(workspace, transcripts=5)
    monkeypatch.setattr(service, "EVENTS", 3)
    session = closed(workspace, days=10)
    seen: list[int] = []
    blank = blank_sessions

    def counted(workspace: Workspace, sessions: list[Session], *, actor: Actor) -> int:
        seen.append(left(session))
        return blank(workspace, sessions, actor=actor)

    monkeypatch.setattr(service, "blank_sessions", counted)
    assert passed().sessions == 1
    assert seen[0] < 3 and types(session) == ["session_closed"]


def test_two_passes_at_once_do_everything_once(workspace: Workspace) -> None:
    keep(workspace, transcripts=5)
    sessions = [closed(workspace, days=10) for _ in range(6)]
    before = timezone.now() - timedelta(days=5)
    results = race(*[lambda: erase_batch(workspace, before=before)] * 2)
    assert sum(results) == 6
    assert [left(session) for session in sessions] == [1] * 6
    assert verify_chain(AuditChain.objects.get(workspace=workspace)).broken is None


def test_beat_does_it(workspace: Workspace) -> None:
    keep(workspace, events=5)
    session = closed(workspace, days=10)
    assert beat_schedule["retention"]["task"] == retention.name
    retention()
    assert left(session) == 0


def test_by_hand_one_workspace_and_its_transcripts(
    workspace: Workspace, other_workspace: Workspace, others_agent: Agent
) -> None:
    for each in (workspace, other_workspace):
        keep(each, events=8, transcripts=5)
        closed(each, days=10)
    out = StringIO()
    call_command("prune_events", "--workspace", "shop", "--transcripts", stdout=out)
    assert out.getvalue() == "Removed 4 events and 0 kept answers.\nErased 1 sessions.\n"
    assert Session.objects.of(other_workspace).get().customer == "carla"
