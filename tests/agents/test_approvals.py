"""Who may answer, how many must agree, and to what."""

from collections.abc import Callable
from typing import Any

import pytest

from agents_app.exceptions import AlreadyApproved, ArgumentsChanged
from agents_app.models import Approval, Order, PermissionRequest, Run
from agents_app.services.permissions import decide
from sessions_app.actors import SYSTEM, Actor, ActorKind
from sessions_app.events.types import EventType, Visibility
from sessions_app.exceptions import AlreadyDecided, Forbidden
from sessions_app.models import AuditEntry, Session
from sessions_app.services.messages import Role, say
from tests.agents.line import enqueued
from tests.agents.policies import ANNA, BEN, CLEO, EDITED, KEY, PROPOSED, above, add_rule, question
from tests.agents.races import race
from tests.agents.work import CARLA, answered, carry_on, data, fresh, log, request_of
from tests.servers.valkey import TestValkey

pytestmark = pytest.mark.django_db(transaction=True)


def deciding(request: PermissionRequest, actor: Actor, *, approve: bool = True) -> Callable[[], PermissionRequest]:
    """A decision by somebody who looks at the question on a page of their own."""
    mine = request_of(request.run)
    return lambda: decide(mine, approve=approve, actor=actor)


def approve(request: PermissionRequest, actor: Actor, **more: Any) -> str:
    """Returns how the request then stands."""
    return decide(request_of(request.run), approve=True, actor=actor, **more).status


def notices(session: Session) -> list[dict[str, Any]]:
    return data(session, EventType.NOTICE)


@pytest.mark.parametrize("actor", [ANNA, KEY])
@pytest.mark.parametrize("yes", [True, False])
def test_a_request_for_supervisors_is_not_an_operators_or_a_keys_to_decide(
    session: Session, order: Order, actor: Actor, yes: bool
) -> None:
    asked = question(session, role="supervisor")
    with pytest.raises(Forbidden, match="Only a supervisor"):
        deciding(asked, actor, approve=yes)()
    assert request_of(asked.run).status == "pending" and not Approval.objects.exists()


@pytest.mark.parametrize("role", ["supervisor", "superuser"])
def test_a_supervisor_decides_what_is_for_supervisors(session: Session, order: Order, role: str) -> None:
    asked = question(session, role="supervisor")
    assert approve(asked, Actor(ActorKind.USER, "cleo", role=role)) == "approved"


@pytest.mark.parametrize("actor", [CARLA, Actor(ActorKind.AGENT, "demo", role="agent"), Actor(ActorKind.USER, "x")])
def test_customers_agents_and_people_without_a_role_decide_nothing(
    request_to_refund: PermissionRequest, actor: Actor
) -> None:
    for yes in (True, False):
        with pytest.raises(Forbidden):
            deciding(request_to_refund, actor, approve=yes)()


@pytest.mark.parametrize(("as_whom", "decides"), [("supervisor", True), ("operator", False), ("nobody", False)])
def test_a_key_counts_as_what_the_settings_say(
    session: Session, order: Order, settings: Any, as_whom: str, decides: bool
) -> None:
    settings.PERMISSION_API_KEY_ROLE = as_whom
    asked = question(session, role="supervisor")
    if decides:
        assert approve(asked, KEY) == "approved"
    else:
        with pytest.raises(Forbidden):
            approve(asked, KEY)


def test_a_request_that_needs_two_approvals_waits_for_the_second(
    valkey: TestValkey, session: Session, order: Order
) -> None:
    asked = question(session, approvals=2)
    enqueued()
    assert approve(asked, ANNA, reason="Fine.") == "pending"
    assert fresh(asked.run).status == Run.Status.WAITING and enqueued() == []
    assert approve(asked, BEN) == "approved"
    assert enqueued() == [asked.run_id]
    carry_on(asked.run)
    order.refresh_from_db()
    assert order.refunded_cents == 1990
    entry = AuditEntry.objects.get(action="permission.approved")
    assert entry.details["approved_by"] == ["user:anna", "user:ben"] and entry.actor == "ben"


