"""In which session a grant was given, so that its words go with the session's."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agents_app", "0003_admin_indexes"),
        ("sessions_app", "0007_admin_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="grant",
            name="given_in",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="grants_given",
                to="sessions_app.session",
            ),
        ),
    ]
