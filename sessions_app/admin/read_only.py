"""Evidence can be looked at."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from sessions_app.admin.scoped import WorkspaceScopedAdmin, actor_in
from sessions_app.services.disclosures import note_reading


class ReadOnlyAdmin(WorkspaceScopedAdmin):
    """Nobody adds, changes or deletes these rows here, superusers included.

    What deletes in cascade asks every admin on its way, so these rows also keep what they hang on.
    """

    # These tables are the large ones: counting all rows to say "of 12,000,000" would cost a second each time.
    show_full_result_count = False

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Every column, also those no form would offer: ids and times are part of the evidence."""
        hidden = self.exclude or ()
        columns = [field.name for field in self.model._meta.concrete_fields if field.name not in hidden]
        return [*columns, *(str(field) for field in self.readonly_fields)]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.get_fields(request, obj)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Model | None = None,
    ) -> HttpResponse:
        """The page of a row shows what was said or asked in its session: looking at it is reading the session."""
        session = None if obj is None else self.session_of(obj)
        if session is not None:
            note_reading(session, actor=actor_in(request, session.workspace))
        return super().render_change_form(request, context, add, change, form_url, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
