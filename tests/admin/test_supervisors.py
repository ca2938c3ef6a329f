"""What supervisors set up in their own workspaces, and that it makes them nothing anywhere else."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Model
from django.test import Client

from agents_app.models import Budget, Order
from sessions_app.models import AuditEntry, CannedReply, Membership, Workspace
from tests.admin.pages import address
from tests.admin.rows import Rows

Role = Membership.Role


@pytest.fixture
def colleague(db: None) -> User:
    """A login that belongs to no workspace yet."""
    return User.objects.create_user("nina")


def add_member(client: Client, workspace: Workspace, login: str, role: str = "operator") -> list[str]:
    """Returns what the form complains of."""
    answer = client.post(address(Membership, "add"), {"user": login, "workspace": str(workspace.pk), "role": role})
    return [] if answer.status_code == 302 else sorted(answer.context["adminform"].errors)


def test_a_supervisor_adds_a_member_by_the_name_of_their_login(
    supervising: Client, workspace: Workspace, colleague: User
) -> None:
    assert add_member(supervising, workspace, "nina") == []
    assert Membership.objects.get(user=colleague).workspace == workspace
    entry = AuditEntry.objects.latest("id")
    assert (entry.workspace, entry.actor, entry.role, entry.action) == (
        workspace,
        "supervisor",
        "supervisor",
        "membership.added",
    )


def test_who_has_no_login_or_one_that_was_closed_becomes_no_member(
    supervising: Client, workspace: Workspace, colleague: User
) -> None:
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    for name in ("nina", "nobody", "", str(colleague.pk)):
        assert add_member(supervising, workspace, name) == ["user"]


def test_the_form_for_members_lists_no_logins(supervising: Client, colleague: User) -> None:
    page = supervising.get(address(Membership, "add")).content.decode()
    assert "nina" not in page and 'name="user"' in page


def test_a_supervisor_makes_and_unmakes_supervisors_of_their_own_workspace(
    supervising: Client, workspace: Workspace, colleague: User
) -> None:
    member = Membership.objects.create(user=colleague, workspace=workspace)
    assert supervising.post(address(Membership, "change", member.pk), {"role": "supervisor"}).status_code == 302
    member.refresh_from_db()
    assert member.role == Role.SUPERVISOR
    supervising.post(address(Membership, "delete", member.pk), {"post": "yes"})
    assert not Membership.objects.filter(pk=member.pk).exists()


def test_nobody_makes_themself_a_member_or_more_of_another_workspace(
    supervising: Client, supervisor: User, other_workspace: Workspace
) -> None:
    assert add_member(supervising, other_workspace, "supervisor", "supervisor") == ["workspace"]
    elsewhere = Membership.objects.create(user=supervisor, workspace=other_workspace, role=Role.OPERATOR)
    answer = supervising.post(address(Membership, "change", elsewhere.pk), {"role": "supervisor"})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    elsewhere.refresh_from_db()
    assert elsewhere.role == Role.OPERATOR


def test_a_membership_is_not_moved_to_another_workspace_or_login(
    supervising: Client, supervisor: User, workspace: Workspace, other_workspace: Workspace, colleague: User
) -> None:
    member = Membership.objects.get(user=supervisor)
    moved = {"role": "supervisor", "workspace": str(other_workspace.pk), "user": "nina"}
    assert supervising.post(address(Membership, "change", member.pk), moved).status_code == 302
    member.refresh_from_db()
    assert (member.user, member.workspace) == (supervisor, workspace)


def test_a_supervisor_says_when_people_are_there_and_does_not_rename_the_workspace(
    supervising: Client, workspace: Workspace
) -> None:
    page = address(Workspace, "change", workspace.pk)
    form = supervising.get(page).context["adminform"].form
    given = {name: form[name].value() or "" for name in form.fields}
    assert "name" not in given
    answer = supervising.post(page, {**given, "name": "stolen", "time_zone": "Europe/Berlin"})
    assert answer.status_code == 302
    workspace.refresh_from_db()
    assert (workspace.name, workspace.time_zone) == ("shop", "Europe/Berlin")


def test_canned_replies_are_a_supervisors_to_write(supervising: Client, workspace: Workspace) -> None:
    body = {"workspace": str(workspace.pk), "shortcut": "hi", "language": "", "text": "Hello!"}
    assert supervising.post(address(CannedReply, "add"), body).status_code == 302
    assert CannedReply.objects.get().text == "Hello!"


@pytest.mark.parametrize("model", [Budget, Order])
def test_what_is_not_theirs_by_role_takes_a_django_permission_and_stays_in_their_workspace(
    supervising: Client, supervisor: User, rows: Rows, foreign_rows: Rows, model: type[Model]
) -> None:
    pages = address(model, "delete", rows[model].pk), address(model, "delete", foreign_rows[model].pk)
    assert supervising.post(pages[0], {"post": "yes"}).status_code == 403
    supervisor.user_permissions.add(Permission.objects.get(codename=f"delete_{model._meta.model_name}"))
    for page in pages:
        assert supervising.post(page, {"post": "yes"}).status_code == 302
    assert list(model._default_manager.all()) == [foreign_rows[model]]


@pytest.mark.parametrize("model", [User, Group])
def test_no_django_permission_lets_a_supervisor_near_logins(
    supervising: Client, supervisor: User, model: type[Model]
) -> None:
    supervisor.user_permissions.set(Permission.objects.filter(content_type__app_label="auth"))
    assert supervising.get(address(model, "changelist")).status_code == 403
    assert supervising.get(address(model, "add")).status_code == 403
    page = address(User, "change", supervisor.pk)
    assert supervising.post(page, {"username": "supervisor", "is_superuser": "on"}).status_code == 403
    supervisor.refresh_from_db()
    assert not supervisor.is_superuser


def test_how_long_things_are_kept_and_what_is_masked_is_not_theirs_to_say(
    supervising: Client, workspace: Workspace
) -> None:
    form = supervising.get(address(Workspace, "change", workspace.pk)).context["adminform"].form
    given = {name: form[name].value() or "" for name in form.fields} | {
        "title": "A better shop",
        "initial-opening_hours": "{}",
        "opening_hours": "{}",
        "transcript_retention_days": "1",
        "masked_fields": "[]",
        "initial-masked_fields": "[]",
    }
    workspace.masked_fields = ["passport"]
    workspace.save()
    assert supervising.post(address(Workspace, "change", workspace.pk), given).status_code == 302
    workspace.refresh_from_db()
    assert (workspace.title, workspace.transcript_retention_days, workspace.masked_fields) == (
        "A better shop",
        None,
        ["passport"],
    )
