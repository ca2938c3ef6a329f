"""What becomes of a customer's message while the agent is at work: the session's busy policy."""

from uuid import UUID

from agents_app.models import Run, Steering
from agents_app.services.endings import cancel_now_or_soon, end_cancelled
from agents_app.services.starting import start_run
from agents_app.services.steering import pass_on
from sessions_app.actors import Actor
from sessions_app.exceptions import SessionBusy
from sessions_app.models import Session

Policy = Session.BusyPolicy


def take_message(session: Session, text: str, *, message_id: UUID, actor: Actor) -> UUID:
    """The run that will see to a message. The caller holds the session's lock, so nothing begins meanwhile.

    Raises SessionBusy when the policy is to refuse.
    """
    unfinished = list(Run.objects.unfinished().filter(session=session).order_by("created_at"))
    match Policy(session.busy_policy):
        case Policy.REJECT if unfinished:
            raise SessionBusy
        case Policy.STEER if active := [run for run in unfinished if run.status == Run.Status.RUNNING]:
            return pass_on(active[0], text, message_id=message_id, actor=actor).pk
        case Policy.INTERRUPT:
            for run in unfinished:
                cancel_now_or_soon(run, actor=actor)
    return start_run(session, text, requesters=[str(actor)], message_id=message_id).pk


def forget_message(session: Session, *, message_id: UUID, actor: Actor) -> bool:
    """Take back a message whose run has not begun, or that its run was not told yet. The caller holds the lock."""
    untold = Steering.objects.unheard().filter(run__session=session, message_id=message_id, told_in_attempt=0)
    if untold.delete()[0]:
        return True
    queued = Run.objects.filter(session=session, message_id=message_id, status=Run.Status.QUEUED).first()
    if queued is None:
        return False
    end_cancelled(queued, by=actor)
    return True
