"""Who looks at a page of the workbench, and in which workspace."""

from dataclasses import dataclass
from typing import cast

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.http import urlencode

from sessions_app.actors import Actor, ActorKind
from sessions_app.events.encoding import clean_text
from sessions_app.events.types import Visibility
from sessions_app.models import Membership, Workspace


@dataclass(frozen=True, slots=True)
class Viewer:
    """A member of the workspace that a page shows. `query` is what links need to stay in that workspace."""

    user: User
    workspace: Workspace
    role: str
    query: str

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.USER, self.user.get_username(), role=self.role, user_id=self.user.pk)

    @property
    def level(self) -> Visibility:
        return Visibility.SUPERVISOR if self.role == Membership.Role.SUPERVISOR else Visibility.OPERATOR


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody who has to say which workspace is meant, or who belongs to none of them."""

    workspaces: list[Workspace]


def find_viewer(request: HttpRequest) -> Viewer | Choice:
    """The viewer, or what there is to choose from. One query; the request is somebody's who has logged in."""
    user = cast(User, request.user)
    named = clean_text(request.GET.get("workspace", ""))
    memberships = list(Membership.objects.select_related("workspace").filter(user=user).order_by("workspace__name"))
    found = [one for one in memberships if not named or one.workspace.name == named]
    if len(found) != 1:
        return Choice([one.workspace for one in memberships])
    query = f"?{urlencode({'workspace': found[0].workspace.name})}" if len(memberships) > 1 else ""
    return Viewer(user, found[0].workspace, found[0].role, query)
