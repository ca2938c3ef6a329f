"""Finding sessions again by a name, a customer, or what was said in them."""

import re
from uuid import UUID

from django.db import connections
from django.db.models import BooleanField, F, Func, Q, QuerySet, TextField, Value

from sessions_app.events.types import EventType
from sessions_app.models import Session, StoredEvent
from sessions_app.models.session import SessionQuerySet

# What people and agents said, and what operators noted: the condition of the index, word for word.
SAID = (EventType.MESSAGE_COMPLETED, EventType.OPERATOR_NOTE)
# How many of the newest messages with the words are looked at, and in how many of the newest sessions text is read.
MAX_MESSAGES = 2_000
MAX_SESSIONS = 1_000
# Scripts that put no spaces between words (Thai, Lao, Burmese, Khmer, kana, Han): PostgreSQL takes a whole clause of
# them for one word.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


class WordsOf(Func):
    """The words of an event's text, written as the index `event_words` has them."""

    template = "to_tsvector('simple', left(%(expressions)s ->> 'text', 100000))"
    output_field = TextField()


class Wanted(Func):
    """What somebody typed: words, "a phrase", -without. Nothing that is typed is an error."""

    template = "websearch_to_tsquery('simple', %(expressions)s)"
    output_field = TextField()


class Have(Func):
    arg_joiner = " @@ "
    template = "%(expressions)s"
    output_field = BooleanField()


def find_sessions(sessions: SessionQuerySet, words: str) -> SessionQuerySet:
    """Those of `sessions` in whose name, customer, messages or notes the words are.

    `sessions` is what the person may see: nothing else is looked at. Names and customers match in part. Of messages
    PostgreSQL finds whole words, in the newest MAX_MESSAGES that have them; SQLite, and both for scripts without
    spaces, a part of the text as it was typed, in the MAX_SESSIONS that were active last.
    """
    said = _by_words(sessions, words) if _has_index(sessions, words) else _by_part(sessions, words)
    # A list and not a subquery: whoever pages through the result and counts it searches once.
    return sessions.filter(Q(name__icontains=words) | Q(customer__icontains=words) | Q(pk__in=said))


def said_with(words: str) -> QuerySet[StoredEvent]:
    """What was said with these words anywhere, by the index of PostgreSQL."""
    return StoredEvent.objects.filter(Have(WordsOf(F("data")), Wanted(Value(words))), type__in=SAID)


def _by_words(sessions: SessionQuerySet, words: str) -> set[UUID]:
    events = said_with(words).filter(session__in=sessions.order_by().values("pk"))
    # Not by the key itself: the database would rather read the log from its end, and make words of all it meets.
    newest = events.order_by((F("pk") + 0).desc())
    return set(newest.values_list("session_id", flat=True)[:MAX_MESSAGES])


def _by_part(sessions: SessionQuerySet, words: str) -> set[UUID]:
    newest = list(sessions.order_by("-last_event_at").values_list("pk", flat=True)[:MAX_SESSIONS])
    events = StoredEvent.objects.filter(session__in=newest, type__in=SAID, data__text__icontains=words)
    return set(events.order_by().values_list("session_id", flat=True).distinct())


def _has_index(sessions: QuerySet[Session], words: str) -> bool:
    return connections[sessions.db].vendor == "postgresql" and UNSPACED.search(words) is None
