"""Texts that operators say often."""

import pytest
from django.db import IntegrityError, transaction

from sessions_app.actors import SYSTEM
from sessions_app.models import CannedReply, Workspace
from sessions_app.services.api_keys import create_api_key
from tests.builders import KeyClient, MemberClient
from tests.sessions.refusals import refused, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def replies(workspace: Workspace, other_workspace: Workspace) -> None:
    for shortcut, language, text in (
        ("bye", "", "Goodbye."),
        ("hello", "", "Hello!"),
        ("hello", "fr", "Bonjour !"),
        ("merci", "fr", "Merci."),
        ("hello", "fr-ca", "Allô !"),
        ("hello", "ja", "こんにちは"),
    ):
        CannedReply.objects.create(workspace=workspace, shortcut=shortcut, language=language, text=text)
    CannedReply.objects.create(workspace=other_workspace, shortcut="foreign", text="Not yours.")


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("fr", ["Bonjour !", "Merci.", "Goodbye."]),
        ("fr-CA", ["Allô !", "Merci.", "Goodbye."]),
        ("ja", ["こんにちは", "Goodbye."]),
        ("es", ["Goodbye.", "Hello!"]),
    ],
)
def test_the_languages_own_come_first_and_those_without_one_stand_in(
    replies: None, operator_api: MemberClient, language: str, texts: list[str]
) -> None:
    items = told(operator_api.get("/canned-replies", language=language))["items"]
    assert [item["text"] for item in items] == texts


def test_without_a_language_all_are_listed(replies: None, operator_api: MemberClient) -> None:
    items = told(operator_api.get("/canned-replies"))["items"]
    assert len(items) == 6 and {"shortcut": "merci", "text": "Merci.", "language": "fr"} in items


def test_they_are_for_operators(replies: None, workspace: Workspace) -> None:
    customers = create_api_key(workspace, ["sessions", "messages"], actor=SYSTEM)[1]
    assert refused(KeyClient(customers).get("/canned-replies"), 403, "forbidden")


def test_a_shortcut_has_one_text_per_language(replies: None, workspace: Workspace) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CannedReply.objects.create(workspace=workspace, shortcut="hello", language="fr", text="Salut !")
