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

A question may ask only *where* units hold an attribute: then it counts what lies, on its map, with units that hold it
on that day, be it by a decision of their own or by that of the nearest unit above them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

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
    on: date = date.min


@dataclass(frozen=True)
class Expected:
    """A unit that is to hand in these cells for a period."""

    unit: int
    period: str
    cells: frozenset[int]


@dataclass(frozen=True)
class Holding:
    """From this day on the unit has this value of an attribute; an empty value ends it."""

    unit: int
    attribute: str
    value: str
    start: date


Where = Sequence[tuple[str, str]]
"""Attributes with the value each must have: only figures that lie with units that have them all, on the map's day."""


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
    holdings: list[Holding] = field(default_factory=list)
    not_inherited: frozenset[str] = frozenset()
    territory: Tree | None = None
    """The tree attributes are inherited along, where it is not `tree`."""

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
        self,
        unit: int,
        code: str,
        cells: Collection[int],
        day: date,
        series: str = "report",
        alone: bool = False,
        where: Where = (),
    ) -> Total:
        """The unit's own figures of these cells and all below it, on the map of a day.

        `alone` reads its own figures only: for printed rates without counts, which are shown and never rolled up.
        """
        value, sources, estimated = 0, set(), False
        for (source, cell), amount in self.facts(series, code).items():
            if cell not in cells or (alone and source != unit):
                continue
            shares = self.place(source, day)
            inside = self._inside(shares, unit, day, where)
            if inside:
                parts = apportion(amount, shares)
                value += sum(parts[target] for target in inside)
                sources.add(source)
                estimated = estimated or len(inside) < len(shares)
        return Total(value if sources else None, frozenset(sources), estimated)

    def _inside(self, targets: Iterable[int], unit: int, day: date, where: Where) -> set[int]:
        """Those at or below the unit that hold what is asked for."""
        return {
            target
            for target in targets
            if unit in self.tree.lineage_up(target, day)
            and all(self.value_of(attribute, target, day) == value for attribute, value in where)
        }

    def value_of(self, attribute: str, unit: int, day: date) -> str:
        """The unit's own value, or that of the nearest unit above it that has one; "" without any."""
        chain = (self.territory or self.tree).lineage_up(unit, day)
        for holder in chain[:1] if attribute in self.not_inherited else chain:
            rows = [row for row in self.holdings if (row.unit, row.attribute) == (holder, attribute)]
            held = max((row for row in rows if row.start <= day), key=lambda row: row.start, default=None)
            if held is not None and held.value:
                return held.value
        return ""

    def expected_units(
        self, unit: int, code: str, cells: Collection[int], day: date, alone: bool = False, where: Where = ()
    ) -> set[int]:
        """Who at or below the unit was to hand in any of these cells."""
        return {
            row.unit
            for row in self.expected
            if row.period == code
            and row.cells & set(cells)
            and (row.unit == unit or not alone)
            and self._inside(self.place(row.unit, day), unit, day, where)
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
        where: Where = (),
    ) -> Answer:
        """The value of an indicator: every name is added up first, then the formula is applied once.

        A unit has *reported* when it gave something for every name of the formula; whoever gave figures was expected.
        """
        day = map_day(chosen, code, today)
        totals = {
            name: self.total(unit, code, cells[name], day, series, alone, where) for name in formula.names(expression)
        }
        env = {name: total.value for name, total in totals.items()}
        upper, lower = formula.ratio(expression)
        value = formula.amount(expression, env)
        given = [total.sources for total in totals.values()]
        wanted = {cell for name in totals for cell in cells[name]}
        expected = self.expected_units(unit, code, wanted, day, alone, where) if series == "report" else set()
        return Answer(
            numerator=formula.amount(upper, env),
            denominator=None if lower is None else formula.amount(lower, env),
            value=value,
            reported=len(frozenset.intersection(*given)) if given else 0,
            expected=len(expected.union(*given)),
            estimated=value is not None and any(total.estimated for total in totals.values()),
            day=day,
        )

    # --- Comparable areas ---------------------------------------------------------------------------------------------

    def areas(self, level: Collection[int], start: date, end: date) -> list[frozenset[int]]:
        """The finest groups of units of a level between which nothing has moved from `start` to `end`.

        Two units of the level belong together when a unit below one of them lay below the other on another day, or
        when what one of them had (or a unit below it) was taken over by the other (or a unit below it). A group of
        which some unit came from nothing or went to nothing, or not all of it to units of the level, is no area: the
        ground it covers is not known to be the same. What a unit *above* the level left to units of it (a district, to
        its communes) is no ground that moved: only its own figures, which as it was lie in no area.
        """
        rows = [row.start for row in self.tree.existences] + [row.start for row in self.tree.links]
        days = [start, *sorted({day for day in rows if start < day <= end})]
        groups = {frozenset([unit]) for unit in level for day in days if self.tree.exists(unit, day)}
        lineage = [
            row
            for row in self.lineage
            if start < row.on <= end and not self._over(level, row.predecessor, self._stood(row.predecessor, row.on))
        ]
        for unit in {row.unit for row in self.tree.existences}:
            groups = _joined(groups, {above for day in days for above in self._anchors(level, unit, day)})
        for row in lineage:
            last = self._stood(row.predecessor, row.on)
            before = self._anchors(level, row.predecessor, last) if start <= last else set()
            groups = _joined(groups, before | self._anchors(level, row.successor, row.on))

        def known(unit: int) -> bool:
            for before, day in pairwise(days):
                stood, stands = self.tree.exists(unit, before), self.tree.exists(unit, day)
                came = [row.predecessor for row in lineage if (row.successor, row.on) == (unit, day)]
                went = [row.successor for row in lineage if (row.predecessor, row.on) == (unit, day)]
                if stands and not stood and not self._all_in(level, came, day - DAY):
                    return False
                if stood and not stands and not self._all_in(level, went, day):
                    return False
            return True

        return sorted((group for group in groups if all(map(known, group))), key=min)

    def _stood(self, unit: int, before: date) -> date:
        """The last day before another on which the unit stood: a successor may be named some time after it ended."""
        return before - DAY if self.tree.exists(unit, before - DAY) else self._last_day(unit, before)

    def _over(self, level: Collection[int], unit: int, day: date) -> bool:
        """Whether it stood above some unit of the level on the day."""
        return not self._anchors(level, unit, day) and any(unit in self.tree.lineage_up(one, day) for one in level)

    def _all_in(self, level: Collection[int], units: Collection[int], day: date) -> bool:
        return bool(units) and all(self._anchors(level, unit, day) for unit in units)

    def _anchors(self, level: Collection[int], unit: int, day: date) -> set[int]:
        """The units of the level at or above it."""
        return {above for above in self.tree.lineage_up(unit, day) if above in level}

    def area_answer(
        self,
        expression: formula.Expression,
        cells: Mapping[str, Collection[int]],
        area: Collection[int],
        code: str,
        today: date,
        series: str = "report",
    ) -> Answer:
        """The value of an indicator for an area, on the map of the period's data day."""
        day = map_day(AS_WAS, code, today)
        names = formula.names(expression)
        sums: dict[str, int] = {}
        given: dict[str, set[int]] = {name: set() for name in names}
        estimated = False
        for (source, cell), amount in self.facts(series, code).items():
            shares = self.place(source, day)
            inside = {target for target in shares if self._anchors(area, target, day)}
            parts = apportion(amount, shares) if shares else {}
            for name in names:
                if cell in cells[name] and inside:
                    sums[name] = sums.get(name, 0) + sum(parts[target] for target in inside)
                    given[name].add(source)
                    estimated = estimated or len(inside) < len(shares)
        wanted = {cell for name in names for cell in cells[name]}
        asked = {
            row.unit
            for row in self.expected
            if row.period == code
            and row.cells & wanted
            and series == "report"
            and any(self._anchors(area, target, day) for target in self.place(row.unit, day))
        }
        env = {name: sums.get(name) for name in names}
        upper, lower = formula.ratio(expression)
        value = formula.amount(expression, env)
        return Answer(
            numerator=formula.amount(upper, env),
            denominator=None if lower is None else formula.amount(lower, env),
            value=value,
            reported=len(set.intersection(*given.values())) if given else 0,
            expected=len(asked.union(*given.values())),
            estimated=value is not None and estimated,
            day=day,
        )


def _joined(groups: set[frozenset[int]], together: set[int]) -> set[frozenset[int]]:
    """The groups that hold any of these become one."""
    touched = {group for group in groups if group & together}
    return groups - touched | ({frozenset().union(*touched)} if touched else set())


def conserved(world: World, root: int, code: str, cells: Iterable[int], days: Iterable[date]) -> bool:
    """Whether the root's total is the same on every map: the promise of this module, held by generated tests."""
    kept = list(cells)
    return len({world.total(root, code, kept, day).value for day in days}) <= 1
