"""Every wording that a rule ever had. One of them can be given to the rule again."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from agents_app.admin.masking import FoldedAdmin
from agents_app.admin.missing import not_there
from agents_app.admin.rule_form import REASON_CHARACTERS
from agents_app.admin.showing import list_address, short
from agents_app.admin.wordings import between, differences, spelled_out
from agents_app.models import PermissionRequest, PolicyRule, RuleVersion
from agents_app.models.rule_version import wording_of
from agents_app.services.policies import restore_version
from sessions_app.admin.filters import ScopedRelatedFilter
from sessions_app.admin.scoped import actor_in
from sessions_app.exceptions import DomainError


@admin.register(RuleVersion)
class RuleVersionAdmin(FoldedAdmin):
    list_display = ["rule_name", "change", "effect", "actor", "role", "at", "why", "workspace"]
    list_filter = ["change", ("workspace", ScopedRelatedFilter)]
    list_select_related = ["workspace"]
    search_fields = ["name", "actor"]
    date_hierarchy = "at"

    @admin.display(description="version", ordering="name")
    def rule_name(self, version: RuleVersion) -> str:
        return str(version)

    @admin.display
    def effect(self, version: RuleVersion) -> str:
        return str(version.wording.get("effect", ""))

    @admin.display(description="reason")
    def why(self, version: RuleVersion) -> str:
        return short(version.reason)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.restore_view))
        return [path("<int:version_id>/restore/", view, name="agents_app_ruleversion_restore"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        version = self.get_object(request, object_id)
        if isinstance(version, RuleVersion):
            rule = _rule_of(version)
            past = RuleVersion.objects.filter(workspace=version.workspace_id, name=version.name)
            before = past.filter(number__lt=version.number).order_by("-number").first()
            extra_context = {
                **(extra_context or {}),
                "version": version,
                "wording": spelled_out(version.wording),
                "rule": rule,
                "differences": differences(before, version),
                "restores": between(wording_of(rule), version.wording) if rule else [],
                "may_restore": self._may_restore(request, rule)
                and version.wording != (wording_of(rule) if rule else None),
                "asked_by_it": list_address(PermissionRequest, policy__exact=str(version)),
            }
        return super().change_view(request, object_id, form_url, extra_context)

    def restore_view(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """Give the rule this wording again. For whoever may change the rule, or add it when it is gone."""
        version = self.get_object(request, str(version_id))
        if not isinstance(version, RuleVersion):
            return not_there(request, RuleVersion, version_id)
        if not self._may_restore(request, _rule_of(version)):
            raise PermissionDenied
        seen, reason = _number(request.POST.get("seen", "")), request.POST.get("reason", "")[:REASON_CHARACTERS]
        actor = actor_in(request, version.workspace)
        try:
            rule = restore_version(version, seen=seen, actor=actor, reason=reason)
        except DomainError as error:
            self.message_user(request, error.detail, messages.ERROR)
            return HttpResponseRedirect(reverse("admin:agents_app_ruleversion_change", args=[version.pk]))
        self.message_user(request, f"{version} is back, as {rule}.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:agents_app_policyrule_change", args=[rule.pk]))

    def _may_restore(self, request: HttpRequest, rule: PolicyRule | None) -> bool:
        rules = self.admin_site.get_model_admin(PolicyRule)
        if rule is None:
            return bool(rules.has_add_permission(request))
        return bool(rules.has_change_permission(request, rule))


def _rule_of(version: RuleVersion) -> PolicyRule | None:
    """The rule as it is now. None when it has been deleted."""
    rows = PolicyRule.objects.filter(workspace=version.workspace_id, name=version.name)
    return rows.select_related("agent").first()


def _number(text: str) -> int | None:
    """The version that a page has shown. None for none: also for what no page has sent."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
