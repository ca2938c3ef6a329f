"""What `manage.py check --deploy` warns of."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from pytest_django.fixtures import Settings


@pytest.mark.parametrize(("workspace", "proxies", "warned"), [("shop", 0, True), ("shop", 1, False), ("", 0, False)])
def test_an_open_chat_page_behind_no_counted_proxy_is_warned_of(
    settings: Settings, workspace: str, proxies: int, warned: bool
) -> None:
    settings.CHAT_WORKSPACE, settings.TRUSTED_PROXIES = workspace, proxies
    assert ("handrail.W001" in told()) is warned


@pytest.mark.parametrize(("key", "warned"), [("", True), ("a key", False)])
def test_exports_that_are_signed_with_a_key_of_one_machine_are_warned_of(
    settings: Settings, key: str, warned: bool
) -> None:
    settings.AUDIT_SIGNING_KEY = key
    assert ("handrail.W002" in told()) is warned


@pytest.mark.parametrize(
    ("patterns", "problem"),
    [({"id": "KD-("}, "no regular expression"), ({"id": "x*"}, "matches nothing"), (["KD"], "no JSON object")],
)
def test_masks_that_cannot_be_used_keep_everything_from_starting(
    settings: Settings, patterns: object, problem: str
) -> None:
    settings.MASKED_PATTERNS = patterns
    with pytest.raises(SystemCheckError, match=problem):
        call_command("check")


def told() -> str:
    said = StringIO()
    call_command("check", "--deploy", stdout=said, stderr=said)
    return said.getvalue()
