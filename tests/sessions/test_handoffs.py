"""A session on its way from the agent to a person, to another person, and back."""

import pytest
from django.contrib.auth.models import User

from sessions_app.actors import SYSTEM, Actor, ActorKind
from sessions_app.events.types import EventType
from sessions_app.exceptions import (
    AlreadyRequested,
    AlreadyTaken,
    Forbidden,
    NotStaffed,
    NotYours,
    SessionClosed,
    Unprocessable,
)
from sessions_app.models import AuditEntry, Handoff, Membership, Session, Workspace
from sessions_app.services.accepting import accept_session
from sessions_app.services.handoffs import request_handoff
from sessions_app.services.messages import Role, say
from sessions_app.services.returning import return_session
from sessions_app.services.sessions import close_session
from sessions_app.services.transferring import transfer_session

pytestmark = pytest.mark.django_db
T = EventType


@pytest.fixture
def waiting(session: Session, customer_actor: Actor) -> Session:
    request_handoff(session, actor=customer_actor, reason="Nobody listens.", priority="high")
    return session


@pytest.fixture
def served(waiting: Session, operator_actor: Actor) -> Session:
    """Served by `operator`."""
    return accept_session(waiting, actor=operator_actor)


def newest(session: Session, type: EventType) -> dict[str, object]:
    return dict(session.events.filter(type=type).latest("seq").data)


def stored(session: Session) -> Session:
    return Session.objects.select_related("operator").get(pk=session.pk)


def handoff_of(session: Session) -> Handoff:
    return Handoff.objects.select_related("operator").get(session=session)


def audited() -> tuple[str, str]:
    entry = AuditEntry.objects.latest("id")
    return entry.action, entry.actor_name


def test_a_request_puts_the_session_into_the_queue_with_its_priority(waiting: Session) -> None:
    handoff, row = handoff_of(waiting), stored(waiting)
    assert (row.status, row.priority, row.waiting_since) == ("waiting", "high", row.status_changed_at)
    assert newest(waiting, T.HANDOFF_REQUESTED) == {
        "handoff_id": str(handoff.pk),
        "requested_by": "customer",
        "reason": "Nobody listens.",
        "priority": "high",
        "trigger": "customer",
    }
    assert (handoff.status, handoff.requested_by) == ("requested", "customer:carla")
    assert audited() == ("handoff.requested", "carla")


@pytest.mark.parametrize(
    ("kind", "trigger"),
    [(ActorKind.AGENT, "agent"), (ActorKind.USER, "operator"), (ActorKind.API_KEY, "customer")],
)
def test_the_trigger_of_a_request_is_whoever_asks(session: Session, kind: ActorKind, trigger: str) -> None:
    assert request_handoff(session, actor=Actor(kind, "x")).trigger == trigger


def test_a_person_is_asked_for_once(waiting: Session, operator_actor: Actor) -> None:
    with pytest.raises(AlreadyRequested):
        request_handoff(waiting, actor=SYSTEM)
    accept_session(waiting, actor=operator_actor)
    with pytest.raises(AlreadyRequested):
        request_handoff(waiting, actor=SYSTEM)
    close_session(waiting, actor=SYSTEM)
    with pytest.raises(SessionClosed):
        request_handoff(waiting, actor=SYSTEM)
    assert Handoff.objects.count() == 1


def test_whoever_accepts_serves(waiting: Session, operator: User, operator_actor: Actor) -> None:
    accepted = accept_session(waiting, actor=operator_actor)
    handoff, row = handoff_of(waiting), stored(waiting)
    assert (row.status, row.operator, row.epoch) == ("staffed", operator, 1)
    assert (accepted.status, accepted.operator, accepted.epoch) == ("staffed", operator, 1)
    assert (handoff.status, handoff.operator) == ("accepted", operator) and handoff.accepted_at is not None
    assert newest(waiting, T.HANDOFF_ACCEPTED) == {"handoff_id": str(handoff.pk), "operator": "operator"}
    assert audited() == ("handoff.accepted", "operator")


