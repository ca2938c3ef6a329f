"""What each kind of run has to show, in this order. Pure functions over the events of a stream."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from config.demo.heard import Heard

LOOKUP = "lookup_order"
REFUND = "refund_order"


@dataclass(frozen=True, slots=True)
class Step:
    """Something that must be seen, and its name for a person."""

    what: str
    seen: Callable[[Heard], bool]


def missed_in_run(events: Iterable[Heard], run: str, steps: Sequence[Step]) -> str | None:
    """The first of the steps that the run does not show after the one before it; None when it shows all."""
    own = iter([event for event in events if event.run == run])
    for step in steps:
        if not any(step.seen(event) for event in own):
            return step.what
    return None


def lookup_steps() -> list[Step]:
    return [_event("run_started"), *_looked_up(), _answer(""), _event("run_completed")]


def approved_steps(amount: str) -> list[Step]:
    """An approved refund: it is asked for, allowed, carried out and reported."""
    return [
        *_asked(),
        _event("permission_cleared", outcome="approved"),
        _event("run_resumed"),
        *_tool(REFUND),
        _answer(amount),
        _event("run_completed"),
    ]


def denied_steps(reason: str) -> list[Step]:
    """A denied refund: the agent says why, in the words of the person who denied it."""
    return [
        *_asked(),
        _event("permission_cleared", outcome="denied", reason=reason),
        _event("tool_status", tool_name=REFUND, status="denied"),
        _event("run_resumed"),
        _answer(reason),
        _event("run_completed"),
    ]


def executed(events: Iterable[Heard], run: str, tool_name: str) -> bool:
    return any(
        event.run == run and event.shows("tool_status", tool_name=tool_name, status="executing") for event in events
    )


def refunded_so_far(events: Iterable[Heard], run: str) -> Decimal:
    """How much of the order was refunded by the time this run looked it up."""
    results = [event for event in events if event.run == run and event.shows("tool_result", tool_name=LOOKUP)]
    return Decimal(results[-1].data["result"]["refunded"])


def _asked() -> list[Step]:
    return [
        _event("run_started"),
        *_looked_up(),
        _event("tool_status", tool_name=REFUND, status="waiting_permission"),
        _event("permission_request", tool_name=REFUND),
        _event("run_waiting"),
    ]


def _looked_up() -> list[Step]:
    return _tool(LOOKUP)


def _tool(name: str) -> list[Step]:
    return [
        _event("tool_status", tool_name=name, status="executing"),
        _event("tool_status", tool_name=name, status="completed"),
        _event("tool_result", tool_name=name, success=True),
    ]


def _event(type: str, **data: object) -> Step:
    return Step(" ".join([type, *(str(value) for value in data.values())]), lambda event: event.shows(type, **data))


def _answer(words: str) -> Step:
    """A whole message of the agent with these words in it."""
    what = f"message_completed with {words!r}" if words else "message_completed"
    return Step(what, lambda event: event.shows("message_completed", role="agent") and words in event.data["text"])
