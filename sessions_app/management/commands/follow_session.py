"""Watch a session from a terminal."""

import asyncio
import json
from argparse import ArgumentParser
from contextlib import aclosing
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sessions_app.events.types import Event, EventType, Visibility
from sessions_app.models import Session
from sessions_app.streaming.hub import get_hub
from sessions_app.streaming.subscription import Beat, Ended, Reading, follow


class Command(BaseCommand):
    help = "Print a session's events, first those in the log and then as they happen, until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the session's name; workspace/name where several workspaces have one")
        parser.add_argument("--after", type=int, default=0, help="begin after this seq")
        parser.add_argument("--level", choices=[*Visibility], default=Visibility.SUPERVISOR)
        parser.add_argument("--json", action="store_true", help="one JSON object per line")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace, _, name = options["name"].rpartition("/")
        sessions = Session.objects.filter(name=name)
        if workspace:
            sessions = sessions.filter(workspace__name=workspace)
        found = list(sessions[:2])
        if not found:
            raise CommandError(f"There is no session {options['name']!r}.")
        if len(found) > 1:
            raise CommandError(f"Several workspaces have a session {name!r}: write workspace/{name}.")
        reading = Reading(found[0].pk, name, Visibility(options["level"]), cursor=options["after"])
        try:
            asyncio.run(self._follow(reading, as_json=options["json"]))
        except KeyboardInterrupt:
            self.stderr.write("")

    async def _follow(self, reading: Reading, *, as_json: bool) -> None:
        hub = get_hub()
        try:
            async with aclosing(follow(hub, [reading])) as happenings:
                async for happening in happenings:
                    if not isinstance(happening, Beat | Ended):
                        self._show(happening[1], as_json)
        finally:
            await hub.close()

    def _show(self, event: Event, as_json: bool) -> None:
        if as_json:
            line = {"seq": event.seq, "type": event.type, "data": dict(event.data)}
            self.stdout.write(json.dumps(line, ensure_ascii=False))
        elif event.type in (EventType.MESSAGE_CHUNK, EventType.REASONING_CHUNK):
            self.stdout.write(event.data["text"], ending="")
        else:
            seq = "" if event.seq is None else event.seq
            self.stdout.write(f"\n{event.timestamp:%H:%M:%S} {seq:>4} {event.type:<20} {json.dumps(dict(event.data))}")
        self.stdout.flush()
