"""What customers see of agents' questions and of the answers to them."""

from typing import Any

import pytest

from agents_app.models import Agent, Order, Run
from agents_app.services.permissions import decide
from sessions_app.actors import Actor
from sessions_app.events.replay import from_row
from sessions_app.events.types import Visibility
from sessions_app.events.visibility import seen_by
from sessions_app.models import Session
from tests.agents.work import answered, carry_on, log, request_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def refunded(agent: Agent, session: Session, order: Order, operator_actor: Actor, shown: list[str]) -> Run:
    """A refund that was asked for, approved with a reason, and paid; `shown` is what the agent shows customers."""
    Agent.objects.filter(pk=agent.pk).update(shown_to_customers=shown)
    run = answered(session, "refund order 1001")
    decide(request_of(run), approve=True, actor=operator_actor, reason="A secret reason.")
    return carry_on(run)


def seen(session: Session) -> dict[str, list[dict[str, Any]]]:
    """What a customer sees, by type."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in log(session):
        event = seen_by(from_row(row, session.name), Visibility.CUSTOMER)
        if event is not None:
            found.setdefault(event.type, []).append(dict(event.data))
    return found


@pytest.mark.parametrize("shown", [[]])
def test_customers_see_no_question_no_decision_no_arguments_no_results_no_thoughts(
    session: Session, refunded: Run
) -> None:
    view = seen(session)
    assert not {"permission_request", "permission_cleared", "reasoning_started", "reasoning_completed"} & set(view)
    assert view["tool_status"] and view["tool_result"]
    assert not [entry for entry in view["tool_status"] if {"arguments", "risk_level"} & set(entry)]
    assert not [entry for entry in view["tool_result"] if "result" in entry]
    assert "A secret reason." not in str(view) and "usage" not in view["run_completed"][0]


@pytest.mark.parametrize("shown", [["decisions"]])
def test_an_agent_may_show_its_customers_questions_and_decisions(session: Session, refunded: Run) -> None:
    view = seen(session)
    assert view["permission_request"][0]["arguments"] == {"order_number": 1001, "amount": "19.90"}
    assert view["permission_cleared"][0]["reason"] == "A secret reason."
    assert "reasoning_completed" not in view and "arguments" not in view["tool_status"][0]


@pytest.mark.parametrize("shown", [["tools"]])
def test_an_agent_may_show_its_customers_what_its_tools_get_and_give(session: Session, refunded: Run) -> None:
    view = seen(session)
    assert view["tool_status"][0]["arguments"] == {"order_number": 1001}
    assert view["tool_result"][-1]["result"]["refunded"] == "19.90"
    assert "permission_request" not in view and "reasoning_completed" not in view


@pytest.mark.parametrize("shown", [["reasoning"]])
def test_an_agent_may_show_its_customers_its_thoughts(session: Session, refunded: Run) -> None:
    view = seen(session)
    assert len(view["reasoning_started"]) == len(view["reasoning_completed"]) == 2
    assert "permission_request" not in view and "arguments" not in view["tool_status"][0]


@pytest.mark.parametrize("shown", [[]])
def test_operators_see_all_of_it(session: Session, refunded: Run) -> None:
    rows = log(session)
    assert all(seen_by(from_row(row, session.name), Visibility.OPERATOR) is not None for row in rows)
