"""Places of documents that fit, newest first: the SQL of search, one kind for each database.

There are few ways to begin, and which is cheapest depends on how often the words occur and how much the asker may read:
- `WALK` the newest documents: right for common words and wide rights, for it may stop after the first thousand;
- `WORDS`: the hits of the index of words, right for rare ones;
- `MINE`: the documents of a few units (the asker's, one register's, one issuer's);
- `FIELDS`: the documents of a rare type.
Whatever the way does not see to is asked of each place in turn, in the order of the walk, so that every way stops at
`limit`. How often a word occurs PostgreSQL knows from its statistics; SQLite's FTS5 answers newest first, unsorted.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from giaoban.documents.sights import SENT

# Microseconds, measured on a million documents: a document read out of each source, and one question about a document.
PASSED, MATCHED, LOOKED_UP, GATHERED, ASKED = 0.15, 0.8, 0.9, 0.25, 1.7
ADJACENT = 0.5  # of the documents that have the words of a phrase, as many have them side by side
FEW = 20_000  # documents that SQLite gathers before it looks at words

Terms = Sequence[tuple[tuple[str, ...], ...]]
Clause = tuple[str, list[Any]]
NONE: Clause = ("", [])


@dataclass(frozen=True)
class Asked:
    """What a place must fulfil. `units`: whose documents may be read, None: all."""

    terms: Terms
    prefix: bool
    low: int
    high: int
    units: list[int] | None
    register: int | None = None  # a unit: its own lines and what was sent to it
    direction: str = ""
    system: str = ""
    type: str = ""
    issuer: int | None = None

    @property
    def fields(self) -> bool:
        """Whether anything is asked of the line itself."""
        return bool(self.direction or self.system or self.issuer is not None or self.register is not None)


@dataclass(frozen=True)
class Way:
    """Where a search begins: places newest first, and what those fulfil already."""

    name: str
    cost: float
    sql: str
    parameters: list[Any]
    sees: frozenset[str] = field(default_factory=frozenset)


def newest(asked: Asked, limit: int) -> list[int]:
    """The newest places that fit, no more than `limit`."""
    if asked.units is not None and not asked.units:
        return []
    return (_Sqlite if connection.vendor == "sqlite" else _Postgres)(asked).newest(limit)


def cheapest(ways: list[Way]) -> Way:
    return min(ways, key=lambda way: way.cost)


class _Postgres:
    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.match = _tsquery(asked.terms, asked.prefix)
        # what the index is asked: a word half typed is in too many of its entries, and is looked for in what is left
        self.whole = _tsquery(_typed(asked.terms), False) if asked.prefix else self.match
        self.whole = self.whole or self.match

    def newest(self, limit: int) -> list[int]:
        way = cheapest(self.ways(limit))
        clauses = [self._words(way), self._rights(), self._fields()]
        named = zip(("words", "rights", "fields"), clauses)
        left = [clause for name, clause in named if clause[0] and name not in way.sees]
        where = " AND ".join(sql for sql, _ in left) or "true"
        sql = f"SELECT place FROM ({way.sql}) p WHERE {where} LIMIT %s"  # noqa: S608 (constants of this file)
        return _first([sql, [*way.parameters, *(each for _, given in left for each in given), limit]])

    def ways(self, limit: int) -> list[Way]:
        """Every way with what it would cost: documents read, and documents of which something is asked, until there
        are enough. Words, rights and type are taken to be independent of one another."""
        asked, span = self.asked, [self.asked.low, self.asked.high]
        every = _expected("SELECT 1 FROM documents_words", [])
        looked, lines = self._hits(self.whole, every), self._lines(every)
        phrases = sum(all(len(words) > 1 for words in choices) for choices in asked.terms)
        hits = min(looked, self._hits(self.match, every)) * ADJACENT**phrases
        mine = [(units, min(every, self._mine(units))) for units in self._sets()]
        share = hits / every * lines / every
        for _units, number in mine:
            share *= number / every
        enough = limit / share  # so many of all documents hold enough that fit

        def cost(each: float, source: float) -> float:
            return each * source + ASKED * min(source, enough * source / every)

        walked = min(every, enough)
        words = ", words" if self.match else ""
        walk = f"SELECT place{words} FROM documents_words WHERE place BETWEEN %s AND %s ORDER BY place DESC OFFSET 0"  # noqa: S608
        ways = [Way("walk", (MATCHED if words else PASSED) * walked + ASKED * walked * hits / every, walk, span)]
        if self.match:
            inner = """SELECT place FROM documents_words
                       WHERE words @@ to_tsquery('simple', %s) AND place BETWEEN %s AND %s OFFSET 0"""
            outer = f"SELECT place FROM ({inner}) hits ORDER BY place DESC OFFSET 0"  # noqa: S608
            entire = self.whole == self.match
            asked_of = LOOKED_UP * looked + cost(0, hits if entire else looked)
            sees = frozenset(["words"] if entire else [])
            ways.append(Way("words", asked_of, outer, [self.whole, *span], sees))
        for units, number in mine:
            sql = """SELECT DISTINCT place FROM documents_sight WHERE unit = ANY(%s) AND place BETWEEN %s AND %s
                     ORDER BY place DESC OFFSET 0"""
            sees = frozenset(["rights"] if units is asked.units else [])
            ways.append(Way("mine", cost(GATHERED, number), sql, [units, *span], sees))
        if asked.system:
            inner = """SELECT documents_place(id, issued_on, registered_at) AS place FROM documents_document
                       WHERE system = %s AND type = %s OFFSET 0"""
            outer = f"SELECT place FROM ({inner}) l WHERE place BETWEEN %s AND %s ORDER BY place DESC OFFSET 0"  # noqa: S608
            ways.append(Way("fields", cost(LOOKED_UP, lines), outer, [asked.system, asked.type, *span]))
        return ways

    def _words(self, way: Way) -> Clause:
        if not self.match:
            return NONE
        if way.name == "walk":
            return "p.words @@ to_tsquery('simple', %s)", [self.match]
        return (
            "(SELECT w.words @@ to_tsquery('simple', %s) FROM documents_words w WHERE w.place = p.place)",
            [self.match],
        )

    def _rights(self) -> Clause:
        if self.asked.units is None:
            return NONE
        # unit + 0: one look at a document's few units, not one descent of the index for each unit of the asker
        return (
            "(SELECT true FROM documents_sight s WHERE s.place = p.place AND s.unit + 0 = ANY(%s) LIMIT 1)",
            [self.asked.units],
        )

    def _fields(self) -> Clause:
        if not self.asked.fields:
            return NONE
        sql, given = _line(self.asked)
        return f"(SELECT {sql} FROM documents_document d WHERE d.id = (p.place & 4294967295))", given  # noqa: S608

    def _hits(self, match: str, every: float) -> float:
        if not match:
            return every
        return _expected("SELECT 1 FROM documents_words WHERE words @@ to_tsquery('simple', %s)", [match])

    def _lines(self, every: float) -> float:
        if not self.asked.system:
            return every
        sql = "SELECT 1 FROM documents_document WHERE system = %s AND type = %s"
        return min(every, _expected(sql, [self.asked.system, self.asked.type]))

    def _sets(self) -> list[list[int]]:
        sets = [self.asked.units, _one(self.asked.register), _one(self.asked.issuer)]
        return [units for units in sets if units is not None]

    def _mine(self, units: list[int]) -> float:
        return _expected("SELECT 1 FROM documents_sight WHERE unit = ANY(%s)", [units])


class _Sqlite:
    """FTS5: its rowids are places and come newest first as they are read, so that nothing is sorted or read in vain."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.match = _fts(asked.terms, asked.prefix)

    def newest(self, limit: int) -> list[int]:
        asked = self.asked
        place, source = ("f.rowid", "documents_fts f") if self.match else ("f.place", "documents_words f")
        where: list[Clause] = [(f"{place} BETWEEN %s AND %s", [asked.low, asked.high])]
        if self.match:
            where.append(("documents_fts MATCH %s", [self.match]))
        where += self._sets(place)
        if asked.fields:
            sql, given = _line(asked)
            line = f"(SELECT {sql} FROM documents_document d WHERE d.id = ({place} & 4294967295))".replace(  # noqa: S608
                "p.place", place
            )
            where.append((line, given))
        fits = " AND ".join(each for each, _ in where)
        sql = f"SELECT {place} FROM {source} WHERE {fits} ORDER BY {place} DESC LIMIT %s"  # noqa: S608 (constants)
        return _first([sql, [*(each for _, given in where for each in given), limit]])

    def _sets(self, place: str) -> list[Clause]:
        """The documents of these units: gathered once where they are few, else asked of each place."""
        asked, found = self.asked, []
        for units in (asked.units, _one(asked.register), _one(asked.issuer)):
            if units is None:
                continue
            given = json.dumps(units)
            number = self._number(given)
            if number <= FEW:
                sql = f"""+{place} IN (SELECT place FROM documents_sight WHERE unit IN
                          (SELECT value FROM json_each(%s)) AND place BETWEEN %s AND %s)"""  # noqa: S608
                found.append((sql, [given, asked.low, asked.high]))
            else:
                sql = f"""EXISTS (SELECT 1 FROM documents_sight s WHERE s.place = {place}
                          AND +s.unit IN (SELECT value FROM json_each(%s)))"""  # noqa: S608
                found.append((sql, [given]))
        return found

    def _number(self, units: str) -> int:
        sql = """SELECT count(*) FROM (SELECT 1 FROM documents_sight WHERE unit IN (SELECT value FROM json_each(%s))
                 AND place BETWEEN %s AND %s LIMIT %s)"""
        return _first([sql, [units, self.asked.low, self.asked.high, FEW + 1]])[0]


