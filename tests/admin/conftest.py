"""Browsers in which the admin's people have logged in."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from sessions_app.models import Membership, Workspace
from sessions_app.services import disclosures
from tests.admin.rows import Rows, make_rows

Persons = dict[str, User | None]


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def within_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readings are told once in an hour of the clock: here it does not strike."""
    moment = timezone.now()
    monkeypatch.setattr(disclosures, "timezone", SimpleNamespace(now=lambda: moment))


@pytest.fixture
def superuser(db: None) -> Client:
    return logged_in(User.objects.create_superuser("root"))


@pytest.fixture
def supervising(supervisor: User) -> Client:
    """A supervisor of `workspace`, without a single Django permission."""
    supervisor.is_staff = True
    supervisor.save()
    return logged_in(supervisor)


@pytest.fixture
def stranger(other_workspace: Workspace) -> Client:
    """A supervisor of `other_workspace`, who serves as an operator nowhere."""
    user = User.objects.create_user("stranger", is_staff=True)
    Membership.objects.create(user=user, workspace=other_workspace, role=Membership.Role.SUPERVISOR)
    return logged_in(user)


@pytest.fixture
def operating(operator: User) -> Client:
    return logged_in(operator)


@pytest.fixture
def anonymous(db: None) -> Client:
    return Client()


@pytest.fixture
def people(superuser: Client, supervising: Client, operating: Client, anonymous: Client) -> dict[str, Client]:
    return {
        "superuser": superuser,
        "supervisor": supervising,
        "operator": operating,
        "anonymous": anonymous,
    }


@pytest.fixture
def rows(workspace: Workspace) -> Rows:
    return make_rows(workspace, "ours")


@pytest.fixture
def foreign_rows(other_workspace: Workspace) -> Rows:
    return make_rows(other_workspace, "theirs")


@pytest.fixture
def persons(workspace: Workspace, other_workspace: Workspace, supervisor: User, operator: User) -> Persons:
    """Everybody, none of them with a Django permission of their own."""
    supervisor.is_staff = True
    supervisor.save()
    stranger = User.objects.create_user("stranger", is_staff=True)
    Membership.objects.create(user=stranger, workspace=other_workspace, role=Membership.Role.SUPERVISOR)
    clerk = User.objects.create_user("clerk", is_staff=True)
    Membership.objects.create(user=clerk, workspace=workspace, role=Membership.Role.OPERATOR)
    return {
        "superuser": User.objects.create_superuser("root"),
        "supervisor": supervisor,
        "stranger": stranger,
        "operator": operator,
        "operator with is_staff": clerk,
        "anonymous": None,
    }
