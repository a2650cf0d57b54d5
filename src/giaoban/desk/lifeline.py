"""The figures of one unit through its life: on which map, across which reorganisations, estimated or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from giaoban.analytics import queries as analytics
from giaoban.analytics.queries import Answer, Area
from giaoban.core.period import Kind, Period
from giaoban.core.text import sort_key
from giaoban.desk import areas, overview, provenance
from giaoban.desk.areas import Grounds
from giaoban.desk.context import address
from giaoban.desk.overview import TWO_LEVELS, Wanted
from giaoban.indicators.models import REPORT_SERIES, Indicator
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import TERRITORY, Lineage
from giaoban.people import queries as people
from giaoban.ui.charts import Break, Point, Trend

FEW, SOME = 2, 6
"""How many indicators stand on the unit's own page, and on this one until all are asked for."""

BACK = 16
"""How many periods back a line is drawn."""

AS_WAS, TODAY, AREA = "luc-do", "hom-nay", "vung"
MAPS: dict[str, str | Promise] = {
    TODAY: gettext_lazy("today's units"),
    AS_WAS: gettext_lazy("units as they were"),
    AREA: gettext_lazy("comparable areas"),
}


@dataclass(frozen=True)
class Other:
    """A unit this one was made of or became, with the way to its own figures; no address where nobody may look."""

    name: str
    href: str
    share: str
    estimated: bool


@dataclass(frozen=True)
class Series:
    """One indicator through time: the drawing, which carries its table, and what must be known of it."""

    indicator: Indicator
    trend: Trend
    href: str
    estimated: int
    partial: int
    sources: tuple[tuple[str, str], ...] = ()
    """Every period with a value, and the address that says where it comes from."""


