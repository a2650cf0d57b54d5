"""Which unit a line of a table means: by code or name, with and without accents, as of the data day of its period.

Names are compared without accents, spaces and kind words, k and c alike ("Đắc Lắc", "Dak Lak"); former and later names
of a unit that stood on the day count too. What a person confirmed once is known from then on (`models.Meaning`).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Q

from giaoban import catalogue
from giaoban.core.text import fold
from giaoban.intake import cells
from giaoban.orgs import queries as orgs
from giaoban.orgs import spelling
from giaoban.orgs.models import MANAGEMENT, TERRITORY, Alias, Closure, Code, Lineage, Snapshot

UNIT, WHOLE, REGION, LEFT, UNKNOWN, NOT_THEN, SEVERAL = (
    "unit", "total", "region", "skip", "unknown", "not_then", "several",
)  # fmt: skip
LEVELS = ("province", "district", "commune", "school")
NEAR = 0.8
KIND_WORDS = re.compile(
    r"^(?:(?:ubnd|tinh|tp|huyen|quan|thi xa|xa|phuong|thi tran|dac khu|thanh pho|province of|city of|truong|t\.?p) )+"
)
ENGLISH_KINDS = re.compile(r" (?:city|province|municipality|district|commune|ward|town|school)$")
ALSO = {  # as people shorten or misspell them, squeezed
    "hochiminh": ("hcm", "tphcm", "hcmc", "saigon", "hochiminhcity", "hcmcity"),
    "bariavungtau": ("brvt", "vungtau", "bariavt"),
    "thuathienhue": ("tthue", "hue", "thuathien"),
}
REGIONS = {  # English name of the catalogue → how tables write it
    "Red River Delta": ("dong bang song hong", "red river delta"),
    "Northern midlands and mountain areas": (
        "trung du va mien nui phia bac", "northern midlands and mountain areas", "northern midlands and mountains",
        "trung du va mien nui bac bo",
    ),
    "Northern Central area and Central coastal area": (
        "bac trung bo va duyen hai mien trung", "northern central area and central coastal area",
        "north central and central coastal area", "north central area and central coastal area",
        "northern central and central coastal areas", "bac trung bo va duyen hai trung bo",
    ),
    "Central Highlands": ("tay nguyen", "central highlands"),
    "South East": ("dong nam bo", "south east", "southeast"),
    "Mekong River Delta": ("dong bang song cuu long", "mekong river delta", "mekong delta"),
}  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """A unit a name may mean."""

    unit_id: int
    name: str
    path: str
    likeness: int  # of 100


@dataclass(frozen=True)
class Found:
    """What a line's name means: a unit, a total, a region, nothing; or not known, with what it may mean."""

    kind: str
    unit_id: int = 0
    candidates: tuple[int, ...] = ()


def squeeze(text: str) -> str:
    """Letters and digits only, sounds that are written two ways alike."""
    words = re.sub(r"[^a-z0-9]", "", text)
    words = re.sub(r"c(?!h)", "k", words)
    return words.replace("y", "i")


@lru_cache(maxsize=100_000)
def keys(text: str) -> tuple[str, ...]:
    """Every way to compare a name, the fullest first: with and without the words of its kind."""
    found: list[str] = []
    for part in cells.halves(cells.MARKS.sub("", text)):
        words = re.sub(r"^\s*(?:[-+•*]\s*|(?:\d{1,3}|[IVX]{1,5})\s*[.)/]\s+)", "", part)
        canon = spelling.canon(words)
        plain = KIND_WORDS.sub("", canon)
        english = ENGLISH_KINDS.sub("", plain)
        found += [canon, plain, english]
    return tuple(dict.fromkeys(squeeze(one) for one in found if one))


def level_of(snapshot: Snapshot) -> str:
    family, level = snapshot.kind.family, snapshot.kind.level
    if family == "area":
        return level
    return "school" if family in ("school", "centre") else ""


@dataclass
class _Day:
    """The units of one day by code and by name."""

    by_code: dict[str, int] = field(default_factory=dict)
    by_name: dict[str, dict[int, int]] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    full: dict[int, str] = field(default_factory=dict)


