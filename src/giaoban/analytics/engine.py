"""The fast engine: one question, answered by a runner over parts and tail.

The statements are those of `sql`; what they need is handed in as tables. Here the few things are done that are no
joining and adding: placing units that do not stand on the map, and dividing figures in whole numbers. The rules are
those of core.rollup, to which generated tests hold the engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import groupby

import pyarrow as pa
import pyarrow.compute as pc

from giaoban.analytics import coding, ledger, sql
from giaoban.analytics.areas import Area
from giaoban.analytics.coding import codes
from giaoban.analytics.holdings import Held
from giaoban.analytics.ledger import FACTS
from giaoban.analytics.runners import Runner
from giaoban.analytics.tree import Epochs, Tree, rows_of


@dataclass(frozen=True)
class Line:
    """One indicator in one period: the cells each name of its formula stands for."""

    number: int
    period: str
    names: Mapping[str, Sequence[int]]
    alone: bool = False  # printed rates: own figures only
    quiet: bool = False  # only its sums are wanted, not who gave them

    @property
    def cells(self) -> frozenset[int]:
        return frozenset(cell for cells in self.names.values() for cell in cells)


@dataclass(frozen=True)
class Question:
    series: str
    units: Sequence[int]
    days: Mapping[str, date]  # period → the day of its map
    lines: Sequence[Line]
    sheets: Sequence[tuple[int, str, str, str]] = ()  # line number, period, a sheet that asks for it, of which kind
    steps: Sequence[tuple[int, int, int, int]] = ()  # line number, unit, step, how many values
    where: Sequence[tuple[str, str]] = ()  # attribute, value: only figures that lie with units that hold them all
    areas: Sequence[Area] = ()  # asked in place of units


@dataclass
class Sums:
    """What some unit has in some period for one line."""

    totals: dict[str, int] = field(default_factory=dict)
    reported: int = 0
    expected: int = 0
    estimated: bool = False
    steps: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Figures:
    """What there is to add up: parts of the series and the lines after them, and who was asked."""

    parts: Sequence[str]
    tail: pa.Table
    reports: pa.Table
    reports_version: object = None
    of_period: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The parts of each period."""


@dataclass(frozen=True)
class Columns:
    """What fills a table: `sides` (at, value_0 … of each field), `people` (at, expected, reported).

    Without sides the numbers are too large to be added up in 64 bits.
    """

    sides: pa.Table | None
    people: pa.Table


def _columns(**types: pa.DataType) -> pa.Schema:
    return pa.schema(types.items())


KEPT_FIGURES = 1_000_000
A_WORD = 62  # bits of a whole number that are safe everywhere
Factors = Sequence[tuple[int, int, int, int, int]]
WHOLE, SMALL = pa.int64(), pa.int32()
ASKED = _columns(target=WHOLE, unit=WHOLE, day=SMALL)
DAYS = _columns(day=SMALL)
TIMES = _columns(period=WHOLE, day=SMALL)
LINES = _columns(line=SMALL, period=WHOLE, day=SMALL, duty=SMALL, alone=SMALL, word=SMALL, mask=WHOLE, words=WHOLE)
TERMS = _columns(line=SMALL, term=SMALL, period=WHOLE, cell=SMALL, alone=SMALL)
MARKED_TERMS = TERMS.append(pa.field("plain", SMALL))
BITS = _columns(period=WHOLE, cell=SMALL, word=SMALL, mask=WHOLE)
DUTIES = _columns(duty=SMALL, period=WHOLE, sheet=SMALL, kind=SMALL, day=SMALL, alone=SMALL)
OWED = _columns(duty=SMALL, period=WHOLE, word=SMALL, mask=WHOLE)
WANTED = _columns(attribute=SMALL, value=SMALL, pairs=WHOLE)
STEPS = _columns(line=SMALL, unit=WHOLE, step=SMALL, n=WHOLE)
DIVIDED = _columns(source=WHOLE, target=WHOLE, day=SMALL, line=SMALL, term=SMALL, value=WHOLE)
PLACES = _columns(unit=WHOLE, start=WHOLE)
FACTORS = _columns(line=SMALL, term=SMALL, field=SMALL, side=SMALL, factor=WHOLE)
SLOTS = _columns(line=SMALL, field=SMALL, duty=SMALL, names=SMALL)
POWERS = rows_of([(n, 1 << n) for n in range(A_WORD)], _columns(n=WHOLE, bit=WHOLE))
LARGEST = 2**62


