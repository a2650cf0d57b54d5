"""The names of all units as search compares them, kept in the memory of each process.

Why in memory: as one types, most of what is asked is short and common ("t", "tru", "truong mn"), and the best of tens
of thousands of fitting rows must be found in a few milliseconds, the same on SQLite and on PostgreSQL. Measured on
60,000 units through the web stack, letter by letter (`benchmarks/bench_search.py`): the LIKE conditions this replaced
had a median of 51 ms and p95 of 69 ms on SQLite, for every row was looked at seven times; this has a p95 of 11. A table
of words in the record would answer rare words as fast, but must still rank 46,000 rows for "truong", and would be
written with every founding. The price: 57 MB of memory a process, and 0.3 s to read 60,000 names once.

Correct on every day and in every process: a lexicon holds the snapshots of all days and is asked for one day; it is
renewed when snapshots or aliases have been written since (the highest numbers of both tables say so, for a change of
a unit writes its snapshots anew), and what it finds is read from the record before it is shown. Should a row have
gone there without a newer one (a founding that was undone), the lexicon is read again.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db import connection
from django.db.models import CharField
from django.db.models.functions import Cast

from giaoban.journal.models import Event
from giaoban.orgs.models import Alias, Kind, Snapshot

AFTER_ALL = chr(0x10FFFF)  # sorts after every letter: the end of the words that begin so
Row = tuple[int, int, str, str, str, str, str, str]  # number, unit, start, end, kind, canon, fold, bare


@dataclass(frozen=True)
class Wording:
    """What is looked for in one spelling: the whole text and its words; a `closed` word is not the beginning of one."""

    text: str
    words: tuple[str, ...]
    closed: frozenset[str] = frozenset()

    @property
    def ends_closed(self) -> bool:
        return bool(self.words) and self.words[-1] in self.closed

    def begins(self, name: str) -> bool:
        return name.startswith(self.text) and self._stops(name, len(self.text))

    def inside(self, name: str) -> bool:
        """Whether the text stands in the name from the beginning of some word on."""
        at = name.find(f" {self.text}")
        while at >= 0 and not self._stops(name, at + 1 + len(self.text)):
            at = name.find(f" {self.text}", at + 1)
        return at >= 0

    def everywhere(self, name: str) -> bool:
        """Whether each word begins (a closed one: is) some word of the name."""
        padded = f" {name} "
        for sought in self._sought:  # not all(): this runs for tens of thousands of names
            if sought not in padded:
                return False
        return bool(self._sought)

    @cached_property
    def _sought(self) -> list[str]:
        return [f" {word} " if word in self.closed else f" {word}" for word in self.words]

    def _stops(self, name: str, at: int) -> bool:
        return not self.ends_closed or name[at : at + 1] in ("", " ")


class Marks:
    """A set of rows that is cheap to fill and comes out in order, as far as anybody asks: a byte for each row."""

    def __init__(self, number: int) -> None:
        self.bytes = bytearray(number)

    def add(self, rows: Iterable[int]) -> None:
        marked = self.bytes
        for row in rows:
            marked[row] = 1

    def __iter__(self) -> Iterator[int]:
        row = self.bytes.find(1)
        while row >= 0:
            yield row
            row = self.bytes.find(1, row + 1)


class Ordered:
    """Names in the order of the alphabet, for what is so called and what begins so."""

    def __init__(self, names: Sequence[str], rows: Iterable[int]) -> None:
        self.names = names
        self.ordered = array("I", sorted(rows, key=names.__getitem__))

    def called(self, text: str) -> Sequence[int]:
        """Rows of just this name."""
        first = bisect_left(self.ordered, text, key=self.names.__getitem__)
        return self.ordered[first : bisect_right(self.ordered, text, lo=first, key=self.names.__getitem__)]

    def beginning(self, wording: Wording) -> Sequence[int]:
        """Rows whose name begins with the text."""
        first = bisect_left(self.ordered, wording.text, key=self.names.__getitem__)
        last = bisect_left(self.ordered, wording.text + AFTER_ALL, lo=first, key=self.names.__getitem__)
        rows = self.ordered[first:last]
        return [row for row in rows if wording.begins(self.names[row])] if wording.ends_closed else rows


class Words:
    """Rows by each word of their names."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        found: dict[str, array[int]] = defaultdict(lambda: array("I"))
        for row, name in enumerate(names):
            for word in set(name.split()):
                found[word].append(row)
        self.rows_of = dict(found)
        self.words = sorted(self.rows_of)

    def rarest(self, wording: Wording) -> list[array[int]]:
        """Rows in which the rarest of the words is found, in groups: all that can hold every word are among them."""
        groups = [self._groups(word, wording) for word in wording.words]
        return min(groups, key=lambda found: sum(map(len, found)), default=[])

    def _groups(self, word: str, wording: Wording) -> list[array[int]]:
        if word in wording.closed:
            return [self.rows_of[word]] if word in self.rows_of else []
        first, last = bisect_left(self.words, word), bisect_left(self.words, word + AFTER_ALL)
        return [self.rows_of[one] for one in self.words[first:last]]


