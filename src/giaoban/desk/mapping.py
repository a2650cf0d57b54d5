"""The map: one indicator in one period, on the provinces of the country or the communes of a province or of all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from giaoban.analytics import queries as analytics
from giaoban.analytics.queries import Answer
from giaoban.core.text import sort_key
from giaoban.desk import geography, overview
from giaoban.desk.context import address
from giaoban.desk.overview import Wanted
from giaoban.indicators import queries as indicators
from giaoban.indicators.models import Indicator
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import COUNTRY_ID, TERRITORY, Closure, Snapshot
from giaoban.people import queries as people
from giaoban.ui.maps import Class, Classes, Place, PointMap

PROVINCES, COMMUNES = "tinh", "xa"
LEVELS = {PROVINCES: "province", COMMUNES: "commune"}
LEVEL_WORDS: dict[str, Promise] = {PROVINCES: gettext_lazy("by province"), COMMUNES: gettext_lazy("by commune")}
MOST = 4000
"""More points than this are not drawn at once: before July 2025 the country had 10,000 communes."""


@dataclass(frozen=True)
class Row:
    """One place as the table shows it."""

    unit_id: int
    name: str
    where: str
    href: str
    answer: Answer
    found: Class | None
    placed: bool

    @property
    def shown(self) -> overview.Row:
        """The same as the overview writes it: counts, reason."""
        return overview.Row(self.name, self.href, self.answer, "none")


@dataclass(frozen=True)
class MapLook:
    """One view of the map; `wanted.unit_id` is the country or a province, `level` what the points are."""

    actor: Actor
    on: date
    wanted: Wanted
    level: str

    @cached_property
    def look(self) -> overview.Look:
        return overview.Look(self.actor, self.on, self.wanted)

    @property
    def day(self) -> date:
        return self.look.day

    @cached_property
    def is_country(self) -> bool:
        return self.wanted.unit_id == COUNTRY_ID

    @cached_property
    def name(self) -> str:
        return orgs.name(self.wanted.unit_id, self.day)

    @cached_property
    def country(self) -> str:
        return orgs.name(COUNTRY_ID, self.day)

    @property
    def country_href(self) -> str:
        return self.href(unit_id=COUNTRY_ID, level=PROVINCES)

    @cached_property
    def indicator(self) -> Indicator | None:
        """The one asked for; else the first with a plan or a value here, or where this person starts from."""
        chosen = self.look.catalogue.get(self.wanted.indicator)
        if chosen:
            return chosen
        start = overview.default_unit(self.actor, self.on)
        return self._first_known(self.wanted.unit_id) or self._first_known(start)

    def _first_known(self, unit_id: int) -> Indicator | None:
        if not overview.may_look(self.actor, unit_id, self.on, self.day):
            return None
        return overview.Look(self.actor, self.on, replace(self.wanted, unit_id=unit_id)).indicator

    @cached_property
    def units(self) -> list[Snapshot]:
        """The places of the level that stand on the day and that this person may look at."""
        below = orgs.descendants(self.wanted.unit_id, TERRITORY, self.day)
        areas = orgs.living(self.day).filter(kind__family="area", kind__level=LEVELS[self.level])
        every = list(areas.filter(unit__in=below).order_by("fold"))
        seen = people.in_sight(self.actor, "figure.view", [row.unit_id for row in every], self.on, self.day)
        return [row for row in every if row.unit_id in seen]

    @cached_property
    def too_many(self) -> int:
        """How many places there are, where they are too many to draw."""
        return len(self.units) if len(self.units) > MOST else 0

    @cached_property
    def answers(self) -> list[Answer]:
        if self.indicator is None or self.too_many:
            return []
        units = [row.unit_id for row in self.units]
        wanted = self.wanted
        return analytics.ask(
            [self.indicator.code], units, [wanted.period], on=self.on, map=wanted.map, series=wanted.series, steps=False
        )

    @cached_property
    def classes(self) -> Classes:
        return Classes([one.printed for one in self.answers if one.printed is not None])

    @cached_property
    def rows(self) -> list[Row]:
        """Every place with its class, in the order asked for."""
        names = {row.unit_id: row.name for row in self.units}
        above = self._provinces() if self.is_country and self.level == COMMUNES else {}
        found = [
            Row(
                unit_id=one.unit_id,
                name=names[one.unit_id],
                where=above.get(one.unit_id, ""),
                href=self.inside(one.unit_id),
                answer=one,
                found=None if one.printed is None else self.classes.of(one.printed),
                placed=one.unit_id in self.spots,
            )
            for one in self.answers
        ]
        return sorted_rows(found, self.wanted.sort)

    def _provinces(self) -> dict[int, str]:
        """Of each commune the province it lies in, by name."""
        areas = orgs.living(self.day).filter(kind__family="area", kind__level="province")
        names = dict(areas.values_list("unit_id", "name"))
        above = Closure.objects.filter(
            hierarchy=TERRITORY, ancestor__in=names, depth__gt=0, start__lte=self.day, end__gt=self.day
        )
        return {unit: names[province] for unit, province in above.values_list("descendant_id", "ancestor_id")}

    @cached_property
    def spots(self) -> dict[int, geography.Spot]:
        units = [row.unit_id for row in self.units]
        return geography.provinces(units, self.day) if self.level == PROVINCES else geography.communes(units)

    @cached_property
    def map(self) -> PointMap | None:
        if self.indicator is None or not self.answers:
            return None
        places = [
            Place(
                name=row.name,
                label=short(row.name),
                lat=self.spots[row.unit_id].lat,
                lon=self.spots[row.unit_id].lon,
                value=row.answer.printed,
                text=row.answer.text,
                note=self._note(row),
                href=row.href,
                estimated=row.answer.estimated,
            )
            for row in self.rows
            if row.placed
        ]
        return PointMap(
            f"{self.indicator.name}, {self.wanted.period.label}",
            places=places,
            classes=self.classes,
            ground=geography.ground() if self.is_country else (),
            whole=self.is_country,
            names=geography.ISLANDS if self.is_country else (),
            unit=self.indicator.unit,
        )

    def _note(self, row: Row) -> str:
        answer = row.answer
        if self.is_country and self.level == COMMUNES:
            return row.where
        return _("%(a)s/%(n)s reported") % {"a": answer.reported, "n": answer.expected} if answer.expected else ""

    @property
    def about(self) -> bool:
        """Whether some place of former days is drawn where its successor lies."""
        return any(spot.about for spot in self.spots.values())

    @property
    def known(self) -> int:
        return sum(row.found is not None for row in self.rows)

    @property
    def estimated(self) -> int:
        return sum(row.answer.estimated for row in self.rows)

    @cached_property
    def others(self) -> list[tuple[str, str, bool]]:
        """The levels of the country, and the way back to it: (word, address, current)."""
        if not self.is_country:
            return []
        return [(str(word), self.href(level=code), code == self.level) for code, word in LEVEL_WORDS.items()]

    def inside(self, unit_id: int) -> str:
        """What a place leads to: a province to its communes, a commune to its overview."""
        if self.level == PROVINCES:
            return self.href(unit_id=unit_id, level=COMMUNES)
        return replace(self, wanted=replace(self.wanted, indicator=self.indicator.code)).look.href(unit_id=unit_id)

    def href(self, level: str = "", **changes: object) -> str:
        """The address of this view with something changed."""
        wanted = replace(self.wanted, **changes)
        query = overview.query(wanted)
        chosen = level or self.level
        return f"{address('desk:map')}?{query}" + (f"&cap={chosen}" if wanted.unit_id == COUNTRY_ID else "")


AREA_WORDS = ("Tỉnh ", "Thành phố ", "Xã ", "Phường ", "Thị trấn ", "Đặc khu ")


def short(name: str) -> str:
    """An area's name as maps write it: "Tỉnh Lào Cai" → "Lào Cai"; "Phường 1" keeps its word."""
    word = next((word for word in AREA_WORDS if name.startswith(word)), "")
    rest = name.removeprefix(word)
    return name if rest[:1].isdigit() else rest