def test_an_operator_may_take_over_from_the_agent_without_anybody_asking(
    session: Session, operator_actor: Actor
) -> None:
    accept_session(session, actor=operator_actor)
    handoff = handoff_of(session)
    assert (handoff.status, handoff.trigger, handoff.requested_by) == ("accepted", "operator", "user:operator")
    assert newest(session, T.STATUS_CHANGE)["previous"] == "active"


def test_the_second_operator_learns_who_was_first(served: Session, colleague_actor: Actor) -> None:
    before = served.last_seq
    with pytest.raises(AlreadyTaken, match=r"^operator serves this session\.$"):
        accept_session(served, actor=colleague_actor)
    assert stored(served).last_seq == before


def test_accepting_again_changes_nothing(served: Session, operator_actor: Actor) -> None:
    before = served.last_seq
    assert accept_session(served, actor=operator_actor).status == "staffed"
    assert (stored(served).last_seq, stored(served).epoch) == (before, 1)


def test_only_people_of_the_workspace_serve(waiting: Session, other_workspace: Workspace, operator: User) -> None:
    stranger = User.objects.create_user("stranger")
    Membership.objects.create(user=stranger, workspace=other_workspace)
    for actor in (SYSTEM, Actor(ActorKind.USER, "stranger", role="operator", user_id=stranger.pk)):
        with pytest.raises(Forbidden):
            accept_session(waiting, actor=actor)
    assert stored(waiting).status == "waiting"


def test_a_closed_session_cannot_be_accepted(waiting: Session, operator_actor: Actor) -> None:
    close_session(waiting, actor=SYSTEM)
    with pytest.raises(SessionClosed):
        accept_session(waiting, actor=operator_actor)


def test_a_session_whose_operators_account_is_gone_can_be_accepted(
    served: Session, operator: User, colleague_actor: Actor
) -> None:
    operator.delete()
    assert accept_session(stored(served), actor=colleague_actor).operator_id == colleague_actor.user_id


@pytest.mark.parametrize("how", ["deactivated", "no longer a member"])
def test_a_session_whose_operator_has_left_can_be_accepted(
    served: Session, operator: User, colleague_actor: Actor, how: str
) -> None:
    if how == "deactivated":
        User.objects.filter(pk=operator.pk).update(is_active=False)
    else:
        Membership.objects.filter(user=operator).delete()
    accept_session(stored(served), actor=colleague_actor)
    handoff, row = handoff_of(served), stored(served)
    assert (row.status, row.operator_id, row.epoch) == ("staffed", colleague_actor.user_id, 2)
    assert (handoff.status, handoff.operator_id) == ("accepted", colleague_actor.user_id)
    assert newest(served, T.HANDOFF_ACCEPTED)["operator"] == "olga"


def test_a_transfer_gives_the_session_to_a_colleague_at_once(
    served: Session, operator_actor: Actor, colleague_actor: Actor
) -> None:
    transfer_session(served, to="olga", actor=operator_actor, reason="She knows French.")
    handoff, row = handoff_of(served), stored(served)
    assert (row.status, row.operator_id, handoff.operator_id) == ("staffed", *[colleague_actor.user_id] * 2)
    assert newest(served, T.HANDOFF_TRANSFERRED) == {
        "handoff_id": str(handoff.pk),
        "from": "operator",
        "to": "olga",
        "reason": "She knows French.",
    }
    assert audited() == ("handoff.transferred", "operator")
    with pytest.raises(NotYours, match="olga serves"):
        say(served, "Still me?", actor=operator_actor, role=Role.OPERATOR)


def test_a_transfer_to_nobody_puts_the_session_back_into_the_queue(
    served: Session, operator_actor: Actor, colleague_actor: Actor
) -> None:
    transfer_session(served, to="", actor=operator_actor)
    handoff, row = handoff_of(served), stored(served)
    assert (row.status, row.operator, row.priority) == ("waiting", None, "high")
    assert (handoff.status, handoff.operator, handoff.accepted_at) == ("requested", None, None)
    assert accept_session(served, actor=colleague_actor).epoch == 2
    assert Handoff.objects.count() == 1


