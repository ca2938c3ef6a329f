"""What `manage.py check --deploy` warns of."""

from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings


@pytest.mark.parametrize(("workspace", "proxies", "warned"), [("shop", 0, True), ("shop", 1, False), ("", 0, False)])
def test_an_open_chat_page_behind_no_counted_proxy_is_warned_of(
    settings: Settings, workspace: str, proxies: int, warned: bool
) -> None:
    settings.CHAT_WORKSPACE, settings.TRUSTED_PROXIES = workspace, proxies
    told = StringIO()
    call_command("check", "--deploy", stdout=told, stderr=told)
    assert ("handrail.W001" in told.getvalue()) is warned
