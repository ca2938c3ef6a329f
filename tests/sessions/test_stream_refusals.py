"""Whatever can go wrong with a stream is a status and a JSON object, never a broken stream."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from sessions_app.actors import SYSTEM
from sessions_app.events.channels import session_channel
from sessions_app.events.types import Visibility
from sessions_app.models import ApiKey, Membership, Session, Workspace
from sessions_app.services.api_keys import create_api_key
from sessions_app.services.sessions import open_session
from sessions_app.services.tickets import issue_ticket
from sessions_app.streaming.hub import get_hub
from sessions_app.tokens import Ticket, sign_ticket
from tests.sessions.asgi_client import Exchange, get

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("valkey")]
PATHS = ["/sessions/talk/events", "/events?session=talk"]


def refused(exchange: Exchange, status: int, code: str) -> bool:
    assert exchange.answer["content-type"].startswith("application/json")
    assert exchange.json.keys() == {"code", "detail"}
    return (exchange.status, exchange.json["code"]) == (status, code)


def with_ticket(path: str, token: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}token={quote(token)}"


@pytest.mark.parametrize("path", [*PATHS, "/feed"])
async def test_without_credentials_it_is_401(session: Session, path: str) -> None:
    async with get(path) as exchange:
        assert refused(exchange, 401, "unauthenticated")
        assert exchange.answer["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("token", ["", "nonsense", "a:b:c", "%00", "ü"])
async def test_a_forged_ticket_is_401_even_beside_a_good_key(session: Session, key: str, path: str, token: str) -> None:
    async with get(with_ticket(path, token), key) as exchange:
        assert refused(exchange, 401, "unauthenticated")


async def test_a_ticket_that_is_over_is_401(session: Session) -> None:
    ticket = Ticket(session.pk, session.name, session.workspace_id, "customer", "carla")
    async with get(with_ticket(PATHS[0], sign_ticket(ticket, seconds=-1)[0])) as exchange:
        assert refused(exchange, 401, "unauthenticated")


async def test_a_revoked_and_an_expired_key_are_401(session: Session, key: str) -> None:
    await ApiKey.objects.aupdate(revoked_at=timezone.now())
    async with get(PATHS[0], key) as exchange:
        assert refused(exchange, 401, "unauthenticated")
    await ApiKey.objects.aupdate(revoked_at=None, expires_at=timezone.now() - timedelta(seconds=1))
    async with get(PATHS[0], key) as exchange:
        assert refused(exchange, 401, "unauthenticated")


@pytest.mark.parametrize("path", ["/sessions/{}/events", "/events?session=talk&session={}"])
async def test_a_foreign_and_an_unknown_session_answer_alike(
    session: Session, other_workspace: Workspace, key: str, path: str
) -> None:
    foreign = await Session.objects.acreate(workspace=other_workspace, name="foreign")
    async with get(path.format(foreign.name), key) as one, get(path.format("unknown"), key) as other:
        assert refused(one, 404, "not_found")
        assert one.body == other.body


async def test_a_name_that_cannot_be_is_as_unknown_as_any(session: Session, key: str) -> None:
    for name in ("%00", "a%00b", "%FF", "x" * 5000):
        async with get(f"/sessions/{name}/events", key) as exchange:
            assert exchange.status == 404
    async with get("/events?session=a%00b", key) as exchange:
        assert refused(exchange, 404, "not_found")


async def test_a_ticket_opens_no_other_session(session: Session) -> None:
    await sync_to_async(open_session)(session.workspace, actor=SYSTEM, name="other")
    token, _ = issue_ticket(session, level=Visibility.CUSTOMER, issuer_level=Visibility.CUSTOMER, reader="carla")
    for path in ("/sessions/other/events", "/events?session=other", "/events?session=talk&session=other"):
        async with get(with_ticket(path, token)) as exchange:
            assert refused(exchange, 404, "not_found")


async def test_a_key_without_the_scope_is_403(session: Session) -> None:
    _, text = await sync_to_async(create_api_key)(session.workspace, ["messages"], actor=SYSTEM)
    async with get(PATHS[0], text) as exchange:
        assert refused(exchange, 403, "forbidden")


async def test_the_feed_is_for_operators(session: Session) -> None:
    _, text = await sync_to_async(create_api_key)(session.workspace, ["sessions"], actor=SYSTEM)
    token, _ = issue_ticket(session, level=Visibility.OPERATOR, issuer_level=Visibility.OPERATOR, reader="olga")
    async with get("/feed", text) as exchange:
        assert refused(exchange, 403, "forbidden")
    async with get(with_ticket("/feed", token)) as exchange:
        assert refused(exchange, 403, "forbidden")


async def test_a_stream_of_no_session_or_of_too_many_is_422(session: Session, key: str, settings: Settings) -> None:
    settings.STREAM_MAX_SESSIONS = 2
    async with get("/events", key) as exchange:
        assert refused(exchange, 422, "unprocessable")
    async with get("/events?session=a&session=b&session=c", key) as exchange:
        assert refused(exchange, 422, "unprocessable")


async def test_a_process_that_is_full_says_429_and_when_to_come_back(
    session: Session, key: str, settings: Settings
) -> None:
    settings.STREAM_MAX_OPEN = 2
    async with get(PATHS[0], key) as one, get(PATHS[1], key) as two:
        await one.until_seq(1)
        await two.until_seq(1)
        for path in (*PATHS, "/feed"):
            async with get(path, key) as three:
                assert refused(three, 429, "too_many")
                assert int(three.answer["retry-after"]) > 0
    async with get(PATHS[0], key) as again:
        assert again.status == 200


async def test_one_reader_has_so_many_streams_and_the_others_find_room(
    session: Session, operator: User, key: str, settings: Settings
) -> None:
    settings.STREAM_MAX_PER_READER = 2

    def ticket(reader: str, of: Session = session) -> str:
        token, _ = issue_ticket(of, level=Visibility.CUSTOMER, issuer_level=Visibility.CUSTOMER, reader=reader)
        return with_ticket(f"/sessions/{of.name}/events", token)

    second = await sync_to_async(open_session)(session.workspace, actor=SYSTEM, name="second")
    async with get(ticket("carla")) as one, get(ticket("carla")) as two:
        await one.until_seq(1)
        await two.until_seq(1)
        async with get(ticket("carla")) as three:
            assert refused(three, 429, "too_many")
            assert int(three.answer["retry-after"]) > 0
        for path in (ticket("dora"), ticket("carla", second)):
            async with get(path) as other:
                assert other.status == 200
        async with get(PATHS[0], key) as third, get(PATHS[0], key) as fourth, get(PATHS[0], key) as fifth:
            assert [third.status, fourth.status, fifth.status] == [200] * 3
    async with get(ticket("carla")) as again:
        assert again.status == 200


async def test_a_members_streams_count_together_whatever_they_carry(
    session: Session, operator: User, settings: Settings
) -> None:
    settings.STREAM_MAX_PER_READER = 2
    client = Client()
    await client.aforce_login(operator)
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    async with get("/events?session=talk&feed=true", cookie=cookie) as one, get("/feed", cookie=cookie) as two:
        await one.until_type("presence")
        await two.until_type("presence")
        for path in (*PATHS, "/feed"):
            async with get(path, cookie=cookie) as three:
                assert refused(three, 429, "too_many")


async def test_of_streams_that_were_admitted_at_the_same_moment_no_more_stay_open(
    session: Session, settings: Settings
) -> None:
    settings.STREAM_MAX_PER_READER = 2
    hub = get_hub()
    for _ in range(3):
        await hub.admit("carla")
    channel = {session_channel(session.pk): session.pk}
    async with (
        hub.subscribe(channel, "carla") as one,
        hub.subscribe(channel, "carla") as two,
        hub.subscribe(channel, "carla") as three,
    ):
        assert (await three.take()).ended
        for inbox in (one, two):
            inbox.beat()
            assert not (await inbox.take()).ended


async def test_a_stranger_to_every_workspace_is_403_and_one_of_two_must_be_named(
    session: Session, operator: User, other_workspace: Workspace
) -> None:
    client = Client()
    await client.aforce_login(operator)
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    async with get(PATHS[0], cookie=cookie) as exchange:
        assert exchange.status == 200
    await Membership.objects.acreate(user=operator, workspace=other_workspace)
    async with get(PATHS[0], cookie=cookie) as exchange:
        assert refused(exchange, 400, "workspace_required")
    async with get(f"{PATHS[0]}?workspace=shop", cookie=cookie) as exchange:
        assert exchange.status == 200
    async with get(f"{PATHS[0]}?workspace=nowhere", cookie=cookie) as exchange:
        assert refused(exchange, 403, "forbidden")
