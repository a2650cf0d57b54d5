"""Which indicator, unit and period a figure of a text is about: offered best first, the plain ones marked as sure.

Nothing is guessed from a number: only from the words around it, the head of the document, and who issued it. The same
text gives the same offers, and a whole text is matched with a fixed number of queries.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from giaoban.analytics.queries import ELEMENT
from giaoban.core import period as periods
from giaoban.core.period import Kind, Period
from giaoban.core.text import fold, nfc
from giaoban.desk.comparing.places import Places
from giaoban.desk.comparing.said import MONEY, Said
from giaoban.indicators import queries as indicators
from giaoban.indicators.models import Element, Indicator
from giaoban.orgs import spelling

SURE = 85  # how much of an indicator's name must stand beside the figure
AHEAD = 10  # and how far before the next indicator
LEAST = 60
OFFERED = 5
GSO = "gso_"  # figures the statistics office printed: another series, never compared unasked

_COMMON = frozenset(
    ["ty", "le", "ti", "so", "cac", "cua", "va", "theo", "tren", "co", "duoc", "la", "cap", "muc", "tong"]
)
_LEVELS = ("mn", "mg", "nha tre", "th", "thcs", "thpt", "gdtx", "gdnn", "nu", "dtts", "lop \\d+", "\\d+ tuoi")
_LEVEL = re.compile(r"\b(?:" + "|".join(_LEVELS) + r")\b")
_SYNONYMS = ((re.compile(r"\bdan toc thieu so\b"), "dtts"), (re.compile(r"\bpcgd\b"), "pho cap"))


@dataclass(frozen=True)
class Guess:
    """One way to understand a part; `sure` where nothing else is likely."""

    value: str
    label: str
    sure: bool = False


@dataclass(frozen=True)
class Offer:
    """What a figure may be about."""

    said: Said
    indicators: tuple[Guess, ...] = ()
    units: tuple[Guess, ...] = ()
    periods: tuple[Guess, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether all three are plain enough to compare before anybody looked."""
        return all(part and part[0].sure for part in (self.indicators, self.units, self.periods))

    @property
    def likely(self) -> bool:
        """Whether there is something to offer at all."""
        return bool(self.indicators and self.units and self.periods)

    @property
    def best(self) -> tuple[str, int, str]:
        return self.indicators[0].value, int(self.units[0].value), self.periods[0].value


