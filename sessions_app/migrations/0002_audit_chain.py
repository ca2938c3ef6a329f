"""Audit entries become chains, one per workspace; those that are there keep their order."""

import secrets
from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models.functions import Coalesce

from sessions_app.audit.text import GENESIS, Facts, digest, moment, write_facts, write_private

BATCH = 1000
LINKED = ["chain", "seq", "prev", "hash", "text", "private", "session", "actor"]


def link(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    alias = schema_editor.connection.alias
    workspaces, chains, entries, sessions = (
        apps.get_model("sessions_app", name).objects.using(alias)
        for name in ("Workspace", "AuditChain", "AuditEntry", "Session")
    )
    for workspace in workspaces.all():
        chain = chains.create(workspace=workspace)
        last_id = 0
        while rows := list(entries.filter(workspace=workspace, pk__gt=last_id).order_by("pk")[:BATCH]):
            names = {row.session_name for row in rows}
            found = dict(sessions.filter(workspace=workspace, name__in=names).values_list("name", "pk"))
            for row in rows:
                _link(row, chain, workspace.name, found.get(row.session_name))
            entries.bulk_update(rows, LINKED, batch_size=100)
            last_id = rows[-1].pk
        chain.save()
    # PostgreSQL alters no table on which a check is left for the end of the transaction.
    schema_editor.connection.check_constraints()


def _link(row: Any, chain: Any, workspace: str, session: Any) -> None:
    """Make an entry the newest of the chain."""
    by_customer = row.actor_kind == "customer"
    row.private = write_private(
        salt=secrets.token_hex(16),
        actor=row.actor if by_customer else "",
        session=row.session_name,
        reason=row.reason,
        details=row.details,
    )
    row.actor = "" if by_customer else row.actor
    row.session = session
    row.chain, row.seq, row.prev = chain, chain.seq + 1, chain.hash
    facts = Facts(
        chain=chain.pk,
        seq=row.seq,
        prev=row.prev,
        workspace=workspace,
        at=moment(row.at),
        actor_kind=row.actor_kind,
        actor=row.actor,
        role=row.role,
        action=row.action,
        session=str(session or ""),
        target=row.target,
        private=digest(row.private),
    )
    row.text = write_facts(facts)
    row.hash = digest(row.text)
    chain.seq, chain.hash = row.seq, row.hash


class Migration(migrations.Migration):
    dependencies = [
        ("sessions_app", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditChain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveBigIntegerField(default=0)),
                ("hash", models.CharField(default=GENESIS, max_length=64)),
                (
                    "workspace",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="audit_chain",
                        to="sessions_app.workspace",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="auditchain",
            constraint=models.UniqueConstraint(Coalesce("workspace", 0), name="one_audit_chain_per_workspace"),
        ),
        migrations.RemoveIndex(model_name="auditentry", name="audit_newest"),
        migrations.RemoveIndex(model_name="auditentry", name="audit_session"),
        migrations.RenameField(model_name="auditentry", old_name="session", new_name="session_name"),
        migrations.AlterField(
            model_name="auditentry",
            name="actor",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="chain",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="sessions_app.auditchain",
            ),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="seq",
            field=models.PositiveBigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="auditentry",
            name="prev",
            field=models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="auditentry",
            name="hash",
            field=models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="auditentry",
            name="text",
            field=models.TextField(default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="auditentry",
            name="private",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(model_name="auditentry", name="session", field=models.UUIDField(null=True)),
        migrations.RunPython(link),
        migrations.AlterField(
            model_name="auditentry",
            name="chain",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="sessions_app.auditchain"
            ),
        ),
        migrations.RemoveField(model_name="auditentry", name="workspace"),
        migrations.RemoveField(model_name="auditentry", name="session_name"),
        migrations.RemoveField(model_name="auditentry", name="reason"),
        migrations.RemoveField(model_name="auditentry", name="details"),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["chain", "-at"], name="audit_newest"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["chain", "session"], name="audit_session"),
        ),
        migrations.AddConstraint(
            model_name="auditentry",
            constraint=models.UniqueConstraint(fields=("chain", "seq"), name="one_audit_entry_per_seq"),
        ),
        migrations.AddConstraint(
            model_name="auditentry",
            constraint=models.UniqueConstraint(fields=("chain", "prev"), name="audit_chains_never_fork"),
        ),
    ]
