"""A worker in a thread of its own that is in mid-sentence and will not stop by itself."""

import asyncio
import threading
from collections.abc import AsyncGenerator

from agents_app.backends.base import Assignment, Step, ToolDesk
from agents_app.models import Run
from agents_app.runner import advance
from tests.agents.scripted import Scripted, delta
from tests.agents.work import claimed
from tests.patience import PATIENCE_SECONDS


class Talking:
    """Begins with the run, and has said its first words when it is made."""

    def __init__(self, run: Run) -> None:
        self._spoke = threading.Event()
        self._thread = threading.Thread(target=advance, args=(claimed(run), Scripted(self._speak)))
        self._thread.start()
        assert self._spoke.wait(PATIENCE_SECONDS)

    async def _speak(self, assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
        yield delta("I am talking")
        self._spoke.set()
        await asyncio.Event().wait()

    def end(self) -> None:
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive()
