"""Celery's options, each where the default would hurt."""

from django.conf import settings

broker_url = settings.CELERY_BROKER_URL
broker_connection_retry_on_startup = True
# Publishing from a request must fail at once when the broker is away: the sweep makes up for it.
# The intervals are slept in the request, and the timeout is more than BRPOP's own second.
broker_transport_options = {
    "socket_connect_timeout": 1,
    "socket_timeout": 2,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
}
task_publish_retry = False
task_ignore_result = True
task_serializer = "json"
accept_content = ["json"]
# Runs wait for models and tools, not for the processor, so one process carries many of them in threads.
worker_pool = "threads"
worker_concurrency = settings.WORKER_CONCURRENCY
worker_prefetch_multiplier = 1
worker_hijack_root_logger = False
worker_send_task_events = False
timezone = "UTC"
beat_schedule = {
    "sweep-runs": {"task": "agents_app.sweep", "schedule": settings.RUN_SWEEP_SECONDS},
    "retention": {"task": "agents_app.retention", "schedule": settings.RETENTION_SECONDS},
}
if settings.AUDIT_ANCHOR:
    beat_schedule["publish-anchors"] = {
        "task": "config.publish_anchors",
        "schedule": settings.AUDIT_ANCHOR_MINUTES * 60,
    }
