"""The log folded into entries."""

from sessions_app.events.types import EventType
from sessions_app.transcript import fold
from tests.sessions.makers import AT, event

T = EventType


def test_a_message_is_one_entry_from_its_start_to_its_end() -> None:
    (entry,) = fold(
        [
            event(T.MESSAGE_STARTED, {"message_id": "m", "role": "agent"}, seq=1, run="r"),
            event(T.MESSAGE_COMPLETED, {"message_id": "m", "role": "agent", "text": "Hello"}, seq=4),
        ]
    )
    assert entry == {
        "kind": "message",
        "seq": 1,
        "last_seq": 4,
        "at": AT.isoformat(),
        "run": "r",
        "status": "complete",
        "message_id": "m",
        "role": "agent",
        "text": "Hello",
    }


def test_a_message_still_being_spoken_and_one_taken_back_say_so() -> None:
    first, second = fold(
        [
            event(T.MESSAGE_STARTED, {"message_id": "a"}, seq=1),
            event(T.MESSAGE_STARTED, {"message_id": "b"}, seq=2),
            event(T.MESSAGE_DISCARDED, {"message_id": "b"}, seq=3),
        ]
    )
    assert (first["status"], second["status"]) == ("speaking", "discarded")


def test_entries_stand_in_the_order_in_which_each_began() -> None:
    entries = fold(
        [
            event(T.MESSAGE_STARTED, {"message_id": "a"}, seq=1),
            event(T.TOOL_STATUS, {"tool_call_id": "t", "status": "proposed"}, seq=2),
            event(T.MESSAGE_COMPLETED, {"message_id": "a", "text": "x"}, seq=3),
        ]
    )
    assert [entry["seq"] for entry in entries] == [1, 2]


def test_a_tool_call_is_one_entry_with_its_newest_status_and_its_result() -> None:
    (entry,) = fold(
        [
            event(T.TOOL_STATUS, {"tool_call_id": "t", "status": "executing", "arguments": {"a": 1}}, seq=1),
            event(T.TOOL_STATUS, {"tool_call_id": "t", "status": "completed"}, seq=2),
            event(T.TOOL_RESULT, {"tool_call_id": "t", "success": True, "result": "done"}, seq=3),
        ]
    )
    assert (entry["status"], entry["arguments"], entry["result"]) == ("completed", {"a": 1}, "done")


def test_a_permission_request_and_its_outcome_are_one_entry() -> None:
    (entry,) = fold(
        [
            event(T.PERMISSION_REQUEST, {"request_id": "p", "tool_name": "refund"}, seq=1),
            event(T.PERMISSION_CLEARED, {"request_id": "p", "outcome": "approved"}, seq=2),
        ]
    )
    assert (entry["status"], entry["outcome"], entry["tool_name"]) == ("decided", "approved", "refund")


def test_a_message_and_a_thought_of_the_same_id_are_two_entries() -> None:
    entries = fold(
        [
            event(T.MESSAGE_STARTED, {"message_id": "x"}, seq=1),
            event(T.REASONING_STARTED, {"message_id": "x"}, seq=2),
        ]
    )
    assert [entry["kind"] for entry in entries] == ["message", "reasoning"]


def test_an_artifact_stays_an_artifact_whatever_kind_of_document_it_holds() -> None:
    (entry,) = fold([event(T.ARTIFACT, {"artifact_id": "a", "kind": "report", "title": "t"}, seq=1)])
    assert (entry["kind"], entry["artifact_kind"]) == ("artifact", "report")


def test_whatever_an_event_carries_an_entrys_own_words_stay_its_own() -> None:
    (entry,) = fold([event(T.NOTICE, {"seq": 99, "at": "never", "run": "other", "kind": "x"}, seq=1, run="r")])
    assert (entry["kind"], entry["seq"], entry["at"], entry["run"]) == ("notice", 1, AT.isoformat(), "r")


def test_what_is_only_bookkeeping_is_no_entry() -> None:
    assert fold([event(T.RUN_QUEUED, seq=1), event(T.RUN_STARTED, seq=2), event(T.SESSION_STARTED, seq=3)]) == []


def test_an_empty_log_is_an_empty_transcript() -> None:
    assert fold([]) == []


def test_a_thought_that_is_taken_back_is_the_thought_and_no_new_message() -> None:
    (thought,) = fold(
        [
            event(T.REASONING_STARTED, {"message_id": "a"}, seq=1),
            event(T.MESSAGE_DISCARDED, {"message_id": "a", "part": "reasoning"}, seq=2),
        ]
    )
    assert (thought["kind"], thought["status"]) == ("reasoning", "discarded")
