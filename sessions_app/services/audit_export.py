"""A chain as a file that can be verified far from here, with nothing but a public key. `AUDIT.md` says how."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from sessions_app.actors import Actor
from sessions_app.audit.signing import public_text, signature
from sessions_app.audit.text import moment
from sessions_app.models import AuditChain
from sessions_app.services.audit import write_audit
from sessions_app.services.audit_key import signing_key
from sessions_app.services.audit_reading import Reading, read_chain


def export_chain(
    chain: AuditChain, *, actor: Actor, since: datetime | None = None, newest: int | None = None
) -> Iterator[str]:
    """The lines of the file: a header, a line for each entry, and the signature of all that. ASCII alone.

    Written down as `audit.exported` before anything is handed out, so that entry is the file's last.
    """
    key = signing_key()
    details = {"since": since.isoformat() if since else None, "newest": newest}
    write_audit(chain.workspace, "audit.exported", actor=actor, target=chain.pk, details=details)
    chain.refresh_from_db(fields=["seq"])
    reading = read_chain(chain, since=since, newest=newest)
    header = {
        "audit_export": 1,
        "workspace": chain.workspace.name if chain.workspace else "",
        "chain": chain.pk,
        "after": reading.after.seq,
        "prev": reading.after.hash,
        "last": reading.head.seq,
        "head": reading.head.hash,
        "at": moment(timezone.now()),
        "by": str(actor),
        "public_key": public_text(key),
    }

    def lines() -> Iterator[str]:
        signed = hashlib.sha256()
        for line in _unsigned(header, reading):
            signed.update(line.encode())
            yield line
        yield _line({"signature": signature(key, signed.digest())})

    return lines()


def _unsigned(header: Mapping[str, Any], reading: Reading) -> Iterator[str]:
    yield _line(header)
    for row in reading.rows:
        yield _line({"hash": row.hash, "private": row.private, "text": row.text})


def _line(value: Mapping[str, Any]) -> str:
    return f"{json.dumps(value, separators=(',', ':'))}\n"
