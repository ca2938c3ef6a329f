"""An agent that does badly: the workspace's rules may want a person then. Callers hold the session's lock."""

from django.db.models import Max

from agents_app.models import Run
from sessions_app.services.handoff_rules import look_at_confidence, look_at_failures

# More failures than any rule waits for.
LOOKED_AT = 100


def after_failure(run: Run) -> None:
    """This run has failed; how many did before it, since people last served, is counted."""
    ended = Run.objects.filter(session=run.session_id, status__in=(Run.Status.FAILED, Run.Status.COMPLETED))
    served = run.session.handoffs.aggregate(at=Max("ended_at"))["at"]
    if served is not None:
        ended = ended.filter(ended_at__gt=served)
    in_a_row = 0
    for status in ended.order_by("-ended_at", "-id").values_list("status", flat=True)[:LOOKED_AT]:
        if status != Run.Status.FAILED:
            break
        in_a_row += 1
    run.session.refresh_from_db(fields=["status"])
    look_at_failures(run.session, in_a_row=in_a_row)


def after_answer(run: Run, confidence: float | None) -> None:
    """This run is complete; `confidence` is how sure the agent said it was, None when it did not say."""
    if confidence is not None:
        run.session.refresh_from_db(fields=["status"])
        look_at_confidence(run.session, confidence)
