"""A workspace's rules: set up, tried on past calls before they count, and kept in every version."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from agents_app.admin.missing import not_there
from agents_app.admin.rule_form import REASON_CHARACTERS, RuleForm
from agents_app.admin.simulation import SimulatingAdmin
from agents_app.admin.wordings import history_of
from agents_app.exceptions import RuleChanged
from agents_app.models import PolicyRule
from agents_app.services.policies import add_rule, change_rule, delete_rule, delete_rules, who_was_faster
from sessions_app.admin.configuration import SET_UP
from sessions_app.admin.filters import ScopedRelatedFilter
from sessions_app.admin.scoped import actor_in, supervised

THIS_CHANGE = ("This change", {"fields": ["change_reason", "seen_version"]})
KEPT = ("Versions", {"fields": ["version", "created_at", "updated_at"]})


@admin.register(PolicyRule)
class PolicyRuleAdmin(SimulatingAdmin):
    supervisors_may = SET_UP
    form = RuleForm  # type: ignore[assignment]  # a form of one model is a form
    # Audit entries, requests and versions name a rule, so it keeps its name.
    fixed_fields = ("workspace", "name")
    list_display = ["name", "version", "workspace", "priority", "effect", "tool", "agent", "role", "enabled"]
    list_filter = ["effect", "enabled", "role", ("agent", ScopedRelatedFilter), ("workspace", ScopedRelatedFilter)]
    list_select_related = ["workspace", "agent"]
    search_fields = ["name", "tool"]
    readonly_fields = ["version", "created_at", "updated_at"]
    heavy_fields = ["message"]
    fieldsets = [
        (None, {"fields": ["workspace", "name", "enabled", "priority"]}),
        ("Which calls", {"fields": ["tool", "agent", "conditions"]}),
        ("What happens", {"fields": ["effect", "message"]}),
        (
            "How people are asked",
            {"fields": ["role", "approvals", "separate_requester", "timeout_seconds", "on_timeout"]},
        ),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        may_save = self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj)
        return [*self.fieldsets, *([THIS_CHANGE] if may_save else []), *([KEPT] if obj else [])]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Whoever supervises one workspace need not choose it."""
        mine = list(supervised(request.user)[:2])
        only = {"workspace": mine[0].pk} if len(mine) == 1 else {}
        return {**only, **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Model, form: "ModelForm[Model]", change: bool) -> None:
        assert isinstance(obj, PolicyRule)
        actor, reason = actor_in(request, obj.workspace), form.cleaned_data["change_reason"]
        if change:
            change_rule(obj, seen=form.cleaned_data["seen_version"], actor=actor, reason=reason)
        else:
            add_rule(obj, actor=actor, reason=reason)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """The confirmation names the version that was looked at."""
        assert isinstance(obj, PolicyRule)
        if request.POST.get("seen_version", str(obj.version)) != str(obj.version):
            raise who_was_faster(obj)
        reason = request.POST.get("change_reason", "")[:REASON_CHARACTERS]
        delete_rule(obj, actor=actor_in(request, obj.workspace), reason=reason)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """All that were ticked, as they are now, or none."""
        delete_rules(queryset, actor_in=partial(actor_in, request))

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        """Of two people who save in the same moment, the second is told: nothing of theirs is saved."""
        try:
            return super().changeform_view(request, *args, **options)
        except RuleChanged as error:
            return self._too_late(request, error)

    def delete_view(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        try:
            return super().delete_view(request, *args, **options)
        except RuleChanged as error:
            return self._too_late(request, error)

    def _too_late(self, request: HttpRequest, error: RuleChanged) -> HttpResponse:
        self.message_user(request, error.detail, messages.ERROR)
        return HttpResponseRedirect(request.path)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every version with what it changed, by whom, when and why."""
        rule = self.get_object(request, object_id)
        if not isinstance(rule, PolicyRule):
            return not_there(request, PolicyRule, object_id)
        if not self.has_view_or_change_permission(request, rule):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {rule}",
            "opts": self.opts,
            "rule": rule,
            "history": history_of(rule.workspace_id, rule.name),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/agents_app/policyrule/history.html", context)
