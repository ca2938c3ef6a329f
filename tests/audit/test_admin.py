"""The admin shows the history, proves it, and hands it out. It changes nothing of it."""

import json

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from sessions_app.actors import SYSTEM, Actor
from sessions_app.models import AuditChain, AuditEntry, Session, Workspace
from sessions_app.services.audit import write_audit
from sessions_app.services.audit_erasing import forget_private
from tests.admin.pages import act, address, listed, said
from tests.guards import lifted

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(supervisor: User) -> Client:
    """A supervisor's browser."""
    User.objects.filter(pk=supervisor.pk).update(is_staff=True)
    client = Client()
    client.force_login(supervisor)
    return client


@pytest.fixture
def chain(admin: Client, session: Session) -> AuditChain:
    return AuditChain.objects.get(workspace=session.workspace)


def page(client: Client, entry: AuditEntry) -> str:
    answer = client.get(address(AuditEntry, "change", entry.pk))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_names_customers_sessions_and_reasons(admin: Client, session: Session, customer_actor: Actor) -> None:
    write_audit(session.workspace, "handoff.requested", actor=customer_actor, session=session, reason="I am cross.")
    shown = admin.get(address(AuditEntry, "changelist")).content.decode()
    assert all(word in shown for word in ("handoff.requested", "carla", "talk", "I am cross."))


def test_the_list_is_narrowed_by_what_was_acted_on_by_session_and_by_target(
    admin: Client, session: Session, workspace: Workspace
) -> None:
    other = write_audit(workspace, "grant.used", actor=SYSTEM, target="77")
    assert listed(admin, AuditEntry, area="grant") == listed(admin, AuditEntry, q="77") == [other]
    (opened,) = listed(admin, AuditEntry, q=str(session.pk))
    assert listed(admin, AuditEntry, session__exact=str(session.pk)) == [opened]


def test_a_page_shows_the_whole_entry_and_says_that_it_is_true(admin: Client, session: Session) -> None:
    write_audit(session.workspace, "tool.denied", actor=SYSTEM, session=session, details={"amount": "<b>12</b>"})
    entry = AuditEntry.objects.latest("id")
    shown = page(admin, entry)
    assert "Yes, and so are its neighbours." in shown
    assert "&lt;b&gt;12&lt;/b&gt;" in shown and entry.hash in shown and entry.prev in shown
    assert address(Session, "change", session.pk) in shown


def test_a_page_says_what_was_forgotten(admin: Client, session: Session) -> None:
    forget_private(session.workspace, sessions=[session.pk], actor=SYSTEM)
    shown = page(admin, AuditEntry.objects.get(action="session.opened"))
    assert "The private part of this entry was forgotten." in shown and "Yes, and so are its neighbours." in shown


def test_a_page_of_an_entry_that_was_edited_says_so(admin: Client, session: Session) -> None:
    first = AuditEntry.objects.of(session.workspace).earliest("seq")
    with lifted(connection):
        AuditEntry.objects.filter(pk=first.pk).update(actor="mallory")
    shown = page(admin, first)
    assert f"No: entry {first.seq} is edited" in shown


def test_a_chain_is_verified_on_request(admin: Client, chain: AuditChain) -> None:
    (told,) = said(act(admin, "verify", chain))
    assert told == f"shop: {chain.seq} entries up to entry {chain.seq} are as they were written."
    with lifted(connection):
        AuditEntry.objects.filter(chain=chain, seq=1).update(actor="mallory")
    (told,) = said(act(admin, "verify", chain))
    assert told.startswith("shop: BROKEN, entry 1 is edited")


def test_an_export_is_the_file_of_the_command_and_is_written_down(admin: Client, chain: AuditChain) -> None:
    answer = admin.post(
        address(AuditChain, "changelist"), {"action": "export", "_selected_action": [str(chain.pk)], "index": "0"}
    )
    header, *_, end = map(json.loads, answer.content.decode().splitlines())
    assert (header["workspace"], header["by"], list(end)) == ("shop", "user:supervisor", ["signature"])
    assert answer["Content-Disposition"].startswith('attachment; filename="audit-shop-')
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.actor, entry.role) == ("audit.exported", "supervisor", "supervisor")


def test_several_chains_are_not_one_file(other_workspace: Workspace, chain: AuditChain, admin_client: Client) -> None:
    other = write_audit(other_workspace, "thing.done", actor=SYSTEM).chain
    assert said(act(admin_client, "export", chain, other)) == ["Export one chain at a time: each is a file of its own."]
    assert not AuditEntry.objects.filter(action="audit.exported").exists()