def test_a_transfer_needs_a_member_of_the_workspace(
    served: Session, operator_actor: Actor, other_workspace: Workspace
) -> None:
    stranger = User.objects.create_user("stranger")
    Membership.objects.create(user=stranger, workspace=other_workspace)
    for name in ("stranger", "nobody", "a\x00b"):
        with pytest.raises(Unprocessable):
            transfer_session(served, to=name, actor=operator_actor)


def test_a_transfer_to_whoever_serves_already_changes_nothing(served: Session, operator_actor: Actor) -> None:
    before = served.last_seq
    transfer_session(served, to="operator", actor=operator_actor)
    assert stored(served).last_seq == before


def test_a_supervisor_sends_a_waiting_session_to_somebody(
    waiting: Session, supervisor_actor: Actor, operator_actor: Actor, operator: User
) -> None:
    with pytest.raises(NotStaffed):
        transfer_session(waiting, to="operator", actor=operator_actor)
    sent = transfer_session(waiting, to="operator", actor=supervisor_actor)
    assert (sent.status, sent.operator, sent.epoch) == ("staffed", operator, 1)
    assert newest(waiting, T.HANDOFF_TRANSFERRED)["from"] == ""


def test_returning_ends_the_handoff_and_the_agent_serves(served: Session, operator_actor: Actor) -> None:
    returned = return_session(served, summary=" All is well. ", actor=operator_actor)
    handoff, row = handoff_of(served), stored(served)
    assert (row.status, row.operator, row.priority, row.epoch) == ("active", None, "normal", 2)
    assert (returned.status, returned.epoch) == ("active", 2)
    assert (handoff.status, handoff.summary) == ("returned", "All is well.") and handoff.ended_at is not None
    assert newest(served, T.HANDOFF_RETURNED) == {
        "handoff_id": str(handoff.pk),
        "operator": "operator",
        "summary": "All is well.",
    }
    assert audited() == ("handoff.returned", "operator")
    assert request_handoff(served, actor=SYSTEM).pk != handoff.pk


def test_only_whoever_serves_or_a_supervisor_gives_a_session_away(
    served: Session, colleague_actor: Actor, supervisor_actor: Actor
) -> None:
    with pytest.raises(NotYours):
        return_session(served, summary="", actor=colleague_actor)
    with pytest.raises(NotYours):
        transfer_session(served, to="olga", actor=colleague_actor)
    transfer_session(served, to="olga", actor=supervisor_actor)
    return_session(served, summary="", actor=supervisor_actor)
    with pytest.raises(NotStaffed):
        return_session(served, summary="", actor=supervisor_actor)


def test_only_whoever_serves_or_a_supervisor_speaks(
    session: Session, operator_actor: Actor, colleague_actor: Actor, supervisor_actor: Actor
) -> None:
    with pytest.raises(NotStaffed):
        say(session, "Hi", actor=operator_actor, role=Role.OPERATOR)
    accept_session(session, actor=operator_actor)
    with pytest.raises(NotYours, match="operator serves"):
        say(session, "Hi", actor=colleague_actor, role=Role.OPERATOR)
    for actor in (operator_actor, supervisor_actor):
        say(session, "Hi", actor=actor, role=Role.OPERATOR)
    assert [event.data["author"] for event in session.events.filter(type=T.MESSAGE_COMPLETED)] == [
        "operator",
        "supervisor",
    ]


def test_closing_ends_a_handoff_that_is_served(served: Session, operator_actor: Actor) -> None:
    close_session(served, actor=operator_actor)
    assert stored(served).operator is None
    assert handoff_of(served).status == "closed" and handoff_of(served).operator is not None


def test_who_speaks_meanwhile_is_remembered(served: Session, customer_actor: Actor, operator_actor: Actor) -> None:
    for actor in (customer_actor, Actor(ActorKind.API_KEY, "hr1"), customer_actor):
        say(served, "Hello?", actor=actor, role=Role.CUSTOMER)
    say(served, "Hello!", actor=operator_actor, role=Role.OPERATOR)
    assert handoff_of(served).speakers == ["customer:carla", "api_key:hr1", "user:operator"]
