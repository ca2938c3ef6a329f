"""A call that needs an answer sets the run down as text; a fresh backend picks it up from there."""

from dataclasses import replace

import pytest

from agents_app.backends.base import (
    Answer,
    Answered,
    Approved,
    BackendError,
    Denied,
    ParkedCall,
    PauseKind,
    Verdict,
)
from tests.backends.fake_desk import FakeDesk
from tests.backends.scripted import (
    ASK,
    LOOKUP,
    REFUND,
    all_steps,
    backend,
    call,
    finished,
    paused,
    prompted,
    rerun,
    resumed,
    retell,
    said,
)

REFUND_CALL = call("refund", "r", order="1", amount=50)
ONE = prompted("go", REFUND)


async def answered(desk: FakeDesk, **answers: Answer) -> list[str]:
    """Park the refund call and resume it in a second backend, which knows only the text."""
    stopped = paused(await all_steps(backend(REFUND_CALL), ONE, desk))
    return said(await all_steps(backend([], retell), resumed(ONE, stopped, **answers), desk))


async def test_a_call_the_desk_asks_about_parks_the_run_before_it_is_executed() -> None:
    desk = FakeDesk()
    stopped = paused(await all_steps(backend(REFUND_CALL), ONE, desk))
    assert stopped.calls == (ParkedCall("r", "refund", {"order": "1", "amount": 50}, PauseKind.PERMISSION),)
    assert desk.executed == []


async def test_a_parked_call_shows_the_arguments_it_was_judged_on_with_defaults_filled_in() -> None:
    desk = FakeDesk()
    stopped = paused(await all_steps(backend(call("refund", "r", order="1")), ONE, desk))
    assert desk.judged == [("r", {"order": "1", "amount": 50})]
    assert stopped.calls[0].arguments == {"order": "1", "amount": 50}


async def test_an_approved_call_is_executed_as_proposed_and_not_judged_again() -> None:
    desk = FakeDesk()
    assert await answered(desk, r=Approved()) == ["refund success: 50 for 1 (r)"]
    assert desk.executed == [("refund", {"order": "1", "amount": 50})]
    assert len(desk.judged) == 1


async def test_an_approved_call_is_executed_with_the_edited_arguments() -> None:
    desk = FakeDesk()
    said_after = await answered(desk, r=Approved(arguments={"order": "1", "amount": 20}))
    assert said_after == ["refund success: 20 for 1 (r)"]
    assert desk.executed == [("refund", {"order": "1", "amount": 20})]


async def test_edited_arguments_that_do_not_fit_execute_nothing_and_the_model_hears_of_it() -> None:
    desk = FakeDesk()
    (said_after,) = await answered(desk, r=Approved(arguments={"order": "1", "amount": "much"}))
    assert said_after.startswith("refund retried")
    assert desk.executed == []


async def test_a_denied_call_is_not_executed_and_the_model_hears_why() -> None:
    desk = FakeDesk()
    assert await answered(desk, r=Denied("Too much.")) == ["refund denied: Too much."]
    assert desk.executed == []


async def test_a_question_parks_the_run_and_the_answer_is_its_result() -> None:
    desk, assignment = FakeDesk(), prompted("go", ASK)
    stopped = paused(await all_steps(backend(call("ask", "q", question="Which?")), assignment, desk))
    assert stopped.calls == (ParkedCall("q", "ask", {"question": "Which?"}, PauseKind.INPUT),)
    steps = await all_steps(backend([], retell), resumed(assignment, stopped, q=Answered("The red one.")), desk)
    assert said(steps) == ["ask success: The red one."]
    assert desk.executed == []


async def test_a_question_that_got_no_answer_is_told_to_the_model() -> None:
    desk, assignment = FakeDesk(), prompted("go", ASK)
    stopped = paused(await all_steps(backend(call("ask", "q", question="Which?")), assignment, desk))
    steps = await all_steps(backend([], retell), resumed(assignment, stopped, q=Denied("Nobody answered.")), desk)
    assert said(steps) == ["ask failed: Nobody answered."]


