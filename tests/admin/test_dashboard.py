"""The admin's front page: its numbers, and the lists behind them."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.admin_site.dashboard import decisions
from config.admin_site.dashboard.figures import Figure
from sessions_app.models import Membership, Workspace
from tests.admin.afternoon import spend_afternoon

RANGES = ["1h", "24h", "7d", "30d"]
# Sums and shares lead to the rows they are made of, and do not count them.
NOT_COUNTS = {"Cost", "Tokens in", "Tokens out", "Requests to providers", "Approved"}


@pytest.fixture
def afternoon(workspace: Workspace, other_workspace: Workspace) -> None:
    now = timezone.now()
    spend_afternoon(workspace, now)
    spend_afternoon(other_workspace, now, mark="-theirs")


def page(client: Client, **query: str) -> Any:
    answer = client.get("/admin/", query)
    assert answer.status_code == 200
    return answer


def figures(context: Any) -> Iterator[Figure]:
    for name in ("present", "pending", "opened", "ended", "decisions", "waiting", "spent"):
        for value in vars(context[name]).values():
            found = [value] if isinstance(value, Figure) else value if isinstance(value, tuple | list) else []
            yield from (each for each in found if isinstance(each, Figure))


def numbers(context: Any) -> dict[str, str]:
    return {figure.label: figure.value for figure in figures(context)}


def found_behind(client: Client, link: str) -> int:
    answer = client.get(link)
    assert answer.status_code == 200, link
    return int(answer.context["cl"].result_count)


@pytest.mark.usefixtures("afternoon")
@pytest.mark.parametrize("range_name", ["1h", "30d"])
def test_a_number_tells_how_many_rows_the_list_behind_it_shows(supervising: Client, range_name: str) -> None:
    context = page(supervising, range=range_name).context
    linked = [each for each in figures(context) if each.link and each.label not in NOT_COUNTS]
    assert len(linked) > 20
    wrong = [each for each in linked if found_behind(supervising, each.link) != int(each.value)]
    assert wrong == []


@pytest.mark.usefixtures("afternoon")
def test_a_superuser_gets_one_workspace_or_all_and_the_lists_do_too(superuser: Client) -> None:
    alone, together = (page(superuser, range="1h", **query).context for query in ({"workspace": "shop"}, {}))
    for one, both in zip(figures(alone), figures(together), strict=True):
        if one.link and one.label not in NOT_COUNTS:
            assert int(both.value) == 2 * int(one.value), one
            assert found_behind(superuser, one.link) == int(one.value), one
            assert found_behind(superuser, both.link) == int(both.value), both


@pytest.mark.usefixtures("afternoon")
def test_the_numbers_are_those_of_the_afternoon(supervising: Client) -> None:
    told = numbers(page(supervising, range="1h").context)
    assert (
        told
        | {
            "Live sessions": "4",
            "Waiting for a person": "2",
            "Running": "2",
            "Parked": "1",
            "Stalled": "1",
            "Pending requests": "6",
            "under 1 min": "1",
            "1 to 5 min": "2",
            "over an hour": "1",
            "Sessions opened": "8",
            "Runs completed": "2",
            "Runs failed": "2",
            "tool_error": "1",
            "no code": "1",
            "Decisions": "3",
            "Approved": "67 %",
            "Half decided within": "20 s",
            "Nine of ten decided within": "70 s",
            "Nobody answered": "1",
            "Taken over": "2",
            "In time": "50 %",
            "Half within": "60 s",
            "Nobody came": "1",
            "Cost": "$2.00",
            "Tokens in": "1,500",
            "Tokens out": "150",
            "Requests to providers": "4",
        }
        == told
    )


@pytest.mark.usefixtures("afternoon")
def test_decisions_are_told_by_tool_by_agent_and_by_who_decided(supervising: Client) -> None:
    tables = page(supervising, range="1h").context["decisions"].tables
    rows = {name: [(line.name, line.decided, line.approved) for line in lines] for name, lines in tables.items()}
    assert rows == {
        "Tool": [("refund_order", "2", "100 %"), ("write_document", "1", "0 %")],
        "Agent": [("helper", "3", "67 %")],
        "Decided by": [("anna", "2", "100 %"), ("bert", "1", "0 %")],
    }
    for line in (line for lines in tables.values() for line in lines):
        assert found_behind(supervising, line.link) == int(line.decided), line


@pytest.mark.usefixtures("afternoon")
def test_a_sample_of_decisions_is_named_and_its_links_lead_to_the_sample(
    supervising: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decisions, "SAMPLE", 3)
    answer = page(supervising, range="1h")
    assert "Of the newest 3 requests" in answer.content.decode()
    of_people = next(each for each in figures(answer.context) if each.label == "Decisions")
    assert (of_people.value, found_behind(supervising, of_people.link)) == ("2", 2)


@pytest.mark.usefixtures("afternoon")
@pytest.mark.parametrize("range_name", RANGES)
def test_every_time_range_holds_the_last_minutes_and_nothing_of_long_ago(supervising: Client, range_name: str) -> None:
    context = page(supervising, range=range_name).context
    assert numbers(context)["Sessions opened"] == "8"
    assert len(context["opened"].chart.pieces) == len(context["during"].starts)


def test_a_supervisor_sees_nothing_of_another_workspace(
    supervising: Client, workspace: Workspace, other_workspace: Workspace
) -> None:
    spend_afternoon(other_workspace, timezone.now(), mark="-theirs")
    answer = page(supervising, range="30d")
    assert set(numbers(answer.context).values()) <= {"0", "—", "$0.00"}
    assert "theirs" not in answer.content.decode()


@pytest.mark.parametrize("name", ["elsewhere", "no-such-workspace"])
def test_a_workspace_of_others_is_answered_as_one_that_is_not_there(
    supervising: Client, workspace: Workspace, other_workspace: Workspace, name: str
) -> None:
    answer = page(supervising, workspace=name)
    assert answer.context["notices"] == ["You oversee no workspace of this name. Shown are all that you do."]
    assert answer.context["chosen"] is None and "elsewhere" not in answer.content.decode()


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize("name", ["", "1 year", "<b>", "0"])
def test_a_time_range_that_is_none_falls_back_with_a_notice(supervising: Client, name: str) -> None:
    answer = page(supervising, range=name)
    assert answer.context["choice"].name == "24h"
    assert "There is no such time range." in answer.content.decode()


def test_workspaces_are_offered_to_whoever_oversees_several(
    supervising: Client, supervisor: User, workspace: Workspace, other_workspace: Workspace
) -> None:
    assert '<select id="workspace"' not in page(supervising).content.decode()
    Membership.objects.create(user=supervisor, workspace=other_workspace, role=Membership.Role.SUPERVISOR)
    shown = page(supervising, workspace="elsewhere").content.decode()
    assert re.search(r'<option value="elsewhere"\s+selected', shown) and '<option value="shop"' in shown


def test_a_new_installation_says_what_to_do_first(superuser: Client) -> None:
    shown = unescape(page(superuser).content.decode())
    assert "Nothing has happened here yet" in shown and "/workbench/" in shown


@pytest.mark.usefixtures("afternoon")
def test_the_page_costs_the_same_whatever_has_happened(superuser: Client, workspace: Workspace) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(superuser, range="30d")
        return len(captured)

    queries()
    before = queries()
    spend_afternoon(workspace, timezone.now(), mark="-more")
    assert queries() == before
    assert before < 30


@pytest.mark.usefixtures("afternoon")
def test_a_chart_tells_its_numbers_in_words_too_and_needs_no_style_or_script(supervising: Client) -> None:
    shown = page(supervising, range="1h").content.decode()
    svgs = re.findall(r"<svg[^>]*role=\"img\".*?</svg>", shown, re.DOTALL)
    assert len(svgs) >= 4
    for svg in svgs:
        assert "<title id=" in svg and "<desc id=" in svg
    assert len(re.findall(r"<details class=\"chart-numbers\">", shown)) == len(svgs)
    assert [word for word in (" style=", "<style", "<script>", " onclick=") if word in shown] == []
