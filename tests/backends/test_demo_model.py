"""The demo model at work in the backend: streamed, parked, resumed, honest about what happened."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from agents_app.backends import demo_model
from agents_app.backends.base import Answered, Approved, Assignment, BackendError, Delta, Denied, SpeechKind
from agents_app.backends.demo_plan import Pace
from agents_app.backends.llm import LlmBackend
from agents_app.tools.base import Tool, ToolContext, ToolRefused
from agents_app.tools.catalogue import TOOLS
from tests.backends.fake_desk import FakeDesk
from tests.backends.scripted import all_steps, finished, paused, prompted, resumed, said

ORDER = {
    "order": 1001,
    "item": "Kettle",
    "status": "paid",
    "total": "30.00",
    "refunded": "9.50",
    "currency": "EUR",
}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_model, "SECONDS_BETWEEN_PIECES", dict.fromkeys(Pace, 0.0))


async def lookup_order(context: ToolContext, order_number: int) -> Mapping[str, Any]:
    """Look an order up without a database."""
    if order_number != 1001:
        raise ToolRefused(f"There is no order {order_number}.")
    return ORDER


async def refund_order(context: ToolContext, order_number: int, amount: str | None = None) -> Mapping[str, Any]:
    """Refund an order without a database."""
    return {"order": order_number, "refunded": amount, "total_refunded": "30.00", "currency": "EUR"}


WITHOUT_DATABASE: tuple[Tool, ...] = tuple(
    replace(tool, function={"lookup_order": lookup_order, "refund_order": refund_order}.get(name, tool.function))
    for name, tool in TOOLS.items()
)


def demo(prompt: str, conversation: str = "") -> Assignment:
    return replace(prompted(prompt, *WITHOUT_DATABASE, conversation=conversation), model="demo")


async def test_greets_with_a_thought_and_words_in_small_pieces() -> None:
    steps = await all_steps(LlmBackend(), demo("hello"), FakeDesk())
    assert said(steps, SpeechKind.REASONING) == ["Somebody greets me. "]
    assert said(steps)[0].startswith("Hello! I am a rule-based demo")
    assert max(len(step.text) for step in steps if isinstance(step, Delta)) < 20


async def test_looks_an_order_up_and_says_what_it_found() -> None:
    steps = await all_steps(LlmBackend(), demo("Where is order 1001?"), FakeDesk())
    assert said(steps)[-1] == "Order 1001 is Kettle. Its status is: paid."


async def test_asks_before_it_refunds_and_reports_the_refund() -> None:
    desk, assignment = FakeDesk(), demo("refund order 1001")
    stopped = paused(await all_steps(LlmBackend(), assignment, desk))
    (parked,) = stopped.calls
    assert parked.arguments == {"order_number": 1001, "amount": "20.50"}
    steps = await all_steps(LlmBackend(), resumed(assignment, stopped, **{parked.tool_call_id: Approved()}), desk)
    assert said(steps) == ["Done: 20.50 EUR of order 1001 is refunded, 30.00 in all."]


async def test_reports_the_edited_amount_of_a_refund() -> None:
    desk, assignment = FakeDesk(), demo("refund order 1001")
    stopped = paused(await all_steps(LlmBackend(), assignment, desk))
    edited = Approved(arguments={"order_number": 1001, "amount": "5.00"})
    answers = {stopped.calls[0].tool_call_id: edited}
    steps = await all_steps(LlmBackend(), resumed(assignment, stopped, **answers), desk)
    assert said(steps) == ["Done: 5.00 EUR of order 1001 is refunded, 30.00 in all."]


async def test_reports_a_denied_refund_with_the_persons_reason() -> None:
    desk, assignment = FakeDesk(), demo("refund order 1001")
    stopped = paused(await all_steps(LlmBackend(), assignment, desk))
    answers = {stopped.calls[0].tool_call_id: Denied("The kettle was used.")}
    steps = await all_steps(LlmBackend(), resumed(assignment, stopped, **answers), desk)
    assert said(steps) == ["The refund of order 1001 was denied: The kettle was used."]


async def test_an_unknown_order_is_not_refunded() -> None:
    desk = FakeDesk()
    steps = await all_steps(LlmBackend(), demo("refund order 7"), desk)
    assert said(steps)[-1] == "I could not look order 7 up, so nothing is refunded: There is no order 7."


async def test_repeats_the_answer_to_its_question() -> None:
    desk, assignment = FakeDesk(), demo("ask me")
    stopped = paused(await all_steps(LlmBackend(), assignment, desk))
    answers = {stopped.calls[0].tool_call_id: Answered("Green.")}
    assert said(await all_steps(LlmBackend(), resumed(assignment, stopped, **answers), desk)) == [
        "You answered: Green."
    ]


async def test_puts_a_plan_into_the_session_as_a_document() -> None:
    desk = FakeDesk()
    finished(await all_steps(LlmBackend(), demo("plan a shop"), desk))
    ((kind, title, content),) = [made for context in desk.contexts.values() for made in context.artifacts]
    assert (kind, title) == ("document", "A small web shop")
    assert content.startswith("# A small web shop\n")


async def test_calls_a_person() -> None:
    desk = FakeDesk()
    finished(await all_steps(LlmBackend(), demo("human please"), desk))
    assert [context.handoffs for context in desk.contexts.values()] == [["The customer asked for a person."]]


async def test_fails_when_told_to() -> None:
    with pytest.raises(BackendError) as caught:
        await all_steps(LlmBackend(), demo("fail"), FakeDesk())
    assert caught.value.code == "tool_error"


async def test_a_big_message_arrives_whole_in_pieces_of_at_most_16_kilobytes() -> None:
    steps = await all_steps(LlmBackend(), demo("big 100000"), FakeDesk())
    pieces = [step.text for step in steps if isinstance(step, Delta)]
    assert max(map(len, pieces)) <= 16_384
    assert [len("".join(pieces)), *map(len, said(steps))] == [100_000, 100_000]


async def test_answers_the_last_prompt_of_a_long_conversation() -> None:
    first = finished(await all_steps(LlmBackend(), demo("where is order 1001"), FakeDesk()))
    steps = await all_steps(LlmBackend(), demo("hello", first.conversation), FakeDesk())
    assert said(steps)[0].startswith("Hello!")


async def test_tool_call_ids_are_never_used_twice_in_a_session() -> None:
    desk, conversation = FakeDesk(), ""
    for prompt in ["where is order 1001", "refund order 1001", "refund order 1001", "where is order 1001"]:
        steps = await all_steps(LlmBackend(), demo(prompt, conversation), desk)
        conversation = steps[-1].conversation  # type: ignore[union-attr]
    ids = [tool_call_id for tool_call_id, _ in desk.judged]
    assert len(ids) == len(set(ids)) == 6


async def test_a_session_taken_up_again_from_an_earlier_point_uses_new_tool_call_ids() -> None:
    desk = FakeDesk()
    for _ in range(2):
        await all_steps(LlmBackend(), demo("where is order 1001"), desk)
    first, second = (tool_call_id for tool_call_id, _ in desk.judged)
    assert first != second
