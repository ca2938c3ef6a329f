"""Each workspace's audit history is one chain, whoever writes into it and when."""

import json
from functools import partial
from uuid import uuid4

import pytest
from django.db import transaction

from agents_app.models import Agent
from sessions_app.actors import SYSTEM, Actor, ActorKind
from sessions_app.audit.text import GENESIS, digest, read_facts
from sessions_app.models import AuditChain, AuditEntry, Session, Workspace
from sessions_app.services.audit import write_audit
from sessions_app.services.audit_reading import verify_chain
from sessions_app.services.sessions import close_session, open_session
from tests.agents.races import race

pytestmark = pytest.mark.django_db


def test_an_entry_is_its_text_and_names_the_hash_of_the_one_before(session: Session, operator_actor: Actor) -> None:
    close_session(session, actor=operator_actor, reason="solved")
    first, second = AuditEntry.objects.of(session.workspace).order_by("seq")
    assert (first.seq, first.prev, second.seq, second.prev) == (1, GENESIS, 2, first.hash)
    assert [digest(entry.text) for entry in (first, second)] == [first.hash, second.hash]
    facts = read_facts(second.text)
    assert (facts.workspace, facts.actor, facts.role, facts.action) == (
        "shop",
        "operator",
        "operator",
        "session.closed",
    )
    assert (facts.session, facts.prev) == (str(session.pk), first.hash)
    assert AuditChain.objects.get(workspace=session.workspace).hash == second.hash


def test_words_and_names_of_customers_are_in_the_private_part_alone(session: Session, customer_actor: Actor) -> None:
    close_session(session, actor=customer_actor, reason="Moving to Lima.")
    entry = AuditEntry.objects.get(action="session.closed")
    assert (entry.actor, entry.actor_name, entry.session_name, entry.reason) == ("", "carla", "talk", "Moving to Lima.")
    for word in ("carla", "talk", "Lima"):
        assert word not in entry.text and word in entry.private
    assert read_facts(entry.text).private == digest(entry.private)


def test_the_same_words_have_another_digest_each_time(workspace: Workspace) -> None:
    entries = [write_audit(workspace, "note.added", actor=SYSTEM, reason="yes") for _ in range(2)]
    assert len({read_facts(entry.text).private for entry in entries}) == 2


def test_each_workspace_has_a_chain_and_so_has_what_belongs_to_none(
    workspace: Workspace, other_workspace: Workspace
) -> None:
    for place in (workspace, other_workspace, None, workspace):
        write_audit(place, "thing.done", actor=SYSTEM)
    chains = AuditChain.objects.all()
    assert sorted((str(chain), chain.seq) for chain in chains) == [("elsewhere", 1), ("no workspace", 1), ("shop", 2)]
    assert [verify_chain(chain).broken for chain in chains] == [None, None, None]


def test_what_is_rolled_back_leaves_no_gap(workspace: Workspace) -> None:
    write_audit(workspace, "first.done", actor=SYSTEM)
    with transaction.atomic():
        write_audit(workspace, "second.done", actor=SYSTEM)
        transaction.set_rollback(True)
    assert write_audit(workspace, "third.done", actor=SYSTEM).seq == 2
    assert verify_chain(AuditChain.objects.get()).broken is None


def test_any_text_is_kept_as_it_can_be(workspace: Workspace) -> None:
    details = {"a": [1, 2.5, None, True, "ü\x00\ud800"], "b": {"c": "日本"}}
    entry = write_audit(workspace, "odd.done", actor=Actor(ActorKind.USER, "z\x00é"), reason="\u2028", details=details)
    entry.refresh_from_db()
    assert entry.details == {"a": [1, 2.5, None, True, "ü\ufffd\ufffd"], "b": {"c": "日本"}}
    assert json.loads(entry.private)["reason"] == entry.reason == "\u2028"
    assert verify_chain(AuditChain.objects.get()).broken is None


@pytest.mark.django_db(transaction=True)
def test_eight_at_the_same_moment_make_one_unforked_chain(workspace: Workspace) -> None:
    def write(name: str) -> None:
        for number in range(10):
            write_audit(workspace, "thing.done", actor=Actor(ActorKind.USER, name), target=number)

    assert race(*(partial(write, f"user-{number}") for number in range(8))) == [None] * 8
    report = verify_chain(AuditChain.objects.get())
    assert (report.entries, report.last.seq, report.broken) == (80, 80, None)


@pytest.mark.django_db(transaction=True)
def test_eight_sessions_that_begin_and_end_at_once_make_one_unforked_chain(workspace: Workspace, agent: Agent) -> None:
    def live() -> None:
        close_session(open_session(workspace, actor=SYSTEM, name=f"s-{uuid4()}"), actor=SYSTEM)

    assert race(*[live] * 8) == [None] * 8
    report = verify_chain(AuditChain.objects.get())
    assert (report.entries, report.broken) == (16, None)
