"""The agent gets a session back from people: what was said meanwhile becomes part of what it remembers."""

from collections.abc import Iterable, Sequence
from itertools import chain
from uuid import UUID

from django.db import transaction

from agents_app.backends.conversations import with_note
from agents_app.backends.human_part import HumanPart, write_note
from agents_app.models import Conversation, Run, Steering, ToolCall
from agents_app.services.starting import start_run
from sessions_app.events.record import lock
from sessions_app.models import Session
from sessions_app.services.human_part import Remark, left_open, missed


@transaction.atomic
def take_back(session: Session, *, since: int, summary: str, requesters: Sequence[str]) -> UUID | None:
    """Remember what was said after the seq `since`, and start a run for what the customer still waits to hear about.

    The caller has ended every run of the session. What those did not answer is in the log and is answered here, once.
    Returns the run, None when there is none.
    """
    lock(session)
    heard = _heard(session)
    known, open_words = missed(session, since=since, heard=heard), left_open(session, heard=heard)
    speakers = list(dict.fromkeys([*requesters, *_requesters_of_ended_runs(session)]))
    if known or summary:
        _remember(session, known, summary, speakers)
    Steering.objects.unheard().filter(run__session=session).delete()
    if not open_words:
        return None
    prompt = "\n\n".join(remark.text for remark in open_words)
    # One that is withdrawn in time takes its run with it; several cannot be.
    message_id = UUID(open_words[0].message_id) if len(open_words) == 1 else None
    return start_run(session, prompt, requesters=speakers, message_id=message_id).pk


def _remember(session: Session, said: Iterable[Remark], summary: str, speakers: Iterable[str]) -> None:
    memory, _ = Conversation.objects.get_or_create(session=session)
    part = HumanPart(tuple((remark.role, remark.author, remark.text) for remark in said), summary)
    memory.text = with_note(memory.text, write_note(part))
    memory.requesters = list(dict.fromkeys([*memory.requesters, *speakers]))
    memory.save()


def _heard(session: Session) -> set[str]:
    """What complete runs took in while they worked: words they were steered by, and answers to their questions."""
    complete = {"run__session": session, "run__status": Run.Status.COMPLETED}
    steered = Steering.objects.filter(kept=True, **complete).values_list("message_id", flat=True)
    answers = ToolCall.objects.filter(message_id__isnull=False, **complete).values_list("message_id", flat=True)
    return {str(message_id) for message_id in (*steered, *answers)}


def _requesters_of_ended_runs(session: Session) -> Iterable[str]:
    """Whose words the runs worked on that were stopped or failed."""
    ended = Run.objects.filter(session=session, status__in=(Run.Status.CANCELLED, Run.Status.FAILED))
    return chain.from_iterable(ended.order_by("created_at").values_list("requesters", flat=True))
