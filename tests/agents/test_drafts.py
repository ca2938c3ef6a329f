"""An unfinished text is kept for readers who join late: beside the bus, and now and then in the database."""

import asyncio
from collections.abc import AsyncGenerator
from uuid import UUID

import pytest
import redis
from asgiref.sync import sync_to_async
from django.conf import settings

from agents_app import narrator
from agents_app.backends.base import Assignment, Step, ToolDesk
from sessions_app.events.channels import text_key
from sessions_app.models import Draft, Session
from tests.agents.scripted import DONE, Scripted, delta, settled
from tests.agents.work import answered, ends, said
from tests.patience import PATIENCE_SECONDS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("valkey")]


def kept_beside_the_bus(message_id: UUID) -> str | None:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        text: bytes | None = client.get(text_key(message_id))
    return None if text is None else text.decode()


def test_a_long_message_is_checkpointed_while_it_is_spoken_and_gone_once_it_is_whole(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrator, "KEEP_SECONDS", 0.02)
    kept: list[Draft] = []

    async def speak_until_kept(assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
        text = ""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not kept:
                yield delta("語 ")
                text += "語 "
                await asyncio.sleep(0.01)
                kept.extend([draft async for draft in Draft.objects.exclude(text="")])
        yield settled(text)
        yield DONE

    run = answered(session, "hello", Scripted(speak_until_kept))
    (draft,) = kept
    assert (draft.run, draft.kind, draft.visibility) == (run.pk, "message", "customer")
    assert said(session)[0].startswith(draft.text) and len(draft.text) >= 2
    assert not Draft.objects.exists() and ends(run) == ["run_completed"]


def test_the_text_so_far_is_beside_the_bus_until_the_message_is_whole(session: Session) -> None:
    found: list[str] = []
    ids: list[UUID] = []

    async def speak(assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
        yield delta("Half")
        ids.append((await Draft.objects.aget()).pk)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (text := await sync_to_async(kept_beside_the_bus)(ids[0])) != "Half":
                await asyncio.sleep(0.01)
        found.append(text)
        yield delta(" and half")
        yield settled("Half and half")
        yield DONE

    run = answered(session, "hello", Scripted(speak))
    assert ends(run) == ["run_completed"] and found == ["Half"]
    assert kept_beside_the_bus(ids[0]) is None
