"""A customer is forgotten, and the chain still proves that nothing else was touched."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sessions_app.actors import SYSTEM, Actor
from sessions_app.audit.verifying import Fault
from sessions_app.models import AuditChain, AuditEntry, Session, Workspace
from sessions_app.services.audit import write_audit
from sessions_app.services.audit_erasing import forget_private
from sessions_app.services.audit_reading import verify_chain
from sessions_app.services.sessions import open_session

pytestmark = pytest.mark.django_db


def forget(session: Session, customer: str = "") -> int:
    return forget_private(session.workspace, sessions=[session.pk], customer=customer, actor=SYSTEM, reason="asked")


def test_what_is_forgotten_is_gone_and_the_chain_verifies(session: Session, customer_actor: Actor) -> None:
    workspace = session.workspace
    other = open_session(workspace, actor=SYSTEM, name="other", customer="dora")
    write_audit(workspace, "handoff.requested", actor=customer_actor, session=session, reason="I, Carla, am cross.")
    write_audit(workspace, "note.added", actor=SYSTEM, session=other, reason="kept")
    assert forget(session) == 2
    for entry in AuditEntry.objects.filter(session=session.pk):
        assert entry.erased and (entry.private, entry.actor_name, entry.session_name, entry.reason) in (
            ("", "handrail", "", ""),
            ("", "", "", ""),
        )
    assert AuditEntry.objects.get(action="note.added").reason == "kept"
    assert "arla" not in str(list(AuditEntry.objects.values_list()))
    report = verify_chain(AuditChain.objects.get())
    assert (report.broken, report.erased) == (None, 2)


def test_what_a_customer_did_outside_of_sessions_is_forgotten_with_them(
    session: Session, customer_actor: Actor
) -> None:
    workspace = session.workspace
    namesake = Actor(customer_actor.kind, "carlantonio", "customer")
    for actor in (customer_actor, namesake):
        write_audit(workspace, "data.asked", actor=actor, reason=actor.name)
    assert forget(session, customer="carla") == 2
    assert [entry.reason for entry in AuditEntry.objects.filter(action="data.asked").order_by("seq")] == [
        "",
        "carlantonio",
    ]
    assert verify_chain(AuditChain.objects.get()).broken is None


def test_who_is_named_alike_or_elsewhere_is_somebody_else(session: Session, customer_actor: Actor) -> None:
    workspace = session.workspace
    for name, details in (("Carla", {}), ("dora", {"actor": "carla"}), ("carla", {})):
        write_audit(workspace, "data.asked", actor=Actor(customer_actor.kind, name, "customer"), details=details)
    assert forget_private(workspace, sessions=[], customer="carla", actor=SYSTEM) == 1
    left = AuditEntry.objects.filter(action="data.asked").exclude(private="").order_by("seq")
    assert [entry.actor_name for entry in left] == ["Carla", "dora"]


def test_a_long_history_is_looked_through_before_anybody_waits(session: Session) -> None:
    """What is written just before the head is locked is forgotten too; under the lock nothing older is read."""
    heads: list[str] = []

    def meanwhile(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith("SELECT") and 'FROM "sessions_app_auditchain"' in sql:
            heads.append(sql)
            if len(heads) == 2:
                write_audit(session.workspace, "note.added", actor=SYSTEM, session=session)
        return execute(sql, *rest)

    with connection.execute_wrapper(meanwhile):
        assert forget_private(session.workspace, sessions=[session.pk], customer="carla", actor=SYSTEM) == 2
    write_audit(session.workspace, "note.added", actor=SYSTEM, session=session)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        forget_private(session.workspace, sessions=[session.pk], targets=["7"], customer="carla", actor=SYSTEM)
    said = [query["sql"] for query in asked]
    locked = [at for at, sql in enumerate(said) if 'FROM "sessions_app_auditchain"' in sql][1]
    looked = [sql for sql in said[locked:] if sql.startswith("SELECT") and 'FROM "sessions_app_auditentry"' in sql]
    assert looked and all('"seq" >' in sql or '"seq" IN' in sql for sql in looked)


def test_things_are_found_by_an_index() -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "sessions_app_auditentry")
    assert found["audit_target"]["columns"] == ["chain_id", "target"] and found["audit_target"]["index"]


def test_forgetting_again_does_nothing_and_leaves_no_entry(session: Session) -> None:
    assert [forget(session), forget(session)] == [1, 0]
    assert AuditEntry.objects.filter(action="audit.erased").count() == 1


def test_many_entries_are_named_by_several(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sessions_app.services.audit_erasing.BATCH", 2)
    for number in range(4):
        write_audit(session.workspace, "note.added", actor=SYSTEM, session=session, target=number)
        write_audit(session.workspace, "other.done", actor=SYSTEM)
    assert forget(session) == 5
    assert AuditEntry.objects.filter(action="audit.erased").count() == 3
    assert verify_chain(AuditChain.objects.get()).broken is None


def test_a_private_part_that_was_emptied_by_hand_is_named(session: Session, workspace: Workspace) -> None:
    write_audit(workspace, "note.added", actor=SYSTEM, session=session)
    AuditEntry.objects.filter(seq=1).erase()
    broken = verify_chain(AuditChain.objects.get()).broken
    assert broken is not None and (broken.seq, broken.fault) == (1, Fault.ERASED)


def test_what_is_emptied_by_hand_after_an_erasure_is_named_too(session: Session, workspace: Workspace) -> None:
    later = write_audit(workspace, "note.added", actor=SYSTEM)
    forget(session)
    AuditEntry.objects.filter(pk=later.pk).erase()
    broken = verify_chain(AuditChain.objects.get()).broken
    assert broken is not None and (broken.seq, broken.fault) == (later.seq, Fault.ERASED)
