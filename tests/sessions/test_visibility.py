"""Who sees what of an event."""

import pytest

from sessions_app.events.types import OPERATORS_ONLY, OPERATORS_ONLY_KEYS, EventType, Visibility, default_visibility
from sessions_app.events.visibility import seen_by
from tests.sessions.makers import event

SECRET = {
    "arguments": {"amount": 1},
    "risk_level": "high",
    "result": "secret",
    "usage": {"tokens": 1},
    "detail": "stack trace",
    "details": {"why": "secret"},
}


@pytest.mark.parametrize("type", sorted(OPERATORS_ONLY))
def test_a_customer_never_sees_an_event_that_is_for_operators(type: EventType) -> None:
    assert seen_by(event(type, visibility=default_visibility(type)), Visibility.CUSTOMER) is None


@pytest.mark.parametrize("type", EventType)
def test_a_customer_never_sees_a_key_that_is_for_operators(type: EventType) -> None:
    seen = seen_by(event(type, dict(SECRET, shown=1), visibility=default_visibility(type)), Visibility.CUSTOMER)
    if seen is not None:
        assert not OPERATORS_ONLY_KEYS.get(type, frozenset()) & seen.data.keys()
        assert seen.data["shown"] == 1


@pytest.mark.parametrize("type", EventType)
@pytest.mark.parametrize("level", [Visibility.OPERATOR, Visibility.SUPERVISOR])
def test_people_of_the_workspace_see_everything_of_the_vocabulary(type: EventType, level: Visibility) -> None:
    whole = event(type, SECRET, visibility=default_visibility(type))
    assert seen_by(whole, level) is whole


@pytest.mark.parametrize("type", sorted(OPERATORS_ONLY_KEYS))
def test_an_agent_whose_settings_say_so_shows_customers_even_those_keys(type: EventType) -> None:
    whole = event(type, SECRET, open=True)
    assert seen_by(whole, Visibility.CUSTOMER) is whole


def test_an_operator_does_not_see_what_is_for_supervisors() -> None:
    hidden = event(visibility=Visibility.SUPERVISOR)
    assert seen_by(hidden, Visibility.OPERATOR) is None
    assert seen_by(hidden, Visibility.SUPERVISOR) is hidden


def test_hiding_keys_leaves_the_event_itself_and_its_seq_alone() -> None:
    whole = event(EventType.TOOL_STATUS, {"arguments": {"a": 1}, "status": "executing"}, seq=7)
    seen = seen_by(whole, Visibility.CUSTOMER)
    assert seen is not None
    assert (seen.seq, dict(seen.data)) == (7, {"status": "executing"})
    assert "arguments" in whole.data


@pytest.mark.parametrize(
    ("type", "keys"),
    [
        (EventType.TOOL_STATUS, {"arguments", "risk_level"}),
        (EventType.TOOL_RESULT, {"result"}),
        (EventType.RUN_COMPLETED, {"usage"}),
        (EventType.RUN_FAILED, {"detail"}),
    ],
)
def test_arguments_results_costs_and_inner_errors_are_for_operators(type: EventType, keys: set[str]) -> None:
    assert keys <= OPERATORS_ONLY_KEYS[type]


def test_reasoning_decisions_and_notes_are_for_operators() -> None:
    named = {"reasoning_started", "reasoning_chunk", "reasoning_completed", "operator_note"}
    assert {*named, "permission_request", "permission_cleared"} <= {type.value for type in OPERATORS_ONLY}
