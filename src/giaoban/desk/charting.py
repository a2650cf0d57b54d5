"""A page of charts to be looked at and printed: each indicator through time and ranked, one of them unit by unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.utils.http import urlencode
from django.utils.translation import gettext as _

from giaoban.analytics import queries as analytics
from giaoban.analytics.queries import Answer
from giaoban.core.text import sort_key
from giaoban.desk import overview
from giaoban.desk.context import address
from giaoban.desk.overview import Look, Row, Wanted
from giaoban.desk.tables import SILENT
from giaoban.indicators.models import Indicator
from giaoban.journal.actor import Actor
from giaoban.orgs.models import Snapshot
from giaoban.people import queries as people
from giaoban.ui.charts import Bars, Multiples, Trend

USUAL, MOST = 4, 12
PANELS = 36
"""How many units stand beside one another at most."""


@dataclass(frozen=True)
class Pictured:
    """One indicator: through time, and ranked."""

    indicator: Indicator
    state: str
    text: str
    source: str
    trend: Trend | None
    bars: Bars | None


@dataclass(frozen=True)
class Charts:
    """One view of them; three questions whatever their number."""

    actor: Actor
    on: date
    wanted: Wanted
    codes: tuple[str, ...] = ()

    @cached_property
    def look(self) -> Look:
        return overview.look(self.actor, self.on, self.wanted)

    @cached_property
    def indicators(self) -> list[Indicator]:
        """Those asked for; else those with a plan, then others with figures."""
        catalogue = self.look.catalogue
        if self.codes:
            return [catalogue[code] for code in self.codes if code in catalogue][:MOST]
        planned = set(self.look.with_plans)
        found = sorted(self.look.with_figures, key=lambda code: code not in planned)
        return [catalogue[code] for code in found[:USUAL]]

    @cached_property
    def units(self) -> list[Snapshot]:
        """The units directly below that this person may look at."""
        below = [row for row in self.look.children if row.kind.family not in SILENT]
        seen = people.in_sight(self.actor, "figure.view", [row.unit_id for row in below], self.on, self.look.day)
        return sorted((row for row in below if row.unit_id in seen), key=lambda row: sort_key(row.name))

    @cached_property
    def pictures(self) -> list[Pictured]:
        return [self._picture(one) for one in self.indicators]

    def _picture(self, one: Indicator) -> Pictured:
        mine = self.now.answer(one.code, self.wanted.unit_id)
        answers = overview.since_first([each for each in self._through_time if each.indicator == one.code])
        known = sum(each.value is not None for each in answers)
        row = Row(one.name, "", mine, one.direction)
        return Pictured(
            one,
            row.state,
            mine.text,
            self.look.source(mine),
            overview.trend_of(one, f"{one.name}, {self.look.name}", answers, self.wanted.map) if known > 1 else None,
            overview.bars_of(one, self._rows(one)),
        )

    @cached_property
    def now(self) -> analytics.Table:
        wanted = self.wanted
        return analytics.table(
            [one.code for one in self.indicators],
            [wanted.unit_id, *(row.unit_id for row in self.units)],
            wanted.period,
            on=self.on,
            map=wanted.map,
            series=wanted.series,
            hierarchy=wanted.hierarchy,
        )

    def _rows(self, one: Indicator) -> list[Row]:
        return [
            Row(row.name, self.href(unit_id=row.unit_id), self.now.answer(one.code, row.unit_id), one.direction)
            for row in self.units
        ]

    @cached_property
    def _through_time(self) -> list[Answer]:
        return self._ask([one.code for one in self.indicators], [self.wanted.unit_id])

    def _ask(self, codes: Sequence[str], units: Sequence[int]) -> list[Answer]:
        wanted = self.wanted
        return analytics.ask(
            codes,
            units,
            self.look.times,
            on=self.on,
            map=wanted.map,
            series=wanted.series,
            hierarchy=wanted.hierarchy,
            steps=False,
        )

    @cached_property
    def one_by_one(self) -> Indicator | None:
        """The indicator shown unit by unit: the one chosen, or the first."""
        chosen = self.look.catalogue.get(self.wanted.indicator)
        return chosen or (self.indicators[0] if self.indicators else None)

    @cached_property
    def multiples(self) -> Multiples | None:
        """Each unit through time, small; those with figures, as many as can be looked at."""
        one = self.one_by_one
        if one is None or len(self.units) < 2:
            return None
        found: dict[int, list[Answer]] = {}
        for answer in self._ask([one.code], [row.unit_id for row in self.units]):
            found.setdefault(answer.unit_id, []).append(answer)
        known = {
            unit: answers for unit, answers in found.items() if sum(each.value is not None for each in answers) > 1
        }
        every = [each for answers in known.values() for each in answers]
        periods = {each.period for each in overview.since_first(every)}
        shown = {unit: [each for each in answers if each.period in periods] for unit, answers in known.items()}
        panels = [
            overview.trend_of(one, row.name, shown[row.unit_id], self.wanted.map)
            for row in self.units
            if row.unit_id in shown
        ]
        if len(panels) < 2:
            return None
        note = _("the first %(n)s of %(all)s units") % {"n": PANELS, "all": len(panels)} if len(panels) > PANELS else ""
        return Multiples(_("%(name)s, unit by unit") % {"name": one.name}, panels=panels[:PANELS], note=note)

    # addresses

    def href(self, **changes: object) -> str:
        query = overview.query(replace(self.wanted, **changes))
        codes = urlencode({"cac": ",".join(self.codes)}) if self.codes else ""
        return f"{address('desk:charts')}?{'&'.join(filter(None, [query, codes]))}"
