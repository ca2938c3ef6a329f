"""Addresses of the admin, and what the admin shows."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from sessions_app.admin.configuration import ConfigurationAdmin

OURS = ("sessions_app", "agents_app")
MODELS = [model for model in admin.site._registry if model._meta.app_label in OURS]
CONFIGURATION = [model for model in MODELS if isinstance(admin.site.get_model_admin(model), ConfigurationAdmin)]
# Whatever is not set up by hand is evidence, so that a new model is held to more and not to less.
EVIDENCE = [model for model in MODELS if model not in CONFIGURATION]


def name_of(model: type[Model]) -> str:
    return model.__name__


def address(model: type[Model], page: str, *arguments: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


def listed(client: Client, model: type[Model], **query: str) -> list[Model]:
    """The rows of a list as this person sees them."""
    answer = client.get(address(model, "changelist"), query)
    assert answer.status_code == 200, answer.content
    return list(answer.context["cl"].result_list)


def act(client: Client, action: str, *rows: Model, **fields: str) -> HttpResponse:
    """Carry out an action on rows ticked in their list."""
    return client.post(  # type: ignore[return-value]  # the test client's own kind of response
        address(type(rows[0]), "changelist"),
        {"action": action, "_selected_action": [str(row.pk) for row in rows], "index": "0", **fields},
        follow=True,
    )


def said(answer: HttpResponse) -> list[str]:
    return [str(message) for message in answer.context["messages"]]  # type: ignore[attr-defined]
