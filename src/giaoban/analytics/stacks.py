"""A table's sums from piles (`homes`), whole columns at a time: no statement, no grouping, only adding stretches.

Everything is a stack: one stretch for each thing (a cell, a name, a column of the table), each with a field for every
row or unit in the same order. What a column adds up is then a few stacks added, a name of each formula at a time; who
gave are stacks of bits. The rules are those of core.rollup; where homes do not say it all, the engine's statements do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from giaoban.analytics import coding, ledger
from giaoban.analytics.coding import codes
from giaoban.analytics.engine import Asking, Line, Sums
from giaoban.analytics.homes import A_ROW, Homes, Pile, homes, pile, scattered
from giaoban.analytics.linear import Side

Cells = tuple[int, ...]
WHOLE = pa.int64()
EVERYBODY = 2**A_ROW - 1
MISSING = pa.scalar(None, WHOLE)


class NotPlain(Exception):
    """The piles do not say this: the engine's statements do."""


def repeated(number: int | None, size: int) -> pa.Array:
    return pa.repeat(pa.scalar(number, WHOLE), size)


def stacked(array: pa.Array, places: Sequence[int | None], size: int, otherwise: pa.Array) -> pa.Array:
    """The stretches at these places one after the other, another one where there is none."""
    if not places:
        return pa.array([], WHOLE)
    return pa.concat_arrays([otherwise if at is None else array.slice(at * size, size) for at in places])


def each(numbers: Sequence[int | None], size: int) -> pa.Array:
    """Each number for a whole stretch."""
    places = pc.divide(pa.arange(0, len(numbers) * size), max(size, 1))
    return pa.array(numbers, WHOLE).take(places)


def everywhere(places: Sequence[int], wide: int, height: int) -> pa.Array:
    """These places in every stretch of a stack."""
    across = pa.arange(0, height * len(places))
    stretch = pc.divide(across, max(len(places), 1))
    within = pc.subtract(across, pc.multiply(stretch, len(places)))
    return pc.add(pc.multiply(stretch, wide), pa.array(places, WHOLE).take(within))


def counted(bits: pa.Array) -> pa.Array:
    """How many bits of each number are set."""

    def masked(numbers: pa.Array, shift: int, mask: int) -> pa.Array:
        return pc.bit_wise_and(pc.shift_right(numbers, shift), mask)

    pairs = pc.subtract(bits, masked(bits, 1, 0x5555555555555555))
    fours = pc.add(pc.bit_wise_and(pairs, 0x3333333333333333), masked(pairs, 2, 0x3333333333333333))
    eights = pc.bit_wise_and(pc.add(fours, pc.shift_right(fours, 4)), 0x0F0F0F0F0F0F0F0F)
    return pc.shift_right(pc.multiply(eights, 0x0101010101010101), 56)


@dataclass(frozen=True)
class Spread:
    """Which rows make up each unit asked: the rows used, each once, and for each unit the places of its own."""

    used: Sequence[int]
    of_unit: Sequence[Sequence[int]]

    @classmethod
    def of(cls, rows: Sequence[Sequence[int]]) -> Spread:
        used = list(dict.fromkeys(row for of_unit in rows for row in of_unit))
        place = {row: at for at, row in enumerate(used)}
        return cls(used, [[place[row] for row in of_unit] for of_unit in rows])

    @cached_property
    def one_each(self) -> bool:
        return [*self.of_unit] == [[at] for at in range(len(self.used))]

    def summed(self, stack: pa.Array, height: int) -> pa.Array:
        """A stack over rows as one over units."""
        if self.one_each:
            return stack
        wide, flat = len(self.used), [at for of_unit in self.of_unit for at in of_unit]
        ends = [0]
        for of_unit in self.of_unit:
            ends.append(ends[-1] + len(of_unit))
        chosen = stack.take(everywhere(flat, wide, height))
        running = pa.concat_arrays([repeated(0, 1), pc.cumulative_sum_checked(chosen)])
        return pc.subtract(
            running.take(everywhere(ends[1:], len(flat), height)),
            running.take(everywhere(ends[:-1], len(flat), height)),
        )


