"""An operator asks the agent what to say next, and the customer sees nothing of it."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone
from pytest_django import Settings

from agents_app.backends import retrying
from agents_app.backends.base import Assignment, BackendError, Finished, Step, ToolDesk
from agents_app.dispatch import DRAFT_REPLY
from agents_app.drafter import write_draft
from agents_app.models import Agent, Budget, DraftReply, Order, Run, Spending
from agents_app.services.drafting import claim_draft, complete_draft, request_draft
from agents_app.services.sweeping import sweep_all
from agents_app.tasks import draft_reply
from sessions_app.actors import SYSTEM, Actor
from sessions_app.events.types import EventType, Visibility
from sessions_app.models import AuditEntry, Session, StoredEvent
from sessions_app.services.accepting import accept_session
from sessions_app.services.messages import Role, say
from sessions_app.services.notes import add_note
from sessions_app.services.sessions import close_session
from tests.agents.line import enqueued
from tests.agents.races import race
from tests.agents.scripted import USAGE, Scripted, delta, settled, steps
from tests.agents.work import answered, log, said, told, types
from tests.backends.openai_stub import Stub, serving
from tests.builders import KeyClient, MemberClient
from tests.servers.valkey import TestValkey
from tests.sessions.refusals import refused

pytestmark = pytest.mark.django_db(transaction=True)
PATH = "/sessions/talk/draft-reply"
Status = DraftReply.Status


def claimed(draft: DraftReply) -> DraftReply:
    """The request as the worker that has just taken it up knows it."""
    taken = claim_draft(draft.pk)
    assert taken is not None
    return taken


def fresh(draft: DraftReply) -> DraftReply:
    return DraftReply.objects.get(pk=draft.pk)


def notices(session: Session) -> list[dict[str, Any]]:
    return [row.data for row in log(session, EventType.NOTICE)]


def age(**by: float) -> None:
    """Let time pass, and a sweep come by."""
    step = timedelta(**by)
    DraftReply.objects.update(expires_at=F("expires_at") - step, remind_at=F("remind_at") - step)
    sweep_all(timezone.now())


@pytest.fixture
def draft(session: Session, operator_actor: Actor) -> DraftReply:
    """Asked for, and no worker has begun."""
    return request_draft(session, actor=operator_actor)


def test_the_draft_reaches_operators_alone_and_nothing_is_said(
    session: Session, order: Order, operator_api: MemberClient
) -> None:
    answered(session, "where is order 1001")
    before = (said(session), Run.objects.count())
    draft_id = told(operator_api.post(PATH))["draft_id"]
    draft_reply(draft_id)
    row = log(session)[-1]
    assert (row.type, row.visibility, row.run) == ("notice", Visibility.OPERATOR, None)
    assert row.data == {
        "code": "draft_reply",
        "draft_id": draft_id,
        "text": "Thank you for your patience. About order 1001, as far as we know: "
        "Order 1001 is Desk lamp. Its status is: paid. [Anything else to add.]",
        "requested_by": "operator",
    }
    assert (said(session), Run.objects.count()) == before
    assert DraftReply.objects.get().status == Status.COMPLETED


def test_it_is_asked_for_with_202_once_at_a_time(session: Session, operator_api: MemberClient) -> None:
    first, second = operator_api.post(PATH), operator_api.post(PATH)
    assert (first.status_code, second.status_code) == (202, 202)
    assert told(first) == told(second) == {"draft_id": str(DraftReply.objects.get().pk)}
    write_draft(claimed(DraftReply.objects.get()))
    assert told(operator_api.post(PATH)) != told(first)


def test_two_operators_who_ask_at_the_same_moment_get_the_same_draft(session: Session, operator_actor: Actor) -> None:
    drafts = race(*[lambda: request_draft(Session.objects.get(), actor=operator_actor).pk] * 4)
    assert drafts == [DraftReply.objects.get().pk] * 4
    assert AuditEntry.objects.filter(action="draft_reply.requested").count() == 1


def test_it_is_for_members_and_open_sessions(session: Session, api: KeyClient, operator_api: MemberClient) -> None:
    assert refused(api.post(PATH), 403, "forbidden")
    assert refused(operator_api.post("/sessions/nowhere/draft-reply"), 404, "not_found")
    Agent.objects.update(name="renamed")
    assert refused(operator_api.post(PATH), 422, "unknown_agent")
    close_session(session, actor=SYSTEM)
    assert refused(operator_api.post(PATH), 409, "session_closed")
    assert not DraftReply.objects.exists()


def test_the_agent_hears_everybody_but_the_operators_notes_and_gets_no_tools(
    session: Session, order: Order, operator_actor: Actor, customer_actor: Actor
) -> None:
    answered(session, "where is order 1001")
    accept_session(session, actor=operator_actor)
    say(session, "It never came.", actor=customer_actor, role=Role.CUSTOMER)
    say(session, "I am Olga, let me see.", actor=operator_actor, role=Role.OPERATOR)
    add_note(session, "Between us: a difficult one.", actor=operator_actor)
    backend = steps(delta("x"), settled("x"), Finished("c", USAGE))
    write_draft(claimed(request_draft(session, actor=operator_actor)), backend)
    (assignment,) = backend.assignments
    assert assignment.tools == () and assignment.prompt is not None
    places = [
        assignment.conversation.find(words)
        for words in ("where is order 1001", "Desk lamp", "It never came.", "I am Olga, let me see.")
    ]
    assert -1 not in places and places == sorted(places)
    assert "Between us" not in assignment.conversation
    assert notices(session)[-1]["text"] == "x"


def test_a_message_that_was_taken_back_is_not_in_the_story(
    session: Session, operator_actor: Actor, api: KeyClient
) -> None:
    message_id = told(api.post("/sessions/talk/messages", {"text": "oh, forget it"}))["message_id"]
    assert api.post(f"/sessions/talk/messages/{message_id}/withdraw").status_code == 204
    backend = steps(delta("x"), settled("x"), Finished("c", USAGE))
    write_draft(claimed(request_draft(session, actor=operator_actor)), backend)
    assert "forget it" not in backend.assignments[0].conversation


def test_what_it_took_is_booked_for_the_session_and_the_agent(
    session: Session, draft: DraftReply, api: KeyClient
) -> None:
    write_draft(claimed(draft), steps(delta("x"), settled("x"), Finished("c", USAGE)))
    spending = Spending.objects.get()
    assert (spending.draft_reply, spending.run, spending.input_tokens) == (draft, None, 2)
    assert told(api.get("/usage", session="talk"))["output_tokens"] == 3


def test_a_used_up_budget_ends_it_before_anybody_is_asked(session: Session, draft: DraftReply) -> None:
    Budget.objects.create(workspace=session.workspace, limit_tokens=0)
    backend = steps()
    write_draft(claimed(draft), backend)
    assert backend.assignments == []
    (notice,) = notices(session)
    assert notice["code"] == "draft_failed" and notice["detail"].startswith("The budget of")
    assert fresh(draft).error_code == "budget_exceeded"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ([BackendError("model_timeout", "Too slow.")], "model_timeout"),
        ([RuntimeError("a secret")], "internal_error"),
        ([Finished("c", USAGE)], "empty_draft"),
    ],
)
def test_whatever_goes_wrong_is_told_once(
    session: Session, draft: DraftReply, given: list[Step | BaseException], code: str
) -> None:
    write_draft(claimed(draft), steps(*given))
    (notice,) = notices(session)
    assert notice.keys() == {"code", "draft_id", "detail"}
    assert (notice["code"], notice["draft_id"]) == ("draft_failed", str(draft.pk))
    assert "secret" not in notice["detail"]
    assert (fresh(draft).status, fresh(draft).error_code) == (Status.FAILED, code)


def test_a_model_that_takes_too_long_is_left(session: Session, operator_actor: Actor, settings: Settings) -> None:
    settings.DRAFT_REPLY_SECONDS = 0.2
    left = False

    async def never(assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
        nonlocal left
        try:
            await asyncio.Event().wait()
            yield delta("never")
        finally:
            left = True

    taken = request_draft(session, actor=operator_actor)
    DraftReply.objects.filter(pk=taken.pk).update(status=Status.WORKING)
    write_draft(DraftReply.objects.select_related("session__workspace", "agent").get(), Scripted(never))
    assert left and fresh(taken).error_code == "draft_timeout"
    assert [notice["code"] for notice in notices(session)] == ["draft_failed"]


def test_a_lost_message_is_sent_again_and_at_the_end_of_its_time_the_draft_has_failed(
    valkey: TestValkey, session: Session, draft: DraftReply
) -> None:
    assert enqueued(DRAFT_REPLY) == [draft.pk]
    age(seconds=6)
    assert enqueued(DRAFT_REPLY) == [draft.pk]
    age(seconds=60)
    assert fresh(draft).status == Status.FAILED
    assert [notice["code"] for notice in notices(session)] == ["draft_failed"]
    age(seconds=60)
    assert len(notices(session)) == 1 and enqueued(DRAFT_REPLY) == []


def test_a_worker_that_died_costs_the_operator_no_more_than_the_time_of_a_draft(
    session: Session, draft: DraftReply, operator_actor: Actor
) -> None:
    dead = claimed(draft)
    assert request_draft(session, actor=operator_actor) == draft
    age(seconds=61)
    assert [notice["code"] for notice in notices(session)] == ["draft_failed"]
    assert request_draft(session, actor=operator_actor) != draft
    # It was only slow after all: what it brings now nobody has asked for.
    assert complete_draft(dead, "too late") is False
    assert [notice["code"] for notice in notices(session)] == ["draft_failed"]


def test_who_asks_again_before_the_sweep_comes_is_not_given_a_dead_draft(
    session: Session, draft: DraftReply, operator_actor: Actor
) -> None:
    DraftReply.objects.update(expires_at=timezone.now())
    assert request_draft(session, actor=operator_actor) != draft
    assert fresh(draft).status == Status.FAILED


def test_a_message_that_comes_twice_or_too_late_begins_nothing(session: Session, draft: DraftReply) -> None:
    assert sorted(map(bool, race(*[lambda: claim_draft(draft.pk)] * 2))) == [False, True]
    write_draft(DraftReply.objects.select_related("session__workspace", "agent").get())
    draft_reply(str(draft.pk))
    assert [notice["code"] for notice in notices(session)] == ["draft_reply"]


def test_an_end_and_the_sweep_at_the_same_moment_tell_one_story(session: Session, operator_actor: Actor) -> None:
    for _ in range(5):
        taken = claimed(request_draft(session, actor=operator_actor))
        DraftReply.objects.filter(pk=taken.pk).update(expires_at=timezone.now())
        race(partial(complete_draft, taken, "x"), lambda: sweep_all(timezone.now()))
        assert [notice["draft_id"] for notice in notices(session)].count(str(taken.pk)) == 1


KEY = "sk-very-secret"


@pytest.fixture
def provider(agent: Agent, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Stub]:
    """The provider of the workspace's agent, over HTTP."""
    settings.MODEL_SILENCE_SECONDS = 5
    monkeypatch.setattr(retrying, "FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with serving() as stub:
        Agent.objects.filter(pk=agent.pk).update(
            model="openai:gpt-4o", base_url=stub.url, instructions="You sell lamps.", tools=["lookup_order"]
        )
        yield stub
    assert KEY not in repr(list(StoredEvent.objects.values_list("data", flat=True)))


def test_a_real_provider_is_told_the_story_without_tools(
    provider: Stub, session: Session, operator_actor: Actor, customer_actor: Actor
) -> None:
    Session.objects.update(language="fr")
    accept_session(session, actor=operator_actor)
    say(session, "Bonjour", actor=customer_actor, role=Role.CUSTOMER)
    say(session, "Olga ici.", actor=operator_actor, role=Role.OPERATOR)
    draft = request_draft(session, actor=operator_actor)
    draft_reply(str(draft.pk))
    assert notices(session)[-1]["text"] == "One moment."
    (asked,) = provider.asked
    assert not asked.get("tools")
    spoken = [(message["role"], message["content"]) for message in asked["messages"]]
    assert spoken[:3] == [("system", "You sell lamps."), ("user", "Bonjour"), ("assistant", "Olga ici.")]
    role, prompt = spoken[3]
    assert role == "user" and "Draft the next message" in prompt and "'fr'" in prompt and len(spoken) == 4
    spending = Spending.objects.get()
    assert (spending.draft_reply, spending.input_tokens, spending.cost_micro_dollars) == (draft, 10, 75)
    assert types(session).count("message_completed") == 2


def test_a_provider_that_stays_in_trouble_fails_the_draft(
    provider: Stub, session: Session, draft: DraftReply, settings: Settings
) -> None:
    settings.MODEL_RETRIES = 1
    provider.trouble.extend([429] * 9)
    draft_reply(str(draft.pk))
    assert [notice["code"] for notice in notices(session)] == ["draft_failed"]
    assert fresh(draft).error_code == "model_rate_limited"
    assert len(provider.asked) == 2
