"""Which rule decides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_app.conditions import Condition, Operator
from agents_app.policy import STRICTNESS, Asking, Call, Effect, Grant, Role, Rule, rule_on
from tests.policy import made

REFUND = Call("refund_order", "demo", {"amount": "150.00"})
rows = st.lists(made.rules, max_size=5)
ABOVE_100 = (Condition("amount", Operator.MORE, "100"),)


@given(made.calls, st.booleans(), rows, st.lists(made.grants, max_size=3), st.data())
def test_the_order_of_rows_never_matters(
    call: Call, asks: bool, rules: list[Rule], grants: list[Grant], data: st.DataObject
) -> None:
    ruling = rule_on(call, asks=asks, rules=rules, grants=grants)
    other = data.draw(st.permutations(rules)), data.draw(st.permutations(grants))
    assert rule_on(call, asks=asks, rules=other[0], grants=other[1]) == ruling


@given(made.calls, st.booleans(), rows, made.rules)
def test_one_more_rule_of_the_same_or_a_better_priority_never_lets_run_what_did_not(
    call: Call, asks: bool, rules: list[Rule], more: Rule
) -> None:
    before = rule_on(call, asks=asks, rules=rules).effect
    if before is not Effect.ALLOW and more.effect is not Effect.ALLOW:
        assert rule_on(call, asks=asks, rules=[*rules, more]).effect is not Effect.ALLOW


@given(made.calls, st.booleans(), rows, made.rules)
def test_one_more_prohibition_never_loosens_whatever_its_priority(
    call: Call, asks: bool, rules: list[Rule], more: Rule
) -> None:
    if more.effect is Effect.DENY:
        before, after = (rule_on(call, asks=asks, rules=given).effect for given in (rules, [*rules, more]))
        assert STRICTNESS[after] >= STRICTNESS[before]


@given(made.calls, st.booleans(), rows, made.rules)
def test_one_more_question_loosens_a_prohibition_only_from_a_better_priority(
    call: Call, asks: bool, rules: list[Rule], more: Rule
) -> None:
    if more.effect is Effect.ASK and all(more.priority >= rule.priority for rule in rules):
        before, after = (rule_on(call, asks=asks, rules=given).effect for given in (rules, [*rules, more]))
        assert STRICTNESS[after] >= STRICTNESS[before]


@given(made.calls, st.booleans(), rows)
def test_every_call_gets_a_ruling_that_names_its_rule(call: Call, asks: bool, rules: list[Rule]) -> None:
    ruling = rule_on(call, asks=asks, rules=rules)
    assert ruling.rule in {rule.name for rule in rules} or ruling.rule.startswith("default: ")


@pytest.mark.parametrize(("asks", "effect"), [(True, Effect.ASK), (False, Effect.ALLOW)])
def test_without_a_rule_the_tool_itself_says_whether_it_asks(asks: bool, effect: Effect) -> None:
    assert rule_on(REFUND, asks=asks).effect is effect


def test_the_smaller_priority_is_tried_first() -> None:
    never = Rule("never", Effect.DENY, priority=10)
    assert rule_on(REFUND, asks=True, rules=[never, Rule("fine", Effect.ALLOW, priority=9)]).rule == "fine"
    assert rule_on(REFUND, asks=True, rules=[never, Rule("fine", Effect.ALLOW, priority=11)]).rule == "never"


def test_among_equals_the_stricter_effect_wins() -> None:
    rules = [Rule("fine", Effect.ALLOW), Rule("never", Effect.DENY), Rule("ask", Effect.ASK)]
    assert rule_on(REFUND, asks=True, rules=rules).rule == "never"
    assert rule_on(REFUND, asks=False, rules=[rules[0], rules[2]]).rule == "ask"


def test_among_equal_questions_the_one_that_asks_for_more_wins() -> None:
    one = Rule("a", Effect.ASK)
    two = Rule("b", Effect.ASK, asking=Asking(approvals=2))
    boss = Rule("c", Effect.ASK, asking=Asking(Role.SUPERVISOR))
    assert rule_on(REFUND, asks=True, rules=[one, two]).rule == "b"
    assert rule_on(REFUND, asks=True, rules=[one, two, boss]).rule == "c"


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("refund_order", True),
        ("*", True),
        ("refund_*", True),
        ("refund_orde?", True),
        ("[pqr]efund_*", True),
        ("Refund_*", False),
        ("refund", False),
        ("", False),
    ],
)
def test_a_rule_names_tools_by_a_pattern(pattern: str, matches: bool) -> None:
    assert (rule_on(REFUND, asks=True, rules=[Rule("never", Effect.DENY, pattern)]).effect is Effect.DENY) is matches


@pytest.mark.parametrize(("agent", "matches"), [("", True), ("demo", True), ("other", False), ("*", False)])
def test_a_rule_is_for_every_agent_or_for_the_one_it_names(agent: str, matches: bool) -> None:
    rule = Rule("never", Effect.DENY, agent=agent)
    assert (rule_on(REFUND, asks=True, rules=[rule]).effect is Effect.DENY) is matches


@pytest.mark.parametrize("amount", [None, "much", "1,000", [200], {"value": 200}, True, "NaN", "Infinity"])
@pytest.mark.parametrize("effect", list(Effect))
def test_what_is_missing_or_cannot_be_compared_counts_against_the_call(amount: object, effect: Effect) -> None:
    rule = Rule("above 100", effect, conditions=ABOVE_100, priority=1)
    call = Call("refund_order", "demo", {"amount": amount} if amount is not None else {})
    decided = rule_on(call, asks=True, rules=[rule]).rule == "above 100"
    assert decided is (effect is not Effect.ALLOW)


def test_all_conditions_of_a_rule_must_hold() -> None:
    both = (*ABOVE_100, Condition("order", Operator.EQUAL, 7))
    rule = Rule("never", Effect.DENY, conditions=both)
    assert rule_on(Call("t", "demo", {"amount": 150, "order": 8}), asks=False, rules=[rule]).effect is Effect.ALLOW
    assert rule_on(Call("t", "demo", {"amount": 150, "order": 7}), asks=False, rules=[rule]).effect is Effect.DENY
