"""Lists cost the same however many rows they show, searched and filtered too."""

from urllib.parse import parse_qsl

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sessions_app.models import AuditChain, Workspace
from tests.admin.pages import MODELS, address, listed, name_of
from tests.admin.rows import make_rows

# One of a kind in each workspace: there are no more rows of it to be had.
SEVERAL = [model for model in MODELS if model not in (Workspace, AuditChain)]
Query = dict[str, str]


def ways_to_ask(client: Client, model: type[Model]) -> list[Query]:
    """The whole list, a search, and the first choice of each filter."""
    changelist = client.get(address(model, "changelist")).context["cl"]
    ways: list[Query] = [{}, *([{"q": "o"}] if changelist.search_fields else [])]
    for filter_beside in changelist.filter_specs:
        choices = [choice for choice in filter_beside.choices(changelist) if not choice["selected"]]
        ways += [dict(parse_qsl(choice["query_string"].removeprefix("?"))) for choice in choices[:1]]
    return ways


def queries(client: Client, model: type[Model], way: Query) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address(model, "changelist"), way).status_code == 200
    return len(captured)


@pytest.mark.parametrize("model", SEVERAL, ids=name_of)
def test_a_list_asks_no_more_for_many_rows_than_for_one(
    supervising: Client, workspace: Workspace, model: type[Model]
) -> None:
    make_rows(workspace, "first")
    listed(supervising, model)  # what is asked once and remembered is not the list's
    ways = ways_to_ask(supervising, model)
    rows, few = len(listed(supervising, model)), [queries(supervising, model, way) for way in ways]
    for number in range(4):
        make_rows(workspace, f"more-{number}")
    assert len(listed(supervising, model)) >= rows + 4
    assert dict(zip(map(str, ways), [queries(supervising, model, way) for way in ways], strict=True)) == dict(
        zip(map(str, ways), few, strict=True)
    )


@pytest.mark.parametrize("model", [User, Group], ids=name_of)
def test_the_lists_of_logins_and_groups_do_neither(superuser: Client, model: type[Model]) -> None:
    Group.objects.create(name="group-o")
    listed(superuser, model)
    ways = ways_to_ask(superuser, model)
    few = [queries(superuser, model, way) for way in ways]
    for number in range(4):
        Group.objects.create(name=f"group-{number}-o")
        User.objects.create_user(f"user-{number}-o").groups.add(Group.objects.get(name="group-o"))
    assert [queries(superuser, model, way) for way in ways] == few
