"""Words go, numbers stay."""

from io import StringIO
from unittest.mock import patch

import pytest
from asgiref.sync import sync_to_async
from django.core.management import CommandError, call_command
from django.utils import timezone

from agents_app.models import Agent, Grant, Order, Run
from agents_app.services.drafting import claim_draft, complete_draft, request_draft
from sessions_app.actors import SYSTEM, Actor
from sessions_app.events import bus
from sessions_app.events.channels import text_key
from sessions_app.exceptions import SessionClosed, Unprocessable
from sessions_app.models import Allowance, AuditChain, AuditEntry, Draft, Handoff, Session, StoredEvent, Workspace
from sessions_app.services import erasing
from sessions_app.services.audit_reading import verify_chain
from sessions_app.services.erasing import digest_of, erase_customer, erase_session
from sessions_app.services.messages import Role, say
from sessions_app.services.visitors import count_message
from tests.agents.races import race
from tests.agents.talking import Talking
from tests.agents.work import fresh, types
from tests.builders import KeyClient
from tests.privacy.zebra import WORD, ZEBRA, lived, numbers, rows_with, said_by_zebra, zebras_session
from tests.sessions.asgi_client import get

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("agent")]


@pytest.fixture
def session(workspace: Workspace, order: Order, operator_actor: Actor) -> Session:
    return lived(workspace, order, operator_actor)


def again(session: Session) -> Session:
    return Session.objects.get(pk=session.pk)


def test_no_word_of_the_customer_is_kept_anywhere(session: Session, workspace: Workspace) -> None:
    assert len({name.split()[0] for name in rows_with(WORD)}) > 10
    erase_customer(workspace, WORD, actor=SYSTEM)
    assert rows_with(WORD) == []


def test_what_bills_and_statistics_read_is_kept(session: Session, workspace: Workspace) -> None:
    erasing.end_session(session, actor=SYSTEM)
    before = numbers(session.pk)
    erase_customer(workspace, WORD, actor=SYSTEM)
    assert numbers(session.pk) == before
    assert before["calls"] and before["spent"]
    handoff = Handoff.objects.get()
    assert (handoff.trigger, handoff.requested_by, handoff.accepted_at is not None) == ("customer", "customer", True)


def test_an_open_session_is_closed_and_becomes_nobodys(session: Session, workspace: Workspace) -> None:
    erase_customer(workspace, WORD, actor=SYSTEM)
    kept = again(session)
    assert (kept.status, kept.name, kept.customer) == ("closed", f"erased-{session.pk}", "")
    assert kept.erased_at is not None and not Run.objects.unfinished().exists()
    assert types(kept) == ["session_closed"] and kept.pruned_seq == kept.last_seq - 1
    with pytest.raises(SessionClosed):
        say(kept, "hello", actor=ZEBRA, role=Role.CUSTOMER)


def test_by_its_name_it_is_unknown(session: Session, workspace: Workspace, api: KeyClient) -> None:
    erase_customer(workspace, WORD, actor=SYSTEM)
    for path in ("", "/transcript", "/log", "/events"):
        assert api.get(f"/sessions/zebra-talk{path}").status_code == 404


async def test_whoever_reads_it_live_is_told_that_it_is_closed(workspace: Workspace, key: str) -> None:
    session = await sync_to_async(zebras_session)(workspace)
    async with get("/sessions/zebra-talk/events", key) as stream:
        await stream.until_seq(1)
        await sync_to_async(erase_session)(session, actor=SYSTEM)
        await stream.until_type("session_closed", 2)
        assert {frame["session"] for frame in stream.frames} == {"zebra-talk"}


def test_other_customers_and_other_workspaces_keep_theirs(
    session: Session, workspace: Workspace, other_workspace: Workspace
) -> None:
    Agent.objects.create(workspace=other_workspace, name="demo", is_default=True)
    zebras_session(other_workspace)
    Session.objects.filter(pk=zebras_session(workspace, "other").pk).update(customer="zebrafinch")
    erase_customer(workspace, WORD, actor=SYSTEM)
    assert set(Session.objects.filter(erased_at=None).values_list("customer", flat=True)) == {WORD, "zebrafinch"}


def test_what_was_allowed_for_the_customer_is_allowed_no_more(session: Session, workspace: Workspace) -> None:
    assert Grant.objects.live(timezone.now()).exists()
    assert erase_customer(workspace, WORD, actor=SYSTEM).others == 2
    assert not Grant.objects.live(timezone.now()).exists()
    assert (
        not Grant.objects.exclude(scope="workspace").for_session(Session(workspace=workspace, customer=WORD)).exists()
    )


def test_what_was_allowed_for_all_in_the_customers_words_is_asked_about_again(
    session: Session, workspace: Workspace
) -> None:
    grant = Grant.objects.get(scope=Grant.Scope.WORKSPACE)
    assert grant.conditions and grant.reason
    erase_session(session, actor=SYSTEM)
    grant.refresh_from_db()
    assert (grant.conditions, grant.reason, grant.revoked_by) == ([], "", str(SYSTEM))
    assert not Grant.objects.for_session(Session(workspace=workspace)).live(timezone.now()).exists()