@dataclass(frozen=True)
class Lifeline:
    """One view, linkable: everything it depends on stands in the address."""

    actor: Actor
    on: date
    unit_id: int
    map: str = TODAY
    series: str = REPORT_SERIES
    kind: str = ""
    everything: bool = False
    most: int = SOME

    # the unit

    @cached_property
    def life(self) -> tuple[date, date]:
        founded, ended = overview.life(self.unit_id)
        return founded or date.min, ended or date.max

    @property
    def day(self) -> date:
        """The day the unit is named by: today, or its last one."""
        founded, ended = self.life
        return min(max(self.on, founded), ended - timedelta(days=1)) if ended != date.max else max(self.on, founded)

    @cached_property
    def name(self) -> str:
        return orgs.name(self.unit_id, self.day)

    @property
    def stands(self) -> bool:
        founded, ended = self.life
        return founded <= self.on < ended

    @property
    def ended(self) -> date | None:
        return self.life[1] if self.life[1] <= self.on else None

    @property
    def founded(self) -> date:
        return self.life[0]

    @cached_property
    def came_from(self) -> list[Other]:
        """Of the unit's own level: a commune's former district is not what it was made of."""
        rows = [row for row in orgs.predecessors(self.unit_id) if row.on <= self.on]
        own = orgs.snapshot(self.unit_id, self.day)
        return self._others([(row.predecessor_id, row) for row in rows], -1, own.kind.level if own else "")

    @cached_property
    def became(self) -> list[Other]:
        rows = [row for row in orgs.successors(self.unit_id) if row.on <= self.on]
        return self._others([(row.successor_id, row) for row in rows], 0)

    def _others(self, pairs: Sequence[tuple[int, Lineage]], shift: int, level: str = "") -> list[Other]:
        """Named as they were on the day before the change, or on its day."""
        days = {unit: row.on + timedelta(days=shift) for unit, row in pairs}
        called = {
            day: {row.unit_id: row for row in orgs.living(day).filter(unit__in=days).select_related("kind")}
            for day in set(days.values())
        }
        seen = {
            unit
            for day in called
            for unit in people.in_sight(self.actor, "figure.view", called[day], self.on, day)
            if days[unit] == day
        }
        found = []
        for unit, row in pairs:
            one = called[days[unit]].get(unit)
            if one is None or (level and one.kind.level != level):
                continue
            share = "" if row.numerator == row.denominator else f"{row.numerator}/{row.denominator}"
            found.append(Other(one.name, page_address(unit) if unit in seen else "", share, row.estimated))
        return found

    # what is asked

    @cached_property
    def known(self) -> list[Period]:
        return overview.periods_with_figures(self.series)

    @cached_property
    def kinds(self) -> list[tuple[str, str]]:
        """Kinds of periods that have figures, the most frequent first: only like periods stand on one line."""
        counted = Counter(one.kind for one in self.known)
        return [(kind.value, kind.label) for kind, _number in counted.most_common()]

    @property
    def chosen_kind(self) -> str:
        return self.kind if self.kind in dict(self.kinds) else (self.kinds[0][0] if self.kinds else "")

    @cached_property
    def periods(self) -> list[Period]:
        """Of that kind, the oldest first; those in which the unit cannot have had a figure are left to the map."""
        found = [one for one in self.known if one.kind == Kind(self.chosen_kind)] if self.chosen_kind else []
        return found[:BACK][::-1]

    @property
    def asked_map(self) -> analytics.Map:
        return {AS_WAS: analytics.AS_WAS, TODAY: analytics.TODAY}.get(self.map, analytics.TODAY)

    @cached_property
    def indicators(self) -> list[Indicator]:
        """Those with a figure in the newest period that has any; those with a plan first, as in the overview."""
        for period in reversed(self.periods):
            wanted = Wanted(self.unit_id, period, self.asked_map, "", series=self.series)
            look = overview.Look(self.actor, self.on, wanted)
            found = [look.catalogue[row.answer.indicator] for row in look.rows if row.answer.value is not None]
            if found:
                return found
        return []

    @property
    def hidden(self) -> int:
        return max(0, len(self.indicators) - self.most) if not self.everything else 0

    @cached_property
    def lines(self) -> list[Series]:
        if self.map == AREA and self.area is None:
            return []
        chosen = self.indicators if self.everything else self.indicators[: self.most]
        answers = self._answers([one.code for one in chosen])
        return [self._line(one, [answer for answer in answers if answer.indicator == one.code]) for one in chosen]

    def _answers(self, codes: list[str]) -> list[Answer]:
        if self.map != AREA:
            return analytics.ask(
                codes,
                [self.unit_id],
                self.periods,
                on=self.on,
                map=self.asked_map,
                series=self.series,
                steps=False,
            )
        assert self.area is not None
        ground = Grounds(self.area.start, self.area.end, (self.area,))
        return [
            answer
            for code in codes
            for answer in areas.ask(code, ground, self.periods, self.on, self.series, TERRITORY)
        ]

    # the comparable area

    @cached_property
    def _ground(self) -> Area | None:
        """The finest area with this unit in it, from the first period shown until today."""
        own = orgs.snapshot(self.unit_id, self.day)
        if own is None or not self.periods:
            return None
        start, end = self.periods[0].data_day, max(self.on, self.periods[-1].data_day)
        above = orgs.parent(self.unit_id, TERRITORY, self.day)
        found = analytics.areas(own.kind.level, start, end, under=above)
        return next((area for area in found if any(unit == self.unit_id for unit, *_days in area.members)), None)

    @cached_property
    def area(self) -> Area | None:
        """The same, if this person may look at all that ever lay in it."""
        if self._ground is None:
            return None
        every = {unit for unit, *_days in self._ground.members}
        seen = people.in_sight(self.actor, "figure.view", every, self.on, self._ground.start)
        return self._ground if every <= seen else None

    @property
    def area_hidden(self) -> bool:
        return self._ground is not None and self.area is None

    @cached_property
    def area_names(self) -> tuple[list[str], list[str]]:
        """What the area was called by its units on its first day, and on its last."""
        if self.area is None:
            return [], []
        return self._named(self.area.first, self.area.start), self._named(self.area.last, self.area.end)

    def _named(self, units: Iterable[int], day: date) -> list[str]:
        rows = orgs.living(day).filter(unit__in=units, kind__family__in=areas.FAMILIES)
        return sorted(rows.values_list("name", flat=True), key=sort_key)

    def _line(self, indicator: Indicator, answers: list[Answer]) -> Series:
        answers = overview.since_first(answers)
        labels = {one.period.code: overview.short_label(one.period) for one in answers}
        trend = Trend(
            f"{indicator.name}",
            unit=indicator.unit,
            places=indicator.places,
            points=[Point(labels[one.period.code], one.printed, note(one), estimated=one.estimated) for one in answers],
            plan=[
                Point(labels[one.period.code], overview.printed(one, one.target))
                for one in answers
                if one.target is not None
            ],
            breaks=[Break(labels[one.period.code], word) for one, word in self._breaks(answers)],
        )
        return Series(
            indicator,
            trend,
            href=f"{address('desk:overview')}?{self._overview(indicator)}",
            estimated=sum(one.estimated for one in answers),
            partial=sum(one.reported < one.expected for one in answers),
            sources=self._sources(answers),
        )

    def _sources(self, answers: Sequence[Answer]) -> tuple[tuple[str, str], ...]:
        """Of comparable areas no single number is explained."""
        if self.map == AREA:
            return ()
        return tuple(
            (overview.short_label(one.period), provenance.href(self._number(one)))
            for one in answers
            if one.value is not None
        )

    def _number(self, answer: Answer) -> provenance.Wanted:
        return provenance.Wanted(answer.indicator, self.unit_id, answer.period, self.asked_map, self.series)

    def _overview(self, indicator: Indicator) -> str:
        newest = self.periods[-1]
        return overview.query(Wanted(self.unit_id, newest, self.asked_map, indicator.code, series=self.series))

    def _breaks(self, answers: list[Answer]) -> list[tuple[Answer, str]]:
        """The first period after each reorganisation that lies between two periods shown."""
        days = {row.on for row in (*orgs.predecessors(self.unit_id), *orgs.successors(self.unit_id))}
        found = []
        for day in sorted({*days, TWO_LEVELS}):
            before = [one for one in answers if one.period.data_day < day]
            after = [one for one in answers if one.period.data_day >= day]
            if before and after and day <= self.on:
                found.append((after[0], self._break_word(day)))
        return found

    def _break_word(self, day: date) -> str:
        shown = f"{day.day}/{day.month}/{day.year}"
        if self.map != TODAY:
            return _("%(day)s: units changed") % {"day": shown}
        return _("%(day)s: before it, figures restated") % {"day": shown}

    @property
    def estimated(self) -> bool:
        return any(line.estimated for line in self.lines)

    # addresses

    @property
    def as_was_href(self) -> str:
        return self.href(**{"ban-do": AS_WAS})

    def href(self, **changes: object) -> str:
        """The address of this view with something changed."""
        wanted = {
            "ban-do": "" if self.map == TODAY else self.map,
            "nguon": "" if self.series == REPORT_SERIES else self.series,
            "loai-ky": self.kind,
            "het": "1" if self.everything else "",
        } | changes
        query = urlencode({name: value for name, value in wanted.items() if value})
        return page_address(self.unit_id) + (f"?{query}" if query else "")


def note(answer: Answer) -> str:
    """What stands beside a value: its counts, how many units are in it, whether it is an estimate."""
    row = overview.Row("", "", answer, "none")
    if answer.value is None:
        return row.reason
    reported = _("%(a)s/%(n)s units reported") % {"a": answer.reported, "n": answer.expected} if answer.expected else ""
    parts = [_("estimate") if answer.estimated else "", row.counts, reported]
    return " · ".join(part for part in parts if part)


def page_address(unit_id: int) -> str:
    return address("desk:unit-figures", unit_id)
