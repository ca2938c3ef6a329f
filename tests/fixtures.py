"""The people and things tests speak of, named after their roles."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from agents_app.models import Agent, Order
from agents_app.tools.catalogue import TOOLS
from sessions_app.actors import SYSTEM, Actor, ActorKind
from sessions_app.models import Membership, Session, Workspace
from sessions_app.services.api_keys import create_api_key
from sessions_app.services.sessions import open_session
from tests.builders import KeyClient, MemberClient


@pytest.fixture
def workspace(db: None) -> Workspace:
    return Workspace.objects.create(name="shop", title="A shop")


@pytest.fixture
def other_workspace(db: None) -> Workspace:
    """Somebody else's."""
    return Workspace.objects.create(name="elsewhere")


@pytest.fixture
def agent(workspace: Workspace) -> Agent:
    """The workspace's default agent, rule-based, with every tool."""
    return Agent.objects.create(workspace=workspace, name="demo", model="demo", tools=list(TOOLS), is_default=True)


@pytest.fixture
def order(workspace: Workspace) -> Order:
    return Order.objects.create(workspace=workspace, number=1001, item="Desk lamp", total_cents=1990)


@pytest.fixture
def session(workspace: Workspace, agent: Agent) -> Session:
    """An open session; its log holds `session_started` as seq 1."""
    return open_session(workspace, actor=SYSTEM, name="talk", customer="carla")


def _member(workspace: Workspace, name: str) -> User:
    user = User.objects.create_user(name, password="a long enough password")
    Membership.objects.create(user=user, workspace=workspace, role=name)
    return user


@pytest.fixture
def operator(workspace: Workspace) -> User:
    return _member(workspace, "operator")


@pytest.fixture
def supervisor(workspace: Workspace) -> User:
    return _member(workspace, "supervisor")


@pytest.fixture
def operator_actor(operator: User) -> Actor:
    return Actor(ActorKind.USER, operator.username, role="operator", user_id=operator.pk)


@pytest.fixture
def supervisor_actor(supervisor: User) -> Actor:
    return Actor(ActorKind.USER, supervisor.username, role="supervisor", user_id=supervisor.pk)


@pytest.fixture
def colleague_actor(workspace: Workspace) -> Actor:
    """A second operator, named olga."""
    user = User.objects.create_user("olga")
    Membership.objects.create(user=user, workspace=workspace)
    return Actor(ActorKind.USER, user.username, role="operator", user_id=user.pk)


@pytest.fixture
def customer_actor() -> Actor:
    return Actor(ActorKind.CUSTOMER, "carla", role="customer")


@pytest.fixture
def key(workspace: Workspace) -> str:
    """An API key of the workspace with every scope."""
    return create_api_key(workspace, ["all"], actor=SYSTEM)[1]


@pytest.fixture
def api(key: str) -> KeyClient:
    """The REST API as a product with that key calls it."""
    return KeyClient(key)


@pytest.fixture
def operator_api(operator: User) -> MemberClient:
    """The REST API as the pages of the operator call it."""
    return MemberClient(operator)


@pytest.fixture
def operator_client(operator: User) -> Client:
    """A browser in which the operator has logged in; it does enforce CSRF."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(operator)
    return client
