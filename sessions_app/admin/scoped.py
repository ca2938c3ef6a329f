"""Who sees what in the admin: a superuser everything, a supervisor the rows of their own workspaces."""

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Field, ForeignKey, Model, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest

from sessions_app.actors import Actor, ActorKind
from sessions_app.models import Membership, Workspace

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Model]
else:
    ModelAdmin = admin.ModelAdmin


def supervised(user: User | AnonymousUser) -> QuerySet[Workspace]:
    """The workspaces this person may look into through the admin."""
    if isinstance(user, AnonymousUser) or not (user.is_active and user.is_staff):
        return Workspace.objects.none()
    if user.is_superuser:
        return Workspace.objects.all()
    memberships = Membership.objects.filter(user=user, role=Membership.Role.SUPERVISOR)
    return Workspace.objects.filter(pk__in=memberships.values("workspace"))


def actor_in(request: HttpRequest, workspace: Workspace) -> Actor:
    """The person at the admin, in the role they have in this workspace."""
    user = cast(User, request.user)
    role = Membership.objects.filter(user_id=user.pk, workspace=workspace).values_list("role", flat=True).first()
    return Actor(ActorKind.USER, user.get_username(), role=role or "superuser", user_id=user.pk)


class WorkspaceScopedAdmin(ModelAdmin):
    """Shows a person the rows of the workspaces they supervise, wherever rows appear: lists, pages and choices.

    Supervisors need no Django permission to look; to add, change or delete they need one, as everybody does.
    """

    # The way from a row to its workspace, as a lookup; "pk" for workspaces themselves.
    workspace_path = "workspace"
    # Read only when a page shows them: a list of a hundred rows must not load a hundred megabytes.
    heavy_fields: Sequence[str] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        rows = super().get_queryset(request).defer(*self.heavy_fields)
        if request.user.is_superuser:
            return rows
        return rows.filter(**{f"{self.workspace_path}__in": supervised(request.user)})

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # Which rows is `get_queryset`'s to say.
        return super().has_view_permission(request, obj) or supervised(request.user).exists()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return super().has_module_permission(request) or supervised(request.user).exists()

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        rows = visible_rows(self.admin_site, db_field, request)
        if rows is not None:
            kwargs["queryset"] = rows
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @property
    def session_lookup(self) -> str:
        """What narrows this list to one session's rows; "" when they do not belong to one."""
        way, _, end = self.workspace_path.rpartition("__")
        return f"{way}__exact" if end == "workspace" and way.split("__")[-1] == "session" else ""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """The page of a session leads here."""
        if lookup == self.session_lookup:
            return True
        return super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]  # as Django calls it

    def workspace_of(self, row: Model) -> Workspace:
        path = [] if self.workspace_path == "pk" else self.workspace_path.split("__")
        workspace: Workspace = reduce(getattr, path, row)  # type: ignore[assignment]  # what the path leads to
        return workspace


def visible_rows(site: admin.AdminSite, field: "Field[Any, Any]", request: HttpRequest) -> QuerySet[Model] | None:
    """What this person may see of the rows a relation can point to; None when their admin does not say."""
    related = field.related_model
    assert isinstance(related, type)
    if not site.is_registered(related):
        return None
    shown_by = site.get_model_admin(related)
    return shown_by.get_queryset(request) if isinstance(shown_by, WorkspaceScopedAdmin) else None
