"""Stream tickets: leave to read one session's stream, for those who cannot send a header."""

from datetime import datetime

from django.conf import settings

from sessions_app.events.types import RANK, Visibility
from sessions_app.exceptions import Forbidden
from sessions_app.models import Session
from sessions_app.tokens import Ticket, sign_ticket


def issue_ticket(session: Session, *, level: Visibility, issuer_level: Visibility, reader: str) -> tuple[str, datetime]:
    """A token for `?token=` and when it ends. Nobody can give away more than they may see: raises Forbidden."""
    if RANK[level] > RANK[issuer_level]:
        raise Forbidden("You cannot hand out a ticket that shows more than you may see.")
    ticket = Ticket(session.pk, session.name, session.workspace_id, level, reader)
    return sign_ticket(ticket, seconds=settings.STREAM_TICKET_SECONDS)
