"""Run the whole product: web processes, worker, beat, and a Valkey where none is named."""

import asyncio
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.serving import health
from config.serving.listening import CannotListen, listen
from config.serving.output import Output
from config.serving.plan import Plan
from config.serving.reload import CAN_WATCH, changed_files
from config.serving.supervisor import NotReady, Supervisor
from config.serving.valkey import CannotStart, PrivateValkey

READY_POLL_SECONDS = 0.1
# Under reload nobody wants to wait for a run; its lease hands it on.
RELOAD_SECONDS = 3.0


class Command(BaseCommand):
    help = __doc__ or ""
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mode", choices=["dev", "prod"], default="dev")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, help="web processes (prod; default: one per processor)")
        parser.add_argument("--log-level", default=settings.LOG_LEVEL)
        parser.add_argument("--no-reload", action="store_true", help="do not restart on source changes")
        parser.add_argument("--no-worker", action="store_true", help="serve the web only")
        parser.add_argument("--check", action="store_true", help="ask a running server whether it is ready")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check(options["host"], options["port"])
            return
        try:
            self._serve(options)
        except (CannotListen, CannotStart, NotReady) as error:
            raise CommandError(str(error)) from error

    def _check(self, host: str, port: int) -> None:
        try:
            wrong = health.complaints(host, port)
        except health.NoAnswer as error:
            raise CommandError(str(error)) from error
        if wrong:
            raise CommandError("\n".join(wrong))
        self.stdout.write("ready")

    def _serve(self, options: dict[str, Any]) -> None:
        dev = options["mode"] == "dev"
        with listen(options["host"], options["port"]) as listening:
            valkey = None
            if not settings.REDIS_URL:
                valkey = PrivateValkey(settings.DATA_DIR / "valkey")
                valkey.claim()
            plan = Plan(
                listening_fd=listening.fileno(),
                web_processes=1 if dev else options["workers"] or os.cpu_count() or 1,
                with_worker=not options["no_worker"],
                valkey=valkey,
                log_level=options["log_level"],
            )
            output = Output(sys.stdout.buffer, coloured=sys.stdout.isatty())
            # While the web drains, a newcomer is to be refused and not kept waiting at the door.
            supervisor = Supervisor(plan.stages(), output, on_stop=listening.close)
            reload = dev and not options["no_reload"]
            # Port 0 means any, and only the socket knows which.
            port = listening.getsockname()[1]
            asyncio.run(self._run(supervisor, options["host"], port, reload=reload))

    async def _run(self, supervisor: Supervisor, host: str, port: int, *, reload: bool) -> None:
        beside = [asyncio.create_task(_announce(supervisor, host, port))]
        if reload and CAN_WATCH:
            beside.append(asyncio.create_task(_reload_on_change(supervisor)))
        try:
            await supervisor.run()
        finally:
            for task in beside:
                task.cancel()


async def _announce(supervisor: Supervisor, host: str, port: int) -> None:
    while not await asyncio.to_thread(health.is_serving, host, port):
        await asyncio.sleep(READY_POLL_SECONDS)
    supervisor.say(f"Handrail is ready at http://{host}:{port}/")
    for username, password in getattr(settings, "DEMO_PASSWORDS", {}).items():
        supervisor.say(f"demo login: {username} / {password}")


async def _reload_on_change(supervisor: Supervisor) -> None:
    async for names in changed_files(settings.BASE_DIR):
        supervisor.say(f"changed: {', '.join(names)}; starting again")
        await supervisor.reload(RELOAD_SECONDS)
