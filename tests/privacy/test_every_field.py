"""For every field of every model somebody has decided what becomes of it when a customer is erased."""

import pytest
from django.apps import apps
from django.db.models import Model

from agents_app.services import personal_fields as of_agents
from sessions_app.services import personal_fields as of_sessions

LISTS = {"sessions_app": of_sessions, "agents_app": of_agents}
MODELS = [model for name in LISTS for model in apps.get_app_config(name).get_models()]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_somebody_has_decided_about_every_model_and_field(model: type[Model]) -> None:
    lists = LISTS[model._meta.app_label]
    blanked = [rows for rows in lists.BLANKED if rows.model is model]
    deleted = [rows for rows in lists.DELETED if rows.model is model]
    assert len(blanked) + len(deleted) + (model in lists.UNTOUCHED) == 1, f"{model.__name__} is not in one list."
    if blanked:
        decided = [*blanked[0].blanks, *blanked[0].kept.split()]
        assert sorted(decided) == sorted(field.name for field in model._meta.concrete_fields)


@pytest.mark.parametrize("name", LISTS)
def test_the_lists_name_nothing_that_is_gone(name: str) -> None:
    lists = LISTS[name]
    listed = {rows.model for rows in (*lists.BLANKED, *lists.DELETED)} | set(lists.UNTOUCHED)
    assert listed <= set(apps.get_app_config(name).get_models())
