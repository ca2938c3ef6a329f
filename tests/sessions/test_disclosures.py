"""A supervisor's reading of a session is in the audit history, and an operator's is their work."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from sessions_app.actors import Actor
from sessions_app.models import AuditEntry, Session
from sessions_app.services import disclosures
from sessions_app.services.disclosures import note_export, note_reading
from sessions_app.services.erasing import erase_session
from tests.agents.races import race
from tests.builders import MemberClient


def readings() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.filter(action="session.read").order_by("id").values_list("actor", "target"))


class Later:
    """A clock that can be put forward."""

    def __init__(self) -> None:
        self.moment = timezone.now()

    def now(self) -> object:
        return self.moment


@pytest.mark.django_db
def test_once_for_a_person_a_session_and_an_hour(
    session: Session, supervisor_actor: Actor, colleague_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Later()
    monkeypatch.setattr(disclosures, "timezone", clock)
    for actor in (supervisor_actor, supervisor_actor, colleague_actor):
        note_reading(session, actor=actor)
    assert readings() == [("supervisor", str(session.pk)), ("olga", str(session.pk))]
    clock.moment += timedelta(hours=1)
    note_reading(session, actor=supervisor_actor)
    assert len(readings()) == 3


@pytest.mark.django_db
def test_a_session_that_is_erased_while_it_is_opened_is_written_down_without_its_name(
    session: Session, supervisor_actor: Actor
) -> None:
    opened = [Session.objects.select_related("workspace").get(pk=session.pk) for _ in range(2)]
    erase_session(session, actor=supervisor_actor)
    note_reading(opened[0], actor=supervisor_actor)
    note_export(opened[1], actor=supervisor_actor, format="json")
    entries = AuditEntry.objects.filter(action__in=["session.read", "session.exported"])
    assert [entry.session_name for entry in entries] == [f"erased-{session.pk}"] * 2


@pytest.mark.django_db(transaction=True)
def test_pages_opened_at_the_same_moment_leave_one_entry(session: Session, supervisor_actor: Actor) -> None:
    race(*[lambda: note_reading(Session.objects.get(pk=session.pk), actor=supervisor_actor)] * 4)
    assert readings() == [("supervisor", str(session.pk))]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/workbench/sessions/talk/", "/api/v1/sessions/talk/transcript", "/api/v1/sessions/talk/log"]
)
def test_supervisors_are_written_down_wherever_they_read_and_operators_nowhere(
    session: Session, operator: User, supervisor: User, path: str
) -> None:
    for user in (operator, supervisor):
        client = Client()
        client.force_login(user)
        assert client.get(path).status_code == 200
    assert readings() == [("supervisor", str(session.pk))]


@pytest.mark.django_db
def test_looking_at_lists_is_not_reading(session: Session, supervisor: User) -> None:
    assert MemberClient(supervisor).get("/sessions").status_code == 200
    assert readings() == []
