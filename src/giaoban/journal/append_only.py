"""The database itself refuses to change or delete an event: triggers, per kind of database.

Whoever owns the database can of course drop a trigger; what they then change, the hash chain shows
(`giaoban journal verify`). Only migrations and the emptying of a test database call `seal` and `unseal`.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

Sealing = Callable[[BaseDatabaseWrapper], None]
OTHERS: list[tuple[Sealing, Sealing]] = []  # (seal, unseal) of other rooms' append-only tables, for `flush`

SEAL = {
    "sqlite": [
        """CREATE TRIGGER journal_event_no_update BEFORE UPDATE ON journal_event
           BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
        """CREATE TRIGGER journal_event_no_delete BEFORE DELETE ON journal_event
           BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    ],
    "postgresql": [
        """CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN
             RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'integrity_constraint_violation';
           END $$""",
        """CREATE TRIGGER journal_event_no_change BEFORE UPDATE OR DELETE ON journal_event
           FOR EACH ROW EXECUTE FUNCTION journal_refuse()""",
        """CREATE TRIGGER journal_event_no_truncate BEFORE TRUNCATE ON journal_event
           FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()""",
    ],
}

UNSEAL = {
    "sqlite": ["DROP TRIGGER journal_event_no_update", "DROP TRIGGER journal_event_no_delete"],
    "postgresql": [
        "DROP TRIGGER journal_event_no_change ON journal_event",
        "DROP TRIGGER journal_event_no_truncate ON journal_event",
    ],
}


def seal(connection: BaseDatabaseWrapper) -> None:
    _run(connection, SEAL)


def unseal(connection: BaseDatabaseWrapper) -> None:
    _run(connection, UNSEAL)


def migrate_forwards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    seal(editor.connection)


def migrate_backwards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    unseal(editor.connection)


def _run(connection: BaseDatabaseWrapper, statements: dict[str, list[str]]) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)
