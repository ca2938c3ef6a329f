"""Carries a claimed run as far as it can go: to its end, or to the next question to a person."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import replace

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.db import DatabaseError, connections

from agents_app.backends.base import Backend, BackendError
from agents_app.backends.llm import LlmBackend
from agents_app.desk import Desk
from agents_app.exceptions import CancelRequested, OutcomeUnknown
from agents_app.models import Run
from agents_app.narrator import Narrator
from agents_app.services.claims import Hold, assignment_of, keep_run, mcp_servers_of, stop_run
from agents_app.services.endings import fail_run
from agents_app.services.outcomes import ask_outcomes
from agents_app.services.spending import require_budget
from agents_app.tools.catalogue import UnknownTool
from agents_app.tools.servers import ServerUnavailable, tools_of
from sessions_app.exceptions import Superseded

logger = logging.getLogger(__name__)

# How often a worker extends its lease and looks whether it is to stop.
KEEP_SECONDS = 0.5


def advance(run: Run, backend: Backend | None = None) -> None:
    """Work on a claimed run in this thread until it ends, parks, or is lost to another worker. Never raises."""
    with asyncio.Runner() as loop:
        loop.run(_in_own_thread(run, backend or _model_backend()))


def _model_backend() -> Backend:
    return LlmBackend(silence_seconds=settings.MODEL_SILENCE_SECONDS, retries=settings.MODEL_RETRIES)


async def _in_own_thread(run: Run, backend: Backend) -> None:
    # Database work of this run gets a thread and a connection of its own, and both end with it.
    async with ThreadSensitiveContext():
        try:
            # Closed after the run's last word: a server that is slow to say goodbye delays nobody.
            async with AsyncExitStack() as open_servers:
                await _advance(run, backend, open_servers)
        finally:
            await sync_to_async(connections.close_all)()


async def _advance(run: Run, backend: Backend, open_servers: AsyncExitStack) -> None:
    limit = asyncio.timeout(settings.RUN_TIMEOUT_SECONDS)
    try:
        async with limit, _keeping(run):
            await _work(run, backend, open_servers)
    except Superseded:
        logger.info("Run %s is not this worker's any more; attempt %d stops here.", run.pk, run.attempt)
    except CancelRequested:
        await _last_word(stop_run, run)
    except BackendError as error:
        await _last_word(fail_run, run, code=error.code, detail=error.detail)
    except OutcomeUnknown:
        await _last_word(ask_outcomes, run)
    except ServerUnavailable as error:
        await _last_word(fail_run, run, code="mcp_unavailable", detail=str(error))
    except UnknownTool as error:
        await _last_word(fail_run, run, code="unknown_tool", detail=str(error))
    except Exception as error:  # the agent loop: whatever happened, the run must not hang
        if limit.expired():
            detail = f"The run took longer than {settings.RUN_TIMEOUT_SECONDS:.0f} seconds."
            await _last_word(fail_run, run, code="run_timeout", detail=detail)
            return
        logger.exception("Run %s failed.", run.pk)
        detail = f"An internal error ({type(error).__name__}) ended this run."
        await _last_word(fail_run, run, code="internal_error", detail=detail)


async def _work(run: Run, backend: Backend, open_servers: AsyncExitStack) -> None:
    if run.attempt > 1 and await sync_to_async(ask_outcomes)(run):
        return
    await sync_to_async(require_budget)(run.agent)
    assignment = await sync_to_async(assignment_of)(run)
    servers = await sync_to_async(mcp_servers_of)(run)
    tools = await open_servers.enter_async_context(tools_of(servers))
    assignment = replace(assignment, tools=(*assignment.tools, *tools))
    narrator = Narrator(run)
    try:
        async with aclosing(backend.work(assignment, Desk(run))) as steps:
            async for step in steps:
                await narrator.tell(step)
    finally:
        # Before the run's last event, not after it: no word may follow the news that it was taken back.
        narrator.hush()
    if run.status == Run.Status.RUNNING:
        raise RuntimeError("The backend ended with neither Paused nor Finished.")


@asynccontextmanager
async def _keeping(run: Run) -> AsyncIterator[None]:
    """Hold the run's lease while the body works, and interrupt it when the run is to stop or was lost."""
    worker = asyncio.current_task()
    assert worker is not None
    found = Hold.KEPT

    async def keep() -> None:
        nonlocal found
        while found is Hold.KEPT:
            await asyncio.sleep(KEEP_SECONDS)
            try:
                # Not in the run's own thread, where a tool that blocks would keep the lease from being extended.
                found = await sync_to_async(_keep_apart, thread_sensitive=False)(run)
            except DatabaseError as error:
                # The lease lasts many looks: the next one may find the database again.
                logger.warning("The lease of run %s was not extended (%s).", run.pk, type(error).__name__)
        worker.cancel()

    keeper = asyncio.create_task(keep())
    try:
        yield
    except asyncio.CancelledError:
        if found is Hold.KEPT:
            raise
        worker.uncancel()
        raise (CancelRequested if found is Hold.CANCEL else Superseded) from None
    finally:
        keeper.cancel()


def _keep_apart(run: Run) -> Hold:
    try:
        return keep_run(run)
    finally:
        connections.close_all()


async def _last_word(service: Callable[..., object], run: Run, **more: str) -> None:
    try:
        await sync_to_async(service)(run, **more)
    except Superseded:
        logger.warning("Run %s was taken over before attempt %d could end it.", run.pk, run.attempt)
