"""Turns a backend's steps into the session's story: words announced as they come, everything else recorded.

Words are gathered for a few dozen milliseconds before they are announced, so that a fast model costs one round trip per
window and not per token. Nothing else is buffered.
"""

import asyncio
import time
from dataclasses import dataclass, field
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings

from agents_app.backends.base import Checkpoint, Delta, Finished, Paused, Settled, SpeechKind, Step
from agents_app.models import Run
from agents_app.services.claims import checkpoint_run
from agents_app.services.endings import complete_run
from agents_app.services.permissions import park_run
from agents_app.services.speaking import begin_speech, keep_speech, settle_speech
from agents_app.services.spending import book_usage, require_budget
from sessions_app.events.announce import Speech
from sessions_app.models import Draft

KINDS = {SpeechKind.MESSAGE: Draft.Kind.MESSAGE, SpeechKind.REASONING: Draft.Kind.REASONING}
# How old the database's copy of an unfinished text may become.
KEEP_SECONDS = 2.0


@dataclass
class Voice:
    """One message or thought being spoken."""

    message_id: UUID
    speech: Speech
    pending: list[str] = field(default_factory=list)
    kept_at: float = field(default_factory=time.monotonic)
    flushing: asyncio.TimerHandle | None = None

    def flush(self) -> None:
        """Announce what was gathered. One short round trip; when the bus is away it is skipped at once."""
        if self.flushing is not None:
            self.flushing.cancel()
            self.flushing = None
        if self.pending:
            text = "".join(self.pending)
            self.pending.clear()
            self.speech.say(text)


class Narrator:
    """Tells one claimed run. Raises Superseded as soon as the run is no longer this worker's."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._voices: dict[str, Voice] = {}
        # What the model last thought, shown to the person it asks for permission.
        self._reasoning = ""

    async def tell(self, step: Step) -> None:
        match step:
            case Delta():
                await self._say(step)
            case Settled():
                await self._settle(step)
            case Checkpoint():
                await sync_to_async(book_usage)(self._run, step.usage)
                await sync_to_async(checkpoint_run)(self._run, step.conversation)
                if step.before_request:
                    await sync_to_async(require_budget)(self._run.agent)
            case Paused():
                usage = await sync_to_async(book_usage)(self._run, step.usage)
                await sync_to_async(park_run)(
                    self._run,
                    step.calls,
                    conversation=step.conversation,
                    usage=usage,
                    reasoning=self._reasoning,
                )
            case Finished():
                usage = await sync_to_async(book_usage)(self._run, step.usage)
                await sync_to_async(checkpoint_run)(self._run, step.conversation)
                await sync_to_async(complete_run)(self._run, usage=usage, confidence=step.confidence)

    def hush(self) -> None:
        """Announce nothing more: the run is over, and what is not settled is taken back in the log.

        Nor does anybody need the text beside the bus any more.
        """
        for voice in self._voices.values():
            if voice.flushing is not None:
                voice.flushing.cancel()
            voice.speech.end()

    async def _say(self, delta: Delta) -> None:
        voice = self._voices.get(delta.part)
        if voice is None:
            voice = Voice(*await sync_to_async(begin_speech)(self._run, KINDS[delta.kind]))
            self._voices[delta.part] = voice
        voice.pending.append(delta.text)
        if voice.flushing is None:
            loop = asyncio.get_running_loop()
            voice.flushing = loop.call_later(settings.RUN_CHUNK_WINDOW_SECONDS, voice.flush)
        if time.monotonic() - voice.kept_at > KEEP_SECONDS:
            voice.kept_at = time.monotonic()
            await sync_to_async(keep_speech)(self._run, voice.message_id, voice.speech.text)

    async def _settle(self, settled: Settled) -> None:
        voice = self._voices.pop(settled.part)
        voice.flush()
        if settled.kind is SpeechKind.REASONING:
            self._reasoning = settled.text
        await sync_to_async(settle_speech)(self._run, KINDS[settled.kind], voice.message_id, settled.text)
        voice.speech.end()
