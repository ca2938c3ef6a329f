"""The way to a real provider, over real HTTP to an OpenAI-compatible server on this machine."""

import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace

import pytest

from agents_app.backends.base import Approved, Assignment, BackendError, Delta, SpeechKind
from agents_app.backends.llm import LlmBackend
from tests.backends.fake_desk import FakeDesk
from tests.backends.openai_stub import Stub, serving
from tests.backends.scripted import LOOKUP, REFUND, all_steps, paused, prompted, resumed, said, used
from tests.clock import put_forward
from tests.patience import PATIENCE_SECONDS

KEY = "sk-very-secret"
SILENCE_SECONDS = PATIENCE_SECONDS / 2


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    with serving() as stub:
        monkeypatch.setenv("OPENAI_BASE_URL", stub.url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        yield stub


def asking(model: str) -> Assignment:
    return replace(prompted(), model=f"openai:{model}")


async def failure(assignment: Assignment) -> BackendError:
    with pytest.raises(BackendError) as caught:
        await all_steps(LlmBackend(silence_seconds=SILENCE_SECONDS, retries=0), assignment, FakeDesk())
    assert KEY not in repr(caught.value)
    assert KEY not in caught.value.detail
    return caught.value


async def test_streams_a_providers_reasoning_and_text(provider: Stub) -> None:
    steps = await all_steps(LlmBackend(), asking("kind"), FakeDesk())
    assert [step.text for step in steps if isinstance(step, Delta)] == [
        "Let me ",
        "think.",
        "One ",
        "moment.",
    ]
    assert (said(steps, SpeechKind.REASONING), said(steps)) == (["Let me think."], ["One moment."])
    assert used(steps) == {"requests": 1, "input_tokens": 10, "output_tokens": 5, "tool_calls": 0}


async def test_parks_a_call_that_arrived_in_pieces_and_sends_its_result_back(provider: Stub) -> None:
    assignment, desk = replace(asking("kind"), tools=(REFUND,)), FakeDesk()
    stopped = paused(await all_steps(LlmBackend(), assignment, desk))
    assert stopped.calls[0].arguments == {"order": "A1", "amount": 50}
    steps = await all_steps(LlmBackend(), resumed(assignment, stopped, call_1=Approved()), desk)
    assert said(steps) == ["It says: 50 for A1 (call_1)"]
    assert used(steps)["requests"] == 1


async def test_runs_the_calls_of_one_answer_whose_arguments_arrive_in_turns(provider: Stub) -> None:
    desk = FakeDesk()
    steps = await all_steps(LlmBackend(), replace(asking("kind"), tools=(LOOKUP, replace(LOOKUP, name="track"))), desk)
    assert sorted(desk.executed) == [("lookup", {"order": "A1"}), ("track", {"order": "A1"})]
    assert said(steps)[-1] == 'It says: {"order":"A1","total":50}; {"order":"A1","total":50}'
    assert used(steps) == {"requests": 2, "input_tokens": 20, "output_tokens": 10, "tool_calls": 2}


async def test_a_compatible_server_is_spoken_to_in_chat_completions(provider: Stub) -> None:
    await all_steps(LlmBackend(), asking("kind"), FakeDesk())
    assert provider.paths == ["/v1/chat/completions"]
    assert provider.asked[0]["messages"][0] == {"role": "system", "content": "Be brief."}


@pytest.mark.parametrize(
    ("model", "code"),
    [
        ("limited", "model_rate_limited"),
        ("refusing", "model_rejected"),
        ("locked", "model_rejected"),
        ("unheard-of", "unknown_model"),
        ("broken", "model_unavailable"),
        ("overloaded", "model_unavailable"),
        ("late", "model_timeout"),
    ],
)
async def test_a_refusal_of_the_provider_has_our_code_and_its_status(provider: Stub, model: str, code: str) -> None:
    error = await failure(asking(model))
    assert error.code == code
    assert "HTTP" in error.detail


async def test_a_connection_cut_in_the_middle_of_an_answer_fails_the_run(provider: Stub) -> None:
    assert (await failure(asking("cut"))).code == "model_unavailable"


async def test_an_error_the_provider_reports_within_its_answer_fails_the_run(provider: Stub) -> None:
    assert (await failure(asking("sorry"))).code == "model_unavailable"


async def test_an_answer_that_is_no_json_fails_the_run(provider: Stub) -> None:
    assert (await failure(asking("garbled"))).code == "model_unavailable"


async def test_a_provider_that_is_not_there_fails_the_run(provider: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert (await failure(asking("kind"))).code == "model_unavailable"


async def test_a_provider_that_never_begins_to_answer_times_out(provider: Stub) -> None:
    failing = asyncio.create_task(failure(asking("mute")))
    await provider.until_asked()
    put_forward(SILENCE_SECONDS)
    assert (await failing).code == "model_timeout"
    # Not even the provider's own client has asked again behind our back.
    assert len(provider.asked) == 1


async def test_a_provider_that_falls_silent_in_the_middle_times_out(provider: Stub) -> None:
    async with (
        asyncio.timeout(PATIENCE_SECONDS),
        aclosing(LlmBackend(silence_seconds=SILENCE_SECONDS, retries=0).work(asking("stuck"), FakeDesk())) as steps,
    ):
        await anext(steps)
        following = asyncio.ensure_future(anext(steps))
        for _ in range(20):  # until the rest is waited for
            await asyncio.sleep(0)
        put_forward(SILENCE_SECONDS)
        with pytest.raises(BackendError) as caught:
            await following
    assert caught.value.code == "model_timeout"


async def test_what_was_said_before_the_connection_broke_has_reached_the_reader(provider: Stub) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS), aclosing(LlmBackend().work(asking("cut"), FakeDesk())) as steps:
        heard = await anext(steps)
        with pytest.raises(BackendError):
            await anext(steps)
    assert isinstance(heard, Delta)
    assert heard.text == "Let me "


async def test_stopping_in_the_middle_of_a_providers_answer_leaves_nothing_running(provider: Stub) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS), aclosing(LlmBackend().work(asking("stuck"), FakeDesk())) as steps:
        await anext(steps)
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize("name", ["nonsense", "nobody:model", ""])
async def test_a_model_nobody_knows_fails_before_anything_is_sent(provider: Stub, name: str) -> None:
    error = await failure(replace(prompted(), model=name))
    assert error.code == "unknown_model"
    assert repr(name) in error.detail
    assert provider.asked == []


