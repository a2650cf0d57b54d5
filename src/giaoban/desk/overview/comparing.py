"""The overview beside others: the units directly below, the unit's peers, or comparable areas."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from giaoban.analytics.queries import Answer
from giaoban.core.period import Period
from giaoban.desk import areas as grounds
from giaoban.desk.areas import AREAS, Grounds
from giaoban.desk.overview.place import Standing
from giaoban.desk.overview.rows import Row, sorted_rows
from giaoban.indicators import queries as indicators
from giaoban.indicators.models import REPORT_SERIES
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import Attribute, Snapshot
from giaoban.people import queries as people

BACK = 5
BACK_STATISTICS = 16
"""How many periods a trend looks back: of reports, and of the long series of the statistics office."""


@dataclass(frozen=True)
class Compared(Standing):
    """The view with whoever the unit is compared with."""

    @cached_property
    def compared(self) -> list[Row]:
        """The units compared, by name or by the column asked for."""
        if self.indicator is None:
            return []
        if self.grounds is not None:
            return sorted_rows(self._area_rows(self.grounds), self.wanted.sort)
        chosen = self.peers or self.children
        names = {row.unit_id: row.name for row in chosen}
        answers = self._ask([self.indicator.code], names, [self.wanted.period])
        found = [
            Row(
                name=names[answer.unit_id],
                href=self.href(unit_id=answer.unit_id),
                answer=answer,
                direction=self.indicator.direction,
                current=answer.unit_id == self.wanted.unit_id,
                source=self.source(answer),
            )
            for answer in answers
            if answer.expected or answer.value is not None or answer.target is not None
        ]
        return sorted_rows(found, self.wanted.sort)

    # comparable areas

    @cached_property
    def grounds(self) -> Grounds | None:
        """The comparable areas below the unit over the times that have figures; None on any other map."""
        if self.wanted.map != AREAS or self.indicator is None:
            return None
        level = grounds.level_of(self.children)
        wanted = self.wanted
        return grounds.find(self.actor, self.on, wanted.unit_id, wanted.hierarchy, level, self.known_times)

    @cached_property
    def known_times(self) -> list[Period]:
        """The times that have figures: areas over a longer time would only be coarser."""
        known = set(indicators.period_codes(self.wanted.series))
        return [one for one in self.times if one.code in known] or [self.wanted.period]

    @cached_property
    def in_areas(self) -> list[Answer]:
        wanted = self.wanted
        if self.grounds is None or self.indicator is None:
            return []
        found = (self.indicator.code, self.grounds, self.known_times)
        return grounds.ask(*found, self.on, wanted.series, wanted.hierarchy)

    def _area_rows(self, found: Grounds) -> list[Row]:
        return [
            Row(
                name=found.names[answer.unit_id],
                href=self._area_href(answer.unit_id),
                answer=answer,
                direction=self.indicator.direction if self.indicator else "none",
                note=found.before.get(answer.unit_id, ""),
            )
            for answer in self.in_areas
            if answer.period == self.wanted.period and (answer.expected or answer.value is not None)
        ]

    def _area_href(self, number: int) -> str:
        """An area of one unit leads to it; of several, nowhere."""
        last = next((area.last for area in self.grounds.areas if area.number == number), ()) if self.grounds else ()
        return self.href(unit_id=last[0]) if len(last) == 1 else ""

    # peers

    @cached_property
    def held(self) -> dict[str, tuple[Attribute, str]]:
        """The attributes the unit holds on the day, its own and inherited, with their values."""
        return {one.code: (one, value) for one, value, _of in orgs.attributes_of(self.wanted.unit_id, self.day)}

    @property
    def peer_words(self) -> str:
        """What the peers have in common: "Khu vực III"."""
        if self.wanted.beside not in self.held:
            return ""
        attribute, value = self.held[self.wanted.beside]
        return attribute.values.get(value, value)

    @cached_property
    def peers(self) -> list[Snapshot]:
        """Units of the same level that hold the same value on the day, as far as this person may look; and the unit."""
        unit = self.unit
        if unit is None or self.wanted.beside not in self.held:
            return []
        holding = orgs.having(self.wanted.beside, self.held[self.wanted.beside][1], self.day)
        alike = orgs.living(self.day).filter(kind__family=unit.kind.family, kind__level=unit.kind.level)
        rows = list(alike.filter(unit__in=holding).select_related("kind"))
        seen = people.in_sight(self.actor, "figure.view", [row.unit_id for row in rows], self.on, self.day)
        return [row for row in rows if row.unit_id in seen]

    @property
    def besides(self) -> list[tuple[str, str, bool]]:
        """What the unit may be compared with: label, address, whether it is chosen. Empty when there is no choice."""
        found = [
            (attribute.values.get(value, value), self.href(beside=code) + "#so-sanh", self.wanted.beside == code)
            for code, (attribute, value) in self.held.items()
        ]
        below = (_("units directly below"), self.href(beside="") + "#so-sanh", not self.peer_words)
        return [below, *found] if found and self.grounds is None else []

    @property
    def estimates(self) -> bool:
        return any(row.answer.estimated for row in (*self.rows, *self.compared))

    @property
    def rank(self) -> tuple[int, int] | None:
        """Which place the unit has among its peers with a value, the best first (or the highest)."""
        values = [(row.answer.printed, row.current) for row in self.compared if row.answer.value is not None]
        mine = next((value for value, current in values if current), None)
        if not self.peers or mine is None or len(values) < 2:
            return None
        lower = self.indicator is not None and self.indicator.direction == "down"
        better = sum(value < mine if lower else value > mine for value, _current in values)
        return better + 1, len(values)

    @cached_property
    def times(self) -> list[Period]:
        """The period and those before it of the same kind, the oldest first."""
        found = [self.wanted.period]
        back = BACK if self.wanted.series == REPORT_SERIES else BACK_STATISTICS
        while len(found) < back and (before := found[-1].previous()):
            found.append(before)
        return found[::-1]
