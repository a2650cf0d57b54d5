"""Which unit's rights show which document: its register's, its issuer's, and those of the units it was sent to.

`documents_sight` says it once more in the order search needs, by unit and by place (`wordlist` says what a place is),
so that "the newest that these units may read" is one walk along an index. It decides nothing: `search.readable` is the
rule, and triggers keep the table in step with the rows that rule reads. Made and kept with the index of words.
"""

from __future__ import annotations

OWNER, ISSUER, SENT = 0, 1, 2

# SQLite's triggers may not name a table that a migration rebuilds, so they ask documents_words for a document's place.
_PLACE_OF = "SELECT place FROM documents_words WHERE (place & 4294967295) = {row}.document_id"


def own(place: str, row: str = "NEW") -> str:
    """Enter the register's unit and the issuer's."""
    return f"""INSERT OR IGNORE INTO documents_sight(unit, place, why) VALUES ({row}.owner_unit_id, {place}, 0);
               INSERT OR IGNORE INTO documents_sight(unit, place, why)
                 SELECT {row}.issuer_unit_id, {place}, 1 WHERE {row}.issuer_unit_id IS NOT NULL;"""  # noqa: S608 (constants)


def _sent(row: str) -> str:
    return f"""INSERT OR IGNORE INTO documents_sight(unit, place, why)
                 SELECT {row}.unit_id, place, 2 FROM ({_PLACE_OF.format(row=row)});"""  # noqa: S608 (row is OLD or NEW)


def _unsent(row: str) -> str:
    return f"""DELETE FROM documents_sight WHERE unit = {row}.unit_id AND why = 2
                 AND place IN ({_PLACE_OF.format(row=row)});"""  # noqa: S608 (row is OLD or NEW)


MAKE = {
    "sqlite": [
        """CREATE TABLE IF NOT EXISTS documents_sight (unit INTEGER NOT NULL, place INTEGER NOT NULL,
           why INTEGER NOT NULL, PRIMARY KEY (unit, place, why)) WITHOUT ROWID""",
        "CREATE INDEX IF NOT EXISTS documents_sight_of ON documents_sight (place, unit)",
        "CREATE INDEX IF NOT EXISTS documents_words_document ON documents_words ((place & 4294967295))",
    ],
    "postgresql": [
        """CREATE TABLE IF NOT EXISTS documents_sight (unit bigint NOT NULL, place bigint NOT NULL,
           why smallint NOT NULL, PRIMARY KEY (unit, place, why))""",
        "CREATE INDEX IF NOT EXISTS documents_sight_of ON documents_sight (place, unit)",
        """CREATE OR REPLACE FUNCTION documents_sights() RETURNS trigger LANGUAGE plpgsql AS $$
           DECLARE before bigint; after bigint; BEGIN
             IF TG_OP = 'TRUNCATE' THEN TRUNCATE documents_sight; RETURN NULL; END IF;
             IF TG_OP <> 'INSERT' THEN before := documents_place(OLD.id, OLD.issued_on, OLD.registered_at); END IF;
             IF TG_OP = 'DELETE' THEN DELETE FROM documents_sight WHERE place = before; RETURN NULL; END IF;
             after := documents_place(NEW.id, NEW.issued_on, NEW.registered_at);
             IF TG_OP = 'UPDATE' THEN
               DELETE FROM documents_sight WHERE place = before AND why < 2;
               IF before <> after THEN UPDATE documents_sight SET place = after WHERE place = before; END IF;
             END IF;
             INSERT INTO documents_sight SELECT unit, after, why
               FROM (VALUES (NEW.owner_unit_id, 0), (NEW.issuer_unit_id, 1)) own (unit, why) WHERE unit IS NOT NULL
               ON CONFLICT DO NOTHING;
             RETURN NULL;
           END $$""",
        """CREATE OR REPLACE FUNCTION documents_sights_sent() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             INSERT INTO documents_sight
               SELECT a.unit_id, documents_place(d.id, d.issued_on, d.registered_at), 2
               FROM entered a JOIN documents_document d ON d.id = a.document_id ON CONFLICT DO NOTHING;
             RETURN NULL;
           END $$""",
        """CREATE OR REPLACE FUNCTION documents_sights_unsent() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             IF TG_OP = 'TRUNCATE' THEN DELETE FROM documents_sight WHERE why = 2; RETURN NULL; END IF;
             DELETE FROM documents_sight USING documents_document d
               WHERE d.id = OLD.document_id AND unit = OLD.unit_id AND why = 2
                 AND place = documents_place(d.id, d.issued_on, d.registered_at);
             IF TG_OP = 'UPDATE' THEN
               INSERT INTO documents_sight
                 SELECT NEW.unit_id, documents_place(id, issued_on, registered_at), 2
                 FROM documents_document WHERE id = NEW.document_id ON CONFLICT DO NOTHING;
             END IF;
             RETURN NULL;
           END $$""",
    ],
}


