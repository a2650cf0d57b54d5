"""The overview: the indicators of one unit in one period on one map, compared with others, on its way through time.

Compared are the units directly below, in any hierarchy, or the unit's *peers*: those of its level that hold the same
value of a dated attribute on the day of the map (communes of zone III with communes of zone III); or comparable areas.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Max, Min
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from giaoban.analytics import queries as analytics
from giaoban.analytics.queries import Answer, Map
from giaoban.core import formula as language
from giaoban.core import numbers
from giaoban.core import period as periods
from giaoban.core.period import Period
from giaoban.core.refusal import NotAllowed, Refused, sentence
from giaoban.core.text import sort_key
from giaoban.desk import areas as grounds
from giaoban.desk.areas import AREAS, Grounds
from giaoban.desk.context import address
from giaoban.indicators import queries as indicators
from giaoban.indicators.models import REPORT_SERIES, Effect, Indicator, Series
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import TERRITORY, Attribute, Hierarchy, Snapshot, Unit
from giaoban.people import queries as people
from giaoban.ui.charts import Bar, Bars, Break, Multiples, Point, Trend

TWO_LEVELS = date(2025, 7, 1)
"""From this day communes stand directly under provinces (Luật Tổ chức chính quyền địa phương 72/2025/QH15)."""

BACK = 5
BACK_STATISTICS = 16
"""How many periods a trend looks back: of reports, and of the long series of the statistics office."""

SMALL = 12
RANKED = 40


@dataclass(frozen=True)
class Wanted:
    """What the address asks for; every filter stands in it, so that a view can be sent to a colleague."""

    unit_id: int
    period: Period
    map: Map
    indicator: str
    series: str = REPORT_SERIES
    everything: bool = False
    sort: str = ""
    hierarchy: str = TERRITORY
    where: tuple[tuple[str, str], ...] = ()
    """Only figures of units that hold these attributes on the day of the map."""
    beside: str = ""
    """An attribute: compare with the units that hold the same value of it; else with those directly below."""


@dataclass(frozen=True)
class Row:
    """One indicator (or one unit) as the tables show it."""

    name: str
    href: str
    answer: Answer
    direction: str
    group: str = ""
    current: bool = False
    note: str = ""
    formula: date | None = None
    """Start of the formula, where it is not the one that most rows have."""

    @property
    def state(self) -> str:
        """Met, not met, or not enough figures; nothing where no plan was set."""
        answer = self.answer
        if answer.value is None:
            return "unknown"
        if answer.target is None or self.direction == "none":
            return ""
        gap = answer.gap
        return "met" if (gap >= 0 if self.direction == "up" else gap <= 0) else "not_met"

    @property
    def counts(self) -> str:
        """a/b of a rate; empty for a plain count."""
        answer = self.answer
        if not answer.is_percent or answer.numerator is None or answer.denominator is None:
            return ""
        return f"{numbers.vi_short(answer.numerator)}/{numbers.vi_short(answer.denominator)}"

    @property
    def target(self) -> str:
        return "" if self.answer.target is None else self.answer.write(self.answer.target)

    @property
    def previous(self) -> str:
        return "" if self.answer.previous is None else self.answer.write(self.answer.previous)

    @property
    def gap(self) -> str:
        """Against the plan, in words that need no sign: beyond or short of it, where more is better."""
        if self.direction == "up":
            return self._words(self.answer.gap, _("%(n)s beyond plan"), _("%(n)s short of plan"), _("as planned"))
        return self._words(self.answer.gap, _("%(n)s above plan"), _("%(n)s below plan"), _("as planned"))

    @property
    def change(self) -> str:
        """Against the period before, in words; `partial` says when it misleads."""
        return self._words(self.answer.change, _("up %(n)s"), _("down %(n)s"), _("unchanged"))

    @property
    def partial(self) -> str:
        """What stands beside the change of a count to which units are still missing: it fell only for want of them."""
        return _("not all units yet") if self.answer.change is not None and self.answer.partial else ""

    @property
    def better(self) -> str:
        """Whether the change is the good way: up or down as a class, nothing where no way is good or units miss."""
        change = self.answer.change
        if not change or self.direction == "none" or self.partial:
            return ""
        return "up" if (change > 0) == (self.direction == "up") else "down"

    @property
    def reason(self) -> str:
        """Why there is no value."""
        if self.answer.expected and not self.answer.reported:
            return _("none of %(n)s units has reported") % {"n": self.answer.expected}
        if not self.answer.expected:
            return _("no unit was asked for this figure")
        return _("not enough figures: %(a)s of %(n)s units") % {"a": self.answer.reported, "n": self.answer.expected}

    def _words(self, difference: Decimal | None, above: str, below: str, same: str) -> str:
        if difference is None:
            return ""
        if difference == 0:
            return same
        return (above if difference > 0 else below) % {"n": self.answer.write_difference(difference)}


@dataclass(frozen=True)
class Absence:
    """The unit does not stand on the map's day: not yet, or no more since a day; and what stood or stands instead."""

    founded_on: date | None = None
    ended_on: date | None = None
    instead: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Look:
    """One view: asked only as far as it is shown."""

    actor: Actor
    on: date
    wanted: Wanted

    @property
    def day(self) -> date:
        """The day whose tree gives names and children."""
        if self.wanted.map == analytics.AS_WAS:
            return min(self.wanted.period.data_day, self.on)
        return self.on if self.wanted.map in (analytics.TODAY, AREAS) else self.wanted.map

    @cached_property
    def name(self) -> str:
        return self.unit.name if self.unit else orgs.name(self.wanted.unit_id, self.day)

    @property
    def unit(self) -> Snapshot | None:
        """The unit as it is on the day; None where it does not stand then."""
        return self.above[-1] if self.above and self.above[-1].unit_id == self.wanted.unit_id else None

    @cached_property
    def above(self) -> list[Snapshot]:
        """The way from the root down to the unit in the chosen hierarchy; empty when it does not stand on the day."""
        return orgs.path(self.wanted.unit_id, self.wanted.hierarchy, self.day)

    # what is said of the view

    @cached_property
    def hierarchies(self) -> list[Hierarchy]:
        return list(orgs.hierarchies())

    @property
    def hierarchy_name(self) -> str:
        return next((one.name for one in self.hierarchies if one.code == self.wanted.hierarchy), "")

    @cached_property
    def attributes(self) -> list[Attribute]:
        return list(orgs.attributes())

    @property
    def map_words(self) -> str:
        day = {"day": f"{self.day:%d/%m/%Y}"}
        if self.wanted.map == analytics.AS_WAS:
            return _("units as they were on %(day)s") % day
        if self.wanted.map == analytics.TODAY:
            return _("figures of all periods on today's units")
        if self.wanted.map == AREAS:
            return _("compared on areas that nothing moved into or out of")
        return _("figures of all periods on the units of %(day)s") % day

    @property
    def where_words(self) -> str:
        """The filter in words: "Xã khu vực III"."""
        names = {one.code: one for one in self.attributes}
        found = [(names.get(code), value) for code, value in self.wanted.where]
        return "; ".join(f"{one.name}: {one.values.get(value, value)}" for one, value in found if one)

    @cached_property
    def formula_version(self) -> date | None:
        """Since when the formula of most rows is in force; the rows with another say so."""
        known = Counter(row.answer.formula_version for row in self._bare if row.answer.formula_version)
        return known.most_common(1)[0][0] if known else None

    @cached_property
    def absence(self) -> Absence | None:
        """Why there is nothing to see on this day's map, with a way on to the predecessors or successors."""
        unit = self.wanted.unit_id
        if self.unit is not None:
            return None
        founded, ended = life(unit)
        if founded and self.day < founded:
            before = [row.predecessor_id for row in orgs.predecessors(unit) if row.on == founded]
            return Absence(founded_on=founded, instead=self._instead(before, founded - timedelta(days=1)))
        if ended and ended <= self.day:
            after = [row.successor_id for row in orgs.successors(unit) if row.on <= self.day]
            return Absence(ended_on=ended, instead=self._instead(after, ended))
        return None

    def _instead(self, units: list[int], named_on: date) -> tuple[tuple[str, str], ...]:
        """Names with addresses; no address where this person may not look."""
        names = orgs.names(units, named_on)
        return tuple(
            (names[unit], self.href(unit_id=unit) if may_look(self.actor, unit, self.on, self.day) else "")
            for unit in units
        )

    @cached_property
    def catalogue(self) -> dict[str, Indicator]:
        return {one.code: one for one in indicators.indicators()}

    @cached_property
    def rows(self) -> list[Row]:
        """Every indicator with a figure or a plan (or all of them): those with a plan first, the rest by subject."""
        found = [
            replace(row, formula=row.answer.formula_version)
            if row.answer.formula_version not in (None, self.formula_version)
            else row
            for row in self._bare
        ]
        if not self.wanted.everything:
            found = [row for row in found if row.answer.value is not None or row.target]
        planned = [replace(row, group=_("With a plan")) for row in found if row.target]
        return [*sorted(planned, key=lambda row: STATES.index(row.state)), *(row for row in found if not row.target)]

    @cached_property
    def _bare(self) -> list[Row]:
        return self._rows(list(self.catalogue) if self.wanted.everything else self._alive())

    @cached_property
    def planned(self) -> list[Row]:
        """Only indicators with a plan, those that miss it first."""
        return sorted(self._rows(self._planned()), key=lambda row: STATES.index(row.state))

    def _rows(self, codes: list[str]) -> list[Row]:
        return [
            Row(
                name=self.catalogue[answer.indicator].name,
                href=self.href(indicator=answer.indicator) + "#so-sanh",
                answer=answer,
                direction=self.catalogue[answer.indicator].direction,
                group=self.catalogue[answer.indicator].group,
                current=answer.indicator == self.wanted.indicator,
            )
            for answer in self._ask(codes, [self.wanted.unit_id], [self.wanted.period])
        ]

    @cached_property
    def hidden(self) -> int:
        return len(self.catalogue) - len(self.rows)

    @cached_property
    def indicator(self) -> Indicator | None:
        """The indicator that is compared and followed; the first one with a value when none was chosen."""
        chosen = self.catalogue.get(self.wanted.indicator)
        if chosen:
            return chosen
        known = [row for row in self.rows if row.answer.value is not None]
        planned = [row for row in known if row.target]
        first = (planned or known or [None])[0]
        return self.catalogue[first.answer.indicator] if first else None

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
            )
            for answer in answers
            if answer.expected or answer.value is not None or answer.target is not None
        ]
        return sorted_rows(found, self.wanted.sort)

    @cached_property
    def children(self) -> list[Snapshot]:
        """The units directly below in the hierarchy."""
        return list(orgs.children(self.wanted.unit_id, self.wanted.hierarchy, self.day))

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
    def bars(self) -> Bars | None:
        """The units compared, ranked; of very many only the highest and the lowest: all stand in the table."""
        known = [row for row in self.compared if row.answer.value is not None]
        if len(known) < 2 or self.indicator is None:
            return None
        ranked = sorted(known, key=lambda row: -row.answer.value)
        shown, note = ranked, ""
        if len(ranked) > RANKED:
            shown = [*ranked[: RANKED // 2], *ranked[-RANKED // 2 :]]
            note = _("%(n)s highest and lowest of %(all)s; the table has all") % {"n": RANKED // 2, "all": len(ranked)}
        targets = {row.answer.target for row in known}
        common = targets.pop() if len(targets) == 1 else None
        return Bars(
            _("%(name)s, compared") % {"name": self.indicator.name},
            unit=self.indicator.unit,
            places=self.indicator.places,
            bound=None if common is None else printed(known[0].answer, common),
            note=note,
            bars=[
                Bar(
                    row.name,
                    row.answer.printed,
                    href=row.href,
                    tone="" if common is None else TONES.get(row.state, ""),
                    note=row.counts,
                )
                for row in shown
            ],
        )

    @cached_property
    def trend(self) -> Trend | None:
        if self.indicator is None:
            return None
        answers = since_first([one for one in self.through_time if one.unit_id == self.wanted.unit_id])
        known = sum(answer.value is not None for answer in answers)
        return self._trend(f"{self.indicator.name}, {self.name}", answers) if known > 1 else None

    @cached_property
    def multiples(self) -> Multiples | None:
        """Each of them through time, when there are few enough to look at."""
        if self.indicator is None or not self.few:
            return None
        names = {row.answer.unit_id: row.name for row in self.few}
        answers = since_first([one for one in self.through_time if one.unit_id in names])
        panels = [
            self._trend(name, [answer for answer in answers if answer.unit_id == unit]) for unit, name in names.items()
        ]
        panels = [panel for panel in panels if sum(point.value is not None for point in panel.points) > 1]
        return Multiples(_("The same, unit by unit"), panels=panels) if len(panels) > 1 else None

    @cached_property
    def few(self) -> list[Row]:
        """The units compared, when there are few enough to look at each."""
        return self.compared if 2 <= len(self.compared) <= SMALL else []

    @cached_property
    def through_time(self) -> list[Answer]:
        """The indicator in all times, of the unit and of its few children: one question for both charts."""
        if self.grounds is not None:
            few = {row.answer.unit_id for row in self.few}
            own = self._ask([self.indicator.code], [self.wanted.unit_id], self.times)
            return [*own, *(one for one in self.in_areas if one.unit_id in few)]
        units = [self.wanted.unit_id, *(row.answer.unit_id for row in self.few)]
        return self._ask([self.indicator.code], units, self.times)

    @cached_property
    def times(self) -> list[Period]:
        """The period and those before it of the same kind, the oldest first."""
        found = [self.wanted.period]
        back = BACK if self.wanted.series == REPORT_SERIES else BACK_STATISTICS
        while len(found) < back and (before := found[-1].previous()):
            found.append(before)
        return found[::-1]

    def _trend(self, title: str, answers: list[Answer]) -> Trend:
        labels = {answer.period.code: short_label(answer.period) for answer in answers}
        crossed = [answer.period for answer in answers if answer.period.data_day >= TWO_LEVELS]
        breaks = []
        if self.wanted.map == analytics.AS_WAS and crossed and len(crossed) < len(answers):
            breaks = [Break(labels[crossed[0].code], _("1/7/2025: units changed"))]
        return Trend(
            title,
            unit=self.indicator.unit,
            places=self.indicator.places,
            breaks=breaks,
            points=[
                Point(labels[one.period.code], one.printed, _("estimate") if one.estimated else "") for one in answers
            ],
            plan=[
                Point(labels[one.period.code], printed(one, one.target)) for one in answers if one.target is not None
            ],
        )

    def _planned(self) -> list[str]:
        """Codes of the indicators with a plan for the unit."""
        spans = [period.code for period in indicators.plan_periods(self.wanted.period)]
        targets = indicators.targets(self.catalogue, [self.wanted.unit_id], spans)
        return [code for code in self.catalogue if any(code == asked for asked, _unit, _period in targets)]

    def _alive(self) -> list[str]:
        """Codes of those that can have a value or a plan: an element of theirs counts in the period, or a plan is set.

        Asking only for these keeps the page quick; the rest would be left out afterwards anyway.
        """
        wanted = self.wanted
        figures = Effect.objects.filter(series=wanted.series, period_code=wanted.period.code)
        elements = set(figures.order_by().values_list("cell__element", flat=True).distinct())
        formulas = indicators.formulas(wanted.period.data_day, self.catalogue)
        reading = {
            code
            for code, version in formulas.items()
            if any(node.element in elements for node in language.name_nodes(language.from_json(version.tree)))
        }
        alive = reading.union(self._planned())
        return [code for code in self.catalogue if code in alive]

    def _ask(self, codes: Iterable[str], units: Iterable[int], times: Iterable[Period]) -> list[Answer]:
        wanted = self.wanted
        return analytics.ask(
            codes,
            units,
            times,
            on=self.on,
            map=analytics.TODAY if wanted.map == AREAS else wanted.map,
            series=wanted.series,
            hierarchy=wanted.hierarchy,
            where=wanted.where,
            steps=False,
        )

    # addresses

    def href(self, **changes: object) -> str:
        """The address of this view with something changed."""
        return address("desk:overview") + "?" + query(replace(self.wanted, **changes))

    @cached_property
    def path(self) -> list[tuple[str, str]]:
        """From the highest unit this person may look at down to the one shown."""
        visible = _visible(self.actor, self.above, self.on)
        return [(row.name, self.href(unit_id=row.unit_id, beside="")) for row in visible]


TONES = {"met": "good", "not_met": "bad"}
STATES = ("not_met", "unknown", "met", "")

SORTS = {
    "ten": lambda row: sort_key(row.name),
    "gia-tri": lambda row: row.answer.value,
    "chenh": lambda row: row.answer.gap,
    "tang": lambda row: row.answer.change,
    "da-nop": lambda row: row.answer.reported,
}


def sorted_rows(rows: list[Row], sort: str) -> list[Row]:
    """By one column, up ("gia-tri") or down ("-gia-tri"); missing values stay at the end either way."""
    key = SORTS.get(sort.removeprefix("-"))
    if key is None:
        return sorted(rows, key=SORTS["ten"])
    known = sorted((row for row in rows if key(row) is not None), key=key, reverse=sort.startswith("-"))
    return [*known, *(row for row in rows if key(row) is None)]


def since_first(answers: list[Answer]) -> list[Answer]:
    """Without the periods before anybody had a figure."""
    first = min((one.period.start for one in answers if one.value is not None), default=None)
    return [one for one in answers if first is not None and one.period.start >= first]


def printed(answer: Answer, value: object) -> Decimal:
    """A target or bound in the writing of its indicator."""
    return numbers.rounded(value * 100 if answer.is_percent else value, answer.places)


def short_label(period: Period) -> str:
    """A period under a chart: the school year or the months, without the words before it."""
    found = re.search(r"\d{4}-\d{4}", period.label)
    return found[0] if found else re.sub(r"(?i)năm ", "", period.label)


# ---- what may be asked ------------------------------------------------------------------------------------------


def periods_with_figures(series: str) -> list[Period]:
    """Periods of which some figure counts, the newest first."""
    codes = (periods.parse(code) for code in indicators.period_codes(series))
    return sorted(codes, key=lambda one: (one.data_day, one.code), reverse=True)


def series_choices() -> list[tuple[str, str]]:
    """Kinds of figures kept apart: what units report, what the statistics office printed."""
    return list(Series.objects.order_by("-code").values_list("code", "name"))


def default_unit(actor: Actor, on: date) -> int:
    """Where a person starts: the highest territory above their own unit that they may look at, or else any unit."""
    above = orgs.path(actor.unit_id, TERRITORY, on) if actor.unit_id else []
    for row in _visible(actor, above, on):
        return row.unit_id
    for row in people.units_where(actor, "figure.view", on)[:1]:
        return next(iter(row.values()))
    raise NotAllowed()


def _visible(actor: Actor, rows: list[Snapshot], on: date) -> list[Snapshot]:
    """Those of the units whose figures this person may look at; one query for all."""
    allowed = Unit.objects.filter(pk__in=people.units_where(actor, "figure.view", on))
    seen = set(allowed.filter(pk__in=[row.unit_id for row in rows]).values_list("pk", flat=True))
    return [row for row in rows if row.unit_id in seen]


def look(actor: Actor, on: date, wanted: Wanted) -> Look:
    """The view, if the actor may read figures of the unit; by the tree of today or of the day asked about."""
    found = Look(actor, on, wanted)
    if not may_look(actor, wanted.unit_id, on, found.day):
        raise NotAllowed()
    return found


def may_look(actor: Actor, unit_id: int, on: date, day: date) -> bool:
    """By the tree of today, of the map's day, or of the last day of a unit that has ended: it says what it became."""
    return bool(people.in_sight(actor, "figure.view", [unit_id], on, day))


def life(unit_id: int) -> tuple[date | None, date | None]:
    """The first day a unit stood and the first day it no longer did; far away while it stands."""
    found = Snapshot.objects.filter(unit=unit_id).aggregate(founded=Min("start"), ended=Max("end"))
    return found["founded"], found["ended"]


def query(wanted: Wanted) -> str:
    """The filters as they stand in the address."""
    shown = {
        "don-vi": wanted.unit_id,
        "ky": wanted.period.code,
        "ban-do": write_map(wanted.map),
        "chi-tieu": wanted.indicator,
        "nguon": "" if wanted.series == REPORT_SERIES else wanted.series,
        "het": "1" if wanted.everything else "",
        "xep": wanted.sort,
        "he": "" if wanted.hierarchy == TERRITORY else wanted.hierarchy,
        "loc": ",".join(f"{attribute}:{value}" for attribute, value in wanted.where),
        "so": wanted.beside,
    }
    return urlencode({name: value for name, value in shown.items() if value})


class BadDay(Refused):
    """The map asked for is no day."""

    sentence = sentence("“%(text)s” is not a day; write for example 30/06/2025.")
    field = "ngay"


class AreasUnfiltered(Refused):
    """Areas are compared whole."""

    sentence = sentence("Comparable areas cannot be narrowed to units with an attribute; choose another map.")
    field = "loc"


class UnknownHierarchy(Refused):
    """No hierarchy has this code."""

    sentence = sentence("There is no hierarchy with the code “%(code)s”.")
    field = "he"


def known_hierarchy(code: str) -> str:
    if code != TERRITORY and not orgs.hierarchies().filter(code=code).exists():
        raise UnknownHierarchy(code=code)
    return code


def write_map(map: Map) -> str:
    return {analytics.AS_WAS: "luc-do", analytics.TODAY: "hom-nay", AREAS: "vung"}.get(map) or map.isoformat()


def read_map(text: str) -> Map:
    """ "luc-do", "hom-nay", "vung" (comparable areas) or a day, written 2025-06-30 or 30/06/2025."""
    if text in ("", "hom-nay"):
        return analytics.TODAY
    if text == "luc-do":
        return analytics.AS_WAS
    if text == "vung":
        return AREAS
    found = re.fullmatch(r"(\d{4})-(\d\d?)-(\d\d?)|(\d\d?)/(\d\d?)/(\d{4})", text.strip())
    try:
        year, month, day = [found[i] for i in ((1, 2, 3) if found[1] else (6, 5, 4))]
        return date(int(year), int(month), int(day))
    except (TypeError, ValueError):
        raise BadDay(text=text) from None
