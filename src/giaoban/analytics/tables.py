"""Actual, plan, gap, previous, change and who is in, for many indicators × many units at once: columns, not objects.

Every field of the table has a number, its place: the unit's place × the number of indicators + the indicator's. A
column of the table is an Arrow array over all places. A field becomes an `Answer`, equal to the one of `queries.ask`,
only when somebody looks at it. Values are kept as numerator and denominator; what is printed is computed half up, in
whole numbers, for all fields at once. Where a formula is no quotient of sums, or numbers are too large for 64 bits, the
fields concerned are computed one by one, exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from giaoban.analytics.answers import Answer
from giaoban.analytics.engine import LARGEST, Asking, Line, Sums
from giaoban.analytics.linear import Side
from giaoban.analytics.plans import Plan, Rule
from giaoban.analytics.stacks import NotPlain, Stacks, repeated
from giaoban.core.numbers import rounded
from giaoban.core.period import Period
from giaoban.core.rollup import Map

NOW, BEFORE = 0, 2
Array = pa.Array | pa.ChunkedArray


@dataclass(frozen=True)
class Slot:
    """One indicator in one of the two periods: its line and, where it is linear, both sides of its quotient."""

    line: Line
    rule: Rule
    sides: tuple[Side, Side | None] | None


@dataclass(frozen=True)
class Layout:
    """Which line fills which column, now and before."""

    plans: Sequence[Plan]
    now: Mapping[int, Slot]
    before: Mapping[int, Slot]

    @classmethod
    def of(cls, plans: Sequence[Plan], lines: Mapping[tuple[str, str], Line], now: str, before: str) -> Layout:
        def slots(period: str) -> dict[int, Slot]:
            keyed = [(place, (plan.indicator.code, period), plan) for place, plan in enumerate(plans)]
            return {
                place: Slot(lines[key], plan.rules[period], plan.rules[period].sides)
                for place, key, plan in keyed
                if key in lines
            }

        return cls(plans, slots(now), slots(before) if before else {})

    @property
    def width(self) -> int:
        return len(self.plans)

    def factors(self) -> list[tuple[int, int, int, int, int]]:
        """(line, term, column, side, factor) of everything linear."""
        rows = []
        for first, slots in ((NOW, self.now), (BEFORE, self.before)):
            for place, slot in slots.items():
                terms = {name: term for term, name in enumerate(slot.line.names)}
                for number, side in enumerate(slot.sides or ()):
                    for name, factor in side.factors if side else ():
                        rows.append((slot.line.number, terms[name], place, first + number, factor))
        return rows

    def linear_lines(self) -> list[int]:
        return [slot.line.number for _, _, slot in self.slots() if slot.sides]

    def largest_factor(self) -> int:
        """How many times larger than its largest total a side can be."""
        every = [side for slots in (self.now, self.before) for slot in slots.values() for side in slot.sides or ()]
        return max((abs(s.constant) + sum(abs(f) for _, f in s.factors) for s in every if s), default=1)

    def slots(self) -> list[tuple[int, int, Slot]]:
        """(first side, column, slot) of everything."""
        both = ((NOW, self.now), (BEFORE, self.before))
        return [(first, place, slot) for first, slots in both for place, slot in slots.items()]

    def odd(self) -> list[tuple[int, int, Slot]]:
        """Those that are not linear."""
        return [each for each in self.slots() if each[2].sides is None]


@dataclass(frozen=True)
class Exact:
    """A field computed by itself."""

    numerator: Fraction | None
    denominator: Fraction | None
    value: Fraction | None
    estimated: bool


@dataclass
class Table:
    """The answers to indicators × units in one period."""

    layout: Layout
    units: Sequence[int]
    period: Period
    before: Period | None
    map: Map
    day: date
    columns: dict[str, Array]
    exact: dict[tuple[int, int], Exact] = field(default_factory=dict)
    """(first side, place) → fields computed by themselves."""
    wholly_exact: bool = False
    target_periods: Sequence[str] = ()

    @property
    def indicators(self) -> list[str]:
        return [plan.indicator.code for plan in self.layout.plans]

    @cached_property
    def _column_of(self) -> dict[str, int]:
        return {code: place for place, code in enumerate(self.indicators)}

    @cached_property
    def _row_of(self) -> dict[int, int]:
        return {unit: place for place, unit in enumerate(self.units)}

    def place(self, indicator: str, unit: int) -> int:
        return self._row_of[unit] * self.layout.width + self._column_of[indicator]

    def numbers(self, column: str, indicator: str | None = None) -> list[int | None]:
        """One column, of all fields in their order or of one indicator in the order of the units.

        `printed`, `target`, `gap`, `previous` and `change` are whole numbers of the last decimal that is printed.
        """
        array = self.columns[column]
        if indicator is not None:
            steps = range(self._column_of[indicator], len(self.units) * self.layout.width, self.layout.width)
            array = array.take(pa.array(steps, pa.int64()))
        return [int(each) if isinstance(each, Decimal) else each for each in array.to_pylist()]

    def answers(self) -> list[Answer]:
        """All of them, indicator by indicator, as `ask` gives them."""
        return [self.answer(code, unit) for code in self.indicators for unit in self.units]

    def answer(self, indicator: str, unit: int) -> Answer:
        at, column = self.place(indicator, unit), self._column_of[indicator]
        plan, slot = self.layout.plans[column], self.layout.now.get(column)
        now = self._field(NOW, at, slot)
        then = self._field(BEFORE, at, self.layout.before.get(column))
        upper, lower = self._at("target_numerator", at), self._at("target_denominator", at)
        chosen = self._at("target_period", at)
        return Answer(
            indicator=indicator,
            unit_id=unit,
            period=self.period,
            numerator=now.numerator,
            denominator=now.denominator,
            value=now.value,
            target=None if upper is None or lower is None else Fraction(upper, lower),
            target_period="" if chosen is None else self.target_periods[chosen],
            previous=then.value,
            previous_period=self.before,
            previous_estimated=then.estimated and then.value is not None,
            expected=self._at("expected", at) or 0,
            reported=self._at("reported", at) or 0,
            estimated=now.estimated and now.value is not None,
            map=self.map,
            day=self.day,
            formula_version=slot.rule.start if slot else None,
            is_percent=plan.indicator.is_percent,
            places=plan.indicator.places,
            measure=plan.indicator.unit,
        )

    def _at(self, column: str, at: int) -> int | None:
        return self.columns[column][at].as_py()

    def _field(self, first: int, at: int, slot: Slot | None) -> Exact:
        if slot is None:
            return NO_FIELD
        if self.wholly_exact or slot.sides is None:
            return self.exact.get((first, at)) or exact(slot.rule, Sums())
        upper_side, lower_side = slot.sides
        upper, lower = self._at(f"value_{first}", at), self._at(f"value_{first + 1}", at)
        numerator = None if upper is None else Fraction(upper, upper_side.scale)
        denominator = None if lower is None or lower_side is None else Fraction(lower, lower_side.scale)
        if lower_side is None:
            value = numerator
        else:
            value = numerator / denominator if numerator is not None and denominator else None
        return Exact(numerator, denominator, value, bool(self._at(f"estimated_{first}", at)))


NO_FIELD = Exact(None, None, None, False)


def exact(rule: Rule, sums: Sums) -> Exact:
    return Exact(*rule.ratio(sums), rule.value(sums), sums.estimated)


# --- Computing --------------------------------------------------------------------------------------------------------


class Filling:
    """Columns over all places, from what the engine added up."""

    def __init__(self, layout: Layout, rows: int) -> None:
        self.layout, self.rows = layout, rows
        self.size = rows * layout.width
        self.places = pa.arange(0, self.size)
        whole_rows = pc.multiply(pc.divide(self.places, max(layout.width, 1)), layout.width)
        self.column_of = pc.subtract(self.places, whole_rows)
        self.columns: dict[str, Array] = {}

    def spread(self, found: pa.Table, names: Sequence[str], rows: Array | None = None) -> dict[str, Array]:
        """Rows with a place (`at`, each once) as columns over all places, missing where there is no row."""
        if not found.num_rows:
            return {name: pa.nulls(self.size, pa.int64()) for name in names}
        chosen = self.rows_at(found["at"], self.size) if rows is None else rows
        return {name: found[name].combine_chunks().take(chosen) for name in names}

    def rows_at(self, places: pa.ChunkedArray, size: int) -> Array:
        """Which row has each place; missing where none."""
        return pc.inverse_permutation(places.combine_chunks(), max_index=size - 1)

    def per_column(self, values: Sequence[int | None]) -> Array:
        """A number of each indicator, over all places."""
        return pa.array(values, pa.int64()).take(self.column_of)

    def sums(self, found: pa.Table) -> None:
        """Both sides now and before, each known only where all its names are."""
        estimated: dict[int, Array] = {}
        rows = self.rows_at(found["spot"], 4 * self.size) if found.num_rows else None
        for number in range(4):
            sides = self._sides(number)
            of_side = None if rows is None else rows.take(pc.add(pc.multiply(self.places, 4), number))
            held = self.spread(found, ["value", "names", "estimated"], of_side)
            needed = self.per_column([side.names if side else None for side in sides])
            constant = self.per_column([side.constant if side else None for side in sides])
            known = pc.equal(pc.fill_null(held["names"], 0), needed)
            value = pc.add_checked(pc.fill_null(held["value"], 0), constant)
            self.columns[f"value_{number}"] = pc.if_else(known, value, pa.scalar(None, pa.int64()))
            estimated[number] = pc.fill_null(held["estimated"], 0).cast(pa.int64())
        for first in (NOW, BEFORE):
            self.columns[f"estimated_{first}"] = pc.max_element_wise(estimated[first], estimated[first + 1])

    def stacks(self, stacks: Stacks) -> None:
        """Sides and people from stacks, which go column by column where a table goes unit by unit."""
        columns = pc.subtract(self.places, pc.multiply(pc.divide(self.places, self.layout.width), self.layout.width))
        turned = pc.add(pc.multiply(columns, self.rows), pc.divide(self.places, self.layout.width))
        none = repeated(0, self.size)
        for number in range(4):
            slots = self.layout.now if number < BEFORE else self.layout.before
            sides = [(slots[place].line, side) if side else None for place, side in enumerate(self._sides(number))]
            self.columns[f"value_{number}"] = stacks.side(sides).take(turned)
        self.columns |= dict.fromkeys((f"estimated_{NOW}", f"estimated_{BEFORE}"), none)
        lines = [
            self.layout.now[place].line if place in self.layout.now else None for place in range(self.layout.width)
        ]
        expected, reported = stacks.people([line if line and not line.quiet else None for line in lines])
        self.columns |= {"expected": expected.take(turned), "reported": reported.take(turned)}

    def nothing(self) -> None:
        """Columns to be filled one field after the other."""
        empty = pa.nulls(self.size, pa.int64())
        named = ("printed", "previous", f"estimated_{NOW}", f"estimated_{BEFORE}", *(f"value_{n}" for n in range(4)))
        self.columns |= dict.fromkeys(named, empty)

    def people(self, found: pa.Table) -> None:
        """Who was asked and who reported."""
        held = self.spread(found, ["expected", "reported"])
        self.columns |= {name: pc.fill_null(each, 0) for name, each in held.items()}

    def _sides(self, number: int) -> list[Side | None]:
        slots = self.layout.now if number < BEFORE else self.layout.before
        both = (slots[place].sides if place in slots else None for place in range(self.layout.width))
        return [each[number % 2] if each else None for each in both]

    def targets(self, found: Mapping[str, pa.Table]) -> None:
        """The target of the first of the periods that has one."""
        nothing = pa.nulls(self.size, pa.int64())
        numerator, denominator, chosen = nothing, nothing, nothing
        for place, rows in enumerate(found.values()):
            here = self.spread(rows, ["numerator", "denominator"])
            new = pc.and_(pc.is_null(denominator), pc.is_valid(here["denominator"]))
            numerator = pc.if_else(new, here["numerator"], numerator)
            denominator = pc.if_else(new, here["denominator"], denominator)
            chosen = pc.if_else(new, pa.scalar(place, pa.int64()), chosen)
        self.columns |= {
            "target_numerator": numerator,
            "target_denominator": denominator,
            "target_period": chosen,
        }

    def print(self) -> None:
        """What people read, in whole numbers of the last printed decimal. Raises ArrowInvalid where 64 bits are few."""
        columns = self.columns
        columns["printed"] = self._printed(NOW)
        columns["previous"] = self._printed(BEFORE)
        shift = self.per_column([10 ** _decimals(plan) for plan in self.layout.plans])
        goal = pc.multiply_checked(columns["target_numerator"], shift)
        columns["target"] = half_up(goal, columns["target_denominator"])

    def print_targets(self) -> None:
        """The same of targets, one by one."""
        pairs = zip(self.columns["target_numerator"].to_pylist(), self.columns["target_denominator"].to_pylist())
        self.columns["target"] = pa.nulls(self.size, pa.int64())
        plans = self.layout.plans
        self.override(
            "target",
            {
                at: printed(Fraction(upper, lower), plans[at % len(plans)])
                for at, (upper, lower) in enumerate(pairs)
                if lower is not None
            },
        )

    def differences(self) -> None:
        """Of what is printed."""
        wide = pa.decimal128(37, 0)  # their difference takes one place more, and there are 38
        for name, other in (("gap", "target"), ("change", "previous")):
            one, two = self.columns["printed"], self.columns[other]
            if pa.types.is_decimal(one.type) or pa.types.is_decimal(two.type):
                one, two = one.cast(wide), two.cast(wide)
            self.columns[name] = pc.subtract_checked(one, two)

    def _printed(self, first: int) -> Array:
        """Numerator / its scale over denominator / its scale, times a power of ten: one division."""
        above, below = self._sides(first), self._sides(first + 1)
        times, over = [], []
        for place, plan in enumerate(self.layout.plans):
            up, down = above[place], below[place]
            times.append((down.scale if down else 1) * 10 ** _decimals(plan) if up else None)
            over.append(up.scale if up else None)
        plain = self.per_column([1 if up and not down else 0 for up, down in zip(above, below, strict=True)])
        lower = pc.if_else(pc.equal(plain, 1), pa.scalar(1, pa.int64()), self.columns[f"value_{first + 1}"])
        return half_up(
            pc.multiply_checked(self.columns[f"value_{first}"], self.per_column(times)),
            pc.multiply_checked(lower, self.per_column(over)),
        )

    def override(self, name: str, values: Mapping[int, int | None]) -> None:
        """Some fields of a column, by place."""
        if not values:
            return
        wide = any(each is not None and abs(each) >= LARGEST for each in values.values())
        kind = pa.decimal128(38, 0) if wide or pa.types.is_decimal(self.columns[name].type) else pa.int64()
        places = pa.array(list(values), pa.int64())
        given = pa.array([None if each is None else Decimal(each) if wide else each for each in values.values()], kind)
        rows = pc.index_in(self.places, places)
        here = self.columns[name].cast(kind)
        self.columns[name] = pc.if_else(pc.is_valid(rows), given.take(rows), here)


def half_up(numerator: Array, denominator: Array) -> Array:
    """Quotients rounded half away from zero; missing where either side is, or the denominator is nought."""
    zero = pa.scalar(0, pa.int64())
    below = pc.if_else(pc.equal(denominator, zero), pa.scalar(None, pa.int64()), denominator)
    negative = pc.xor(pc.less(numerator, zero), pc.less(below, zero))
    up, down = pc.abs_checked(numerator), pc.abs_checked(below)
    doubled = pc.multiply_checked(down, 2)
    rounded_up = pc.divide(pc.add_checked(pc.multiply_checked(up, 2), down), doubled)
    return pc.if_else(negative, pc.negate_checked(rounded_up), rounded_up)


def _decimals(plan: Plan) -> int:
    return plan.indicator.places + (2 if plan.indicator.is_percent else 0)


def printed(value: Fraction | None, plan: Plan) -> int | None:
    """A value in whole numbers of its last printed decimal."""
    return None if value is None else int(rounded(value * 10 ** _decimals(plan)))


def fill(made: Table, asking: Asking, goals: Mapping[str, pa.Table]) -> None:
    """Everything the table needs: from piles, or else by one question to the engine."""
    try:
        _fill_from_piles(made, asking, goals)
    except (NotPlain, pa.ArrowInvalid):  # 64 bits may be few
        _fill_by_statements(made, asking, goals)


def _fill_from_piles(made: Table, asking: Asking, goals: Mapping[str, pa.Table]) -> None:
    layout = made.layout
    filling, stacks = Filling(layout, len(made.units)), Stacks(asking)
    filling.targets(goals)
    filling.stacks(stacks)
    filling.print()
    made.columns = filling.columns
    odd = layout.odd()
    if odd:
        one_by_one(made, filling, odd, stacks.terms({slot.line.number for _, _, slot in odd}))
    filling.differences()


def _fill_by_statements(made: Table, asking: Asking, goals: Mapping[str, pa.Table]) -> None:
    layout = made.layout
    filling = Filling(layout, len(made.units))
    columns = {slot.line.number: place for place, slot in layout.now.items() if not slot.line.quiet}
    found = asking.table(layout.factors(), layout.linear_lines(), layout.largest_factor(), columns, layout.width)
    filling.targets(goals)
    try:
        if found.sides is None:
            raise pa.ArrowInvalid("too large")
        filling.sums(found.sides)
        filling.print()
        odd = layout.odd()
    except pa.ArrowInvalid:  # numbers for which 64 bits are few: one by one, exactly
        made.wholly_exact = True
        odd = layout.slots()
        filling.nothing()
        filling.print_targets()
    filling.people(found.people)
    made.columns = filling.columns
    if odd:
        one_by_one(made, filling, odd, asking.terms({slot.line.number for _, _, slot in odd}))
    filling.differences()


def one_by_one(
    made: Table, filling: Filling, odd: Sequence[tuple[int, int, Slot]], sums: Mapping[tuple[int, int], Sums]
) -> None:
    """Fields of these slots, each by its formula."""
    width, numbers = made.layout.width, {NOW: {}, BEFORE: {}}
    for first, column, slot in odd:
        for row, unit in enumerate(made.units):
            at = row * width + column
            one = exact(slot.rule, sums.get((unit, slot.line.number)) or Sums())
            made.exact[first, at] = one
            numbers[first][at] = printed(one.value, made.layout.plans[column])
    filling.override("printed", numbers[NOW])
    filling.override("previous", numbers[BEFORE])
    filling.override(
        f"estimated_{NOW}", {at: int(one.estimated) for (first, at), one in made.exact.items() if not first}
    )