class Lexicon:
    """Every snapshot of every day, the row numbers in the order of kind, length and name: lower is shown sooner."""

    def __init__(self, version: tuple[object, ...], rows: Iterable[Row], aliases: Iterable[tuple[str, int]]) -> None:
        self.version = version
        order = dict(Kind.objects.values_list("code", "order"))
        self.rows = sorted(rows, key=lambda row: (order.get(row[4], 0), len(row[6]), row[6], row[0]))
        self.units = array("Q", (row[1] for row in self.rows))
        every = range(len(self.rows))
        self.canon, self.fold, self.bare = ([row[place] for row in self.rows] for place in (5, 6, 7))
        self.beginnings = (
            Ordered(self.canon, every),
            Ordered(self.bare, (row for row in every if self.bare[row] != self.canon[row])),
            Ordered(self.fold, every),
        )
        self.canon_words, self.fold_words = Words(self.canon), Words(self.fold)
        self.aliases = sorted(aliases)
        aliased = {unit for _, unit in self.aliases}
        self.aliased: dict[int, list[int]] = defaultdict(list)
        for row, unit in enumerate(self.units):
            if unit in aliased:
                self.aliased[unit].append(row)

    def number(self, row: int) -> int:
        """The number of the snapshot in the record."""
        return self.rows[row][0]

    def stands(self, row: int, day: str) -> bool:
        return self.rows[row][2] <= day < self.rows[row][3]

    def kind(self, row: int) -> str:
        return self.rows[row][4]

    def named(self, canon: Wording, fold: Wording) -> set[int]:
        """Rows that are called so, in any spelling."""
        return {row for ordered in self.beginnings for text in {canon.text, fold.text} for row in ordered.called(text)}

    def beginning(self, canon: Wording, fold: Wording) -> Iterator[int]:
        """Rows whose name begins so, in any spelling; in order."""
        by_canon, by_bare, by_fold = self.beginnings
        marks = Marks(len(self.rows))
        for rows in (by_canon.beginning(canon), by_bare.beginning(canon), by_fold.beginning(fold)):
            marks.add(rows)
        return iter(marks)

    def holding(self, canon: Wording, fold: Wording) -> Iterator[int]:
        """Rows in which every word is found, in one spelling or the other; in order."""
        marks = Marks(len(self.rows))
        for words, wording in ((self.canon_words, canon), (self.fold_words, fold)):
            for rows in words.rarest(wording):
                marks.add(rows)
        for row in marks:
            if canon.everywhere(self.canon[row]) or fold.everywhere(self.fold[row]):
                yield row

    def called(self, text: str) -> Iterator[tuple[int, bool]]:
        """Rows of units with an alias that begins so, and whether that is all of the alias."""
        for alias, unit in self.aliases[bisect_left(self.aliases, (text,)) :]:
            if not alias.startswith(text):
                return
            yield from ((row, alias == text) for row in self.aliased[unit])

    def says(self, row: int, canon: Wording, fold: Wording) -> bool:
        """Whether the text stands inside the name as it was written."""
        return canon.inside(self.canon[row]) or fold.inside(self.fold[row])


class _Kept:
    """The lexicon of this process; one thread at a time renews it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.lexicon: Lexicon | None = None

    def get(self) -> Lexicon:
        version = _version()
        held = self.lexicon
        if held is not None and held.version == version:
            return held
        with self.lock:
            if self.lexicon is None or self.lexicon.version != version:
                self.lexicon = _renewed(self.lexicon, version)
            return self.lexicon

    def forget(self) -> None:
        with self.lock:
            self.lexicon = None


_kept = _Kept()
lexicon: Callable[[], Lexicon] = _kept.get
forget: Callable[[], None] = _kept.forget


HIGHEST = "SELECT (SELECT MAX(id) FROM orgs_snapshot), (SELECT MAX(id) FROM orgs_alias)"  # asked with every letter


def _in_transaction() -> bool:
    return connection.in_atomic_block


def _version() -> tuple[object, ...]:
    """Changes with every write of units. Inside a transaction numbers may be given again after it is taken back, so
    there the journal's last hash belongs to it."""
    with connection.cursor() as cursor:
        cursor.execute(HIGHEST)
        highest = cursor.fetchone()
    if not _in_transaction():
        return (connection.alias, *highest)
    newest = Event.objects.order_by("-seq").values_list("hash", flat=True).first()
    return (connection.alias, *highest, newest, connection.settings_dict["NAME"])


def _renewed(old: Lexicon | None, version: tuple[object, ...]) -> Lexicon:
    """Read what was written since, where that explains the record; else read everything."""
    aliases = list(Alias.objects.filter(near__isnull=True).values_list("fold", "unit_id"))
    if old is not None and not _in_transaction() and old.rows:
        fresh = _read(Snapshot.objects.filter(pk__gt=max(row[0] for row in old.rows)))
        touched = {row[1] for row in fresh}
        rows = [row for row in old.rows if row[1] not in touched] + fresh
        if len(rows) == Snapshot.objects.count():
            return Lexicon(version, rows, aliases)
    return Lexicon(version, _read(Snapshot.objects.all()), aliases)


def _read(snapshots) -> list[Row]:
    """Days as text (ISO), which compare like days and need not be parsed 60,000 times."""
    days = {"begins": Cast("start", CharField()), "ends": Cast("end", CharField())}
    fields = ("pk", "unit_id", "begins", "ends", "kind_id", "canon", "fold", "bare")
    same: dict[str, str] = {}
    return [
        (
            pk,
            unit,
            same.setdefault(start, start),
            same.setdefault(end, end),
            same.setdefault(kind, kind),
            canon,
            canon if fold == canon else fold,
            canon if bare == canon else bare,
        )
        for pk, unit, start, end, kind, canon, fold, bare in snapshots.annotate(**days).order_by().values_list(*fields)
    ]
