"""Entries about a thing are found without reading the chain, when what is known of a customer is forgotten."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState


class AddIndexBesideWriters(migrations.AddIndex):
    """On PostgreSQL entries are written while it is built. It then waits for transactions that are open.

    Not Django's own AddIndexConcurrently: that cannot be imported where PostgreSQL's driver is not installed.
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        schema_editor.add_index(model, self.index, **self._beside(schema_editor))

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        schema_editor.remove_index(model, self.index, **self._beside(schema_editor))

    def _beside(self, schema_editor: BaseDatabaseSchemaEditor) -> dict[str, bool]:
        return {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}


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
