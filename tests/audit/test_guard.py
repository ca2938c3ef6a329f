"""The database refuses to change the audit history, whoever asks it to."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from sessions_app.actors import SYSTEM
from sessions_app.models import AuditChain, AuditEntry, Workspace
from sessions_app.services.audit import write_audit

pytestmark = pytest.mark.django_db
KEPT = "append-only"
FORGOTTEN = "only the private part can be forgotten"
NEXT = "moves only to the entry after it"


@pytest.fixture
def entries(workspace: Workspace) -> list[AuditEntry]:
    return [write_audit(workspace, "thing.done", actor=SYSTEM, reason=str(number)) for number in range(3)]


def refused(why: str, call: Callable[[], Any]) -> None:
    before = list(AuditEntry.objects.values_list()), list(AuditChain.objects.values_list())
    with pytest.raises(IntegrityError, match=why), transaction.atomic():
        call()
    assert before == (list(AuditEntry.objects.values_list()), list(AuditChain.objects.values_list()))


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "change",
    [
        {"seq": 9},
        {"prev": "0" * 63 + "1"},
        {"hash": "0" * 64},
        {"text": "{}"},
        {"private": "{}"},
        {"actor": "mallory"},
        {"action": "thing.undone"},
        {"session": "00000000-0000-0000-0000-000000000001"},
        {"actor": "mallory", "private": ""},
    ],
    ids=lambda change: "+".join(change),
)
def test_no_column_of_an_entry_can_be_changed(entries: list[AuditEntry], change: dict[str, Any]) -> None:
    refused(FORGOTTEN, lambda: AuditEntry.objects.filter(pk=entries[1].pk).update(**change))


def test_the_private_part_can_be_forgotten_and_does_not_come_back(entries: list[AuditEntry]) -> None:
    assert AuditEntry.objects.filter(pk=entries[1].pk).erase() == 1
    forgotten = AuditEntry.objects.get(pk=entries[1].pk)
    assert forgotten.erased and forgotten.reason == "" and forgotten.details == {}
    refused(FORGOTTEN, lambda: AuditEntry.objects.filter(pk=forgotten.pk).update(private=entries[1].private))


@pytest.mark.parametrize("table", ["sessions_app_auditentry", "sessions_app_auditchain"])
def test_nothing_is_deleted(entries: list[AuditEntry], table: str) -> None:
    refused(KEPT, lambda: execute(f"DELETE FROM {table}"))
    refused(KEPT, lambda: execute(f"DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})"))
    if connection.vendor == "postgresql":  # SQLite knows no TRUNCATE
        connection.check_constraints()  # what is left for the end of the transaction would be refused first
        refused(KEPT, lambda: execute(f"TRUNCATE {table} CASCADE"))


def test_nothing_takes_the_place_of_an_entry(entries: list[AuditEntry]) -> None:
    copy = AuditEntry.objects.get(pk=entries[1].pk)
    replacing = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    columns = "chain_id, seq, prev, hash, text, private, at, actor_kind, actor, role, action, target"
    for seq, prev in ((copy.seq, "1" * 64), (9, copy.prev)):
        values = f"chain_id, {seq}, '{prev}', hash, text, private, at, actor_kind, actor, role, action, target"
        statement = f"{replacing} INTO sessions_app_auditentry ({columns}) SELECT {values} FROM sessions_app_auditentry"
        with pytest.raises(IntegrityError), transaction.atomic():
            execute(f"{statement} WHERE id = {copy.pk}")
    assert list(AuditEntry.objects.order_by("seq").values_list("pk", flat=True)) == [entry.pk for entry in entries]


@pytest.mark.parametrize("change", [{"seq": 2}, {"seq": 4}, {"hash": "1" * 64}, {"seq": 4, "hash": "1" * 64}], ids=str)
def test_a_head_stays_where_the_chain_ends(entries: list[AuditEntry], change: dict[str, Any]) -> None:
    refused(NEXT, lambda: AuditChain.objects.update(**change))


def test_a_chain_belongs_to_its_workspace(entries: list[AuditEntry], other_workspace: Workspace) -> None:
    refused(NEXT, lambda: AuditChain.objects.update(workspace=other_workspace))


@pytest.mark.django_db(transaction=True)
def test_flushing_the_database_is_refused_with_the_reason(entries: list[AuditEntry]) -> None:
    with pytest.raises(CommandError, match=KEPT):
        call_command("flush", interactive=False, verbosity=0)
    assert AuditEntry.objects.count() == 3 and Workspace.objects.exists()
