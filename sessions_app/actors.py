"""Who did something, as a plain value that services take and audit entries keep."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    USER = "user"
    API_KEY = "api_key"
    CUSTOMER = "customer"
    AGENT = "agent"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who changes state. `name` is what people read: a user name, a key's prefix, an agent's name.

    `role` is the role they acted in (operator, supervisor, customer, …); `user_id` only for users.
    """

    kind: ActorKind
    name: str
    role: str = ""
    user_id: int | None = None

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.name}"


SYSTEM = Actor(ActorKind.SYSTEM, "handrail", "system")
