"""The reference roll-up: slow and obvious, it says what is true; `analytics` must agree with it under generated tests.

Figures stay at the unit that handed them in and are never rewritten. A question names a *map*: the tree of one day.
*As it was* is the map of the period's data day; *today* and *of a day* are the same thing with another day. To put an
old figure on a map, it is *placed* on units that stand on that map:

1. A unit that exists on the day keeps its figure.
2. A unit that has ended passes it to its successors by their shares, and they to theirs; a unit that ended without a
   successor leaves it with the parent it had on its last day.
3. A unit not yet founded on the day hands it back to its predecessor. Had it several, nobody knows how to divide it: it
   stays at the nearest unit that contains them all. A unit founded from nothing leaves it with its first parent.

So nothing is lost and nothing counted twice: the total of a root is the same on every map. A figure divided between
several units is divided in whole numbers that add up exactly (largest remainder). An answer that holds some parts of a
divided figure but not all is *estimated*; where all parts meet again it is exact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from giaoban.core import formula, period
from giaoban.core.hierarchy import Tree

AS_WAS = "as_was"
TODAY = "today"
Map = str | date
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Effect:
    """A row of the ledger: what one acceptance, correction or withdrawal changed of what counts."""

    unit: int
    period: str
    cell: int
    value_delta: int
    present_delta: int
    series: str = "report"


@dataclass(frozen=True)
class Lineage:
    """`successor` took over this share of `predecessor`."""

    predecessor: int
    successor: int
    numerator: int = 1
    denominator: int = 1


@dataclass(frozen=True)
class Expected:
    """A unit that is to hand in these cells for a period."""

    unit: int
    period: str
    cells: frozenset[int]


@dataclass(frozen=True)
class Total:
    """What some cells sum to at a unit. `sources` are the units whose figures are in it, wherever they stood."""

    value: int | None
    sources: frozenset[int]
    estimated: bool


@dataclass(frozen=True)
class Answer:
    numerator: Fraction | None
    denominator: Fraction | None
    value: Fraction | None
    reported: int
    expected: int
    estimated: bool
    day: date


def map_day(chosen: Map, code: str, today: date) -> date:
    """The day whose tree a question means."""
    if isinstance(chosen, date):
        return chosen
    if chosen == TODAY:
        return today
    if chosen == AS_WAS:
        return period.parse(code).data_day
    raise ValueError(f"a map is {AS_WAS}, {TODAY} or a day, not {chosen}")


def apportion(whole: int, shares: Mapping[int, Fraction]) -> dict[int, int]:
    """Whole numbers in proportion that add up exactly: round down, then one more to the largest remainders.

    Of equal remainders the smaller key comes first, so that every machine divides alike.
    """
    total = sum(shares.values(), Fraction(0))
    exact = {key: whole * share / total for key, share in shares.items()}
    parts = {key: amount.numerator // amount.denominator for key, amount in exact.items()}
    left = whole - sum(parts.values())
    for key in sorted(shares, key=lambda key: (parts[key] - exact[key], key))[:left]:
        parts[key] += 1
    return parts


@dataclass
class World:
    """Everything the roll-up looks at, as plain lists."""

    tree: Tree
    lineage: list[Lineage] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    expected: list[Expected] = field(default_factory=list)

    def facts(self, series: str, code: str) -> dict[tuple[int, int], int]:
        """(unit, cell) → value of what counts in a period; what was withdrawn or never given is not there."""
        value: dict[tuple[int, int], int] = defaultdict(int)
        present: dict[tuple[int, int], int] = defaultdict(int)
        for effect in self.effects:
            if (effect.series, effect.period) == (series, code):
                value[effect.unit, effect.cell] += effect.value_delta
                present[effect.unit, effect.cell] += effect.present_delta
        return {key: value[key] for key in value if present[key] > 0}

    # --- Placing a unit's figures on the map of a day -----------------------------------------------------------------

    def place(self, unit: int, day: date) -> dict[int, Fraction]:
        """The units that stand for `unit` on the map of `day`, with the share each has; empty when nobody does."""
        if self.tree.exists(unit, day):
            return {unit: Fraction(1)}
        if self._first_day(unit) > day:
            return dict.fromkeys(self._backward(unit, day), Fraction(1))
        return self._forward(unit, day)

    def _forward(self, unit: int, day: date) -> dict[int, Fraction]:
        heirs = {
            row.successor: Fraction(row.numerator, row.denominator)
            for row in self.lineage
            if row.predecessor == unit and self._first_day(row.successor) <= day
        }
        if not heirs:
            parent = self.tree.parent(unit, self._last_day(unit, day))
            heirs = {} if parent is None else {parent: Fraction(1)}
        whole = sum(heirs.values(), Fraction(0))
        placed: dict[int, Fraction] = defaultdict(Fraction)
        for heir, share in heirs.items():
            found = {heir: Fraction(1)} if self.tree.exists(heir, day) else self._forward(heir, day)
            for target, part in found.items():
                placed[target] += part * share / whole
        return dict(placed)

    def _backward(self, unit: int, day: date) -> set[int]:
        origins = [row.predecessor for row in self.lineage if row.successor == unit]
        if not origins:
            parent = self.tree.parent(unit, self._first_day(unit))
            origins = [] if parent is None else [parent]
        found: set[int] = set()
        for origin in origins:
            found |= set(self.place(origin, day))
        return self._meeting_point(found, day)

    def _meeting_point(self, units: set[int], day: date) -> set[int]:
        """The nearest unit that contains them all; none when they share no ancestor."""
        chains = [self.tree.lineage_up(unit, day) for unit in units]
        shared = [unit for unit in chains[0] if all(unit in chain for chain in chains)] if chains else []
        return set(shared[:1])

    def _first_day(self, unit: int) -> date:
        return min((row.start for row in self.tree.existences if row.unit == unit and row.exists), default=date.max)

    def _last_day(self, unit: int, before: date) -> date:
        ends = (
            row.start for row in self.tree.existences if row.unit == unit and not row.exists and row.start <= before
        )
        return max(ends) - DAY

    # --- Adding up ----------------------------------------------------------------------------------------------------

    def total(
        self, unit: int, code: str, cells: Collection[int], day: date, series: str = "report", alone: bool = False
    ) -> Total:
        """The unit's own figures of these cells and all below it, on the map of a day.

        `alone` reads its own figures only: for printed rates without counts, which are shown and never rolled up.
        """
        value, sources, estimated = 0, set(), False
        for (source, cell), amount in self.facts(series, code).items():
            if cell not in cells or (alone and source != unit):
                continue
            shares = self.place(source, day)
            inside = {target for target in shares if unit in self.tree.lineage_up(target, day)}
            if inside:
                parts = apportion(amount, shares)
                value += sum(parts[target] for target in inside)
                sources.add(source)
                estimated = estimated or len(inside) < len(shares)
        return Total(value if sources else None, frozenset(sources), estimated)

    def expected_units(self, unit: int, code: str, cells: Collection[int], day: date, alone: bool = False) -> set[int]:
        """Who at or below the unit was to hand in any of these cells."""
        return {
            row.unit
            for row in self.expected
            if row.period == code
            and row.cells & set(cells)
            and (row.unit == unit or not alone)
            and any(unit in self.tree.lineage_up(target, day) for target in self.place(row.unit, day))
        }

    def answer(
        self,
        expression: formula.Expression,
        cells: Mapping[str, Collection[int]],
        unit: int,
        code: str,
        chosen: Map,
        today: date,
        series: str = "report",
        alone: bool = False,
    ) -> Answer:
        """The value of an indicator: every name is added up first, then the formula is applied once.

        A unit has *reported* when it gave something for every name of the formula; whoever gave figures was expected.
        """
        day = map_day(chosen, code, today)
        totals = {name: self.total(unit, code, cells[name], day, series, alone) for name in formula.names(expression)}
        env = {name: total.value for name, total in totals.items()}
        upper, lower = formula.ratio(expression)
        value = formula.amount(expression, env)
        given = [total.sources for total in totals.values()]
        wanted = {cell for name in totals for cell in cells[name]}
        expected = self.expected_units(unit, code, wanted, day, alone) if series == "report" else set()
        return Answer(
            numerator=formula.amount(upper, env),
            denominator=None if lower is None else formula.amount(lower, env),
            value=value,
            reported=len(frozenset.intersection(*given)) if given else 0,
            expected=len(expected.union(*given)),
            estimated=value is not None and any(total.estimated for total in totals.values()),
            day=day,
        )


def conserved(world: World, root: int, code: str, cells: Iterable[int], days: Iterable[date]) -> bool:
    """Whether the root's total is the same on every map: the promise of this module, held by generated tests."""
    kept = list(cells)
    return len({world.total(root, code, kept, day).value for day in days}) <= 1
