"""One's own password, changed in the admin."""

from typing import Any, cast

from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth.models import User
from django.contrib.auth.views import PasswordChangeView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy

from sessions_app.actors import Actor, ActorKind
from sessions_app.services.audit import write_audit


class OwnPassword(PasswordChangeView):
    """Django's page. A login belongs to no workspace, and so does the audit entry."""

    form_class = AdminPasswordChangeForm
    success_url = reverse_lazy("admin:password_change_done")

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            actor = person_at(self.request)
            details = {"name": actor.name, "fields": ["password"]}
            write_audit(None, "user.changed", actor=actor, target=actor.user_id, details=details)
            return super().form_valid(form)


def person_at(request: HttpRequest) -> Actor:
    """Whoever sits at the admin, where no workspace's role counts."""
    user = cast(User, request.user)
    role = "superuser" if user.is_superuser else "supervisor"
    return Actor(ActorKind.USER, user.get_username(), role=role, user_id=user.pk)
