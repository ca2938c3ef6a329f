"""What customers and people said while no agent served."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from sessions_app.events.types import EventType, Visibility
from sessions_app.models import Session, StoredEvent
from sessions_app.services.messages import AGENT_ROLE, Role

# The newest of a very long conversation: a model could not take in more.
MAX_REMARKS = 500


@dataclass(frozen=True, slots=True)
class Remark:
    """One message, as it stands in the log."""

    message_id: str
    role: str
    author: str
    text: str


def said_since(session: Session, seq: int, *, also: Collection[UUID] = ()) -> list[Remark]:
    """What everybody may see of what was said after a seq and in the messages `also`, oldest first.

    Without the agent's own words, and without messages that were withdrawn.
    """
    events = StoredEvent.objects.filter(session=session)
    wanted = Q(seq__gt=seq) | Q(data__message_id__in=[str(message_id) for message_id in also])
    messages = events.filter(wanted, type=EventType.MESSAGE_COMPLETED, visibility=Visibility.CUSTOMER)
    withdrawn = set(events.filter(type=EventType.MESSAGE_DISCARDED).values_list("data__message_id", flat=True))
    newest = messages.exclude(data__role=AGENT_ROLE).order_by("-seq").values_list("data", flat=True)[:MAX_REMARKS]
    remarks = [Remark(data["message_id"], data["role"], data["author"], data["text"]) for data in reversed(newest)]
    return [remark for remark in remarks if remark.message_id not in withdrawn]


def unanswered(remarks: list[Remark]) -> list[Remark]:
    """What the customer has said since a person last spoke."""
    spoke = max((place for place, remark in enumerate(remarks) if remark.role == Role.OPERATOR), default=-1)
    return [remark for remark in remarks[spoke + 1 :] if remark.role == Role.CUSTOMER]
