"""What these tests share with those of sessions and agents."""

from tests.agents.conftest import attentive_workers, hurried_demo
from tests.sessions.conftest import fresh_bus, hearing, sessions

__all__ = ["attentive_workers", "fresh_bus", "hearing", "hurried_demo", "sessions"]
