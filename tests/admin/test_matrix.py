"""Every address of the admin, for everybody: what opens, and that nothing tells of another workspace."""

import pytest
from django.contrib.admin import ModelAdmin, site
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.forms import model_to_dict

from sessions_app.models import AuditChain, AuditEntry, Workspace
from tests.admin.conftest import Persons
from tests.admin.matrix import LOGIN, OPEN, Place, ask, outcome, places, tells_of
from tests.admin.pages import MODELS, address, name_of
from tests.admin.rights import INSIDE, OUTSIDE, expected
from tests.admin.rows import Rows

METHODS = ("GET", "POST")
each_model = pytest.mark.parametrize("model", MODELS, ids=name_of)
each_registered = pytest.mark.parametrize(
    "model", [None, *site._registry], ids=lambda model: str(model and name_of(model))
)


def of(model: type[Model] | None) -> list[Place]:
    return [place for place in places() if place.model is model and place.name != "login"]


def row_of(model: type[Model] | None, rows: Rows) -> Model:
    """What an address is about."""
    if model is User:
        return User.objects.get(username="member-ours")
    if model is Group:
        return Group.objects.get_or_create(name="group-ours")[0]
    return rows[model or Workspace]


@each_registered
def test_each_address_opens_for_whom_it_is_meant_and_tells_nothing_of_other_workspaces(
    persons: Persons, rows: Rows, foreign_rows: Rows, model: type[Model] | None
) -> None:
    row, foreign = row_of(model, rows), foreign_rows[Workspace]
    own = rows[Workspace]
    assert isinstance(foreign, Workspace) and isinstance(own, Workspace)
    for place in of(model):
        for method in METHODS:
            for who in INSIDE:
                answer = ask(persons[who], method, place.address(row))
                assert outcome(answer) == expected(place, who, method), (place, method, who)
                if who == "supervisor":
                    assert tells_of(answer, foreign, "theirs") == [], (place, method)
                if who == "stranger":
                    assert tells_of(answer, own, "ours") == [], (place, method)


@each_registered
def test_nobody_else_comes_in_by_any_address(persons: Persons, rows: Rows, model: type[Model] | None) -> None:
    row = row_of(model, rows)
    for place in of(model):
        for method in METHODS:
            for who in OUTSIDE:
                answer = ask(persons[who], method, place.address(row))
                assert outcome(answer) == LOGIN or place.name == "logout", (place, method, who)
                assert tells_of(answer, rows[Workspace], "ours") == []  # type: ignore[arg-type]  # the row of that model


@each_model
def test_no_action_reaches_a_row_of_another_workspace(persons: Persons, rows: Rows, model: type[Model]) -> None:
    """Whatever actions a list offers, and whether or not this person is offered them."""
    row = rows[model]
    # Each login here is told to the audit history: a chain's head moves by that.
    moving = ["seq", "hash"] if model is AuditChain else []
    before = model_to_dict(model._default_manager.get(pk=row.pk), exclude=moving)
    for action in _actions(model):
        body = {"action": action, "_selected_action": [str(row.pk)], "index": "0", "post": "yes", "reason": "x"}
        for who in ("stranger", *OUTSIDE):
            answer = ask(persons[who], "POST", address(model, "changelist"), body)
            assert outcome(answer) == (OPEN if who == "stranger" else LOGIN), (action, who)
            assert tells_of(answer, rows[Workspace], "ours") == []  # type: ignore[arg-type]  # the row of that model
    assert model_to_dict(model._default_manager.get(pk=row.pk), exclude=moving) == before
    assert not AuditEntry.objects.filter(action="audit.exported").exists()


def _actions(model: type[Model]) -> list[str]:
    """All there are, also those whose permission nobody has here."""
    of_model = site.get_model_admin(model)
    assert isinstance(of_model, ModelAdmin)
    named = [action if isinstance(action, str) else action.__name__ for action in of_model.actions or ()]
    return [*named, "delete_selected"]
