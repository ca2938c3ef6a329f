"""A changed policy is compared with today's, call by call, on plain values."""

from hypothesis import given
from hypothesis import strategies as st

from agents_app.conditions import Condition, Operator
from agents_app.policy import Asking, Call, Effect, Role, Rule, rule_on
from agents_app.services.simulating import PastCall, compare
from tests.policy.made import calls, rules

LOOKUP = PastCall(Call("lookup_order", "demo", {"order_number": 7}), asks=False)
SMALL = PastCall(Call("refund_order", "demo", {"amount": "5.00"}), asks=True)
LARGE = PastCall(Call("refund_order", "demo", {"amount": "500.00"}), asks=True)
FORBID = Rule("no large refunds", Effect.DENY, "refund_*", conditions=(Condition("amount", Operator.MORE, 100),))
FREE = Rule("small refunds", Effect.ALLOW, "refund_*", conditions=(Condition("amount", Operator.AT_MOST, 10),))


def test_each_call_is_counted_before_and_after_and_those_that_change_are_named() -> None:
    tried = compare([LOOKUP, SMALL, LARGE], [], [FORBID, FREE])
    assert tried.counts == [("allow", 1, 2), ("ask", 2, 0), ("deny", 0, 1)]
    assert [(one.past, one.after.effect, one.after.rule) for one in tried.differences] == [
        (SMALL, Effect.ALLOW, "small refunds"),
        (LARGE, Effect.DENY, "no large refunds"),
    ]


def test_a_call_that_would_be_asked_about_on_other_terms_is_named_apart() -> None:
    strict = Rule("supervised", Effect.ASK, "refund_*", asking=Asking(role=Role.SUPERVISOR))
    tried = compare([LOOKUP, LARGE], [], [strict])
    assert tried.differences == ()
    assert [one.past for one in tried.asked_otherwise] == [LARGE]


def test_where_no_rule_says_people_are_asked_as_the_settings_say() -> None:
    as_set = Rule("as set", Effect.ASK, "refund_*", asking=Asking(timeout_seconds=60))
    assert compare([LARGE], [], [as_set], Asking(timeout_seconds=60)).asked_otherwise == ()
    assert len(compare([LARGE], [], [as_set], Asking(timeout_seconds=90)).asked_otherwise) == 1


past_calls = st.lists(st.builds(PastCall, calls, asks=st.booleans()), max_size=5)


@given(past_calls, st.lists(rules, max_size=3), st.lists(rules, max_size=3))
def test_the_counts_are_those_of_the_policies_themselves(
    past: list[PastCall], before: list[Rule], after: list[Rule]
) -> None:
    tried = compare(past, before, after)
    for rules_then, counted in ((before, tried.before), (after, tried.after)):
        effects = [rule_on(one.call, asks=one.asks, rules=rules_then).effect for one in past]
        assert {effect: effects.count(effect) for effect in Effect} == {effect: counted[effect] for effect in Effect}
    assert tried.calls == len(past)


@given(past_calls, st.lists(rules, max_size=3))
def test_an_unchanged_policy_changes_nothing(past: list[PastCall], same: list[Rule]) -> None:
    tried = compare(past, same, same)
    assert tried.differences == tried.asked_otherwise == ()
