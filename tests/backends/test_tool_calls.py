"""Every call passes the desk; what goes wrong in a tool is told to the model or ends the run, never both."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest
from pydantic_ai.messages import ModelMessage
from pydantic_ai.models.function import AgentInfo, FunctionModel

from agents_app.backends.base import BackendError, Denied
from agents_app.backends.llm import LlmBackend
from agents_app.tools.base import Risk, Tool, ToolContext
from tests.backends.fake_desk import FakeDesk
from tests.backends.scripted import (
    EXPLODE,
    HANG,
    LOOKUP,
    REFUND,
    REFUSE,
    all_steps,
    backend,
    call,
    finished,
    prompted,
    retell,
    said,
)


async def test_an_allowed_call_runs_through_the_desk_and_its_result_reaches_the_model() -> None:
    desk = FakeDesk()
    engine = backend(call("lookup", "l", order="1"), retell)
    assert said(await all_steps(engine, prompted("go", LOOKUP), desk)) == [
        "lookup success: {'order': '1', 'total': 50}"
    ]
    assert desk.judged == [("l", {"order": "1"})]
    assert desk.executed == [("lookup", {"order": "1"})]


async def test_the_model_gets_the_result_the_desk_has_stored() -> None:
    desk = FakeDesk(results={"l": "stored before"})
    engine = backend(call("lookup", "l", order="1"), retell)
    assert said(await all_steps(engine, prompted("go", LOOKUP), desk)) == ["lookup success: stored before"]
    assert desk.executed == []


async def test_siblings_are_both_run_and_answered_in_the_order_they_were_called() -> None:
    desk = FakeDesk()
    engine = backend([*call("lookup", "l1", order="1"), *call("lookup", "l2", order="2")], retell)
    assert said(await all_steps(engine, prompted("go", LOOKUP), desk)) == [
        "lookup success: {'order': '1', 'total': 50}; lookup success: {'order': '2', 'total': 50}"
    ]


async def test_a_call_the_desk_denies_is_not_executed_and_the_model_hears_why() -> None:
    desk = FakeDesk(verdicts={"lookup": Denied("Not on Sundays.")})
    engine = backend(call("lookup", "l", order="1"), retell)
    assert said(await all_steps(engine, prompted("go", LOOKUP), desk)) == ["lookup failed: Not on Sundays."]
    assert desk.executed == []


async def test_a_refusal_is_told_to_the_model_in_the_tools_words() -> None:
    engine = backend(call("refuse", "x"), retell)
    assert said(await all_steps(engine, prompted("go", REFUSE), FakeDesk())) == ["refuse failed: There is no order 7."]


async def test_an_error_in_a_tool_ends_the_run_and_names_the_tool_but_nothing_from_inside() -> None:
    with pytest.raises(BackendError) as caught:
        await all_steps(backend(call("explode", "x"), retell), prompted("go", EXPLODE), FakeDesk())
    assert caught.value.code == "tool_error"
    assert "explode" in caught.value.detail
    assert "secret" not in caught.value.detail


async def test_two_tools_that_break_at_once_end_the_run_with_one_error() -> None:
    engine = backend([*call("explode", "x1"), *call("explode", "x2")], retell)
    with pytest.raises(BackendError) as caught:
        await all_steps(engine, prompted("go", EXPLODE), FakeDesk())
    assert caught.value.code == "tool_error"


async def test_a_broken_tool_stops_its_sibling() -> None:
    engine = backend([*call("hang", "h"), *call("explode", "x")], retell)
    with pytest.raises(BackendError):
        await all_steps(engine, prompted("go", HANG, EXPLODE), FakeDesk())
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_tool_that_outlasts_its_time_is_stopped_and_the_model_hears_of_it() -> None:
    engine = backend(call("hang", "h"), retell)
    (heard,) = said(await all_steps(engine, prompted("go", replace(HANG, timeout_seconds=0.01)), FakeDesk()))
    assert heard == "hang failed: hang did not finish within 0.01 seconds and was stopped."


async def test_an_error_of_the_desk_itself_comes_out_unchanged() -> None:
    class FencedOff(Exception):
        pass

    class LateDesk(FakeDesk):
        async def judge(self, *arguments: object) -> Denied:
            raise FencedOff

    with pytest.raises(FencedOff):
        await all_steps(backend(call("lookup", "l", order="1")), prompted("go", LOOKUP), LateDesk())


async def test_arguments_that_do_not_fit_are_given_back_to_the_model_to_repair() -> None:
    desk = FakeDesk(verdicts={})
    engine = backend(call("lookup", "l1", number=1), call("lookup", "l2", order="1"), retell)
    assert said(await all_steps(engine, prompted("go", LOOKUP), desk)) == [
        "lookup success: {'order': '1', 'total': 50}"
    ]
    assert desk.judged == [("l2", {"order": "1"})]


async def test_a_model_that_never_gets_the_arguments_right_ends_the_run() -> None:
    engine = backend(*[call("lookup", f"l{n}", number=1) for n in range(9)])
    with pytest.raises(BackendError) as caught:
        await all_steps(engine, prompted("go", LOOKUP), FakeDesk())
    assert caught.value.code == "bad_model_output"


async def test_a_model_that_calls_a_tool_it_was_not_given_ends_the_run() -> None:
    engine = backend(*[call("refund", f"r{n}", order="1") for n in range(9)])
    with pytest.raises(BackendError) as caught:
        await all_steps(engine, prompted("go", LOOKUP), FakeDesk())
    assert caught.value.code == "bad_model_output"


async def test_a_loop_of_tool_calls_is_stopped() -> None:
    engine = backend(*[call("lookup", f"l{n}", order="1") for n in range(30)])
    desk = FakeDesk()
    with pytest.raises(BackendError) as caught:
        await all_steps(engine, prompted("go", LOOKUP), desk)
    assert caught.value.code == "usage_limit"
    assert len(desk.executed) == 25


async def test_a_long_session_is_no_loop_each_run_counts_for_itself() -> None:
    calls = [call("lookup", f"l{n}", order="1") for n in range(40)]
    engine = backend(*calls[:20], ["Done."], *calls[20:], ["Done again."])
    first = finished(await all_steps(engine, prompted("go", LOOKUP), FakeDesk()))
    again = prompted("go", LOOKUP, conversation=first.conversation)
    assert said(await all_steps(engine, again, FakeDesk())) == ["Done again."]


async def test_the_desk_sees_arguments_as_json_and_the_tool_gets_them_as_its_types() -> None:
    got: list[date] = []

    async def remind(context: ToolContext, on: date) -> date:
        """Remind the customer."""
        got.append(on)
        return on

    desk = FakeDesk()
    assignment = prompted("go", Tool("remind", remind, Risk.LOW))
    heard = said(await all_steps(backend(call("remind", "d", on="2030-01-02"), retell), assignment, desk))
    assert desk.judged == [("d", {"on": "2030-01-02"})]
    assert desk.executed == [("remind", {"on": "2030-01-02"})]
    assert got == [date(2030, 1, 2)]
    assert desk.results == {"d": "2030-01-02"}
    assert heard == ["remind success: 2030-01-02"]


async def test_the_model_sees_the_tools_words_and_arguments_but_not_our_context() -> None:
    seen: list[AgentInfo] = []

    async def stream(messages: list[ModelMessage], info: AgentInfo):  # type: ignore[no-untyped-def]
        seen.append(info)
        yield "ok"

    engine = LlmBackend(lambda name: FunctionModel(stream_function=stream))
    await all_steps(engine, prompted("go", REFUND), FakeDesk())
    (shown,) = seen[0].function_tools
    assert shown.name == "refund"
    assert "Refund an order." in (shown.description or "")
    assert shown.parameters_json_schema["properties"] == {
        "order": {"type": "string"},
        "amount": {"type": "integer", "default": 50, "description": "In euros."},
    }
    assert shown.parameters_json_schema["required"] == ["order"]
    assert seen[0].instructions == "Be brief."