class Held:
    """What the units asked have of each name in one period, and who gave it."""

    def __init__(self, names: Collection[Cells], pile: Pile, seats: Homes, spread: Spread, tail: pa.Table) -> None:
        self.names = {name: at for at, name in enumerate(sorted(names))}
        self.units, self.spread = len(spread.of_unit), spread
        cells = sorted({cell for name in self.names for cell in name})
        self._cells = {cell: at for at, cell in enumerate(cells)}
        self._wide = seats.rows
        value, present, gave = self._taken(pile, tail, seats)
        height = len(cells)
        self._gave = self.of_used(gave, height)
        self._value = spread.summed(self.of_used(value, height), height)
        self._present = spread.summed(self.of_used(present, height), height)

    @cached_property
    def totals(self) -> pa.Array:
        """Of each name, missing where nobody gave any of its cells."""
        value = self._of_names(self._value, self.units, pc.add_checked)
        present = self._of_names(self._present, self.units, pc.add)
        return pc.if_else(pc.equal(present, 0), MISSING, value)

    @cached_property
    def givers(self) -> pa.Array:
        """Of each name the seats of those who gave any of its cells, row by row."""
        return self._of_names(self._gave, len(self.spread.used), pc.bit_wise_or)

    def _of_names(self, stack: pa.Array, wide: int, together: Callable[[pa.Array, pa.Array], pa.Array]) -> pa.Array:
        nothing, found = repeated(0, wide), None
        for nth in range(max((len(name) for name in self.names), default=0)):
            places = [self._cells[name[nth]] if nth < len(name) else None for name in self.names]
            more = stacked(stack, places, wide, nothing)
            found = more if found is None else together(found, more)
        return repeated(0, len(self.names) * wide) if found is None else found

    def of_used(self, stack: pa.Array, height: int = 1) -> pa.Array:
        """A stack over all rows as one over those used."""
        used = self.spread.used
        if list(used) == list(range(self._wide)):
            return stack
        return stack.take(everywhere(used, self._wide, height))

    def _taken(self, pile: Pile, tail: pa.Table, seats: Homes) -> tuple[pa.Array, pa.Array, pa.Array]:
        """Of the cells wanted, cell by cell: of the part and of the lines after it."""
        nothing, places = repeated(0, self._wide), [pile.cells.get(cell) for cell in self._cells]
        of_part = [stacked(stack, places, self._wide, nothing) for stack in (pile.value, pile.present, pile.gave)]
        seat = pc.index_in(tail["unit"], seats.seats["unit"].combine_chunks())
        lines, seat = tail.filter(pc.is_valid(seat)), seat.drop_null()
        if not lines.num_rows:
            return of_part[0], of_part[1], of_part[2]
        cell = pc.index_in(lines["cell"], pa.array(list(self._cells), pa.int32())).cast(WHOLE)
        at = pc.add(pc.multiply(cell, self._wide), seats.seats["place"].take(seat))
        bits = pc.multiply(lines["present"], seats.seats["bit"].take(seat))
        added = pa.table({"at": at, "value": lines["value"], "present": lines["present"], "gave": bits})
        added = added.group_by("at").aggregate([(name, "sum") for name in ("value", "present", "gave")])
        size = len(self._cells) * self._wide
        value, present, gave = (
            pc.add_checked(stack, scattered(added[f"{name}_sum"], added["at"], size))
            for name, stack in zip(("value", "present", "gave"), of_part, strict=True)
        )
        touched = added["at"].combine_chunks()
        if not pc.all(pc.equal(counted(gave.take(touched)), present.take(touched))).as_py():
            raise NotPlain  # a value that is there twice, or taken away without having been there
        return value, present, gave


