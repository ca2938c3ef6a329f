"""Who may serve a session, and who does."""

from sessions_app.actors import Actor, ActorKind
from sessions_app.exceptions import Forbidden, NotStaffed, NotYours, SessionClosed
from sessions_app.models import Membership, Session

SUPERVISING = frozenset({"supervisor", "superuser"})


def check_person(session: Session, actor: Actor) -> None:
    """Raise Forbidden for everybody but the people of the session's workspace."""
    if actor.kind is not ActorKind.USER:
        raise Forbidden("Only people serve sessions: log in.")
    if not Membership.objects.filter(workspace=session.workspace_id, user=actor.user_id).exists():
        raise Forbidden("You are not a member of this workspace.")


def serves(session: Session, actor: Actor) -> bool:
    """Whether this person serves the session, or oversees whoever does."""
    if session.status != Session.Status.STAFFED or actor.kind is not ActorKind.USER:
        return False
    return session.operator_id == actor.user_id or actor.role in SUPERVISING


def check_serves(session: Session, actor: Actor) -> None:
    """Raise unless this person `serves` the session. The caller holds the session's lock."""
    if session.status == Session.Status.CLOSED:
        raise SessionClosed
    if session.status != Session.Status.STAFFED:
        raise NotStaffed
    if not serves(session, actor):
        server = server_of(session) if is_served(session) else ""
        raise NotYours(f"{server} serves this session." if server else "Take over first: whoever served this is gone.")


def check_hands_on(session: Session, actor: Actor) -> None:
    """As `check_serves`; a supervisor may also send a session somewhere that is still waiting."""
    if session.status == Session.Status.WAITING and actor.role in SUPERVISING:
        return
    check_serves(session, actor)


def is_served(session: Session) -> bool:
    """Whether its operator can still come back: an account that was deactivated or left the workspace cannot."""
    members = Membership.objects.filter(workspace=session.workspace_id, user__is_active=True)
    return session.operator_id is not None and members.filter(user=session.operator_id).exists()


def server_of(session: Session) -> str:
    """The user name of whoever serves the session, "" when nobody does."""
    return session.operator.get_username() if session.operator else ""