def answer(
    question: Question, tree: Tree, figures: Figures, runner: Runner, held: Held | None = None
) -> dict[tuple[int, int], Sums]:
    """(unit, line number) → what the unit has there; pairs without anything are absent.

    `held` is needed where the question has a `where`.
    """
    return Asking(question, tree, figures, runner, held).sums()


class Asking:
    """One question under way."""

    def __init__(
        self, question: Question, tree: Tree, figures: Figures, runner: Runner, held: Held | None = None
    ) -> None:
        self.question, self.tree, self.figures, self.runner = question, tree, figures, runner
        self.held = held if question.where else None
        more = [*(self.held.changes if self.held else ()), *(area.changes for area in question.areas)]
        epochs = Epochs(tree.changes, *more)
        self.days = {period: epochs.of(day) for period, day in question.days.items()}
        self.lines = {line.number: line for line in question.lines}
        self.names = {line.number: list(line.names) for line in question.lines}
        self.numbers = {line.number: coding.number(line.period) for line in question.lines}
        self.found: dict[tuple[int, int], Sums] = defaultdict(Sums)

    def sums(self) -> dict[tuple[int, int], Sums]:
        if not self.lines or not (self.question.units or self.question.areas):
            return {}
        self._reach()
        self._figures()
        self._add_totals()
        self._add_divided()
        self._add_people()
        if self.question.steps:
            self._add_steps()
        return dict(self.found)

    def table(
        self, factors: Factors, linear: Collection[int], largest: int, columns: Mapping[int, int], width: int
    ) -> Columns:
        """The same as columns, for a table of the units asked × `width` columns.

        `factors` (line, term, column, side, factor) say what a side of a column adds up, of the `linear` lines; a side
        is at most `largest` times its largest total. `columns` has the column of each line of which is wanted who gave.
        """
        self._reach()
        self._figures(kept=False)
        runner, starts = self.runner, [(unit, place * width) for place, unit in enumerate(self.question.units)]
        runner.hand_in("powers", POWERS, "powers")
        runner.keep("seats", sql.SEATS)
        runner.keep("by_cell", " UNION ALL ".join(self._by_cell()))
        [(lowest, highest, word)] = runner.rows(sql.RANGE)
        too_large = max(-lowest, highest) * largest * max(len(line.cells) for line in self.question.lines) >= LARGEST
        plain = set() if too_large or self.separated else self._plain(linear)
        runner.hand_in("terms", rows_of([(*row, int(row[0] in plain)) for row in self._terms()], MARKED_TERMS))
        runner.keep("totals" if self.separated else "given", sql.TERM_TOTALS)
        if self.separated:
            runner.hand_in("divided", self._shares())
            runner.keep("given", sql.WITH_SHARES)
        runner.hand_in("places", rows_of(starts, PLACES))
        runner.hand_in("factors", rows_of(factors, FACTORS))
        runner.keep("cell_factors", sql.CELL_FACTORS)
        in_all = f"({sql.IN_ALL})" if word else "by_cell"
        both = f"{sql.SIDES} UNION ALL {sql.PLAIN_SIDES.format(in_all=in_all)}"
        sides = None if too_large else runner.arrow(both)
        slots = [
            (line, column, self.duties.get(line, (0,))[0], len(self.lines[line].names))
            for line, column in columns.items()
        ]
        runner.hand_in("slots", rows_of(slots, SLOTS))
        self._hand_in_duties()
        runner.keep("on_duty", sql.ON_DUTY)
        runner.keep("asked_bits", sql.ASKED_BITS)
        runner.keep("gave", sql.GAVE_OF_ALL)
        return Columns(sides, runner.arrow(sql.PEOPLE))

    def _plain(self, linear: Collection[int]) -> set[int]:
        """Lines whose names are a cell each."""
        lines = (self.lines[number] for number in linear)
        return {line.number for line in lines if all(len(cells) == 1 for cells in line.names.values())}

    def _terms(self) -> Iterator[tuple[int, int, int, int, int]]:
        """What each name of a line adds up."""
        for line in self.lines.values():
            period, alone = self.numbers[line.number], int(line.alone)
            for term, cells in enumerate(line.names.values()):
                yield from ((line.number, term, period, cell, alone) for cell in cells)

    def _by_cell(self) -> Iterator[str]:
        one_day = len({self.days[line.period] for line in self.lines.values()}) == 1
        sums = sql.UNDIVIDED_FIGURES if self.separated else sql.WHOLE_FIGURES
        seats = sql.SEATED_ON_THE_DAY if one_day else sql.SEATED_ON_ITS_DAY
        for alone in sorted({line.alone for line in self.lines.values()}):
            own = "\nWHERE seats.own = 1" if alone else ""
            yield sql.BY_CELL.format(alone=int(alone), seats=seats, own=own, sums=sums)

    def givers(self) -> list[tuple[int, str, int, bool, int]]:
        """(source, name, cell, whether it is a part of a divided figure, value) of the one unit and line asked.

        A part is that of a name, of all its cells; its cell is 0.
        """
        self._reach()
        self._figures()
        if not self.lines:
            return []
        rows = self.runner.rows(sql.reading(sql.GIVERS, self.kept))
        if self.separated:
            self.runner.hand_in("divided", self._shares())
            rows += self.runner.rows(sql.PART_GIVERS)
        names = self.names[next(iter(self.lines))]
        return [(source, names[term], cell, bool(part), value) for source, term, cell, part, value in rows]

    def terms(self, lines: Collection[int]) -> dict[tuple[int, int], Sums]:
        """(unit, line) → the totals of some lines of a table just asked."""
        found: dict[tuple[int, int], Sums] = defaultdict(Sums)
        for unit, line, term, value, estimated in self.runner.rows(sql.ALL_GIVEN):
            if line in lines:
                sums = found[unit, line]
                sums.totals[self.names[line][term]] = value
                sums.estimated = sums.estimated or bool(estimated)
        return found

    def _reach(self) -> None:
        days = sorted({self.days[line.period] for line in self.lines.values()})
        spots = pa.concat_tables([self.tree.spots(day) for day in days])
        self.runner.hand_in("closure", self.tree.closure, self.tree.version)
        asked = [(unit, unit, day) for day in days for unit in self.question.units]
        asked += [(area.number, unit, day) for day in days for area in self.question.areas for unit in area.on(day)]
        self.runner.hand_in("asked", rows_of(asked, ASKED))
        self.runner.hand_in("days", rows_of([(day,) for day in days], DAYS))
        self.runner.hand_in("spots", spots)
        if self.held:
            self._holders(self.held)
        areas = sql.LYING_IN_AREAS if self.question.areas else sql.LYING
        self.runner.keep("lying", sql.LYING_AND_HOLDING if self.held else areas)
        self.runner.keep("reach", sql.REACH)
        [(rows, part)] = self.runner.rows(sql.EXTENT)
        self.sources, self.separated = rows // len(days), part == 1

    def _holders(self, held: Held) -> None:
        wanted = sorted({(codes[attribute], codes[value]) for attribute, value in self.question.where})
        self.runner.hand_in("territory", held.territory.closure, held.territory.version)
        self.runner.hand_in("held", held.rows({attribute for attribute, _ in self.question.where}))
        self.runner.hand_in("wanted", rows_of([(*pair, len(wanted)) for pair in wanted], WANTED))
        self.runner.keep("nearest", sql.NEAREST)
        self.runner.keep("holders", sql.HOLDERS)

    def _figures(self, *, kept: bool = True) -> None:
        lines = self.lines.values()
        cells = sorted({cell for line in lines for cell in line.cells})
        times = sorted({(self.numbers[line.number], self.days[line.period]) for line in lines})
        self.runner.hand_in("times", rows_of(times, TIMES))
        self.runner.hand_in("terms", rows_of(list(self._terms()), TERMS))
        tail = ledger.net(ledger.concerning(self.figures.tail, [period for period, _ in times], cells))
        gone = tail.filter(pc.less(tail["present"], 0))
        self.runner.hand_in("tail", tail.filter(pc.greater_equal(tail["present"], 0)) if gone.num_rows else tail)
        self.runner.parquet("written" if gone.num_rows else "parts", self.figures.parts, FACTS, {"cell": cells})
        if gone.num_rows:
            self.runner.hand_in("gone", gone)
            self.runner.keep("parts", sql.STILL_THERE)
        # At most so many figures, were every cell filled.
        self.kept = kept and self.sources * len(cells) * len(times) <= KEPT_FIGURES
        if self.kept:
            self.runner.keep("figures", sql.FIGURES)

    def _selects(self) -> list[str]:
        """The statements of all totals: those of printed rates are of their own."""
        one_day = len({self.days[line.period] for line in self.lines.values()}) == 1
        own = sql.OWN_TOTALS_OF_ONE_DAY if one_day else sql.OWN_TOTALS
        rolled = sql.TOTALS_OF_ONE_DAY if one_day else sql.TOTALS
        kinds = sorted({line.alone for line in self.lines.values()})
        return [sql.reading(own if alone else rolled, self.kept) for alone in kinds]

    def _add_totals(self) -> None:
        for select in self._selects():
            for unit, line, term, value, present in self.runner.rows(select):
                if present:
                    self.found[unit, line].totals[self.names[line][term]] = value

    def _add_divided(self) -> None:
        """What several units stand for, where it does not lie in one of the asked in whole."""
        if not self.separated:
            return
        self.runner.hand_in("divided", self._shares())
        for unit, line, term, value in self.runner.rows(sql.DIVIDED):
            sums, name = self.found[unit, line], self.names[line][term]
            sums.totals[name] = sums.totals.get(name, 0) + value
            sums.estimated = True

    def _shares(self) -> pa.Table:
        return divided(self.runner.arrow(sql.reading(sql.TO_DIVIDE, self.kept)), self.tree)

    # --- Who gave, who was asked --------------------------------------------------------------------------------------

    @cached_property
    def words(self) -> Words:
        return Words([line for line in self.question.lines if not line.quiet])

    @cached_property
    def duties(self) -> dict[int, tuple[int, list[tuple[int, ...]]]]:
        """Line → the number of its duty and the rows that say what that is; lines nobody was asked for have none."""
        asking = {
            line: sorted((codes[sheet], codes[kind]) for _, _, sheet, kind in rows)
            for line, rows in groupby(sorted(self.question.sheets), key=lambda row: row[0])
            if not self.lines[line].quiet
        }
        found: dict[int, tuple[int, list[tuple[int, ...]]]] = {}
        known: dict[object, int] = {}
        for number, sheets in asking.items():
            line = self.lines[number]
            duty = known.setdefault((line.period, line.alone, tuple(sheets)), len(known) + 1)
            period, day = self.numbers[number], self.days[line.period]
            found[number] = duty, [(duty, period, sheet, kind, day, int(line.alone)) for sheet, kind in sheets]
        return found

    def _add_people(self) -> None:
        self._hand_in_people()
        self._hand_in_duties()
        self.runner.keep("on_duty", sql.ON_DUTY)
        self.runner.keep("masks", sql.reading(sql.MASKS, self.kept))
        lines: dict[int, list[int]] = defaultdict(list)
        for line, (duty, _) in self.duties.items():
            lines[duty].append(line)
        for unit, duty, asked in self.runner.rows(sql.ASKED_FOR):
            for line in lines[duty]:
                self.found[unit, line].expected = asked
        for unit, line, unasked in self.runner.rows(sql.UNASKED):
            self.found[unit, line].expected += unasked
        for select in (sql.COMPLETE, sql.COMPLETE_OF_MANY) if self.words.many else (sql.COMPLETE,):
            for unit, line, complete in self.runner.rows(select):
                self.found[unit, line].reported = complete

    def _hand_in_people(self) -> None:
        lines: list[tuple[int, ...]] = []
        owed: dict[tuple[int, int, int], int] = defaultdict(int)
        for line in (line for line in self.lines.values() if not line.quiet):
            number, period = line.number, self.numbers[line.number]
            duty, masks = self.duties.get(number, (0,))[0], self.words.of_line[number]
            for word, mask in masks.items():
                lines.append((number, period, self.days[line.period], duty, int(line.alone), word, mask, len(masks)))
                owed[duty, period, word] |= mask
        bits = [(coding.number(period), *row) for period, *row in self.words.of_cells()]
        self.runner.hand_in("lines", rows_of(lines, LINES))
        self.runner.hand_in("bits", rows_of(bits, BITS))
        self.runner.hand_in("owed", rows_of([(*key, mask) for key, mask in owed.items()], OWED))

    def _hand_in_duties(self) -> None:
        duties = sorted({row for _, rows in self.duties.values() for row in rows})
        self.runner.hand_in("reports", self.figures.reports, self.figures.reports_version)
        self.runner.hand_in("duties", rows_of(duties, DUTIES))

    def _add_steps(self) -> None:
        self.runner.hand_in("steps", rows_of(self.question.steps, STEPS))
        for unit, line, step, n in self.runner.rows(sql.STEPS):
            self.found[unit, line].steps[step] = n


