"""Whoever answers what a customer says. This app knows the port; the settings say who stands behind it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol, cast
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from sessions_app.actors import Actor
from sessions_app.models import Session, Workspace


@dataclass(frozen=True, slots=True)
class Work:
    """One stretch of work in a session, as pages show it. `cost_micro_dollars` is of what has a known price."""

    id: UUID
    agent: str
    status: str
    unfinished: bool
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    error: str
    tokens: int
    cost_micro_dollars: int

    @property
    def dollars(self) -> str:
        return f"{self.cost_micro_dollars / 1_000_000:.4f}"


class Responder(Protocol):
    """Called by the services of this app, inside their transactions."""

    def agent_for(self, workspace: Workspace, name: str) -> str:
        """The agent that will serve a new session; the workspace's default for "". Raises Unprocessable."""

    def respond(self, session: Session, *, text: str, message_id: UUID, actor: Actor) -> UUID | None:
        """See to it that the customer is answered; `actor` is who sent the text, such as the product's key.

        Returns the run that will, None when nobody will. Raises SessionBusy when the session's policy is to refuse.
        """

    def withdraw(self, session: Session, *, message_id: UUID, actor: Actor) -> bool:
        """Forget a message nobody has begun to answer. False when that is too late."""

    def agent_names(self, workspaces: Iterable[Workspace]) -> list[str]:
        """The agents that may serve in these workspaces, by name: what a list of sessions can be filtered by."""

    def work_in(self, session: Session, *, most: int) -> list[Work]:
        """What was and is worked on in a session, the newest first."""

    def at_work(self, session: Session) -> bool:
        """Whether there is anything to `stop`."""

    def stop(self, session: Session, *, actor: Actor, reason: str) -> None:
        """End all work in the session: what was begun under an older epoch of it now, other work as soon as it can."""

    def take_back(self, session: Session, *, since: int, summary: str, requesters: Sequence[str]) -> UUID | None:
        """Serve the session again, knowing what people said after the seq `since`, and their summary of it.

        All work in the session has been ended before. Returns the run that answers what is unanswered, None when
        nothing is. `requesters` are those on whose words it works, each as `kind:name`.
        """

    def forget(self, session: Session, *, actor: Actor) -> None:
        """Keep no word of the session, and of its work nothing but numbers. All work in it has been ended before."""

    def forget_customer(self, workspace: Workspace, customer: str, *, actor: Actor) -> list[str]:
        """Keep nothing under a customer's name beside their sessions. Returns under which ids the audit history knows
        what was.
        """

    def decisions(self, session: Session) -> list[dict[str, Any]]:
        """What people decided about the customer's wishes, as the customer may read it."""


@cache
def get_responder() -> Responder:
    return cast(Responder, import_string(settings.SESSION_RESPONDER)())
