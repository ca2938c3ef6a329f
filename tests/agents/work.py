"""Short ways to let a customer speak, to carry runs on, and to read what the log says about it."""

import json
from typing import Any

from django.http import HttpResponse

from agents_app.backends.base import Backend
from agents_app.models import PermissionRequest, Run
from agents_app.runner import advance
from agents_app.services.claims import claim_run
from sessions_app.actors import Actor, ActorKind
from sessions_app.events.types import RUN_ENDS, EventType
from sessions_app.models import Session, StoredEvent
from sessions_app.services.messages import Role, Said, say

CARLA = Actor(ActorKind.CUSTOMER, "carla", role="customer")


def customer_says(session: Session, text: str) -> Said:
    return say(session, text, actor=CARLA, role=Role.CUSTOMER)


def asked(session: Session, text: str) -> Run:
    """The run that is to answer what the customer says now."""
    run_id = customer_says(session, text).run_id
    assert run_id is not None
    return Run.objects.get(pk=run_id)


def claimed(run: Run) -> Run:
    """The run as the worker that has just taken it up knows it."""
    taken = claim_run(run.pk)
    assert taken is not None
    return taken


def carry_on(run: Run, backend: Backend | None = None) -> Run:
    """What a worker does: take the run up and go as far as possible. Returns it as it then is."""
    advance(claimed(run), backend)
    return fresh(run)


def answered(session: Session, text: str, backend: Backend | None = None) -> Run:
    return carry_on(asked(session, text), backend)


def fresh(run: Run) -> Run:
    return Run.objects.select_related("session__workspace", "agent").get(pk=run.pk)


def request_of(run: Run) -> PermissionRequest:
    """The one question of this run that waits for a person, as a view would load it."""
    rows = PermissionRequest.objects.pending().filter(run=run)
    return rows.select_related("run__session__workspace", "run__agent", "tool_call").get()


def log(session: Session, *types: EventType) -> list[StoredEvent]:
    rows = StoredEvent.objects.filter(session=session)
    return list((rows.filter(type__in=types) if types else rows).order_by("seq"))


def types(session: Session) -> list[str]:
    return [event.type for event in log(session)]


def data(session: Session, *types: EventType) -> list[dict[str, Any]]:
    return [event.data for event in log(session, *types)]


def said(session: Session, role: str = "agent") -> list[str]:
    """The whole messages of one role."""
    return [entry["text"] for entry in data(session, EventType.MESSAGE_COMPLETED) if entry["role"] == role]


def ends(run: Run) -> list[str]:
    """The terminal events of a run: a run that is over has one."""
    rows = StoredEvent.objects.filter(run=run.pk, type__in=RUN_ENDS)
    return list(rows.order_by("seq").values_list("type", flat=True))


def statuses(session: Session, tool_name: str) -> list[str]:
    """How a tool's calls stood, one after the other."""
    return [entry["status"] for entry in data(session, EventType.TOOL_STATUS) if entry["tool_name"] == tool_name]


def told(answer: HttpResponse) -> Any:
    """The JSON of an answer of the REST API."""
    return json.loads(answer.content)
