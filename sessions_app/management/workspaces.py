"""How commands name a workspace."""

from django.core.management.base import CommandError

from sessions_app.models import Workspace


def workspace_named(name: str) -> Workspace:
    """Raises CommandError for a name that no workspace has."""
    workspace = Workspace.objects.filter(name=name).first()
    if workspace is None:
        raise CommandError(f"There is no workspace {name!r}.")
    return workspace
