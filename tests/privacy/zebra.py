"""A customer all of whose words hold one word, so that it can be looked for in everything that is kept."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.db import transaction

from agents_app.conditions import Condition, Operator
from agents_app.models import Conversation, Grant, Order, Run, Steering
from agents_app.services.drafting import request_draft
from agents_app.services.grants import GrantTerms, make_grant, move_end
from agents_app.services.permissions import decide
from sessions_app.actors import SYSTEM, Actor, ActorKind
from sessions_app.events.types import Visibility
from sessions_app.models import Draft, Presence, Session, Workspace
from sessions_app.services.accepting import accept_session
from sessions_app.services.handoffs import request_handoff
from sessions_app.services.messages import Role, say
from sessions_app.services.notes import add_note
from sessions_app.services.returning import return_session
from sessions_app.services.sessions import open_session
from tests.agents.work import carry_on, request_of

WORD = "zebra"
ZEBRA = Actor(ActorKind.CUSTOMER, WORD, role="customer")


def zebras_session(workspace: Workspace, name: str = "zebra-talk") -> Session:
    return open_session(
        workspace, actor=SYSTEM, name=name, customer=WORD, metadata={"likes": WORD, WORD: True}, language="en"
    )


def said_by_zebra(session: Session, text: str) -> Run:
    said = say(session, f"{text} {WORD}", actor=ZEBRA, role=Role.CUSTOMER, idempotency_key=f"{WORD}-{text}")
    assert said.run_id is not None
    return Run.objects.get(pk=said.run_id)


def lived(workspace: Workspace, order: Order, operator: Actor) -> Session:
    """A session in which everything has happened that leaves words, and which is still open."""
    session = zebras_session(workspace)
    supervisor = Actor(ActorKind.USER, "boss", role="supervisor")
    allow_for_all(carry_on(said_by_zebra(session, f"refund order {order.number} 1.00")), supervisor)
    run = carry_on(said_by_zebra(session, f"refund order {order.number}"))
    asked = request_of(run)
    # The demo agent thinks in words of its own.
    asked.reasoning = asked.known["why"] = WORD
    asked.save()
    terms = GrantTerms(Grant.Scope.CUSTOMER, 3600)
    decide(asked, approve=True, actor=operator, reason=WORD, grant=terms)
    carry_on(run)
    terms = GrantTerms(Grant.Scope.CUSTOMER, 3600, ())
    made = make_grant(workspace, "lookup_order", terms, actor=supervisor, reason=WORD, customer=WORD)
    move_end(made, made.expires_at + timedelta(hours=1), actor=supervisor, reason=f"the {WORD} asks often")
    request_handoff(session, actor=ZEBRA, reason=f"the {WORD} wants a person")
    accept_session(session, actor=operator)
    say(session, f"I am {WORD}", actor=ZEBRA, role=Role.CUSTOMER)
    say(session, f"hello {WORD}", actor=operator, role=Role.OPERATOR)
    return_session(session, summary=f"{WORD} was sad", actor=operator)
    carry_on(said_by_zebra(session, "hello,"))
    add_note(session, f"mind the {WORD}", actor=operator)
    request_draft(session, actor=operator)
    Steering.objects.create(run=run, message_id=uuid4(), text=WORD, kept=True)
    Run.objects.filter(pk=run.pk).update(error_detail=WORD)
    Conversation.objects.filter(session=session).update(requesters=[f"customer:{WORD}"])
    Draft.objects.create(session=session, text=WORD, visibility=Visibility.CUSTOMER)
    assert operator.user_id is not None
    Presence.objects.create(workspace=workspace, user_id=operator.user_id, session=session, seen_at=session.created_at)
    return session


def allow_for_all(run: Run, supervisor: Actor) -> None:
    """Of the customer's call a grant is made that everybody's sessions share."""
    conditions = (
        Condition("order_number", Operator.LIKE, "*"),
        Condition("amount", Operator.SAME, "1.00"),
        Condition("amount", Operator.NOT_EQUAL, WORD),
    )
    terms = GrantTerms(Grant.Scope.WORKSPACE, 3600, conditions)
    decide(request_of(run), approve=True, actor=supervisor, reason=f"{WORD}s may", grant=terms)
    carry_on(run)
    made = Grant.objects.get(scope=Grant.Scope.WORKSPACE)
    move_end(made, made.expires_at + timedelta(hours=1), actor=supervisor, reason=f"more of a {WORD}")


def kept_words() -> dict[str, str]:
    """Everything that is kept in rows, audit history included, as one text per row."""
    models = [model for name in ("sessions_app", "agents_app") for model in apps.get_app_config(name).get_models()]
    with transaction.atomic():
        return {
            f"{model.__name__} {row['pk']}": json.dumps(row, default=str, ensure_ascii=False)
            for model in models
            for row in model._default_manager.values(*(field.name for field in model._meta.concrete_fields), "pk")
        }


def rows_with(word: str) -> list[str]:
    """The rows in which a word is kept."""
    return sorted(name for name, text in kept_words().items() if word in text)


def numbers(session_id: UUID) -> dict[str, Any]:
    """What bills and statistics read of a session's work."""
    runs = Run.objects.filter(session=session_id).order_by("created_at", "pk")
    return {
        "runs": list(runs.values_list("pk", "status", "error_code", "attempt", "usage", "created_at", "ended_at")),
        "calls": list(runs.values_list("tool_calls__tool_name", "tool_calls__status", "tool_calls__ended_at")),
        "asked": list(runs.values_list("permission_requests__status", "permission_requests__decided_at")),
        "spent": list(runs.values_list("spendings__requests", "spendings__at")),
    }
