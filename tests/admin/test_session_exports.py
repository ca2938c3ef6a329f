"""A transcript can be taken along, whole, by those who may see it; and that is written down."""

import csv
import io
import json
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from asgiref.sync import async_to_sync
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from sessions_app.actors import Actor
from sessions_app.events.record import record
from sessions_app.events.types import EventType
from sessions_app.exports.answers import FORMATS, file_name
from sessions_app.exports.csv_file import safe
from sessions_app.models import AuditEntry, Session
from sessions_app.services.handoffs import request_handoff
from tests.sessions.makers import tell

# The log is read on connections of its own.
pytestmark = pytest.mark.django_db(transaction=True)


def path(session: Session, format: str) -> str:
    return reverse("admin:sessions_app_session_export", args=[session.pk, format])


def exported(client: Client, session: Session, format: str) -> tuple[StreamingHttpResponse, str]:
    answer = cast(StreamingHttpResponse, client.get(path(session, format)))
    assert answer.streaming and answer.status_code == 200

    async def read() -> bytes:
        return b"".join([part async for part in cast(AsyncIterator[bytes], answer.streaming_content)])

    return answer, async_to_sync(read)().decode()


def table(client: Client, session: Session) -> list[dict[str, str]]:
    _, text = exported(client, session, "csv")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.fixture
def story(session: Session, customer_actor: Actor) -> Session:
    record(session, EventType.MESSAGE_STARTED, {"message_id": "m", "role": "agent", "author": "demo"})
    tell(session, '=HYPERLINK("http://x") "quoted",\nsecond line 台灯')
    record(session, EventType.REASONING_COMPLETED, {"message_id": "m1", "text": "<b>Hm.</b>"})
    record(session, EventType.TOOL_RESULT, {"tool_call_id": "c", "tool_name": "look_up", "result": {"total": "9.90"}})
    request_handoff(session, actor=customer_actor, reason="Help.")
    return session


def test_json_holds_the_facts_and_every_event_as_streams_send_it(supervising: Client, story: Session) -> None:
    answer, text = exported(supervising, story, "json")
    document: dict[str, Any] = json.loads(text)
    assert (document["format"], document["version"]) == ("handrail.transcript", 1)
    assert document["exported_by"] == "user:supervisor"
    assert (document["session"]["name"], document["session"]["status"]) == ("talk", "waiting")
    assert document["handoffs"][0]["reason"] == "Help."
    story.refresh_from_db()
    assert [event["seq"] for event in document["events"]] == list(range(1, story.last_seq + 1))
    assert set(document["events"][0]) == {"seq", "type", "session", "run", "timestamp", "data"}
    assert document["events"][3]["data"]["text"] == "<b>Hm.</b>"
    assert answer["Content-Disposition"] == 'attachment; filename="session-talk.json"'


def test_csv_has_a_line_for_everything_that_says_something(supervising: Client, story: Session) -> None:
    lines = table(supervising, story)
    assert [line["kind"] for line in lines] == [
        "session_started",
        "message_completed",
        "reasoning_completed",
        "tool_result",
        "status_change",
        "handoff_requested",
    ]
    message = lines[1]
    assert message["who"] == "carla" and message["text"].endswith("second line 台灯")
    assert json.loads(lines[3]["details"])["result"] == {"total": "9.90"}
    assert all(line["seq"] and line["time"] for line in lines)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(supervising: Client, session: Session, text: str) -> None:
    tell(session, text)
    assert table(supervising, session)[-1]["text"] == safe(text) == f"'{text}"
    assert safe("1-1=0") == "1-1=0"


def test_the_page_to_print_holds_everything_as_text_and_runs_nothing(supervising: Client, story: Session) -> None:
    answer, page = exported(supervising, story, "html")
    assert answer["Content-Type"].startswith("text/html") and "script-src" in answer["Content-Security-Policy"]
    assert "&lt;b&gt;Hm.&lt;/b&gt;" in page and "<b>Hm." not in page
    assert "<script" not in page and "style=" not in page
    assert (
        "{&quot;total&quot;: &quot;9.90&quot;}" in page
        and "tool_call_id" not in page
        and "Help." in page
        and "End of the transcript." in page
    )


@pytest.mark.parametrize("format", FORMATS)
def test_a_long_session_comes_whole(supervising: Client, session: Session, format: str) -> None:
    for number in range(120):
        tell(session, f"word-{number}-")
    _, text = exported(supervising, session, format)
    assert [f"word-{number}-" in text for number in range(120)] == [True] * 120


@pytest.mark.parametrize("format", FORMATS)
def test_each_export_is_audited_with_its_format(supervising: Client, session: Session, format: str) -> None:
    exported(supervising, session, format)
    exported(supervising, session, format)
    entries = AuditEntry.objects.filter(action="session.exported")
    assert [(one.actor, one.details["format"], one.target) for one in entries] == [
        ("supervisor", format, str(session.pk))
    ] * 2


@pytest.mark.parametrize("format", FORMATS)
def test_nobody_else_takes_anything_along(
    stranger: Client, operating: Client, anonymous: Client, session: Session, format: str
) -> None:
    assert stranger.get(path(session, format)).status_code == 404
    for client in (operating, anonymous):
        assert client.get(path(session, format)).status_code == 302
    assert not AuditEntry.objects.filter(action="session.exported").exists()


def test_a_format_nobody_knows_is_not_found(supervising: Client, session: Session) -> None:
    assert supervising.get(path(session, "xlsx")).status_code == 404


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a:b@c.d", "session-a-b-c-d.csv"), ("..", "session--.csv"), ("x" * 120, f"session-{'x' * 120}.csv")],
)
def test_file_names_are_ones_that_every_system_takes(name: str, expected: str) -> None:
    assert file_name(Session(name=name), "csv") == expected
