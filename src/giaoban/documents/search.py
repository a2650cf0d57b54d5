"""Search in the register: words without accents, newest first, only what the actor may read, in bounded time.

One function, `found`, over two back ends (`wordlist` says what they keep). Three things bound its time:
- who may read little, or asks for a rare type or issuer, is answered out of exactly those documents (`NARROW`);
- a common word is met among the newest documents: they are walked, never sorted;
- a rare word is looked up in the index, and only its few places are sorted.
Beyond a thousand nothing is counted: "1.000+".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from giaoban.core.text import fold
from giaoban.documents import force, wordlist
from giaoban.documents.models import Addressee, Direction, Document
from giaoban.journal.actor import Actor
from giaoban.orgs.queries.heirs import made_of
from giaoban.people import queries as people

COUNTED = 1000  # beyond it the number is not told
CHUNK = 1100  # places asked about at once
NARROW = 5000  # documents that are looked through one by one
FEW_UNITS = 200
WALKED = 4000  # newest documents that are walked for a common word (PostgreSQL)
STEPS = 6  # chunks looked at before an answer is called incomplete
MOST, LONG = 24, 60  # words of a question, letters of a word: more than anybody types
PART = re.compile(r'"([^"]+)"?|(\S+)')
WORD = re.compile(r"[^\W_]+")
QUOTES = str.maketrans("“”„«»", '"""""')
NEWEST = 2**62


@dataclass(frozen=True)
class Wanted:
    """What is asked of the register; empty values do not narrow."""

    text: str = ""
    direction: str = ""
    type: str = ""  # "state:KH"
    unit_id: int | None = None  # the register of this unit: its own lines and what was sent to it
    issuer_id: int | None = None
    issuer: str = ""  # words of the issuer as printed
    since: date | None = None
    until: date | None = None
    in_force: bool = False
    prefix: bool = False  # the last word is still being typed

    @property
    def low(self) -> int:
        return wordlist.first_of(self.since) if self.since else 0

    @property
    def high(self) -> int:
        return wordlist.first_of(self.until) + wordlist.DAY - 1 if self.until else NEWEST


@dataclass(frozen=True)
class Found:
    """The newest that fit. `count`: how many there are; with `more` at least so many; None where it was not counted.
    `older`: where the next page starts, None on the last."""

    documents: list[Document]
    count: int | None
    more: bool
    older: int | None


def found(actor: Actor, on: date, wanted: Wanted, before: int | None = None, limit: int = 20) -> Found:
    """The first page of what fits, newest first; with `before` the page that follows that place."""
    terms = terms_of(wanted.text, wanted.prefix)
    if wanted.text.strip() and not terms:
        return Found([], 0, False, None)
    search = _Search(actor, on, wanted, terms, min(wanted.high, (before or NEWEST) - 1), limit)
    places, count, more = search.run()
    page = places[:limit]
    older = page[-1] if len(places) > limit else search.cut
    by_key = Document.objects.filter(pk__in=[wordlist.key_of(each) for each in page]).defer("text", "fold").in_bulk()
    documents = [by_key[wordlist.key_of(each)] for each in page]
    return Found(documents, None if before else count, more, older)


def terms_of(text: str, prefix: bool = False) -> list[tuple[tuple[str, ...], ...]]:
    """What must all occur: each a choice of phrases. Quotes make a phrase, and so does a number as typed: 29-NQ/TW.

    A number typed with a leading zero also finds the one without, and the register keeps both ways of its own number.
    """
    read = []
    for quoted, plain in PART.findall(text.translate(QUOTES))[:MOST]:
        words = tuple(word[:LONG] for word in WORD.findall(fold(quoted or plain))[:MOST])
        if not words:
            continue
        bare = (words[0].lstrip("0") or "0", *words[1:]) if words[0].isdigit() else words
        read.append((words,) if bare == words else (words, bare))
    return read


