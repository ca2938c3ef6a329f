"""What a grant answers, and what it never does."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_app.conditions import Condition, Operator
from agents_app.policy import Asking, Call, Effect, Grant, Role, Rule, rule_on
from tests.policy import made

REFUND = Call("refund_order", "demo", {"order": 7, "amount": "20.00"}, requesters=frozenset({"api_key:k"}))
EXACT = tuple(Condition(name, Operator.SAME, value) for name, value in REFUND.arguments.items())
GRANT = Grant("g", "refund_order", EXACT, created_by="user:anna")
rows = st.lists(made.rules, max_size=4)
grants = st.lists(made.grants, max_size=4)


@given(made.calls, st.booleans(), rows, grants)
def test_a_grant_never_turns_a_prohibition_into_leave_nor_leave_into_a_question(
    call: Call, asks: bool, rules: list[Rule], grants: list[Grant]
) -> None:
    before = rule_on(call, asks=asks, rules=rules)
    after = rule_on(call, asks=asks, rules=rules, grants=grants)
    if before.effect is not Effect.ASK:
        assert after == before
    assert after.effect in (before.effect, Effect.ALLOW)


@given(made.calls, rows, grants)
def test_a_grant_never_applies_to_another_tool_or_to_arguments_outside_its_pattern(
    call: Call, rules: list[Rule], grants: list[Grant]
) -> None:
    ruling = rule_on(call, asks=True, rules=rules, grants=grants)
    if ruling.grant:
        used = [grant for grant in grants if grant.id == ruling.grant and grant.tool == call.tool]
        fitting = [grant for grant in used if all(one.holds(call.arguments) is True for one in grant.conditions)]
        named = [{one.argument for one in grant.conditions} for grant in fitting]
        given_names = {name for name, value in call.arguments.items() if value is not None}
        assert any(given_names <= names for names in named)


@given(made.calls, made.grants)
def test_a_grant_for_exactly_these_arguments_covers_no_others(call: Call, grant: Grant) -> None:
    exact = tuple(Condition(name, Operator.SAME, value) for name, value in REFUND.arguments.items())
    covers = replace(grant, conditions=exact).covers(call.arguments)
    assert covers is (dict(call.arguments) == dict(REFUND.arguments))


def test_a_grant_answers_the_question_and_is_named() -> None:
    ruling = rule_on(REFUND, asks=True, grants=[GRANT])
    assert (ruling.effect, ruling.grant) == (Effect.ALLOW, "g")
    assert ruling.rule == "default: refund_order asks a person"


@pytest.mark.parametrize(
    "arguments",
    [
        {"order": 7, "amount": "20.01"},
        {"order": 7, "amount": "20.0"},
        {"order": "7", "amount": "20.00"},
        {"order": 7},
        {"order": 7, "amount": None},
        {"order": 7, "amount": "20.00", "currency": "USD"},
        {},
    ],
)
def test_exactly_the_approved_arguments_are_no_others(arguments: dict[str, object]) -> None:
    assert rule_on(replace(REFUND, arguments=arguments), asks=True, grants=[GRANT]).effect is Effect.ASK


def test_an_argument_left_empty_is_as_one_left_out() -> None:
    call = replace(REFUND, arguments={**REFUND.arguments, "note": None})
    assert rule_on(call, asks=True, grants=[GRANT]).effect is Effect.ALLOW


def test_a_grant_without_conditions_covers_a_call_without_arguments_only() -> None:
    bare = replace(GRANT, conditions=())
    assert rule_on(REFUND, asks=True, grants=[bare]).effect is Effect.ASK
    assert rule_on(replace(REFUND, arguments={}), asks=True, grants=[bare]).effect is Effect.ALLOW


@pytest.mark.parametrize(
    ("asking", "answers"),
    [
        (Asking(), True),
        (Asking(Role.SUPERVISOR), False),
        (Asking(approvals=2), False),
        (Asking(separate_requester=True), True),
    ],
)
def test_an_operators_grant_stands_for_one_operators_answer(asking: Asking, answers: bool) -> None:
    ruling = rule_on(REFUND, asks=True, rules=[Rule("r", Effect.ASK, asking=asking)], grants=[GRANT])
    assert (ruling.effect is Effect.ALLOW) is answers


def test_a_supervisors_grant_stands_for_a_supervisors_answer() -> None:
    rule = Rule("r", Effect.ASK, asking=Asking(Role.SUPERVISOR))
    grant = replace(GRANT, role=Role.SUPERVISOR)
    assert rule_on(REFUND, asks=True, rules=[rule], grants=[grant]).effect is Effect.ALLOW


def test_a_grant_does_not_let_its_maker_answer_their_own_wish() -> None:
    rule = Rule("r", Effect.ASK, asking=Asking(separate_requester=True))
    own = replace(GRANT, created_by="api_key:k")
    assert rule_on(REFUND, asks=True, rules=[rule], grants=[own]).effect is Effect.ASK
    assert rule_on(REFUND, asks=True, grants=[own]).effect is Effect.ALLOW
