"""The agent gets a session back from people: what was said meanwhile becomes part of what it remembers."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from agents_app.backends.conversations import open_calls, with_note
from agents_app.backends.human_part import HumanPart, write_note
from agents_app.models import Conversation, Run, Steering, ToolCall
from agents_app.services.starting import start_run
from sessions_app.events.record import lock
from sessions_app.models import Session
from sessions_app.services.human_part import said_since, unanswered
from sessions_app.services.messages import Role


@transaction.atomic
def take_back(session: Session, *, since: int, summary: str, requesters: Sequence[str]) -> UUID | None:
    """Remember what was said after the seq `since`, and start a run for what the customer still waits to hear about.

    It also learns what the customer said before and it never took in: its run was stopped, or failed, or its turn did
    not come. Nobody's words are lost on the way from one to the other. Returns the run, None when there is none.
    """
    lock(session)
    memory = Conversation.objects.filter(session=session).values_list("text", flat=True).first() or ""
    unheard = Steering.objects.unheard().filter(run__session=session)
    lost = _never_taken_in(session)
    before = [*lost, *unheard.select_related("run"), *_unheard_answers(session, memory)]
    ids = [each.message_id for each in before if each.message_id is not None]
    remarks = said_since(session, since, also=ids)
    open_words = unanswered(remarks)
    # A run that was to answer several messages at once names none of them.
    known = [(Role.CUSTOMER.value, session.customer, run.prompt) for run in lost if run.message_id is None]
    known += [(remark.role, remark.author, remark.text) for remark in remarks if remark not in open_words]
    if known or summary:
        part = HumanPart(tuple(known), summary)
        text = with_note(memory, write_note(part))
        Conversation.objects.update_or_create(session=session, defaults={"text": text})
    speakers = [*requesters, *(name for run in lost for name in run.requesters)]
    speakers += [name for each in unheard for name in each.run.requesters]
    Run.objects.filter(pk__in=[run.pk for run in lost]).update(prompted=True)
    unheard.update(kept=True)
    if not open_words:
        return None
    return start_run(
        session,
        "\n\n".join(remark.text for remark in open_words),
        requesters=list(dict.fromkeys(speakers)),
        message_id=UUID(open_words[-1].message_id),
    ).pk


def _never_taken_in(session: Session) -> list[Run]:
    """The last runs, as far as the conversation does not hold what they were to answer."""
    runs = Run.objects.filter(session=session)
    taken_in = runs.filter(prompted=True).order_by("-created_at").first()
    if taken_in is not None:
        runs = runs.filter(created_at__gt=taken_in.created_at)
    return list(runs.filter(prompted=False, status__in=(Run.Status.CANCELLED, Run.Status.FAILED)))


def _unheard_answers(session: Session, memory: str) -> list[ToolCall]:
    """The agent's questions that the customer had answered when their run was stopped before it heard of it."""
    calls = ToolCall.objects.filter(run__session=session, message_id__isnull=False)
    stopped = calls.filter(run__status__in=(Run.Status.CANCELLED, Run.Status.FAILED))
    return list(stopped.filter(tool_call_id__in=open_calls(memory)))
