"""While somebody writes, the session's readers are told."""

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User

from sessions_app.actors import SYSTEM, Actor
from sessions_app.events.types import Visibility
from sessions_app.events.visibility import seen_by
from sessions_app.models import Session, StoredEvent
from sessions_app.services.accepting import accept_session
from sessions_app.services.messages import Role
from sessions_app.services.sessions import close_session
from sessions_app.services.typing import say_typing
from tests.builders import KeyClient, MemberClient
from tests.sessions.hearing import Hearing
from tests.sessions.refusals import refused
from tests.sessions.watcher import Watcher, reading

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_key_writes_for_the_customer_and_a_member_for_themselves(
    session: Session, api: KeyClient, operator_api: MemberClient, hearing: Hearing
) -> None:
    before = StoredEvent.objects.count()
    assert api.post("/sessions/talk/typing").status_code == 204
    assert operator_api.post("/sessions/talk/typing").status_code == 204
    customer, operator = hearing.events(2)
    assert (customer.type, customer.seq, dict(customer.data)) == (
        "typing",
        None,
        {"role": "customer", "author": "carla"},
    )
    assert dict(operator.data) == {"role": "operator", "author": "operator"}
    assert StoredEvent.objects.count() == before


@pytest.mark.parametrize("by", ["operator", "supervisor"])
async def test_everybody_who_reads_the_session_is_told_that_its_operator_or_a_supervisor_writes(
    by: str, session: Session, operator_actor: Actor, supervisor_actor: Actor, valkey: object
) -> None:
    await sync_to_async(accept_session)(session, actor=operator_actor)
    writer = operator_actor if by == "operator" else supervisor_actor
    async with Watcher(reading(session, level=Visibility.CUSTOMER)) as customer, Watcher(reading(session)) as operator:
        for watcher in (customer, operator):
            await watcher.until_seq(session.last_seq)
        await sync_to_async(say_typing)(session, actor=writer, role=Role.OPERATOR)
        for watcher in (customer, operator):
            await watcher.until(lambda watcher=watcher: watcher.events[-1].type == "typing")  # type: ignore[misc]


@pytest.mark.parametrize("served", [True, False])
def test_a_member_who_does_not_serve_writes_for_colleagues_alone(
    served: bool, session: Session, operator_actor: Actor, colleague_actor: Actor, hearing: Hearing
) -> None:
    if served:
        accept_session(session, actor=operator_actor)
    say_typing(session, actor=colleague_actor, role=Role.OPERATOR)
    while (typing := hearing.events(1)[0]).type != "typing":
        pass
    assert seen_by(typing, Visibility.OPERATOR) == typing
    assert seen_by(typing, Visibility.CUSTOMER) is None


def test_whoever_reports_every_keystroke_is_announced_once(
    session: Session, operator_actor: Actor, customer_actor: Actor, hearing: Hearing
) -> None:
    for _ in range(20):
        say_typing(session, actor=operator_actor, role=Role.OPERATOR)
    say_typing(session, actor=customer_actor, role=Role.CUSTOMER)
    assert [event.data["role"] for event in hearing.events(2)] == ["operator", "customer"]


def test_nobody_writes_in_a_closed_an_unknown_or_a_foreign_session(
    session: Session, api: KeyClient, operator: User
) -> None:
    assert refused(api.post("/sessions/nowhere/typing"), 404, "not_found")
    close_session(session, actor=SYSTEM)
    assert refused(api.post("/sessions/talk/typing"), 409, "session_closed")
    assert refused(KeyClient("").post("/sessions/talk/typing"), 401, "unauthenticated")
