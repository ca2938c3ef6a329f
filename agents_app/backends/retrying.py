"""When a request to a provider is tried again, and after how long.

The engine asks only while nothing of the answer has come: what a reader has seen once is never said twice.
"""

import asyncio
import logging
import random
from dataclasses import dataclass
from typing import Never

from pydantic_ai import RunContext
from pydantic_ai.capabilities import AbstractCapability
from pydantic_ai.exceptions import (
    ModelAPIError,
    ModelHTTPError,
    ModelQuotaExceededError,
    ModelRequestRejectedError,
    RetryModelRequest,
)
from pydantic_ai.models import ModelRequestContext

logger = logging.getLogger(__name__)

# The first pause lasts about so long, each further one twice as long.
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 8.0
# A provider that asks for more patience than this is not waited for.
LONGEST_WAIT_SECONDS = 30.0
# Statuses below 500 that pass: a slow request, a conflict at the provider's, too early, a rate limit.
PASSING = (408, 409, 425, 429)


@dataclass
class Retrying(AbstractCapability[None]):
    """Asks again after rate limits, server errors, broken connections and silence, at most `retries` times."""

    run_id: str
    retries: int

    async def on_model_request_error(
        self, ctx: RunContext[None], *, request_context: ModelRequestContext, error: Exception
    ) -> Never:
        tried = request_context.attempt
        if tried > self.retries or not _may_pass(error):
            raise error
        seconds = pause_before(tried, error)
        if seconds > LONGEST_WAIT_SECONDS:
            raise error
        logger.warning("run %s: %s, asked again in %.1f seconds", self.run_id, type(error).__name__, seconds)
        await asyncio.sleep(seconds)
        raise RetryModelRequest


def pause_before(tried: int, error: Exception) -> float:
    """Give the seconds to wait after `tried` attempts: never less than the provider asked for.

    Drawn at random, so that runs which failed together do not come back together.
    """
    longest = min(FIRST_PAUSE_SECONDS * 2 ** (tried - 1), LONGEST_PAUSE_SECONDS)
    asked_for = error.retry_after if isinstance(error, ModelAPIError) else None
    return random.uniform(longest / 2, longest) + (asked_for or 0)  # noqa: S311  # spreads load, guards nothing


def _may_pass(error: Exception) -> bool:
    if not isinstance(error, ModelAPIError) or isinstance(error, ModelQuotaExceededError | ModelRequestRejectedError):
        return False
    if not isinstance(error, ModelHTTPError):
        return True
    if (error.headers or {}).get("x-should-retry") == "false":
        return False
    return error.status_code in PASSING or error.status_code >= 500
