"""Runs over REST."""

from typing import Any
from uuid import UUID

from ninja import Router, Status

from agents_app.api.schemas import RunList, RunOut, SteerIn
from agents_app.models import Run
from agents_app.services.runs import cancel_run
from agents_app.services.steering import steer_run
from sessions_app.api.auth import AuthenticatedRequest
from sessions_app.api.paging import page
from sessions_app.api.schemas import SaidOut, errors
from sessions_app.events.types import Visibility
from sessions_app.exceptions import NotFound
from sessions_app.models import ApiKey
from sessions_app.services.messages import Said

router = Router(tags=["runs"])


@router.get("/runs", response={200: RunList, **errors(404)})
def list_runs(request: AuthenticatedRequest, session: str = "", cursor: str = "", limit: int = 50) -> dict[str, Any]:
    """Runs of the workspace or of one session, newest first."""
    request.auth.require(ApiKey.Scope.RUNS)
    rows = Run.objects.filter(session__workspace=request.auth.workspace).select_related("session", "agent")
    if session:
        rows = rows.filter(session=request.auth.session(session))
    found = page(rows, cursor=cursor, limit=limit)
    return {**found, "items": [_shown(request, run) for run in found["items"]]}


@router.get("/runs/{run_id}", response={200: RunOut, **errors(404)})
def read_run(request: AuthenticatedRequest, run_id: UUID) -> Run:
    """One run."""
    request.auth.require(ApiKey.Scope.RUNS)
    return _shown(request, _run(request, run_id))


@router.post("/runs/{run_id}/cancel", response={202: RunOut, **errors(404, 409)})
def cancel(request: AuthenticatedRequest, run_id: UUID) -> Status[Run]:
    """Stop a run. `run_cancelled` on the stream says that it has stopped."""
    request.auth.require(ApiKey.Scope.RUNS)
    return Status(202, _shown(request, cancel_run(_run(request, run_id), actor=request.auth.actor)))


def _shown(request: AuthenticatedRequest, run: Run) -> Run:
    """The run as this reader may see it. Never saved."""
    if request.auth.level is Visibility.CUSTOMER:
        run.usage, run.error_detail = {}, ""
    return run


@router.post("/runs/{run_id}/steer", response={202: SaidOut, **errors(404, 409)})
def steer(request: AuthenticatedRequest, run_id: UUID, payload: SteerIn) -> Status[Said]:
    """Tell a run something while it works; the customer does not see it. `run_id` is the run that will hear it."""
    request.auth.require(ApiKey.Scope.RUNS)
    return Status(202, steer_run(_run(request, run_id), payload.text, actor=request.auth.actor))


def _run(request: AuthenticatedRequest, run_id: UUID) -> Run:
    rows = Run.objects.filter(session__workspace=request.auth.workspace, pk=run_id)
    run = rows.select_related("session__workspace", "agent").first()
    if run is None:
        raise NotFound("There is no such run.")
    return run
