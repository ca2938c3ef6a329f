"""Runs the publisher against a real web process and works the figures out. Started by `publish_latency`."""

import argparse
import asyncio
import json
import statistics
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import django

django.setup(set_prefix=False)

from django.core.management import call_command  # noqa: E402

from agents_app.models import Agent  # noqa: E402
from sessions_app.actors import SYSTEM  # noqa: E402
from sessions_app.models import Session, Workspace  # noqa: E402
from sessions_app.services.api_keys import create_api_key  # noqa: E402
from sessions_app.services.sessions import open_session  # noqa: E402
from tests.bench.receivers import connect, wait_for  # noqa: E402
from tests.servers.processes import Processes, Web, environment  # noqa: E402

Moments = list[tuple[int, float, float]]
SETTLE_SECONDS = 20


def prepare() -> tuple[Session, str]:
    """A database with one session in it, and a key to read it with."""
    call_command("migrate", verbosity=0)
    workspace = Workspace.objects.create(name="bench")
    Agent.objects.create(workspace=workspace, name="demo", model="demo", is_default=True)
    return open_session(workspace, actor=SYSTEM, name="bench"), create_api_key(workspace, ["all"], actor=SYSTEM)[1]


async def run(web: Web, session: Session, key: str, arguments: argparse.Namespace) -> dict[str, object]:
    receivers = await connect(arguments.readers, web.port, f"/api/v1/sessions/{session.name}/events", key)
    words = ["-m", "tests.bench.publisher", str(session.pk), str(arguments.rate), str(arguments.seconds)]
    publisher = await asyncio.create_subprocess_exec(
        sys.executable, *words, env=environment(), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await publisher.communicate()
    moments: Moments = json.loads(said)
    await wait_for(receivers, moments[-1][0], SETTLE_SECONDS)
    arrived = [(before, [each.arrivals[seq] for each in receivers]) for seq, before, _ in moments]
    return {
        "db": arguments.db,
        "readers": arguments.readers,
        "events": len(moments),
        "events_per_second": arguments.rate,
        "record_to_receipt_ms": spread([at - before for before, times in arrived for at in times]),
        "record_to_first_reader_ms": spread([min(times) - before for before, times in arrived]),
        "record_to_last_reader_ms": spread([max(times) - before for before, times in arrived]),
        "record_itself_ms": spread([after - before for _, before, after in moments]),
    }


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """In milliseconds."""
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    figures = {"p50": cuts[49], "p90": cuts[89], "p99": cuts[98], "max": max(seconds)}
    return {name: round(value * 1000, 2) for name, value in figures.items()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--db")
    parser.add_argument("--json")
    parser.add_argument("--readers", type=int)
    parser.add_argument("--rate", type=float)
    parser.add_argument("--seconds", type=float)
    arguments = parser.parse_args()
    session, key = prepare()
    with closing(Processes(arguments.folder)) as processes:
        figures = asyncio.run(run(processes.web(), session, key, arguments))
    text = json.dumps(figures, indent=2)
    sys.stdout.write(f"{text}\n")
    if arguments.json:
        Path(arguments.json).write_text(f"{text}\n")


if __name__ == "__main__":
    main()
