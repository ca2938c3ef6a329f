"""Rules that go together, or with their agent: each is told of, and whoever changes one meanwhile is waited for."""

import threading
from collections.abc import Callable

import pytest
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from agents_app.models import Agent, PolicyRule, RuleVersion
from agents_app.services.policies import add_rule, change_rule
from sessions_app.actors import SYSTEM
from sessions_app.models import AuditEntry, Workspace
from tests.admin.pages import act, address
from tests.agents.races import race
from tests.audit.test_lock_order import wait_until_somebody_waits
from tests.patience import PATIENCE_SECONDS

Deleting = Callable[[Client, Agent], HttpResponse]


def from_its_page(client: Client, agent: Agent) -> HttpResponse:
    return client.post(address(Agent, "delete", agent.pk), {"post": "yes"}, follow=True)  # type: ignore[return-value]


def from_the_list(client: Client, agent: Agent) -> HttpResponse:
    return act(client, "delete_selected", agent, post="yes")


def the_rules_alone(client: Client, agent: Agent) -> HttpResponse:
    rules: list[Model] = list(PolicyRule.objects.filter(agent=agent))
    return act(client, "delete_selected", *rules, post="yes")


@pytest.fixture
def mia(workspace: Workspace) -> Agent:
    """An agent with two rules."""
    mia = Agent.objects.create(workspace=workspace, name="mia", model="demo")
    for name in ("first", "second"):
        add_rule(PolicyRule(workspace=workspace, name=name, effect="ask", agent=mia), actor=SYSTEM)
    return mia


@pytest.mark.parametrize("delete", [from_its_page, from_the_list])
def test_an_agents_rules_go_with_it_and_each_says_so(superuser: Client, mia: Agent, delete: Deleting) -> None:
    delete(superuser, mia)
    assert not Agent.objects.filter(pk=mia.pk).exists() and not PolicyRule.objects.exists()
    told = AuditEntry.objects.filter(action__endswith=".deleted").order_by("id")
    assert [one.action for one in told] == ["policyrule.deleted", "policyrule.deleted", "agent.deleted"]
    last = RuleVersion.objects.filter(change="deleted").order_by("name")
    assert [(str(one), one.wording["agent"], one.reason) for one in last] == [
        ("first v2", "mia", "The agent mia was deleted."),
        ("second v2", "mia", "The agent mia was deleted."),
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("delete", [from_its_page, from_the_list, the_rules_alone])
def test_a_rule_is_changed_while_it_is_deleted_with_others(superuser: Client, mia: Agent, delete: Deleting) -> None:
    """Neither waits for the other for ever, and the wording that was last is kept."""
    held = threading.Event()

    def change() -> str:
        rule = PolicyRule.objects.select_related("workspace", "agent").get(name="second")
        with transaction.atomic():
            PolicyRule.objects.filter(pk=rule.pk).update(updated_at=timezone.now())
            held.set()
            wait_until_somebody_waits()
            rule.effect = "deny"
            return str(change_rule(rule, seen=1, actor=SYSTEM))

    def deletion() -> int:
        assert held.wait(PATIENCE_SECONDS)
        return delete(superuser, mia).status_code

    assert race(change, deletion) == ["second v2", 200]
    assert not PolicyRule.objects.exists()
    last = RuleVersion.objects.get(name="second", change="deleted")
    assert (last.number, last.wording["effect"]) == (3, "deny")
