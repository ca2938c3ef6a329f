"""Carries a claimed request for a draft reply to its end. Tools, and a voice in the session, it has none."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any, Never

from django.conf import settings
from django.db import connections
from django.utils import timezone

from agents_app.backends.base import (
    Assignment,
    Backend,
    BackendError,
    Checkpoint,
    Finished,
    Paused,
    Settled,
    SpeechKind,
)
from agents_app.backends.draft_prompt import draft_prompt
from agents_app.backends.llm import LlmBackend
from agents_app.backends.retelling import retell
from agents_app.models import DraftReply
from agents_app.services.drafting import TOO_LATE, complete_draft, fail_draft
from agents_app.services.spending import book_draft, require_budget
from agents_app.services.story import story_of
from agents_app.tools.base import Tool, ToolContext

logger = logging.getLogger(__name__)


def write_draft(draft: DraftReply, backend: Backend | None = None) -> None:
    """Ask the agent and tell operators what came of it, within the time the request has. Never raises."""
    try:
        require_budget(draft.agent)
        text = _ask(draft, backend or _model_backend())
    except BackendError as error:
        fail_draft(draft, code=error.code, detail=error.detail)
    except TimeoutError:
        fail_draft(draft, code="draft_timeout", detail=TOO_LATE)
    except Exception as error:  # the agent loop: whatever happened, the operator must not wait in vain
        logger.exception("Draft reply %s failed.", draft.pk)
        detail = f"An internal error ({type(error).__name__}) ended this draft."
        fail_draft(draft, code="internal_error", detail=detail)
    else:
        complete_draft(draft, text)


def _model_backend() -> Backend:
    return LlmBackend(silence_seconds=settings.MODEL_SILENCE_SECONDS, retries=settings.MODEL_RETRIES)


def _ask(draft: DraftReply, backend: Backend) -> str:
    assignment = Assignment(
        run_id=str(draft.pk),
        model=draft.agent.model,
        instructions=draft.agent.instructions,
        tools=(),
        conversation=retell(story_of(draft.session)),
        prompt=draft_prompt(draft.session.language),
        base_url=draft.agent.base_url,
    )
    # The model is waited for without a connection that lies idle.
    connections.close_all()
    spent: list[Mapping[str, int]] = []
    try:
        text = asyncio.run(_listen(assignment, backend, spent, (draft.expires_at - timezone.now()).total_seconds()))
    finally:
        for usage in spent:
            book_draft(draft, usage)
    if not text:
        raise BackendError("empty_draft", "The agent had nothing to suggest.")
    return text


async def _listen(assignment: Assignment, backend: Backend, spent: list[Mapping[str, int]], seconds: float) -> str:
    """What the agent says. `spent` gets what each step of it took, also when it fails afterwards."""
    words: list[str] = []
    async with asyncio.timeout(seconds), aclosing(backend.work(assignment, NoTools())) as steps:
        async for step in steps:
            if isinstance(step, Settled) and step.kind is SpeechKind.MESSAGE:
                words.append(step.text)
            elif isinstance(step, Checkpoint | Paused | Finished) and step.usage:
                spent.append(step.usage)
    return "\n\n".join(words).strip()


class NoTools:
    """The desk of an assignment without tools: nothing may be called, and nobody speaks meanwhile."""

    async def judge(self, tool: Tool, tool_call_id: str, arguments: Mapping[str, Any]) -> Never:
        raise BackendError("no_tools", "A draft is written without tools.")

    async def heard(self) -> list[str]:
        return []

    def context(self, tool: Tool, tool_call_id: str) -> ToolContext:
        raise BackendError("no_tools", "A draft is written without tools.")

    async def run(
        self, tool: Tool, tool_call_id: str, arguments: Mapping[str, Any], code: Callable[[], Awaitable[Any]]
    ) -> Never:
        raise BackendError("no_tools", "A draft is written without tools.")
