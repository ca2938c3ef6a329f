"""What keeps a worker that lost its run from writing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import F

from agents_app.models import Run
from sessions_app.events.record import lock
from sessions_app.exceptions import Superseded


@contextmanager
def held(run: Run) -> Iterator[None]:
    """A transaction of the worker that claimed this attempt of the run.

    The session's row is locked first, as in every service that touches a session: it is the one lock of everything in
    it, so nothing can deadlock and the answer cannot change before the commit. Raises Superseded when another worker
    has the run, when it has ended, or when the session has changed hands.
    """
    with transaction.atomic():
        lock(run.session)
        if not Run.objects.held(run).filter(session__epoch=F("epoch")).exists():
            raise Superseded
        yield
