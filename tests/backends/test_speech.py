"""What a model says and thinks reaches the reader in pieces, and then whole."""

from agents_app.backends.base import Approved, Delta, Settled, SpeechKind
from tests.backends.fake_desk import FakeDesk
from tests.backends.scripted import (
    LOOKUP,
    REFUND,
    all_steps,
    backend,
    call,
    finished,
    paused,
    prompted,
    resumed,
    retell,
    said,
    think,
    used,
)


async def test_streams_reasoning_and_text_in_pieces_and_settles_each_with_its_whole_text() -> None:
    steps = await all_steps(backend([*think("Let me ", "think."), "Hel", "lo."]), prompted(), FakeDesk())
    assert [(step.kind, step.text) for step in steps if isinstance(step, Delta)] == [
        (SpeechKind.REASONING, "Let me "),
        (SpeechKind.REASONING, "think."),
        (SpeechKind.MESSAGE, "Hel"),
        (SpeechKind.MESSAGE, "lo."),
    ]
    assert said(steps, SpeechKind.REASONING) == ["Let me think."]
    assert said(steps) == ["Hello."]


async def test_a_part_keeps_its_name_from_its_first_piece_until_it_is_settled() -> None:
    steps = await all_steps(backend([*think("a", "b"), "c", "d"]), prompted(), FakeDesk())
    for kind in SpeechKind:
        names = {step.part for step in steps if isinstance(step, Delta | Settled) and step.kind is kind}
        assert len(names) == 1


async def test_no_two_parts_of_a_run_share_a_name_even_across_a_pause() -> None:
    engine = backend(["One.", *call("lookup", "a", order="1")], ["Two.", *call("refund", "b", order="1")], ["Three."])
    desk, assignment = FakeDesk(), prompted("go", LOOKUP, REFUND)
    before = await all_steps(engine, assignment, desk)
    after = await all_steps(engine, resumed(assignment, paused(before), b=Approved()), desk)
    names = [step.part for step in [*before, *after] if isinstance(step, Settled)]
    assert len(names) == len(set(names)) == 3


async def test_an_answer_that_only_calls_a_tool_has_no_part() -> None:
    engine = backend([*call("lookup", "a", order="1")], retell)
    steps = await all_steps(engine, prompted("go", LOOKUP), FakeDesk())
    assert len([step for step in steps if isinstance(step, Settled)]) == 1


async def test_counts_what_it_used_itself_and_not_what_the_conversation_did_before() -> None:
    engine = backend([*call("lookup", "a", order="1")], ["One."], ["Two."])
    first = await all_steps(engine, prompted("go", LOOKUP), FakeDesk())
    again = prompted("more", LOOKUP, conversation=finished(first).conversation)
    second = await all_steps(engine, again, FakeDesk())
    assert (used(first)["requests"], used(first)["tool_calls"]) == (2, 1)
    assert (used(second)["requests"], used(second)["tool_calls"]) == (1, 0)
    assert set(used(second)) == {"requests", "input_tokens", "output_tokens", "tool_calls"}
