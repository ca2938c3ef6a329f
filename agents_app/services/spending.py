"""Writing down what agents take from providers, and stopping those that may take no more."""

from collections.abc import Mapping

from django.db import transaction

from agents_app.backends.base import BackendError
from agents_app.models import Agent, Budget, DraftReply, Run, Spending
from sessions_app.events.record import lock


@transaction.atomic
def book_usage(run: Run, usage: Mapping[str, int]) -> dict[str, int]:
    """Add what a step took. Returns what the whole run has taken so far.

    Not fenced: a worker that lost its run has spent the money all the same.
    """
    lock(run.session)
    if usage:
        Spending.objects.create(
            workspace_id=run.session.workspace_id, agent=run.agent, run=run, model=run.agent.model, **usage
        )
    totals = Spending.objects.filter(run=run).totals()
    Run.objects.filter(pk=run.pk).update(usage=totals)
    run.usage = totals
    return totals


def book_draft(draft: DraftReply, usage: Mapping[str, int]) -> None:
    """Write down what a draft reply took, whether or not anybody still waits for it."""
    Spending.objects.create(
        workspace_id=draft.session.workspace_id,
        agent=draft.agent,
        draft_reply=draft,
        model=draft.agent.model,
        **usage,
    )


def require_budget(agent: Agent) -> None:
    """Raise BackendError `budget_exceeded` when a budget that this agent's work counts against is used up.

    Those who ask at the same moment all pass, so a budget may be overdrawn by one request each.
    """
    for budget in Budget.objects.over(agent).select_related("agent", "workspace"):
        if _is_used_up(budget):
            raise BackendError("budget_exceeded", f"The budget of {budget} is used up.")


def _is_used_up(budget: Budget) -> bool:
    used = budget.spendings().totals()
    tokens = used["input_tokens"] + used["output_tokens"]
    too_many = budget.limit_tokens is not None and tokens >= budget.limit_tokens
    too_dear = budget.limit_micro_dollars is not None and used["cost_micro_dollars"] >= budget.limit_micro_dollars
    return too_many or too_dear
