"""Questions about sums and indicators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import product
from typing import Literal, TypeVar

from giaoban.analytics import engine, ledger, plans, upkeep
from giaoban.analytics.answers import Answer
from giaoban.analytics.engine import Question, Sums
from giaoban.analytics.plans import Plan, UnknownIndicator
from giaoban.analytics.store import Manifest
from giaoban.analytics.tree import tree
from giaoban.core.period import Period
from giaoban.core.refusal import Refused, sentence
from giaoban.core.rollup import AS_WAS, TODAY, Map, map_day
from giaoban.indicators.models import REPORT_SERIES, Series
from giaoban.orgs.models import TERRITORY

__all__ = ["AS_WAS", "TODAY", "Answer", "Map", "UnknownIndicator", "UnknownSeries", "ask"]


class UnknownSeries(Refused):
    """No series has this code."""

    sentence = sentence("There is no series of figures with the code “%(code)s”.")
    field = "series"


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
) -> list[Answer]:
    """The value of each indicator for each unit and period, in that order, on one map.

    `on` is today; `map` is "as_was" (the tree of each period's data day), "today" or a day. `against` says what the
    change is taken from: the period before, of the same kind, or the same period of last year. A unit that does not
    stand on the map gets an answer without a value. The target is that of the period or else of its year. Who does not
    show at which steps the values stand leaves `steps` out, which saves counting them.

    The number of database queries does not depend on how many indicators, units and periods are asked.
    """
    if series != REPORT_SERIES and not Series.objects.filter(code=series).exists():
        raise UnknownSeries(code=series)
    codes, unit_ids, chosen = _once(indicators), _once(units), _once(periods)
    before = {period: period.previous() if against == "previous" else period.same_last_year() for period in chosen}
    every = _once([*chosen, *(period for period in before.values() if period)])
    asked = plans.read(codes, every)
    days = {period.code: map_day(map, period.code, on) for period in every}
    lines = plans.lines(asked)
    counted = plans.steps(list(lines.values())) if steps and series == REPORT_SERIES else []
    sums = _sums(list(lines.values()), counted, unit_ids, days, series, hierarchy)
    targets = plans.targets(codes, unit_ids, chosen)

    def held(plan: Plan, unit: int, period: Period) -> Sums:
        line = lines.get((plan.indicator.code, period.code))
        return (sums.get((unit, line.number)) if line else None) or Sums()

    def answer(plan: Plan, unit: int, period: Period) -> Answer:
        now, rule, last = held(plan, unit, period), plan.rules.get(period.code), before[period]
        numerator, denominator = rule.ratio(now) if rule else (None, None)
        target, target_period = targets.get((plan.indicator.code, unit, period.code), (None, ""))
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


Thing = TypeVar("Thing")


def _once(things: Iterable[Thing]) -> list[Thing]:
    return list(dict.fromkeys(things))


def _sums(
    lines: Sequence[engine.Line],
    steps: Sequence[tuple[int, int, int, int]],
    units: Sequence[int],
    days: Mapping[str, date],
    series: str,
    hierarchy: str,
) -> dict[tuple[int, int], Sums]:
    sheets = plans.sheets(lines) if series == REPORT_SERIES else ()
    question = Question(series, units, days, lines, sheets, steps)
    upkeep.compact_when_long()
    store, grown, reports = upkeep.store(), tree(hierarchy), ledger.reports.all()
    with store.reading() as manifest:
        # Parts made from another ledger are passed over: the tail then holds every line.
        held = manifest if upkeep.trusted(manifest) else Manifest()
        return engine.answer(question, grown, store.paths(held, set(days)), ledger.tail.after(held.sealed), reports)
