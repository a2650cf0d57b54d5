"""Questions about sums and indicators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import product
from typing import Literal, TypeVar

import pyarrow as pa

from giaoban.analytics import cube, holdings, ledger, plans, upkeep
from giaoban.analytics.answers import Answer, AreaAnswer
from giaoban.analytics.areas import Area
from giaoban.analytics.areas import areas as found_areas
from giaoban.analytics.engine import Asking, Figures, Line, Question, Sums
from giaoban.analytics.holdings import UnknownAttribute
from giaoban.analytics.plans import ELEMENT, Plan, UnknownIndicator
from giaoban.analytics.runners import runner
from giaoban.analytics.sources import Giver, Sources, gathered
from giaoban.analytics.store import Manifest
from giaoban.analytics.tables import Layout, Table, fill
from giaoban.analytics.targets import NO_TARGETS, placed, targets
from giaoban.analytics.tree import Epochs, tree
from giaoban.core.period import Period
from giaoban.core.refusal import Refused, sentence
from giaoban.core.rollup import AS_WAS, TODAY, Map, map_day
from giaoban.indicators.models import REPORT_SERIES, Series
from giaoban.orgs.models import TERRITORY

__all__ = [
    "AS_WAS",
    "ELEMENT",
    "TODAY",
    "Answer",
    "Area",
    "AreaAnswer",
    "Giver",
    "Map",
    "OutsideTheTime",
    "Sources",
    "Table",
    "UnknownAttribute",
    "UnknownIndicator",
    "UnknownSeries",
    "areas",
    "ask",
    "ask_areas",
    "everything",
    "sources",
    "table",
]


class UnknownSeries(Refused):
    """No series has this code."""

    sentence = sentence("There is no series of figures with the code “%(code)s”.")
    field = "series"


class OutsideTheTime(Refused):
    """Areas are the same only within their time."""

    sentence = sentence("%(period)s lies outside the time of the areas, %(start)s to %(end)s.")
    field = "period"


def ask(
    indicators: Iterable[str],
    units: Iterable[int],
    periods: Iterable[Period],
    *,
    on: date,
    map: Map = AS_WAS,
    series: str = REPORT_SERIES,
    hierarchy: str = TERRITORY,
    against: Literal["previous", "last_year"] = "previous",
    steps: bool = True,
    where: Sequence[tuple[str, str]] = (),
) -> list[Answer]:
    """The value of each indicator for each unit and period, in that order, on one map.

    `on` is today; `map` is "as_was" (the tree of each period's data day), "today" or a day. `against` says what the
    change is taken from: the period before, of the same kind, or the same period of last year. A unit that does not
    stand on the map gets an answer without a value. The target is that of the period or else of its year. Who does not
    show at which steps the values stand leaves `steps` out, which saves counting them. `where` names attributes with
    the value each must have: only figures that lie with units that hold them all on the map's day are added up.

    The number of database queries does not depend on how many indicators, units and periods are asked.
    """
    _known(series)
    codes, unit_ids, chosen = _once(indicators), _once(units), _once(periods)
    before = {period: period.previous() if against == "previous" else period.same_last_year() for period in chosen}
    every = _once([*chosen, *(period for period in before.values() if period)])
    asked = plans.read(codes, every)
    days = {period.code: map_day(map, period.code, on) for period in every}
    lines = plans.lines(asked, quiet={period.code for period in every}.difference(period.code for period in chosen))
    counted = plans.steps(_told(lines)) if steps and series == REPORT_SERIES else []
    sheets = plans.sheets(_told(lines)) if series == REPORT_SERIES else ()
    question = Question(series, unit_ids, days, list(lines.values()), sheets, counted, where)
    sums = _sums(question, hierarchy)
    goals = {} if where else plans.targets(codes, unit_ids, chosen)  # a plan is for the whole unit

    def held(plan: Plan, unit: int, period: Period) -> Sums:
        line = lines.get((plan.indicator.code, period.code))
        return (sums.get((unit, line.number)) if line else None) or Sums()

    def answer(plan: Plan, unit: int, period: Period) -> Answer:
        now, rule, last = held(plan, unit, period), plan.rules.get(period.code), before[period]
        numerator, denominator = rule.ratio(now) if rule else (None, None)
        target, target_period = goals.get((plan.indicator.code, unit, period.code), (None, ""))
        value = rule.value(now) if rule else None
        then = held(plan, unit, last) if last else Sums()
        previous = plan.rules[last.code].value(then) if rule and last else None
        return Answer(
            indicator=plan.indicator.code,
            unit_id=unit,
            period=period,
            numerator=numerator,
            denominator=denominator,
            value=value,
            target=target,
            target_period=target_period,
            previous=previous,
            previous_period=last,
            previous_estimated=then.estimated and previous is not None,
            expected=now.expected,
            reported=now.reported,
            estimated=now.estimated and value is not None,
            map=map,
            day=days[period.code],
            formula_version=rule.start if rule else None,
            is_percent=plan.indicator.is_percent,
            places=plan.indicator.places,
            measure=plan.indicator.unit,
            steps=dict(sorted(now.steps.items())),
        )

    return [answer(*one) for one in product(asked, unit_ids, chosen)]


def table(
    indicators: Iterable[str],
    units: Iterable[int],
    period: Period,
    *,
    on: date,
    map: Map = AS_WAS,
    series: str = REPORT_SERIES,
    hierarchy: str = TERRITORY,
    against: Literal["previous", "last_year"] = "previous",
    where: Sequence[tuple[str, str]] = (),
) -> Table:
    """The same answers for one period, as columns: for tables of many indicators × many units.

    Each field, asked for, is the answer `ask` gives (without steps).
    """
    _known(series)
    codes, unit_ids = _once(indicators), _once(units)
    before = period.previous() if against == "previous" else period.same_last_year()
    every = _once([period, *([before] if before else [])])
    asked = plans.read(codes, every)
    days = {each.code: map_day(map, each.code, on) for each in every}
    quiet = {before.code} if before and before != period else set()
    lines = plans.lines(asked, quiet=quiet)
    sheets = plans.sheets(_told(lines)) if series == REPORT_SERIES else ()
    question = Question(series, unit_ids, days, list(lines.values()), sheets, (), where)
    layout = Layout.of(asked, lines, period.code, before.code if before else "")
    wider = [] if where else [each.code for each in plans.plan_periods(period)]  # a plan is for the whole unit
    goals = placed(codes, unit_ids, wider, targets.all() if wider else NO_TARGETS)
    made = Table(layout, unit_ids, period, before, map, days[period.code], {}, target_periods=wider)
    if codes and unit_ids:
        with _asking(question, hierarchy) as asking:
            fill(made, asking, goals)
    return made


def sources(
    indicator: str,
    unit: int,
    period: Period,
    *,
    on: date,
    map: Map = AS_WAS,
    series: str = REPORT_SERIES,
    hierarchy: str = TERRITORY,
    where: Sequence[tuple[str, str]] = (),
) -> Sources:
    """One answer taken apart: its formula, and what each unit gave for each name in it."""
    given = {"on": on, "map": map, "series": series, "hierarchy": hierarchy, "where": where}
    [answer] = ask([indicator], [unit], [period], **given)
    asked = plans.read([indicator], [period])
    lines = list(plans.lines(asked).values())
    question = Question(series, [unit], {period.code: map_day(map, period.code, on)}, lines, (), (), where)
    with _asking(question, hierarchy) as asking:
        givers = gathered(asking.givers()) if lines else []
    return Sources(answer, asked[0].rules.get(period.code), givers)


def everything(
    periods: Iterable[Period],
    *,
    on: date,
    map: Map = AS_WAS,
    series: str = REPORT_SERIES,
    hierarchy: str = TERRITORY,
) -> Iterator[tuple[Period, pa.Table]]:
    """Every cell of every unit that has somebody below it on the map, one period after the other.

    The columns are unit, cell, value (in the element's smallest unit), reported (how many units gave it) and estimated
    (0 or 1). Cells of printed rates, which are never rolled up, are left out. All periods are read from one state of
    the parts.
    """
    _known(series)
    grown, store = tree(hierarchy), upkeep.store()
    epochs, lone = Epochs(grown.changes), plans.lone_cells()
    chosen = _once(periods)
    with store.reading() as manifest:
        held = manifest if upkeep.trusted(manifest) else Manifest()
        tail = ledger.tail.after(held.sealed, series)
        slices = (
            cube.Slice(
                epochs.of(map_day(map, period.code, on)),
                store.paths(held, {period.code}, series),
                ledger.of_period(tail, period.code),
            )
            for period in chosen
        )
        yield from zip(chosen, cube.sums(slices, lone, grown, runner()))


def areas(level: str, start: date, end: date, *, under: int | None = None, hierarchy: str = TERRITORY) -> list[Area]:
    """The finest areas, made of units of a level, that have existed from one day to another.

    Nothing has moved between two of them: neither what a unit left to its successors, nor a unit below them. Units that
    came from nothing or went to nothing in that time are in none. Of a unit's areas those are given of which any unit
    lies under it on the last day, or on the first where it no longer stands on the last.
    """
    return found_areas(level, start, end, under, hierarchy)


def ask_areas(
    indicators: Iterable[str],
    areas: Iterable[Area],
    periods: Iterable[Period],
    *,
    on: date,
    series: str = REPORT_SERIES,
    hierarchy: str = TERRITORY,
) -> list[AreaAnswer]:
    """The value of each indicator for each area and period, in that order, as it was: nothing needs to be shared out.

    The data day of a period must lie in the time of the areas. Printed rates, which are never rolled up, have no value.
    """
    _known(series)
    codes, grounds, chosen = _once(indicators), _once(areas), _once(periods)
    days = {period.code: period.data_day for period in chosen}
    for period, area in product(chosen, grounds):
        if not area.start <= period.data_day <= area.end:
            raise OutsideTheTime(period=period.label, start=f"{area.start:%d/%m/%Y}", end=f"{area.end:%d/%m/%Y}")
    asked = plans.read(codes, chosen)
    lines = {key: line for key, line in plans.lines(asked).items() if not line.alone}
    sheets = plans.sheets(list(lines.values())) if series == REPORT_SERIES else ()
    question = Question(series, (), days, list(lines.values()), sheets, areas=grounds)
    sums = _sums(question, hierarchy)

    def answer(plan: Plan, area: Area, period: Period) -> AreaAnswer:
        line, rule = lines.get((plan.indicator.code, period.code)), plan.rules.get(period.code)
        now = (sums.get((area.number, line.number)) if line else None) or Sums()
        numerator, denominator = rule.ratio(now) if rule else (None, None)
        value = rule.value(now) if rule else None
        return AreaAnswer(
            indicator=plan.indicator.code,
            area=area,
            period=period,
            numerator=numerator,
            denominator=denominator,
            value=value,
            expected=now.expected,
            reported=now.reported,
            estimated=now.estimated and value is not None,
            day=days[period.code],
            formula_version=rule.start if rule else None,
            is_percent=plan.indicator.is_percent,
            places=plan.indicator.places,
            measure=plan.indicator.unit,
        )

    return [answer(*one) for one in product(asked, grounds, chosen)]


def _known(series: str) -> None:
    if series != REPORT_SERIES and not Series.objects.filter(code=series).exists():
        raise UnknownSeries(code=series)


Thing = TypeVar("Thing")


def _once(things: Iterable[Thing]) -> list[Thing]:
    return list(dict.fromkeys(things))


def _told(lines: Mapping[tuple[str, str], Line]) -> list[Line]:
    """Those of which is wanted who gave."""
    return [line for line in lines.values() if not line.quiet]


def _sums(question: Question, hierarchy: str) -> dict[tuple[int, int], Sums]:
    with _asking(question, hierarchy) as asking:
        return asking.sums()


@contextmanager
def _asking(question: Question, hierarchy: str) -> Iterator[Asking]:
    """A question over one state of the parts, which stay while the block runs."""
    known = holdings.held(question.where) if question.where else None
    upkeep.compact_when_long()
    store, grown = upkeep.store(), tree(hierarchy)
    reports, version = ledger.reports.all()
    with store.reading() as manifest:
        # Parts made from another ledger are passed over: the tail then holds every line.
        held = manifest if upkeep.trusted(manifest) else Manifest()
        tail = ledger.tail.after(held.sealed, question.series)
        parts = {period: store.paths(held, {period}, question.series) for period in question.days}
        every = [path for paths in parts.values() for path in paths]
        figures = Figures(every, tail, reports, version, parts)
        yield Asking(question, grown, figures, runner(), known)