def test_what_a_visitor_was_counted_by_is_dropped(workspace: Workspace) -> None:
    count_message(ZEBRA, address="10.0.0.1")
    assert Allowance.objects.count() == 2
    erase_customer(workspace, WORD, actor=SYSTEM)
    assert Allowance.objects.count() == 1  # the address's, which many may share


def test_a_worker_in_mid_sentence_writes_nothing_more(workspace: Workspace, attentive_workers: None) -> None:
    session = zebras_session(workspace)
    run = said_by_zebra(session, "talk to me,")
    worker = Talking(run)
    (draft,) = Draft.objects.all()
    erase_customer(workspace, WORD, actor=SYSTEM)
    worker.end()
    assert (types(session), fresh(run).status) == (["session_closed"], "cancelled")
    assert rows_with("talking") == []
    assert kept_beside_the_bus(draft) is None


def kept_beside_the_bus(draft: Draft) -> bytes | None:
    client = bus.get_bus()._client  # type: ignore[attr-defined]
    found: bytes | None = client.get(text_key(draft.pk))
    return found


def test_a_draft_reply_that_comes_too_late_is_kept_nowhere(workspace: Workspace, operator_actor: Actor) -> None:
    session = zebras_session(workspace)
    draft = claim_draft(request_draft(session, actor=operator_actor).pk)
    assert draft is not None
    erase_session(session, actor=SYSTEM)
    assert complete_draft(draft, f"say {WORD}") is False
    assert rows_with(WORD) == []


def test_interrupted_in_the_middle_whole_sessions_are_erased_and_the_rest_the_next_time(workspace: Workspace) -> None:
    sessions = [zebras_session(workspace, f"zebra-{number}") for number in range(3)]
    real, calls = erasing._blank, []

    def dying(session: Session, actor: Actor) -> bool:
        calls.append(session)
        done = real(session, actor)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return done

    with patch.object(erasing, "_blank", dying), pytest.raises(KeyboardInterrupt):
        erase_customer(workspace, WORD, actor=SYSTEM)
    erased = [session for session in map(again, sessions) if session.erased_at]
    assert len(erased) == 1 and types(erased[0]) == ["session_closed"]
    assert erase_customer(workspace, WORD, actor=SYSTEM).sessions == 2
    assert rows_with(WORD) == []


def test_two_who_erase_at_once_erase_each_session_once(workspace: Workspace) -> None:
    for number in range(4):
        zebras_session(workspace, f"zebra-{number}")
    results = race(*[lambda: erase_customer(workspace, WORD, actor=SYSTEM)] * 2)
    assert [error for error in results if isinstance(error, Exception)] == []
    assert StoredEvent.objects.count() == 4
    assert rows_with(WORD) == []


def test_the_history_says_that_it_was_done_and_not_to_whom(session: Session, workspace: Workspace) -> None:
    erase_customer(workspace, WORD, actor=SYSTEM, reason="asked by letter")
    entry = AuditEntry.objects.get(action="customer.erased")
    assert entry.details == {"sessions": 1, "others": 2} and entry.reason == "asked by letter"
    assert entry.target == digest_of(workspace, WORD)
    assert AuditEntry.objects.get(action="session.erased").target == str(session.pk)


def test_the_history_still_verifies_and_knows_how_much_it_has_forgotten(session: Session, workspace: Workspace) -> None:
    erase_customer(workspace, WORD, actor=SYSTEM)
    report = verify_chain(AuditChain.objects.get(workspace=workspace))
    assert (report.broken, report.entries) == (None, AuditEntry.objects.count())
    assert report.erased == AuditEntry.objects.filter(private="").count() > 5


def test_nothing_left_is_nothing_done(session: Session, workspace: Workspace) -> None:
    erase_customer(workspace, WORD, actor=SYSTEM)
    entries = AuditEntry.objects.count()
    assert erase_customer(workspace, WORD, actor=SYSTEM) == erasing.Erased(0, 0)
    assert AuditEntry.objects.count() == entries


def test_sessions_without_a_customer_are_nobodys(workspace: Workspace) -> None:
    with pytest.raises(Unprocessable, match="Name a customer"):
        erase_customer(workspace, "", actor=SYSTEM)


@pytest.fixture
def out() -> StringIO:
    return StringIO()


def test_the_command_says_what_there_is_before_it_does_anything(session: Session, out: StringIO) -> None:
    events = StoredEvent.objects.count()
    call_command("erase_customer", "shop", WORD, "--dry-run", stdout=out)
    assert out.getvalue() == f"There are 1 sessions, 1 of them open, with {events} events. Nothing was erased.\n"
    assert StoredEvent.objects.count() == events


def test_the_command_asks_first(session: Session, out: StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.input", lambda question: "no")
    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command("erase_customer", "shop", WORD, stdout=out)
    call_command("erase_customer", "shop", WORD, "--yes", stdout=out)
    assert out.getvalue() == "Erased 1 sessions and 2 grants.\n"


def test_the_command_knows_its_workspaces(out: StringIO) -> None:
    with pytest.raises(CommandError, match="There is no workspace 'nowhere'"):
        call_command("erase_customer", "nowhere", WORD, stdout=out)
