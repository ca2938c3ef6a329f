"""How lists and pages show links, times and values."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator

SHORT = 90


def link(row: Model, text: object = "") -> str:
    """A link to a row's page."""
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return format_html('<a href="{}">{}</a>', reverse(name, args=[row.pk]), text or row)


def list_address(model: type[Model], **query: object) -> str:
    """The address of a list with only what the query says."""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{address}?{urlencode(query)}"


def list_link(model: type[Model], text: object, **query: object) -> str:
    return format_html('<a href="{}">{}</a>', list_address(model, **query), text)


def short(value: Any) -> str:
    """A value on one line of a list: a mapping as `name: value`, without the braces."""
    if isinstance(value, Mapping):
        value = ", ".join(f"{name}: {_plain(item)}" for name, item in value.items())
    return Truncator(_plain(value)).chars(SHORT)


def as_json(value: Any) -> str:
    """A value for people to read, and to edit."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def span(length: timedelta) -> str:
    """A length of time in its largest unit: 45 s, 12 min, 3 h, 2 d."""
    seconds = max(int(length.total_seconds()), 0)
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size or (unit == "min" and seconds >= size):
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
