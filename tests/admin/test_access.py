"""Who gets which page of the admin."""

import pytest
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.test import Client

from sessions_app.models import Membership, Workspace
from tests.admin.conftest import logged_in
from tests.admin.pages import CONFIGURATION, EVIDENCE, MODELS, address, listed, name_of
from tests.admin.rows import Rows

WHO = ["superuser", "supervisor", "operator", "anonymous"]
each_model = pytest.mark.parametrize("model", MODELS, ids=name_of)


def test_every_row_made_for_these_tests_has_an_admin_and_every_admin_has_a_row(rows: Rows) -> None:
    assert set(rows) == set(MODELS)


@each_model
@pytest.mark.parametrize(("who", "status"), list(zip(WHO, [200, 200, 302, 302], strict=True)))
def test_lists_and_rows_are_for_superusers_and_supervisors(
    people: dict[str, Client], rows: Rows, model: type[Model], who: str, status: int
) -> None:
    assert people[who].get(address(model, "changelist")).status_code == status
    assert people[who].get(address(model, "change", rows[model].pk)).status_code == status


@pytest.mark.parametrize("model", CONFIGURATION, ids=name_of)
@pytest.mark.parametrize(("who", "status"), list(zip(WHO, [200, 403, 302, 302], strict=True)))
def test_only_a_superuser_can_add_configuration(
    people: dict[str, Client], model: type[Model], who: str, status: int
) -> None:
    assert people[who].get(address(model, "add")).status_code == status


@pytest.mark.parametrize("model", EVIDENCE, ids=name_of)
@pytest.mark.parametrize(("who", "status"), list(zip(WHO, [403, 403, 302, 302], strict=True)))
def test_nobody_can_add_evidence(people: dict[str, Client], model: type[Model], who: str, status: int) -> None:
    assert people[who].get(address(model, "add")).status_code == status


@each_model
def test_a_list_can_be_searched_and_counted_by_its_filters(supervising: Client, rows: Rows, model: type[Model]) -> None:
    assert supervising.get(address(model, "changelist"), {"q": "0", "_facets": "True"}).status_code == 200
    assert rows[model] in listed(supervising, model)


@each_model
def test_a_supervisor_of_another_workspace_sees_nothing(stranger: Client, rows: Rows, model: type[Model]) -> None:
    assert rows[model] not in listed(stranger, model)
    for page in ("change", "history"):
        # As for a row that never was: back to the index.
        answer = stranger.get(address(model, page, rows[model].pk))
        assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert stranger.get(address(model, "delete", rows[model].pk)).status_code in (302, 403)


@each_model
def test_a_superuser_sees_all_workspaces(superuser: Client, rows: Rows, foreign_rows: Rows, model: type[Model]) -> None:
    assert {rows[model], foreign_rows[model]} <= set(listed(superuser, model))


@each_model
def test_an_operator_with_a_login_to_the_admin_finds_nothing_there(operator: User, model: type[Model]) -> None:
    operator.is_staff = True
    operator.save()
    client = logged_in(operator)
    assert client.get(address(model, "changelist")).status_code == 403
    assert str(model._meta.verbose_name_plural) not in client.get("/admin/").content.decode().lower()


def test_an_operator_elsewhere_supervises_only_where_they_are_supervisor(
    supervising: Client, supervisor: User, other_workspace: Workspace, rows: Rows, foreign_rows: Rows
) -> None:
    Membership.objects.create(user=supervisor, workspace=other_workspace, role=Membership.Role.OPERATOR)
    assert listed(supervising, Workspace) == [rows[Workspace]]


@pytest.mark.parametrize("model", [User, Group])
def test_supervisors_do_not_manage_logins(supervising: Client, model: type[Model]) -> None:
    assert supervising.get(address(model, "changelist")).status_code == 403