def _line(asked: Asked) -> Clause:
    """What the line itself must say; `d` is the line, `p.place` its place."""
    said: list[Clause] = []
    if asked.register is not None:
        own: Clause = ("d.owner_unit_id = %s", [asked.register])
        if asked.direction:
            own = (f"({own[0]} AND d.direction = %s)", [*own[1], asked.direction])
        if asked.direction != "OUT":
            sent = "EXISTS (SELECT 1 FROM documents_sight t WHERE t.unit = %s AND t.place = p.place AND t.why = %s)"
            own = (f"({own[0]} OR {sent})", [*own[1], asked.register, SENT])
        said.append(own)
    elif asked.direction:
        said.append(("d.direction = %s", [asked.direction]))
    if asked.system:
        said.append(("d.system = %s AND d.type = %s", [asked.system, asked.type]))
    if asked.issuer is not None:
        said.append(("d.issuer_unit_id = %s", [asked.issuer]))
    return " AND ".join(sql for sql, _ in said), [each for _, given in said for each in given]


def _typed(terms: Terms) -> Terms:
    """Without the last word, of which only the beginning is there."""
    last = tuple(words[:-1] for words in terms[-1]) if terms else ()
    return [*terms[:-1], last] if all(last) and last else terms[:-1]


def _tsquery(terms: Terms, prefix: bool) -> str:
    """Words are letters and digits only (`search.terms_of`), so nothing in them can close a quotation."""
    said = []
    for number, choices in enumerate(terms):
        star = ":*" if prefix and number == len(terms) - 1 else ""
        phrases = ["(" + " <-> ".join(f"'{word}'" for word in words) + star + ")" for words in choices]
        said.append("(" + " | ".join(phrases) + ")")
    return " & ".join(said)


def _fts(terms: Terms, prefix: bool) -> str:
    said = []
    for number, choices in enumerate(terms):
        star = "*" if prefix and number == len(terms) - 1 else ""
        said.append("(" + " OR ".join(f'"{" ".join(words)}"{star}' for words in choices) + ")")
    return " AND ".join(said)


def _one(unit: int | None) -> list[int] | None:
    return None if unit is None else [unit]


def _first(question: list[Any]) -> list[Any]:
    """The first column of what a statement gives."""
    with connection.cursor() as cursor:
        cursor.execute(*question)
        return [row[0] for row in cursor.fetchall()]


def _expected(sql: str, parameters: list[Any]) -> float:
    """How many rows PostgreSQL expects, out of the statistics it keeps of every word and type."""
    plan = _first([f"EXPLAIN (FORMAT JSON) {sql}", parameters])[0]
    return max(1.0, float((plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]["Plan Rows"]))
