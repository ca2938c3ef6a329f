"""What the admin's lists and its dashboard sort and count by."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agents_app", "0002_rule_versions"),
        ("sessions_app", "0007_admin_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="permissionrequest",
            index=models.Index(fields=["-requested_at", "-id"], name="permission_newest"),
        ),
        migrations.AddIndex(
            model_name="permissionrequest",
            index=models.Index(fields=["-decided_at"], name="permission_decided"),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["-created_at", "-id"], name="run_newest_of_all"),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["ended_at", "status"], name="run_ended"),
        ),
        migrations.AddIndex(
            model_name="spending",
            index=models.Index(fields=["-at", "-id"], name="spending_newest"),
        ),
    ]
