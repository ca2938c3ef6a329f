"""The admin: who may come in, what its front page shows, and what it calls its rooms."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse

from config.admin_site.dashboard.page import dashboard
from config.admin_site.groups import in_groups
from config.admin_site.login import AdminLoginForm
from config.admin_site.password import OwnPassword
from sessions_app.services.supervising import may_use_admin


class HandrailAdminSite(admin.AdminSite):
    """Django's site, for superusers and supervisors. Nothing here imports an admin: those register with this site."""

    site_title = "Handrail"
    site_header = "Handrail"
    index_title = "Dashboard"
    site_url = "/workbench/"
    login_form = AdminLoginForm

    def has_permission(self, request: HttpRequest) -> bool:
        """Operators never, whatever Django permissions they have. Looked up once in a request."""
        known: tuple[int | None, bool] | None = getattr(request, "_may_use_admin", None)
        if known is None or known[0] != request.user.pk:
            known = request.user.pk, may_use_admin(request.user)
            request._may_use_admin = known  # type: ignore[attr-defined]  # kept where it ends with the request
        return known[1]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, {**dashboard(request), **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """In groups; the page of one app shows that app as Django does."""
        apps: Any = super().get_app_list(request, app_label)
        return apps if app_label else in_groups(apps)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        request.current_app = self.name
        context = {**self.each_context(request), **(extra_context or {})}
        return OwnPassword.as_view(extra_context=context)(request)
