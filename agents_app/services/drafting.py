"""Draft replies: an operator asks the session's agent what to say next. Nothing of it reaches the customer.

A request is a row with an end: a message, a worker or a model that is lost shows as `draft_failed` in the log.
"""

from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agents_app.dispatch import enqueue_draft
from agents_app.models import DraftReply
from agents_app.services.starting import agent_of
from sessions_app.actors import Actor
from sessions_app.events.record import lock, record
from sessions_app.events.types import EventType, Visibility
from sessions_app.exceptions import SessionClosed
from sessions_app.models import Session
from sessions_app.services.audit import write_audit

Status = DraftReply.Status
TOO_LATE = "The draft was not ready in time. Ask again."


@transaction.atomic
def request_draft(session: Session, *, actor: Actor) -> DraftReply:
    """Ask for a draft; one that is in progress already is returned instead.

    Raises SessionClosed, and UnknownAgent when the session's agent is gone.
    """
    lock(session)
    session.refresh_from_db()
    if session.status == Session.Status.CLOSED:
        raise SessionClosed
    current = DraftReply.objects.unfinished().filter(session=session).first()
    if current is not None and not expire_draft(current):
        return current
    draft = DraftReply.objects.create(session=session, agent=agent_of(session), requested_by=actor.name)
    write_audit(session.workspace, "draft_reply.requested", actor=actor, session=session, target=draft.pk)
    transaction.on_commit(partial(enqueue_draft, draft.pk))
    return draft


def claim_draft(draft_id: UUID) -> DraftReply | None:
    """Take a request up for this worker. None when the message came twice or too late."""
    queued = DraftReply.objects.filter(pk=draft_id, status=Status.QUEUED, expires_at__gt=timezone.now())
    if not queued.update(status=Status.WORKING):
        return None
    return DraftReply.objects.select_related("session__workspace", "agent").get(pk=draft_id)


@transaction.atomic
def complete_draft(draft: DraftReply, text: str) -> bool:
    """Give operators what the agent suggests. False when the request has been given up meanwhile."""
    lock(draft.session)
    if not _end(draft, Status.COMPLETED):
        return False
    _notice(draft, {"code": "draft_reply", "text": text, "requested_by": draft.requested_by})
    return True


@transaction.atomic
def fail_draft(draft: DraftReply, *, code: str, detail: str) -> bool:
    """Tell operators that there will be no draft, and why. False when it has ended already."""
    lock(draft.session)
    if not _end(draft, Status.FAILED, error_code=code):
        return False
    _notice(draft, {"code": "draft_failed", "detail": detail})
    return True


def expire_draft(draft: DraftReply) -> bool:
    """Give a request up whose time is over. False when it has some left."""
    if draft.expires_at > timezone.now():
        return False
    return fail_draft(draft, code="draft_timeout", detail=TOO_LATE)


def _end(draft: DraftReply, status: Status, *, error_code: str = "") -> bool:
    open_row = DraftReply.objects.unfinished().filter(pk=draft.pk)
    return bool(open_row.update(status=status, error_code=error_code, ended_at=timezone.now()))


def _notice(draft: DraftReply, data: dict[str, str]) -> None:
    told = {"draft_id": str(draft.pk), **data}
    record(draft.session, EventType.NOTICE, told, visibility=Visibility.OPERATOR)
