"""A backend that acts out a play of any steps and mishaps, and everybody whom its run needs until it is over."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta
from itertools import count
from typing import Any

from asgiref.sync import sync_to_async
from django.utils import timezone

from agents_app.backends.base import Assignment, BackendError, Checkpoint, Delta, Settled, SpeechKind, Step, ToolDesk
from agents_app.models import PermissionRequest, Run
from agents_app.runner import advance
from agents_app.services.claims import claim_run
from agents_app.services.outcomes import decide_outcome
from agents_app.services.permissions import decide
from agents_app.services.runs import cancel_run
from agents_app.services.sweeping import sweep_all
from agents_app.tools.ask_customer import ASK_CUSTOMER
from agents_app.tools.base import Tool, ToolRefused
from agents_app.tools.lookup_order import LOOKUP_ORDER
from agents_app.tools.refund_order import REFUND_ORDER
from sessions_app.actors import SYSTEM
from tests.agents.scripted import DONE, Killed, park
from tests.agents.work import customer_says, fresh, request_of

Act = tuple[str, Any]
PARTS = {"a": SpeechKind.MESSAGE, "b": SpeechKind.MESSAGE, "t": SpeechKind.REASONING}


class Player:
    """Acts a play out over as many assignments as it takes."""

    def __init__(self, run: Run, play: Sequence[Act]) -> None:
        self.run = run
        self.acts = deque(play)
        self.verdict = ""
        self._numbers = count()

    async def work(self, assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
        spoken: dict[str, str] = {}
        while self.acts:
            match self.acts.popleft():
                case "say", (part, text):
                    spoken[part] = spoken.get(part, "") + text
                    yield Delta(PARTS[part], part, text)
                case "settle", part:
                    if part in spoken:
                        yield Settled(PARTS[part], part, spoken.pop(part))
                case "tool", how:
                    await self._call(desk, how)
                case "lost refund", verdict:
                    self.verdict = verdict
                    await self._call(desk, "dies", REFUND_ORDER)
                case "checkpoint", _:
                    yield Checkpoint(f"as of {next(self._numbers)}")
                case ("ask" | "question") as what, verdict:
                    self.verdict = verdict
                    tool = REFUND_ORDER if what == "ask" else ASK_CUSTOMER
                    yield await park(desk, (tool, f"c{next(self._numbers)}", {}))
                    return
                case "end", how:
                    await self._end(how)
                    return
        yield DONE

    async def _call(self, desk: ToolDesk, how: str, tool: Tool = LOOKUP_ORDER) -> None:
        async def code() -> str:
            if how == "works":
                return "It worked."
            raise {"refuses": ToolRefused("No."), "breaks": RuntimeError(), "dies": Killed()}[how]

        call_id = f"c{next(self._numbers)}"
        await desk.judge(tool, call_id, {})
        try:
            await desk.run(tool, call_id, {}, code)
        except ToolRefused:
            pass

    async def _end(self, how: str) -> None:
        match how:
            case "model fails":
                raise BackendError("model_timeout", "Too slow.")
            case "bug":
                raise RuntimeError
            case "dies":
                raise Killed
            case "cancelled":
                await sync_to_async(lambda: cancel_run(fresh(self.run), actor=SYSTEM))()
                await asyncio.Event().wait()

    def perform(self) -> None:
        """Be every worker, person and sweep the run needs until it is over."""
        for _ in range(60):
            match fresh(self.run).status:
                case Run.Status.QUEUED | Run.Status.RESUMING:
                    taken = claim_run(self.run.pk)
                    assert taken is not None
                    try:
                        advance(taken, self)
                    except Killed:
                        pass
                case Run.Status.RUNNING:
                    Run.objects.filter(pk=self.run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
                    sweep_all(timezone.now())
                case Run.Status.WAITING:
                    self._answer()
                case _:
                    return
        raise AssertionError(f"still {fresh(self.run).status}")

    def _answer(self) -> None:
        match self.verdict:
            case "answer":
                customer_says(self.run.session, "red")
            case "cancel":
                cancel_run(fresh(self.run), actor=SYSTEM)
            case "expire":
                PermissionRequest.objects.filter(run=self.run).update(expires_at=timezone.now())
                sweep_all(timezone.now())
            case "run_again" | "done" | "give_up" as outcome:
                decide_outcome(request_of(self.run), PermissionRequest.Status(outcome), actor=SYSTEM)
            case verdict:
                decide(request_of(self.run), approve=verdict == "approve", actor=SYSTEM)
