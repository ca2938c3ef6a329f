"""The backend of an agent that is a language model, or the rule-based demo in its place."""

import logging
from collections.abc import AsyncGenerator, Callable
from functools import partial
from secrets import token_hex

import pydantic_ai
from pydantic_ai import Agent, Conversation, DeferredToolRequests, ModelSettings, UsageLimits
from pydantic_ai.exceptions import AgentRunError
from pydantic_ai.messages import ModelRequest, RetryPromptPart, ToolReturnPart
from pydantic_ai.models import Model
from pydantic_ai.run import AgentRun

from agents_app.backends import conversations
from agents_app.backends.base import Assignment, Checkpoint, Finished, Paused, Step, ToolDesk
from agents_app.backends.metering import Meter
from agents_app.backends.model_choice import DEMO, choose_model
from agents_app.backends.model_errors import as_backend_error
from agents_app.backends.relay import Emit, relay
from agents_app.backends.retrying import Retrying
from agents_app.backends.speech import Speech
from agents_app.backends.tool_calls import engine_tool

pydantic_ai.BANNER_ENABLED = False

logger = logging.getLogger(__name__)

Output = str | DeferredToolRequests

# Model answers within one assignment; a loop of tool calls that never ends is stopped here.
REQUEST_LIMIT = 25
# The longest one answer may take, its reader's time included.
ANSWER_SECONDS = 900


class LlmBackend:
    """Works through an assignment with pydantic-ai.

    A rerun is an assignment with the text of the last checkpoint and no prompt: the prompt is in that text.
    `silence_seconds` is how long a provider may send nothing, at the start of its answer or within it. `retries` is
    how often one request is made again when it failed before anything of its answer came.
    """

    def __init__(
        self, choose: Callable[[Assignment], Model] = choose_model, *, silence_seconds: float = 90, retries: int = 3
    ) -> None:
        self.choose = choose
        self.silence_seconds = silence_seconds
        self.retries = retries

    def work(self, assignment: Assignment, desk: ToolDesk) -> AsyncGenerator[Step, None]:
        return relay(partial(self._work, assignment, desk))

    async def _work(self, assignment: Assignment, desk: ToolDesk, emit: Emit) -> None:
        before = conversations.load(assignment.conversation)
        waiting_for = before.deferred_tool_requests
        if assignment.prompt is not None:
            before, waiting_for = conversations.moved_on(before), None
        parked = conversations.parked_calls(waiting_for) if waiting_for else ()
        # Answers of an earlier pause of the run may still be with us; they answer nothing here.
        if parked and not any(call.tool_call_id in assignment.answers for call in parked):
            await emit(Paused(assignment.conversation, parked, usage={}))
        elif assignment.prompt is None and conversations.is_answered(before):
            confidence = conversations.stated_confidence(before.messages)
            await emit(Finished(assignment.conversation, usage={}, confidence=confidence))
        else:
            agent = self._agent(assignment, desk)
            results = conversations.results_for(waiting_for, assignment.answers) if waiting_for else None
            running = agent.iter(
                assignment.prompt,
                conversation=before,
                deferred_tool_results=results,
                usage_limits=UsageLimits(request_limit=before.usage.requests + REQUEST_LIMIT),
            )
            try:
                async with agent, running as run:
                    meter = Meter(before.usage, free=assignment.model == DEMO)
                    await _follow(run, before, desk, meter, emit)
            except AgentRunError as error:
                logger.warning("run %s: %s of model %s", assignment.run_id, type(error).__name__, assignment.model)
                raise as_backend_error(error) from None

    def _agent(self, assignment: Assignment, desk: ToolDesk) -> Agent[None, Output]:
        return Agent(
            self.choose(assignment),
            output_type=[str, DeferredToolRequests],
            instructions=assignment.instructions,
            tools=[engine_tool(tool, desk) for tool in assignment.tools],
            capabilities=[Retrying(assignment.run_id, self.retries)],
            model_settings=ModelSettings(
                timeout=self.silence_seconds,
                first_event_timeout=self.silence_seconds,
                request_timeout=ANSWER_SECONDS,
            ),
        )


async def _follow(run: AgentRun[None, Output], before: Conversation, desk: ToolDesk, meter: Meter, emit: Emit) -> None:
    """Report the run node by node: an answer of the model, then the tools it called, and so on to its end."""
    part_names = token_hex(3)
    async for node in run:
        if Agent.is_model_request_node(node):
            if _brings_results(node.request):
                text = conversations.dump(before, [*run.all_messages(), node.request], run.usage)
                await emit(Checkpoint(text, meter.read(run.usage), before_request=True))
            # After the checkpoint above, which does not hold these words, and before the one below, which does.
            await _hear(run, desk)
            speech = Speech(f"{part_names}-{len(run.all_messages())}")
            async with node.stream(run.ctx) as stream:
                async for event in stream:
                    for piece in speech.pieces(event):
                        await emit(piece)
            text = conversations.dump(before, run.all_messages(), run.usage)
            await emit(Checkpoint(text, meter.read(run.usage)))
        elif Agent.is_call_tools_node(node) and not node.model_response.tool_calls:
            # The model is done: what it hears now sends it back to work.
            await _hear(run, desk)
    assert run.result is not None
    await emit(_last_step(run.result.output, run, before, meter.read(run.usage)))


async def _hear(run: AgentRun[None, Output], desk: ToolDesk) -> None:
    """Put what was said meanwhile into the next request. Never while tools may park the run: a pause would lose it."""
    for text in await desk.heard():
        run.enqueue(text)


def _last_step(
    output: Output, run: AgentRun[None, Output], before: Conversation, usage: dict[str, int]
) -> Paused | Finished:
    if isinstance(output, DeferredToolRequests):
        text = conversations.dump(before, run.all_messages(), run.usage, output)
        return Paused(text, conversations.parked_calls(output), usage)
    messages = run.all_messages()
    text = conversations.dump(before, messages, run.usage)
    return Finished(text, usage, conversations.stated_confidence(messages))


def _brings_results(request: ModelRequest) -> bool:
    return any(isinstance(part, ToolReturnPart | RetryPromptPart) for part in request.parts)
