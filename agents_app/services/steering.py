"""Words that reach a run while it works."""

from uuid import UUID, uuid4

from django.db import transaction

from agents_app.exceptions import RunEnded
from agents_app.models import Run, Steering
from agents_app.services.fence import held
from agents_app.services.starting import start_run
from sessions_app.actors import Actor
from sessions_app.events.record import lock, record
from sessions_app.events.types import EventType, Visibility
from sessions_app.models import Session
from sessions_app.services.audit import write_audit
from sessions_app.services.messages import Role, Said, check_text


@transaction.atomic
def steer_run(run: Run, text: str, *, actor: Actor) -> Said:
    """Tell a run something the customer does not see; one that is not at work is followed by a run that hears it.

    Raises RunEnded, and Unprocessable for text that cannot be a message.
    """
    check_text(text)
    lock(run.session)
    run.refresh_from_db(fields=["status", "requesters"])
    run.session.refresh_from_db()
    if run.status not in Run.UNFINISHED:
        raise RunEnded
    message_id = uuid4()
    # Said to the agent: on no page may it look like an answer to the customer.
    data = {"message_id": str(message_id), "role": Role.OPERATOR, "author": actor.name, "text": text, "to": "agent"}
    event = record(run.session, EventType.MESSAGE_COMPLETED, data, visibility=Visibility.OPERATOR)
    write_audit(run.session.workspace, "run.steered", actor=actor, session=run.session, target=run.pk)
    hears = pass_on(run, f"[From an operator, not from the customer] {text}", message_id=message_id, actor=actor)
    return Said(str(message_id), str(hears.pk), event.seq or 0)


def pass_on(run: Run, text: str, *, message_id: UUID, actor: Actor) -> Run:
    """Leave words for a run at work, or put a new one in line behind it. The caller holds the session's lock."""
    if run.status != Run.Status.RUNNING:
        return start_run(run.session, text, requesters=[str(actor)], message_id=message_id)
    run.add_requester(str(actor))
    Steering.objects.create(run=run, text=text, message_id=message_id)
    return run


def tell_run(run: Run) -> list[str]:
    """What was said to a claimed run since it last asked. It must put all of it into its next conversation."""
    if not Steering.objects.untold(run).exists():
        return []
    with held(run):
        found = list(Steering.objects.untold(run))
        Steering.objects.filter(pk__in=[each.pk for each in found]).update(told_in_attempt=run.attempt)
    return [each.text for each in found]


def keep_told(run: Run) -> None:
    """What this attempt was told is in the conversation that is being stored. For callers inside the fence."""
    Steering.objects.unheard().filter(run=run, told_in_attempt=run.attempt).update(kept=True)


def start_unheard(run: Run) -> None:
    """What a run that has ended never took up is answered by a new one. The caller holds the session's lock.

    While people serve it stays unheard: the agent is told of it when it serves again.
    """
    unheard = list(Steering.objects.unheard().filter(run=run))
    if not unheard:
        return
    session = Session.objects.get(pk=run.session_id)
    if session.status == Session.Status.ACTIVE:
        Steering.objects.filter(pk__in=[each.pk for each in unheard]).delete()
        text = "\n\n".join(each.text for each in unheard)
        message_id = unheard[0].message_id if len(unheard) == 1 else None
        start_run(session, text, requesters=run.requesters, message_id=message_id)
