"""Where the overview stands: one unit on the map of one day, its indicators, and its address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from giaoban.analytics import queries as analytics
from giaoban.analytics.queries import Answer
from giaoban.core import formula as language
from giaoban.core.period import Period
from giaoban.desk.areas import AREAS
from giaoban.desk.context import address
from giaoban.desk.overview.rows import STATES, Row
from giaoban.desk.overview.sight import life, may_look, visible
from giaoban.desk.overview.wanted import Wanted, query, write_map
from giaoban.indicators import queries as indicators
from giaoban.indicators.models import REPORT_SERIES, Effect, Indicator
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import TERRITORY, Attribute, Hierarchy, Snapshot


@dataclass(frozen=True)
class Absence:
    """The unit does not stand on the map's day: not yet, or no more since a day; and what stood or stands instead."""

    founded_on: date | None = None
    ended_on: date | None = None
    instead: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Standing:
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
                source=self.source(answer),
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
    def children(self) -> list[Snapshot]:
        """The units directly below in the hierarchy."""
        return list(orgs.children(self.wanted.unit_id, self.wanted.hierarchy, self.day))

    @cached_property
    def with_figures(self) -> list[str]:
        """Codes of the indicators that can have a value or a plan here."""
        return self._alive()

    @cached_property
    def with_plans(self) -> list[str]:
        return self._planned()

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

    def source(self, answer: Answer) -> str:
        """Where a number comes from; a filtered one or one of an area is explained nowhere."""
        wanted = self.wanted
        if wanted.where or wanted.map == AREAS or not (answer.expected or answer.value is not None):
            return ""
        shown = {
            "chi-tieu": answer.indicator,
            "don-vi": answer.unit_id,
            "ky": answer.period.code,
            "ban-do": write_map(wanted.map),
            "nguon": "" if wanted.series == REPORT_SERIES else wanted.series,
            "he": "" if wanted.hierarchy == TERRITORY else wanted.hierarchy,
        }
        return f"{address('desk:source')}?{urlencode({name: value for name, value in shown.items() if value})}"

    def href(self, **changes: object) -> str:
        """The address of this view with something changed."""
        return address("desk:overview") + "?" + query(replace(self.wanted, **changes))

    @cached_property
    def path(self) -> list[tuple[str, str]]:
        """From the highest unit this person may look at down to the one shown."""
        seen = visible(self.actor, self.above, self.on)
        return [(row.name, self.href(unit_id=row.unit_id, beside="")) for row in seen]
