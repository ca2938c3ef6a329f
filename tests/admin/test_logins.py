"""Logins and groups are changed by superusers alone, and each change is written down without a secret."""

import json

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from sessions_app.models import AuditEntry, Membership, Workspace
from tests.admin.pages import act, address

PASSWORD = "correct horse battery"


def newest() -> tuple[object, str, str, str, str]:
    entry = AuditEntry.objects.select_related("chain").latest("id")
    return entry.chain.workspace, entry.actor, entry.role, entry.action, entry.target


def told() -> dict[str, object]:
    details: dict[str, object] = json.loads(AuditEntry.objects.latest("id").private)["details"]
    return details


def test_a_new_login_a_new_right_and_its_end_are_each_written_down(superuser: Client) -> None:
    body = {"username": "nina", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert superuser.post(address(User, "add"), body).status_code == 302
    nina = User.objects.get(username="nina")
    assert newest() == (None, "root", "superuser", "user.added", str(nina.pk))
    page = address(User, "change", nina.pk)
    form = superuser.get(page).context["adminform"].form
    given = {name: form[name].value() for name in ("username", "is_active")}
    given |= {"date_joined_0": "2026-01-01", "date_joined_1": "10:00:00", "is_staff": "on"}
    assert superuser.post(page, given).status_code == 302
    assert newest()[3] == "user.changed" and "Staff status" in str(told()["fields"])
    act(superuser, "delete_selected", nina, post="yes")
    assert newest()[3:] == ("user.deleted", str(nina.pk))
    assert told() == {"name": "nina"}
    assert not User.objects.filter(username="nina").exists()


@pytest.mark.parametrize("way", ["from the list", "one by one"])
def test_memberships_that_end_with_a_login_are_told_to_their_workspaces(
    superuser: Client, operator: User, supervisor: User, other_workspace: Workspace, way: str
) -> None:
    """In one order of the workspaces, since each entry locks the head of a chain, and that of no workspace last."""
    Membership.objects.create(user=operator, workspace=other_workspace)
    gone = [supervisor, operator] if way == "from the list" else [operator]
    memberships = Membership.objects.filter(user__in=gone).order_by("workspace_id", "pk")
    ended = [("membership.deleted", each.workspace, str(each.pk), {"was": str(each)}) for each in memberships]
    before = AuditEntry.objects.count()
    if way == "from the list":
        act(superuser, "delete_selected", *gone, post="yes")
    else:
        superuser.post(address(User, "delete", operator.pk), {"post": "yes"})
    entries = list(AuditEntry.objects.order_by("id"))[before:]
    assert [(each.action, each.workspace, each.target, each.details) for each in entries][: len(ended)] == ended
    assert [(each.action, each.workspace) for each in entries[len(ended) :]] == [("user.deleted", None)] * len(gone)
    assert not User.objects.filter(pk__in=[user.pk for user in gone]).exists()


def test_a_new_password_is_written_down_and_not_told(superuser: Client, operator: User) -> None:
    body = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert superuser.post(address(User, "password_change", operator.pk), body).status_code == 302
    operator.refresh_from_db()
    assert operator.check_password(PASSWORD)
    assert newest() == (None, "root", "superuser", "user.changed", str(operator.pk))
    assert PASSWORD not in AuditEntry.objects.latest("id").private and "assword" in str(told()["fields"])


def test_ones_own_new_password_is_written_down(supervisor: User) -> None:
    supervisor.is_staff = True
    supervisor.save()
    client = Client()
    assert client.login(username="supervisor", password="a long enough password")
    before = AuditEntry.objects.count()
    wrong = {"old_password": "wrong", "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert client.post("/admin/password_change/", wrong).status_code == 200
    assert AuditEntry.objects.count() == before
    right = {**wrong, "old_password": "a long enough password"}
    assert client.post("/admin/password_change/", right).status_code == 302
    assert newest() == (None, "supervisor", "supervisor", "user.changed", str(supervisor.pk))
    assert told() == {"name": "supervisor", "fields": ["password"]}


def test_groups_are_written_down_too(superuser: Client) -> None:
    assert superuser.post(address(Group, "add"), {"name": "night shift"}).status_code == 302
    group = Group.objects.get()
    assert newest()[3:] == ("group.added", str(group.pk))
    superuser.post(address(Group, "delete", group.pk), {"post": "yes"})
    assert newest()[3:] == ("group.deleted", str(group.pk))
