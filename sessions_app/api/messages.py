"""Messages over REST."""

from typing import Annotated

from ninja import Header, Router, Status

from sessions_app.actors import ActorKind
from sessions_app.api.auth import AuthenticatedRequest, Principal
from sessions_app.api.schemas import MessageIn, SaidOut, errors
from sessions_app.models import ApiKey
from sessions_app.services.messages import Role, Said, say

router = Router(tags=["messages"])


@router.post("/sessions/{session}/messages", response={202: SaidOut, **errors(404, 409, 413)})
def post_message(
    request: AuthenticatedRequest,
    session: str,
    payload: MessageIn,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", max_length=200)] = "",
) -> Status[Said]:
    """Say something. A key speaks for the customer, a member for themselves; the agent answers customers.

    The same `Idempotency-Key` returns the same answer and does nothing twice.
    """
    request.auth.require(ApiKey.Scope.MESSAGES)
    found = request.auth.session(session)
    said = say(
        found,
        payload.text,
        actor=request.auth.actor,
        role=_role(request.auth),
        idempotency_key=idempotency_key,
    )
    return Status(202, said)


def _role(principal: Principal) -> Role:
    return Role.OPERATOR if principal.actor.kind is ActorKind.USER else Role.CUSTOMER
