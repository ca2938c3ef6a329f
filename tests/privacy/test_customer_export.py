"""A customer's own data in a file they can take elsewhere."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from agents_app.models import Agent, Order
from sessions_app.actors import SYSTEM, Actor
from sessions_app.models import AuditEntry, Session, Workspace
from sessions_app.services.customer_export import export_customer
from sessions_app.services.messages import withdraw
from tests.privacy.zebra import WORD, ZEBRA, lived, said_by_zebra, zebras_session

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("agent")]


@pytest.fixture
def session(workspace: Workspace, order: Order, operator_actor: Actor) -> Session:
    return lived(workspace, order, operator_actor)


def exported(workspace: Workspace) -> dict[str, Any]:
    document: dict[str, Any] = json.loads("".join(export_customer(workspace, WORD, actor=SYSTEM)))
    return document


def test_it_holds_what_was_said_and_what_was_decided(session: Session, workspace: Workspace) -> None:
    document = exported(workspace)
    assert (document["format"], document["version"], document["customer"]) == ("handrail-customer-data", 1, WORD)
    (told,) = document["sessions"]
    assert [entry["text"] for entry in told["messages"] if entry["role"] == "customer"] == [
        f"refund order 1001 1.00 {WORD}",
        f"refund order 1001 {WORD}",
        f"I am {WORD}",
        f"hello, {WORD}",
    ]
    assert {entry["role"] for entry in told["messages"]} == {"customer", "agent", "operator"}
    assert [decision["outcome"] for decision in told["decisions"]] == ["approved", "approved"]
    assert [handoff["trigger"] for handoff in told["handoffs"]] == ["customer"]
    assert told["metadata"] == session.metadata


def test_what_is_for_operators_is_not_in_it(session: Session, workspace: Workspace) -> None:
    text = json.dumps(exported(workspace))
    for hidden in (f"mind the {WORD}", f"{WORD} was sad", f"the {WORD} wants a person", "order_number"):
        assert hidden not in text


def test_what_was_taken_back_is_not_in_it(workspace: Workspace) -> None:
    session = zebras_session(workspace)
    run = said_by_zebra(session, "never mind")
    assert run.message_id is not None
    withdraw(session, run.message_id, actor=ZEBRA)
    assert exported(workspace)["sessions"][0]["messages"] == []


def test_arguments_are_in_it_where_customers_see_decisions(
    session: Session, workspace: Workspace, agent: Agent
) -> None:
    Agent.objects.update(shown_to_customers=["decisions"])
    _, decision = exported(workspace)["sessions"][0]["decisions"]
    assert decision["arguments"] == {"order_number": 1001, "amount": "18.90"}


def test_it_is_in_the_history_without_the_name(session: Session, workspace: Workspace) -> None:
    exported(workspace)
    entry = AuditEntry.objects.get(action="customer.exported")
    assert entry.details == {"sessions": 1} and WORD not in entry.text + entry.private


def test_the_command_makes_a_file_that_nobody_else_reads(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "zebra.json"
    call_command("export_customer", "shop", WORD, "--output", str(path))
    assert json.loads(path.read_text())["sessions"][0]["name"] == "zebra-talk"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(CommandError, match="cannot be made: File exists"):
        call_command("export_customer", "shop", WORD, "--output", str(path))


def test_who_is_unknown_has_no_file(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="This customer has no sessions here"):
        call_command("export_customer", "shop", "nobody", "--output", str(tmp_path / "nobody.json"))
    assert list(tmp_path.iterdir()) == []
