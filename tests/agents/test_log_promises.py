"""Whatever a backend does and whatever happens to its worker, the log keeps its promises."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from agents_app.models import Agent, PermissionRequest, Run, ToolCall
from sessions_app.actors import SYSTEM
from sessions_app.models import Draft, Session, Workspace
from sessions_app.services.sessions import open_session
from tests.agents.player import PARTS, Act, Player
from tests.agents.work import asked, ends, fresh, log

parts = st.sampled_from(sorted(PARTS))
acts: st.SearchStrategy[Act] = st.one_of(
    st.tuples(st.just("say"), st.tuples(parts, st.text(min_size=1, max_size=12))),
    st.tuples(st.just("settle"), parts),
    st.tuples(st.just("tool"), st.sampled_from(["works", "refuses", "breaks", "dies"])),
    st.tuples(st.just("checkpoint"), st.none()),
    st.tuples(st.just("ask"), st.sampled_from(["approve", "deny", "expire", "cancel"])),
    st.tuples(st.just("lost refund"), st.sampled_from(["run_again", "done", "give_up", "expire", "cancel"])),
    st.tuples(st.just("question"), st.sampled_from(["answer", "cancel"])),
)
ends_of_work = st.sampled_from(["finish", "model fails", "bug", "dies", "cancelled", "stops short"])


def assert_kept(session: Session, run: Run) -> None:
    events = log(session)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    started = Counter(event.data["message_id"] for event in events if event.type.endswith("ing_started"))
    started += Counter(event.data["message_id"] for event in events if event.type == "message_started")
    closed = ("message_completed", "reasoning_completed", "message_discarded")
    settled = Counter(event.data["message_id"] for event in events if event.type in closed and event.run)
    assert started == settled and set(started.values()) <= {1}
    assert len(ends(run)) == 1
    assert [event.type for event in events if event.run == run.pk][-1] == ends(run)[0]
    assert not Draft.objects.filter(session=session).exists()
    assert not PermissionRequest.objects.pending().filter(run=run).exists()
    assert not run.tool_calls.exclude(status__in=ToolCall.SETTLED).exists()


@pytest.mark.django_db(transaction=True)
@hypothesis_settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(play=st.lists(acts, max_size=8), end=ends_of_work)
def test_every_play_has_a_gapless_log_settled_messages_one_end_and_no_drafts(
    workspace: Workspace, agent: Agent, attentive_workers: None, play: list[Act], end: str
) -> None:
    session = open_session(workspace, actor=SYSTEM)
    run = asked(session, "play")
    Player(run, [*play, ("end", end)] if end != "finish" else play).perform()
    assert_kept(session, fresh(run))
