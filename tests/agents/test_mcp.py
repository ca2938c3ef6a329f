"""Tools of MCP servers are judged, kept in the ledger and run like our own, over real streams and real HTTP."""

import os
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from django.core.exceptions import ValidationError
from pytest_django import Settings

from agents_app.models import Agent, McpServer, Run, ToolCall
from agents_app.services.permissions import decide
from sessions_app.actors import SYSTEM
from sessions_app.models import Session, Workspace
from tests.agents.mcp_depot import depot
from tests.agents.work import answered, carry_on, fresh, said
from tests.backends.openai_stub import Stub, serving

pytestmark = pytest.mark.django_db(transaction=True)
SCRIPT = Path(__file__).with_name("mcp_depot.py")


@pytest.fixture
def provider(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    """A model that calls every tool it is given, with the order A1."""
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    with serving() as stub:
        Agent.objects.filter(pk=agent.pk).update(model="openai:kind", base_url=stub.url, tools=[])
        yield stub


@pytest.fixture
def depot_url(settings: Settings) -> Iterator[str]:
    settings.MCP_ALLOW_PRIVATE_ADDRESSES = True
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(depot.streamable_http_app(), log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"
    server.should_exit = True
    thread.join()


def attach(agent: Agent, **fields: object) -> McpServer:
    shape = {"workspace": agent.workspace, "name": "depot", "prefix": "depot", "asks": False, **fields}
    server = McpServer.objects.create(**shape)
    server.agents.add(agent)
    return server


def program(agent: Agent, **fields: object) -> McpServer:
    return attach(agent, transport="stdio", command=sys.executable, args=[str(SCRIPT)], **fields)


def results() -> dict[str, str]:
    return {call.tool_name: str(call.result or call.answer) for call in ToolCall.objects.all()}


def test_a_programs_tools_run_through_the_ledger_and_the_program_ends_with_the_run(
    provider: Stub, agent: Agent, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPOT", "Kiel")
    program(agent, environment=["DEPOT"])
    assert answered(session, "where is it?").status == Run.Status.COMPLETED
    assert "A1 is in Kiel" in results()["depot_track"]
    assert "A1 is in Kiel" in said(session)[-1]
    with pytest.raises(ProcessLookupError):
        os.kill(int(results()["depot_track"].rstrip("'}").rpartition(" ")[2]), 0)


def test_a_program_gets_no_variable_that_is_not_named(
    provider: Stub, agent: Agent, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPOT", "Kiel")
    program(agent)
    answered(session, "where is it?")
    assert "unknown depot" in results()["depot_track"]


def test_a_tool_that_fails_is_told_to_the_model_and_the_run_goes_on(
    provider: Stub, agent: Agent, session: Session
) -> None:
    program(agent)
    assert answered(session, "where is it?").status == Run.Status.COMPLETED
    assert "recall" in results()["depot_recall"] and ToolCall.objects.get(tool_name="depot_recall").status == "failed"


def test_tools_that_ask_wait_for_a_person_who_may_edit_the_arguments(
    provider: Stub, agent: Agent, session: Session
) -> None:
    program(agent, asks=True, risk_level="high")
    run = answered(session, "where is it?")
    assert run.status == Run.Status.WAITING
    for request in run.permission_requests.select_related("run__session__workspace", "run__agent", "tool_call"):
        assert request.risk_level == "high"
        tracks = request.tool_call.tool_name == "depot_track"
        decide(request, approve=tracks, actor=SYSTEM, arguments={"order": "B2"} if tracks else None)
    assert carry_on(fresh(run)).status == Run.Status.COMPLETED
    assert "B2 is in" in results()["depot_track"]


def test_the_model_is_shown_the_servers_own_words_and_arguments(provider: Stub, agent: Agent, session: Session) -> None:
    program(agent)
    answered(session, "where is it?")
    shown = {tool["function"]["name"]: tool["function"] for tool in provider.asked[0]["tools"]}
    assert shown["depot_track"]["description"] == "Say where an order is."
    assert shown["depot_track"]["parameters"]["required"] == ["order"]


def test_a_servers_tools_are_reached_over_http(provider: Stub, agent: Agent, session: Session, depot_url: str) -> None:
    attach(agent, url=depot_url)
    assert answered(session, "where is it?").status == Run.Status.COMPLETED
    assert "A1 is in" in results()["depot_track"]


def test_an_address_of_our_own_network_is_not_visited(
    provider: Stub, agent: Agent, session: Session, depot_url: str, settings: Settings
) -> None:
    settings.MCP_ALLOW_PRIVATE_ADDRESSES = False
    attach(agent, url=depot_url)
    run = answered(session, "where is it?")
    assert (run.error_code, run.error_detail) == (
        "mcp_unavailable",
        "The MCP server depot cannot be reached (PrivateAddress).",
    )
    assert provider.asked == []


@pytest.mark.parametrize(
    "fields",
    [
        {"transport": "stdio", "command": "/nowhere/to/be/found"},
        {"transport": "stdio", "command": "true"},
        {"url": "http://127.0.0.1:9/mcp"},
    ],
)
def test_a_server_that_cannot_be_reached_fails_the_run_and_is_named(
    provider: Stub, agent: Agent, session: Session, settings: Settings, fields: dict[str, object]
) -> None:
    settings.MCP_ALLOW_PRIVATE_ADDRESSES = True
    attach(agent, **fields)
    run = answered(session, "where is it?")
    assert (run.status, run.error_code) == (Run.Status.FAILED, "mcp_unavailable")
    assert "depot" in run.error_detail and provider.asked == []


def test_servers_that_are_disabled_or_of_another_agent_or_workspace_are_left_alone(
    provider: Stub, agent: Agent, session: Session, other_workspace: Workspace
) -> None:
    gone = {"transport": "stdio", "command": "/nowhere"}
    attach(agent, enabled=False, **gone)
    attach(Agent.objects.create(workspace=agent.workspace, name="b"), **{**gone, "name": "b", "prefix": "b"})
    attach(agent, workspace=other_workspace, **gone)
    assert answered(session, "hello").status == Run.Status.COMPLETED


@pytest.mark.parametrize(
    "fields",
    [
        {"transport": "stdio", "url": "https://x.example"},
        {"transport": "http", "url": "file:///etc/passwd"},
        {"transport": "http", "url": "https://x.example", "command": "sh"},
        {"transport": "stdio", "command": "sh", "args": "-c"},
        {"transport": "stdio", "command": "sh", "environment": ["KEY=value"]},
        {"transport": "stdio", "command": "sh", "prefix": "Not A Name"},
    ],
)
def test_a_server_has_one_way_to_it_and_holds_no_values_of_variables(
    workspace: Workspace, fields: dict[str, object]
) -> None:
    with pytest.raises(ValidationError):
        McpServer(**{"workspace": workspace, "name": "x", "prefix": "x", **fields}).full_clean()
