"""Play a customer's conversation over the public API, show it as it is spoken, and check that nothing was missed."""

import asyncio
import logging
from argparse import ArgumentParser
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.demo.heard import Missed
from config.demo.product import Product
from config.demo.props import demo_workspace, refundable_order, short_lived_key
from config.demo.scene import play
from config.demo.screen import Screen
from config.demo.server import WORKER_SECONDS, answers, own_server, wait_until_ready


class Command(BaseCommand):
    help = (
        "Play a conversation against a running server of this installation, or one started for it. Exits with 0 only "
        "if everything that was to happen was seen on the stream."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--url", default="", help="instead of host and port; nothing is started then")

    def handle(self, *args: Any, **options: Any) -> None:
        # It would write down whole addresses, and in one of them is a stream ticket.
        logging.getLogger("httpx2").setLevel(logging.WARNING)
        screen = Screen(self.stdout, self.style)
        try:
            workspace = demo_workspace()
            order = refundable_order(workspace)
            with _server(screen, options) as url, short_lived_key(workspace) as key:
                screen.note(f"playing against {url}")
                asyncio.run(_play(url, key, screen, order))
        except Missed as missed:
            raise CommandError(str(missed)) from missed
        except KeyboardInterrupt:
            raise CommandError("Stopped.", returncode=130) from None
        screen.note("everything was seen: tools, permission, refund, denial, every word and every event")


async def _play(url: str, key: str, screen: Screen, order: int) -> None:
    async with Product(url, key) as product:
        await play(product, screen, order=order)


def _server(screen: Screen, options: dict[str, Any]) -> AbstractContextManager[str]:
    url = options["url"].rstrip("/") or f"http://{options['host']}:{options['port']}"
    if answers(url):
        wait_until_ready(url, seconds=WORKER_SECONDS)
        return nullcontext(url)
    if options["url"]:
        raise Missed(f"Nothing answers at {url}.")
    return own_server(options["host"], screen.note)
