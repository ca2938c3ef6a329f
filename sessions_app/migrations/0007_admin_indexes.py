"""What the admin's lists and its dashboard sort and count by."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sessions_app", "0006_retention"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["-at", "-id"], name="audit_newest_of_all"),
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(fields=["-requested_at"], name="handoff_newest_of_all"),
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(fields=["-accepted_at"], name="handoff_accepted"),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(fields=["-created_at", "-id"], name="session_newest_of_all"),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(
                condition=models.Q(("status", "closed"), _negated=True), fields=["status"], name="session_open"
            ),
        ),
    ]
