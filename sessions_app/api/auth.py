"""Who is asking, and what they may do.

A `Principal` is made here once per request; views ask it for leave and hand its `actor` to services.
"""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, User
from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth

from sessions_app.actors import Actor, ActorKind
from sessions_app.events.encoding import clean_text
from sessions_app.events.replay import read
from sessions_app.events.types import RANK, Visibility
from sessions_app.exceptions import Forbidden, NotFound, Unauthenticated, WorkspaceRequired
from sessions_app.models import ApiKey, Membership, Session, Workspace
from sessions_app.models.session import SessionQuerySet
from sessions_app.services.api_keys import find_api_key
from sessions_app.tokens import Ticket, read_ticket, read_visitor

MEMBER_SCOPES = frozenset(ApiKey.Scope.values)
VISITOR_SCOPES = frozenset({ApiKey.Scope.SESSIONS, ApiKey.Scope.MESSAGES, ApiKey.Scope.TICKETS})


@dataclass(frozen=True, slots=True)
class Principal:
    """A member, a key or a visitor of the chat page, in one workspace.

    `customer` is set for a visitor alone: the customer they are, whose sessions are all they can reach.
    """

    actor: Actor
    workspace: Workspace
    level: Visibility
    scopes: frozenset[str]
    customer: str = ""

    def require(self, scope: str) -> None:
        """Raise Forbidden without this scope. Members have every scope; what they may do is their role's."""
        if scope not in self.scopes:
            raise Forbidden(f"This key lacks the scope {str(scope)!r}.")

    def require_operator(self) -> None:
        """Raise Forbidden for whoever sees no more than a customer does."""
        if RANK[self.level] < RANK[Visibility.OPERATOR]:
            raise Forbidden("This is for operators.")

    def require_member(self) -> None:
        """Raise Forbidden for anybody but a person of the workspace."""
        if self.actor.kind is not ActorKind.USER:
            raise Forbidden("This is for members of the workspace, with their session cookie.")

    def sessions(self) -> SessionQuerySet:
        """The sessions this principal can reach: the workspace's, or a visitor's own."""
        reach = Session.objects.of(self.workspace)
        return reach.filter(customer=self.customer) if self.customer else reach

    def session(self, name: str) -> Session:
        """The session of this name. An unknown one and one out of reach answer alike: NotFound."""
        session = self.sessions().select_related("workspace", "operator").filter(name=clean_text(name)).first()
        if session is None:
            raise NotFound("There is no such session.")
        return session


class AuthenticatedRequest(HttpRequest):
    """What the type checker needs to know of a request that passed one of the classes below."""

    auth: Principal


class KeyAuth(HttpBearer):
    """`Authorization: Bearer prefix.secret`"""

    def authenticate(self, request: HttpRequest, token: str) -> Principal | None:
        key = find_api_key(token)
        return None if key is None else key_principal(key)


class VisitorAuth(HttpBearer):
    """`Authorization: Visitor token`, from the chat page. A header and not the page's cookie, so that an operator
    who opens the chat page in their own browser is a visitor there, and an operator at the workbench.

    Refuses by itself instead of leaving the request to the next in line: the session cookie comes along with it.
    """

    openapi_scheme = "visitor"

    def __init__(self, *, admitted: bool) -> None:
        super().__init__()
        self.admitted = admitted

    def __call__(self, request: HttpRequest) -> "Principal | None":
        token = visitor_token(request)
        return None if token is None else self.authenticate(request, token)

    def authenticate(self, request: HttpRequest, token: str) -> "Principal":
        principal = visitor_principal(token)
        if not self.admitted:
            raise Forbidden("This is not for visitors of the chat page.")
        return principal


class MemberAuth(SessionAuth):
    """Django's session cookie; writes keep their CSRF check. `?workspace=` chooses among several memberships."""

    def _get_key(self, request: HttpRequest) -> str | None:
        # Whoever sends no cookie is nobody (401), not somebody who forgot the CSRF token (403).
        return super()._get_key(request) if self.param_name in request.COOKIES else None

    def authenticate(self, request: HttpRequest, key: str | None) -> Principal | None:
        return member_principal(request.user, request.GET.get("workspace", ""))


