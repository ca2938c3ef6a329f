"""Anybody can be a visitor: what one of them, and one address, can take has an end."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django.fixtures import Settings

from sessions_app.actors import Actor, ActorKind
from sessions_app.addresses import address_of
from sessions_app.exceptions import TooMany
from sessions_app.models import Allowance, Session, Workspace
from sessions_app.services.allowances import take
from sessions_app.services.visitors import open_visitors_session
from tests.agents.races import race
from tests.builders import KeyClient
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


def test_no_address_is_kept_and_old_counts_are_forgotten(visitor: Visitor) -> None:
    visitor.begin()
    assert [row.holder for row in Allowance.objects.all() if "192.0.2" in row.holder or "visitor" in row.holder] == []
    Allowance.objects.update(minute=timezone.now() - timedelta(days=2))
    call_command("prune_events", verbosity=0)
    assert not Allowance.objects.exists()


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
