"""Every address of the admin, found where Django finds it, so that a new one is in the tests by itself."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from asgiref.sync import async_to_sync
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from sessions_app.models import Workspace

ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
# What stands in addresses for other things than rows.
CHOSEN = {"action": "close", "format": "json"}
# What happened to a request.
OPEN = "open"
LOGIN = "to the login"
REFUSED = "refused"
UNKNOWN = "as if there were no such row"
MISSING = "no such page"
METHOD = "not by this method"


@dataclass(frozen=True)
class Place:
    """One address. `name` is the route's, without the model's; "" when it has none."""

    name: str
    route: str
    model: type[Model] | None = None

    def address(self, row: Model) -> str:
        """`row` is what the address is about, if it is about a row."""
        if self.name == "app_list":
            return reverse("admin:app_list", kwargs={"app_label": "sessions_app"})
        if self.route.startswith("(?P<url>"):
            return "/admin/nowhere"
        values = {"content_type_id": str(ContentType.objects.get_for_model(row).pk), **CHOSEN}
        return "/admin/" + ARGUMENT.sub(lambda found: values.get(found[1], str(quote(row.pk))), self.route)


def places() -> list[Place]:
    return list(_walk(admin.site.get_urls()))


def _walk(patterns: Sequence[Any], prefix: str = "") -> Iterator[Place]:
    by_prefix = {f"{model._meta.app_label}/{model._meta.model_name}/": model for model in admin.site._registry}
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
            continue
        assert isinstance(pattern, URLPattern)
        model = by_prefix.get(prefix)
        name = pattern.name or ""
        if model is not None:
            name = name.removeprefix(f"{model._meta.app_label}_{model._meta.model_name}_")
        yield Place(name, route, model)


def ask(user: User | None, method: str, address: str, body: dict[str, Any] | None = None) -> HttpResponse:
    """In a browser of their own: one of the addresses logs people out."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client.post(address, body or {}) if method == "POST" else client.get(address)  # type: ignore[return-value]  # the test client's own kind


def outcome(answer: HttpResponse) -> str:
    to = answer.headers.get("Location", "")
    if answer.status_code == 302:
        if to.startswith("/admin/login/"):
            return LOGIN
        return UNKNOWN if to == "/admin/" else OPEN
    return {200: OPEN, 403: REFUSED, 404: MISSING, 405: METHOD}[answer.status_code]


def tells_of(answer: HttpResponse, workspace: Workspace, mark: str) -> list[str]:
    """Which words of a workspace are in an answer: its name, and what its rows are called."""
    text = async_to_sync(_streamed)(answer) if answer.streaming else answer.content.decode()
    return [word for word in (f"-{mark}", f">{workspace.name}<") if word in text]


async def _streamed(answer: HttpResponse) -> str:
    return b"".join([part async for part in answer]).decode()  # type: ignore[attr-defined]  # one that is streamed
