"""`setup_demo` makes what a newcomer needs, once, and opens no door on somebody's server."""

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import models
from pytest_django import Settings

from agents_app.models import Agent, Order
from agents_app.tools.catalogue import TOOLS
from sessions_app.models import CannedReply, HandoffRule, Membership, Workspace
from sessions_app.services.handoff_rules import said_in

pytestmark = pytest.mark.django_db
PASSWORDS = {"operator": "known to the operator", "supervisor": "known to the supervisor"}


def set_up() -> str:
    out = StringIO()
    call_command("setup_demo", stdout=out, stderr=out)
    return out.getvalue()


def everything() -> list[list[dict[str, object]]]:
    kinds: list[type[models.Model]] = [Workspace, Agent, Order, User, Membership, CannedReply, HandoffRule]
    return [list(kind._default_manager.order_by("pk").values()) for kind in kinds]


def test_it_makes_a_workspace_with_an_agent_orders_and_people() -> None:
    set_up()
    workspace = Workspace.objects.get(name="demo")
    agent = Agent.objects.get(workspace=workspace)
    assert (agent.model, agent.is_default, agent.tools) == ("demo", True, list(TOOLS))
    numbers = Order.objects.filter(workspace=workspace).values_list("number", flat=True)
    assert list(numbers) == list(range(1001, 1021))
    roles = dict(Membership.objects.filter(workspace=workspace).values_list("user__username", "role"))
    assert roles == {"operator": "operator", "supervisor": "supervisor"}


def test_a_customer_who_wants_a_real_person_gets_one_and_human_please_is_left_to_the_agent() -> None:
    set_up()
    keywords = HandoffRule.objects.get(workspace__name="demo", kind="keyword").keywords
    assert said_in(keywords, "May I talk to a human?") and not said_in(keywords, "human please")


def test_running_it_again_changes_nothing(settings: Settings) -> None:
    settings.DEMO_PASSWORDS = PASSWORDS
    set_up()
    before = everything()
    set_up()
    assert everything() == before


def test_running_it_again_keeps_what_people_have_changed(settings: Settings) -> None:
    settings.DEMO_PASSWORDS = PASSWORDS
    set_up()
    Agent.objects.update(title="Ours", tools=[])
    Order.objects.update(refunded_cents=100)
    operator = User.objects.get(username="operator")
    operator.set_password("a better one")
    operator.save()
    set_up()
    operator.refresh_from_db()
    assert operator.check_password("a better one")
    assert Agent.objects.get().title == "Ours" and Order.objects.filter(refunded_cents=100).count() == 20


def test_without_demo_passwords_in_the_settings_nobody_can_log_in(settings: Settings) -> None:
    assert not hasattr(settings, "DEMO_PASSWORDS")
    set_up()
    assert [user.has_usable_password() for user in User.objects.all()] == [False, False]


def test_with_demo_passwords_in_the_settings_they_work_and_are_not_printed(settings: Settings) -> None:
    settings.DEMO_PASSWORDS = PASSWORDS
    printed = set_up()
    assert all(User.objects.get(username=name).check_password(PASSWORDS[name]) for name in PASSWORDS)
    assert not [password for password in PASSWORDS.values() if password in printed]


def test_it_takes_over_no_login_that_is_there_already(settings: Settings) -> None:
    settings.DEMO_PASSWORDS = PASSWORDS
    User.objects.create_user("operator", password="somebody's own")
    set_up()
    assert User.objects.get(username="operator").check_password("somebody's own")


@pytest.mark.parametrize("language", ["en", "zh-hans", "ja", "es", "fr"])
def test_operators_find_the_same_canned_replies_in_every_language_of_the_pages(language: str) -> None:
    set_up()
    found = CannedReply.objects.all().in_language(language)
    assert sorted(reply.shortcut for reply in found) == ["closing", "greeting", "one-moment", "refund-sent"]
    assert {reply.language for reply in found} == {"" if language == "en" else language}
