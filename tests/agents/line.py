"""What lies in the queue of the workers."""

import json
from ast import literal_eval
from uuid import UUID

import redis
from django.conf import settings

from agents_app.dispatch import RUN_AGENT


def enqueued(task: str = RUN_AGENT) -> list[UUID]:
    """The runs, or what else a task takes, that workers were asked for since the last look, oldest first."""
    with redis.Redis.from_url(settings.CELERY_BROKER_URL) as broker:
        messages: list[bytes] = list(broker.lrange("celery", 0, -1))
        broker.delete("celery")
    headers = [json.loads(message)["headers"] for message in reversed(messages)]
    return [UUID(literal_eval(header["argsrepr"])[0]) for header in headers if header["task"] == task]
