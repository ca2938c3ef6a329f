"""Forgetting a customer who asks for it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sessions_app.actors import SYSTEM
from sessions_app.exceptions import Unprocessable
from sessions_app.management.workspaces import workspace_named
from sessions_app.models import StoredEvent
from sessions_app.services.erasing import erase_customer, sessions_of


class Command(BaseCommand):
    help = (
        "Erase what a customer said and was told in a workspace: words go, numbers stay. Open sessions are closed. "
        "Nobody can bring it back. Interrupted, it can be run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("workspace")
        parser.add_argument("customer", help="as sessions name them; a visitor is visitor-…")
        parser.add_argument("--dry-run", action="store_true", help="say what there is, and erase nothing")
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument("--reason", default="", help="kept in the audit history: do not name the customer in it")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace, customer = workspace_named(options["workspace"]), options["customer"]
        found = sessions_of(workspace, customer)
        events = StoredEvent.objects.filter(session__in=found.order_by()).count()
        there = f"{found.count()} sessions, {found.open().count()} of them open, with {events} events"
        if options["dry_run"]:
            self.stdout.write(f"There are {there}. Nothing was erased.")
            return
        if not options["yes"]:
            self._ask(f"Erase {there} of {customer!r} in {workspace} for ever? Type yes: ")
        try:
            erased = erase_customer(workspace, customer, actor=SYSTEM, reason=options["reason"])
        except Unprocessable as error:
            raise CommandError(error.detail) from None
        self.stdout.write(f"Erased {erased.sessions} sessions and {erased.others} grants.")

    def _ask(self, question: str) -> None:
        try:
            answer = input(question)
        except EOFError:
            raise CommandError("Nobody is there to ask. Say --yes to erase without asking.") from None
        if answer.strip().lower() != "yes":
            raise CommandError("Nothing was erased.")
