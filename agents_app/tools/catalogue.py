"""Every tool an agent can be given, by name."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from agents_app.tools.always_fails import ALWAYS_FAILS
from agents_app.tools.ask_customer import ASK_CUSTOMER
from agents_app.tools.base import Tool
from agents_app.tools.lookup_order import LOOKUP_ORDER
from agents_app.tools.refund_order import REFUND_ORDER
from agents_app.tools.request_human import REQUEST_HUMAN
from agents_app.tools.state_confidence import STATE_CONFIDENCE
from agents_app.tools.write_document import WRITE_DOCUMENT

TOOLS: Mapping[str, Tool] = MappingProxyType(
    {
        tool.name: tool
        for tool in (
            LOOKUP_ORDER,
            REFUND_ORDER,
            WRITE_DOCUMENT,
            ASK_CUSTOMER,
            REQUEST_HUMAN,
            STATE_CONFIDENCE,
            ALWAYS_FAILS,
        )
    }
)


class UnknownTool(ValueError):
    """An agent was given the name of a tool that does not exist."""


def tools_named(names: Iterable[str]) -> tuple[Tool, ...]:
    """Return the tools in the order of `names`. Raises `UnknownTool` that lists every name not in the catalogue."""
    names = tuple(names)
    if unknown := [name for name in names if name not in TOOLS]:
        raise UnknownTool(f"There is no tool {', '.join(unknown)}. There are: {', '.join(TOOLS)}.")
    return tuple(TOOLS[name] for name in names)
