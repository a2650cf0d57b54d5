"""The index of the register's words: made by a migration, kept in step by triggers, one kind for each database.

A line's `place` says the day of its issue (of its entry, while it is a draft) and its number in one integer, so that a
larger place is a newer document: the day counted from the year 1, times 2**32, plus the primary key. Both databases
keep `documents_words` by place. PostgreSQL holds the words there as a tsvector under GIN; SQLite in `documents_fts`, an
FTS5 table without content whose rowid is the place, so that it answers newest first without sorting. Beside it stands
`sights`: which units may read what, by place.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

from giaoban.documents import sights

DAY = 2**32
LONGEST = 300_000  # characters of a text that are indexed: a tsvector holds at most 1 MB

_SQLITE_PLACE = """(CAST(julianday(COALESCE({row}.issued_on, date({row}.registered_at, '+7 hours'))) - 1721424.5
    AS INTEGER) * 4294967296 + {row}.id)"""


def _sqlite(row: str) -> str:
    return _SQLITE_PLACE.format(row=row)


def _enter(row: str) -> str:
    return f"""INSERT INTO documents_words(place) VALUES ({_sqlite(row)});
               INSERT INTO documents_fts(rowid, fold) VALUES ({_sqlite(row)}, {row}.fold);"""  # noqa: S608 (row is OLD or NEW)


def _strike(row: str) -> str:
    return f"""DELETE FROM documents_words WHERE place = {_sqlite(row)};
               INSERT INTO documents_fts(documents_fts, rowid, fold) VALUES ('delete', {_sqlite(row)}, {row}.fold);"""  # noqa: S608 (row is OLD or NEW)


MAKE = {
    "sqlite": [
        "CREATE TABLE IF NOT EXISTS documents_words (place INTEGER PRIMARY KEY)",
        "CREATE VIRTUAL TABLE IF NOT EXISTS documents_fts USING fts5(fold, content='', tokenize='unicode61')",
    ],
    "postgresql": [
        "CREATE TABLE IF NOT EXISTS documents_words (place bigint PRIMARY KEY, words tsvector NOT NULL)",
        "CREATE INDEX IF NOT EXISTS documents_words_found ON documents_words USING gin (words)",
        """CREATE OR REPLACE FUNCTION documents_place(id bigint, issued date, entered timestamptz) RETURNS bigint
           LANGUAGE sql STABLE AS $$
             SELECT (COALESCE(issued, (entered AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) - DATE '0001-01-01' + 1)
                    * 4294967296::bigint + id $$""",
        f"""CREATE OR REPLACE FUNCTION documents_said(fold text) RETURNS tsvector LANGUAGE sql STABLE AS $$
             SELECT to_tsvector('simple', regexp_replace(left(fold, {LONGEST}), '[^[:alnum:]]+', ' ', 'g')) $$""",
        """CREATE OR REPLACE FUNCTION documents_index() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             IF TG_OP = 'TRUNCATE' THEN TRUNCATE documents_words; RETURN NULL; END IF;
             IF TG_OP <> 'INSERT' THEN
               DELETE FROM documents_words WHERE place = documents_place(OLD.id, OLD.issued_on, OLD.registered_at);
             END IF;
             IF TG_OP <> 'DELETE' THEN
               INSERT INTO documents_words VALUES
                 (documents_place(NEW.id, NEW.issued_on, NEW.registered_at), documents_said(NEW.fold))
                 ON CONFLICT (place) DO UPDATE SET words = EXCLUDED.words;
             END IF;
             RETURN NULL;
           END $$""",
    ],
}

_WORDS = {
    "sqlite": {
        "documents_words_in": f"AFTER INSERT ON documents_document BEGIN {_enter('NEW')} END",
        "documents_words_out": f"AFTER DELETE ON documents_document BEGIN {_strike('OLD')} END",
        "documents_words_change": f"""AFTER UPDATE OF fold, issued_on, registered_at ON documents_document
            WHEN OLD.fold IS NOT NEW.fold OR OLD.issued_on IS NOT NEW.issued_on
              OR OLD.registered_at IS NOT NEW.registered_at
            BEGIN {_strike("OLD")} {_enter("NEW")} END""",
    },
    "postgresql": {
        "documents_words_in": """AFTER INSERT OR DELETE ON documents_document
            FOR EACH ROW EXECUTE FUNCTION documents_index()""",
        "documents_words_change": """AFTER UPDATE OF fold, issued_on, registered_at ON documents_document FOR EACH ROW
            WHEN (OLD.fold IS DISTINCT FROM NEW.fold OR OLD.issued_on IS DISTINCT FROM NEW.issued_on
              OR OLD.registered_at IS DISTINCT FROM NEW.registered_at) EXECUTE FUNCTION documents_index()""",
        "documents_words_emptied": """AFTER TRUNCATE ON documents_document
            FOR EACH STATEMENT EXECUTE FUNCTION documents_index()""",
    },
}

FILL = {
    "sqlite": [
        f"INSERT INTO documents_words SELECT {_sqlite('d')} FROM documents_document d",  # noqa: S608
        f"INSERT INTO documents_fts(rowid, fold) SELECT {_sqlite('d')}, d.fold FROM documents_document d",  # noqa: S608
    ],
    "postgresql": [
        """INSERT INTO documents_words
           SELECT documents_place(id, issued_on, registered_at), documents_said(fold) FROM documents_document""",
    ],
}

EMPTY = {
    "sqlite": [
        "DELETE FROM documents_words",
        "INSERT INTO documents_fts(documents_fts) VALUES ('delete-all')",
    ],
    "postgresql": ["TRUNCATE documents_words"],
}

_PLACE = "documents_place(d.id, d.issued_on, d.registered_at)"
KEEP = {
    vendor: {name: ("documents_document", body) for name, body in triggers.items()}
    | sights.keep(_sqlite("NEW"), _sqlite("OLD"))[vendor]
    for vendor, triggers in _WORDS.items()
}
FILL_SIGHTS = {"sqlite": sights.fill(_sqlite("d")), "postgresql": sights.fill(_PLACE)}

DROP = {
    "sqlite": ["DROP TABLE IF EXISTS documents_words", "DROP TABLE IF EXISTS documents_fts"],
    "postgresql": [
        "DROP TABLE IF EXISTS documents_words",
        "DROP FUNCTION IF EXISTS documents_index() CASCADE",
        "DROP FUNCTION IF EXISTS documents_place(bigint, date, timestamptz)",
        "DROP FUNCTION IF EXISTS documents_said(text)",
    ],
}


def place_of(pk: int, issued_on: date | None, registered_at: datetime) -> int:
    """The same number that the triggers write."""
    return (issued_on or timezone.localdate(registered_at)).toordinal() * DAY + pk


def key_of(place: int) -> int:
    """The primary key of the document at a place."""
    return place % DAY


def first_of(day: date) -> int:
    """The lowest place of a day."""
    return day.toordinal() * DAY


def make(using: BaseDatabaseWrapper) -> None:
    """Make the index and fill it from what is registered."""
    _run(using, [*MAKE[using.vendor], *EMPTY[using.vendor], *FILL[using.vendor]])
    make_sights(using)


def make_sights(using: BaseDatabaseWrapper) -> None:
    """Make and fill the part that says who may read what."""
    _run(using, [*sights.MAKE[using.vendor], *sights.EMPTY[using.vendor], *FILL_SIGHTS[using.vendor]])
    keep(using)


def keep(using: BaseDatabaseWrapper) -> None:
    """Put the triggers (back) in place: SQLite loses a table's triggers whenever a migration rebuilds the table."""
    loose(using)
    _run(using, [f"CREATE TRIGGER {name} {body}" for name, (_table, body) in KEEP[using.vendor].items()])


def loose(using: BaseDatabaseWrapper) -> None:
    """Take the triggers away, for a bulk load that fills the index afterwards (`refill`, `keep`)."""
    for name, (table, _body) in KEEP[using.vendor].items():
        on = f" ON {table}" if using.vendor == "postgresql" else ""
        _run(using, [f"DROP TRIGGER IF EXISTS {name}{on}"])


def drop(using: BaseDatabaseWrapper) -> None:
    loose(using)
    _run(using, [*sights.DROP[using.vendor], *DROP[using.vendor]])


def drop_sights(using: BaseDatabaseWrapper) -> None:
    """Back to the index of words alone."""
    loose(using)
    _run(using, sights.DROP[using.vendor])
    for name in _WORDS[using.vendor]:
        _run(using, [f"CREATE TRIGGER {name} {KEEP[using.vendor][name][1]}"])


def refill() -> None:
    """Build the index anew from what is registered, after a bulk load that left the triggers out."""
    vendor = connection.vendor
    _run(connection, [*EMPTY[vendor], *FILL[vendor], *sights.EMPTY[vendor], *FILL_SIGHTS[vendor]])


def forwards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    make(editor.connection)


def backwards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    drop(editor.connection)


def sights_forwards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    make_sights(editor.connection)


def sights_backwards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    drop_sights(editor.connection)


def after_migrations(sender: object, using: str = "default", **_more: Any) -> None:
    """Told by Django after every migrate: a rebuilt table gets its triggers back, and tables made without migrations
    (a quick test) their index."""
    from django.db import connections

    chosen = connections[using]
    tables = chosen.introspection.table_names()
    if "documents_sight" in tables:
        keep(chosen)
    elif "documents_document" in tables and "documents_words" not in tables:
        make(chosen)


def _run(using: BaseDatabaseWrapper, statements: list[str]) -> None:
    with using.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