def test_each_approval_but_the_last_is_told_to_operators_and_audited(session: Session, order: Order) -> None:
    asked = question(session, approvals=2)
    approve(asked, ANNA, reason="Fine.")
    assert notices(session) == [
        {
            "code": "approval_recorded",
            "detail": "1 of 2 approvals for refund_order.",
            "request_id": str(asked.pk),
            "approvals": 1,
            "needed": 2,
            "arguments": PROPOSED,
        }
    ]
    (notice,) = log(session, EventType.NOTICE)
    assert notice.visibility == Visibility.OPERATOR
    entry = AuditEntry.objects.get(action="permission.approval_recorded")
    assert (entry.actor, entry.reason, entry.target) == ("anna", "Fine.", str(asked.pk))
    approve(asked, BEN)
    assert len(notices(session)) == 1


def test_each_approval_is_kept_with_who_in_which_role_and_why(
    session: Session, order: Order, operator_actor: Actor
) -> None:
    asked = question(session, approvals=2)
    approve(asked, operator_actor, reason="Fine.")
    given = Approval.objects.get()
    assert (given.request_id, given.actor, given.role, given.reason) == (asked.pk, "user:operator", "operator", "Fine.")
    assert given.user_id == operator_actor.user_id and given.at is not None


def test_the_same_person_approves_once(session: Session, order: Order) -> None:
    asked = question(session, approvals=2)
    approve(asked, ANNA)
    with pytest.raises(AlreadyApproved):
        approve(asked, ANNA)
    assert request_of(asked.run).status == "pending" and Approval.objects.count() == 1


def test_one_denial_denies_whoever_has_approved(session: Session, order: Order) -> None:
    asked = question(session, approvals=3)
    approve(asked, ANNA)
    approve(asked, BEN)
    decide(request_of(asked.run), approve=False, actor=ANNA, reason="On second thoughts.")
    carry_on(asked.run)
    order.refresh_from_db()
    assert order.refunded_cents == 0
    assert data(session, EventType.PERMISSION_CLEARED)[0]["outcome"] == "denied"


def test_changing_the_arguments_takes_back_the_approvals_of_the_earlier_ones(session: Session, order: Order) -> None:
    asked = question(session, approvals=2)
    approve(asked, ANNA)
    assert approve(asked, BEN, arguments=EDITED) == "pending"
    assert list(Approval.objects.values_list("actor", flat=True)) == ["user:ben"]
    assert AuditEntry.objects.get(action="permission.edited").details["approvals_taken_back"] == ["user:anna"]
    assert notices(session)[-1]["arguments"] == EDITED and notices(session)[-1]["approvals"] == 1
    assert approve(asked, ANNA, arguments=EDITED) == "approved"
    carry_on(asked.run)
    order.refresh_from_db()
    assert order.refunded_cents == 500


def test_a_yes_that_does_not_name_the_changed_arguments_does_not_count_for_them(session: Session, order: Order) -> None:
    asked = question(session, approvals=2)
    approve(asked, ANNA, arguments=EDITED)
    with pytest.raises(ArgumentsChanged):
        approve(asked, BEN)
    assert request_of(asked.run).edited_arguments == EDITED and Approval.objects.count() == 1


def test_changed_arguments_can_be_changed_back(session: Session, order: Order) -> None:
    asked = question(session, approvals=2)
    approve(asked, ANNA, arguments=EDITED)
    assert approve(asked, BEN, arguments=PROPOSED) == "pending"
    assert request_of(asked.run).edited_arguments is None
    assert approve(asked, ANNA) == "approved"


def test_arguments_are_not_changed_to_what_the_policy_forbids(session: Session, order: Order) -> None:
    asked = question(session)
    add_rule(session.workspace, "deny", name="never above 50", conditions=above(50), priority=1)
    with pytest.raises(Forbidden, match="never above 50 v1"):
        approve(asked, CLEO, arguments={"order_number": 1001, "amount": "51"})
    assert request_of(asked.run).edited_arguments is None


def test_an_operator_does_not_change_arguments_to_what_only_a_supervisor_may_allow(
    session: Session, order: Order
) -> None:
    asked = question(session)
    add_rule(session.workspace, name="above 50", conditions=above(50), priority=1, role="supervisor", approvals=2)
    large = {"order_number": 1001, "amount": "51"}
    with pytest.raises(Forbidden, match="Only a supervisor"):
        approve(asked, ANNA, arguments=large)
    assert approve(asked, CLEO, arguments=large) == "pending"
    changed = request_of(asked.run)
    assert (changed.policy, changed.required_role, changed.approvals_needed) == ("above 50 v1", "supervisor", 2)


