"""Grants from before are tied to the session in which they were given, and end where that is erased."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from tests.old_database import OLD


def migrate(*targets: tuple[str, str]) -> Any:
    return MigrationExecutor(connections[OLD]).migrate(list(targets)).apps


@pytest.mark.django_db(transaction=True)
def test_what_was_given_in_an_erased_session_goes_after_it(old_database: None) -> None:
    def rows(model: str) -> Any:
        return apps.get_model(model)._default_manager.using(OLD)

    def given(session: Any, **more: Any) -> Any:
        terms = {"tool": "pay", "conditions": [{"value": "zebra"}], "reason": "zebra", "created_by": "user:boss"}
        more = {"scope": "workspace", "expires_at": now + timedelta(days=9), **more}
        grant = rows("agents_app.Grant").create(workspace_id=workspace.pk, **terms, **more)
        seq = rows("sessions_app.AuditEntry").count() + 1
        rows("sessions_app.AuditEntry").create(
            chain_id=chain.pk,
            seq=seq,
            prev=str(seq),
            hash=str(seq + 1),
            text="{}",
            at=now,
            actor_kind="user",
            action="grant.created",
            session=session,
            target=str(grant.pk),
        )
        return grant.pk

    def kept(pk: Any) -> tuple[Any, ...]:
        grant = rows("agents_app.Grant").get(pk=pk)
        return grant.given_in_id, grant.conditions, grant.reason, grant.revoked_at

    apps = migrate(("agents_app", "0003_admin_indexes"), ("sessions_app", "0007_admin_indexes"))
    now = timezone.now()
    workspace = rows("sessions_app.Workspace").create(name="shop")
    chain = rows("sessions_app.AuditChain").create(workspace_id=workspace.pk)
    there = rows("sessions_app.Session").create(workspace_id=workspace.pk, name="there")
    erased = rows("sessions_app.Session").create(workspace_id=workspace.pk, name="erased", erased_at=now)
    for_all, for_one = given(there.pk), given(None, scope="session", session_id=there.pk)
    by_hand, of_nobody, of_erased = given(None), given(uuid4()), given(erased.pk)

    apps = migrate(("agents_app", "0005_grants_from_before"))
    words = ([{"value": "zebra"}], "zebra", None)
    assert kept(for_all) == kept(for_one) == (there.pk, *words)
    assert kept(by_hand) == kept(of_nobody) == (None, *words)
    assert kept(of_erased) == (erased.pk, [], "", now)
