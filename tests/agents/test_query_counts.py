"""A list costs the same number of queries however long it is."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents_app.models import Agent, PolicyRule, Run
from sessions_app.actors import SYSTEM
from sessions_app.models import Session, Workspace
from sessions_app.services.sessions import open_session
from tests.agents.policies import add_rule
from tests.agents.test_grants_api import make_grant
from tests.agents.test_permission_requests_api import make_request
from tests.agents.work import told
from tests.builders import KeyClient

pytestmark = pytest.mark.django_db


def make_rule(session: Session) -> PolicyRule:
    return add_rule(session.workspace, name=session.name, agent=Agent.objects.get())


def make_run(session: Session) -> Run:
    return Run.objects.create(session=session, agent=Agent.objects.get(), prompt="x")


@pytest.mark.parametrize(
    ("path", "make"),
    [
        ("/runs", make_run),
        ("/permission-requests", make_request),
        ("/grants", make_grant),
        ("/policy-rules", make_rule),
    ],
)
def test_a_list_of_many_costs_no_more_queries_than_a_list_of_one(
    api: KeyClient, workspace: Workspace, agent: Agent, path: str, make: Callable[[Session], object]
) -> None:
    def count(rows: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(told(api.get(path))["items"]) == rows
        return len(queries)

    make(open_session(workspace, actor=SYSTEM))
    count(1)  # a key's first use is written down, which costs a query once
    of_one = count(1)
    for _ in range(9):
        make(open_session(workspace, actor=SYSTEM))
    assert count(10) == of_one <= 3
