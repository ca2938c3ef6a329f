"""Who comes into the admin, and whose rows they find there."""

import pytest
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client

from sessions_app.models import Membership, Workspace
from tests.admin.conftest import Persons, logged_in
from tests.admin.matrix import ask, places
from tests.admin.pages import MODELS, address, listed, name_of
from tests.admin.rights import INSIDE
from tests.admin.rows import Rows

each_model = pytest.mark.parametrize("model", MODELS, ids=name_of)


def test_every_row_made_for_these_tests_has_an_admin_and_every_admin_has_a_row(rows: Rows) -> None:
    assert set(rows) == set(MODELS)


def test_the_login_is_shown_to_whoever_may_not_come_in_and_leads_on_whoever_may(persons: Persons) -> None:
    (place,) = (place for place in places() if place.name == "login")
    for who, user in persons.items():
        answer = ask(user, "GET", place.address(Workspace.objects.get(name="shop")))
        assert answer.status_code == (302 if who in INSIDE else 200), who


def test_an_operator_cannot_log_in_to_the_admin_though_they_are_staff(persons: Persons) -> None:
    for who, status in (("operator with is_staff", 200), ("supervisor", 302)):
        user = persons[who]
        assert user is not None
        user.set_password("a long enough password")
        user.save()
        body = {"username": user.username, "password": "a long enough password"}
        assert Client().post("/admin/login/", body).status_code == status


@each_model
def test_a_list_can_be_searched_and_counted_by_its_filters(supervising: Client, rows: Rows, model: type[Model]) -> None:
    assert supervising.get(address(model, "changelist"), {"q": "0", "_facets": "True"}).status_code == 200
    assert rows[model] in listed(supervising, model)


@each_model
def test_a_supervisor_of_another_workspace_sees_nothing(stranger: Client, rows: Rows, model: type[Model]) -> None:
    assert rows[model] not in listed(stranger, model)


@each_model
def test_a_superuser_sees_all_workspaces(superuser: Client, rows: Rows, foreign_rows: Rows, model: type[Model]) -> None:
    assert {rows[model], foreign_rows[model]} <= set(listed(superuser, model))


def test_an_operator_elsewhere_supervises_only_where_they_are_supervisor(
    supervising: Client, supervisor: User, other_workspace: Workspace, rows: Rows, foreign_rows: Rows
) -> None:
    Membership.objects.create(user=supervisor, workspace=other_workspace, role=Membership.Role.OPERATOR)
    assert listed(supervising, Workspace) == [rows[Workspace]]


def test_a_supervisor_who_is_made_an_operator_is_out_at_once(supervising: Client, supervisor: User) -> None:
    Membership.objects.filter(user=supervisor).update(role=Membership.Role.OPERATOR)
    answer = supervising.get("/admin/")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/login/?next=/admin/")


def test_a_deactivated_superuser_is_out(db: None) -> None:
    gone = logged_in(User.objects.create_superuser("gone"))
    User.objects.update(is_active=False)
    assert gone.get("/admin/").status_code == 302
