"""From indicators and periods to what the engine adds up: rules of the day, their cells, who was asked, targets."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import product

from django.db import connection
from django.db.models import Count, Max

from giaoban.analytics.engine import Line, Sums
from giaoban.analytics.linear import Side, sides
from giaoban.core import formula
from giaoban.core.period import Period
from giaoban.core.refusal import Refused, sentence
from giaoban.indicators import queries as indicators
from giaoban.indicators.models import Cell, FormulaVersion, Indicator
from giaoban.indicators.queries import asked
from giaoban.indicators.queries.catalogue import plan_periods


class UnknownIndicator(Refused):
    """No indicator has this code."""

    sentence = sentence("There is no indicator with the code “%(code)s”.")
    field = "indicator"


@dataclass(frozen=True)
class Rule:
    """An indicator's formula as one version states it."""

    start: date
    expression: formula.Expression
    cells: Mapping[str, Sequence[int]]
    scales: Mapping[str, int]
    alone: bool

    @classmethod
    def read(cls, version: FormulaVersion, expression: formula.Expression, known: Mapping[str, list[Cell]]) -> Rule:
        """`known` has the cells of every name, also of other formulas: they are fetched for all at once."""
        cells = {name: known[name] for name in formula.names(expression)}
        elements = {name: held[0].element for name, held in cells.items() if held}
        return cls(
            start=version.start,
            expression=expression,
            cells={name: [cell.pk for cell in held] for name, held in cells.items()},
            scales={name: element.scale for name, element in elements.items()},
            alone=any(element.over_units == "none" for element in elements.values()),
        )

    @property
    def text(self) -> str:
        return formula.to_text(self.expression)

    @cached_property
    def sides(self) -> tuple[Side, Side | None] | None:
        """Numerator and denominator in whole numbers, where they only add and take away."""
        return sides(self.expression, self.scales)

    def value(self, sums: Sums) -> Fraction | None:
        return formula.amount(self.expression, self._env(sums))

    def ratio(self, sums: Sums) -> tuple[Fraction | None, Fraction | None]:
        """Numerator and denominator; what is no quotient has no denominator."""
        upper, lower = formula.ratio(self.expression)
        env = self._env(sums)
        return formula.amount(upper, env), None if lower is None else formula.amount(lower, env)

    def _env(self, sums: Sums) -> dict[str, Fraction]:
        return {name: Fraction(total, 10 ** self.scales[name]) for name, total in sums.totals.items()}


@dataclass(frozen=True)
class Plan:
    """One indicator with the rule for each period; without rules where no formula was ever stated."""

    indicator: Indicator
    rules: Mapping[str, Rule]

    @classmethod
    def of(cls, code: str, periods: Sequence[Period]) -> Plan:
        return read([code], periods)[0]


ELEMENT = "="
"""Before the name of an element or of one of its cells, "=bo_hoc[lop=6]": its own sum is asked, not an indicator's."""


def read(codes: Sequence[str], periods: Sequence[Period]) -> list[Plan]:
    """The plans of many indicators, in the order asked; four queries however many they are."""
    known = {indicator.code: indicator for indicator in indicators.indicators().filter(code__in=codes)}
    summed = _elements([code for code in codes if code.startswith(ELEMENT)])
    known.update({code: indicator for code, (indicator, _rule) in summed.items()})
    for code in codes:
        if code not in known:
            raise UnknownIndicator(code=code)
    rules = rulebook.rules(codes) | {code: [rule] for code, (_indicator, rule) in summed.items()}
    return [
        Plan(
            known[code],
            {period.code: _in_force(rules[code], period.data_day) for period in periods if code in rules},
        )
        for code in codes
    ]


def _elements(codes: Sequence[str]) -> dict[str, tuple[Indicator, Rule]]:
    """Elements as if each were an indicator that says nothing but its sum; those of no cell are left out."""
    trees = {code: formula.parse(code.removeprefix(ELEMENT)) for code in codes}
    named = {code: tree for code, tree in trees.items() if isinstance(tree, formula.Name)}
    held = indicators.cells_of_names({name for tree in named.values() for name in formula.names(tree)}) if named else {}
    found: dict[str, tuple[Indicator, Rule]] = {}
    for code, tree in named.items():
        cells = {name: held[name] for name in formula.names(tree)}
        first = next((cell for some in cells.values() for cell in some), None)
        if first is None:
            continue
        element = first.element
        name = element.name if len(cells) > 1 or len(next(iter(cells.values()))) > 1 else first.label
        stands_for = Indicator(code=code, name=name, unit=element.unit, places=element.scale)
        found[code] = (
            stands_for,
            Rule(
                start=date.min,
                expression=tree,
                cells={name: [cell.pk for cell in some] for name, some in cells.items()},
                scales=dict.fromkeys(cells, element.scale),
                alone=element.over_units == "none",
            ),
        )
    return found


