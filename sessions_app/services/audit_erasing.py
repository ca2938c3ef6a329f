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
    chain = AuditChain.objects.select_for_update().filter(workspace=workspace).first()
    if chain is None:
        return 0
    kept = AuditEntry.objects.filter(chain=chain).exclude(private="")
    seqs: set[int] = set()
    wanted = sorted(sessions)
    for at in range(0, len(wanted), BATCH):
        seqs.update(kept.filter(session__in=wanted[at : at + BATCH]).values_list("seq", flat=True))
    things = sorted(targets)
    for at in range(0, len(things), BATCH):
        seqs.update(kept.filter(target__in=things[at : at + BATCH]).values_list("seq", flat=True))
    if customer:
        seqs.update(kept.filter(_by(customer)).values_list("seq", flat=True))
    found = sorted(seqs)
    for at in range(0, len(found), BATCH):
        forgotten = found[at : at + BATCH]
        kept.filter(seq__in=forgotten).erase()
        write_audit(
            workspace,
            ERASURE,
            actor=actor,
            reason=reason,
            details={"entries": len(forgotten)},
            erased=",".join(write_ranges(forgotten)),
        )
    return len(found)


def _by(customer: str) -> Q:
    """What somebody did is found by the words that name them there, quotes and all."""
    return Q(actor_kind=ActorKind.CUSTOMER, private__contains=f'"actor":{json.dumps(customer, ensure_ascii=False)}')
