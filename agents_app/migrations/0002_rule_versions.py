import django.db.models.deletion
import django.utils.timezone
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FIELDS = (
    "tool",
    "conditions",
    "effect",
    "priority",
    "enabled",
    "role",
    "approvals",
    "separate_requester",
    "timeout_seconds",
    "on_timeout",
    "message",
)


def keep_what_is_there(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Requests that are older than the history name rules, too: their wording is kept while it still stands."""
    rules = apps.get_model("agents_app", "PolicyRule").objects.using(schema_editor.connection.alias)
    versions = apps.get_model("agents_app", "RuleVersion").objects.using(schema_editor.connection.alias)
    versions.bulk_create(
        versions.model(
            workspace_id=rule.workspace_id,
            name=rule.name,
            number=rule.version,
            change="found",
            wording={
                "agent": rule.agent.name if rule.agent else "",
                **{field: getattr(rule, field) for field in FIELDS},
            },
            at=rule.updated_at,
        )
        for rule in rules.select_related("agent")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("agents_app", "0001_initial"),
        ("sessions_app", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="RuleVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("number", models.PositiveIntegerField()),
                (
                    "change",
                    models.CharField(
                        choices=[
                            ("added", "Added"),
                            ("changed", "Changed"),
                            ("restored", "Restored"),
                            ("deleted", "Deleted"),
                            ("found", "Found"),
                        ],
                        max_length=10,
                    ),
                ),
                ("wording", models.JSONField()),
                ("actor", models.CharField(blank=True, max_length=200)),
                ("role", models.CharField(blank=True, max_length=40)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("reason", models.TextField(blank=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rule_versions",
                        to="sessions_app.workspace",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "name", "number"), name="one_wording_per_version")
                ],
            },
        ),
        migrations.RunPython(keep_what_is_there, migrations.RunPython.noop),
    ]
