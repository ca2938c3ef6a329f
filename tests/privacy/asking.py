"""A tool of a server wants to pay with a card and waits for a person."""

from typing import Any

from agents_app.backends.base import ParkedCall, PauseKind
from agents_app.models import PermissionRequest
from agents_app.services.judging import judge_call
from agents_app.services.ledger import propose_call
from agents_app.services.permissions import park_run
from agents_app.tools.base import Risk, Tool
from sessions_app.masking.texts import MASK
from sessions_app.models import Session
from tests.agents.policies import at_work

CARD = "4111 1111 1111 1111"


async def _nothing(context: Any) -> None: ...


PAY = Tool("depot_pay", _nothing, Risk.HIGH, asks=True)
GIVEN = {"amount": "20", "card_number": CARD, "to": {"iban": "DE1", "owner": "carla"}}
SHOWN = {"amount": "20", "card_number": MASK, "to": {"iban": MASK, "owner": "carla"}}


def asked_to_pay(session: Session) -> PermissionRequest:
    run = at_work(session)
    propose_call(run, PAY, "c", GIVEN)
    judge_call(run, PAY, "c", GIVEN)
    parked = ParkedCall(kind=PauseKind.PERMISSION, tool_call_id="c", tool_name=PAY.name, arguments=GIVEN)
    park_run(run, [parked], conversation="[]", usage={}, reasoning=f"The card is {CARD}.")
    return PermissionRequest.objects.select_related("run__session__workspace", "run__agent", "tool_call").get()
