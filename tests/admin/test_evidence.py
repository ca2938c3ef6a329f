"""What has happened cannot be changed through the admin, by nobody."""

import pytest
from django.db.models import Model
from django.forms import model_to_dict
from django.test import Client

from agents_app.models import Agent
from sessions_app.models import ApiKey, Session, StoredEvent
from tests.admin.pages import EVIDENCE, act, address, listed, name_of
from tests.admin.rows import Rows

each_evidence = pytest.mark.parametrize("model", EVIDENCE, ids=name_of)
each_person = pytest.mark.parametrize("who", ["superuser", "supervisor"])


@each_evidence
@each_person
def test_a_post_changes_deletes_and_adds_nothing(
    people: dict[str, Client], rows: Rows, model: type[Model], who: str
) -> None:
    row, count = rows[model], model._default_manager.count()
    # As it is by now: a chain has moved since its row was made.
    before = model_to_dict(model._default_manager.get(pk=row.pk))
    texts = {name: "forged" for name, value in before.items() if isinstance(value, str)}
    for page, arguments in (("change", [row.pk]), ("delete", [row.pk]), ("add", [])):
        answer = people[who].post(address(model, page, *arguments), {**texts, "post": "yes"})
        assert answer.status_code == 403, page
    assert model_to_dict(model._default_manager.get(pk=row.pk)) == before
    assert model._default_manager.count() == count


@each_evidence
@each_person
def test_a_list_cannot_delete_what_is_ticked(
    people: dict[str, Client], rows: Rows, model: type[Model], who: str
) -> None:
    act(people[who], "delete_selected", rows[model], post="yes")
    assert rows[model] in listed(people[who], model)


def test_what_evidence_hangs_on_cannot_be_deleted_either(superuser: Client, rows: Rows) -> None:
    agent = rows[Agent]
    answer = superuser.post(address(Agent, "delete", agent.pk), {"post": "yes"})
    assert answer.status_code in (200, 403)
    act(superuser, "delete_selected", agent, post="yes")
    assert agent in listed(superuser, Agent)


def test_a_row_shows_its_id_and_its_times_as_well(superuser: Client, rows: Rows) -> None:
    session = rows[Session]
    page = superuser.get(address(Session, "change", session.pk)).content.decode()
    assert str(session.pk) in page and "Last event at" in page


def test_a_session_leads_to_its_events(supervising: Client, rows: Rows, foreign_rows: Rows) -> None:
    page = supervising.get(address(Session, "change", rows[Session].pk)).content.decode()
    query = f"session__exact={rows[Session].pk}"
    assert f"{address(StoredEvent, 'changelist')}?{query}" in page
    assert listed(supervising, StoredEvent, session__exact=str(rows[Session].pk)) == [rows[StoredEvent]]
    assert listed(supervising, StoredEvent, session__exact=str(foreign_rows[Session].pk)) == []


@each_person
def test_no_page_shows_the_hash_of_a_key(people: dict[str, Client], rows: Rows, who: str) -> None:
    key = ApiKey.objects.get(pk=rows[ApiKey].pk)
    for page in (address(ApiKey, "changelist"), address(ApiKey, "change", key.pk)):
        shown = people[who].get(page).content.decode()
        assert key.prefix in shown
        assert key.secret_hash not in shown and "hash" not in shown
