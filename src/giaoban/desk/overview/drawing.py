"""The overview as charts: ranked, through time, unit by unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from giaoban.analytics import queries as analytics
from giaoban.analytics.queries import Answer, Map
from giaoban.core.refusal import NotAllowed
from giaoban.desk.overview.comparing import Compared
from giaoban.desk.overview.rows import Row, printed, short_label
from giaoban.desk.overview.sight import may_look
from giaoban.desk.overview.wanted import Wanted
from giaoban.indicators.models import Indicator
from giaoban.journal.actor import Actor
from giaoban.ui.charts import Bar, Bars, Break, Multiples, Point, Trend

TWO_LEVELS = date(2025, 7, 1)
"""From this day communes stand directly under provinces (Luật Tổ chức chính quyền địa phương 72/2025/QH15)."""

SMALL = 12
RANKED = 40
TONES = {"met": "good", "not_met": "bad"}


@dataclass(frozen=True)
class Look(Compared):
    """One view: asked only as far as it is shown."""

    @cached_property
    def bars(self) -> Bars | None:
        """The units compared, ranked; of very many only the highest and the lowest: all stand in the table."""
        return bars_of(self.indicator, self.compared) if self.indicator else None

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

    def _trend(self, title: str, answers: list[Answer]) -> Trend:
        assert self.indicator is not None
        return trend_of(self.indicator, title, answers, self.wanted.map)


def bars_of(indicator: Indicator, rows: Sequence[Row]) -> Bars | None:
    """Units ranked, with the plan through them where all have the same; nothing where fewer than two have a value."""
    known = [row for row in rows if row.answer.value is not None]
    if len(known) < 2:
        return None
    ranked = sorted(known, key=lambda row: -row.answer.value)
    shown, note = ranked, ""
    if len(ranked) > RANKED:
        shown = [*ranked[: RANKED // 2], *ranked[-RANKED // 2 :]]
        note = _("%(n)s highest and lowest of %(all)s; the table has all") % {"n": RANKED // 2, "all": len(ranked)}
    targets = {row.answer.target for row in known}
    common = targets.pop() if len(targets) == 1 else None
    return Bars(
        _("%(name)s, compared") % {"name": indicator.name},
        unit=indicator.unit,
        places=indicator.places,
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


def trend_of(indicator: Indicator, title: str, answers: Sequence[Answer], map: Map) -> Trend:
    """Values through time with the plan beside them; as it was, the day units changed is drawn and named."""
    labels = {answer.period.code: short_label(answer.period) for answer in answers}
    crossed = [answer.period for answer in answers if answer.period.data_day >= TWO_LEVELS]
    breaks = []
    if map == analytics.AS_WAS and crossed and len(crossed) < len(answers):
        breaks = [Break(labels[crossed[0].code], _("1/7/2025: units changed"))]
    return Trend(
        title,
        unit=indicator.unit,
        places=indicator.places,
        breaks=breaks,
        points=[Point(labels[one.period.code], one.printed, _("estimate") if one.estimated else "") for one in answers],
        plan=[Point(labels[one.period.code], printed(one, one.target)) for one in answers if one.target is not None],
    )


def since_first(answers: list[Answer]) -> list[Answer]:
    """Without the periods before anybody had a figure."""
    first = min((one.period.start for one in answers if one.value is not None), default=None)
    return [one for one in answers if first is not None and one.period.start >= first]


def look(actor: Actor, on: date, wanted: Wanted) -> Look:
    """The view, if the actor may read figures of the unit; by the tree of today or of the day asked about."""
    found = Look(actor, on, wanted)
    if not may_look(actor, wanted.unit_id, on, found.day):
        raise NotAllowed()
    return found
