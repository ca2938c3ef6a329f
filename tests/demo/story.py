"""A session's stream as it should be: what the checks of the demo find nothing wrong with."""

from typing import Any

from config.demo.heard import Heard

LOOKUP = {"tool_call_id": "c1", "tool_name": "lookup_order"}
REFUND = {"tool_call_id": "c2", "tool_name": "refund_order"}


class Story:
    """Numbers the events as the log does."""

    def __init__(self) -> None:
        self.events: list[Heard] = []
        self._seq = 0
        self._messages = 0

    def tell(self, type: str, run: str | None = None, **data: Any) -> None:
        self._seq += 1
        self.events.append(Heard(type, data, self._seq, run))

    def speak(self, run: str, text: str, kind: str = "message") -> None:
        self._messages += 1
        message = {"message_id": f"m{self._messages}"}
        self.tell(f"{kind}_started", run, **message)
        half = len(text) // 2
        for offset, words in ((0, text[:half]), (half, text[half:])):
            self.events.append(Heard(f"{kind}_chunk", {**message, "offset": offset, "text": words}, run=run))
        self.tell(f"{kind}_completed", run, **message, role="agent", text=text)

    def use(self, run: str, tool: dict[str, str], **result: str) -> None:
        self.tell("tool_status", run, **tool, status="executing")
        self.tell("tool_status", run, **tool, status="completed")
        self.tell("tool_result", run, **tool, success=True, result=result)

    def look_up(self, run: str, *, refunded: str) -> None:
        self.tell("run_started", run)
        self.speak(run, "Order 7 has to be looked up.", "reasoning")
        self.use(run, LOOKUP, refunded=refunded)

    def ask(self, run: str, **ruling: str) -> None:
        self.tell("tool_status", run, **REFUND, status="waiting_permission")
        self.tell("permission_request", run, **REFUND)
        self.tell("run_waiting", run)
        self.tell("permission_cleared", run, **ruling)


def told() -> Story:
    """Three runs: `where`, `yes` (approved) and `no` (denied with "Not today.")."""
    story = Story()
    story.tell("session_started")
    story.tell("message_completed", message_id="said", role="customer", text="Where is order 7?")
    story.look_up("where", refunded="0.00")
    story.speak("where", "It is on its way.")
    story.tell("run_completed", "where")
    story.look_up("yes", refunded="0.00")
    story.ask("yes", outcome="approved", reason="")
    story.tell("run_resumed", "yes")
    story.use("yes", REFUND, refunded="0.01")
    story.speak("yes", "Done: 0.01 EUR is refunded.")
    story.tell("run_completed", "yes")
    story.look_up("no", refunded="0.01")
    story.ask("no", outcome="denied", reason="Not today.")
    story.tell("tool_status", "no", **REFUND, status="denied")
    story.tell("run_resumed", "no")
    story.speak("no", "The refund was denied: Not today.")
    story.tell("run_completed", "no")
    return story
