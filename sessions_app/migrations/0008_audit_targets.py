"""Entries about a thing are found without reading the chain, when what is known of a customer is forgotten."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState


class AddIndexBesideWriters(AddIndexConcurrently):
    """On PostgreSQL entries are written while it is built. It then waits for transactions that are open."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        way = self._way(schema_editor)
        way.database_forwards(self, app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        way = self._way(schema_editor)
        way.database_backwards(self, app_label, schema_editor, from_state, to_state)

    def _way(self, schema_editor: BaseDatabaseSchemaEditor) -> type[migrations.AddIndex]:
        return AddIndexConcurrently if schema_editor.connection.vendor == "postgresql" else migrations.AddIndex


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("sessions_app", "0007_admin_indexes"),
    ]

    operations = [
        AddIndexBesideWriters(
            model_name="auditentry",
            index=models.Index(fields=["chain", "target"], name="audit_target"),
        ),
    ]
