"""A customer is forgotten, and the chain still proves that nothing else was touched."""

import pytest

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
