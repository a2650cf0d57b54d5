"""The page of two days side by side: counts by province first, then one unit after another inside one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from giaoban.core.text import sort_key
from giaoban.orgs import pages, queries
from giaoban.orgs.models import COUNTRY_ID, TERRITORY, Classing, Decision, Existence, Lineage, Link, Name, Snapshot
from giaoban.orgs.queries import between
from giaoban.orgs.queries.between import ENDED, FOUNDED, MOVED, RECLASSIFIED, RENAMED, WHATS, Difference
from giaoban.orgs.queries.tree import living

PAGE = 60


@dataclass(frozen=True)
class What:
    """One sort of change: its word in the address and on the screen, its shape and tone."""

    code: str
    address: str
    word: str | Promise
    icon: str
    tone: str


LOOKS = {
    FOUNDED: What(FOUNDED, "thanh-lap", _("Founded"), "flag", "good"),
    ENDED: What(ENDED, "ket-thuc", _("Ended"), "circle-x", "quiet"),
    RENAMED: What(RENAMED, "doi-ten", _("Renamed"), "pencil", "info"),
    RECLASSIFIED: What(RECLASSIFIED, "doi-loai", _("Other kind"), "shapes", "info"),
    MOVED: What(MOVED, "chuyen", _("Moved"), "corner-down-right", "warn"),
}
BY_ADDRESS = {look.address: code for code, look in LOOKS.items()}
LEVELS = {"province": _("Provinces and cities"), "district": _("Districts"), "commune": _("Communes and wards")}


@dataclass(frozen=True)
class Side:
    """One unit as it is on one of the days, with a link to it there."""

    name: str
    href: str
    kind: str = ""
    under: str = ""
    share: str = ""
    estimated: bool = False


@dataclass(frozen=True)
class Line:
    """One unit that changed: what it was, what happened, what it is, by which decision."""

    section: str
    whats: list[What]
    was: list[Side]
    now: list[Side]
    decisions: list[Decision]


@dataclass(frozen=True)
class Province:
    """A child of the whole, with how much changed below it."""

    name: str
    href: str
    counts: list[int]

    @property
    def whole(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Comparison:
    """Two days of one hierarchy, inside one unit; `chosen` keeps to one sort of change."""

    first: date
    second: date
    unit_id: int = COUNTRY_ID
    hierarchy: str = TERRITORY
    chosen: str = ""
    page: str | int = 1

    @cached_property
    def name(self) -> str:
        return queries.name(self.unit_id, self.second)

    @property
    def is_country(self) -> bool:
        return self.unit_id == COUNTRY_ID

    @cached_property
    def differences(self) -> list[Difference]:
        found = between.between(self.first, self.second, self.hierarchy)
        if self.is_country:
            return found
        before, after = between.scope(self.unit_id, self.first, self.second)
        units = between.inside(before, self.first, self.hierarchy) | between.inside(after, self.second, self.hierarchy)
        return [one for one in found if one.unit_id in units]

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(what for one in self.differences for what in one.what)

    @cached_property
    def totals(self) -> list[tuple[str | Promise, int, int]]:
        """How many areas of each level stood; only for the whole country."""
        if not self.is_country:
            return []
        return [(LEVELS[level], before, after) for level, before, after in between.totals(self.first, self.second)]

    @cached_property
    def provinces(self) -> list[Province]:
        """The whole country by province, where that says more than a list: each with a way inside."""
        if not self.is_country or self.chosen or self.hierarchy != TERRITORY:
            return []
        counts = between.by_child(self.differences, self.unit_id, self.first, self.second, self.hierarchy)
        names = between.names(counts, self.second)
        found = [
            Province(names[unit], self.href(trong=unit), [counts[unit][what] for what in WHATS]) for unit in counts
        ]
        return sorted(found, key=lambda one: sort_key(one.name)) if len(found) > 1 else []

    @property
    def looks(self) -> list[What]:
        return list(LOOKS.values())

    @cached_property
    def tabs(self) -> list[tuple[What, int, str, bool]]:
        """Sorts of change that happened: (what, how often, address, whether chosen)."""
        return [
            (look, self.counts[code], self.href(loai=look.address), code == self.sort)
            for code, look in LOOKS.items()
            if self.counts[code]
        ]

    @property
    def sort(self) -> str:
        """The sort of change that is listed: the one asked for, or the first there is."""
        if self.chosen or self.provinces:
            return self.chosen
        return next((what for what in WHATS if self.counts[what]), "")

    @cached_property
    def listed(self) -> Page:
        rows = [one for one in self.differences if self.sort in one.what]
        labels = self._labels(rows)
        rows.sort(key=lambda one: labels[one.unit_id])
        return Paginator(rows, PAGE).get_page(self.page)

    def _labels(self, rows: Sequence[Difference]) -> dict[int, tuple[object, ...]]:
        """What rows are ordered by: areas before offices and schools, then the parent's name, the kind, their own.

        Names without accents here: keys of the alphabet for ten thousand communes would take longer than the page.
        """
        kinds = {kind.code: (kind.family != "area", kind.order) for kind in queries.kinds()}
        called: dict[int, tuple[str, str]] = {}
        for day in (self.first, self.second):
            stood = living(day).values_list("unit_id", "fold", "kind_id")
            called.update({unit: (name, kind) for unit, name, kind in stood})

        def label(one: Difference) -> tuple[object, ...]:
            name, kind = called[one.unit_id]
            outside, order = kinds[kind]
            above = called.get(one.parent_now or one.parent_was or 0, ("", ""))[0]
            return outside, above, order, name

        return {one.unit_id: label(one) for one in rows}

    @cached_property
    def lines(self) -> list[Line]:
        return _lines(self, list(self.listed))

    def href(self, **changes: object) -> str:
        """The address of this view with something changed; without the page."""
        wanted = {
            "tu": self.first.isoformat(),
            "den": self.second.isoformat(),
            "trong": "" if self.is_country else self.unit_id,
            "he": "" if self.hierarchy == TERRITORY else self.hierarchy,
            "loai": LOOKS[self.chosen].address if self.chosen else "",
        } | changes
        if wanted.get("trong") == COUNTRY_ID:
            wanted["trong"] = ""
        return f"{reverse('orgs:between')}?{urlencode({key: value for key, value in wanted.items() if value})}"


# ---- the lines of one page --------------------------------------------------------------------------------------


def _lines(asked: Comparison, rows: list[Difference]) -> list[Line]:
    """One page of lines, with the same few queries however long it is."""
    units = [one.unit_id for one in rows]
    was, now = _called(units, asked.first), _called(units, asked.second)
    made_of, became = _lineage(units, asked, "successor"), _lineage(units, asked, "predecessor")
    parents = between.names({unit for one in rows for unit in (one.parent_was, one.parent_now) if unit}, asked.second)
    decisions = _decisions(units, asked)
    return [
        Line(
            section=parents.get(one.parent_now or one.parent_was or 0, ""),
            whats=[LOOKS[what] for what in WHATS if what in one.what],
            was=_sides(one.unit_id, one.parent_was, was, made_of, parents, asked.first),
            now=_sides(one.unit_id, one.parent_now, now, became, parents, asked.second),
            decisions=decisions.get(one.unit_id, []),
        )
        for one in rows
    ]


def _called(units: list[int], day: date) -> dict[int, Snapshot]:
    return {row.unit_id: row for row in living(day).filter(unit__in=units).select_related("kind")}


def _lineage(units: list[int], asked: Comparison, side: str) -> dict[int, list[Side]]:
    """For each unit the other ends of its lineage between the two days, named where they stand."""
    other, day = ("predecessor", asked.first) if side == "successor" else ("successor", asked.second)
    between_days = Lineage.objects.filter(on__gt=asked.first, on__lte=asked.second)
    rows = list(between_days.filter(**{f"{side}__in": units}).order_by("-main", "pk"))
    called = _called([getattr(row, f"{other}_id") for row in rows], day)
    rows = [row for row in rows if getattr(row, f"{other}_id") in called]
    rows.sort(key=lambda row: -called[getattr(row, f"{other}_id")].kind.order)  # communes before their district
    found: dict[int, list[Side]] = {}
    for row in rows:
        end = called[getattr(row, f"{other}_id")]
        share = "" if row.numerator == row.denominator else f"{row.numerator}/{row.denominator}"
        where = pages.address(end.unit_id, end.name, ngay=day.isoformat())
        side_of = Side(end.name, where, share=share, estimated=row.estimated)
        found.setdefault(getattr(row, f"{side}_id"), []).append(side_of)
    return found


def _sides(
    unit: int,
    parent: int | None,
    called: dict[int, Snapshot],
    others: dict[int, list[Side]],
    parents: dict[int, str],
    day: date,
) -> list[Side]:
    """The unit itself where it stands on the day, else what it was made of or became."""
    row = called.get(unit)
    if row is None:
        return others.get(unit, [])
    where = pages.address(unit, row.name, ngay=day.isoformat())
    return [Side(row.name, where, row.kind.name, parents.get(parent or 0, ""))]


def _decisions(units: list[int], asked: Comparison) -> dict[int, list[Decision]]:
    """The decisions of the dated rows between the days, each once, in the order of days."""
    found: dict[int, dict[int, Decision]] = {}
    for table in (Existence, Name, Classing, Link):
        rows = table.objects.filter(unit__in=units, start__gt=asked.first, start__lte=asked.second)
        for row in rows.exclude(decision=None).select_related("decision").order_by("start"):
            found.setdefault(row.unit_id, {})[row.decision_id] = row.decision
    return {unit: list(decisions.values()) for unit, decisions in found.items()}
