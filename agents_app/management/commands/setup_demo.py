"""Everything a newcomer needs to see the product work."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand
from django.db import transaction

from agents_app.management.demo_replies import DEMO_REPLIES
from agents_app.models import Agent, Order
from agents_app.tools.catalogue import TOOLS
from sessions_app.models import CannedReply, HandoffRule, Membership, Session, Workspace

# "human please" is not among them: it shows that the agent can ask, too.
WISHES = ["real person", "talk to a person", "talk to a human", "speak to a person", "speak to a human"]
ITEMS = ["Desk lamp", "Notebook set", "Walking boots", "Tea kettle", "Rain jacket"]


class Command(BaseCommand):
    help = "Create the workspace demo, its agent, users, orders and canned replies. Running it again changes nothing."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        workspace, _ = Workspace.objects.get_or_create(name="demo", defaults={"title": "Demo shop"})
        Agent.objects.get_or_create(
            workspace=workspace,
            name="demo",
            defaults={"title": "Rule-based demo", "model": "demo", "tools": list(TOOLS), "is_default": True},
        )
        for name in ("operator", "supervisor"):
            self._user(workspace, name)
        HandoffRule.objects.get_or_create(
            workspace=workspace,
            name="asked for a person",
            defaults={"kind": HandoffRule.Kind.KEYWORD, "keywords": WISHES, "priority": Session.Priority.HIGH},
        )
        for number in range(1001, 1021):
            Order.objects.get_or_create(
                workspace=workspace,
                number=number,
                defaults={
                    "item": ITEMS[number % len(ITEMS)],
                    "total_cents": 1990 + (number - 1001) * 500,
                    "status": Order.Status.SHIPPED if number % 2 else Order.Status.DELIVERED,
                },
            )
        for language, replies in DEMO_REPLIES.items():
            for shortcut, text in replies.items():
                CannedReply.objects.get_or_create(
                    workspace=workspace, shortcut=shortcut, language=language, defaults={"text": text}
                )
        self.stdout.write("The workspace demo is ready.")

    def _user(self, workspace: Workspace, name: str) -> None:
        """A login with a known password only where the settings say so: on somebody's own machine."""
        user, new = User.objects.get_or_create(username=name, defaults={"is_staff": name == "supervisor"})
        if new:
            password = getattr(settings, "DEMO_PASSWORDS", {}).get(name)
            user.set_password(password)  # None makes it unusable until somebody sets one
            user.save()
        Membership.objects.get_or_create(user=user, workspace=workspace, defaults={"role": name})
