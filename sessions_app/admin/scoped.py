"""Who sees what in the admin: a superuser everything, a supervisor the rows of their own workspaces."""

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.db.models import Field, ForeignKey, ManyToManyField, Model, QuerySet
from django.forms import ModelChoiceField, ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse

from sessions_app.actors import Actor, ActorKind
from sessions_app.admin.paginator import BoundedPaginator
from sessions_app.models import Membership, Session, Workspace
from sessions_app.services.supervising import supervised

__all__ = ["WorkspaceScopedAdmin", "actor_in", "supervised", "supervised_ids", "supervises", "visible_rows"]

# As many as Django shows on one page that is asked for all rows; also well below the fields that a form may have.
ACTED_ON = 200

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Model]
else:
    ModelAdmin = admin.ModelAdmin


def supervised_ids(request: HttpRequest) -> list[int] | None:
    """The workspaces of whoever asks, looked up once in a request. None means all, which is a superuser's.

    As plain values and not as a subquery: with them PostgreSQL knows how few rows of a large table are meant.
    """
    if request.user.is_active and request.user.is_superuser:
        return None
    known: list[int] | None = getattr(request, "_supervised_ids", None)
    if known is None:
        known = list(supervised(request.user).order_by().values_list("pk", flat=True))
        request._supervised_ids = known  # type: ignore[attr-defined]  # kept where it ends with the request
    return known


def supervises(request: HttpRequest) -> bool:
    """Whether there is anything at all that this person may look into."""
    return supervised_ids(request) != []


def actor_in(request: HttpRequest, workspace: Workspace) -> Actor:
    """The person at the admin, in the role they have in this workspace."""
    user = cast(User, request.user)
    role = Membership.objects.filter(user_id=user.pk, workspace=workspace).values_list("role", flat=True).first()
    return Actor(ActorKind.USER, user.get_username(), role=role or "superuser", user_id=user.pk)


class WorkspaceScopedAdmin(ModelAdmin):
    """Shows a person the rows of the workspaces they supervise, wherever rows appear: lists, pages and choices.

    Supervisors need no Django permission to look.
    """

    # The way from a row to its workspace, as a lookup; "pk" for workspaces themselves.
    workspace_path = "workspace"
    # Read only when a page shows them: a list of a hundred rows must not load a hundred megabytes.
    heavy_fields: Sequence[str] = ()
    paginator = BoundedPaginator
    list_per_page = 50
    # "Select all" would mean rows that nobody has seen and, since the paginator stops counting, more than it says.
    acts_on_ticked_rows_alone = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        rows = super().get_queryset(request).defer(*self.heavy_fields)
        mine = supervised_ids(request)
        return rows if mine is None else rows.filter(**{f"{self.workspace_path}__in": mine})

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # Which rows is `get_queryset`'s to say.
        return super().has_view_permission(request, obj) or supervises(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return super().has_module_permission(request) or supervises(request)

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        rows = visible_rows(self.admin_site, db_field, request)
        if rows is not None:
            kwargs.setdefault("queryset", rows)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: "ManyToManyField[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelMultipleChoiceField[Any] | None":
        rows = visible_rows(self.admin_site, db_field, request)
        if rows is not None:
            kwargs.setdefault("queryset", rows)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *more: Any) -> HttpResponse | None:
        """Carry an action out on the rows that were ticked, and on no more than a page can show."""
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if request.POST.get("select_across", "0") not in ("", "0"):
            refusal = "Actions are carried out on rows that are ticked, and never on all of a list."
        elif len(ticked) > ACTED_ON:
            refusal = f"Tick no more than {ACTED_ON} rows at once."
        else:
            return super().response_action(request, queryset, *more)
        self.message_user(request, f"{refusal} Nothing was changed.", messages.WARNING)
        return None

    @property
    def session_lookup(self) -> str:
        """What narrows this list to one session's rows; "" when they do not belong to one."""
        way, _, end = self.workspace_path.rpartition("__")
        return f"{way}__exact" if end == "workspace" and way.split("__")[-1] == "session" else ""

    def session_of(self, row: Model) -> Session | None:
        """The session that a row belongs to. None when it does not belong to one."""
        *way, _ = self.workspace_path.split("__")
        if not way or way[-1] != "session":
            return None
        session: Session = reduce(getattr, way, row)  # type: ignore[assignment]  # what the path leads to
        return session

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