class _Search:
    """One question while it is being answered."""

    def __init__(self, actor: Actor, on: date, wanted: Wanted, terms: Sequence[object], high: int, limit: int) -> None:
        self.actor, self.on, self.wanted, self.limit, self.high = actor, on, wanted, limit, high
        back_end = _Sqlite if connection.vendor == "sqlite" else _Postgres
        self.back = back_end(terms, wanted.low, high, wanted.prefix)
        self.kept: list[int] = []
        self.cut: int | None = None  # where looking stopped before all was looked at

    def run(self) -> tuple[list[int], int | None, bool]:
        few = self._few()
        if few is not None:
            return self._among(few)
        complete = True
        for step, hits in enumerate(self.back.newest(lambda: len(self.kept) > self.limit)):
            self.kept += self._may(hits)
            if self._enough():
                break
            if step + 1 >= STEPS:
                complete = False
                self.cut = hits[-1] if hits else None
                break
        if self.wanted.in_force:
            return self.kept, None, False
        if len(self.kept) > COUNTED:
            return self.kept, COUNTED, True
        if complete and self.back.exhausted:
            return self.kept, len(self.kept), False
        return self.kept, *self._count()

    def _enough(self) -> bool:
        if self.wanted.in_force:
            return len(self.kept) > self.limit
        return len(self.kept) > COUNTED or (len(self.kept) > self.limit and self.back.counts_apart)

    def _count(self) -> tuple[int, bool]:
        hits, every = self.back.some(CHUNK)
        seen = len(self._may(hits))
        if every:
            return seen, False
        return (COUNTED, True) if seen > COUNTED else (max(seen, len(self.kept)), True)

    def _among(self, few: dict[int, int]) -> tuple[list[int], int | None, bool]:
        """Out of the few documents that come into question, every one."""
        hits = sorted((each for each in self.back.of(few.values()) if each <= self.high), reverse=True)
        if not self.wanted.in_force:
            kept = [each for start in range(0, len(hits), CHUNK) for each in self._may(hits[start : start + CHUNK])]
            return kept, min(len(kept), COUNTED), len(kept) > COUNTED
        kept = []
        for start in range(0, len(hits), CHUNK):
            kept += self._may(hits[start : start + CHUNK])
            if len(kept) > self.limit:
                break
        return kept, None, False

    def _may(self, places: Sequence[int]) -> list[int]:
        """Those that the actor may read and that fit the other filters, newest first."""
        if not places:
            return []
        keys = [wordlist.key_of(each) for each in places]
        fitting = filtered(readable(self.actor, self.on).filter(pk__in=keys), self.wanted)
        seen = set(fitting.values_list("pk", flat=True))
        kept = [each for each in places if wordlist.key_of(each) in seen]
        return self._in_force(kept) if self.wanted.in_force else kept

    def _in_force(self, places: Sequence[int]) -> list[int]:
        """Read in small parts: force is worked out document by document."""
        kept: list[int] = []
        for start in range(0, len(places), 100):
            part = places[start : start + 100]
            lines = Document.objects.filter(pk__in=[wordlist.key_of(each) for each in part]).defer("text", "fold")
            held = _in_force(list(lines), self.on)
            kept += [each for each in part if wordlist.key_of(each) in held]
            if len(self.kept) + len(kept) > self.limit:
                break
        return kept

    def _few(self) -> dict[int, int] | None:
        """Primary key → place of all that come into question, where they are few; None where they are many."""
        for question in self._questions():
            few: dict[int, int] = {}
            for rows in question:
                for pk, issued, entered in rows.order_by().values_list("pk", "issued_on", "registered_at")[
                    : NARROW + 1
                ]:
                    few[pk] = wordlist.place_of(pk, issued, entered)
                if len(few) > NARROW:
                    break
            else:
                return {pk: place for pk, place in few.items() if self.wanted.low <= place <= self.high}
        return None

    def _questions(self) -> Iterator[list[QuerySet[Document]]]:
        """Ways to get at few documents by an index, each a union: a small register, a type, an issuer, own units."""
        everything = Document.objects.all()
        yield [everything]
        if self.wanted.issuer_id is not None:
            yield [everything.filter(issuer_unit_id=self.wanted.issuer_id)]
        if self.wanted.type:
            system, _, code = self.wanted.type.partition(":")
            yield [everything.filter(system=system, type=code)]
        if self.wanted.unit_id is not None:
            yield _of_units([self.wanted.unit_id])
        if not self.actor.is_system:
            units = list(people.units_where(self.actor, "document.view", self.on)[: FEW_UNITS + 1])
            own = [each["descendant_id"] for each in units]
            if len(own) <= FEW_UNITS:
                heirs = made_of(people.units_where(self.actor, "document.view", self.on))
                yield _of_units([*own, *(each["predecessor_id"] for each in heirs)])


