"""Anybody can be a visitor: what one of them, and one address, can take has an end."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django.fixtures import Settings

from agents_app.models import Run
from agents_app.services.sweeping import sweep_all
from sessions_app.actors import Actor, ActorKind
from sessions_app.addresses import address_of
from sessions_app.exceptions import TooMany
from sessions_app.models import Allowance, Session, Workspace
from sessions_app.services.allowances import take
from sessions_app.services.visitors import open_visitors_session
from tests.agents.races import race
from tests.builders import KeyClient
from tests.pages.clock import Clock
from tests.pages.visiting import Visitor
from tests.sessions.refusals import refused

pytestmark = pytest.mark.django_db
CARLA = Actor(ActorKind.CUSTOMER, "visitor-carla", role="customer")


def test_a_visitor_has_so_many_conversations_open_and_may_end_one_to_begin_another(
    visitor: Visitor, settings: Settings
) -> None:
    settings.CHAT_OPEN_SESSIONS = 2
    names = [visitor.begin(), visitor.begin()]
    assert refused(visitor.post("/sessions"), 429, "too_many")
    visitor.post(f"/sessions/{names[0]}/close")
    assert visitor.begin()


def test_one_address_begins_so_many_in_a_minute_whoever_it_says_it_is(
    visitor: Visitor, stranger: Visitor, settings: Settings
) -> None:
    settings.CHAT_SESSIONS_PER_MINUTE = 2
    visitor.begin()
    stranger.begin()
    answer = Visitor(Client()).post("/sessions")
    assert refused(answer, 429, "too_many")
    assert answer["Retry-After"]
    assert Visitor(Client(), address="192.0.2.2").begin()


def test_a_refusal_takes_nothing(visitor: Visitor, settings: Settings) -> None:
    settings.CHAT_OPEN_SESSIONS = 0
    visitor.post("/sessions")
    assert not Allowance.objects.filter(taken__gt=0).exists()
    assert not Session.objects.exists()


def test_the_next_minute_begins_anew() -> None:
    now = timezone.now()
    assert [take("somebody", limit=1, now=now) for _ in range(2)] == [True, False]
    assert take("somebody", limit=1, now=now + timedelta(minutes=1))


def test_no_address_is_kept_and_old_counts_are_swept_away(visitor: Visitor) -> None:
    visitor.begin()
    assert [row.holder for row in Allowance.objects.all() if "192.0.2" in row.holder or "visitor" in row.holder] == []
    kept = Allowance.objects.count()
    Allowance.objects.create(holder="old", minute=timezone.now() - timedelta(days=2))
    sweep_all(timezone.now())
    assert (Allowance.objects.count(), Allowance.objects.filter(holder="old").exists()) == (kept, False)


@pytest.mark.parametrize(
    ("setting", "path", "done"),
    [
        ("CHAT_MESSAGES_PER_MINUTE", "messages", 202),
        ("CHAT_HANDOFFS_PER_MINUTE", "handoff", 201),
        ("CHAT_TYPING_PER_MINUTE", "typing", 204),
    ],
)
def test_a_visitor_says_asks_for_and_tells_so_much_in_a_minute(
    visitor: Visitor, stranger: Visitor, clock: Clock, settings: Settings, setting: str, path: str, done: int
) -> None:
    setattr(settings, setting, 2)

    def do(somebody: Visitor) -> HttpResponse:
        return somebody.post(f"/sessions/{somebody.begin()}/{path}", {"text": "hello"} if path == "messages" else {})

    assert [do(visitor).status_code for _ in range(2)] == [done, done]
    answer = do(visitor)
    assert refused(answer, 429, "too_many")
    assert int(answer["Retry-After"]) == 40
    assert do(stranger).status_code == done
    clock.time += timedelta(seconds=40)
    assert do(visitor).status_code == done


def test_all_visitors_of_an_address_say_so_much_in_a_minute(
    visitor: Visitor, stranger: Visitor, clock: Clock, settings: Settings
) -> None:
    settings.CHAT_ADDRESS_MESSAGES_PER_MINUTE = 2
    paths = {somebody: f"/sessions/{somebody.begin()}/messages" for somebody in (visitor, stranger)}
    for somebody in (visitor, stranger):
        assert somebody.post(paths[somebody], {"text": "hello"}).status_code == 202
    assert refused(stranger.post(paths[stranger], {"text": "hello"}), 429, "too_many")
    stranger.address = "192.0.2.2"
    assert stranger.post(paths[stranger], {"text": "hello"}).status_code == 202


def test_a_message_that_is_refused_for_its_number_begins_no_run(
    visitor: Visitor, clock: Clock, settings: Settings
) -> None:
    settings.CHAT_MESSAGES_PER_MINUTE = 3
    path = f"/sessions/{visitor.begin()}/messages"
    for _ in range(10):
        visitor.post(path, {"text": "hello"})
    assert Run.objects.count() == 3


def test_a_product_sends_as_many_messages_as_it_has(
    api: KeyClient, session: Session, clock: Clock, settings: Settings
) -> None:
    settings.CHAT_MESSAGES_PER_MINUTE = settings.CHAT_TYPING_PER_MINUTE = 1
    for _ in range(3):
        assert api.post("/sessions/talk/messages", {"text": "hello"}).status_code == 202
        assert api.post("/sessions/talk/typing").status_code == 204


@pytest.mark.django_db(transaction=True)
def test_a_visitor_who_begins_everywhere_at_once_has_no_more_open_than_allowed(
    chat: Workspace, settings: Settings
) -> None:
    settings.CHAT_OPEN_SESSIONS = 2

    def begin(number: int) -> Session:
        return open_visitors_session(chat, actor=CARLA, language="", address=f"192.0.2.{number}")

    results = race(*(lambda number=number: begin(number) for number in range(6)))
    assert [type(result) for result in results if not isinstance(result, Session)] == [TooMany] * 4
    assert Session.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_address_that_begins_everywhere_at_once_gets_its_allowance_and_no_more() -> None:
    now = timezone.now()
    results = race(*(lambda: take("somebody", limit=3, now=now) for _ in range(8)))
    assert sorted(results) == [False] * 5 + [True] * 3


def test_a_visitors_message_is_short_and_a_products_may_be_long(
    visitor: Visitor, api: KeyClient, session: Session, settings: Settings
) -> None:
    settings.CHAT_MESSAGE_MAX_CHARACTERS = 10
    path = f"/sessions/{visitor.begin()}/messages"
    assert visitor.post(path, {"text": "x" * 10}).status_code == 202
    assert refused(visitor.post(path, {"text": "x" * 11}), 422, "unprocessable")
    assert api.post("/sessions/talk/messages", {"text": "x" * 11}).status_code == 202


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        (2, "1.2.3.4, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "203.0.113.9"),
        (1, "", "10.0.0.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "203.0.113.9:1111", "203.0.113.9"),
        (1, "[2001:db8:1:2:3:4:5:6]:443", "2001:db8:1:2::/64"),
        (1, "[2001:db8:1:2:3:4:5:6]", "2001:db8:1:2::/64"),
        (1, "[::ffff:203.0.113.9]:80", "203.0.113.9"),
        (1, "fe80::1%eth0", "fe80::/64"),
        (1, "1.2.3.4, not an address", "10.0.0.1"),
        (1, "1.2.3.4, [", "10.0.0.1"),
    ],
)
def test_an_address_is_believed_as_far_as_our_own_proxies_wrote_it(
    settings: Settings, proxies: int, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert address_of(RequestFactory(REMOTE_ADDR="10.0.0.1").get("/", headers=headers)) == address