class Finder:
    """Finds units of some levels below some unit; remembers what it found. `known` are confirmed meanings."""

    def __init__(self, *, level: str, under: int | None, known: Mapping[str, str] | None = None, today: date) -> None:
        self.level, self.under, self.today = level, under, today
        self.known = dict(known or {})
        self.days: dict[date, _Day] = {}
        self.found: dict[tuple[str, str, str, date], Found] = {}
        self.above: dict[tuple[int, date], frozenset[str]] = {}

    def find(self, name: str, code: str = "", place: str = "", on: date | None = None) -> Found:
        """What the line means on the day."""
        day = on or self.today
        asked = (name, code, place, day)
        if asked not in self.found:
            self.found[asked] = self._find(name, code, place, day)
        return self.found[asked]

    def _find(self, name: str, code: str, place: str, on: date) -> Found:
        confirmed = self.known.get(cells.plain(name) or cells.plain(code))
        if confirmed:
            return self._confirmed(confirmed, on)
        day = self.day(on)
        if code and (
            unit := day.by_code.get(code) or day.by_code.get(code.lstrip("0")) or day.by_code.get(code.zfill(2))
        ):
            return Found(UNIT, unit)
        if not name.strip():
            return Found(LEFT) if not code else Found(UNKNOWN)
        if cells.is_total(name):
            return Found(WHOLE)
        if region(name):
            return Found(REGION)
        hits = self._named(day, name)
        if len(hits) > 1 and place:
            hits = [unit for unit in hits if self._lies_in(unit, place, on)] or hits
        if len(hits) == 1:
            return Found(UNIT, hits[0])
        if len(hits) > 1:
            return Found(SEVERAL, candidates=tuple(hits[:8]))
        return self._unknown(name, on)

    def _confirmed(self, meaning: str, on: date) -> Found:
        kind, _, number = meaning.partition(":")
        if kind != UNIT:
            return Found(kind)
        unit = int(number)
        if orgs.exists(unit, on):
            return Found(UNIT, unit)
        return Found(NOT_THEN, unit)

    def _unknown(self, name: str, on: date) -> Found:
        """Of another day, a region by its sound, or nothing that is known."""
        for other in sorted(set(self.days) | {self.today}, key=lambda one: abs((one - on).days)):
            if other != on and len(hits := self._named(self.day(other), name)) == 1:
                return Found(NOT_THEN, hits[0])
        if cells.is_region(name):
            return Found(REGION)
        return Found(UNKNOWN)

    def _named(self, day: _Day, name: str) -> list[int]:
        """Units that bear the name; those that bear it fully before those that bear it in part."""
        for wanted in keys(name):
            hits = day.by_name.get(wanted, {})
            if hits:
                best = max(hits.values())
                return sorted(unit for unit, weight in hits.items() if weight == best)
        return []

    def _lies_in(self, unit: int, place: str, on: date) -> bool:
        if (unit, on) not in self.above:
            above = Closure.objects.filter(
                hierarchy__in=(TERRITORY, MANAGEMENT), descendant=unit, depth__gt=0, start__lte=on, end__gt=on
            )
            names = orgs.living(on).filter(unit__in=above.values("ancestor")).values_list("name", flat=True)
            self.above[unit, on] = frozenset(key for one in names for key in keys(one))
        return bool(self.above[unit, on] & set(keys(place)))

    # What may be meant

    def candidates(self, name: str, on: date | None = None, most: int = 5) -> list[Candidate]:
        """Units whose names are like it, the likest first."""
        on = on or self.today
        day = self.day(on)
        scores: dict[int, int] = {}
        for wanted in keys(name):
            for close in difflib.get_close_matches(wanted, day.by_name, n=8, cutoff=0.6):
                score = round(difflib.SequenceMatcher(None, wanted, close).ratio() * 100)
                for unit in day.by_name[close]:
                    scores[unit] = max(scores.get(unit, 0), score)
        best = sorted(scores, key=lambda unit: (-scores[unit], day.names.get(unit, "")))[:most]
        return [Candidate(unit, day.full.get(unit, ""), orgs.path_text(unit, on), scores[unit]) for unit in best]

    def share(self, texts: Sequence[str]) -> float:
        """Which part of the texts names units, totals or regions."""
        if not texts:
            return 0.0
        return sum(self.find(text).kind in (UNIT, WHOLE, REGION, SEVERAL, NOT_THEN) for text in texts) / len(texts)

    # The units of a day

    def day(self, on: date) -> _Day:
        if on not in self.days:
            self.days[on] = self._read(on)
        return self.days[on]

    def _read(self, on: date) -> _Day:
        day = _Day()
        rows = list(self._rows(on))
        units = {row.unit_id for row in rows}
        for row in rows:
            day.names[row.unit_id], day.full[row.unit_id] = row.fold, row.name
            for text in filter(None, (row.name, row.body_name, row.short_name)):
                self._name(day, text, row.unit_id, 3)
        few = len(units) < 30_000
        for unit, text in Alias.objects.filter(**({"unit__in": units} if few and units else {})).values_list(
            "unit_id", "text"
        ):
            if unit in units:
                self._name(day, text, unit, 2)
        others = Snapshot.objects.exclude(start__lte=on, end__gt=on)
        others = others.filter(unit__in=units) if len(units) < 900 else others
        for unit, text in others.values_list("unit_id", "name"):
            if unit in units:
                self._name(day, text, unit, 1)
        newest: dict[tuple[int, str], tuple[date, str]] = {}
        codes = Code.objects.filter(start__lte=on)
        codes = codes.filter(unit__in=units) if len(units) < 900 else codes
        for unit, scheme, start, code in codes.values_list("unit_id", "scheme", "start", "code"):
            if unit in units and (start, code) >= newest.get((unit, scheme), (date.min, "")):
                newest[unit, scheme] = (start, code)
        for (unit, _scheme), (_start, code) in newest.items():
            day.by_code.setdefault(code, unit)
            day.by_code.setdefault(code.lstrip("0") or code, unit)
        return day

    def _name(self, day: _Day, text: str, unit: int, weight: int) -> None:
        for place, key in enumerate(keys(text)):
            for one in (key, *(squeeze(also) for also in ALSO.get(_unsqueezed(key), ()))):
                held = day.by_name.setdefault(one, {})
                held[unit] = max(held.get(unit, 0), weight * 10 - place)

    def _rows(self, on: date) -> Iterable[Snapshot]:
        living = orgs.living(on).select_related("kind")
        area = Q(kind__family="area", kind__level=self.level)
        schools = Q(kind__family__in=["school", "centre"])
        if self.level in ("province", ""):
            found = living.filter(area if self.level else Q(kind__family="area", kind__level="province"))
            if self.level:
                return found
        wanted = {"school": schools, "": area | schools | Q(kind__family="area", kind__level__in=LEVELS)}.get(
            self.level, area
        )
        found = living.filter(wanted)
        if self.under is None:
            return found
        roots = _of_that_day(self.under, on)
        below = Closure.objects.filter(
            hierarchy__in=(TERRITORY, MANAGEMENT), ancestor__in=roots, start__lte=on, end__gt=on
        ).values("descendant")
        own = found.filter(unit__in=below)
        if self.level:
            return own
        provinces = living.filter(kind__family="area", kind__level="province")
        return {row.pk: row for row in [*provinces, *own]}.values()


