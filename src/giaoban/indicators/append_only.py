"""The database itself refuses to change or delete what was handed in and what counts: triggers, per kind of database.

The ledger, submissions, revisions and the acts of judging them only grow; what is wrong is put right by a new row.
Signed copies and editions of the catalogue came later (migration 0005); of a remark only who answered it may change.
Only migrations and the emptying of a test database call `seal` and `unseal`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

WORDS = "this table is append-only"


@dataclass(frozen=True)
class Table:
    """A table whose rows stay; where columns are named, only those may not change."""

    name: str
    columns: tuple[str, ...] = ()


TABLES = tuple(map(Table, ("effect", "revision", "submission", "acceptance", "signoff")))
LATER = (
    Table("signedcopy"),
    Table("edition"),
    Table("remark", ("report_id", "cell_id", "text", "asks", "at", "account_id", "actor_name")),
)


def sealing(vendor: str, tables: Sequence[Table] = TABLES) -> Iterator[str]:
    yield from unsealing(vendor, tables)
    if vendor == "postgresql":
        yield f"""CREATE OR REPLACE FUNCTION indicators_refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation'; END $$"""
    for one in tables:
        table = f"indicators_{one.name}"
        change = f"UPDATE OF {', '.join(one.columns)}" if one.columns else "UPDATE"
        if vendor == "postgresql":
            yield f"""CREATE TRIGGER {table}_no_change BEFORE {change} OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION indicators_refuse()"""
        else:
            for name, event in (("update", change), ("delete", "DELETE")):
                yield f"""CREATE TRIGGER {table}_no_{name} BEFORE {event} ON {table}
                    BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"""


def unsealing(vendor: str, tables: Sequence[Table] = TABLES) -> Iterator[str]:
    for one in tables:
        table = f"indicators_{one.name}"
        if vendor == "postgresql":
            yield f"DROP TRIGGER IF EXISTS {table}_no_change ON {table}"
        else:
            yield f"DROP TRIGGER IF EXISTS {table}_no_update"
            yield f"DROP TRIGGER IF EXISTS {table}_no_delete"


def seal(connection: BaseDatabaseWrapper, tables: Sequence[Table] = (*TABLES, *LATER)) -> None:
    with connection.cursor() as cursor:
        for statement in sealing(connection.vendor, tables):
            cursor.execute(statement)


def unseal(connection: BaseDatabaseWrapper, tables: Sequence[Table] = (*TABLES, *LATER)) -> None:
    with connection.cursor() as cursor:
        for statement in unsealing(connection.vendor, tables):
            cursor.execute(statement)


def migrate_forwards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    seal(editor.connection, TABLES)


def migrate_backwards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    unseal(editor.connection, TABLES)


def later_forwards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    seal(editor.connection, LATER)


def later_backwards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    unseal(editor.connection, LATER)
