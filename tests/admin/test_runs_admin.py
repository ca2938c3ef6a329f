"""Runs are cancelled in the admin as over the API."""

import pytest
from django.test import Client

from agents_app.models import Agent, PermissionRequest, Run
from sessions_app.models import AuditEntry, Session
from tests.admin.pages import act, said
from tests.admin.rows import ask

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def parked(session: Session, agent: Agent) -> Run:
    return ask(session, agent).run


def test_a_parked_run_ends_at_once_with_its_requests(supervising: Client, parked: Run) -> None:
    assert said(act(supervising, "cancel", parked)) == [f"{parked.pk} in talk is cancelled."]
    parked.refresh_from_db()
    assert (parked.status, PermissionRequest.objects.get().status) == ("cancelled", "cancelled")
    assert AuditEntry.objects.get(action="run.cancelled").actor == "supervisor"


def test_a_run_at_work_is_told_to_stop(supervising: Client, parked: Run) -> None:
    Run.objects.filter(pk=parked.pk).update(status=Run.Status.RUNNING)
    assert said(act(supervising, "cancel", parked)) == [f"{parked.pk} in talk is told to stop."]
    parked.refresh_from_db()
    assert parked.cancel_requested_by is not None and parked.cancel_requested_by["name"] == "supervisor"


def test_a_run_that_is_over_is_named(supervising: Client, parked: Run) -> None:
    Run.objects.filter(pk=parked.pk).update(status=Run.Status.COMPLETED)
    assert said(act(supervising, "cancel", parked)) == [f"{parked.pk} in talk: This run has already ended."]


def test_nobody_cancels_another_workspaces_runs(
    stranger: Client, operating: Client, anonymous: Client, parked: Run
) -> None:
    for client in (stranger, operating, anonymous):
        act(client, "cancel", parked)
    parked.refresh_from_db()
    assert (parked.status, parked.cancel_requested_at) == (Run.Status.WAITING, None)
