"""Listening ends: with what was waited for, with the run, with the stream, or with the time."""

import asyncio
import json
from collections.abc import AsyncIterator

import httpx2
import pytest

from config.demo import ear as ear_module
from config.demo.ear import Ear
from config.demo.heard import Heard, Missed


def frame(type: str, seq: int | None = None, run: str | None = None) -> bytes:
    return f"data: {json.dumps({'type': type, 'data': {}, 'seq': seq, 'run': run})}\n\n".encode()


def hears(*frames: bytes, for_ever: bool = False, breaks: bool = False) -> Ear:
    async def body() -> AsyncIterator[bytes]:
        for each in frames:
            yield each
        if breaks:
            raise httpx2.ReadError("gone")
        if for_ever:
            await asyncio.Event().wait()

    response = httpx2.Response(
        200,
        headers={"content-type": "text/event-stream"},
        content=body(),
        request=httpx2.Request("GET", "http://handrail"),
    )
    return Ear(httpx2.EventSource(response), lambda event: None)


def is_notice(event: Heard) -> bool:
    return event.type == "notice"


async def test_keeps_everything_up_to_what_was_waited_for_and_goes_on_from_there() -> None:
    ear = hears(b"retry: 2000\n\n", frame("connected"), frame("notice", 1), frame("notice", 2))
    assert (await ear.until(is_notice, "notice")).seq == 1
    assert [event.type for event in ear.heard] == ["connected", "notice"]
    assert (await ear.until(is_notice, "notice")).seq == 2


async def test_does_not_wait_for_what_an_ended_run_can_no_longer_bring() -> None:
    ear = hears(frame("run_completed", 1, "other"), frame("run_failed", 2, "mine"), for_ever=True)
    with pytest.raises(Missed, match=r"No notice: the run ended with run_failed"):
        await ear.until(is_notice, "notice", run="mine")


async def test_says_that_the_stream_ended() -> None:
    with pytest.raises(Missed, match=r"No notice: the stream ended\."):
        await hears(frame("connected")).until(is_notice, "notice")


async def test_says_that_the_stream_broke() -> None:
    with pytest.raises(Missed, match="No notice: the stream broke"):
        await hears(frame("connected"), breaks=True).until(is_notice, "notice")


async def test_gives_up_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ear_module, "WAIT_SECONDS", 0.05)
    with pytest.raises(Missed, match=r"No notice within 0 s\."):
        await hears(frame("connected"), for_ever=True).until(is_notice, "notice")
