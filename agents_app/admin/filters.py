"""Filters over the vocabularies of agent work."""

from agents_app.tools.base import Risk
from agents_app.tools.catalogue import TOOLS
from sessions_app.admin.filters import WordFilter


class ToolFilter(WordFilter):
    title = "tool"
    parameter_name = "tool_name"
    words = TOOLS


class RiskFilter(WordFilter):
    title = "risk"
    parameter_name = "risk_level"
    words = Risk


class ToolNameFilter(ToolFilter):
    """For tables that call it `tool`."""

    parameter_name = "tool"
