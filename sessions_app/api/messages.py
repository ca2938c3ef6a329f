"""Messages over REST."""

from typing import Annotated
from uuid import UUID

from ninja import Header, Router, Status

from sessions_app.actors import ActorKind
from sessions_app.addresses import address_of
from sessions_app.api.auth import VISITORS_TOO, AuthenticatedRequest, Principal
from sessions_app.api.schemas import MessageIn, SaidOut, errors
from sessions_app.models import ApiKey
from sessions_app.services.messages import Role, Said, say, withdraw
from sessions_app.services.typing import say_typing
from sessions_app.services.visitors import count_message, count_typing

router = Router(tags=["messages"])


@router.post("/sessions/{session}/messages", response={202: SaidOut, **errors(404, 409, 413, 429)}, auth=VISITORS_TOO)
def post_message(
    request: AuthenticatedRequest,
    session: str,
    payload: MessageIn,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", max_length=200)] = "",
) -> Status[Said]:
    """Say something. A key speaks for the customer, others for themselves; the agent answers customers.

    The same `Idempotency-Key` returns the same answer and does nothing twice.
    """
    request.auth.require(ApiKey.Scope.MESSAGES)
    found = request.auth.session(session)
    if request.auth.customer:
        count_message(request.auth.actor, address=address_of(request))
    said = say(
        found,
        payload.text,
        actor=request.auth.actor,
        role=_role(request.auth),
        idempotency_key=idempotency_key,
    )
    return Status(202, said)


@router.post(
    "/sessions/{session}/messages/{message_id}/withdraw", response={204: None, **errors(404, 409)}, auth=VISITORS_TOO
)
def withdraw_message(request: AuthenticatedRequest, session: str, message_id: UUID) -> Status[None]:
    """Take back a message that still waits for its turn. 409 when the agent has begun with it."""
    request.auth.require(ApiKey.Scope.MESSAGES)
    withdraw(request.auth.session(session), message_id, actor=request.auth.actor)
    return Status(204, None)


@router.post("/sessions/{session}/typing", response={204: None, **errors(404, 409, 429)}, auth=VISITORS_TOO)
def post_typing(request: AuthenticatedRequest, session: str) -> Status[None]:
    """Tell the session's readers that the customer (for a key) or you (for a member) are writing. Nothing is kept.

    Send it at most every three seconds while somebody writes; readers show it for five.
    """
    request.auth.require(ApiKey.Scope.MESSAGES)
    found = request.auth.session(session)
    if request.auth.customer:
        count_typing(request.auth.actor)
    say_typing(found, actor=request.auth.actor, role=_role(request.auth))
    return Status(204, None)


def _role(principal: Principal) -> Role:
    return Role.OPERATOR if principal.actor.kind is ActorKind.USER else Role.CUSTOMER
