"""A tool's progress reaches whoever watches, live, and no chatty tool can flood them."""

import asyncio
import threading
from contextlib import aclosing

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from agents_app.models import Run
from agents_app.tools.base import ToolContext, ToolRefused
from agents_app.tools.lookup_order import LOOKUP_ORDER
from sessions_app.events.types import Event, EventType, Visibility
from sessions_app.models import Session
from sessions_app.streaming.hub import get_hub
from sessions_app.streaming.subscription import Reading, follow
from tests.agents.listening import overhearing
from tests.agents.scripted import Scripted, with_context
from tests.agents.work import answered, asked, carry_on, data, log, statuses
from tests.patience import PATIENCE_SECONDS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("valkey")]


def test_a_chatty_tool_is_heard_when_it_begins_and_with_its_last_word_before_its_result(session: Session) -> None:
    async def chatter(context: ToolContext) -> str:
        for number in range(1000):
            await context.progress(number / 1000, f"{number}")
        return "done"

    with overhearing(session) as listener:
        answered(session, "go", with_context(LOOKUP_ORDER, chatter))
        heard = [event["type"] for event in listener.until("run_completed")]
        told = [event["data"]["text"] for event in listener.until("run_completed") if event["type"] == "tool_progress"]
    # A thousand words of no time at all are two; a slow machine may fit a few more windows into them.
    assert told[0] == "0" and told[-1] == "999" and len(told) < 50
    last = len(heard) - 1 - heard[::-1].index("tool_progress")
    assert last < heard.index("tool_result")


def test_a_fraction_outside_its_range_is_brought_into_it(session: Session) -> None:
    async def boast(context: ToolContext) -> str:
        await context.progress(7)
        return "done"

    with overhearing(session) as listener:
        answered(session, "go", with_context(LOOKUP_ORDER, boast))
        (told,) = [event for event in listener.until("run_completed") if event["type"] == "tool_progress"]
    assert told["data"]["fraction"] == 1.0


def test_a_tool_that_refuses_has_its_last_word_told_too(session: Session) -> None:
    async def refuse(context: ToolContext) -> str:
        await context.progress(0.1, "looking")
        await context.progress(0.2, "found nothing")
        raise ToolRefused("There is none.")

    with overhearing(session) as listener:
        answered(session, "go", with_context(LOOKUP_ORDER, refuse))
        heard = [event for event in listener.until("tool_result") if event["type"] == "tool_progress"]
    assert heard[-1]["data"]["text"] == "found nothing" and statuses(session, "lookup_order")[-1] == "failed"


async def test_progress_reaches_a_reader_through_the_hub_while_the_tool_works(session: Session) -> None:
    seen = threading.Event()

    async def work(context: ToolContext) -> str:
        await context.progress(0.25, "begun")
        await context.progress(0.5, "half")  # too soon to be told at once, and told without another word
        await asyncio.to_thread(seen.wait, PATIENCE_SECONDS)
        return "seen" if seen.is_set() else "unseen"

    run = await sync_to_async(asked)(session, "go")
    reading = Reading(session.pk, session.name, Visibility.CUSTOMER, cursor=0)
    heard: list[Event] = []
    async with asyncio.timeout(PATIENCE_SECONDS), aclosing(follow(get_hub(), [reading])) as stream:
        async for item in stream:
            assert isinstance(item, tuple)
            _, event = item
            if event.type is EventType.RUN_QUEUED:
                working = asyncio.create_task(asyncio.to_thread(_carry_on, run, with_context(LOOKUP_ORDER, work)))
            elif event.type is EventType.TOOL_PROGRESS:
                heard.append(event)
                if event.data["text"] == "half":
                    seen.set()
            elif event.type is EventType.RUN_COMPLETED:
                break
        await working
    assert [event.data["text"] for event in heard] == ["begun", "half"]
    assert {event.data["tool_name"] for event in heard} == {"lookup_order"} and heard[0].run == str(run.pk)
    (result,) = await sync_to_async(data)(session, EventType.TOOL_RESULT)
    assert result["result"] == "seen"
    assert await sync_to_async(log)(session, EventType.TOOL_PROGRESS) == []


def _carry_on(run: Run, backend: Scripted) -> None:
    try:
        carry_on(run, backend)
    finally:
        connections.close_all()