def keep(sqlite_new: str, sqlite_old: str) -> dict[str, dict[str, tuple[str, str]]]:
    """The triggers by database and name: the table each stands on, and its body."""
    lines, sent = "documents_document", "documents_addressee"
    return {
        "sqlite": {
            "documents_sight_in": (lines, f"AFTER INSERT ON {lines} BEGIN {own(sqlite_new)} END"),
            "documents_sight_out": (
                lines,
                f"AFTER DELETE ON {lines} BEGIN DELETE FROM documents_sight WHERE place = {sqlite_old}; END",  # noqa: S608
            ),
            "documents_sight_change": (
                lines,
                f"""AFTER UPDATE OF owner_unit_id, issuer_unit_id, issued_on, registered_at ON {lines} BEGIN
                    DELETE FROM documents_sight WHERE place = {sqlite_old} AND why < 2;
                    UPDATE documents_sight SET place = {sqlite_new} WHERE place = {sqlite_old};
                    {own(sqlite_new)} END""",  # noqa: S608
            ),
            "documents_sight_sent": (sent, f"AFTER INSERT ON {sent} BEGIN {_sent('NEW')} END"),
            "documents_sight_unsent": (sent, f"AFTER DELETE ON {sent} BEGIN {_unsent('OLD')} END"),
            "documents_sight_resent": (
                sent,
                f"AFTER UPDATE OF unit_id, document_id ON {sent} BEGIN {_unsent('OLD')} {_sent('NEW')} END",
            ),
        },
        "postgresql": {
            "documents_sight_in": (
                lines,
                f"AFTER INSERT OR DELETE ON {lines} FOR EACH ROW EXECUTE FUNCTION documents_sights()",
            ),
            "documents_sight_change": (
                lines,
                f"""AFTER UPDATE OF owner_unit_id, issuer_unit_id, issued_on, registered_at ON {lines}
                    FOR EACH ROW EXECUTE FUNCTION documents_sights()""",
            ),
            "documents_sight_emptied": (
                lines,
                f"AFTER TRUNCATE ON {lines} FOR EACH STATEMENT EXECUTE FUNCTION documents_sights()",
            ),
            "documents_sight_sent": (
                sent,
                f"""AFTER INSERT ON {sent} REFERENCING NEW TABLE AS entered
                    FOR EACH STATEMENT EXECUTE FUNCTION documents_sights_sent()""",
            ),
            "documents_sight_unsent": (
                sent,
                f"""AFTER DELETE OR UPDATE OF unit_id, document_id ON {sent}
                    FOR EACH ROW EXECUTE FUNCTION documents_sights_unsent()""",
            ),
            "documents_sight_unsent_all": (
                sent,
                f"AFTER TRUNCATE ON {sent} FOR EACH STATEMENT EXECUTE FUNCTION documents_sights_unsent()",
            ),
        },
    }


def fill(place: str) -> list[str]:
    """From what is registered and sent; `place` says a document `d`'s place."""
    return [
        f"INSERT INTO documents_sight SELECT d.owner_unit_id, {place}, 0 FROM documents_document d",  # noqa: S608
        f"""INSERT INTO documents_sight SELECT d.issuer_unit_id, {place}, 1 FROM documents_document d
            WHERE d.issuer_unit_id IS NOT NULL""",  # noqa: S608
        f"""INSERT INTO documents_sight SELECT a.unit_id, {place}, 2
            FROM documents_addressee a JOIN documents_document d ON d.id = a.document_id""",  # noqa: S608
    ]


EMPTY = {"sqlite": ["DELETE FROM documents_sight"], "postgresql": ["TRUNCATE documents_sight"]}

DROP = {
    "sqlite": ["DROP TABLE IF EXISTS documents_sight", "DROP INDEX IF EXISTS documents_words_document"],
    "postgresql": [
        "DROP TABLE IF EXISTS documents_sight",
        "DROP FUNCTION IF EXISTS documents_sights() CASCADE",
        "DROP FUNCTION IF EXISTS documents_sights_sent() CASCADE",
        "DROP FUNCTION IF EXISTS documents_sights_unsent() CASCADE",
    ],
}
