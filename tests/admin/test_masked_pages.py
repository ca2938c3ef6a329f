"""No page and no list of the admin shows what nobody is to read."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from agents_app.models import Conversation, PermissionRequest, Run, ToolCall
from sessions_app.masking.texts import MASK
from sessions_app.models import Handoff, Session
from sessions_app.services.handoffs import request_handoff
from tests.agents.policies import at_work
from tests.agents.work import CARLA
from tests.privacy.asking import GIVEN, SHOWN, asked_to_pay

pytestmark = pytest.mark.django_db(transaction=True)
SECRETS = ("4111 1111 1111 1111", "DE1", "hunter2")


@pytest.fixture
def client(supervisor: User) -> Client:
    supervisor.is_staff = True
    supervisor.save()
    found = Client()
    found.force_login(supervisor)
    return found


@pytest.fixture
def asked(session: Session) -> PermissionRequest:
    Session.objects.filter(pk=session.pk).update(metadata={"password": "hunter2", "plan": "gold"})
    asked = asked_to_pay(session)
    ToolCall.objects.update(effective_arguments=GIVEN, result={"iban": "DE1"}, started_at=asked.requested_at)
    Run.objects.update(prompt=f"pay with {SECRETS[0]}")
    Conversation.objects.update(text='[{"args": {"password": "hunter2"}}]')
    return asked


def shown(client: Client, model: Any, pk: Any = None) -> str:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    address = reverse(f"{name}_change", args=[pk]) if pk else reverse(f"{name}_changelist")
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("model", [PermissionRequest, ToolCall, Run, Conversation, Session])
def test_a_page_and_its_list_show_masks(client: Client, asked: PermissionRequest, model: Any) -> None:
    page = shown(client, model, model.objects.get().pk)
    assert MASK in page
    for text in (page, shown(client, model)):
        assert not [secret for secret in SECRETS if secret in text]


def test_a_handoffs_page_shows_masks(client: Client, session: Session) -> None:
    at_work(session)
    request_handoff(session, actor=CARLA, reason=f"refund {SECRETS[0]}")
    page = shown(client, Handoff, Handoff.objects.get().pk)
    assert MASK in page and SECRETS[0] not in page


def test_what_was_only_looked_at_is_as_it_was(client: Client, asked: PermissionRequest) -> None:
    shown(client, ToolCall, ToolCall.objects.get().pk)
    assert ToolCall.objects.get().effective_arguments == GIVEN


def test_approving_other_arguments_on_the_page_keeps_what_is_masked(client: Client, asked: PermissionRequest) -> None:
    typed = json.dumps({**SHOWN, "amount": "5"})
    address = reverse("admin:agents_app_permissionrequest_decide", args=[asked.pk])
    client.post(address, {"answer": "edit", "arguments": typed, "reason": f"not {SECRETS[0]}"})
    asked.refresh_from_db()
    assert asked.edited_arguments == {**GIVEN, "amount": "5"}
    assert asked.reason == f"not {MASK} (card number)"
