"""May a tool call run, must a person be asked, or is it forbidden? One pure function of the call, rules and grants.

Rules are tried by priority, the smaller number first; among equals the stricter one wins, so the order of rows never
matters. The first rule that matches decides, and without one the tool's own default. A grant ("always allow") answers
the question that a rule would have asked; it never lifts a prohibition and never reaches past what it names.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from agents_app.conditions import Condition


class Effect(StrEnum):
    ALLOW = "allow"
    ASK = "ask"
    DENY = "deny"


class Role(StrEnum):
    """Who may decide. A supervisor may whatever an operator may."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"


class OnTimeout(StrEnum):
    DENY = "deny"
    ESCALATE = "escalate"


STRICTNESS = {Effect.ALLOW: 0, Effect.ASK: 1, Effect.DENY: 2}
RANK = {Role.OPERATOR: 0, Role.SUPERVISOR: 1}


@dataclass(frozen=True, slots=True)
class Asking:
    """How a person is asked: who may answer, how many must agree, and what silence means.

    With `separate_requester`, nobody approves on whose words the run works.
    """

    role: Role = Role.OPERATOR
    approvals: int = 1
    timeout_seconds: int = 600
    on_timeout: OnTimeout = OnTimeout.DENY
    separate_requester: bool = False

    @property
    def strictness(self) -> tuple[int, int, bool, bool, int]:
        denies = self.on_timeout is OnTimeout.DENY
        return (RANK[self.role], self.approvals, self.separate_requester, denies, -self.timeout_seconds)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the policy. An empty `agent` is every agent; all `conditions` must hold. `name` is shown to people."""

    name: str
    effect: Effect
    tool: str = "*"
    agent: str = ""
    conditions: tuple[Condition, ...] = ()
    priority: int = 100
    asking: Asking = field(default_factory=Asking)
    # What the model is told when the rule forbids the call.
    message: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call as the policy sees it. `requesters` are those on whose words the run works."""

    tool: str
    agent: str
    arguments: Mapping[str, Any]
    requesters: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Grant:
    """A standing permission, made in `role` by `created_by`. Whether its scope covers the call is looked up before."""

    id: str
    tool: str
    conditions: tuple[Condition, ...] = ()
    role: Role = Role.OPERATOR
    created_by: str = ""

    def covers(self, arguments: Mapping[str, Any]) -> bool:
        """Whether every condition surely holds, and no argument is given that none of them names."""
        named = {condition.argument for condition in self.conditions}
        if any(value is not None and name not in named for name, value in arguments.items()):
            return False
        return all(condition.holds(arguments) for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the policy says, which rule said it, how to ask if it asks, and the grant that answered instead."""

    effect: Effect
    rule: str
    asking: Asking = field(default_factory=Asking)
    message: str = ""
    grant: str = ""


def rule_on(
    call: Call, *, asks: bool, rules: Iterable[Rule] = (), grants: Iterable[Grant] = (), asking: Asking | None = None
) -> Ruling:
    """Rule on a call. `asks` is the tool's own default, `asking` how people are asked where no rule says."""
    ruling = _by_rules(call, asks, rules, asking or Asking())
    if ruling.effect is not Effect.ASK:
        return ruling
    answering = (grant.id for grant in grants if _answers(grant, call, ruling.asking))
    grant = min(answering, default="")
    return Ruling(Effect.ALLOW, ruling.rule, ruling.asking, grant=grant) if grant else ruling


def _by_rules(call: Call, asks: bool, rules: Iterable[Rule], asking: Asking) -> Ruling:
    matching = [rule for rule in rules if _matches(rule, call)]
    if matching:
        rule = min(matching, key=_order)
        return Ruling(rule.effect, rule.name, rule.asking, rule.message)
    if asks:
        return Ruling(Effect.ASK, f"default: {call.tool} asks a person", asking)
    return Ruling(Effect.ALLOW, f"default: {call.tool} is free", asking)


def _order(rule: Rule) -> tuple[Any, ...]:
    """Every part of a rule that a ruling shows is in here: rules of equal order give equal rulings."""
    strictness = tuple(-part for part in rule.asking.strictness)
    return (rule.priority, -STRICTNESS[rule.effect], strictness, rule.name, rule.message)


def _matches(rule: Rule, call: Call) -> bool:
    if rule.agent not in ("", call.agent) or not fnmatchcase(call.tool, rule.tool):
        return False
    # What cannot be compared counts against the call: a missing amount may be any amount.
    unknown = rule.effect is not Effect.ALLOW
    found = (condition.holds(call.arguments) for condition in rule.conditions)
    return all(unknown if held is None else held for held in found)


def _answers(grant: Grant, call: Call, asking: Asking) -> bool:
    """A grant is one person's answer: it stands for no second one, for no higher role, and for nobody's own wish."""
    if asking.approvals > 1 or RANK[grant.role] < RANK[asking.role]:
        return False
    if asking.separate_requester and grant.created_by in call.requesters:
        return False
    return grant.tool == call.tool and grant.covers(call.arguments)