class Stacks:
    """One question over piles. Raises NotPlain where they do not say it."""

    def __init__(self, asking: Asking) -> None:
        question = asking.question
        lines = question.lines
        if question.where or question.areas or not lines or any(line.alone for line in lines):
            raise NotPlain
        self.asking, self.units = asking, question.units
        self._held = {period: self._period(period) for period in sorted({line.period for line in lines})}

    def _period(self, period: str) -> tuple[Held, Homes]:
        asking, day = self.asking, self.asking.days[period]
        seats = homes(asking.tree, day)
        rows = seats.within(self.units)
        if rows is None:
            raise NotPlain
        kept = pile(asking.figures.of_period.get(period, ()), asking.tree, day, asking.runner)
        if kept is None:
            raise NotPlain
        names = {
            tuple(cells) for line in asking.lines.values() if line.period == period for cells in line.names.values()
        }
        cells = {cell for name in names for cell in name}
        tail = ledger.concerning(asking.figures.tail, [coding.number(period)], cells)
        return Held(names, kept, seats, Spread.of(rows), tail), seats

    def side(self, slots: Sequence[tuple[Line, Side] | None]) -> pa.Array:
        """One side of each column: a number plus so many times each name; missing where a name is."""
        wide = len(self.units)
        found = each([slot and slot[1].constant for slot in slots], wide)
        periods = {slot[0].period for slot in slots if slot}
        if not periods:
            return found
        [period] = periods
        held, nothing = self._held[period][0], repeated(0, wide)
        terms = [
            [(held.names[tuple(slot[0].names[name])], factor) for name, factor in slot[1].factors] if slot else []
            for slot in slots
        ]
        for nth in range(max(map(len, terms))):
            chosen = [of[nth] if nth < len(of) else (None, 1) for of in terms]
            stack = stacked(held.totals, [place for place, _ in chosen], wide, nothing)
            factors = [factor for _, factor in chosen]
            if any(factor != 1 for factor in factors):
                stack = pc.multiply_checked(stack, each(factors, wide))
            found = pc.add_checked(found, stack)
        return found

    def people(self, lines: Sequence[Line | None]) -> tuple[pa.Array, pa.Array]:
        """Of each column how many were expected and how many reported: whoever was asked or gave any name, and all."""
        periods = {line.period for line in lines if line}
        if not periods:
            nobody = repeated(0, len(lines) * len(self.units))
            return nobody, nobody
        [period] = periods
        held, seats = self._held[period]
        wide = len(held.spread.used)
        asked, duties = self._asked(period, held, seats)
        anybody = stacked(asked, [duties.get(line.number) if line else None for line in lines], wide, repeated(0, wide))
        names = [[held.names[tuple(cells)] for cells in line.names.values()] if line else [] for line in lines]
        everybody = each([EVERYBODY if of else 0 for of in names], wide)
        nobody, all_seats = repeated(0, wide), repeated(EVERYBODY, wide)
        for nth in range(max(map(len, names))):
            places = [of[nth] if nth < len(of) else None for of in names]
            anybody = pc.bit_wise_or(anybody, stacked(held.givers, places, wide, nobody))
            everybody = pc.bit_wise_and(everybody, stacked(held.givers, places, wide, all_seats))
        expected, reported = (held.spread.summed(counted(bits), len(lines)) for bits in (anybody, everybody))
        return expected, reported

    def terms(self, lines: Collection[int]) -> dict[tuple[int, int], Sums]:
        """(unit, line) → the totals of its names."""
        found: dict[tuple[int, int], Sums] = defaultdict(Sums)
        for number in lines:
            line = self.asking.lines[number]
            held = self._held[line.period][0]
            for name, cells in line.names.items():
                totals = held.totals.slice(held.names[tuple(cells)] * len(self.units), len(self.units)).to_pylist()
                for unit, total in zip(self.units, totals, strict=True):
                    if total is not None:
                        found[unit, number].totals[name] = total
        return found

    def _asked(self, period: str, held: Held, seats: Homes) -> tuple[pa.Array, Mapping[int, int]]:
        """Line → the place of its stretch in a stack of the seats of those who were asked for it."""
        wanted: dict[int, set[tuple[int, int]]] = defaultdict(set)
        for line, _, sheet, kind in self.asking.question.sheets:
            if self.asking.lines[line].period == period:
                wanted[line].add((codes[sheet], codes[kind]))
        duties = {duty: at for at, duty in enumerate({frozenset(pairs): None for pairs in wanted.values()})}
        given = self.asking.figures.reports
        given = given.filter(pc.equal(given["period"], coding.number(period)))
        seat = pc.index_in(given["unit"], seats.seats["unit"].combine_chunks())
        given, seat = given.filter(pc.is_valid(seat)), seat.drop_null()
        place, bit = (seats.seats[name].take(seat) for name in ("place", "bit"))
        stacks = [held.of_used(self._bits(given, place, bit, duty, seats.rows)) for duty in duties]
        stack = pa.concat_arrays(stacks) if stacks else pa.array([], WHOLE)
        return stack, {line: duties[frozenset(pairs)] for line, pairs in wanted.items()}

    @staticmethod
    def _bits(
        given: pa.Table, place: pa.ChunkedArray, bit: pa.ChunkedArray, duty: frozenset[tuple[int, int]], rows: int
    ) -> pa.Array:
        """Row by row the seats of units that have a report of any of these sheets, each once."""
        chosen = pa.repeat(pa.scalar(False), given.num_rows)
        for sheet, kind in duty:
            of_sheet = pc.equal(given["sheet"], sheet)
            chosen = pc.or_(chosen, of_sheet if kind == 0 else pc.and_(of_sheet, pc.equal(given["kind"], kind)))
        sat = pa.table({"place": place, "bit": bit}).filter(chosen)
        once = sat.group_by(["place", "bit"]).aggregate([])
        summed = once.group_by("place").aggregate([("bit", "sum")])
        return scattered(summed["bit_sum"], summed["place"], rows)
