"""What tests in the browser find in a new database: the demo shop, four members, a superuser, and a key."""

from django.contrib.auth.models import User
from django.core.management import call_command

from sessions_app.actors import SYSTEM
from sessions_app.models import Membership, Workspace
from sessions_app.services.api_keys import create_api_key

PASSWORD = "a long enough password"
# Two operators beside the demo's own, for what two people do at once.
ROLES = {"operator": "operator", "supervisor": "supervisor", "olga": "operator", "omar": "operator"}


def furnish() -> str:
    """Returns an API key with every scope."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("setup_demo", verbosity=0)
    workspace = Workspace.objects.get(name="demo")
    for name, role in ROLES.items():
        user, _ = User.objects.get_or_create(username=name)
        user.set_password(PASSWORD)
        user.save()
        Membership.objects.get_or_create(user=user, workspace=workspace, defaults={"role": role})
    if not User.objects.filter(username="root").exists():
        User.objects.create_superuser("root", password=PASSWORD)
    return create_api_key(workspace, ["all"], actor=SYSTEM)[1]
