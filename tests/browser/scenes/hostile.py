"""What somebody may say who wants to run a script on other people's screens, in every place that takes words."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from agents_app.models import Order
from sessions_app.events.record import record
from sessions_app.events.types import EventType
from sessions_app.models import CannedReply, Session, Workspace

# Each sets `harm` if it is ever more than text. Together they are short enough for every field.
SHORT = "<img src=x onerror=harm=1><svg onload=harm=1>\"'></script><script>harm=1</script>"
LONG = f"""{SHORT}

<iframe srcdoc='<script>parent.harm=1</script>'></iframe>

<a href='javascript:harm=1'>a</a> [b](javascript:harm=1) ![c](http://elsewhere.example/c.png)

<details open ontoggle=harm=1><input autofocus onfocus=harm=1>

<style>* {{ background: url(http://elsewhere.example/s) }}</style>

<base href='http://elsewhere.example/'><meta http-equiv=refresh content='0;url=http://elsewhere.example'>

</textarea></template></title><!-- <math><mtext></form><form><mglyph><style></math><img src onerror=harm=1>

```html
<img src=x onerror=harm=1>
```"""
ORDER = 1666
SHORTCUT = "hostile"
AT = "2026-03-01T12:00:00+00:00"
CHART = {"title": LONG, "x": [SHORT, LONG], "series": [{"label": SHORT, "values": [1, 2]}]}


def story() -> Iterator[tuple[str, dict[str, Any]]]:
    """An event of every kind that carries words."""
    for role in ("customer", "agent", "operator", "system"):
        yield "message_completed", {"message_id": str(uuid4()), "role": role, "author": SHORT, "text": LONG}
    yield "reasoning_completed", {"message_id": str(uuid4()), "text": LONG}
    tool = {"tool_call_id": str(uuid4()), "tool_name": SHORT}
    terms = {"risk_level": "high", "arguments": {SHORT: LONG}}
    yield "tool_status", {**tool, **terms, "status": "executing", "started_at": AT, "ended_at": None}
    yield "tool_result", {**tool, "success": True, "result": {SHORT: LONG}}
    for request_id in (open_request := str(uuid4()), str(uuid4())):
        asked = {
            **tool,
            **terms,
            "request_id": request_id,
            "kind": "approval",
            "options": [],
            "required_role": "operator",
        }
        more = {"reasoning": LONG, "policy": SHORT, "approvals_needed": 1, "expires_at": "2999-01-01T00:00:00+00:00"}
        yield "permission_request", {**asked, **more}
    cleared = {
        "request_id": open_request,
        "kind": "approval",
        "tool_call_id": tool["tool_call_id"],
        "outcome": "denied",
    }
    yield (
        "permission_cleared",
        {**cleared, "decided_by": f"user:{SHORT}", "role": SHORT, "reason": LONG, "arguments": {SHORT: LONG}},
    )
    handoff = {"handoff_id": str(uuid4()), "operator": SHORT}
    yield "handoff_requested", {**handoff, "requested_by": SHORT, "reason": LONG, "priority": SHORT, "trigger": SHORT}
    yield "handoff_accepted", handoff
    yield "handoff_transferred", {**handoff, "from": SHORT, "to": SHORT, "reason": LONG}
    yield "handoff_returned", {**handoff, "summary": LONG}
    yield "operator_note", {"note_id": str(uuid4()), "author": SHORT, "text": LONG}
    for kind in ("document", "code", SHORT):
        yield "artifact", {"artifact_id": str(uuid4()), "kind": kind, "title": SHORT, "content": LONG}
    yield "artifact", {"artifact_id": str(uuid4()), "kind": "chart", "title": SHORT, "content": CHART}
    yield "input_required", {"tool_call_id": str(uuid4()), "question": LONG}
    yield "notice", {"code": SHORT, "detail": LONG}
    yield "error", {"code": SHORT, "detail": LONG}
    yield "run_cancelled", {"by": "operator"}
    yield "run_failed", {"code": SHORT, "detail": LONG}
    yield "message_completed", {"message_id": str(uuid4()), "role": "agent", "author": "demo", "text": "That was all."}


def tell(*sessions: str) -> None:
    """Put all of it into these sessions' logs, past every service that would refuse it, and into the demo shop."""
    workspace = Workspace.objects.get(name="demo")
    Order.objects.get_or_create(workspace=workspace, number=ORDER, defaults={"item": SHORT, "total_cents": 100})
    CannedReply.objects.get_or_create(workspace=workspace, shortcut=SHORTCUT, defaults={"text": LONG})
    for session in Session.objects.filter(workspace=workspace, name__in=sessions):
        for type, data in story():
            record(session, EventType(type), data)