def requested_by(asked: PermissionRequest, actor: Actor) -> PermissionRequest:
    Run.objects.filter(pk=asked.run_id).update(requesters=[str(actor)])
    return request_of(asked.run)


def test_a_run_knows_whose_message_had_it_started(request_to_refund: PermissionRequest) -> None:
    assert request_to_refund.run.requesters == [str(CARLA)]


def test_who_answers_a_runs_question_is_one_of_those_it_works_for(session: Session) -> None:
    run = answered(session, "ask me")
    assert run.status == Run.Status.WAITING
    say(session, "The red one.", actor=KEY, role=Role.CUSTOMER)
    say(session, "Is it done?", actor=CLEO, role=Role.CUSTOMER)
    assert fresh(run).requesters == [str(CARLA), str(KEY)]


def test_who_sent_the_message_may_not_approve_where_the_rule_separates_them(session: Session, order: Order) -> None:
    asked = requested_by(question(session, separate_requester=True), KEY)
    with pytest.raises(Forbidden, match="somebody else"):
        approve(asked, KEY)
    assert approve(asked, ANNA) == "approved"


def test_who_sent_the_message_may_deny_it(session: Session, order: Order) -> None:
    asked = requested_by(question(session, separate_requester=True), KEY)
    assert decide(asked, approve=False, actor=KEY).status == "denied"


def test_unless_a_rule_separates_them_one_key_may_send_and_approve(session: Session, order: Order) -> None:
    assert approve(requested_by(question(session), KEY), KEY) == "approved"


def test_of_two_last_approvals_at_once_the_run_is_resumed_once(
    valkey: TestValkey, session: Session, order: Order
) -> None:
    asked = question(session, approvals=2)
    enqueued()
    results = race(deciding(asked, ANNA), deciding(asked, BEN))
    assert all(isinstance(result, PermissionRequest) for result in results)
    assert len(notices(session)) == 1 and len(data(session, EventType.PERMISSION_CLEARED)) == 1
    assert enqueued() == [asked.run_id]


def test_of_three_who_approve_at_once_the_one_too_many_is_told_so(session: Session, order: Order) -> None:
    asked = question(session, approvals=2)
    results = race(deciding(asked, ANNA), deciding(asked, BEN), deciding(asked, CLEO))
    assert sorted(type(result).__name__ for result in results) == [
        "AlreadyDecided",
        "PermissionRequest",
        "PermissionRequest",
    ]
    assert Approval.objects.count() == 2


def test_one_person_on_two_pages_at_once_approves_once(session: Session, order: Order) -> None:
    asked = question(session, approvals=2)
    results = race(deciding(asked, ANNA), deciding(asked, ANNA))
    assert sorted(type(result).__name__ for result in results) == ["AlreadyApproved", "PermissionRequest"]
    assert Approval.objects.count() == 1 and request_of(asked.run).status == "pending"


def test_a_last_approval_and_a_denial_at_once_settle_it_once(session: Session, order: Order) -> None:
    asked = question(session, approvals=2)
    approve(asked, CLEO)
    approved, denied = race(deciding(asked, ANNA), deciding(asked, BEN, approve=False))
    assert isinstance(approved, AlreadyDecided) is not isinstance(denied, AlreadyDecided)
    assert len(data(session, EventType.PERMISSION_CLEARED)) == 1


def test_a_change_and_a_plain_approval_at_once_never_approve_what_was_not_seen(session: Session, order: Order) -> None:
    asked = question(session, approvals=2)
    mine = request_of(asked.run)
    race(deciding(asked, ANNA), lambda: decide(mine, approve=True, actor=BEN, arguments=EDITED))
    # Whoever came first: only Ben has agreed to five.
    assert list(Approval.objects.values_list("actor", flat=True)) == ["user:ben"]
    assert request_of(asked.run).edited_arguments == EDITED


def test_the_system_decides_as_a_supervisor(session: Session, order: Order) -> None:
    assert approve(question(session, role="supervisor"), SYSTEM) == "approved"
