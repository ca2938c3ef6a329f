"""What a supervisor does with a session in the admin is what the workbench would do, with the same refusals."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from agents_app.models import Agent, PermissionRequest, Run
from sessions_app.actors import Actor
from sessions_app.admin.session_actions import ACTIONS, offered
from sessions_app.models import AuditEntry, Membership, Session, Workspace
from sessions_app.services.accepting import accept_session
from sessions_app.services.handoffs import request_handoff
from sessions_app.services.sessions import close_session
from tests.admin.pages import act, address, said
from tests.admin.rows import ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(session: Session, customer_actor: Actor) -> Session:
    request_handoff(session, actor=customer_actor)
    return session


@pytest.fixture
def served(waiting: Session, operator_actor: Actor) -> Session:
    return accept_session(waiting, actor=operator_actor)


def path(session: Session, action: str) -> str:
    return reverse("admin:sessions_app_session_do", args=[session.pk, action])


def do(client: Client, session: Session, action: str, **fields: str) -> list[str]:
    """Press the button and fill in its form. Returns what is said on the session's page then."""
    answer = client.post(path(session, action), fields, follow=True)
    assert answer.redirect_chain == [(address(Session, "change", session.pk), 302)]
    return said(answer)  # type: ignore[arg-type]  # the test client's own kind of response


def now(session: Session) -> tuple[str, str]:
    row = Session.objects.select_related("operator").get(pk=session.pk)
    return row.status, row.operator.get_username() if row.operator else ""


def audited(session: Session) -> tuple[str, str, str, str]:
    entry = AuditEntry.objects.exclude(action="session.read").latest("id")
    return entry.action, entry.actor, entry.role, entry.reason


def test_take_over(supervising: Client, waiting: Session) -> None:
    assert do(supervising, waiting, "take-over") == ["You serve this session now."]
    assert now(waiting) == ("staffed", "supervisor")
    assert audited(waiting)[:3] == ("handoff.accepted", "supervisor", "supervisor")


def test_hand_back_with_a_summary_that_begins_as_a_draft(supervising: Client, served: Session) -> None:
    page = supervising.get(path(served, "hand-back")).content.decode()
    assert "<textarea" in page and now(served) == ("staffed", "operator")
    do(supervising, served, "hand-back", summary="The parcel is on its way.")
    assert now(served) == ("active", "")
    assert served.handoffs.get().summary == "The parcel is on its way."


def test_reassign_to_a_member_and_into_the_queue(supervising: Client, served: Session, colleague_actor: Actor) -> None:
    page = supervising.get(path(served, "reassign")).content.decode()
    assert 'value="olga"' in page and 'value="operator"' not in page
    do(supervising, served, "reassign", to="olga", reason="She knows the case.")
    assert now(served) == ("staffed", "olga")
    assert audited(served) == ("handoff.transferred", "supervisor", "supervisor", "She knows the case.")
    do(supervising, served, "reassign", to="", reason="")
    assert now(served) == ("waiting", "")


def test_whoever_is_no_member_is_no_choice(supervising: Client, served: Session) -> None:
    User.objects.create_user("outsider")
    answer = supervising.post(path(served, "reassign"), {"to": "outsider"})
    assert answer.status_code == 200 and "outsider is not one of the available choices" in answer.content.decode()
    assert now(served) == ("staffed", "operator")


def test_cancel_run_settles_what_the_agent_asked(supervising: Client, session: Session, agent: Agent) -> None:
    asked = ask(session, agent)
    page = supervising.get(path(session, "stop")).content.decode()
    assert "cancelled" in page and Run.objects.get().status == Run.Status.WAITING
    do(supervising, session, "stop")
    asked.refresh_from_db()
    assert (Run.objects.get().status, asked.status) == (Run.Status.CANCELLED, PermissionRequest.Status.CANCELLED)
    assert audited(session)[:2] == ("run.cancelled", "supervisor")
    assert do(supervising, session, "stop") == ["The agent is not at work in this session."]


def test_close_with_a_reason(supervising: Client, session: Session) -> None:
    assert supervising.get(path(session, "close")).status_code == 200
    assert now(session)[0] == "active"
    do(supervising, session, "close", reason="Solved by phone.")
    assert now(session)[0] == "closed"
    assert audited(session) == ("session.closed", "supervisor", "supervisor", "Solved by phone.")


def test_too_long_a_reason_closes_nothing(supervising: Client, session: Session) -> None:
    answer = supervising.post(path(session, "close"), {"reason": "x" * 2001})
    assert answer.status_code == 200 and "at most 2000 characters" in answer.content.decode()
    assert now(session)[0] == "active"


def test_whoever_was_late_is_told_who_was_first(supervising: Client, served: Session) -> None:
    assert do(supervising, served, "take-over") == ["operator serves this session."]
    assert now(served) == ("staffed", "operator")