async def test_calls_of_one_answer_are_parked_together_and_each_gets_its_own_answer() -> None:
    desk, assignment = FakeDesk(), prompted("go", REFUND, ASK)
    both = [
        *call("refund", "r1", order="1"),
        *call("refund", "r2", order="2"),
        *call("ask", "q", question="Why?"),
    ]
    stopped = paused(await all_steps(backend(both), assignment, desk))
    assert {call.tool_call_id for call in stopped.calls} == {"r1", "r2", "q"}
    answers = resumed(assignment, stopped, r1=Approved(), r2=Denied("No."), q=Answered("Broken."))
    assert said(await all_steps(backend([], retell), answers, desk)) == [
        "refund success: 50 for 1 (r1); refund denied: No.; ask success: Broken."
    ]
    assert desk.executed == [("refund", {"order": "1", "amount": 50})]


async def test_a_sibling_that_needs_nobody_runs_before_the_pause_and_only_once() -> None:
    desk, assignment = FakeDesk(), prompted("go", LOOKUP, REFUND)
    both = [*call("lookup", "l", order="1"), *call("refund", "r", order="1")]
    stopped = paused(await all_steps(backend(both), assignment, desk))
    assert [name for name, _ in desk.executed] == ["lookup"]
    await all_steps(backend([], retell), resumed(assignment, stopped, r=Approved()), desk)
    assert [name for name, _ in desk.executed] == ["lookup", "refund"]


async def test_refuses_to_go_on_while_a_parked_call_has_no_answer() -> None:
    desk = FakeDesk()
    both = [*call("refund", "r1", order="1"), *call("refund", "r2", order="2")]
    stopped = paused(await all_steps(backend(both), ONE, desk))
    with pytest.raises(BackendError) as caught:
        await all_steps(backend([], retell), resumed(ONE, stopped, r1=Approved()), desk)
    assert caught.value.code == "answer_missing"
    assert desk.executed == []


async def test_refuses_words_where_a_permission_was_asked_for() -> None:
    with pytest.raises(BackendError) as caught:
        await answered(FakeDesk(), r=Answered("yes"))
    assert caught.value.code == "wrong_answer"


async def test_a_paused_run_started_again_without_answers_pauses_again() -> None:
    desk = FakeDesk()
    stopped = paused(await all_steps(backend(REFUND_CALL), ONE, desk))
    assert await all_steps(backend([], retell), rerun(ONE, stopped.conversation), desk) == [replace(stopped, usage={})]


async def test_answers_of_an_earlier_pause_do_not_answer_the_next_one() -> None:
    desk = FakeDesk()
    engine = backend(REFUND_CALL, call("refund", "again", order="1"), retell)
    first = paused(await all_steps(engine, ONE, desk))
    second = paused(await all_steps(engine, resumed(ONE, first, r=Approved()), desk))
    assert await all_steps(engine, resumed(ONE, second, r=Approved()), desk) == [replace(second, usage={})]
    both = resumed(ONE, second, r=Approved(), again=Denied("Once is enough."))
    assert said(await all_steps(engine, both, desk)) == ["refund denied: Once is enough."]
    assert len(desk.executed) == 1


async def test_a_new_prompt_over_parked_calls_closes_them_unexecuted() -> None:
    desk = FakeDesk()
    stopped = paused(await all_steps(backend(REFUND_CALL), ONE, desk))
    moved_on = prompted("never mind", REFUND, conversation=stopped.conversation)
    steps = await all_steps(backend([], ["All right."]), moved_on, desk)
    assert said(steps) == ["All right."]
    assert desk.executed == []
    later = prompted("and now?", REFUND, conversation=finished(steps).conversation)
    assert said(await all_steps(backend([], [], ["Still here."]), later, desk)) == ["Still here."]


async def test_a_question_tool_can_be_forbidden() -> None:
    desk = FakeDesk(verdicts={"ask": Denied("Do not ask.")})
    engine = backend(call("ask", "q", question="Which?"), retell)
    assert said(await all_steps(engine, prompted("go", ASK), desk)) == ["ask failed: Do not ask."]


async def test_a_tool_that_asks_runs_at_once_when_the_desk_allows_it() -> None:
    desk = FakeDesk(verdicts={"refund": Verdict.ALLOW})
    assert said(await all_steps(backend(REFUND_CALL, retell), ONE, desk)) == ["refund success: 50 for 1 (r)"]
