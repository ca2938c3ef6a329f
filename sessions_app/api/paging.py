"""Cursor pagination: `{"items": […], "next": cursor|null}`, newest first.

A cursor is a place in the order, not an offset: rows that arrive while somebody pages neither repeat nor hide others.
"""

import base64
import binascii
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from sessions_app.exceptions import BadRequest

M = TypeVar("M", bound=models.Model)
MAX_LIMIT = 200


def page(rows: models.QuerySet[M], *, cursor: str, limit: int, by: str = "created_at") -> dict[str, Any]:
    """One page of `rows`, ordered by the time `by` and the primary key, both falling.

    `limit` is brought into 1…200. Raises BadRequest for a cursor that this function did not make.
    """
    limit = max(1, min(limit, MAX_LIMIT))
    if cursor:
        at, key = _read(cursor, rows.model)
        rows = rows.filter(Q(**{f"{by}__lt": at}) | Q(**{by: at, "pk__lt": key}))
    items = list(rows.order_by(f"-{by}", "-pk")[: limit + 1])
    more = len(items) > limit
    items = items[:limit]
    return {"items": items, "next": _write(items[-1], by) if more else None}


def _write(row: models.Model, by: str) -> str:
    return base64.urlsafe_b64encode(f"{getattr(row, by).isoformat()}|{row.pk}".encode()).decode()


def _read(cursor: str, model: type[models.Model]) -> tuple[datetime, Any]:
    try:
        at, _, key = base64.urlsafe_b64decode(cursor.encode()).decode().partition("|")
        return datetime.fromisoformat(at).astimezone(UTC), model._meta.pk.to_python(key)
    except (binascii.Error, UnicodeError, ValueError, OverflowError, ValidationError):
        raise BadRequest("This cursor is not one of ours: take it from `next`.") from None
