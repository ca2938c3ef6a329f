"""Nothing of another workspace is offered to be chosen: not in filters, not in forms, not while typing."""

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from agents_app.models import Agent, Run
from sessions_app.models import Workspace
from tests.admin.pages import MODELS, address, listed, name_of
from tests.admin.rows import Rows


@pytest.mark.parametrize("model", MODELS, ids=name_of)
def test_a_list_and_its_filters_name_nothing_of_another_workspace(
    supervising: Client, rows: Rows, foreign_rows: Rows, model: type[Model]
) -> None:
    page = supervising.get(address(model, "changelist")).content.decode()
    assert "theirs" not in page and "elsewhere" not in page


def test_a_filter_offers_all_workspaces_to_a_superuser(superuser: Client, rows: Rows, foreign_rows: Rows) -> None:
    page = superuser.get(address(Agent, "changelist")).content.decode()
    assert f"?workspace__id__exact={rows[Workspace].pk}" in page
    assert f"?workspace__id__exact={foreign_rows[Workspace].pk}" in page


def test_a_filter_for_another_workspace_finds_nothing(supervising: Client, rows: Rows, foreign_rows: Rows) -> None:
    foreign = {"session__workspace__id__exact": str(foreign_rows[Workspace].pk)}
    assert listed(supervising, Run, **foreign) == []
    own = {"session__workspace__id__exact": str(rows[Workspace].pk)}
    assert listed(supervising, Run, **own) == [rows[Run]]


def suggestions(client: Client, model: str, field: str) -> list[str]:
    query = {"app_label": "sessions_app", "model_name": model, "field_name": field, "term": ""}
    answer = client.get(reverse("admin:autocomplete"), query)
    assert answer.status_code == 200
    return [item["text"] for item in answer.json()["results"]]


def test_typing_suggests_only_workspaces_one_supervises(
    superuser: Client, supervising: Client, workspace: Workspace, other_workspace: Workspace
) -> None:
    assert suggestions(supervising, "membership", "workspace") == ["shop"]
    assert suggestions(superuser, "membership", "workspace") == ["elsewhere", "shop"]


def test_typing_suggests_no_logins_to_a_supervisor(supervising: Client) -> None:
    query = {"app_label": "sessions_app", "model_name": "membership", "field_name": "user", "term": ""}
    assert supervising.get(reverse("admin:autocomplete"), query).status_code == 403


def test_a_supervisor_adds_agents_and_none_elsewhere(
    supervising: Client, workspace: Workspace, other_workspace: Workspace
) -> None:
    body = {"name": "helper", "model": "demo", "tools": "[]", "shown_to_customers": "[]"}
    refused = supervising.post(address(Agent, "add"), {**body, "workspace": str(other_workspace.pk)})
    assert refused.status_code == 200 and "workspace" in refused.context["adminform"].errors
    added = supervising.post(address(Agent, "add"), {**body, "workspace": str(workspace.pk)})
    assert added.status_code == 302
    assert [agent.workspace for agent in Agent.objects.all()] == [workspace]


def test_a_supervisor_changes_agents_and_none_elsewhere(supervising: Client, rows: Rows, foreign_rows: Rows) -> None:
    foreign = foreign_rows[Agent].pk
    body = {"model": "openai:gpt", "tools": "[]", "shown_to_customers": "[]"}
    assert supervising.post(address(Agent, "change", foreign), body).status_code == 302
    assert Agent.objects.get(pk=foreign).model == "demo"
    assert supervising.post(address(Agent, "change", rows[Agent].pk), body).status_code == 302
    assert Agent.objects.get(pk=rows[Agent].pk).model == "openai:gpt"
