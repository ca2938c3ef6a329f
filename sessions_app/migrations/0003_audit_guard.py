"""The database itself refuses to change the audit history.

Whoever owns the tables can drop these triggers; what they do then is found by `manage.py verify_audit`.

SQLite makes a table anew when a column of it is altered, and its triggers are gone then: such a migration makes them
again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

POSTGRESQL = [
    """
    CREATE FUNCTION handrail_audit_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'The audit history is append-only.' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE FUNCTION handrail_audit_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE wanted sessions_app_auditentry := NEW;
    BEGIN
        wanted.private := OLD.private;
        IF NEW.private <> '' OR wanted IS DISTINCT FROM OLD THEN
            RAISE EXCEPTION 'Of an audit entry only the private part can be forgotten.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION handrail_audit_next() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.id <> OLD.id OR NEW.workspace_id IS DISTINCT FROM OLD.workspace_id OR NEW.seq <> OLD.seq + 1
            OR NEW.hash IS DISTINCT FROM
                (SELECT hash FROM sessions_app_auditentry WHERE chain_id = OLD.id AND seq = NEW.seq)
        THEN
            RAISE EXCEPTION 'The head of an audit chain moves only to the entry after it.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER handrail_audit_kept BEFORE DELETE ON sessions_app_auditentry
    FOR EACH ROW EXECUTE FUNCTION handrail_audit_kept()
    """,
    """
    CREATE TRIGGER handrail_audit_kept BEFORE DELETE ON sessions_app_auditchain
    FOR EACH ROW EXECUTE FUNCTION handrail_audit_kept()
    """,
    """
    CREATE TRIGGER handrail_audit_kept_all BEFORE TRUNCATE ON sessions_app_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION handrail_audit_kept()
    """,
    """
    CREATE TRIGGER handrail_audit_kept_all BEFORE TRUNCATE ON sessions_app_auditchain
    FOR EACH STATEMENT EXECUTE FUNCTION handrail_audit_kept()
    """,
    """
    CREATE TRIGGER handrail_audit_forgotten BEFORE UPDATE ON sessions_app_auditentry
    FOR EACH ROW EXECUTE FUNCTION handrail_audit_forgotten()
    """,
    """
    CREATE TRIGGER handrail_audit_next BEFORE UPDATE ON sessions_app_auditchain
    FOR EACH ROW EXECUTE FUNCTION handrail_audit_next()
    """,
]

SQLITE = [
    """
    CREATE TRIGGER handrail_audit_entries_kept BEFORE DELETE ON sessions_app_auditentry
    BEGIN SELECT RAISE(ABORT, 'The audit history is append-only.'); END
    """,
    """
    CREATE TRIGGER handrail_audit_chains_kept BEFORE DELETE ON sessions_app_auditchain
    BEGIN SELECT RAISE(ABORT, 'The audit history is append-only.'); END
    """,
    """
    CREATE TRIGGER handrail_audit_forgotten BEFORE UPDATE ON sessions_app_auditentry
    WHEN NOT (
        NEW.private IS '' AND NEW.id IS OLD.id AND NEW.chain_id IS OLD.chain_id AND NEW.seq IS OLD.seq
        AND NEW.prev IS OLD.prev AND NEW.hash IS OLD.hash AND NEW.text IS OLD.text AND NEW.at IS OLD.at
        AND NEW.actor_kind IS OLD.actor_kind AND NEW.actor IS OLD.actor AND NEW.role IS OLD.role
        AND NEW.action IS OLD.action AND NEW.session IS OLD.session AND NEW.target IS OLD.target
    )
    BEGIN SELECT RAISE(ABORT, 'Of an audit entry only the private part can be forgotten.'); END
    """,
    """
    CREATE TRIGGER handrail_audit_next BEFORE UPDATE ON sessions_app_auditchain
    WHEN NOT (
        NEW.id IS OLD.id AND NEW.workspace_id IS OLD.workspace_id AND NEW.seq IS OLD.seq + 1
        AND NEW.hash IS (SELECT hash FROM sessions_app_auditentry WHERE chain_id = OLD.id AND seq = NEW.seq)
    )
    BEGIN SELECT RAISE(ABORT, 'The head of an audit chain moves only to the entry after it.'); END
    """,
    # INSERT OR REPLACE deletes what is in its way without asking the triggers of DELETE.
    """
    CREATE TRIGGER handrail_audit_entries_replaced BEFORE INSERT ON sessions_app_auditentry
    WHEN EXISTS (
        SELECT 1 FROM sessions_app_auditentry
        WHERE id = NEW.id OR chain_id = NEW.chain_id AND (seq = NEW.seq OR prev = NEW.prev)
    )
    BEGIN SELECT RAISE(ABORT, 'The audit history is append-only.'); END
    """,
    """
    CREATE TRIGGER handrail_audit_chains_replaced BEFORE INSERT ON sessions_app_auditchain
    WHEN EXISTS (SELECT 1 FROM sessions_app_auditchain WHERE id = NEW.id OR workspace_id IS NEW.workspace_id)
    BEGIN SELECT RAISE(ABORT, 'The audit history is append-only.'); END
    """,
]


def guard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in {"postgresql": POSTGRESQL, "sqlite": SQLITE}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("sessions_app", "0002_audit_chain"),
    ]

    operations = [migrations.RunPython(guard)]
