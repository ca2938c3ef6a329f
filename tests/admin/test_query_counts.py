"""Lists cost the same however many rows they show."""

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sessions_app.models import AuditChain, Workspace
from tests.admin.pages import MODELS, address, listed, name_of
from tests.admin.rows import make_rows

# One of a kind in each workspace: there are no more rows of it to be had.
SEVERAL = [model for model in MODELS if model not in (Workspace, AuditChain)]


def queries(client: Client, model: type[Model]) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(address(model, "changelist"))
    return len(captured)


@pytest.mark.parametrize("model", SEVERAL, ids=name_of)
def test_a_list_asks_no_more_for_many_rows_than_for_one(
    supervising: Client, workspace: Workspace, model: type[Model]
) -> None:
    make_rows(workspace, "first")
    listed(supervising, model)  # what is asked once and remembered is not the list's
    rows, few = len(listed(supervising, model)), queries(supervising, model)
    for number in range(4):
        make_rows(workspace, f"more-{number}")
    assert len(listed(supervising, model)) >= rows + 4
    assert queries(supervising, model) == few