KEY = ("pk", "indicator", "start", "expression")


class Rulebook:
    """Formulas as this process has read them, with their cells. A version once published says the same for ever, and
    cells are only ever added: more of them than before, or others, empty the book.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: dict[tuple[object, ...], Rule] = {}
        self._cells: tuple[object, ...] = ()

    def rules(self, codes: Sequence[str]) -> dict[str, list[Rule]]:
        """Every formula each indicator has had, the oldest first; only those that have any."""
        if connection.in_atomic_block:
            return Rulebook()._read(codes)
        cells = tuple(Cell.objects.aggregate(newest=Max("pk"), count=Count("pk")).values())
        with self._lock:
            if cells != self._cells:
                self._rules, self._cells = {}, cells
            return self._read(codes)

    def _read(self, codes: Sequence[str]) -> dict[str, list[Rule]]:
        rows = FormulaVersion.objects.filter(indicator__in=list(codes)).order_by("start")
        if self._rules:
            keys = list(rows.values_list(*KEY))
            versions = FormulaVersion.objects.in_bulk([key[0] for key in keys if key not in self._rules])
        else:
            versions = {one.pk: one for one in rows}
            keys = [(one.pk, one.indicator_id, one.start, one.expression) for one in versions.values()]
        trees = {pk: formula.from_json(one.tree) for pk, one in versions.items()}
        names = {name for tree in trees.values() for name in formula.names(tree)}
        cells = indicators.cells_of_names(names) if names else {}
        for key in keys:
            if key[0] in versions:
                self._rules[key] = Rule.read(versions[key[0]], trees[key[0]], cells)
        found: dict[str, list[Rule]] = defaultdict(list)
        for key in keys:
            found[key[1]].append(self._rules[key])
        return dict(found)


rulebook = Rulebook()


def _in_force(rules: Sequence[Rule], day: date) -> Rule:
    """A past figure is computed by the rule of its day; one older than every rule by the first."""
    return next((rule for rule in reversed(rules) if rule.start <= day), rules[0])


def lines(plans: Sequence[Plan], quiet: Collection[str] = ()) -> dict[tuple[str, str], Line]:
    """(indicator, period) → what the engine adds up for it; of quiet periods only the sums."""
    pairs = [(plan.indicator.code, period, rule) for plan in plans for period, rule in plan.rules.items()]
    return {
        (code, period): Line(number, period, rule.cells, rule.alone, period in quiet)
        for number, (code, period, rule) in enumerate(pairs)
    }


def lone_cells() -> list[int]:
    """Cells of printed rates, which stay with their own unit."""
    return sorted(Cell.objects.filter(element__over_units="none").values_list("pk", flat=True))


def sheets(lines: Sequence[Line]) -> list[tuple[int, str, str, str]]:
    """(line, period, sheet, kind of unit) for every sheet that asks any cell of the line; kind "" is every kind."""
    asking: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for cell, sheet, kinds in asked.sheets_of({cell for line in lines for cell in line.cells}):
        asking[cell].update((sheet, kind) for kind in kinds or [""])
    found = {(line.number, line.period, *pair) for line in lines for cell in line.cells for pair in asking[cell]}
    return sorted(found)


def steps(lines: Sequence[Line]) -> list[tuple[int, int, int, int]]:
    """(line, unit, step, how many values stand there).

    One query counts for all lines: cells that the same lines read are one group, and a line adds up its groups.
    """
    readers: dict[int, list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        for cell in line.cells:
            readers[cell].append(place)
    groups: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for cell, places in readers.items():
        groups[tuple(places)].append(cell)
    found: dict[tuple[int, int, int], int] = defaultdict(int)
    reading = list(groups)
    for group, unit, period, step, n in asked.steps_by_unit({line.period for line in lines}, list(groups.values())):
        for line in (lines[place] for place in reading[group]):
            if line.period == period:
                found[line.number, unit, step] += n
    return [(*key, n) for key, n in found.items()]


def targets(
    codes: Sequence[str], units: Sequence[int], periods: Sequence[Period]
) -> dict[tuple[str, int, str], tuple[Fraction, str]]:
    """The target of the period itself or else of the year it belongs to, with the period it was written for."""
    wider = {period.code: [each.code for each in plan_periods(period)] for period in periods}
    found = indicators.targets(codes, units, {code for each in wider.values() for code in each})
    chosen: dict[tuple[str, int, str], tuple[Fraction, str]] = {}
    for code, unit, period in product(codes, units, wider) if found else ():
        held = next((found[key] for each in wider[period] if (key := (code, unit, each)) in found), None)
        if held is not None:
            chosen[code, unit, period] = (held.value, held.period_code)
    return chosen
