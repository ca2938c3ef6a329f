"""Saying over REST what became of a call whose worker died."""

import pytest

from agents_app.models import PermissionRequest, ToolCall
from sessions_app.models import Session
from tests.agents.dying import Unsure
from tests.agents.work import carry_on, said, told
from tests.builders import KeyClient

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def url(unsure: Unsure) -> str:
    return f"/permission-requests/{unsure.request.pk}/decision"


def test_a_request_says_of_which_kind_it_is_and_what_it_takes(api: KeyClient, unsure: Unsure) -> None:
    (listed,) = told(api.get("/permission-requests", status="pending"))["items"]
    assert (listed["kind"], listed["options"]) == ("outcome", ["run_again", "done", "give_up"])
    assert listed["known"] == unsure.request.known


@pytest.mark.parametrize(
    ("body", "spoken"),
    [({"decision": "run_again"}, "It worked."), ({"decision": "done", "result": "By hand."}, "By hand.")],
)
def test_the_answer_reaches_the_agent(
    api: KeyClient, session: Session, unsure: Unsure, url: str, body: dict[str, str], spoken: str
) -> None:
    answer = api.post(url, body)
    assert (answer.status_code, told(answer)["status"]) == (200, body["decision"])
    carry_on(unsure.run, unsure.backend)
    assert said(session) == [spoken]


def test_nothing_is_a_result_too(api: KeyClient, unsure: Unsure, url: str) -> None:
    assert api.post(url, {"decision": "done", "result": None}).status_code == 200
    assert (unsure.call.status, unsure.call.result) == (ToolCall.Status.COMPLETED, None)


def test_giving_up_is_listed_as_such(api: KeyClient, unsure: Unsure, url: str) -> None:
    assert api.post(url, {"decision": "give_up"}).status_code == 200
    assert len(told(api.get("/permission-requests", status="give_up"))["items"]) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"decision": "approve"}, "wrong_decision"),
        ({"decision": "deny"}, "wrong_decision"),
        ({"decision": "done"}, "unprocessable"),
        ({"decision": "run_again", "result": 1}, "unprocessable"),
        ({"decision": "run_again", "arguments": {}}, "unprocessable"),
    ],
)
def test_a_wrong_kind_of_decision_answers_422_and_leaves_the_question_open(
    api: KeyClient, url: str, body: dict[str, object], code: str
) -> None:
    answer = api.post(url, body)
    assert (answer.status_code, told(answer)["code"]) == (422, code)
    assert PermissionRequest.objects.get().status == "pending"


@pytest.mark.parametrize("decision", ["run_again", "give_up"])
def test_a_call_that_never_ran_has_no_outcome(
    api: KeyClient, request_to_refund: PermissionRequest, decision: str
) -> None:
    answer = api.post(f"/permission-requests/{request_to_refund.pk}/decision", {"decision": decision})
    assert (answer.status_code, told(answer)["code"]) == (422, "wrong_decision")
    assert PermissionRequest.objects.get().status == "pending"
