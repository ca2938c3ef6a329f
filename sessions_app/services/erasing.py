"""Forgetting what a customer said and was told: words go, numbers stay, and the audit history still verifies.

What goes and what stays is listed in `personal_fields`, here and in the responder's app. Each session is one
transaction: whoever is interrupted begins again and finds the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from sessions_app.actors import Actor
from sessions_app.events.announce import forget_spoken
from sessions_app.events.encoding import clean_text
from sessions_app.events.record import record
from sessions_app.events.types import EventType
from sessions_app.exceptions import Unprocessable
from sessions_app.models import Draft, Session, Workspace
from sessions_app.models.session import SessionQuerySet
from sessions_app.services.accepting import end_agents_work
from sessions_app.services.audit import write_audit
from sessions_app.services.audit_erasing import forget_private
from sessions_app.services.personal_fields import BLANKED, DELETED, erase_rows
from sessions_app.services.responder import get_responder
from sessions_app.services.sessions import close_session, hold
from sessions_app.services.visitors import forget_visitor

REASON = "erased"


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased of a customer. `others` is what the responder kept beside sessions, such as grants."""

    sessions: int
    others: int


def erase_customer(workspace: Workspace, customer: str, *, actor: Actor, reason: str = "") -> Erased:
    """Erase every session of a customer in a workspace, and whatever else is kept under their name there.

    Open sessions are closed first. Sessions that somebody opens for the customer meanwhile are erased too. Repeated,
    it erases what is left; nothing left is nothing done.
    """
    customer = clean_text(customer)
    if not customer:
        raise Unprocessable("Name a customer: sessions without one are nobody's.")
    erased = 0
    while (session := sessions_of(workspace, customer).first()) is not None:
        erase_session(session, actor=actor, reason=reason)
        erased += 1
    with transaction.atomic():
        targets = get_responder().forget_customer(workspace, customer, actor=actor)
        others = len(targets)
        forget_visitor(customer)
        entries = forget_private(workspace, sessions=[], targets=targets, customer=customer, actor=actor)
        if erased or others or entries:
            write_audit(
                workspace,
                "customer.erased",
                actor=actor,
                target=digest_of(workspace, customer),
                reason=reason,
                details={"sessions": erased, "others": others},
            )
    return Erased(erased, others)


def sessions_of(workspace: Workspace, customer: str) -> SessionQuerySet:
    return Session.objects.of(workspace).filter(customer=customer).select_related("workspace").order_by("pk")


def digest_of(workspace: Workspace, customer: str) -> str:
    """Stands for an erased customer: who knows the name and this installation's secret can look whether it was done."""
    return salted_hmac("handrail.erased-customer", f"{workspace.pk}:{customer}", algorithm="sha256").hexdigest()


def erase_session(session: Session, *, actor: Actor, reason: str = "") -> None:
    """Close a session if it is open, and take every word out of it. It cannot be found by its name any more."""
    end_session(session, actor=actor)
    with transaction.atomic():
        blank_sessions(session.workspace, [session], actor=actor)
        write_audit(session.workspace, "session.erased", actor=actor, target=session.pk, reason=reason)


@transaction.atomic
def end_session(session: Session, *, actor: Actor) -> None:
    """Nothing is at work in the session afterwards, and what still runs somewhere can write nothing into it."""
    hold(session)
    spoken = list(Draft.objects.filter(session=session).values_list("pk", flat=True))
    end_agents_work(session, actor=actor, reason=REASON)
    if session.status != Session.Status.CLOSED:
        close_session(session, actor=actor, reason=REASON)
    transaction.on_commit(partial(forget_spoken, spoken), robust=True)


def blank_sessions(workspace: Workspace, sessions: Sequence[Session], *, actor: Actor) -> int:
    """Take every word out of sessions that `end_session` has ended, and what the audit history knows of them.

    Returns how many were not erased before. The caller's transaction writes its own audit entry after this: the
    chain's head is locked last.
    """
    done = [session.pk for session in sorted(sessions, key=lambda session: session.pk) if _blank(session, actor)]
    if done:
        forget_private(workspace, sessions=done, actor=actor)
    return len(done)


def _blank(session: Session, actor: Actor) -> bool:
    hold(session)
    session.refresh_from_db(fields=["erased_at"])
    if session.erased_at is not None:
        return False
    get_responder().forget(session, actor=actor)
    erase_rows(session.pk, DELETED, BLANKED)
    Session.objects.filter(pk=session.pk).update(pruned_seq=session.last_seq)
    # All that the log still says. Whoever reads the stream now gets it under the name they know, and nothing after it.
    record(session, EventType.SESSION_CLOSED, {"reason": REASON})
    Session.objects.filter(pk=session.pk).update(name=f"erased-{session.pk}", erased_at=timezone.now())
    session.refresh_from_db()
    return True
