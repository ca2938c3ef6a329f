"""What a run says: messages and thoughts, from their first word to their last."""

from uuid import UUID

from agents_app.models import Run
from agents_app.services.fence import held
from sessions_app.events.announce import Speech
from sessions_app.events.record import record
from sessions_app.events.types import EventType, Visibility
from sessions_app.models import Draft
from sessions_app.services.messages import AGENT_ROLE

KINDS = {
    Draft.Kind.MESSAGE: (EventType.MESSAGE_STARTED, EventType.MESSAGE_CHUNK, EventType.MESSAGE_COMPLETED),
    Draft.Kind.REASONING: (
        EventType.REASONING_STARTED,
        EventType.REASONING_CHUNK,
        EventType.REASONING_COMPLETED,
    ),
}


def begin_speech(run: Run, kind: Draft.Kind) -> tuple[UUID, Speech]:
    """Open a message or a thought. Returns its id and where its words go."""
    started, chunk, _ = KINDS[kind]
    visibility = _visibility(run, kind)
    with held(run):
        draft = Draft.objects.create(session=run.session, kind=kind, run=run.pk, visibility=visibility)
        record(run.session, started, _data(run, kind, draft.pk), run=run.pk, visibility=visibility)
    return draft.pk, Speech(run.session, chunk, draft.pk, run=run.pk, visibility=visibility)


def keep_speech(run: Run, message_id: UUID, text: str) -> None:
    """Checkpoint the words so far: what a reader gets when the text beside the bus is lost."""
    with held(run):
        Draft.objects.filter(pk=message_id).update(text=text)


def settle_speech(run: Run, kind: Draft.Kind, message_id: UUID, text: str) -> None:
    """Put the whole text into the log."""
    _, _, completed = KINDS[kind]
    with held(run):
        Draft.objects.filter(pk=message_id).delete()
        data = {**_data(run, kind, message_id), "text": text}
        record(run.session, completed, data, run=run.pk, visibility=_visibility(run, kind))


def discard_drafts(run: Run) -> None:
    """Take back what a run began to say and never finished. The caller holds the session's lock."""
    for draft in Draft.objects.filter(session=run.session, run=run.pk):
        draft_id = draft.pk
        draft.delete()
        record(
            run.session,
            EventType.MESSAGE_DISCARDED,
            {"message_id": str(draft_id), "part": draft.kind},
            run=run.pk,
            visibility=Visibility(draft.visibility),
        )


def _visibility(run: Run, kind: Draft.Kind) -> Visibility:
    shown = kind is Draft.Kind.MESSAGE or "reasoning" in run.agent.shown_to_customers
    return Visibility.CUSTOMER if shown else Visibility.OPERATOR


def _data(run: Run, kind: Draft.Kind, message_id: UUID) -> dict[str, str]:
    if kind is Draft.Kind.REASONING:
        return {"message_id": str(message_id)}
    return {"message_id": str(message_id), "role": AGENT_ROLE, "author": run.agent.name}
