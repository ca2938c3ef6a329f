"""What the demo model answers, as plain plans: nothing is streamed here."""

from typing import Any

import pytest

from agents_app.backends.demo_plan import Call, Outcome, Pace, Plan, Result, Say
from agents_app.backends.demo_rules import ABILITIES, INTRODUCTION, plan_answer
from agents_app.backends.human_part import HumanPart
from agents_app.tools.catalogue import TOOLS

LOOKUP = Result(
    "lookup_order",
    Outcome.DONE,
    {
        "order": 1001,
        "item": "Kettle",
        "status": "paid",
        "total": "30.00",
        "refunded": "9.50",
        "currency": "EUR",
    },
)


def refunded(outcome: Outcome, content: Any) -> Result:
    return Result("refund_order", outcome, content)


def text(plan: Plan) -> str:
    return " ".join(piece.text for piece in plan if isinstance(piece, Say))


def calls(plan: Plan) -> list[Call]:
    return [piece for piece in plan if isinstance(piece, Call)]


def plan(prompt: str, *results: Result) -> Plan:
    return plan_answer(prompt, results, TOOLS)


@pytest.mark.parametrize("prompt", ["hello", "Hello!", "HELLO there"])
def test_says_what_it_is_and_what_it_understands(prompt: str) -> None:
    assert INTRODUCTION in text(plan(prompt))
    assert ABILITIES in text(plan(prompt))


@pytest.mark.parametrize("prompt", ["what is the weather", ""])
def test_says_that_it_understood_nothing_and_before_that_how_unsure_it_is(prompt: str) -> None:
    (call,) = plan(prompt)
    assert isinstance(call, Call) and call.tool_name == "state_confidence" and call.arguments["confidence"] < 0.5
    for answer in (plan(prompt, Result(call.tool_name, Outcome.DONE, "Noted.")), plan_answer(prompt, (), ())):
        assert calls(answer) == [] and ABILITIES in text(answer)


def test_quotes_what_people_said_and_draws_no_conclusions() -> None:
    part = HumanPart((("customer", "carla", "Hello?"), ("operator", "olga", "It ships on Monday.")), "Promised Monday.")
    answer = text(plan_answer("What did the operator say?", (), TOOLS, part))
    assert "Promised Monday." in answer and "It ships on Monday." in answer
    assert "no person has spoken" in text(plan("what did the operator say"))
    waited = HumanPart((("customer", "carla", "Hello?"),))
    assert "none has said anything" in text(plan_answer("what did the human tell you", (), TOOLS, waited))


@pytest.mark.parametrize(
    ("prompt", "tool"),
    [
        ("where is order 1001", "lookup_order"),
        ("Where is my Order #1001?", "lookup_order"),
        ("refund order 1001", "lookup_order"),
        ("Plan a shop", "write_document"),
        ("ASK ME", "ask_customer"),
        ("human please", "request_human"),
        ("fail", "always_fails"),
    ],
)
def test_calls_the_tool_for_what_is_asked(prompt: str, tool: str) -> None:
    assert [call.tool_name for call in calls(plan(prompt))] == [tool]


def test_everything_it_says_it_understands_it_does_understand() -> None:
    for ability in ABILITIES.removeprefix("I understand: ").rstrip(".").split(" · "):
        assert "did not understand" not in text(plan(ability)), ability


def test_says_so_when_the_agent_lacks_the_tool() -> None:
    without = plan_answer("refund order 1001", [LOOKUP], ["lookup_order"])
    assert calls(without) == []
    assert "refund_order" in text(without)


def test_reports_the_item_and_status_of_an_order() -> None:
    assert "Kettle" in text(plan("where is order 1001", LOOKUP))
    assert "paid" in text(plan("where is order 1001", LOOKUP))


def test_repeats_why_an_order_could_not_be_looked_up() -> None:
    missing = Result("lookup_order", Outcome.FAILED, "There is no order 7.")
    assert "There is no order 7." in text(plan("where is order 7", missing))


def test_refunds_all_that_is_left_when_no_amount_is_asked_for() -> None:
    assert calls(plan("refund order 1001", LOOKUP)) == [Call("refund_order", {"order_number": 1001, "amount": "20.50"})]


def test_refunds_the_amount_asked_for() -> None:
    assert calls(plan("refund order 1001 5.25", LOOKUP))[0].arguments == {
        "order_number": 1001,
        "amount": "5.25",
    }


def test_asks_for_no_refund_when_nothing_is_left_or_the_order_is_unknown() -> None:
    spent = Result("lookup_order", Outcome.DONE, {**LOOKUP.content, "refunded": "30.00"})
    assert calls(plan("refund order 1001", spent)) == []
    assert calls(plan("refund order 7", Result("lookup_order", Outcome.FAILED, "There is no order 7."))) == []


def test_reports_the_amount_the_tool_refunded_not_the_one_it_proposed() -> None:
    done = {
        "order": 1001,
        "refunded": "10.00",
        "total_refunded": "19.50",
        "currency": "EUR",
        "status": "paid",
    }
    report = text(plan("refund order 1001", LOOKUP, refunded(Outcome.DONE, done)))
    assert "10.00" in report
    assert "20.50" not in report


def test_reports_what_a_person_said_became_of_the_refund() -> None:
    for words in ("Paid by hand.", None, {"paid": 5}):
        assert f"is refunded: {words}" in text(plan("refund order 1001", LOOKUP, refunded(Outcome.DONE, words)))


def test_reports_the_reason_of_the_person_who_denied_the_refund() -> None:
    report = text(plan("refund order 1001", LOOKUP, refunded(Outcome.DENIED, "Not without a receipt.")))
    assert "denied: Not without a receipt." in report


def test_reports_the_words_of_a_tool_that_refused() -> None:
    report = text(plan("refund order 1001", LOOKUP, refunded(Outcome.FAILED, "Only 1.00 EUR can be refunded.")))
    assert "not refunded: Only 1.00 EUR can be refunded." in report


def test_repeats_the_answer_to_its_question() -> None:
    assert "Blue, mostly." in text(plan("ask me", Result("ask_customer", Outcome.DONE, "Blue, mostly.")))


@pytest.mark.parametrize("size", [1, 20_000, 1_000_000])
def test_a_big_message_has_exactly_the_size_asked_for(size: int) -> None:
    (piece,) = plan(f"big {size}")
    assert isinstance(piece, Say)
    assert (len(piece.text), piece.pace) == (size, Pace.BULK)


def test_a_big_message_is_never_larger_than_a_million_characters() -> None:
    assert len(text(plan("big 99999999"))) == 1_000_000


@pytest.mark.parametrize(("prompt", "seconds"), [("slow 3", 3), ("slow 600", 600), ("slow 9999", 600)])
def test_slow_speech_has_ten_words_for_each_second_up_to_ten_minutes(prompt: str, seconds: int) -> None:
    (piece,) = plan(prompt)
    assert isinstance(piece, Say)
    assert (len(piece.text.split()) - 1, piece.pace) == (seconds * 10, Pace.SLOW)