def _unsqueezed(key: str) -> str:
    """The key of ALSO that a squeezed name stands for."""
    return _ALSO_KEYS.get(key, "")


_ALSO_KEYS = {squeeze(name): name for name in ALSO}


def _of_that_day(unit: int, on: date) -> set[int]:
    """The unit, and those it was made of, that stood on the day."""
    found, wanted = {unit}, {unit}
    for _ in range(5):
        wanted = set(Lineage.objects.filter(successor__in=wanted, on__gt=on).values_list("predecessor_id", flat=True))
        if not wanted - found:
            break
        found |= wanted
    return found


def above(unit_id: int, level: str, on: date) -> int | None:
    """The area of that level an office or area belongs to."""
    rows = Closure.objects.filter(
        hierarchy__in=(TERRITORY, MANAGEMENT), descendant=unit_id, start__lte=on, end__gt=on
    ).order_by("depth")
    areas = orgs.living(on).filter(kind__family="area", kind__level=level).values("unit_id")
    return rows.filter(ancestor__in=areas).values_list("ancestor_id", flat=True).first()


# Regions


def region(name: str) -> str:
    """The region of the statistics office a name says, in the catalogue's words; "" for any other name."""
    for part in cells.halves(name):
        found = _region_names().get(cells.plain(part))
        if found:
            return found
    return ""


@lru_cache(maxsize=1)
def _region_names() -> dict[str, str]:
    return {name: region for region, names in REGIONS.items() for name in names}


@lru_cache(maxsize=1)
def region_codes() -> dict[str, frozenset[str]]:
    """{region: codes of its provinces}"""
    found: dict[str, set[str]] = {}
    for row in catalogue.rows("gso/areas.csv"):
        found.setdefault(row["region"], set()).add(row["code"])
    return {region: frozenset(codes) for region, codes in found.items()}


def members_of(name: str, finder: Finder, on: date) -> frozenset[int]:
    """The provinces of a region of the statistics office on the day; empty for other names."""
    codes = region_codes().get(region(name), frozenset())
    day = finder.day(on)
    return frozenset(day.by_code[code] for code in codes if code in day.by_code)


def best_level(texts: Sequence[str], *, under: int | None, today: date, days: Sequence[date]) -> tuple[str, float]:
    """The level most of the names stand at, on one of the days: old provinces for old years."""
    names = [text for text in texts if not cells.is_total(text) and not region(text)][:300]
    scored: list[tuple[float, str]] = []
    for level in LEVELS:
        for day in days:
            finder = Finder(level=level, under=under, today=day)
            scored.append((finder.share(names), level))
    best = max(scored, key=lambda pair: (pair[0], -LEVELS.index(pair[1])), default=(0.0, ""))
    return (best[1], best[0]) if best[0] >= 0.2 else ("", best[0])


__all__: Any = [
    "LEFT", "NOT_THEN", "REGION", "SEVERAL", "UNIT", "UNKNOWN", "WHOLE", "Candidate", "Finder", "Found", "above",
    "best_level", "fold", "members_of", "region",
]  # fmt: skip