def key_principal(key: ApiKey) -> Principal:
    level = Visibility.OPERATOR if key.allows(ApiKey.Scope.OPERATOR) else Visibility.CUSTOMER
    actor = Actor(ActorKind.API_KEY, key.prefix, role="api_key")
    return Principal(actor, key.workspace, level, frozenset(key.scopes))


def visitor_token(request: HttpRequest) -> str | None:
    """What stands in `Authorization: Visitor …`; None without it."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "visitor" else None


def visitor_principal(token: str) -> Principal:
    """Whoever the chat page signed this token for, in the workspace that it serves. Raises Unauthenticated."""
    visitor = read_visitor(token, seconds=settings.CHAT_TOKEN_SECONDS)
    workspace = Workspace.objects.filter(name=settings.CHAT_WORKSPACE).first()
    if visitor is None or workspace is None:
        raise Unauthenticated(
            "This visitor's token is not valid or no longer valid: fetch a new one from the chat page."
        )
    actor = Actor(ActorKind.CUSTOMER, visitor, role="customer")
    return Principal(actor, workspace, Visibility.CUSTOMER, VISITOR_SCOPES, customer=visitor)


def member_principal(user: Any, workspace: str) -> Principal | None:
    """A logged-in user as a member of a workspace; None for nobody, Forbidden for a stranger to it."""
    if not isinstance(user, AbstractBaseUser) or not user.is_active:
        return None
    person = cast(User, user)
    memberships = Membership.objects.select_related("workspace").filter(user=person)
    if workspace:
        memberships = memberships.filter(workspace__name=clean_text(workspace))
    found = list(memberships[:2])
    if not found:
        raise Forbidden("You are not a member of this workspace.")
    if len(found) > 1:
        raise WorkspaceRequired
    member = found[0]
    level = Visibility.SUPERVISOR if member.role == Membership.Role.SUPERVISOR else Visibility.OPERATOR
    actor = Actor(ActorKind.USER, person.get_username(), role=member.role, user_id=person.pk)
    return Principal(actor, member.workspace, level, MEMBER_SCOPES)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a stream: a principal, or whoever holds a ticket for one session.

    `counted` is as whose the stream counts against `STREAM_MAX_PER_READER`: a member's own, a ticket's reader in its
    session. A key counts as nobody: a product may read for all its customers with one.
    """

    workspace_id: int
    level: Visibility
    counted: str
    session_id: UUID | None = None


class StreamRequest(HttpRequest):
    auth: Reader


class StreamAuth:
    """For streams: a ticket in `?token=`, a key, or the session cookie, in this order.

    A ticket is verified by its signature alone. The others cost one query, in the log's reading threads, so that no
    thread or database connection stays with the stream.
    """

    async def __call__(self, request: HttpRequest) -> Reader:
        token = request.GET.get("token")
        if token is not None:
            ticket = read_ticket(token)
            if ticket is None:
                raise Unauthenticated("This stream ticket is not valid or no longer valid: fetch a new one.")
            return _ticket_reader(ticket)
        principal = await self._principal(request)
        if principal is None:
            raise Unauthenticated
        counted = str(principal.actor) if principal.actor.kind is ActorKind.USER else ""
        return Reader(principal.workspace.pk, principal.level, counted)

    async def _principal(self, request: HttpRequest) -> Principal | None:
        if visitor_token(request) is not None:
            raise Unauthenticated("Visitors open a stream with a ticket: `POST /sessions/{session}/stream-ticket`.")
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            key = await read(lambda: find_api_key(bearer.strip()))
            if key is not None and not key.allows(ApiKey.Scope.SESSIONS):
                raise Forbidden("This key lacks the scope 'sessions'.")
            return None if key is None else key_principal(key)
        user = await request.auser()
        workspace = request.GET.get("workspace", "")
        return await read(lambda: member_principal(user, workspace))


def _ticket_reader(ticket: Ticket) -> Reader:
    counted = f"{ticket.session_id} {ticket.reader}"
    return Reader(ticket.workspace_id, Visibility(ticket.level), counted, ticket.session_id)


# Visitors first: a key's check would write the unknown scheme, token and all, into a developer's log.
AUTH = [VisitorAuth(admitted=False), KeyAuth(), MemberAuth()]
# For the operations that visitors may use; whatever does not say so is closed to them.
VISITORS_TOO = [VisitorAuth(admitted=True), KeyAuth(), MemberAuth()]
