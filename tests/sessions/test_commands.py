"""Commands for the people who run it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from sessions_app.models import ApiKey, Session, Workspace
from sessions_app.services.api_keys import find_api_key
from tests.patience import PATIENCE_SECONDS
from tests.servers.valkey import TestValkey
from tests.sessions.makers import tell

pytestmark = pytest.mark.django_db


def created(*options: str) -> str:
    out = StringIO()
    call_command("create_api_key", "shop", *options, stdout=out)
    return out.getvalue()


def test_a_key_stands_alone_on_standard_output_and_works(workspace: Workspace) -> None:
    printed = created()
    assert printed.count("\n") == 1
    key = find_api_key(printed.strip())
    assert key is not None
    assert (key.workspace, set(key.scopes), key.expires_at) == (workspace, set(ApiKey.Scope.values), None)


def test_a_key_may_be_narrow_short_lived_and_labelled(workspace: Workspace) -> None:
    created("--scopes", "sessions, messages", "--expires", "12h", "--label", "web chat")
    key = ApiKey.objects.get()
    assert (sorted(key.scopes), key.label) == (["messages", "sessions"], "web chat")
    assert key.expires_at is not None
    assert timedelta(hours=11) < key.expires_at - timezone.now() <= timedelta(hours=12)


@pytest.mark.parametrize(
    "options", [["nowhere"], ["shop", "--scopes", "root"], ["shop", "--expires", "soon"], ["shop", "--expires", "3"]]
)
def test_a_key_that_cannot_be_made_is_an_error_of_one_line(workspace: Workspace, options: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("create_api_key", *options)
    assert not ApiKey.objects.exists()


@pytest.fixture
def following(session: Session, valkey: TestValkey) -> Iterator["subprocess.Popen[str]"]:
    """`manage.py follow_session talk --json` in a process of its own."""
    where = connection.settings_dict
    if connection.vendor == "sqlite":
        address = f"sqlite:///{where['NAME']}"
    else:
        user = f"{where['USER']}:{where['PASSWORD']}" if where["PASSWORD"] else where["USER"]
        address = f"postgres://{user}@{where['HOST'].replace('/', '%2F')}:{where['PORT']}/{where['NAME']}"
    environment = {**os.environ, "DATABASE_URL": address, "REDIS_URL": valkey.url}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "follow_session", "shop/talk", "--json"],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


@pytest.mark.django_db(transaction=True)
def test_a_session_is_followed_from_a_terminal_until_ctrl_c(
    session: Session, following: "subprocess.Popen[str]"
) -> None:
    assert following.stdout is not None
    first = json.loads(following.stdout.readline())
    assert (first["seq"], first["type"]) == (1, "session_started")
    tell(session, "live\n🦊")
    second = json.loads(following.stdout.readline())
    assert (second["seq"], second["data"]["text"]) == (2, "live\n🦊")
    following.send_signal(signal.SIGINT)
    assert following.wait(PATIENCE_SECONDS) == 0


def test_a_session_nobody_knows_or_two_workspaces_know_is_an_error(
    session: Session, other_workspace: Workspace
) -> None:
    with pytest.raises(CommandError, match="no session"):
        call_command("follow_session", "unknown")
    Session.objects.create(workspace=other_workspace, name="talk")
    with pytest.raises(CommandError, match="workspace/talk"):
        call_command("follow_session", "talk")


def test_every_command_says_what_it_is_for() -> None:
    folder = Path(settings.BASE_DIR) / "sessions_app/management/commands"
    for file in folder.glob("[a-z]*.py"):
        assert "    help = " in file.read_text()