@dataclass
class Matcher:
    """The figures of one text. `near` is who issued it, or who reads it; `issued` whether that was said by the text."""

    text: str
    said: Sequence[Said]
    day: date
    near: int | None
    issued: bool = True
    head: str = ""

    @cached_property
    def places(self) -> Places:
        return Places.read(self.text, self.day, self.near)

    @cached_property
    def entries(self) -> list[_Entry]:
        return [_Entry.of(one) for one in indicators.indicators() if not one.code.startswith(GSO)]

    @cached_property
    def counted(self) -> list[_Entry]:
        """Elements, for what no indicator says: "Số lớp học 2 buổi/ngày"."""
        return [_Entry.of(one) for one in indicators.elements() if not one.code.startswith(GSO) and not one.retired]

    @cached_property
    def held_periods(self) -> list[str]:
        """Codes of the periods of which any figure counts."""
        return indicators.period_codes()

    @cached_property
    def head_periods(self) -> list[Period]:
        return mentioned(self.head, self.day)

    def offers(self) -> list[Offer]:
        return [self.offer(one) for one in self.said]

    def offer(self, one: Said) -> Offer:
        """The offers for one figure."""
        sentence = self._sentence(one)
        clause = self._clause(one, sentence)
        found = self.likely(self.places.blanked(self.text, *clause), one)
        if not found:  # "xã A đạt tỷ lệ chuyên cần 98%; xã B 97%": said once for all of the sentence
            found = [replace(each, sure=False) for each in self.likely(self.places.blanked(self.text, *sentence), one)]
        return Offer(one, tuple(found), tuple(self._units(one, sentence)), tuple(self._periods(one, sentence)))

    # what it is a figure of

    def likely(self, words: str, one: Said) -> list[Guess]:
        """Indicators whose telling words stand beside the figure and whose measure is the figure's."""
        there = _telling(words)
        levels = set(_LEVEL.findall(there))
        near = set(there.split())
        found = self._ranked(self.entries, levels, near, one)
        if one.percent or (found and found[0].sure):
            return found
        return [*found, *self._ranked(self.counted, levels, near, one)][:OFFERED]

    def _ranked(self, entries: Sequence[_Entry], levels: set[str], near: set[str], one: Said) -> list[Guess]:
        scored = []
        for entry in entries:
            if entry.words and entry.measures(one):
                missing = sum(word not in near for word in entry.words) / len(entry.words)
                wrong = bool(levels - entry.levels) + bool(entry.levels - levels)
                score = round(100 * (1 - missing)) - 20 * wrong
                if score >= LEAST:
                    scored.append((score, len(entry.words), entry))
        scored.sort(key=lambda row: (-row[0], -row[1], row[2].code))
        best = scored[0][0] if scored else 0
        next_ = next((row for row in scored[1:] if row[1] >= scored[0][1] or row[0] > best - AHEAD), None)
        clear = next_ is None or best - next_[0] >= AHEAD
        return [
            Guess(entry.code, entry.name, sure=not place and clear and best >= SURE)
            for place, (_score, _size, entry) in enumerate(scored[:OFFERED])
        ]

    def _clause(self, one: Said, sentence: tuple[int, int]) -> tuple[int, int]:
        """The words that belong to the figure: from the figure before it to the figure after it."""
        start, end = sentence
        for other in self.said:
            if start <= other.start and other.end <= one.start:
                start = max(start, other.end)
            if one.end <= other.start < end:
                end = other.start
        # What follows a figure belongs to the next one, if there is one: "tỷ lệ A 5%; tỷ lệ B 6%".
        cut = re.search(r"[;,.]|\n| và ", self.text[one.end : end])
        return start, one.end + (cut.start() if cut else end - one.end)

    @cached_property
    def _stops(self) -> list[tuple[int, int]]:
        return [hit.span() for hit in _STOP.finditer(self.text)]

    def _sentence(self, one: Said) -> tuple[int, int]:
        before = max((end for _start, end in self._stops if end <= one.start), default=0)
        return before, next((start for start, _end in self._stops if start >= one.end), len(self.text))

    # whose figure it is

    def _units(self, one: Said, sentence: tuple[int, int]) -> list[Guess]:
        """Units named in the sentence, the nearest before the figure first; else what the issuer serves."""
        named = self.places.within(*sentence)
        before = [each for each in reversed(named) if each.start < one.end]
        after = [each for each in named if each.start >= one.end]
        found = list(dict.fromkeys(unit for each in [*before, *after] for unit in each.units))
        plain = (bool(before) and len(before[0].units) == 1) or len(found) == 1
        whole = self.places.whole(self.text[sentence[0] : one.end])
        if whole and not before:
            found, plain = [whole, *(unit for unit in found if unit != whole)], True
        if not found:
            plain = self.issued and self.places.served is not None
        plain = plain and self.places.plain(sentence[0], one.end)
        served = [unit for unit in self.places.chain if unit not in found]
        order = [*found, *([self.places.served] if self.places.served in served else []), *served]
        unique = list(dict.fromkeys(order))[: OFFERED + 1]
        return [Guess(str(unit), self.places.name(unit), sure=not place and plain) for place, unit in enumerate(unique)]

    # of which time

    def _periods(self, one: Said, sentence: tuple[int, int]) -> list[Guess]:
        """Periods the sentence names, or the heading over it, or the document's title; else those around its day."""
        spoken = mentioned(self.text[sentence[0] : sentence[1]], self.day)
        spoken = spoken or self._over(one) or self.head_periods
        around = _around(self.day)
        if spoken and spoken[0].kind is Kind.SCHOOL_YEAR:
            first = periods.parse(spoken[0].code).start.year
            around = [*(periods.school_year(first, kind) for kind in _ENDS), *around]
        found = list(dict.fromkeys([*spoken, *around]))
        held = set(self.held_periods)
        if not (spoken and spoken[0].code in held):
            found.sort(key=lambda each: each.code not in held)
        plain = len(spoken) == 1 and spoken[0] == found[0] and found[0].code in held
        return [
            Guess(each.code, each.label, sure=not place and plain) for place, each in enumerate(found[: OFFERED + 3])
        ]

    def _over(self, one: Said) -> list[Period]:
        """What the nearest heading above that speaks of a period says, within the same page."""
        above = self.text[max(0, one.start - 1500) : one.start]
        for line in reversed(above.splitlines()):
            heading = len(line) <= 160 and "%" not in line and not line.rstrip().endswith((".", ";", ","))
            if heading and (found := mentioned(line, self.day)):
                return found
        return []