def _in_force(lines: list[Document], on: date) -> set[int]:
    """Which of them are in force. Asked together are only lines of different documents: two communes may each have a
    12/KH-UBND of one day."""
    held: set[int] = set()
    while lines:
        asked = {line.key or line.pk: line for line in reversed(lines)}
        answers = force.forces(asked.values(), on)
        held |= {line.pk for name, line in asked.items() if answers[name].state is force.State.IN_FORCE}
        lines = [line for line in lines if asked[line.key or line.pk] is not line]
    return held


def _of_units(units: list[int]) -> list[QuerySet[Document]]:
    sent = Addressee.objects.filter(unit_id__in=units).values("document_id")
    lines = Document.objects
    return [
        lines.filter(owner_unit_id__in=units),
        lines.filter(issuer_unit_id__in=units),
        lines.filter(pk__in=sent),
    ]


def readable(actor: Actor, on: date) -> QuerySet[Document]:
    """Documents in a register the actor may read, sent to a unit whose documents they may read, or issued by one.

    A unit made of others has their registers too.
    """
    if actor.is_system:
        return Document.objects.all()
    units = people.units_where(actor, "document.view", on)
    mine = Q(unit_id__in=units) | Q(unit_id__in=made_of(units))
    sent = Addressee.objects.filter(mine, document=OuterRef("pk"))
    own = Q(owner_unit_id__in=units) | Q(owner_unit_id__in=made_of(units))
    issued = Q(issuer_unit_id__in=units) | Q(issuer_unit_id__in=made_of(units))
    return Document.objects.filter(own | issued | Exists(sent))


def filtered(lines: QuerySet[Document], wanted: Wanted) -> QuerySet[Document]:
    """What stands in the fields of a line; words, days and force are asked elsewhere."""
    if wanted.unit_id is not None:
        sent = Addressee.objects.filter(document=OuterRef("pk"), unit_id=wanted.unit_id)
        if wanted.direction == Direction.OUT:
            lines = lines.filter(owner_unit_id=wanted.unit_id, direction=Direction.OUT)
        elif wanted.direction:
            lines = lines.filter(Q(owner_unit_id=wanted.unit_id, direction=wanted.direction) | Exists(sent))
        else:
            lines = lines.filter(Q(owner_unit_id=wanted.unit_id) | Exists(sent))
    elif wanted.direction:
        lines = lines.filter(direction=wanted.direction)
    if wanted.type:
        system, _, code = wanted.type.partition(":")
        lines = lines.filter(system=system, type=code)
    if wanted.issuer_id is not None:
        lines = lines.filter(issuer_unit_id=wanted.issuer_id)
    return lines


Terms = Sequence[tuple[tuple[str, ...], ...]]


