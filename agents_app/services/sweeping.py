"""What the clock sets in motion. Each row is settled in a transaction of its own."""

import logging
from datetime import datetime, timedelta

from agents_app.dispatch import enqueue_draft, enqueue_run
from agents_app.models import DraftReply, PermissionRequest, Run
from agents_app.services.claims import requeue_if_overdue
from agents_app.services.deadlines import warn
from agents_app.services.drafting import expire_draft
from agents_app.services.outcomes import expire_outcome
from agents_app.services.permissions import expire
from sessions_app.services.allowances import forget_allowances

logger = logging.getLogger(__name__)

# With many runs in line the message is not lost, only waiting: do not add to the queue too often.
REMIND_EVERY = timedelta(seconds=30)
# At most this many of each kind in one sweep; the next one comes in seconds.
BATCH = 200


def sweep_all(now: datetime) -> None:
    """Warn of questions and expire them, requeue the runs of silent workers, give drafts up, remind the queue,
    and forget what visitors and logins were counted by.
    """
    questions = PermissionRequest.objects.select_related("run__session__workspace", "run__agent", "tool_call")
    for request in questions.expired(now)[:BATCH]:
        if request.kind == PermissionRequest.Kind.OUTCOME:
            expire_outcome(request)
        else:
            expire(request)
    for request in questions.expiring(now)[:BATCH]:
        warn(request)
    for run in Run.objects.overdue(now).select_related("session__workspace", "agent")[:BATCH]:
        logger.warning("The worker of run %s fell silent.", run.pk)
        requeue_if_overdue(run)
    for run_id in list(Run.objects.forgotten(now).values_list("pk", flat=True)[:BATCH]):
        if enqueue_run(run_id):
            Run.objects.filter(pk=run_id).update(remind_at=now + REMIND_EVERY)
    for draft in DraftReply.objects.overdue(now).select_related("session__workspace")[:BATCH]:
        expire_draft(draft)
    for draft_id in list(DraftReply.objects.forgotten(now).values_list("pk", flat=True)[:BATCH]):
        if enqueue_draft(draft_id):
            DraftReply.objects.filter(pk=draft_id).update(remind_at=now + REMIND_EVERY)
    forget_allowances(now=now, most=BATCH)
