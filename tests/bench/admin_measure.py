"""Fills a database and asks for the admin's pages. Started by `admin_pages`."""

import argparse
import logging
import statistics
import sys
import time

import django

django.setup(set_prefix=False)

from django.contrib import admin  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_test_environment  # noqa: E402

from agents_app.models import PermissionRequest, Run  # noqa: E402
from sessions_app.models import AuditEntry, Session, StoredEvent, Workspace  # noqa: E402
from tests.bench.many_rows import fill  # noqa: E402

# Per list: a filter that leaves much, and words to be searched for.
ASKED = {
    Session: ("status=closed", "session-777"),
    StoredEvent: ("type=run_started", "session-777"),
    Run: ("status__exact=failed", "session-777"),
    PermissionRequest: ("status__exact=approved", "operator-7"),
    AuditEntry: ("actor_kind=system", "session.read"),
}
SLOW_MS = 100


def pages(workspace: Workspace) -> list[tuple[str, str]]:
    """What each page is called, and its address."""
    found = [("dashboard", f"/admin/?range={name}") for name in ("24h", "30d")]
    found.append(("dashboard of one", f"/admin/?range=30d&workspace={workspace.name}"))
    for model in admin.site._registry:
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        found.append((model.__name__, address))
        if model in ASKED:
            narrowed, words = ASKED[model]
            found += [(model.__name__, f"{address}?{narrowed}"), (model.__name__, f"{address}?q={words}")]
    return found


def measure(client: Client, address: str, rounds: int) -> tuple[list[float], int]:
    """Seconds, the first request left out, and the status."""
    seconds = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        answer = client.get(address)
        seconds.append(time.perf_counter() - began)
    return seconds[1:], answer.status_code


def explain(client: Client, address: str) -> None:
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    for query in captured.captured_queries:
        if float(query["time"]) * 1000 > SLOW_MS / 3:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {query['sql']}")
                plan = "\n".join(f"        {row[0]}" for row in cursor.fetchall())
            sys.stdout.write(f"    {query['time']} s: {query['sql']}\n{plan}\n")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sessions", type=int)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--explain", action="store_true")
    arguments = parser.parse_args()
    call_command("migrate", verbosity=0)
    began = time.perf_counter()
    fill(arguments.sessions)
    sys.stdout.write(f"{StoredEvent.objects.count():,} events in {time.perf_counter() - began:.0f} s\n")
    setup_test_environment()
    # That a supervisor may not see logins is a figure here, and not worth a traceback.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    for who in ("root", "supervisor"):
        client = Client()
        client.force_login(User.objects.get(username=who))
        for name, address in pages(Workspace.objects.get(name="shop-0")):
            seconds, status = measure(client, address, arguments.rounds)
            median, worst = statistics.median(seconds) * 1000, max(seconds) * 1000
            sys.stdout.write(f"{who:<11} {name:<18} {status} {median:6.0f} ms, worst {worst:6.0f} ms  {address}\n")
            sys.stdout.flush()
            if arguments.explain and median > SLOW_MS:
                explain(client, address)


if __name__ == "__main__":
    main()
