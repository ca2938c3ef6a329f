"""Forgetting what the audit history knows of a customer. That something happened, when, and by whom, stays."""

import json
from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from sessions_app.actors import Actor, ActorKind
from sessions_app.audit.ranges import write_ranges
from sessions_app.audit.text import ERASURE
from sessions_app.models import AuditChain, AuditEntry, Workspace
from sessions_app.models.audit import AuditQuerySet
from sessions_app.services.audit import write_audit

# Entries forgotten by one statement, and ranges of them that one entry names.
BATCH = 500


@transaction.atomic
def forget_private(
    workspace: Workspace,
    *,
    sessions: Collection[UUID],
    targets: Collection[str] = (),
    customer: str = "",
    actor: Actor,
    reason: str = "",
) -> int:
    """Forget the private part of every entry about these sessions, about these things, and of what this customer did.

    Returns of how many.

    An `audit.erased` entry names them, so that the chain still verifies. Doing it again changes nothing. Locks the
    chain's head, as `write_audit` does: call it after everything that locks rows.
    """
    chain = AuditChain.objects.filter(workspace=workspace).first()
    if chain is None:
        return 0
    kept = AuditEntry.objects.filter(chain=chain).exclude(private="")
    # A long history is looked through before its head is locked, so that nobody waits for that; under the lock only
    # what was written meanwhile.
    found = _about(kept.filter(seq__lte=chain.seq), sessions, targets, customer)
    AuditChain.objects.select_for_update().get(pk=chain.pk)
    found |= _about(kept.filter(seq__gt=chain.seq), sessions, targets, customer)
    seqs, count = sorted(found), 0
    for at in range(0, len(seqs), BATCH):
        # Somebody else may have forgotten some of them before the head was locked.
        still = kept.filter(seq__in=seqs[at : at + BATCH]).order_by("seq")
        forgotten = list(still.values_list("seq", flat=True))
        if not forgotten:
            continue
        count += kept.filter(seq__in=forgotten).erase()
        write_audit(
            workspace,
            ERASURE,
            actor=actor,
            reason=reason,
            details={"entries": len(forgotten)},
            erased=",".join(write_ranges(forgotten)),
        )
    return count


def _about(entries: AuditQuerySet, sessions: Collection[UUID], targets: Collection[str], customer: str) -> set[int]:
    """The numbers of those about these sessions, about these things, and of what this customer did."""
    seqs: set[int] = set()
    wanted = sorted(sessions)
    for at in range(0, len(wanted), BATCH):
        seqs.update(entries.filter(session__in=wanted[at : at + BATCH]).values_list("seq", flat=True))
    things = sorted(targets)
    for at in range(0, len(things), BATCH):
        seqs.update(entries.filter(target__in=things[at : at + BATCH]).values_list("seq", flat=True))
    if customer:
        # The database finds the words, SQLite in small and capital letters alike, and wherever they stand.
        rows = entries.filter(_naming(customer)).values_list("seq", "private").iterator(chunk_size=BATCH)
        seqs.update(seq for seq, private in rows if json.loads(private)["actor"] == customer)
    return seqs


def _naming(customer: str) -> Q:
    return Q(actor_kind=ActorKind.CUSTOMER, private__contains=f'"actor":{json.dumps(customer, ensure_ascii=False)}')