class _Sqlite:
    """FTS5: its rowids are places and come newest first as they are read, so that nothing is sorted or read in vain."""

    counts_apart = False

    def __init__(self, terms: Terms, low: int, high: int, prefix: bool) -> None:
        self.low, self.high, self.exhausted = low, high, False
        said = []
        for number, choices in enumerate(terms):
            star = "*" if prefix and number == len(terms) - 1 else ""
            said.append("(" + " OR ".join(f'"{" ".join(words)}"{star}' for words in choices) + ")")
        self.match = " AND ".join(said)

    def newest(self, _filled: object) -> Iterator[list[int]]:
        high = self.high
        while not self.exhausted:
            hits = self._ask(self.low, high, CHUNK)
            self.exhausted = len(hits) < CHUNK
            yield hits
            high = hits[-1] - 1 if hits else 0

    def some(self, number: int) -> tuple[list[int], bool]:
        hits = self._ask(self.low, self.high, number)
        return hits, len(hits) < number

    def of(self, places: Iterable[int]) -> list[int]:
        wanted = set(places)
        if not self.match or not wanted:
            return list(wanted)
        return [each for each in self._ask(min(wanted), max(wanted), -1) if each in wanted]

    def _ask(self, low: int, high: int, limit: int) -> list[int]:
        if self.match:
            sql = """SELECT rowid FROM documents_fts WHERE documents_fts MATCH %s AND rowid BETWEEN %s AND %s
                     ORDER BY rowid DESC LIMIT %s"""
            return _places(sql, [self.match, low, high, limit])
        sql = "SELECT place FROM documents_words WHERE place BETWEEN %s AND %s ORDER BY place DESC LIMIT %s"
        return _places(sql, [low, high, limit])


class _Postgres:
    """GIN knows where a word stands but in no order: the newest are walked first, then the index is asked."""

    counts_apart = True

    def __init__(self, terms: Terms, low: int, high: int, prefix: bool) -> None:
        self.low, self.high, self.exhausted = low, high, False
        said = []
        for number, choices in enumerate(terms):
            star = ":*" if prefix and number == len(terms) - 1 else ""
            phrases = ["(" + " <-> ".join(f"'{word}'" for word in words) + star + ")" for words in choices]
            said.append("(" + " | ".join(phrases) + ")")
        self.match = " & ".join(said)

    def newest(self, filled: object) -> Iterator[list[int]]:
        if not self.match:
            yield from self._in_order()
            return
        sql = """SELECT place, words @@ to_tsquery('simple', %s) FROM (SELECT place, words FROM documents_words
                 WHERE place BETWEEN %s AND %s ORDER BY place DESC LIMIT %s) newest"""
        with connection.cursor() as cursor:
            cursor.execute(sql, [self.match, self.low, self.high, WALKED])
            walked = cursor.fetchall()
        self.exhausted = len(walked) < WALKED
        hits = [place for place, fits in walked if fits]
        yield hits
        if self.exhausted or filled():  # type: ignore[operator]
            return
        rare = """WITH hits AS MATERIALIZED (SELECT place FROM documents_words
                  WHERE words @@ to_tsquery('simple', %s) AND place BETWEEN %s AND %s)
                  SELECT place FROM hits ORDER BY place DESC LIMIT %s"""
        asked = CHUNK * STEPS
        rest = _places(rare, [self.match, self.low, min(place for place, _ in walked) - 1, asked])
        for start in range(0, len(rest), CHUNK):
            self.exhausted = len(rest) < asked and start + CHUNK >= len(rest)
            yield rest[start : start + CHUNK]
        self.exhausted = len(rest) < asked

    def _in_order(self) -> Iterator[list[int]]:
        sql = "SELECT place FROM documents_words WHERE place BETWEEN %s AND %s ORDER BY place DESC LIMIT %s"
        high = self.high
        while not self.exhausted:
            hits = _places(sql, [self.low, high, CHUNK])
            self.exhausted = len(hits) < CHUNK
            yield hits
            high = hits[-1] - 1 if hits else 0

    def some(self, number: int) -> tuple[list[int], bool]:
        if self.match:
            sql = """SELECT place FROM documents_words WHERE place BETWEEN %s AND %s
                     AND words @@ to_tsquery('simple', %s) LIMIT %s"""
            hits = _places(sql, [self.low, self.high, self.match, number])
        else:
            sql = "SELECT place FROM documents_words WHERE place BETWEEN %s AND %s LIMIT %s"
            hits = _places(sql, [self.low, self.high, number])
        return hits, len(hits) < number

    def of(self, places: Iterable[int]) -> list[int]:
        wanted = list(places)
        if not self.match:
            return wanted
        sql = "SELECT place FROM documents_words WHERE place = ANY(%s) AND words @@ to_tsquery('simple', %s)"
        return _places(sql, [wanted, self.match])


def _places(sql: str, parameters: list[object]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]