@pytest.mark.parametrize("action", ACTIONS)
def test_a_closed_session_is_left_as_it_is(supervising: Client, session: Session, action: str) -> None:
    close_session(session, actor=Actor("system", "test"))  # type: ignore[arg-type]  # any actor
    assert do(supervising, session, action, to="", reason="") == ["This session is closed."]


@pytest.mark.parametrize("action", ACTIONS)
def test_nobody_acts_on_a_session_of_another_workspace(
    stranger: Client, operating: Client, anonymous: Client, waiting: Session, action: str
) -> None:
    entries = AuditEntry.objects.count()
    assert stranger.post(path(waiting, action)).status_code == 404
    assert stranger.get(path(waiting, action)).status_code == 404
    for client in (operating, anonymous):
        assert client.post(path(waiting, action)).status_code == 302
    assert now(waiting) == ("waiting", "") and AuditEntry.objects.count() == entries


def test_an_action_nobody_knows_is_not_found(supervising: Client, session: Session) -> None:
    assert supervising.post(path(session, "delete")).status_code == 404


def test_a_form_of_another_site_does_nothing(supervisor: User, waiting: Session) -> None:
    supervisor.is_staff = True
    supervisor.save()
    client = Client(enforce_csrf_checks=True)
    client.force_login(supervisor)
    assert client.post(path(waiting, "take-over")).status_code == 403
    assert now(waiting) == ("waiting", "")


def test_only_what_applies_is_offered(
    session: Session, agent: Agent, customer_actor: Actor, operator_actor: Actor, supervisor_actor: Actor
) -> None:
    assert offered(session, supervisor_actor) == ["take-over", "close"]
    ask(session, agent)
    assert offered(session, supervisor_actor) == ["take-over", "stop", "close"]
    request_handoff(session, actor=customer_actor)
    assert offered(session, supervisor_actor) == ["take-over", "hand-back", "reassign", "stop", "close"]
    accept_session(session, actor=operator_actor)
    assert offered(session, supervisor_actor) == ["hand-back", "reassign", "close"]
    Membership.objects.filter(user=operator_actor.user_id).delete()
    session = Session.objects.get(pk=session.pk)
    assert offered(session, supervisor_actor) == ["take-over", "hand-back", "reassign", "close"]
    close_session(session, actor=supervisor_actor)
    assert offered(session, supervisor_actor) == []


def test_a_superuser_who_is_no_member_may_end_things_and_serves_nobody(superuser: Client, waiting: Session) -> None:
    page = superuser.get(address(Session, "change", waiting.pk)).content.decode()
    assert path(waiting, "close") in page and path(waiting, "take-over") not in page
    assert do(superuser, waiting, "take-over") == ["You are not a member of this workspace."]
    do(superuser, waiting, "close", reason="Done.")
    assert now(waiting)[0] == "closed"


@pytest.fixture
def second(workspace: Workspace, session: Session, customer_actor: Actor) -> Session:
    other = Session.objects.create(workspace=workspace, name="second", agent="demo")
    request_handoff(other, actor=customer_actor)
    return other


def test_several_are_closed_at_once_after_a_question(supervising: Client, waiting: Session, second: Session) -> None:
    asked = act(supervising, "close_selected", waiting, second)
    assert "Close: 2 sessions" in asked.content.decode() and now(second)[0] == "waiting"
    close_session(second, actor=Actor("system", "test"))  # type: ignore[arg-type]  # any actor
    answer = act(supervising, "close_selected", waiting, second, confirmed="yes", reason="Night.")
    assert set(said(answer)) == {"talk: closed.", "second: This session is closed."}
    assert now(waiting)[0] == "closed"


def test_several_are_given_to_a_member_at_once(
    supervising: Client, waiting: Session, second: Session, colleague_actor: Actor
) -> None:
    assert 'value="olga"' in act(supervising, "reassign_selected", waiting, second).content.decode()
    act(supervising, "reassign_selected", waiting, second, confirmed="yes", to="olga", reason="")
    assert now(waiting) == now(second) == ("staffed", "olga")


def test_the_agent_is_stopped_in_several_at_once(supervising: Client, session: Session, agent: Agent) -> None:
    ask(session, agent)
    act(supervising, "stop_selected", session)
    assert Run.objects.get().status == Run.Status.WAITING
    assert said(act(supervising, "stop_selected", session, confirmed="yes")) == ["talk: told to stop."]
    assert Run.objects.get().status == Run.Status.CANCELLED


def test_the_list_acts_on_nothing_of_another_workspace(stranger: Client, waiting: Session) -> None:
    act(stranger, "close_selected", waiting, confirmed="yes", reason="")
    assert now(waiting) == ("waiting", "")
