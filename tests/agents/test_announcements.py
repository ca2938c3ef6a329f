"""Who may hear what is announced, and what is announced beside words."""

import pytest

from agents_app.backends.base import SpeechKind
from agents_app.models import Agent
from sessions_app.models import Session
from tests.agents.listening import overhearing
from tests.agents.scripted import DONE, delta, settled, steps
from tests.agents.work import answered

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("valkey")]


@pytest.mark.parametrize(("shown", "visibility"), [([], "operator"), (["reasoning"], "customer")])
def test_thoughts_are_announced_to_those_who_may_see_them(
    session: Session, agent: Agent, shown: list[str], visibility: str
) -> None:
    Agent.objects.filter(pk=agent.pk).update(shown_to_customers=shown)
    thought = (delta("hm", "t", SpeechKind.REASONING), settled("hm", "t", SpeechKind.REASONING))
    with overhearing(session) as listener:
        answered(session, "hello", steps(*thought, delta("a"), settled("a"), DONE))
        heard = listener.until("run_completed")
    levels = {event["type"]: event["visibility"] for event in heard if event["type"].endswith("_chunk")}
    assert levels == {"reasoning_chunk": visibility, "message_chunk": "customer"}


def test_a_tools_progress_is_announced_and_not_kept(session: Session) -> None:
    with overhearing(session) as listener:
        answered(session, "plan a shop")
        (progress,) = [event for event in listener.until("run_completed") if event["type"] == "tool_progress"]
    assert (progress["data"]["tool_name"], progress["data"]["fraction"], progress["seq"]) == (
        "write_document",
        0.5,
        None,
    )
    assert not session.events.filter(type="tool_progress").exists()
