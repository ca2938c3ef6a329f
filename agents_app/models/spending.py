"""What agent work takes from providers, and how much of it is allowed."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from agents_app.models.agent import Agent
from agents_app.models.draft_reply import DraftReply
from agents_app.models.run import Run
from sessions_app.models import Session, Workspace


class SpendingQuerySet(models.QuerySet["Spending"]):
    def of_session(self, session: Session) -> "SpendingQuerySet":
        return self.filter(Q(run__session=session) | Q(draft_reply__session=session))

    def totals(self) -> dict[str, int]:
        """Everything added up. `cost_micro_dollars` is of the requests with a known price, without the others."""
        # Under other names than the fields': Django takes a name that is both for the sum.
        sums = {f"all_{name}": Coalesce(Sum(name), 0) for name in Spending.COUNTS}
        unpriced = Coalesce(Sum("requests", filter=Q(cost_micro_dollars=None)), 0)
        found = self.order_by().aggregate(**sums, all_unpriced_requests=unpriced)
        return {name.removeprefix("all_"): int(sum) for name, sum in found.items()}


class Spending(models.Model):
    """What one step of a run or one draft reply took.

    Work that a dead worker lost and another did again was paid for twice.
    """

    COUNTS = ("requests", "input_tokens", "output_tokens", "tool_calls", "cost_micro_dollars")

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="spendings")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="spendings")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, null=True, blank=True, related_name="spendings")
    draft_reply = models.ForeignKey(
        DraftReply, on_delete=models.CASCADE, null=True, blank=True, related_name="spendings"
    )
    model = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)
    requests = models.PositiveIntegerField(default=0)
    input_tokens = models.PositiveBigIntegerField(default=0)
    output_tokens = models.PositiveBigIntegerField(default=0)
    tool_calls = models.PositiveIntegerField(default=0)
    # Millionths of a dollar; None when nobody knows the price.
    cost_micro_dollars = models.PositiveBigIntegerField(null=True, blank=True)

    objects = SpendingQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(run__isnull=False, draft_reply__isnull=True)
                | Q(run__isnull=True, draft_reply__isnull=False),
                name="spending_is_for_one_work",
            )
        ]
        indexes = [
            models.Index(fields=["workspace", "at"], name="spending_by_time"),
            models.Index(fields=["-at", "-id"], name="spending_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.requests} requests to {self.model}"


class BudgetQuerySet(models.QuerySet["Budget"]):
    def over(self, agent: Agent) -> "BudgetQuerySet":
        """Every budget that the work of this agent counts against."""
        return self.filter(Q(agent=None) | Q(agent=agent), workspace=agent.workspace_id)


class Budget(models.Model):
    """How much a workspace, or one agent of it, may take from providers in a period."""

    class Period(models.TextChoices):
        DAY = "day"
        MONTH = "month"
        TOTAL = "total"

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="budgets")
    # None: all agents together.
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, null=True, blank=True, related_name="budgets")
    # Days and months begin at midnight in TIME_ZONE.
    period = models.CharField(max_length=10, choices=Period, default=Period.MONTH)
    # Tokens in and out together.
    limit_tokens = models.PositiveBigIntegerField(null=True, blank=True)
    # Millionths of a dollar. Requests whose price nobody knows count as nothing: limit their tokens.
    limit_micro_dollars = models.PositiveBigIntegerField(null=True, blank=True)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        ordering = ["workspace", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(limit_tokens__isnull=False) | Q(limit_micro_dollars__isnull=False),
                name="budget_limits_something",
                violation_error_message="Limit the tokens, the micro-dollars, or both.",
            )
        ]

    def __str__(self) -> str:
        whose = f"agent {self.agent}" if self.agent else f"workspace {self.workspace}"
        every = {"day": "a day", "month": "a month", "total": "in total"}[self.period]
        limits = []
        if self.limit_micro_dollars is not None:
            limits.append(f"${self.limit_micro_dollars / 1_000_000:,.2f}")
        if self.limit_tokens is not None:
            limits.append(f"{self.limit_tokens:,} tokens")
        return f"{' and '.join(limits)} {every} for {whose}"

    def clean(self) -> None:
        if self.agent is not None and self.agent.workspace_id != self.workspace_id:
            raise ValidationError({"agent": "This agent belongs to another workspace."})

    def spendings(self) -> SpendingQuerySet:
        """What counts against it now."""
        rows = Spending.objects.filter(workspace=self.workspace_id)
        if self.agent_id is not None:
            rows = rows.filter(agent=self.agent_id)
        began = self.began(timezone.now())
        return rows if began is None else rows.filter(at__gte=began)

    def began(self, now: datetime) -> datetime | None:
        """The beginning of the period that `now` is in. None when it has none."""
        if self.period == self.Period.TOTAL:
            return None
        midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight if self.period == self.Period.DAY else midnight.replace(day=1)
