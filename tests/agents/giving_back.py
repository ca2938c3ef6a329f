"""What an agent finds when it gets a session back."""

from agents_app.models import Conversation, Run
from sessions_app.actors import Actor
from sessions_app.models import Session
from sessions_app.services.messages import Role, say


def operator_says(session: Session, text: str, actor: Actor) -> None:
    say(session, text, actor=actor, role=Role.OPERATOR)


def remembered(session: Session) -> str:
    return Conversation.objects.get(session=session).text


def started(session: Session) -> Run:
    return Run.objects.unfinished().get(session=session)
