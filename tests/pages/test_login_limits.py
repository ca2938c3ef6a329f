"""Passwords cannot be guessed: after some failures nobody looks at them for a while."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from sessions_app.models import AuditEntry, Session, Workspace
from sessions_app.services.logins import begin_login
from tests.agents.races import race
from tests.pages.clock import Clock

pytestmark = pytest.mark.django_db
PAGES = ["/accounts/login/", "/admin/login/"]
GOOD = "a long enough password"
TOLD = "Too many failed logins under this user name. Wait a few minutes, then try again."


@pytest.fixture
def chief(supervisor: User, settings: Settings, clock: Clock) -> User:
    """May use both logins; three failures are one too many, for a quarter of an hour."""
    settings.LOGIN_FAILURES, settings.LOGIN_FAILURE_MINUTES = 2, 15
    supervisor.is_staff = True
    supervisor.save()
    return supervisor


def log_in(page: str, password: str, name: str = "supervisor", address: str = "192.0.2.1") -> HttpResponse:
    body = {"username": name, "password": password}
    return Client().post(page, body, REMOTE_ADDR=address)  # type: ignore[return-value]


@pytest.mark.parametrize("page", PAGES)
def test_after_some_failures_a_good_password_is_not_looked_at_either(chief: User, page: str, clock: Clock) -> None:
    for _ in range(2):
        assert TOLD not in log_in(page, "guess").content.decode()
    assert TOLD in log_in(page, GOOD).content.decode()
    clock.time += timedelta(minutes=15)
    assert log_in(page, GOOD).status_code == 302


def test_the_login_page_says_429_and_when_to_come_back(chief: User) -> None:
    answers = [log_in(PAGES[0], "guess") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) == 15 * 60 - 20


def test_failures_of_one_page_count_on_the_other(chief: User) -> None:
    for page in PAGES:
        log_in(page, "guess")
    assert TOLD in log_in(PAGES[0], GOOD).content.decode()


def test_another_address_and_another_name_are_counted_for_themselves(chief: User, operator: User) -> None:
    for _ in range(3):
        log_in(PAGES[0], "guess")
    assert log_in(PAGES[0], GOOD, address="192.0.2.2").status_code == 302
    assert log_in(PAGES[0], GOOD, name="operator").status_code == 302


def test_a_login_forgets_the_failures_before_it(chief: User) -> None:
    log_in(PAGES[0], "guess")
    assert log_in(PAGES[0], GOOD).status_code == 302
    log_in(PAGES[0], "guess")
    assert log_in(PAGES[0], GOOD).status_code == 302


def test_each_failure_is_in_the_audit_of_the_members_workspace(
    chief: User, workspace: Workspace, other_workspace: Workspace, session: Session
) -> None:
    for name in ("supervisor", "nobody"):
        log_in(PAGES[0], "guess", name=name)
    log_in(PAGES[0], GOOD)
    (entry,) = AuditEntry.objects.filter(action="login.failed")
    assert (entry.workspace, entry.action, entry.actor_kind) == (workspace, "login.failed", "system")
    assert entry.target == str(chief.pk)


@pytest.mark.django_db(transaction=True)
def test_guesses_that_come_at_the_same_moment_are_no_more(chief: User) -> None:
    results = race(*(lambda: begin_login("supervisor", address="192.0.2.1") for _ in range(6)))
    assert sorted(type(result).__name__ for result in results) == ["NoneType"] * 2 + ["TooMany"] * 4
