"""What Celery does for the installation as a whole."""

from celery import shared_task

from sessions_app.services.anchors import Anchors

_anchors = Anchors()


@shared_task(name="config.publish_anchors")
def publish_anchors() -> None:
    """Say where the audit chains are. Beat does it in its own process, so it knows what it has said before."""
    _anchors.publish()