class Words:
    """The names of formulas as bits of words: what a unit gave in a period is then a few numbers, however much it was.

    Names that stand for the same cells share a bit. The names of a line lie in one word, unless they are too many.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self.of_line: dict[int, dict[int, int]] = {}
        self._words: dict[str, list[dict[frozenset[int], int]]] = defaultdict(lambda: [{}])
        for line in lines:
            names = sorted({frozenset(cells) for cells in line.names.values()}, key=sorted)
            pieces = [names[start : start + A_WORD] for start in range(0, len(names), A_WORD)]
            self.of_line[line.number] = dict(self._take(line.period, piece) for piece in pieces)

    @property
    def many(self) -> bool:
        return any(len(masks) > 1 for masks in self.of_line.values())

    def of_cells(self) -> Iterator[tuple[str, int, int, int]]:
        """(period, cell, word, mask of the names it belongs to)."""
        for period, words in self._words.items():
            for word, bits in enumerate(words):
                masks: dict[int, int] = defaultdict(int)
                for cells, bit in bits.items():
                    for cell in cells:
                        masks[cell] |= 1 << bit
                yield from ((period, cell, word, mask) for cell, mask in masks.items())

    def _take(self, period: str, names: Sequence[frozenset[int]]) -> tuple[int, int]:
        """The word in which all these names have a bit, and their bits."""
        words = self._words[period]
        if len(words[-1].keys() | set(names)) > A_WORD:
            words.append({})
        bits, mask = words[-1], 0
        for cells in names:
            mask |= 1 << bits.setdefault(cells, len(bits))
        return len(words) - 1, mask


def divided(rows: pa.Table, tree: Tree) -> pa.Table:
    """Figures (source, day, line, term, cell, value) as parts at the units that stand for their source."""
    parts: list[tuple[int, ...]] = []
    columns: Iterable[Sequence[int]] = (rows[name].to_pylist() for name in ("source", "day", "line", "term", "value"))
    for source, day, line, term, value in zip(*columns, strict=True):
        division = tree.division(source, day)
        parts += [
            (source, target, day, line, term, part)
            for target, part in zip(division.targets, division.parts(value), strict=True)
        ]
    return rows_of(parts, DIVIDED)
