"""What lists of sessions show of the newest message, when that message is taken back."""

from sessions_app.events.record import preview_of
from sessions_app.events.types import EventType, Visibility
from sessions_app.models import Session, StoredEvent


def refresh_preview(session: Session) -> None:
    """Show the newest message that stands; `record` sees to new ones. The caller holds the session's lock."""
    events = StoredEvent.objects.filter(session=session)
    withdrawn = events.filter(type=EventType.MESSAGE_DISCARDED).values_list("data__message_id", flat=True)
    messages = events.filter(type=EventType.MESSAGE_COMPLETED, visibility=Visibility.CUSTOMER)
    standing = messages.exclude(data__message_id__in=list(withdrawn)).order_by("-seq")
    text = standing.values_list("data__text", flat=True).first()
    session.last_message = preview_of(text or "")
    Session.objects.filter(pk=session.pk).update(last_message=session.last_message)
