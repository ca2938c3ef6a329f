"""A long result is cut in the event, and whole in the ledger and for the agent."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from agents_app.models import ToolCall
from agents_app.services.ledger import RESULT_CHARACTERS
from agents_app.tools.base import ToolContext
from agents_app.tools.lookup_order import LOOKUP_ORDER
from sessions_app.events.types import EventType
from sessions_app.models import Session
from tests.agents.scripted import with_context
from tests.agents.work import answered, data, said

pytestmark = pytest.mark.django_db(transaction=True)
FITS = "x" * RESULT_CHARACTERS


@pytest.mark.parametrize(
    ("result", "shown"),
    [
        (FITS, FITS),
        (FITS + "x", FITS + "…"),
        ([FITS], str([FITS])[:RESULT_CHARACTERS] + "…"),
        ({"a": 1}, {"a": 1}),
    ],
    ids=["fits", "one more", "not text", "short"],
)
def test_a_result_is_cut_in_the_event_after_so_many_characters_and_kept_whole(
    session: Session, result: Any, shown: Any
) -> None:
    async def tell(context: ToolContext) -> Any:
        return result

    answered(session, "go", with_context(LOOKUP_ORDER, tell))
    (event,) = data(session, EventType.TOOL_RESULT)
    assert event["result"] == shown
    assert ToolCall.objects.get().result == result and said(session) == [str(result)]


def test_the_architecture_names_the_size() -> None:
    text = (Path(settings.BASE_DIR) / "ARCHITECTURE.md").read_text()
    assert re.search(rf"cut after {RESULT_CHARACTERS:,} characters", text)
