"""Operators see where the others are, and nobody else does."""

from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from sessions_app.actors import SYSTEM, Actor, ActorKind
from sessions_app.models import Membership, Presence, Session, Workspace
from sessions_app.services.api_keys import create_api_key
from sessions_app.services.presence import be_present
from tests.agents.races import race
from tests.builders import KeyClient, MemberClient
from tests.servers.valkey import TestValkey
from tests.sessions.asgi_client import Exchange, get
from tests.sessions.refusals import refused, told

pytestmark = pytest.mark.django_db(transaction=True)


def places(api: MemberClient) -> list[tuple[str, str | None]]:
    return [(item["operator"], item["session"]) for item in told(api.get("/presence"))["items"]]


def age(**by: float) -> None:
    """Let time pass."""
    Presence.objects.update(seen_at=F("seen_at") - timedelta(**by))


def test_who_is_where_is_told_by_name(
    session: Session, operator_api: MemberClient, supervisor: User, key: str, api: KeyClient
) -> None:
    assert operator_api.post("/presence", {"session": "talk"}).status_code == 204
    assert MemberClient(supervisor).post("/presence", {"session": None}).status_code == 204
    assert places(operator_api) == [("operator", "talk"), ("supervisor", None)]
    assert told(api.get("/presence"))["items"][0]["seen_at"]


def test_a_person_is_in_one_place_at_a_time(session: Session, operator_api: MemberClient) -> None:
    for session_name in ("talk", None, "talk"):
        operator_api.post("/presence", {"session": session_name})
        assert places(operator_api) == [("operator", session_name)]


def test_who_is_silent_for_too_long_is_forgotten_and_comes_back(session: Session, operator_api: MemberClient) -> None:
    operator_api.post("/presence", {"session": "talk"})
    age(seconds=46)
    assert places(operator_api) == []
    operator_api.post("/presence", {"session": "talk"})
    assert places(operator_api) == [("operator", "talk")]


def test_nothing_is_written_for_what_is_known_already(
    workspace: Workspace, session: Session, operator_actor: Actor
) -> None:
    def writes() -> int:
        with CaptureQueriesContext(connection) as queries:
            be_present(workspace, session, actor=operator_actor)
        return sum(not query["sql"].startswith("SELECT") for query in queries)

    assert writes() > 0
    assert writes() == 0
    age(seconds=11)
    assert writes() > 0
    assert writes() == 0


def test_presence_of_another_workspace_is_its_own(
    session: Session, operator: User, operator_api: MemberClient, other_workspace: Workspace
) -> None:
    Membership.objects.create(user=operator, workspace=other_workspace)
    elsewhere = operator_api.post("/presence?workspace=elsewhere", {"session": "talk"})
    assert refused(elsewhere, 404, "not_found")
    assert operator_api.post("/presence?workspace=elsewhere", {}).status_code == 204
    assert told(operator_api.get("/presence", workspace="shop")) == {"items": []}


def test_only_members_are_present_and_only_operators_look(
    session: Session, api: KeyClient, workspace: Workspace
) -> None:
    assert refused(api.post("/presence", {"session": None}), 403, "forbidden")
    from_customers = KeyClient(create_api_key(workspace, ["sessions"], actor=SYSTEM)[1])
    assert refused(from_customers.get("/presence"), 403, "forbidden")


def test_two_tabs_that_come_at_the_same_moment_are_one_person(
    workspace: Workspace, session: Session, operator_actor: Actor
) -> None:
    for _ in range(5):
        Presence.objects.all().delete()
        results = race(
            *[lambda: be_present(workspace, session, actor=operator_actor)] * 2,
            *[lambda: be_present(workspace, None, actor=operator_actor)] * 2,
        )
        assert results == [None] * 4
        assert Presence.objects.count() == 1


def operators(feed: Exchange) -> list[tuple[str, str | None]]:
    """Who was present by the last word of the feed."""
    frames: list[dict[str, Any]] = [frame["data"] for frame in feed.frames if frame["type"] == "presence"]
    return [(item["operator"], item["session"]) for item in frames[-1]["operators"]] if frames else []


@pytest.mark.usefixtures("valkey")
async def test_the_feed_tells_who_is_there_comes_and_moves(
    session: Session, operator_actor: Actor, supervisor: User, key: str, workspace: Workspace
) -> None:
    here = sync_to_async(be_present)
    boss = Actor(ActorKind.USER, supervisor.username, role="supervisor", user_id=supervisor.pk)
    await here(workspace, None, actor=operator_actor)
    async with get("/feed", key) as feed:
        await feed.until(lambda: operators(feed) == [("operator", None)])
        await here(workspace, session, actor=operator_actor)
        await feed.until(lambda: operators(feed) == [("operator", "talk")])
        await here(workspace, None, actor=boss)
        await feed.until(lambda: operators(feed) == [("operator", "talk"), ("supervisor", None)])


@pytest.mark.usefixtures("valkey", "quick_beat")
async def test_the_feed_notices_at_its_heartbeat_who_has_left(
    session: Session, operator_actor: Actor, key: str, workspace: Workspace
) -> None:
    await sync_to_async(be_present)(workspace, session, actor=operator_actor)
    async with get("/feed", key) as feed:
        await feed.until(lambda: operators(feed) == [("operator", "talk")])
        await sync_to_async(age)(seconds=46)
        await feed.until(lambda: operators(feed) == [] and feed.types.count("presence") == 2)


@pytest.mark.usefixtures("valkey")
async def test_a_feed_without_operators_says_so_once(session: Session, key: str) -> None:
    async with get("/feed", key) as feed:
        await feed.until_type("presence")
        assert operators(feed) == []


@pytest.mark.usefixtures("memory_mode")
async def test_it_works_within_one_process(
    session: Session, operator_actor: Actor, key: str, workspace: Workspace, settings: Settings
) -> None:
    settings.STREAM_FALLBACK_POLL_SECONDS = 3600  # by the bus of the process alone
    async with get("/feed", key) as feed:
        await feed.until_type("presence")
        await sync_to_async(be_present)(workspace, session, actor=operator_actor)
        await feed.until(lambda: operators(feed) == [("operator", "talk")])


async def test_it_works_while_valkey_is_away(
    session: Session, operator_actor: Actor, key: str, workspace: Workspace, valkey: TestValkey
) -> None:
    async with get("/feed", key) as feed:
        await feed.until_type("presence")
        valkey.kill()
        await sync_to_async(be_present)(workspace, session, actor=operator_actor)
        await feed.until(lambda: operators(feed) == [("operator", "talk")])
