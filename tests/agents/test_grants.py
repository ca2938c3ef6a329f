"""An approval may also stand for later calls."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from agents_app.backends.base import Verdict
from agents_app.conditions import Condition, Operator
from agents_app.exceptions import GrantRevoked
from agents_app.models import Grant, Order, PermissionRequest, Run
from agents_app.services.grants import GrantTerms, revoke_grant
from agents_app.services.permissions import decide
from sessions_app.actors import SYSTEM, Actor, ActorKind
from sessions_app.exceptions import AlreadyDecided, Forbidden, Unprocessable
from sessions_app.models import AuditEntry, Session, Workspace
from sessions_app.services.sessions import open_session
from tests.agents.policies import ANNA, BEN, CLEO, EDITED, KEY, PROPOSED, above, add_rule, at_work, judged, question
from tests.agents.races import race
from tests.agents.work import answered, carry_on, request_of

pytestmark = pytest.mark.django_db(transaction=True)
Scope = Grant.Scope
SMALL = (Condition("order_number", Operator.LIKE, "*"), Condition("amount", Operator.AT_MOST, 20))


def terms(scope: Grant.Scope = Scope.SESSION, conditions: tuple[Condition, ...] | None = None) -> GrantTerms:
    return GrantTerms(scope, 3600, conditions)


def granted(asked: PermissionRequest, given: GrantTerms, actor: Actor = CLEO, **more: Any) -> Grant:
    """What "always allow" leaves behind, with the approved run carried to its end."""
    decide(asked, approve=True, actor=actor, grant=given, **more)
    carry_on(asked.run)
    return Grant.objects.get()


def another(session: Session, customer: str = "carla") -> Session:
    return open_session(session.workspace, actor=SYSTEM, customer=customer)


def test_the_same_call_runs_without_asking_from_now_on(
    session: Session, request_to_refund: PermissionRequest, order: Order
) -> None:
    Order.objects.update(total_cents=10_000)
    granted(request_to_refund, terms(), arguments=EDITED)
    Order.objects.update(refunded_cents=0)
    run = answered(session, "refund order 1001 5.00")
    order.refresh_from_db()
    assert run.status == Run.Status.COMPLETED and order.refunded_cents == 500


def test_a_use_is_counted_and_audited(session: Session, request_to_refund: PermissionRequest) -> None:
    grant = granted(request_to_refund, terms())
    assert (grant.uses, grant.last_used_at) == (0, None)
    run = at_work(session)
    assert judged(run) is Verdict.ALLOW
    grant.refresh_from_db()
    assert grant.uses == 1 and grant.last_used_at is not None
    entry = AuditEntry.objects.get(action="grant.used")
    assert (entry.actor_kind, entry.actor, entry.session_name, entry.target) == ("agent", "demo", "talk", str(grant.pk))
    assert entry.details == {
        "tool": "refund_order",
        "tool_call_id": "c",
        "arguments": PROPOSED,
        "policy": "default: refund_order asks a person",
    }


def test_a_rerun_that_proposes_the_call_again_uses_it_once(
    session: Session, request_to_refund: PermissionRequest
) -> None:
    grant = granted(request_to_refund, terms())
    run = at_work(session)
    assert judged(run) is judged(run) is Verdict.ALLOW
    grant.refresh_from_db()
    assert grant.uses == 1 and AuditEntry.objects.filter(action="grant.used").count() == 1


def test_it_is_for_exactly_the_approved_arguments_unless_conditions_are_given(
    session: Session, request_to_refund: PermissionRequest
) -> None:
    grant = granted(request_to_refund, terms(), arguments=EDITED)
    assert grant.conditions == [
        {"argument": "order_number", "operator": "is", "value": 1001},
        {"argument": "amount", "operator": "is", "value": "5.00"},
    ]
    run = at_work(session)
    assert judged(run, "same", **EDITED) is Verdict.ALLOW
    for call_id, other in (("more", {**EDITED, "amount": "5.01"}), ("all", {"order_number": 1001})):
        assert judged(run, call_id, **other) is Verdict.ASK


def test_conditions_widen_it(session: Session, request_to_refund: PermissionRequest) -> None:
    granted(request_to_refund, terms(conditions=SMALL))
    run = at_work(session)
    assert judged(run, "a", order_number=7, amount="20") is Verdict.ALLOW
    assert judged(run, "b", order_number=7, amount="20.01") is Verdict.ASK
    assert judged(run, "c", order_number=7) is Verdict.ASK


def test_conditions_that_the_approved_call_does_not_meet_are_refused(request_to_refund: PermissionRequest) -> None:
    for conditions in ((), SMALL[:1], (SMALL[0], Condition("amount", Operator.LESS, 10))):
        with pytest.raises(Unprocessable, match="does not meet"):
            decide(request_of(request_to_refund.run), approve=True, actor=CLEO, grant=terms(conditions=conditions))
    assert request_of(request_to_refund.run).status == "pending" and not Grant.objects.exists()


@pytest.mark.parametrize(
    ("scope", "here", "same_customer", "other_customer"),
    [
        (Scope.SESSION, Verdict.ALLOW, Verdict.ASK, Verdict.ASK),
        (Scope.CUSTOMER, Verdict.ALLOW, Verdict.ALLOW, Verdict.ASK),
        (Scope.WORKSPACE, Verdict.ALLOW, Verdict.ALLOW, Verdict.ALLOW),
    ],
)
def test_it_reaches_as_far_as_its_scope(
    session: Session,
    request_to_refund: PermissionRequest,
    scope: Grant.Scope,
    here: Verdict,
    same_customer: Verdict,
    other_customer: Verdict,
) -> None:
    granted(request_to_refund, terms(scope))
    assert judged(at_work(session)) is here
    assert judged(at_work(another(session))) is same_customer
    assert judged(at_work(another(session, customer="someone else"))) is other_customer


def test_it_never_reaches_another_workspace(request_to_refund: PermissionRequest, other_workspace: Workspace) -> None:
    grant = granted(request_to_refund, terms(Scope.WORKSPACE))
    Grant.objects.filter(pk=grant.pk).update(workspace=other_workspace)
    assert judged(at_work(request_to_refund.run.session)) is Verdict.ASK


def test_sessions_without_a_customer_share_none(session: Session, request_to_refund: PermissionRequest) -> None:
    Session.objects.filter(pk=session.pk).update(customer="")
    with pytest.raises(Unprocessable, match="no customer"):
        decide(request_of(request_to_refund.run), approve=True, actor=CLEO, grant=terms(Scope.CUSTOMER))
    with pytest.raises(IntegrityError, match="grant_names_its_scope"):
        Grant.objects.create(
            workspace=session.workspace, tool="t", scope=Scope.CUSTOMER, created_by="x", expires_at=timezone.now()
        )


def test_it_ends_when_its_time_is_over(session: Session, request_to_refund: PermissionRequest) -> None:
    began = timezone.now()
    grant = granted(request_to_refund, terms())
    assert began <= grant.expires_at - timedelta(hours=1) <= timezone.now()
    Grant.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert judged(at_work(session)) is Verdict.ASK


def test_a_revoked_one_answers_nothing_more(session: Session, request_to_refund: PermissionRequest) -> None:
    grant = revoke_grant(granted(request_to_refund, terms()), actor=BEN)
    assert grant.revoked_at is not None and grant.revoked_by == "user:ben"
    assert AuditEntry.objects.get(action="grant.revoked").actor == "ben"
    assert judged(at_work(session)) is Verdict.ASK
    with pytest.raises(GrantRevoked):
        revoke_grant(grant, actor=ANNA)


def test_of_two_who_revoke_at_once_one_is_told_that_it_was_revoked(request_to_refund: PermissionRequest) -> None:
    grant = granted(request_to_refund, terms())
    results = race(lambda: revoke_grant(grant, actor=ANNA), lambda: revoke_grant(grant, actor=BEN))
    assert sorted(type(result).__name__ for result in results) == ["Grant", "GrantRevoked"]
    assert AuditEntry.objects.filter(action="grant.revoked").count() == 1


def test_a_use_and_a_revocation_at_once_agree_on_who_was_first(
    session: Session, request_to_refund: PermissionRequest
) -> None:
    grant = granted(request_to_refund, terms())
    run = at_work(session)
    verdict, _ = race(lambda: judged(run), lambda: revoke_grant(grant, actor=BEN))
    grant.refresh_from_db()
    assert (verdict is Verdict.ALLOW, grant.uses) in ((True, 1), (False, 0))
    assert AuditEntry.objects.get(action="grant.revoked").details["uses"] == grant.uses


def test_it_is_audited_with_its_reach_and_the_request_it_came_from(
    session: Session, request_to_refund: PermissionRequest
) -> None:
    grant = granted(request_to_refund, terms(Scope.CUSTOMER), ANNA, reason="Always fine.")
    assert (grant.created_by, grant.role, grant.reason) == ("user:anna", "operator", "Always fine.")
    entry = AuditEntry.objects.get(action="grant.created")
    assert (entry.actor, entry.reason, entry.target) == ("anna", "Always fine.", str(grant.pk))
    assert entry.details == {
        "tool": "refund_order",
        "scope": "customer",
        "customer": "carla",
        "conditions": grant.conditions,
        "expires_at": grant.expires_at.isoformat(),
        "request": str(request_to_refund.pk),
    }


@pytest.mark.parametrize("actor", [ANNA, KEY])
def test_only_a_supervisor_gives_one_for_the_whole_workspace(
    request_to_refund: PermissionRequest, actor: Actor
) -> None:
    with pytest.raises(Forbidden, match="whole workspace"):
        decide(request_of(request_to_refund.run), approve=True, actor=actor, grant=terms(Scope.WORKSPACE))
    assert request_of(request_to_refund.run).status == "pending" and not Grant.objects.exists()


def test_none_is_given_where_several_people_must_agree(session: Session, order: Order) -> None:
    asked = question(session, approvals=2)
    with pytest.raises(Unprocessable, match="Several people"):
        decide(asked, approve=True, actor=CLEO, grant=terms())


def test_an_operators_grant_answers_nothing_that_is_for_supervisors_or_for_several(
    session: Session, request_to_refund: PermissionRequest
) -> None:
    granted(request_to_refund, terms(conditions=(SMALL[0], Condition("amount", Operator.LIKE, "*"))), ANNA)
    add_rule(session.workspace, name="large", conditions=above(100), role="supervisor")
    add_rule(session.workspace, name="huge", conditions=above(1000), approvals=2, priority=1)
    run = at_work(session)
    assert judged(run, "small", **PROPOSED) is Verdict.ALLOW
    assert judged(run, "large", **{**PROPOSED, "amount": "101"}) is Verdict.ASK
    assert judged(run, "huge", **{**PROPOSED, "amount": "1001"}) is Verdict.ASK


def test_it_never_lifts_a_prohibition(session: Session, request_to_refund: PermissionRequest) -> None:
    grant = granted(request_to_refund, terms())
    add_rule(session.workspace, "deny")
    assert judged(at_work(session)) not in (Verdict.ALLOW, Verdict.ASK)
    grant.refresh_from_db()
    assert grant.uses == 0


def test_who_comes_too_late_to_approve_gives_none(request_to_refund: PermissionRequest) -> None:
    late = request_of(request_to_refund.run)
    decide(request_to_refund, approve=False, actor=ANNA)
    with pytest.raises(AlreadyDecided):
        decide(late, approve=True, actor=CLEO, grant=terms())
    assert not Grant.objects.exists()


def test_customers_and_agents_revoke_nothing(request_to_refund: PermissionRequest) -> None:
    grant = granted(request_to_refund, terms())
    with pytest.raises(Forbidden):
        revoke_grant(grant, actor=Actor(ActorKind.CUSTOMER, "carla", role="customer"))
