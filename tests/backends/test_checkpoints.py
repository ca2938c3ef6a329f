"""A run that died is rerun from its last checkpoint: no prompt, the checkpoint's text, the same ledger."""

from agents_app.backends.base import Approved, Checkpoint, Finished
from tests.backends.fake_desk import FakeDesk
from tests.backends.scripted import (
    LOOKUP,
    REFUND,
    all_steps,
    backend,
    call,
    paused,
    prompted,
    rerun,
    resumed,
    retell,
    said,
)

ASSIGNMENT = prompted("go", LOOKUP)
SCRIPT = (["Looking.", *call("lookup", "l", order="1")], retell)


async def checkpoints(desk: FakeDesk) -> list[str]:
    steps = await all_steps(backend(*SCRIPT), ASSIGNMENT, desk)
    return [step.conversation for step in steps if isinstance(step, Checkpoint)]


async def test_there_is_a_checkpoint_after_each_answer_and_after_each_round_of_tools() -> None:
    steps = await all_steps(backend(*SCRIPT), ASSIGNMENT, FakeDesk())
    kinds = [type(step).__name__ for step in steps]
    assert kinds == [
        "Delta",
        "Settled",
        "Checkpoint",
        "Checkpoint",
        "Delta",
        "Settled",
        "Checkpoint",
        "Finished",
    ]


async def test_a_rerun_after_the_answer_runs_the_called_tools() -> None:
    after_answer, _, _ = await checkpoints(FakeDesk())
    desk = FakeDesk()
    steps = await all_steps(backend(*SCRIPT), rerun(ASSIGNMENT, after_answer), desk)
    assert said(steps) == ["lookup success: {'order': '1', 'total': 50}"]
    assert desk.executed == [("lookup", {"order": "1"})]


async def test_a_rerun_after_the_tools_asks_the_model_and_runs_no_tool_again() -> None:
    _, after_tools, _ = await checkpoints(FakeDesk())
    desk = FakeDesk()
    steps = await all_steps(backend(*SCRIPT), rerun(ASSIGNMENT, after_tools), desk)
    assert said(steps) == ["lookup success: {'order': '1', 'total': 50}"]
    assert (desk.judged, desk.executed) == ([], [])


async def test_a_rerun_after_the_last_answer_finishes_without_asking_the_model_again() -> None:
    *_, after_all = await checkpoints(FakeDesk())
    (only,) = await all_steps(backend(*SCRIPT), rerun(ASSIGNMENT, after_all), FakeDesk())
    assert isinstance(only, Finished)


async def test_a_resumed_run_rerun_with_the_same_answers_executes_the_approved_call_once() -> None:
    desk, assignment = FakeDesk(), prompted("go", REFUND)
    script = (call("refund", "r", order="1"), retell)
    stopped = paused(await all_steps(backend(*script), assignment, desk))
    approved = resumed(assignment, stopped, r=Approved())
    first = said(await all_steps(backend(*script), approved, desk))
    again = said(await all_steps(backend(*script), approved, desk))
    assert first == again == ["refund success: 50 for 1 (r)"]
    assert len(desk.executed) == 1


async def test_a_checkpoint_after_an_approved_call_needs_the_answers_no_more() -> None:
    desk, assignment = FakeDesk(), prompted("go", REFUND)
    script = (call("refund", "r", order="1"), retell)
    approved = resumed(assignment, paused(await all_steps(backend(*script), assignment, desk)), r=Approved())
    steps = await all_steps(backend(*script), approved, desk)
    after_tools = next(step for step in steps if isinstance(step, Checkpoint))
    later = FakeDesk()
    assert said(await all_steps(backend(*script), rerun(approved, after_tools.conversation), later)) == [
        "refund success: 50 for 1 (r)"
    ]
    assert later.executed == []


async def test_a_new_prompt_can_follow_any_checkpoint() -> None:
    for text in await checkpoints(FakeDesk()):
        follow_up = prompted("thanks", LOOKUP, conversation=text)
        steps = await all_steps(backend([], ["You are"], ["welcome."]), follow_up, FakeDesk())
        assert said(steps) in (["You are"], ["welcome."])
