"""No page of agent work shows what nobody is to read, and nobody's answer makes a mask of it."""

import re
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from agents_app.models import (
    Agent,
    Approval,
    Conversation,
    Grant,
    PermissionRequest,
    PolicyRule,
    Run,
    ToolCall,
)
from sessions_app.models import Session, Workspace
from tests.admin.pages import address
from tests.admin.rows import ask

SECRET = "hunter2-and-more"
GIVEN = {"order_number": 7, "password": SECRET}
WORDS = "My card is 4111 1111 1111 1111."
CARD = re.compile(r"4111.?1111")
REFUND_WITH_SECRET = "depot_send"


@pytest.fixture
def asked(session: Session, agent: Agent) -> PermissionRequest:
    """A call of a server's tool, in which everything holds a secret."""
    asked = ask(session, agent)
    ToolCall.objects.filter(pk=asked.tool_call_id).update(
        tool_name=REFUND_WITH_SECRET,
        proposed_arguments=GIVEN,
        effective_arguments=GIVEN,
        result={"token": SECRET},
        answer=WORDS,
    )
    PermissionRequest.objects.filter(pk=asked.pk).update(
        arguments=GIVEN,
        known={"password": SECRET},
        reasoning=WORDS,
        edited_arguments={**GIVEN, "order_number": 8},
        reason=WORDS,
    )
    Run.objects.filter(pk=asked.run_id).update(prompt=WORDS)
    asked.refresh_from_db()
    return asked


@pytest.fixture
def rows(asked: PermissionRequest, workspace: Workspace, session: Session) -> list[Model]:
    return [
        asked,
        asked.run,
        asked.tool_call,
        Approval.objects.create(request=asked, actor="user:anna", reason=WORDS),
        Conversation.objects.create(session=session, text=f'[{{"password": "{SECRET}", "said": "{WORDS}"}}]'),
        Grant.objects.create(
            workspace=workspace,
            tool=REFUND_WITH_SECRET,
            scope="workspace",
            conditions=[{"argument": "password", "operator": "is", "value": SECRET}],
            created_by="user:anna",
            reason=WORDS,
            expires_at="2999-01-01T00:00Z",
        ),
    ]


def shown(client: Client, to: str, **query: Any) -> str:
    answer = client.get(to, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_lists_and_pages_mask_arguments_results_and_words(supervising: Client, rows: list[Model]) -> None:
    for row in rows:
        for page in (address(type(row), "changelist"), address(type(row), "change", row.pk)):
            text = shown(supervising, page)
            assert SECRET not in text, page
            assert (found := CARD.search(text)) is None, text[found.start() - 300 : found.end() + 50]


def test_a_simulation_masks_the_arguments_it_lists(
    supervising: Client, workspace: Workspace, asked: PermissionRequest
) -> None:
    rule = PolicyRule.objects.create(workspace=workspace, name="free", tool="depot_*", effect="allow")
    text = shown(supervising, reverse("admin:agents_app_policyrule_without", args=[rule.pk]))
    assert "order_number: 7" in text and SECRET not in text


@pytest.mark.django_db(transaction=True)
def test_what_was_masked_on_the_page_runs_as_it_was(supervising: Client, asked: PermissionRequest) -> None:
    page: Any = supervising.get(address(PermissionRequest, "change", asked.pk))
    typed = page.context["page"].forms["edit"]["arguments"].value()
    body = {"answer": "edit", "arguments": typed.replace("8", "9")}
    supervising.post(reverse("admin:agents_app_permissionrequest_decide", args=[asked.pk]), body)
    asked.refresh_from_db()
    assert asked.status == "approved"
    assert asked.edited_arguments == {"order_number": 9, "password": SECRET}


@pytest.mark.django_db(transaction=True)
def test_a_plain_yes_to_masked_arguments_is_a_yes_to_what_they_hide(
    supervising: Client, asked: PermissionRequest
) -> None:
    page: Any = supervising.get(address(PermissionRequest, "change", asked.pk))
    seen = page.context["page"].forms["plain"]["seen"].value()
    assert SECRET not in seen
    body = {"answer": "approve", "seen": seen}
    supervising.post(reverse("admin:agents_app_permissionrequest_decide", args=[asked.pk]), body)
    asked.refresh_from_db()
    assert (asked.status, asked.edited_arguments) == ("approved", {"order_number": 8, "password": SECRET})
