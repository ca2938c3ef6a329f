"""The agent gets a session back, and learns what people said in it."""

from django.db import transaction
from django.utils import timezone

from sessions_app.actors import Actor
from sessions_app.events.encoding import clean_text
from sessions_app.events.record import record
from sessions_app.events.types import EventType
from sessions_app.models import Handoff, Session
from sessions_app.services.accepting import end_agents_work
from sessions_app.services.audit import write_audit
from sessions_app.services.responder import get_responder
from sessions_app.services.sessions import hold, move_session
from sessions_app.services.staffing import check_hands_on, check_person


@transaction.atomic
def return_session(session: Session, *, summary: str, actor: Actor) -> Session:
    """Let the agent serve again. It remembers what was said meanwhile, with `summary`, and answers what is unanswered.

    For whoever serves and for supervisors, who may also return what still waits. What the agent had begun and not
    finished before that ends as in a takeover: it begins anew, knowing everything. Raises NotYours, NotStaffed,
    SessionClosed.
    """
    check_person(session, actor)
    hold(session)
    check_hands_on(session, actor)
    summary = clean_text(summary.strip())
    handoff = session.handoffs.open().get()
    # While nobody else answers: what ends here must not be followed by a run that knows less.
    end_agents_work(session, actor=actor, reason="returned")
    active = Session.Status.ACTIVE
    normal = Session.Priority.NORMAL
    move_session(session, before=session.status, after=active, actor=actor, operator=None, priority=normal)
    handoff.status = Handoff.Status.RETURNED
    handoff.summary = summary
    handoff.ended_at = timezone.now()
    handoff.save(update_fields=["status", "summary", "ended_at"])
    write_audit(
        session.workspace,
        "handoff.returned",
        actor=actor,
        session=session,
        target=handoff.pk,
        details={"summary": summary},
    )
    data = {"handoff_id": str(handoff.pk), "operator": actor.name, "summary": summary}
    record(session, EventType.HANDOFF_RETURNED, data)
    requesters = list(dict.fromkeys([*handoff.speakers, str(actor)]))
    get_responder().take_back(session, since=handoff.since_seq, summary=summary, requesters=requesters)
    return session
