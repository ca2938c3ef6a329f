"""What agent work holds of a customer's words is forgotten. Times, outcomes, names of tools and the bill stay."""

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from agents_app.models import DraftReply, Grant
from agents_app.services.personal_fields import BLANKED, DELETED
from sessions_app.actors import Actor
from sessions_app.models import Session, Workspace
from sessions_app.services.personal_fields import erase_rows

ERASED = "session_erased"


def forget_session(session: Session, *, actor: Actor) -> None:
    """Blank everything in a session whose work has ended. The caller holds the session's lock.

    A draft reply that is being written is given up unsaid: it would put the customer's words back into the log.
    """
    now = timezone.now()
    DraftReply.objects.unfinished().filter(session=session).update(
        status=DraftReply.Status.FAILED, error_code=ERASED, ended_at=now
    )
    # A process of the release before does not say where it gave one.
    session.grants.filter(given_in=None).update(given_in=session)
    # Whatever it was for: without the conditions that are blanked it would allow what nobody has approved.
    session.grants_given.filter(revoked_at=None).update(revoked_at=now, revoked_by=str(actor))
    erase_rows(session.pk, DELETED, BLANKED)


def forget_customer(workspace: Workspace, customer: str, *, actor: Actor) -> list[str]:
    """Revoke what was allowed for a customer, and take their name out of it. Returns the ids of these grants."""
    named = Grant.objects.filter(workspace=workspace, scope=Grant.Scope.CUSTOMER, customer=customer)
    named.filter(revoked_at=None).update(revoked_at=timezone.now(), revoked_by=str(actor))
    # A grant for a customer names one, so it gets a name that is nobody's.
    nobody = Concat(Value("erased-"), Cast("id", CharField()))
    grants = [str(grant_id) for grant_id in named.values_list("pk", flat=True)]
    named.filter(pk__in=grants).update(customer=nobody, reason="", conditions=[])
    return grants
