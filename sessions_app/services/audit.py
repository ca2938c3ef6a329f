"""Who did what: written by services, in the transaction of the change it reports."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from sessions_app.actors import Actor, ActorKind
from sessions_app.audit.text import Facts, digest, moment, write_facts, write_private
from sessions_app.events.encoding import clean, clean_text
from sessions_app.masking.fields import masked
from sessions_app.models import AuditChain, AuditEntry, Session, Workspace


@transaction.atomic(savepoint=False)
def write_audit(
    workspace: Workspace | None,
    action: str,
    *,
    actor: Actor,
    session: Session | None = None,
    target: object = "",
    reason: str = "",
    details: Mapping[str, Any] | None = None,
    erased: str = "",
) -> AuditEntry:
    """Add one entry to the workspace's chain; without a workspace, to that of what belongs to none.

    `action` is a noun and a verb: `permission.approved`; `target` the id of what was acted on, never a name of a
    customer's. `reason`, `details`, the session's name and a customer's own are the private part, which can be
    forgotten, and in which secrets are masked; `erased` is for `audit_erasing` alone.

    The chain's head stays locked until the caller commits: lock no row of another session, and none that others
    change under a lock of theirs, after this.
    """
    chain, _ = AuditChain.objects.select_for_update().get_or_create(workspace=workspace)
    by_customer = actor.kind is ActorKind.CUSTOMER
    names = workspace.masked_fields if workspace else ()
    name, at = clean_text(actor.name), timezone.now()
    private = write_private(
        salt=secrets.token_hex(16),
        actor=name if by_customer else "",
        session=session.name if session else "",
        reason=masked(clean(reason), names),
        details=masked(clean(details or {}), names),
    )
    facts = Facts(
        chain=chain.pk,
        seq=chain.seq + 1,
        prev=chain.hash,
        workspace=workspace.name if workspace else "",
        at=moment(at),
        actor_kind=actor.kind,
        actor="" if by_customer else name,
        role=actor.role,
        action=action,
        session=str(session.pk) if session else "",
        target=clean_text(str(target)),
        private=digest(private),
        erased=erased,
    )
    text = write_facts(facts)
    entry = AuditEntry.objects.create(
        chain=chain,
        seq=facts.seq,
        prev=facts.prev,
        hash=digest(text),
        text=text,
        private=private,
        at=at,
        actor_kind=facts.actor_kind,
        actor=facts.actor,
        role=facts.role,
        action=facts.action,
        session=session.pk if session else None,
        target=facts.target,
    )
    AuditChain.objects.filter(pk=chain.pk).update(seq=entry.seq, hash=entry.hash)
    return entry
