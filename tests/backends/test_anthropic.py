"""The way to Anthropic's models, over real HTTP to a server of their protocol on this machine."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from agents_app.backends import retrying
from agents_app.backends.base import Approved, Assignment, BackendError, SpeechKind
from agents_app.backends.llm import LlmBackend
from tests.backends.anthropic_stub import AnthropicStub, serving
from tests.backends.fake_desk import FakeDesk
from tests.backends.scripted import LOOKUP, REFUND, all_steps, paused, prompted, resumed, said, used

KEY = "sk-ant-very-secret"


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[AnthropicStub]:
    monkeypatch.setattr(retrying, "FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    with serving() as stub:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", stub.url)
        yield stub


def asking(model: str = "claude-of-ours") -> Assignment:
    return replace(prompted(), model=f"anthropic:{model}")


async def test_streams_reasoning_and_text_and_counts_tokens(provider: AnthropicStub) -> None:
    steps = await all_steps(LlmBackend(), asking(), FakeDesk())
    assert (said(steps, SpeechKind.REASONING), said(steps)) == (["Let me think."], ["One moment."])
    assert used(steps) == {"requests": 1, "input_tokens": 10, "output_tokens": 5, "tool_calls": 0}
    assert provider.keys == [f"Bearer {KEY}"]


async def test_a_tool_is_called_and_its_result_sent_back(provider: AnthropicStub) -> None:
    desk = FakeDesk()
    steps = await all_steps(LlmBackend(), replace(asking(), tools=(LOOKUP,)), desk)
    assert desk.executed == [("lookup", {"order": "A1"})]
    assert said(steps) == ["One moment.", 'It says: {"order":"A1","total":50}']


async def test_a_call_that_needs_permission_parks_and_goes_on(provider: AnthropicStub) -> None:
    assignment, desk = replace(asking(), tools=(REFUND,)), FakeDesk()
    stopped = paused(await all_steps(LlmBackend(), assignment, desk))
    steps = await all_steps(LlmBackend(), resumed(assignment, stopped, toolu_1=Approved()), desk)
    assert said(steps) == ["It says: 50 for A1 (toolu_1)"]


@pytest.mark.parametrize("status", [429, 500, 529])
async def test_what_passes_is_waited_out(provider: AnthropicStub, status: int) -> None:
    provider.statuses.extend([status, status])
    assert said(await all_steps(LlmBackend(), asking(), FakeDesk())) == ["One moment."]
    assert len(provider.asked) == 3


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "model_rejected"), (404, "unknown_model"), (429, "model_rate_limited"), (529, "model_unavailable")],
)
async def test_a_refusal_has_our_code_and_never_the_key(provider: AnthropicStub, status: int, code: str) -> None:
    provider.statuses.extend([status] * 9)
    with pytest.raises(BackendError) as caught:
        await all_steps(LlmBackend(retries=1), asking(), FakeDesk())
    assert caught.value.code == code
    assert KEY not in repr(caught.value) and str(status) in caught.value.detail
    assert len(provider.asked) == (1 if status < 429 else 2)


async def test_an_agents_own_address_wins_over_the_environments(
    provider: AnthropicStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9")
    steps = await all_steps(LlmBackend(), replace(asking(), base_url=provider.url), FakeDesk())
    assert said(steps) == ["One moment."]


async def test_a_missing_key_is_said_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    with pytest.raises(BackendError) as caught:
        await all_steps(LlmBackend(), asking(), FakeDesk())
    assert caught.value.code == "unknown_model" and "ANTHROPIC_API_KEY" in caught.value.detail
