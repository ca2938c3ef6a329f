"""Who may do what at every address of the admin. A new address needs a line here."""

from django.contrib.auth.models import Group, User
from django.db.models import Model

from agents_app.models import Agent, Grant, McpServer, PermissionRequest, PolicyRule, RuleVersion
from sessions_app.models import CannedReply, HandoffRule, Membership, Session, Workspace
from tests.admin.matrix import METHOD, MISSING, OPEN, REFUSED, UNKNOWN, Place
from tests.admin.pages import CONFIGURATION

# What supervisors set up in their own workspaces; the rest of what is configured they look at.
SUPERVISORS: dict[type[Model], set[str]] = {
    Agent: {"add", "change", "delete"},
    CannedReply: {"add", "change", "delete"},
    HandoffRule: {"add", "change", "delete"},
    Membership: {"add", "change", "delete"},
    PolicyRule: {"add", "change", "delete"},
    Workspace: {"change"},
}
SUPERUSERS_ALONE = (User, Group)
NEVER_DELETED = (Workspace,)
# By GET and by POST, for superusers and supervisors alike.
SITE = {
    "index": (OPEN, OPEN),
    "logout": (METHOD, OPEN),
    "password_change": (OPEN, OPEN),
    "password_change_done": (OPEN, METHOD),
    # It asks for a field that it is to complete.
    "autocomplete": (REFUSED, METHOD),
    "jsi18n": (OPEN, METHOD),
    # Nothing in the admin has a page of its own elsewhere.
    "view_on_site": (MISSING, MISSING),
    "app_list": (OPEN, OPEN),
    "": (MISSING, MISSING),
}
EVERYBODY = (OPEN, OPEN, OPEN)
NO_METHOD = (METHOD, METHOD, METHOD)
SENT = {"GET": NO_METHOD, "POST": (OPEN, OPEN, UNKNOWN)}
ONES_OWN = {"GET": (OPEN, OPEN, MISSING), "POST": (OPEN, OPEN, MISSING)}
# Pages that single admins add: for superusers, supervisors, and supervisors of another workspace.
ADDED: dict[tuple[type[Model], str], dict[str, tuple[str, str, str]]] = {
    (User, "password_change"): {"GET": (OPEN, REFUSED, REFUSED), "POST": (OPEN, REFUSED, REFUSED)},
    (Session, "facts"): ONES_OWN,
    (Session, "ticket"): {"GET": NO_METHOD, "POST": (OPEN, OPEN, MISSING)},
    (Session, "do"): ONES_OWN,
    (Session, "export"): ONES_OWN,
    (PermissionRequest, "decide"): SENT,
    (Grant, "make"): {"GET": EVERYBODY, "POST": EVERYBODY},
    (Grant, "end"): SENT,
    (Grant, "revoke"): SENT,
    (RuleVersion, "restore"): SENT,
    (PolicyRule, "simulate_new"): {"GET": NO_METHOD, "POST": EVERYBODY},
    (PolicyRule, "simulate"): SENT,
    (PolicyRule, "without"): {"GET": (OPEN, OPEN, UNKNOWN), "POST": NO_METHOD},
}
INSIDE = ("superuser", "supervisor", "stranger")
OUTSIDE = ("operator", "operator with is_staff", "anonymous")


def expected(place: Place, who: str, method: str) -> str:
    """What happens to somebody who may come in. Fails for an address that nobody has decided about."""
    if place.model is None:
        return SITE[place.name][method == "POST"]
    if (place.model, place.name) in ADDED:
        return ADDED[place.model, place.name][method][INSIDE.index(who)]
    if place.name == "":
        return OPEN  # to the row's page, which says more
    if place.model in SUPERUSERS_ALONE and who != "superuser":
        return REFUSED
    if place.name == "changelist":
        return OPEN
    if place.name == "history" or (place.name == "change" and method == "GET"):
        return UNKNOWN if who == "stranger" else OPEN
    assert place.name in ("add", "change", "delete"), f"Nobody has said who may use {place}."
    if place.name not in _verbs(place.model, who):
        return REFUSED
    return UNKNOWN if who == "stranger" and place.name != "add" else OPEN


def _verbs(model: type[Model], who: str) -> set[str]:
    if model in SUPERUSERS_ALONE or (model in CONFIGURATION and who == "superuser"):
        return {"add", "change"} | (set() if model in NEVER_DELETED else {"delete"})
    if model is McpServer:
        return set()
    return SUPERVISORS.get(model, set()) if model in CONFIGURATION else set()
