"""Rules of a workspace, the people who decide under them, and calls to rule on."""

from typing import Any

from agents_app.models import PermissionRequest, PolicyRule, Run
from agents_app.services.judging import judge_call
from agents_app.services.ledger import propose_call
from agents_app.tools.refund_order import REFUND_ORDER
from sessions_app.actors import Actor, ActorKind
from sessions_app.models import Session, Workspace
from tests.agents.work import answered, asked, claimed, request_of

ANNA = Actor(ActorKind.USER, "anna", role="operator")
BEN = Actor(ActorKind.USER, "ben", role="operator")
CLEO = Actor(ActorKind.USER, "cleo", role="supervisor")
KEY = Actor(ActorKind.API_KEY, "abc", role="api_key")
PROPOSED = {"order_number": 1001, "amount": "19.90"}
EDITED = {"order_number": 1001, "amount": "5.00"}


def add_rule(workspace: Workspace, effect: str = "ask", **more: Any) -> PolicyRule:
    return PolicyRule.objects.create(
        workspace=workspace, **{"name": "refunds", "tool": "refund_*", "effect": effect, **more}
    )


def above(amount: object) -> list[dict[str, object]]:
    return [{"argument": "amount", "operator": ">", "value": amount}]


def question(session: Session, **rule: Any) -> PermissionRequest:
    """A refund of order 1001 that waits for an answer under a rule."""
    add_rule(session.workspace, **rule)
    return request_of(answered(session, "refund order 1001"))


def at_work(session: Session) -> Run:
    """A run that a worker has taken up, and that has called no tool so far."""
    return claimed(asked(session, "hello"))


def judged(run: Run, call_id: str = "c", **arguments: Any) -> object:
    """What is said of a refund that this run proposes."""
    given = arguments or PROPOSED
    propose_call(run, REFUND_ORDER, call_id, given)
    return judge_call(run, REFUND_ORDER, call_id, given)
