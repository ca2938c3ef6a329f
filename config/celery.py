"""The Celery application.

A task message is a hint, as a bus message is: the work is a row in the database, claimed by one worker
under a lease. So messages are acknowledged early, no result is kept, and a message lost with its broker
is made again by the sweep.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

app = Celery("handrail")
app.config_from_object("config.celery_options")
app.autodiscover_tasks(["agents_app", "config"])
