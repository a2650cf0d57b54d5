"""The database itself refuses to change or delete what was handed in and what counts: triggers, per kind of database.

The ledger, submissions, revisions and the acts of judging them only grow; what is wrong is put right by a new row.
Only migrations and the emptying of a test database call `seal` and `unseal`.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = ("effect", "revision", "submission", "acceptance", "signoff")
WORDS = "this table is append-only"


def sealing(vendor: str) -> Iterator[str]:
    yield from unsealing(vendor)
    if vendor == "postgresql":
        yield f"""CREATE OR REPLACE FUNCTION indicators_refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END $$"""
    for name in TABLES:
        table = f"indicators_{name}"
        if vendor == "postgresql":
            yield f"""CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION indicators_refuse()"""
        else:
            for verb in ("UPDATE", "DELETE"):
                yield f"""CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
                    BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"""


def unsealing(vendor: str) -> Iterator[str]:
    for name in TABLES:
        table = f"indicators_{name}"
        if vendor == "postgresql":
            yield f"DROP TRIGGER IF EXISTS {table}_no_change ON {table}"
        else:
            yield f"DROP TRIGGER IF EXISTS {table}_no_update"
            yield f"DROP TRIGGER IF EXISTS {table}_no_delete"


def seal(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for statement in sealing(connection.vendor):
            cursor.execute(statement)


def unseal(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for statement in unsealing(connection.vendor):
            cursor.execute(statement)


def migrate_forwards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    seal(editor.connection)


def migrate_backwards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    unseal(editor.connection)
