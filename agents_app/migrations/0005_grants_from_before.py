"""Where grants from before were given. Apart from the column: PostgreSQL indexes no rows changed in its transaction."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def find(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The audit history knows where those that are there were given. What an erased session gave has to go after it."""
    alias = schema_editor.connection.alias
    grants, entries, sessions = (
        apps.get_model(name)._default_manager.using(alias)
        for name in ("agents_app.Grant", "sessions_app.AuditEntry", "sessions_app.Session")
    )
    made = entries.filter(action="grant.created").exclude(session=None)
    given = dict(made.values_list("target", "session").iterator())
    for grant in grants.only("session_id", "workspace_id").iterator():
        session = sessions.filter(pk=grant.session_id or given.get(str(grant.pk)), workspace=grant.workspace_id).first()
        if session is None:
            continue
        row = grants.filter(pk=grant.pk)
        row.update(given_in=session.pk)
        if session.erased_at is not None:
            row.update(reason="", conditions=[])
            row.filter(revoked_at=None).update(revoked_at=session.erased_at, revoked_by="system:handrail")


class Migration(migrations.Migration):
    dependencies = [
        ("agents_app", "0004_grant_given_in"),
    ]

    operations = [
        migrations.RunPython(find, migrations.RunPython.noop),
    ]
