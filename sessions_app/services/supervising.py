"""Who oversees which workspaces: superusers all, supervisors with a login to the admin their own."""

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet

from sessions_app.models import Membership, Workspace


def supervised(user: User | AnonymousUser) -> QuerySet[Workspace]:
    """The workspaces this person may look into through the admin. None for operators, whatever else they may."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return Workspace.objects.none()
    if user.is_superuser:
        return Workspace.objects.all()
    if not user.is_staff:
        return Workspace.objects.none()
    memberships = Membership.objects.filter(user=user, role=Membership.Role.SUPERVISOR)
    return Workspace.objects.filter(pk__in=memberships.values("workspace"))


def may_use_admin(user: User | AnonymousUser) -> bool:
    """Superusers may always: in a new installation there is no workspace to supervise."""
    return bool(user.is_active and user.is_superuser) or supervised(user).exists()
