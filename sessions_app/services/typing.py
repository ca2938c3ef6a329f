"""Tell a session's readers that somebody is writing. Nothing of it is kept."""

import threading
import time
from collections import OrderedDict
from uuid import UUID

from sessions_app.actors import Actor
from sessions_app.events.announce import announce
from sessions_app.events.types import EventType, Visibility
from sessions_app.exceptions import SessionClosed
from sessions_app.models import Session
from sessions_app.services.messages import Role
from sessions_app.services.staffing import serves

# Each reader of the session is told at most this often that the same person writes.
QUIET_SECONDS = 1.0
MAX_REMEMBERED = 10_000


class _Told:
    """Who was announced when, in this process. A client that tells of every keystroke must not flood the bus."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until: OrderedDict[tuple[UUID, str, str], float] = OrderedDict()

    def again(self, session_id: UUID, role: Role, author: str) -> bool:
        """Whether this was told a moment ago. If not, it counts as told now."""
        now = time.monotonic()
        with self._lock:
            if self._until.get((session_id, role, author), 0.0) > now:
                return True
            self._until[session_id, role, author] = now + QUIET_SECONDS
            self._until.move_to_end((session_id, role, author))
            if len(self._until) > MAX_REMEMBERED:
                self._until.popitem(last=False)
        return False


_told = _Told()


def say_typing(session: Session, *, actor: Actor, role: Role) -> None:
    """Announce that the customer or an operator is writing. Raises SessionClosed.

    Customers hear of those who may speak to them alone; a member who only looks on is announced to operators.
    """
    if session.status == Session.Status.CLOSED:
        raise SessionClosed
    author = session.customer if role is Role.CUSTOMER else actor.name
    if not _told.again(session.pk, role, author):
        heard = Visibility.CUSTOMER if role is Role.CUSTOMER or serves(session, actor) else Visibility.OPERATOR
        announce(session, EventType.TYPING, {"role": role, "author": author}, visibility=heard)
