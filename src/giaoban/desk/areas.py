"""Comparable areas as the overview compares them: the finest groups of units between which nothing has moved.

Nothing in them is estimated, so they show a change of years across the reorganisation that is a change of schools and
not of borders. An area is shown only to whoever may look at all that ever lay in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from giaoban.analytics import queries as analytics
from giaoban.analytics.queries import Answer, Area, AreaAnswer
from giaoban.core.period import Period
from giaoban.core.text import sort_key
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import Snapshot
from giaoban.people import queries as people

AREAS = "areas"
NAMED = 3
FAMILIES = ("area", "school")


@dataclass(frozen=True)
class Grounds:
    """The areas under one unit over a time, with their names; `hidden` are those that hold units of others too."""

    start: date
    end: date
    areas: tuple[Area, ...] = ()
    names: dict[int, str] = field(default_factory=dict)
    before: dict[int, str] = field(default_factory=dict)
    """What the units of the first day were called, where they were others than those of the last."""
    hidden: int = 0


def level_of(children: Iterable[Snapshot]) -> str:
    """The level most of the units below are of; "" when there are none."""
    levels = Counter(row.kind.level for row in children if row.kind.family in FAMILIES)
    return levels.most_common(1)[0][0] if levels else ""


def find(actor: Actor, on: date, unit: int, hierarchy: str, level: str, times: Sequence[Period]) -> Grounds:
    """The areas of the units below, over the time of the periods."""
    start, end = times[0].data_day, times[-1].data_day
    found = analytics.areas(level, start, end, under=unit, hierarchy=hierarchy) if level else []
    units = {one for area in found for one, _first, _end in area.members}
    seen = people.in_sight(actor, "figure.view", units, on, min(end, on))
    shown = [area for area in found if seen.issuperset(one for one, _first, _end in area.members)]
    last = orgs.names({one for area in shown for one in area.last}, end)
    first = orgs.names({one for area in shown for one in area.first}, start)
    return Grounds(
        start,
        end,
        tuple(shown),
        {area.number: _listed(last[one] for one in area.last) for area in shown},
        {area.number: _listed(first[one] for one in area.first) for area in shown if area.first != area.last},
        len(found) - len(shown),
    )


def _listed(names: Iterable[str]) -> str:
    """ "Xã Bắc Hà, Xã Bản Liền and 2 more"."""
    known = sorted(names, key=sort_key)
    if len(known) <= NAMED:
        return ", ".join(known)
    return _("%(names)s and %(n)s more") % {"names": ", ".join(known[:NAMED]), "n": len(known) - NAMED}


def ask(code: str, grounds: Grounds, times: Sequence[Period], on: date, series: str, hierarchy: str) -> list[Answer]:
    """The indicator in all areas and times, each with the value of the period before where that is among them."""
    told = analytics.ask_areas([code], grounds.areas, times, on=on, series=series, hierarchy=hierarchy)
    by_time = {(one.area.number, one.period): one for one in told}
    return [_answer(one, by_time) for one in told]


def _answer(one: AreaAnswer, by_time: dict[tuple[int, Period], AreaAnswer]) -> Answer:
    before = one.period.previous()
    then = by_time.get((one.area.number, before)) if before else None
    return Answer(
        indicator=one.indicator,
        unit_id=one.area.number,
        period=one.period,
        numerator=one.numerator,
        denominator=one.denominator,
        value=one.value,
        target=None,
        target_period="",
        previous=then.value if then else None,
        previous_period=before,
        previous_estimated=bool(then and then.estimated),
        expected=one.expected,
        reported=one.reported,
        estimated=one.estimated,
        map=AREAS,
        day=one.day,
        formula_version=one.formula_version,
        is_percent=one.is_percent,
        places=one.places,
        measure=one.measure,
    )
