"""A rule tried on the calls that were made, before it counts."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib.admin.helpers import AdminErrorList, AdminForm
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_POST

from agents_app.admin.missing import not_there
from agents_app.admin.showing import short
from agents_app.models import PolicyRule
from agents_app.services.simulating import Difference, Simulation, simulate
from sessions_app.admin.configuration import ConfigurationAdmin
from sessions_app.models import Workspace

# More calls than these are counted and not listed.
LISTED = 200


class SimulatingAdmin(ConfigurationAdmin):
    """Answers the buttons "Simulate" of a rule's pages. Nothing is saved, whatever was typed."""

    def get_urls(self) -> list[URLPattern]:
        # In front of Django's own pages of a row, whose addresses take any path.
        posted, got = require_POST(self.simulate_view), require_GET(self.without_view)
        view = self.admin_site.admin_view
        return [
            path("simulate/", view(posted), name="agents_app_policyrule_simulate_new"),
            path("<int:rule_id>/simulate/", view(posted), name="agents_app_policyrule_simulate"),
            path("<int:rule_id>/without/", view(got), name="agents_app_policyrule_without"),
            *super().get_urls(),
        ]

    def simulate_view(self, request: HttpRequest, rule_id: int | None = None) -> HttpResponse:
        """The form as it was typed, with what its rule would have changed. For whoever may save it."""
        rule = None if rule_id is None else self._rule(request, rule_id)
        if rule_id is not None and rule is None:
            return not_there(request, PolicyRule, rule_id)
        may_save = self.has_add_permission(request) if rule is None else self.has_change_permission(request, rule)
        if not may_save:
            raise PermissionDenied
        fieldsets: Any = list(self.get_fieldsets(request, rule))
        form_class = self.get_form(request, rule, change=rule is not None, fields=flatten_fieldsets(fieldsets))
        form = form_class(request.POST, instance=rule)
        tried, typed = None, cast(PolicyRule, form.instance)
        if form.is_valid():
            tried = simulate(typed.workspace, changed=typed)
        page = "add" if rule is None else "change"
        shown = AdminForm(form, fieldsets, {}, self.get_readonly_fields(request, rule), model_admin=self)
        context = {
            **self.admin_site.each_context(request),
            **_shown(tried, typed.workspace if tried else None),
            "title": "Simulate a new rule" if rule is None else f"Simulate a change of {rule.name}",
            "adminform": shown,
            "object_id": None if rule is None else str(rule.pk),
            "original": rule,
            "is_popup": False,
            "to_field": None,
            "media": self.media + shown.media,
            "inline_admin_formsets": [],
            "errors": AdminErrorList(form, []),
            "preserved_filters": self.get_preserved_filters(request),
        }
        address = reverse(f"admin:agents_app_policyrule_{page}", args=[] if rule is None else [rule.pk])
        adding = rule is None
        return self.render_change_form(request, context, add=adding, change=not adding, obj=rule, form_url=address)

    def without_view(self, request: HttpRequest, rule_id: int) -> HttpResponse:
        """What would change if the rule were disabled or deleted. For whoever may look at it."""
        rule = self._rule(request, rule_id)
        if rule is None:
            return not_there(request, PolicyRule, rule_id)
        if not self.has_view_or_change_permission(request, rule):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            **_shown(simulate(rule.workspace, without=rule.pk), rule.workspace),
            "title": f"Simulate: without {rule}",
            "opts": self.opts,
            "rule": rule,
        }
        return TemplateResponse(request, "admin/agents_app/policyrule/without.html", context)

    def _rule(self, request: HttpRequest, rule_id: int) -> PolicyRule | None:
        """The rule, if this person may see it."""
        rule = self.get_object(request, str(rule_id))
        return rule if isinstance(rule, PolicyRule) else None


def _shown(tried: Simulation | None, workspace: Workspace | None) -> dict[str, Any]:
    if tried is None or workspace is None:
        return {}
    return {
        "tried": tried,
        "differences": _rows(tried.differences, workspace),
        "otherwise": _rows(tried.asked_otherwise, workspace),
    }


def _rows(found: Sequence[Difference], workspace: Workspace) -> list[dict[str, Any]]:
    return [
        {
            "past": one.past,
            "arguments": short(workspace.masked(one.past.call.arguments)),
            "before": one.before,
            "after": one.after,
        }
        for one in found[:LISTED]
    ]
