"""Who has logged in and out is told to every workspace of theirs."""

from functools import partial

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from sessions_app.models import AuditChain, AuditEntry, Membership, Workspace
from sessions_app.services.audit_reading import verify_chain
from sessions_app.services.logins import login_failed, note_login
from tests.agents.races import race

pytestmark = pytest.mark.django_db
GOOD = "a long enough password"


def told(action: str) -> list[tuple[str, str, str, str]]:
    entries = AuditEntry.objects.filter(action=action).order_by("chain__workspace_id")
    return [(str(entry.chain), entry.actor_kind, entry.actor, entry.role) for entry in entries]


def log_in(page: str, name: str, password: str = GOOD) -> Client:
    client = Client()
    client.post(reverse(page), {"username": name, "password": password})
    return client


@pytest.mark.parametrize(("page", "out"), [("login", "logout"), ("admin:login", "admin:logout")])
def test_each_workspace_is_told_in_the_role_that_its_member_has_there(
    supervisor: User, other_workspace: Workspace, page: str, out: str
) -> None:
    User.objects.filter(pk=supervisor.pk).update(is_staff=True)
    Membership.objects.create(user=supervisor, workspace=other_workspace)
    client = log_in(page, "supervisor")
    both = [("shop", "user", "supervisor", "supervisor"), ("elsewhere", "user", "supervisor", "operator")]
    assert told("login.succeeded") == both and told("login.ended") == []
    client.post(reverse(out))
    client.post(reverse(out))
    assert told("login.ended") == both
    assert set(AuditEntry.objects.values_list("target", flat=True)) == {str(supervisor.pk)}


def test_who_is_in_no_workspace_is_told_to_none(db: None) -> None:
    User.objects.create_superuser("root", password=GOOD)
    log_in("admin:login", "root")
    log_in("admin:login", "root", "a guess")
    assert told("login.succeeded") == [("no workspace", "user", "root", "superuser")]
    assert told("login.failed") == [("no workspace", "system", "handrail", "system")]


def test_a_name_that_nobody_has_is_not_told(db: None) -> None:
    log_in("login", "nobody")
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_members_of_the_same_workspaces_do_not_wait_for_each_other_for_ever(
    operator: User, workspace: Workspace, other_workspace: Workspace
) -> None:
    """Their memberships were made in opposite orders, and each entry locks the head of a chain."""
    other = User.objects.create_user("olga")
    Membership.objects.create(user=operator, workspace=other_workspace)
    for place in (other_workspace, workspace):
        Membership.objects.create(user=other, workspace=place)

    def again(user: User) -> None:
        for _ in range(10):
            note_login(user)
            login_failed(user.username)

    assert race(*(partial(again, user) for user in (operator, other) * 2)) == [None] * 4
    reports = [verify_chain(chain) for chain in AuditChain.objects.all()]
    assert [(report.entries, report.broken) for report in reports] == [(80, None)] * 2