@dataclass(frozen=True)
class _Entry:
    """An indicator as the matcher compares it."""

    code: str
    name: str
    unit: str
    words: frozenset[str]
    levels: frozenset[str]

    @classmethod
    def of(cls, one: Indicator | Element) -> _Entry:
        words = _telling(one.name)
        own = frozenset(word for word in words.split() if word not in _COMMON)
        code = one.code if isinstance(one, Indicator) else f"{ELEMENT}{one.code}"
        return cls(code, one.name, one.unit, own, frozenset(_LEVEL.findall(words)))

    def measures(self, one: Said) -> bool:
        """Whether the figure is counted in what the indicator counts."""
        mine, theirs = fold(self.unit), fold(one.measure)
        if "%" in (mine, theirs):
            return mine == theirs
        if mine in MONEY or theirs in MONEY:
            return mine in MONEY and theirs in MONEY
        people = {"nguoi", "hoc sinh", "tre", "giao vien", "vien chuc", "tre em", "dang vien"}
        return mine == theirs or theirs.startswith(f"{mine} ") or (mine == "nguoi" and theirs in people)


_STOP = re.compile(r"[.!?]\s+(?=[^\W\d_a-zà-ỹđ]|[-+•*])|\n\s*\n|\n(?=\s*(?:[-+•*]|\d+[.)]|[a-zđ]\)))|;\s*\n|\.\n")
_ENDS = (Kind.SCHOOL_YEAR_END, Kind.SEMESTER_1, Kind.SEMESTER_2, Kind.SCHOOL_YEAR_START)
_YEARS = r"(?P<a>20\d\d)\s?[-–/]\s?(?P<b>20\d\d)"
_MENTIONS = re.compile(
    rf"\bhoc k[yi] (?P<hk>ii|i|2|1)\b(?:,? (?:cua )?nam hoc {_YEARS})?"
    rf"|\b(?P<end>dau|cuoi) nam hoc {_YEARS.replace('<a>', '<c>').replace('<b>', '<d>')}"
    rf"|\bnam hoc {_YEARS.replace('<a>', '<e>').replace('<b>', '<f>')}"
    r"|\bthang (?P<m>\d{1,2})(?:[/.-]| nam )(?P<my>20\d\d)"
    r"|\bquy (?P<q>iv|iii|ii|i|[1-4])(?:[/.-]| nam )(?P<qy>20\d\d)"
    r"|(?<!thang )\b(?P<half>6 thang dau|6 thang cuoi) nam (?P<hy>20\d\d)"
    r"|(?<!ngay )\bnam (?P<y>20\d\d)\b(?!\s?[-–/]\s?20)"
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}


def mentioned(text: str, day: date) -> list[Period]:
    """The periods a text names, in its order, each once."""
    found: list[Period] = []
    for hit in _MENTIONS.finditer(fold(nfc(text)).replace("\n", " ")):
        try:
            found.append(_period(hit, day))
        except ValueError:
            continue  # "tháng 13/2026", a school year of three
    return list(dict.fromkeys(found))


def _period(hit: re.Match[str], day: date) -> Period:
    if hit["hk"]:
        kind = Kind.SEMESTER_1 if _ROMAN[hit["hk"]] == 1 else Kind.SEMESTER_2
        first = int(hit["a"]) if hit["a"] else periods.on_day(Kind.SCHOOL_YEAR, day).start.year
        return _school(first, hit["b"], kind)
    if hit["end"]:
        return _school(int(hit["c"]), hit["d"], Kind.SCHOOL_YEAR_START if hit["end"] == "dau" else Kind.SCHOOL_YEAR_END)
    if hit["e"]:
        return _school(int(hit["e"]), hit["f"], Kind.SCHOOL_YEAR)
    if hit["m"]:
        return periods.month(int(hit["my"]), int(hit["m"]))
    if hit["q"]:
        return periods.quarter(int(hit["qy"]), _ROMAN[hit["q"]])
    if hit["half"]:
        return periods.half_year(int(hit["hy"]), 1 if hit["half"].endswith("dau") else 2)
    return periods.calendar_year(int(hit["y"]))


def _school(first: int, second: str | None, kind: Kind) -> Period:
    if second is not None and int(second) != first + 1:
        raise ValueError("no school year")
    return periods.school_year(first, kind)


def _around(day: date) -> list[Period]:
    """Periods a figure of that day may be about: the latest semester, the ends of the school year, the year itself."""
    year = periods.on_day(Kind.SCHOOL_YEAR, day).start.year
    kinds = (Kind.SEMESTER_1, Kind.SCHOOL_YEAR_START, Kind.SCHOOL_YEAR, Kind.SEMESTER_2, Kind.SCHOOL_YEAR_END)
    found = [periods.school_year(year, kind) for kind in kinds]
    later = [each for each in found if each.start <= day]
    return [*later, *(each for each in found if each not in later), periods.on_day(Kind.CALENDAR_YEAR, day)]


def _telling(text: str) -> str:
    """Words as they are compared, without the periods, which name no indicator."""
    words = _MENTIONS.sub(" ", fold(nfc(text)).replace("\n", " "))
    words = spelling.canon(words)
    for pattern, short in _SYNONYMS:
        words = pattern.sub(short, words)
    return words
