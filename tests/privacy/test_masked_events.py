"""Secrets reach no event, no person who decides and no line of the log; what runs is real."""

import json
import logging
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents_app.models import Grant, PermissionRequest, ToolCall
from agents_app.services.grants import GrantTerms
from agents_app.services.ledger import RESULT_CHARACTERS, claim_call, finish_call, propose_call
from agents_app.services.permissions import decide
from config.log_lines import MaskedLines
from sessions_app.actors import Actor
from sessions_app.events.announce import announce
from sessions_app.events.record import record
from sessions_app.events.types import EventType
from sessions_app.exceptions import Unprocessable
from sessions_app.masking.texts import MASK
from sessions_app.models import AuditEntry, Session, StoredEvent
from tests.agents.policies import add_rule, at_work
from tests.agents.work import customer_says, data
from tests.builders import KeyClient
from tests.privacy.asking import CARD, GIVEN, PAY, SHOWN, asked_to_pay
from tests.sessions.hearing import Hearing
from tests.sessions.makers import tell

pytestmark = pytest.mark.django_db(transaction=True)


def stored(session: Session) -> str:
    return json.dumps(list(StoredEvent.objects.filter(session=session).values_list("data", flat=True)))


def test_a_customers_card_number_is_in_no_event_and_no_list(session: Session) -> None:
    customer_says(session, f"pay with {CARD}")
    session.refresh_from_db()
    assert session.last_message == f"pay with {MASK} (card number)"
    assert "4111" not in stored(session)


def test_the_agent_is_told_what_the_customer_said(session: Session) -> None:
    customer_says(session, f"pay with {CARD}")
    assert session.runs.get().prompt == f"pay with {CARD}"


def test_what_is_announced_is_masked_too(session: Session, hearing: Hearing) -> None:
    announce(session, EventType.TOOL_PROGRESS, {"tool_call_id": "c", "text": "using sk-abcdefghijklmnop0123"})
    assert hearing.events(1)[0].data["text"] == f"using {MASK} (key)"


def test_a_result_of_nothing_but_brackets_is_recorded(session: Session) -> None:
    result = record(session, EventType.TOOL_RESULT, {"result": "[" * 600 + "]" * 600}).data["result"]
    assert "nested too deeply" in result and result in json.loads(stored(session))[-1]["result"]


def test_a_workspaces_own_names_count_from_the_next_event_on(session: Session) -> None:
    def result() -> Any:
        return record(session, EventType.TOOL_RESULT, {"result": {"passport": "C01"}}).data["result"]

    assert result() == {"passport": "C01"}
    session.workspace.masked_fields = ["passport"]
    session.workspace.save()
    assert result() == {"passport": MASK}


def test_a_name_can_break_no_event_of_the_vocabulary(session: Session) -> None:
    session.workspace.masked_fields = ["text", "message_id", "role"]
    session.workspace.save()
    assert tell(session, "hello").data["text"] == "hello"


def test_masking_costs_no_query(session: Session) -> None:
    def queries(type: EventType, data: Mapping[str, Any]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            record(Session.objects.get(pk=session.pk), type, data)
        return len(captured)

    plain = queries(EventType.NOTICE, {"code": "c", "detail": "d"})
    assert queries(EventType.TOOL_RESULT, {"result": {"password": "x"}}) == plain


@pytest.fixture
def asked(session: Session) -> PermissionRequest:
    return asked_to_pay(session)


def test_people_are_asked_without_the_secrets(session: Session, asked: PermissionRequest, api: KeyClient) -> None:
    (event,) = data(session, EventType.PERMISSION_REQUEST)
    assert (event["arguments"], event["reasoning"]) == (SHOWN, f"The card is {MASK} (card number).")
    answer = json.loads(api.get(f"/permission-requests/{asked.pk}").content)
    assert (answer["arguments"], answer["reasoning"]) == (SHOWN, event["reasoning"])
    assert "4111" not in stored(session)


def test_what_was_masked_and_left_alone_runs_as_it_is(
    asked: PermissionRequest, operator_actor: Actor, session: Session
) -> None:
    decide(asked, approve=True, actor=operator_actor, arguments={**SHOWN, "amount": "5"})
    assert ToolCall.objects.get().effective_arguments == {**GIVEN, "amount": "5"}
    assert data(session, EventType.PERMISSION_CLEARED)[0]["arguments"] == {**SHOWN, "amount": "5"}


def test_the_audit_history_says_what_was_decided_without_the_secrets(
    asked: PermissionRequest, operator_actor: Actor, session: Session
) -> None:
    session.workspace.masked_fields = ["owner"]
    session.workspace.save()
    asked.refresh_from_db(from_queryset=PermissionRequest.objects.select_related("run__session__workspace"))
    decide(asked, approve=True, actor=operator_actor, reason=f"the card {CARD} is theirs")
    entry = AuditEntry.objects.get(action="permission.approved")
    assert entry.details["approved"] == {"amount": "20", "card_number": MASK, "to": {"iban": MASK, "owner": MASK}}
    assert entry.reason == f"the card {MASK} (card number) is theirs"


def test_sending_back_what_was_shown_is_no_edit(asked: PermissionRequest, operator_actor: Actor) -> None:
    assert decide(asked, approve=True, actor=operator_actor, arguments=SHOWN).edited_arguments is None


def test_a_mask_never_becomes_a_value(asked: PermissionRequest, operator_actor: Actor) -> None:
    with pytest.raises(Unprocessable, match="amount holds a masked part"):
        decide(asked, approve=True, actor=operator_actor, arguments={**SHOWN, "amount": MASK})
    asked.refresh_from_db()
    assert asked.status == PermissionRequest.Status.PENDING


def test_always_allow_stands_for_the_real_value_and_shows_none(
    asked: PermissionRequest, operator_actor: Actor, api: KeyClient
) -> None:
    decide(asked, approve=True, actor=operator_actor, grant=GrantTerms(Grant.Scope.SESSION, 60))
    values = {one["argument"]: one["value"] for one in Grant.objects.get().conditions}
    assert values == GIVEN
    (listed,) = json.loads(api.get("/grants").content)["items"]
    assert {one["argument"]: one["value"] for one in listed["conditions"]} == SHOWN


def test_a_long_result_is_masked_before_it_is_cut(session: Session) -> None:
    add_rule(session.workspace, "allow", name="all", tool="*")
    run = at_work(session)
    propose_call(run, PAY, "c", {})
    claim_call(run, PAY, "c", {})
    finish_call(run, "c", result={"password": "hunter2", "rows": "x" * RESULT_CHARACTERS})
    (told,) = data(session, EventType.TOOL_RESULT)
    assert "hunter2" not in told["result"]
    assert (ToolCall.objects.get().result or {})["password"] == "hunter2"


def test_a_line_of_the_log_has_no_secret_in_its_words_arguments_or_traceback() -> None:
    try:
        raise ValueError("redis://:hunter2@host refused sk-abcdefghijklmnop0123")
    except ValueError as error:
        made = logging.makeLogRecord(
            {"msg": "GET %s", "args": ("/events?token=abcdefgh",), "exc_info": (ValueError, error, error.__traceback__)}
        )
    line = MaskedLines("%(message)s").format(made)
    assert f"GET /events?token={MASK}" in line
    assert "hunter2" not in line and "sk-abc" not in line and "ValueError" in line
