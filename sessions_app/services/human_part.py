"""What was said while no agent served, and what of the customer's words nobody has answered. Both are read in the log.

The customer is answered up to a place in the log: by a person who spoke there; or by a run that is complete or has
asked back, for everything that was said before the run was put in line. A run that was stopped or has failed answers
nothing, however far it got: whoever is next answers.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Max, Q

from sessions_app.events.types import EventType, Visibility
from sessions_app.models import Session, StoredEvent
from sessions_app.services.messages import AGENT_ROLE, Role

# The newest words; a model's memory has a price and an end.
MAX_CHARACTERS = 20_000
LEFT_OUT = "[Earlier messages are left out here.]"
CUT = "[The rest of this message is left out here.]"
# Read in small portions: a message may be long, and what does not fit is never read.
READ_AT_ONCE = 20
# As what an agent is told the words of operators that were for it alone.
GUIDANCE = "guidance"

SEEN = Q(type=EventType.MESSAGE_COMPLETED, visibility=Visibility.CUSTOMER)
BY_CUSTOMER = SEEN & Q(data__role=Role.CUSTOMER)
BY_OPERATOR = SEEN & Q(data__role=Role.OPERATOR)
BY_OTHERS = SEEN & ~Q(data__role__in=[AGENT_ROLE, Role.CUSTOMER])
FOR_AGENT = Q(type=EventType.MESSAGE_COMPLETED, data__to=AGENT_ROLE)


@dataclass(frozen=True, slots=True)
class Remark:
    """One message, as it stands in the log."""

    message_id: str
    role: str
    author: str
    text: str


def said_since(session: Session, seq: int) -> list[Remark]:
    """What everybody may see of what customers and people said after a seq."""
    return _newest(session, seq, BY_CUSTOMER | BY_OTHERS)


def left_open(session: Session, *, heard: Collection[str]) -> list[Remark]:
    """What the customer still waits to hear about, but for messages that a run has `heard` while it worked."""
    return _newest(session, _answered_up_to(session), BY_CUSTOMER, but=heard)


def missed(session: Session, *, since: int, heard: Collection[str]) -> list[Remark]:
    """What the agent has missed and need not answer: said after the seq `since`, or unanswered at that time.

    With what operators told the agent alone and no run took in.
    """
    answered = Q(seq__lte=_answered_up_to(session))
    told = BY_OTHERS | FOR_AGENT | (BY_CUSTOMER & answered)
    return _newest(session, _answered_up_to(session, people_until=since), told, but=heard)


def _answered_up_to(session: Session, *, people_until: int | None = None) -> int:
    """The seq up to which the customer is answered, or was when no person had spoken after `people_until`."""
    events = StoredEvent.objects.filter(session=session)
    answering = events.filter(type__in=[EventType.RUN_COMPLETED, EventType.INPUT_REQUIRED]).values("run")
    people = BY_OPERATOR if people_until is None else BY_OPERATOR & Q(seq__lte=people_until)
    places = events.filter(people | Q(type=EventType.RUN_QUEUED, run__in=answering))
    return places.aggregate(seq=Max("seq"))["seq"] or 0


def _newest(session: Session, after: int, wanted: Q, *, but: Collection[str] = ()) -> list[Remark]:
    """As many as fit, the oldest of them first, without messages that were withdrawn. What does not fit is told of."""
    events = StoredEvent.objects.filter(session=session, seq__gt=after)
    discarded = events.filter(type=EventType.MESSAGE_DISCARDED).values_list("data__message_id", flat=True)
    gone = {*but, *discarded}
    rows = events.filter(wanted).order_by("-seq").values_list("data", flat=True).iterator(chunk_size=READ_AT_ONCE)
    return _fitting(_remark(data) for data in rows if data["message_id"] not in gone)


def _remark(data: dict[str, str]) -> Remark:
    role = GUIDANCE if data.get("to") == AGENT_ROLE else data["role"]
    return Remark(data["message_id"], role, data["author"], data["text"])


def _fitting(newest_first: Iterable[Remark]) -> list[Remark]:
    kept: list[Remark] = []
    left = MAX_CHARACTERS
    for remark in newest_first:
        if left <= 0:
            kept.append(Remark("", Role.SYSTEM, "", LEFT_OUT))
            break
        text = remark.text if len(remark.text) <= left else f"{remark.text[:left]}\n{CUT}"
        kept.append(Remark(remark.message_id, remark.role, remark.author, text))
        # Its author is written beside it.
        left -= len(remark.text) + len(remark.role) + len(remark.author)
    return kept[::-1]
