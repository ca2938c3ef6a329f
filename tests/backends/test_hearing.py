"""What is said to a run while it works reaches the model between two of its steps."""

from collections.abc import Sequence

from pydantic_ai import ModelMessage
from pydantic_ai.messages import ModelRequest, UserPromptPart

from agents_app.backends.base import Checkpoint
from tests.backends.fake_desk import FakeDesk
from tests.backends.scripted import LOOKUP, REFUND, Item, all_steps, backend, call, finished, paused, prompted, said


def repeat(messages: list[ModelMessage]) -> Sequence[Item]:
    """Answer with everything the user has said."""
    requests = [message for message in messages if isinstance(message, ModelRequest)]
    parts = [part for request in requests for part in request.parts if isinstance(part, UserPromptPart)]
    return [" | ".join(str(part.content) for part in parts)]


async def test_what_is_heard_after_the_tools_is_in_the_next_request_and_its_checkpoint() -> None:
    desk = FakeDesk(said=[[], ["faster", "please"]])
    steps = await all_steps(backend(call("lookup", "l", order="1"), repeat), prompted("go", LOOKUP), desk)
    assert said(steps) == ["go | faster | please"]
    after_answer, after_tools, last = [step.conversation for step in steps if isinstance(step, Checkpoint)]
    assert "faster" not in after_answer + after_tools and "faster" in last


async def test_what_is_heard_when_the_model_is_done_sends_it_back_to_work() -> None:
    desk = FakeDesk(said=[[], ["one more", "thing"]])
    steps = await all_steps(backend(["Done."], repeat), prompted("go"), desk)
    assert said(steps) == ["Done.", "go | one more | thing"]
    assert "thing" in finished(steps).conversation


async def test_a_run_that_pauses_is_not_asked_to_hear_what_the_pause_would_lose() -> None:
    desk = FakeDesk(said=[[], ["faster"]])
    steps = await all_steps(backend(call("refund", "r", order="1")), prompted("go", REFUND), desk)
    assert paused(steps).calls and desk.said == [["faster"]]
