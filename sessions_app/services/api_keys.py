"""Give out, check and take back API keys."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from sessions_app.actors import Actor
from sessions_app.exceptions import Unprocessable
from sessions_app.models import ApiKey, Workspace
from sessions_app.services.audit import write_audit
from sessions_app.tokens import new_key, same_secret, split_key

# How stale "last used" may be; finer would turn every read into a write.
LAST_USED_EVERY = timedelta(minutes=1)


@transaction.atomic
def create_api_key(
    workspace: Workspace,
    scopes: Iterable[str],
    *,
    actor: Actor,
    label: str = "",
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make a key. The second value is the key itself: show it once, it is not kept. `all` stands for every scope."""
    known = set(ApiKey.Scope.values)
    wanted = set(scopes)
    if wanted == {"all"}:
        wanted = known
    if not wanted or wanted - known:
        raise Unprocessable(f"Scopes are: all, {', '.join(sorted(known))}.")
    fresh = new_key()
    key = ApiKey.objects.create(
        workspace=workspace,
        label=label,
        prefix=fresh.prefix,
        secret_hash=fresh.secret_hash,
        scopes=sorted(wanted),
        expires_at=expires_at,
    )
    write_audit(
        workspace,
        "api_key.created",
        actor=actor,
        target=key.prefix,
        details={"scopes": key.scopes, "label": label},
    )
    return key, fresh.text


@transaction.atomic
def revoke_api_key(key: ApiKey, *, actor: Actor) -> None:
    """Take a key back at once. Doing it again changes nothing."""
    if ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=timezone.now()):
        write_audit(key.workspace, "api_key.revoked", actor=actor, target=key.prefix)


def find_api_key(text: str) -> ApiKey | None:
    """The usable key this text is, None when there is none: unknown, wrong, expired and revoked look alike."""
    prefix, secret = split_key(text)
    key = ApiKey.objects.usable().select_related("workspace").filter(prefix=prefix).first()
    if key is None or not same_secret(secret, key.secret_hash):
        return None
    now = timezone.now()
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - LAST_USED_EVERY)
    if key.last_used_at is None or key.last_used_at < now - LAST_USED_EVERY:
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
    return key
