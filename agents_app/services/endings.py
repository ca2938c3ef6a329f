"""How a run ends: exactly once, with exactly one terminal event, and the next one in line is called."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agents_app.dispatch import enqueue_run
from agents_app.models import PermissionRequest, Run, ToolCall
from agents_app.services.clearing import clear_request
from agents_app.services.doubts import after_answer, after_failure
from agents_app.services.fence import held
from agents_app.services.speaking import discard_drafts
from agents_app.services.steering import start_unheard
from sessions_app.actors import SYSTEM, Actor
from sessions_app.events.record import record
from sessions_app.events.types import EventType
from sessions_app.masking.texts import mask_text
from sessions_app.models import Session
from sessions_app.services.audit import write_audit


def complete_run(run: Run, *, usage: Mapping[str, int], confidence: float | None = None) -> None:
    """The agent has said all it wanted to. How sure it was of it may bring a person in."""
    with held(run):
        run.usage = dict(usage)
        Run.objects.filter(pk=run.pk).update(usage=run.usage)
        _end(run, Run.Status.COMPLETED, EventType.RUN_COMPLETED, {"usage": run.usage})
        after_answer(run, confidence)
        _call_next(run)


def fail_run(run: Run, *, code: str, detail: str) -> None:
    """The worker that holds the run gives up. `detail` is for people and holds no secret."""
    with held(run):
        end_failed(run, code=code, detail=detail)


def end_failed(run: Run, *, code: str, detail: str) -> None:
    """As `fail_run`, for callers that hold the session's lock and know the run's state themselves."""
    detail = mask_text(detail)
    Run.objects.filter(pk=run.pk).update(error_code=code, error_detail=detail)
    _end(run, Run.Status.FAILED, EventType.RUN_FAILED, {"code": code, "detail": detail})
    after_failure(run)
    _call_next(run)


def canceller_of(run: Run) -> Actor | None:
    """Who asked this run to stop. None when nobody did. The caller holds the session's lock."""
    run.refresh_from_db(fields=["cancel_requested_at", "cancel_requested_by"])
    if run.cancel_requested_at is None:
        return None
    return Actor(**run.cancel_requested_by) if run.cancel_requested_by else SYSTEM


def first_in_line(session: Session) -> UUID | None:
    """The run of a session whose turn it is to be claimed."""
    return Run.objects.ready().filter(session=session).values_list("pk", flat=True).first()


def end_cancelled(run: Run, *, by: Actor) -> None:
    """Settle everything a run left open and end it. The caller holds the session's lock."""
    for request in PermissionRequest.objects.pending().filter(run=run).select_related("run__session", "tool_call"):
        clear_request(request, PermissionRequest.Status.CANCELLED, actor=by, reason="The run was cancelled.")
    write_audit(run.session.workspace, "run.cancelled", actor=by, session=run.session, target=run.pk)
    _end(run, Run.Status.CANCELLED, EventType.RUN_CANCELLED, {"by": by.role or by.kind})
    _call_next(run)


def cancel_now_or_soon(run: Run, *, actor: Actor) -> None:
    """End an unfinished run that is not executing; ask one that is. The caller holds the session's lock."""
    if run.status == Run.Status.RUNNING:
        # Its worker sees this at its next look and ends the run itself; the first to ask is named.
        asked = Run.objects.filter(pk=run.pk, cancel_requested_at__isnull=True)
        if asked.update(cancel_requested_at=timezone.now(), cancel_requested_by=asdict(actor)):
            # Said at once: when the run is over before its worker looks, nothing else tells who wanted to stop it.
            write_audit(run.session.workspace, "run.cancel_requested", actor=actor, session=run.session, target=run.pk)
    else:
        end_cancelled(run, by=actor)


def _end(run: Run, status: Run.Status, type: EventType, data: Mapping[str, Any]) -> None:
    _drop_calls(run)
    discard_drafts(run)
    Run.objects.filter(pk=run.pk).update(status=status, ended_at=timezone.now(), lease_until=None)
    run.status = status
    record(run.session, type, data, run=run.pk)


def _call_next(run: Run) -> None:
    start_unheard(run)
    following = first_in_line(run.session)
    if following is not None:
        transaction.on_commit(partial(enqueue_run, following))


def _drop_calls(run: Run) -> None:
    """Tool calls that will not go on any more. One that was executing may have had its effect: it is unknown."""
    for call in run.tool_calls.exclude(status__in=ToolCall.SETTLED):
        status = ToolCall.Status.CANCELLED
        if call.status == ToolCall.Status.EXECUTING:
            status = ToolCall.Status.UNKNOWN
        ToolCall.objects.filter(pk=call.pk).update(status=status, ended_at=timezone.now())
        data = {"tool_call_id": call.tool_call_id, "tool_name": call.tool_name, "status": status}
        record(run.session, EventType.TOOL_STATUS, data, run=run.pk)
