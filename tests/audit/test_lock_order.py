"""Whoever writes entries waits for each other, and never for ever."""

import threading
import time

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client

from agents_app.models import Agent
from sessions_app.actors import SYSTEM
from sessions_app.models import AuditChain, Session, Workspace
from sessions_app.services.audit_reading import verify_chain
from sessions_app.services.sessions import open_session
from tests.admin.pages import address
from tests.agents.races import race
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)
# A lock of a row is waited for as one of a transaction, which belongs to no database: whoever waits does.
WAITING = """
    SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = current_database()
"""


def wait_until_somebody_waits() -> None:
    """On SQLite, which has one lock for all, they do anyway."""
    until = time.monotonic() + PATIENCE_SECONDS
    while connection.vendor == "postgresql" and time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)


def test_a_workspace_is_renamed_while_a_session_is_opened_in_it(workspace: Workspace, agent: Agent) -> None:
    """PostgreSQL looks at the workspace's row when the session is committed. A new name has locked it by then."""
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    page = address(Workspace, "change", workspace.pk)
    shown = client.get(page).context["adminform"].form
    fields = {field.html_name: field.value() for field in shown if field.value() is not None}
    opened = threading.Event()

    def begin() -> None:
        with transaction.atomic():
            open_session(workspace, actor=SYSTEM, name="talk")
            opened.set()
            wait_until_somebody_waits()

    def rename() -> int:
        assert opened.wait(PATIENCE_SECONDS)
        return client.post(page, {**fields, "name": "renamed"}).status_code

    assert race(begin, rename) == [None, 302]
    assert Workspace.objects.get().name == "renamed" and Session.objects.get().name == "talk"
    assert verify_chain(AuditChain.objects.get(workspace=workspace)).broken is None
