"""The session that an address names, for those who may see it."""

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from sessions_app.admin.scoped import WorkspaceScopedAdmin
from sessions_app.models import Session


def session_at(owner: WorkspaceScopedAdmin, request: HttpRequest, object_id: str) -> Session:
    """Somebody else's and one that never was answer alike: raises Http404."""
    if not owner.has_view_permission(request):
        raise PermissionDenied
    found = owner.get_object(request, unquote(object_id))
    if not isinstance(found, Session):
        raise Http404("There is no such session.")
    return found