SORTS = {
    "ten": lambda row: sort_key(row.name),
    "tinh": lambda row: sort_key(row.where) if row.where else None,
    "gia-tri": lambda row: row.answer.value,
    "da-nop": lambda row: row.answer.reported,
}


def sorted_rows(rows: list[Row], sort: str) -> list[Row]:
    """By one column, up or down; the highest value first when none was chosen; missing values at the end."""
    key = SORTS.get(sort.removeprefix("-"))
    if key is None:
        sort, key = "-gia-tri", SORTS["gia-tri"]
    known = sorted((row for row in rows if key(row) is not None), key=key, reverse=sort.startswith("-"))
    return [*known, *(row for row in rows if key(row) is None)]


def frame_of(unit_id: int | None, actor: Actor, on: date, day: date) -> int:
    """The country or the province the map shows: the one asked for, or the one that unit lies in; where none was asked
    for, that of the highest unit this person may look at."""
    unit = unit_id or overview.default_unit(actor, on)
    path = orgs.path(unit, TERRITORY, day) or orgs.path(unit, TERRITORY, on)
    provinces = [row.unit_id for row in path if row.kind.family == "area" and row.kind.level == "province"]
    return provinces[-1] if provinces else COUNTRY_ID


def indicator_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Indicators by subject, for a list to choose from."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in indicators.indicators():
        groups.setdefault(one.group or _("Other indicators"), []).append((one.code, one.name))
    return list(groups.items())
