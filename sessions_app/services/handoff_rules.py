"""A workspace's rules for when a person is wanted that nobody asked for, and the places where they are looked at.

Each function is called inside the transaction of what happened, by a caller that holds the session's lock.
"""

import re
import unicodedata
from collections.abc import Iterable

from sessions_app.actors import SYSTEM
from sessions_app.models import HandoffRule, Session
from sessions_app.models.handoff import Handoff
from sessions_app.services.handoffs import request_handoff

Kind = HandoffRule.Kind
RANKS = {word: rank for rank, word in enumerate(("low", "normal", "high", "urgent"))}


def person_wanted(session: Session, text: str, *, since_seq: int) -> bool:
    """Whether the agent is not to answer what the customer says: people serve, or a rule has just asked for them."""
    if session.status != Session.Status.ACTIVE:
        return True
    rules = [rule for rule in _rules(session, Kind.KEYWORD, Kind.VIP) if _wants(rule, session, text)]
    return _ask(session, rules, since_seq=since_seq)


def look_at_failures(session: Session, *, in_a_row: int) -> bool:
    """A run has failed, the last of so many. Whether a person was asked for."""
    rules = [rule for rule in _rules(session, Kind.FAILURES) if rule.failures and in_a_row >= rule.failures]
    return _ask(session, rules, detail=f"{in_a_row} failed in a row")


def look_at_confidence(session: Session, confidence: float) -> bool:
    """The agent has answered and says how sure it is, from 0 to 1. Whether a person was asked for."""
    rules = _rules(session, Kind.LOW_CONFIDENCE)
    unsure = [rule for rule in rules if rule.confidence is not None and confidence < rule.confidence]
    return _ask(session, unsure, detail=f"the agent is {confidence:.0%} sure")


def said_in(keywords: Iterable[str], text: str) -> bool:
    """Whether one of the words or phrases is in the text, as whole words where the script puts spaces between them."""
    folded = _folded(text)
    return any(re.search(_pattern(_folded(keyword)), folded) for keyword in keywords)


def _rules(session: Session, *kinds: Kind) -> list[HandoffRule]:
    """The enabled rules of these kinds; none while people serve or are asked for already."""
    if session.status != Session.Status.ACTIVE:
        return []
    return list(HandoffRule.objects.filter(workspace=session.workspace_id, kind__in=kinds, enabled=True))


def _wants(rule: HandoffRule, session: Session, text: str) -> bool:
    if rule.kind == Kind.KEYWORD:
        return said_in(rule.keywords, text)
    # Once: an operator who gives the session back means the agent to serve.
    return session.metadata.get("vip") is True and not session.handoffs.exists()


def _ask(session: Session, rules: list[HandoffRule], *, since_seq: int | None = None, detail: str = "") -> bool:
    """Ask for a person as the most urgent of these rules says."""
    if not rules:
        return False
    rule = max(rules, key=lambda rule: RANKS[rule.priority])
    request_handoff(
        session,
        actor=SYSTEM,
        reason=f"Rule {rule.name}: {detail}" if detail else f"Rule {rule.name}",
        priority=rule.priority,
        trigger=Handoff.Trigger(rule.kind),
        since_seq=since_seq,
    )
    return True


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _pattern(keyword: str) -> str:
    before = r"(?<!\w)" if _stands_alone(keyword[:1]) else ""
    after = r"(?!\w)" if _stands_alone(keyword[-1:]) else ""
    return f"{before}{re.escape(keyword)}{after}"


def _stands_alone(letter: str) -> bool:
    """Whether a word that begins or ends with this letter is set apart there: Chinese and Japanese words are not."""
    return letter.isalnum() and unicodedata.east_asian_width(letter) not in ("W", "F")
