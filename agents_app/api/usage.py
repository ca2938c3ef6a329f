"""What agent work has taken from providers, over REST."""

from datetime import datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Query, Router

from agents_app.api.schemas import UsageOut
from agents_app.models import Spending
from sessions_app.api.auth import AuthenticatedRequest
from sessions_app.api.schemas import errors
from sessions_app.models import ApiKey

router = Router(tags=["usage"])


@router.get("/usage", response={200: UsageOut, **errors(404)})
def read_usage(
    request: AuthenticatedRequest,
    session: str = "",
    since: Annotated[datetime | None, Query(alias="from")] = None,
    until: Annotated[datetime | None, Query(alias="to")] = None,
) -> dict[str, Any]:
    """What the workspace or one session has used, from a time on and before another; times without a zone are UTC."""
    request.auth.require(ApiKey.Scope.RUNS)
    rows = Spending.objects.filter(workspace=request.auth.workspace)
    if session:
        rows = rows.of_session(request.auth.session(session))
    if since is not None:
        rows = rows.filter(at__gte=_aware(since))
    if until is not None:
        rows = rows.filter(at__lt=_aware(until))
    return rows.totals()


def _aware(at: datetime) -> datetime:
    return timezone.make_aware(at) if timezone.is_naive(at) else at