async def test_a_provider_without_a_key_is_said_to_lack_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    assert "OPENAI_API_KEY" in (await failure(asking("gpt"))).detail


async def test_an_agents_own_address_wins_over_the_environments(
    provider: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    await all_steps(LlmBackend(), replace(asking("kind"), base_url=provider.url), FakeDesk())
    assert provider.paths == ["/v1/chat/completions"]
    assert provider.keys == [f"Bearer {KEY}"]


async def test_a_compatible_server_needs_no_key(provider: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    monkeypatch.delenv("OPENAI_BASE_URL")
    await all_steps(LlmBackend(), replace(asking("kind"), base_url=provider.url), FakeDesk())
    assert len(provider.asked) == 1


@pytest.mark.parametrize("base_url", ["ftp://127.0.0.1/v1", "file:///etc/passwd", "127.0.0.1/v1"])
async def test_an_address_that_is_not_http_is_not_used(provider: Stub, base_url: str) -> None:
    error = await failure(replace(asking("kind"), base_url=base_url))
    assert error.code == "unknown_model" and "base URL" in error.detail


async def test_a_model_with_a_list_price_has_its_cost(provider: Stub) -> None:
    steps = await all_steps(LlmBackend(), asking("gpt-4o"), FakeDesk())
    # 10 tokens in at 2.50 and 5 out at 10.00 dollars a million.
    assert used(steps)["cost_micro_dollars"] == 75


async def test_a_model_nobody_has_a_price_for_has_no_cost(provider: Stub) -> None:
    assert "cost_micro_dollars" not in used(await all_steps(LlmBackend(), asking("kind"), FakeDesk()))
