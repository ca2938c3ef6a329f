"""How sure a model says it is, and what it is told of the human part."""

from agents_app.backends.base import Approved
from agents_app.backends.conversations import load, stated_confidence, with_note
from agents_app.backends.human_part import HumanPart, read_note, write_note
from agents_app.tools.state_confidence import STATE_CONFIDENCE
from tests.backends.fake_desk import FakeDesk
from tests.backends.scripted import LOOKUP, REFUND, all_steps, backend, call, finished, paused, prompted, resumed, said


async def test_the_last_confidence_since_the_prompt_counts() -> None:
    desk = FakeDesk()
    model = backend(
        call("state_confidence", "a", confidence=0.9), call("state_confidence", "b", confidence=0.2), ["Perhaps."]
    )
    steps = await all_steps(model, prompted("hi", STATE_CONFIDENCE), desk)
    assert finished(steps).confidence == 0.2 and said(steps) == ["Perhaps."]
    assert desk.judged == [] and desk.executed == []


async def test_a_model_that_does_not_say_is_not_doubted_and_an_earlier_answer_is_not_this_one() -> None:
    model = backend(call("state_confidence", "a", confidence=0), ["Perhaps."], ["Certainly."])
    first = finished(await all_steps(model, prompted("hi", STATE_CONFIDENCE), FakeDesk()))
    assert first.confidence == 0.0
    again = prompted("hi", STATE_CONFIDENCE, conversation=first.conversation)
    assert finished(await all_steps(model, again, FakeDesk())).confidence is None


async def test_a_confidence_out_of_range_is_for_the_model_to_repair() -> None:
    calls = [call("state_confidence", mark, confidence=value) for mark, value in (("a", 7), ("b", 0.7))]
    model = backend(*calls, ["Yes."])
    assert finished(await all_steps(model, prompted("hi", STATE_CONFIDENCE), FakeDesk())).confidence == 0.7


async def test_a_confidence_stated_before_a_pause_still_counts_after_it() -> None:
    model = backend(call("state_confidence", "a", confidence=0.3), call("refund", "b", order="7"), ["Done."])
    asked = prompted("hi", STATE_CONFIDENCE, REFUND)
    parked = paused(await all_steps(model, asked, FakeDesk()))
    steps = await all_steps(model, resumed(asked, parked, b=Approved()), FakeDesk())
    assert finished(steps).confidence == 0.3


async def test_any_model_reads_the_note_before_it_is_asked_again() -> None:
    first = finished(await all_steps(backend(["Hello."]), prompted(), FakeDesk()))
    noted = with_note(first.conversation, write_note(HumanPart((("operator", "olga", "On Monday."),), "Promised.")))
    seen: list[str] = []

    def answer(messages: object) -> list[str]:
        seen.append(repr(messages))
        return ["I know."]

    steps = await all_steps(backend(["Hello."], answer), prompted("And?", conversation=noted), FakeDesk())
    assert said(steps) == ["I know."]
    assert seen[0].index("Hello.") < seen[0].index("On Monday.") < seen[0].index("Promised.") < seen[0].index("And?")


async def test_calls_that_waited_for_a_person_are_closed_by_the_note() -> None:
    model = backend(call("refund", "a", order="7"), ["Hello again."])
    parked = paused(await all_steps(model, prompted("refund", REFUND, LOOKUP), FakeDesk()))
    noted = with_note(parked.conversation, "A note.")
    assert load(noted).deferred_tool_requests is None
    steps = await all_steps(model, prompted("hi", REFUND, LOOKUP, conversation=noted), FakeDesk())
    assert said(steps) == ["Hello again."]


def test_a_note_is_read_as_it_was_written() -> None:
    part = HumanPart(
        (("customer", "", "Where is\nmy lamp?"), ("system", "A shop", "Closed."), ("operator", "olga", "> quoted")),
        "Two\n\nlines.",
    )
    assert read_note(write_note(part)) == part
    assert read_note("hello") is None and read_note("") is None


def test_nothing_stated_is_no_confidence() -> None:
    assert stated_confidence([]) is None
