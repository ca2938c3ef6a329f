"""Grants are made, moved and taken back in the admin, each with its trail; what they allow is never edited."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agents_app.models import Grant
from agents_app.services.grants import move_end
from sessions_app.actors import Actor
from sessions_app.models import AuditEntry, Session, Workspace
from tests.admin.pages import act, address, listed, said
from tests.admin.rows import Rows
from tests.agents.races import race


@pytest.fixture
def grant(rows: Rows) -> Grant:
    found = rows[Grant]
    assert isinstance(found, Grant)
    return found


def move(client: Client, grant: Grant, to: Any, seen: str = "", reason: str = "") -> Any:
    fields = {
        "seen": seen or grant.expires_at.isoformat(),
        "expires_at": timezone.localtime(to).strftime("%Y-%m-%dT%H:%M:%S"),
        "reason": reason,
    }
    return client.post(reverse("admin:agents_app_grant_end", args=[grant.pk]), fields, follow=True)


def end(grant: Grant) -> Any:
    return Grant.objects.get(pk=grant.pk).expires_at


@pytest.mark.parametrize("days", [2, 300])
def test_a_grant_ends_earlier_or_later_and_its_trail_says_from_when_to_when(
    supervising: Client, grant: Grant, days: int
) -> None:
    to = (timezone.now() + timedelta(days=days)).replace(microsecond=0)
    move(supervising, grant, to, reason="A busy week.")
    assert end(grant) == to
    entry = AuditEntry.objects.get(action="grant.end_moved")
    assert (entry.actor, entry.target, entry.reason) == ("supervisor", str(grant.pk), "A busy week.")
    assert entry.details["from"] == grant.expires_at.isoformat() and entry.details["to"] == to.isoformat()
    page = supervising.get(address(Grant, "change", grant.pk))
    assert "A busy week." in page.content.decode()


@pytest.mark.parametrize("days", [-1, 400])
def test_a_grant_ends_in_the_future_and_within_366_days(supervising: Client, grant: Grant, days: int) -> None:
    answer = move(supervising, grant, timezone.now() + timedelta(days=days))
    assert "within 366 days" in said(answer)[0]
    assert end(grant) == grant.expires_at


def test_a_grant_that_is_over_or_revoked_is_not_revived(supervising: Client, grant: Grant) -> None:
    later = timezone.now() + timedelta(days=2)
    Grant.objects.filter(pk=grant.pk).update(expires_at=timezone.now() - timedelta(hours=1))
    grant.refresh_from_db()
    assert "This grant is over" in said(move(supervising, grant, later))[0]
    act(supervising, "revoke", grant)
    assert "already been revoked" in said(move(supervising, grant, later))[0]
    assert end(grant) == grant.expires_at


def test_the_second_of_two_people_is_told_that_its_end_has_moved(
    supervising: Client, superuser: Client, grant: Grant
) -> None:
    first = (timezone.now() + timedelta(days=2)).replace(microsecond=0)
    move(superuser, grant, first)
    answer = move(supervising, grant, timezone.now() + timedelta(days=9))
    assert "Somebody else has just changed this grant" in said(answer)[0]
    assert end(grant) == first


@pytest.mark.django_db(transaction=True)
def test_of_two_ends_given_in_the_same_moment_one_stands(supervisor_actor: Actor, grant: Grant) -> None:
    ends = [grant.expires_at + timedelta(days=days) for days in (1, 2)]

    def give(to: datetime) -> Grant:
        mine = Grant.objects.select_related("workspace", "session").get(pk=grant.pk)
        mine.expires_at = grant.expires_at
        return move_end(mine, to, actor=supervisor_actor)

    outcomes = race(lambda: give(ends[0]), lambda: give(ends[1]))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Grant", "GrantChanged"]
    assert end(grant) in ends
    assert AuditEntry.objects.filter(action="grant.end_moved").count() == 1


def test_an_end_that_is_no_time_is_shown_again(supervising: Client, grant: Grant) -> None:
    fields = {"seen": grant.expires_at.isoformat(), "expires_at": "tomorrow"}
    answer = supervising.post(reverse("admin:agents_app_grant_end", args=[grant.pk]), fields)
    assert answer.context["end_form"].errors["expires_at"] and end(grant) == grant.expires_at


def test_what_a_grant_allows_cannot_be_edited(superuser: Client, grant: Grant) -> None:
    body = {"tool": "*", "conditions": "[]", "scope": "workspace"}
    assert superuser.post(address(Grant, "change", grant.pk), body).status_code == 403
    grant.refresh_from_db()
    assert (grant.tool, grant.scope) == ("refund_order", "session")


@pytest.mark.parametrize("who", ["superuser", "supervisor"])
def test_a_grant_is_taken_back_once_and_its_trail_says_by_whom(people: dict[str, Client], rows: Rows, who: str) -> None:
    grant = rows[Grant]
    assert said(act(people[who], "revoke", grant)) == [f"{grant} is revoked."]
    assert said(act(people[who], "revoke", grant)) == [f"{grant}: This grant has already been revoked."]
    entry = AuditEntry.objects.get(action="grant.revoked")
    assert (entry.target, entry.role) == (str(grant.pk), who)


def test_a_grant_is_taken_back_on_its_page_with_a_reason(supervising: Client, grant: Grant) -> None:
    to = reverse("admin:agents_app_grant_revoke", args=[grant.pk])
    answer: Any = supervising.post(to, {"reason": "Not any more."}, follow=True)
    assert said(answer) == [f"{grant} is revoked."]
    assert AuditEntry.objects.get(action="grant.revoked").reason == "Not any more."


def make(client: Client, workspace: Workspace, **fields: str) -> Any:
    given = {
        "workspace": str(workspace.pk),
        "tool": "refund_order",
        "conditions": '[{"argument": "amount", "operator": "<=", "value": 5}]',
        "scope": "workspace",
        "expires_in_seconds": "3600",
        "reason": "Small refunds are fine.",
    }
    return client.post(reverse("admin:agents_app_grant_make"), {**given, **fields}, follow=True)


@pytest.mark.parametrize(
    "whose",
    [{"scope": "workspace"}, {"scope": "customer", "customer": "carla"}, {"scope": "session", "session": "talk"}],
)
def test_a_supervisor_makes_a_grant_by_hand(
    supervising: Client, workspace: Workspace, session: Session, whose: dict[str, str]
) -> None:
    make(supervising, workspace, **whose)
    grant = Grant.objects.get()
    assert (grant.scope, grant.role, grant.created_by) == (whose["scope"], "supervisor", "user:supervisor")
    assert grant.customer == whose.get("customer", "")
    assert (grant.session.name if grant.session else "") == whose.get("session", "")
    entry = AuditEntry.objects.get(action="grant.created")
    assert (entry.actor, entry.reason, entry.target) == ("supervisor", "Small refunds are fine.", str(grant.pk))


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"tool": "refund_*"}, "Name one tool, not a pattern"),
        ({"conditions": "{}"}, "Conditions are a list."),
        ({"conditions": '[{"argument": "amount", "operator": ">", "value": "much"}]'}, "needs a number"),
        ({"scope": "customer"}, "Name the customer"),
        ({"scope": "session"}, "Name the session"),
        ({"scope": "session", "session": "nowhere"}, "no session of that name"),
        ({"customer": "carla"}, "and of no other"),
        ({"expires_in_seconds": "999999999"}, "Select a valid choice"),
        ({"reason": ""}, "This field is required"),
    ],
)
def test_a_grant_that_cannot_be_is_not_made(
    supervising: Client, workspace: Workspace, fields: dict[str, str], problem: str
) -> None:
    answer = make(supervising, workspace, **fields)
    assert problem in str(answer.context["form"].errors)
    assert not Grant.objects.exists()


def test_whoever_only_operates_in_a_workspace_makes_no_grant_there(
    superuser: Client, workspace: Workspace, operating: Client
) -> None:
    User.objects.get(username="root").memberships.create(workspace=workspace, role="operator")
    assert "Only a supervisor" in str(make(superuser, workspace).context["form"].errors)
    make(operating, workspace)
    assert not Grant.objects.exists()


def test_nobody_touches_another_workspaces_grants(
    stranger: Client, operating: Client, workspace: Workspace, grant: Grant
) -> None:
    for client in (stranger, operating):
        act(client, "revoke", grant)
        client.post(reverse("admin:agents_app_grant_revoke", args=[grant.pk]), {})
        move(client, grant, timezone.now() + timedelta(days=9))
        make(client, workspace)
    grant.refresh_from_db()
    assert Grant.objects.count() == 1 and grant.revoked_at is None
    assert not AuditEntry.objects.filter(action__startswith="grant.").exists()


def test_the_list_finds_grants_by_how_they_stand(supervising: Client, grant: Grant, workspace: Workspace) -> None:
    now = timezone.now()
    common = {"workspace": workspace, "tool": "lookup_order", "scope": "workspace", "created_by": "user:ben"}
    over = Grant.objects.create(**common, expires_at=now - timedelta(hours=1))
    revoked = Grant.objects.create(**common, expires_at=now + timedelta(days=9), revoked_at=now, revoked_by="user:x")
    lasting = Grant.objects.create(**common, expires_at=now + timedelta(days=9), uses=3)
    found = {
        word: set(listed(supervising, Grant, state=word)) for word in ("live", "soon", "over", "revoked", "unused")
    }
    assert found == {
        "live": {grant, lasting},
        "soon": {grant},
        "over": {over},
        "revoked": {revoked},
        "unused": {grant},
    }
    assert set(listed(supervising, Grant, created_by="user:ben", tool="lookup_order")) == {over, revoked, lasting}
    assert listed(supervising, Grant, state="misspelled") == []
