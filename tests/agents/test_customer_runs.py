"""What a product's key may know of runs when it may not see what operators see."""

import pytest

from agents_app.models import Run
from sessions_app.actors import SYSTEM
from sessions_app.models import ApiKey, Session, Workspace
from sessions_app.services.api_keys import create_api_key
from tests.agents.scripted import Scripted, steps
from tests.agents.work import answered, told
from tests.builders import KeyClient

pytestmark = pytest.mark.django_db(transaction=True)


def test_error_details_and_usage_are_for_operators_here_as_on_a_stream(
    session: Session, workspace: Workspace, api: KeyClient
) -> None:
    backend: Scripted = steps(RuntimeError("secret inner workings"))
    run = answered(session, "hello", backend)
    Run.objects.filter(pk=run.pk).update(usage={"requests": 1})
    customers = KeyClient(create_api_key(workspace, [ApiKey.Scope.RUNS], actor=SYSTEM)[1])
    for client, detail, usage in ((api, run.error_detail, {"requests": 1}), (customers, "", {})):
        for body in (told(client.get(f"/runs/{run.pk}")), told(client.get("/runs"))["items"][0]):
            assert (body["error_code"], body["error_detail"], body["usage"]) == ("internal_error", detail, usage)
