"""A draft of what the agent is told when it gets a session back, made from the log. No model is asked."""

from django.utils.translation import gettext

from sessions_app.events.record import preview_of
from sessions_app.events.types import EventType
from sessions_app.models import Session, StoredEvent
from sessions_app.services.human_part import Remark, said_since
from sessions_app.services.messages import Role

# How many of the newest of each kind are worth a line.
MAX_LINES = 4


def draft_summary(session: Session) -> str:
    """What was asked, what people answered and promised, and what the tools did; "" when nobody serves or waits."""
    handoff = session.handoffs.open().first()
    if handoff is None:
        return ""
    remarks = said_since(session, handoff.since_seq)
    lines = [gettext("Why a person was asked for: %(reason)s") % {"reason": handoff.reason}] if handoff.reason else []
    if asked := _asked(session, remarks):
        lines.append(gettext("The customer asked: %(words)s") % {"words": _quoted(asked)})
    answers = [remark for remark in remarks if remark.role == Role.OPERATOR]
    lines.extend(
        gettext("%(name)s answered: %(words)s") % {"name": answer.author, "words": _quoted([answer.text])}
        for answer in answers[-MAX_LINES:]
    )
    lines.extend(
        gettext("%(tool)s gave: %(result)s") % {"tool": data["tool_name"], "result": _short(data["result"])}
        for data in _results(session)
    )
    return "\n".join(lines)


def _asked(session: Session, remarks: list[Remark]) -> list[str]:
    """The customer's words of the human part; before they have said any, what they said last."""
    words = [remark.text for remark in remarks if remark.role == Role.CUSTOMER]
    if not words:
        messages = StoredEvent.objects.filter(session=session, type=EventType.MESSAGE_COMPLETED)
        newest = messages.filter(data__role=Role.CUSTOMER).order_by("-seq")
        words = list(newest.values_list("data__text", flat=True)[:1])
    return words[-MAX_LINES:]


def _results(session: Session) -> list[dict[str, object]]:
    """What the agent's tools did in this session, the newest last."""
    rows = StoredEvent.objects.filter(session=session, type=EventType.TOOL_RESULT, data__success=True)
    return list(reversed(rows.order_by("-seq").values_list("data", flat=True)[:MAX_LINES]))


def _quoted(texts: list[str]) -> str:
    return " / ".join(f"“{preview_of(text)}”" for text in texts)


def _short(result: object) -> str:
    if isinstance(result, dict):
        result = ", ".join(f"{key}: {value}" for key, value in result.items())
    return preview_of(str(result))
