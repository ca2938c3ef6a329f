"""Whatever happens to workers, messages and Valkey: an approved refund is paid once, or a person is asked about it."""

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable

import pytest

from agents_app.models import Agent, Order, PermissionRequest, Run, ToolCall
from agents_app.services.outcomes import decide_outcome
from agents_app.services.permissions import decide
from sessions_app.actors import SYSTEM, Actor
from sessions_app.models import Session, Workspace
from sessions_app.services.sessions import open_session
from tests.agents.work import asked, ends, log
from tests.chaos.storm import Storm
from tests.servers.processes import Processes
from tests.servers.valkey import TestValkey

RUNS = int(os.environ.get("CHAOS_RUNS", "20"))
SEED = int(os.environ.get("CHAOS_SEED", "1"))
RUNS_PER_SESSION = 2
KILLS = 5 + RUNS // 5
SECONDS = 240 + 6 * RUNS
POLL_SECONDS = 0.1
APPROVED_AT_ONCE = 0.05
pytestmark = [pytest.mark.processes, pytest.mark.each_database, pytest.mark.timeout(SECONDS + 60)]

Kind = PermissionRequest.Kind
Status = PermissionRequest.Status


class Shop:
    """Customers who each want a cent back, and the person who lets them have it."""

    def __init__(self, workspace: Workspace, person: Actor) -> None:
        self._person = person
        self._random = random.Random(SEED)
        self.sessions = [open_session(workspace, actor=SYSTEM) for _ in range(-(-RUNS // RUNS_PER_SESSION))]
        self.numbers: dict[object, int] = {}
        for place in range(RUNS):
            order = Order.objects.create(workspace=workspace, number=1000 + place, item="Lamp", total_cents=1990)
            run = asked(self.sessions[place % len(self.sessions)], f"refund order {order.number} 0.01")
            self.numbers[run.pk] = order.number

    def approve(self) -> None:
        """Approve what is asked, sooner or later, so that there is a refund at work whenever something goes wrong."""
        for request in self._pending(Kind.APPROVAL):
            if self._random.random() < APPROVED_AT_ONCE:
                decide(request, approve=True, actor=self._person)

    def look_into_outcomes(self) -> int:
        """Say of each lost call what became of it, as a person who looks at the order can. Returns how many."""
        pending = self._pending(Kind.OUTCOME)
        for request in pending:
            paid = Order.objects.get(number=self.numbers[request.run_id]).refunded_cents
            outcome = Status.DONE if paid else Status.RUN_AGAIN
            decide_outcome(request, outcome, actor=self._person, result="Paid." if paid else None)
        return len(pending)

    def quiet(self) -> bool:
        """Nothing happens any more unless a person says what became of a call."""
        waiting = Run.objects.filter(status=Run.Status.WAITING).values("session")
        at_rest = Run.objects.unfinished().exclude(status=Run.Status.WAITING)
        behind = at_rest.filter(status=Run.Status.QUEUED, session__in=waiting)
        return not self._pending(Kind.APPROVAL) and not at_rest.exclude(pk__in=behind.values("pk")).exists()

    def _pending(self, kind: PermissionRequest.Kind) -> list[PermissionRequest]:
        rows = PermissionRequest.objects.pending().filter(kind=kind)
        return list(rows.select_related("run__session__workspace", "run__agent", "tool_call"))


def wait(shop: Shop, storm: Storm, reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not reached():
        assert time.monotonic() < deadline, Counter(Run.objects.values_list("status", flat=True))
        storm.blow()
        shop.approve()
        time.sleep(POLL_SECONDS)


def assert_once_or_asked(shop: Shop) -> Counter[str]:
    """No refund is paid twice, none that ended well is missing, and of every other one a person is asked."""
    counts: Counter[str] = Counter()
    for call in ToolCall.objects.filter(tool_name="refund_order").select_related("run"):
        paid = Order.objects.get(number=shop.numbers[call.run_id]).refunded_cents
        counts[f"{call.status}, paid {paid} times"] += 1
        assert paid <= 1
        if call.status == ToolCall.Status.UNKNOWN:
            request = call.permission_requests.get(status=Status.PENDING)
            assert request.kind == Kind.OUTCOME and call.run.status == Run.Status.WAITING
        else:
            assert (call.status, paid) == (ToolCall.Status.COMPLETED, 1)
    return counts


def assert_told(session: Session) -> None:
    """The session's log is gapless, and each of its finished runs has ended in it once."""
    seqs = [event.seq for event in log(session)]
    assert seqs == list(range(1, len(seqs) + 1))
    for run in session.runs.all():
        assert len(ends(run)) == (0 if run.status in Run.UNFINISHED else 1)


def test_every_approved_refund_is_paid_once_or_a_person_is_asked_what_became_of_it(
    processes: Processes,
    valkey: TestValkey,
    workspace: Workspace,
    agent: Agent,
    operator_actor: Actor,
    capsys: pytest.CaptureFixture[str],
) -> None:
    shop = Shop(workspace, operator_actor)
    storm = Storm(processes, valkey, seed=SEED, kills=KILLS)
    looked_into = 0

    def calm() -> bool:
        nonlocal looked_into
        if not shop.quiet():
            return False
        if not storm.over:  # whoever waits behind a lost call is to see some of the storm, too
            looked_into += shop.look_into_outcomes()
        return storm.over or not Run.objects.unfinished().exists()

    wait(shop, storm, calm)
    counts = assert_once_or_asked(shop)
    for session in shop.sessions:
        assert_told(session)

    def settled() -> bool:
        nonlocal looked_into
        looked_into += shop.look_into_outcomes()
        return not Run.objects.unfinished().exists()

    wait(shop, storm, settled)
    assert set(Order.objects.values_list("refunded_cents", flat=True)) == {1}
    assert set(Run.objects.values_list("status", flat=True)) == {Run.Status.COMPLETED}
    for session in shop.sessions:
        assert_told(session)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{RUNS} refunds, seed {SEED}: {storm.killed} workers killed, {storm.repeated} messages sent twice, "
            f"{storm.restarts} restarts of Valkey; after the storm {dict(counts)}; asked about {looked_into}.\n"
        )
