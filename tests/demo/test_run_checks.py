"""The demo knows what each kind of run has to show, and notices whatever of it is not there."""

from dataclasses import replace
from decimal import Decimal

import pytest

from config.demo.run_checks import (
    REFUND,
    Step,
    approved_steps,
    denied_steps,
    executed,
    lookup_steps,
    missed_in_run,
    refunded_so_far,
)
from tests.demo.story import told

STEPS = {"where": lookup_steps(), "yes": approved_steps("0.01"), "no": denied_steps("Not today.")}
EACH_STEP = [pytest.param(run, step, id=f"{run}: {step.what}") for run, steps in STEPS.items() for step in steps]


@pytest.mark.parametrize("run", STEPS)
def test_a_whole_run_misses_nothing(run: str) -> None:
    assert missed_in_run(told().events, run, STEPS[run]) is None


@pytest.mark.parametrize(("run", "step"), EACH_STEP)
def test_a_step_that_did_not_happen_is_named(run: str, step: Step) -> None:
    events = [event for event in told().events if not (event.run == run and step.seen(event))]
    assert missed_in_run(events, run, STEPS[run]) == step.what


@pytest.mark.parametrize(("run", "step"), EACH_STEP)
def test_what_another_run_shows_does_not_count(run: str, step: Step) -> None:
    events = [
        replace(event, run="another") if event.run == run and step.seen(event) else event for event in told().events
    ]
    assert missed_in_run(events, run, STEPS[run]) == step.what


def test_a_refund_before_its_permission_is_no_approved_refund() -> None:
    events = told().events
    cleared = next(event for event in events if event.run == "yes" and event.type == "permission_cleared")
    assert missed_in_run([event for event in events if event is not cleared] + [cleared], "yes", STEPS["yes"])


def test_a_denial_for_another_reason_than_was_given_is_noticed() -> None:
    assert missed_in_run(told().events, "no", denied_steps("Never.")) == "permission_cleared denied Never."


def test_it_sees_which_runs_have_executed_the_refund() -> None:
    events = told().events
    assert executed(events, "yes", REFUND)
    assert not executed(events, "no", REFUND)


def test_the_money_is_read_from_the_result_of_the_lookup() -> None:
    assert refunded_so_far(told().events, "no") == Decimal("0.01")
