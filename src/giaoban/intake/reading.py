"""Figures and faults of a table, row by row as it streams by: nothing is stored, all faults are found.

Simple tables, where every value column says its own cell and period, are checked a piece of rows at a time, column by
column; only columns that hold anything unusual are looked at cell by cell. Everything else goes figure by figure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from giaoban.core.period import Kind, Period
from giaoban.files.grids import Row, tidy
from giaoban.intake import cells, shape, units
from giaoban.intake import spec as specs
from giaoban.intake.spec import (
    CODE,
    COUNT,
    DATA,
    FIGURE,
    FLAG,
    LEAVE,
    NAME,
    PERIOD,
    PLACE,
    SECTION,
    SKIP,
    SUM,
    TOTAL,
    VALUE,
    VARIABLE,
    Meant,
    Spec,
)
from giaoban.intake.targets import Info

LARGEST = 10**15
NOISE = Decimal("0.000001")
Key = tuple[int, str, int]  # unit, period, cell

# What may be wrong with a cell; the words stand in `wording`.
NOT_A_NUMBER, NEGATIVE, DECIMALS, TOO_LARGE, NO_SUCH_PERIOD, NO_PERIOD, NOT_THEN, TWICE, NO_UNIT = (
    "not_a_number", "negative", "decimals", "too_large", "no_such_period", "no_period", "not_then", "twice", "no_unit",
)  # fmt: skip


def address(row: int, column: int) -> str:
    """C12, as spreadsheets name it; rows and columns are counted from 0."""
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"


@dataclass(frozen=True, slots=True)
class Fault:
    row: int
    column: int
    kind: str
    text: str
    more: str = ""

    @property
    def address(self) -> str:
        return address(self.row, self.column)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure to keep, in the element's smallest unit, and where it stands."""

    value: int
    row: int
    column: int
    preliminary: bool = False

    @property
    def address(self) -> str:
        return address(self.row, self.column)


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed sum: of a line over units, or of a column over the cells of an element."""

    name: str
    unit_id: int  # of a column's sum; 0 for a line over units
    period: str
    of: str  # key of the cell, or name of the element
    value: int
    row: int
    column: int
    group: int = 0  # of a line: which run of units it belongs to
    scale: int = 0


@dataclass
class Question:
    """A name nothing is known of, or that several units bear."""

    text: str
    row: int
    column: int
    kind: str
    on: date
    candidates: tuple[int, ...] = ()
    lines: int = 0


@dataclass
class Reading:
    """What a table holds."""

    faults: list[Fault] = field(default_factory=list)
    figures: dict[Key, Figure] = field(default_factory=dict)
    printed: list[Printed] = field(default_factory=list)
    questions: dict[str, Question] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)  # every label met, how many figures it has
    left: Counter[str] = field(default_factory=Counter)  # names left out on purpose
    rows: int = 0
    given: int = 0
    missing: int = 0
    preliminary: int = 0
    groups: dict[int, int] = field(default_factory=dict)  # unit → its run of lines
    periods: set[str] = field(default_factory=set)


class Reader:
    """Reads rows by a spec. `infos` are the cells of the catalogue; `keep=False` only looks for faults."""

    def __init__(
        self,
        spec: Spec,
        finder: units.Finder,
        infos: Mapping[str, Info],
        *,
        heads: Sequence[Row] = (),
        keep: bool = True,
        looking: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self.spec, self.finder, self.infos, self.keep = spec, finder, infos, keep
        self.progress, self.looking = progress, looking
        self.found = Reading()
        self.values = spec.places(VALUE, COUNT)
        self.name, self.code, self.place = (spec.one(role) for role in (NAME, CODE, PLACE))
        self.period, self.flag = spec.one(PERIOD), spec.one(FLAG)
        self.variables = spec.places(VARIABLE)
        self.labels = list(spec.places(NAME, CODE, PLACE, VARIABLE))
        self.heads = [[shape.written(cell) for cell in row] for row in heads]
        self.kind = Kind(spec.kind)
        self.fixed = cells.said(spec.period) if spec.period else None
        self.section, self.group = "", 0
        self.simple: list[tuple[int, Row, int]] = []
        self.areas: list[units.Finder] | None = None
        self.sections_are_places = False
        self.meanings: dict[str, Meant] = {}
        self.early: dict[str, bool] = {}
        self.said: dict[Any, cells.Said | None] = {}
        self.periods: dict[tuple[cells.Said, str], Period | None] = {}
        self.rows_of: dict[int, int] = {}
        self._all_said()
        self.columns = None if looking else self._simple_columns()
        self.quick = self.columns is not None and self.code is not None and not finder.known
        self.quick_until = max(self.code or 0, self.values[0] if self.values else 0)
        self.by_code = finder.day(self.columns_day).by_code if self.quick else {}

    # Streams

    def read(self, pieces: Iterable[list[Row]]) -> Reading:
        start = 0
        last = self.spec.last if self.spec.last >= 0 else None
        for piece in pieces:
            if start + len(piece) > self.spec.first and (last is None or start <= last):
                low = max(self.spec.first - start, 0)
                high = len(piece) if last is None else min(len(piece), last + 1 - start)
                self._piece(start + low, piece[low:high])
            start += len(piece)
            if self.progress:
                self.progress(start)
            if last is not None and start > last:
                break
        return self.found

    def _piece(self, start: int, rows: list[Row]) -> None:
        for number, row in enumerate(rows, start=start):
            unit = self._row(number, row)
            if unit:
                self.simple.append((number, row, unit))
        self._flush()

    def _flush(self) -> None:
        if self.simple:
            rows, self.simple = self.simple, []
            self._columns(rows)

    # One row

    def _row(self, number: int, row: Row) -> int:
        """Reads a row that is not simple; of a simple one only its unit is found, and given back."""
        if self.quick and (unit := self._quick(number, row)):
            return unit
        kind = self.spec.rows.get(number) or self._kind(row)
        if kind == SKIP:
            return 0
        self.found.rows += 1
        if kind == SECTION:
            self._begin_section(row)
            return 0
        name, code, place = self._text(row, self.name), self._code(row), self._text(row, self.place)
        said = self._said_of(row)
        day = self._day(said)
        if kind == TOTAL:
            self._total(number, row, name, units.WHOLE, said)
            return 0
        if self.name is None and self.code is None and not self.looking:
            return self._of_one_unit(number, row, said)
        match = self.finder.find(name, code, place or self._place_above(), day)
        if self.looking:
            self._look(number, row, match, name, code, day)
            return 0
        if match.kind in (units.UNIT, units.NOT_THEN):
            if self.columns is not None and match.kind == units.UNIT:
                if self.keep:
                    self.found.groups.setdefault(match.unit_id, self.group)
                return match.unit_id
            self._figures(number, row, match.unit_id, name, code, place, said)
        elif match.kind in (units.WHOLE, units.REGION):
            self._total(number, row, name, match.kind, said)
        elif match.kind == units.LEFT:
            if name or code:
                self.found.left[name or code] += 1
        elif self._gives_anything(row):
            self._ask(number, match, name, code, day)
        return 0

    def _quick(self, number: int, row: Row) -> int:
        """The unit of a plain line of a simple table: a known code, and a number in the first value column."""
        code = self.code
        if len(row) <= self.quick_until or number in self.spec.rows:
            return 0
        first = row[self.values[0]]
        if first.__class__ is not float and first.__class__ is not int:
            return 0
        unit = self.by_code.get(row[code], 0) if row[code].__class__ is str else 0  # type: ignore[index]
        if unit:
            self.found.rows += 1
            if self.keep:
                self.found.groups.setdefault(unit, self.group)
        return unit

    def _look(self, number: int, row: Row, match: units.Found, name: str, code: str, day: date) -> None:
        """Only which labels there are, and which names nobody knows."""
        for column in self.values:
            self._see(self._label(row, column), row[column] if column < len(row) else "")
        if match.kind in (units.UNKNOWN, units.SEVERAL) and self._gives_anything(row):
            self._ask(number, match, name, code, day)

    def _kind(self, row: Row) -> str:
        """By its looks; a row with a number is data at once, which most are."""
        if self.columns is not None and not self.heads:
            first = row[self.values[0]] if self.values and self.values[0] < len(row) else ""
            if first.__class__ is float or first.__class__ is int:
                return DATA
        return shape.looks(tidy(row), self.spec, self.values, self.heads)

    def _begin_section(self, row: Row) -> None:
        text = " ".join(next(str(cell) for cell in row if cell != "").split())
        self._flush()
        match = self.finder.find(text)
        if match.kind in (units.REGION, units.WHOLE):
            self.group += 1
            return
        self.section, self.sections_are_places = text, self._is_area(text)

    def _is_area(self, text: str) -> bool:
        """A commune's name above its schools says where they lie, not what their figures are."""
        if self.spec.level not in ("school", "commune", "") or not self.spec.places(NAME, CODE):
            return False
        if self.areas is None:
            levels = ("commune", "district", "province")
            self.areas = [
                units.Finder(level=level, under=self.finder.under, today=self.finder.today) for level in levels
            ]
        return any(finder.find(text).kind == units.UNIT for finder in self.areas)

    def _place_above(self) -> str:
        return self.section if self.sections_are_places and self.place is None else ""

    def _text(self, row: Row, place: int | None) -> str:
        if place is None or place >= len(row):
            return ""
        cell = row[place]
        if cell.__class__ is str:
            return cell.strip()  # type: ignore[union-attr]
        return shape.written(cell)

    def _code(self, row: Row) -> str:
        return self._text(row, self.code) if self.code is not None else ""

    def _of_one_unit(self, number: int, row: Row, said: cells.Said | None) -> int:
        unit = self.spec.unit_id
        if unit is None:
            if self._gives_anything(row):
                self._fault(number, 0, NO_UNIT, "")
            return 0
        self._figures(number, row, unit, "", "", "", said, fixed=True)
        return 0

    def _gives_anything(self, row: Row) -> bool:
        return any(
            not cells.is_nothing(row[place]) and not cells.is_dash(row[place])
            for place in self.values
            if place < len(row)
        )

    def _ask(self, number: int, match: units.Found, name: str, code: str, day: date) -> None:
        text = name or code
        column = self.name if name and self.name is not None else self.code or 0
        asked = self.found.questions.setdefault(
            cells.plain(text), Question(text, number, column, match.kind, day, match.candidates)
        )
        asked.lines += 1

    # Periods

    def _said_of(self, row: Row) -> cells.Said | None:
        if self.period is None or self.period >= len(row):
            return self.fixed
        cell = row[self.period]
        if cell not in self.said:
            self.said[cell] = cells.said(tidy([cell])[0])
        return self.said[cell]

    def _day(self, said: cells.Said | None) -> date:
        """The day by which a name is looked up where columns do not say their own."""
        if said is None and self.columns_said:
            return self.columns_day
        period = self._period(said, "") if said else None
        return period.data_day if period else self.finder.today

    def _period(self, said: cells.Said, kind: str) -> Period | None:
        asked = (said, kind)
        if asked not in self.periods:
            self.periods[asked] = said.period(Kind(kind) if kind else self.kind)
        return self.periods[asked]

    # Labels

    def _meant(self, label: str) -> Meant:
        if label not in self.meanings:
            found = self.spec.targets.get(label)
            wanted = specs.key(label)
            if found is None:
                found = next((one for key, one in self.spec.targets.items() if specs.key(key) == wanted), None)
            if found is not None and found.use == FIGURE and found.cell not in self.infos:
                found = None
            self.meanings[label] = found or Meant(LEAVE)
        return self.meanings[label]

    def _says_early(self, label: str) -> bool:
        if label not in self.early:
            self.early[label] = any(cells.is_early(part) for part in label.split(specs.JOIN))
        return self.early[label]

    def _label(self, row: Row, column: int) -> str:
        parts = [self.section] if self.section and not self.sections_are_places else []
        parts += [self._text(row, place) for place in self.variables]
        parts.append(self.spec.columns[column].label)
        return specs.joined(" ".join(part.split()) for part in parts)

    # Simple tables: column by column

    def _all_said(self) -> None:
        """Which periods the heads say, and the day of the last of them."""
        self.columns_said = [column.said for column in self.spec.columns if column.said]
        days = [period.data_day for said in self.columns_said if (period := said.period(self.kind))]
        self.columns_day = max(days, default=self.finder.today)

    def _simple_columns(self) -> list[tuple[int, Meant, Info, Period, Decimal, bool]] | None:
        """Cell, period and factor of every value column, where nothing else says them."""
        if (
            self.variables
            or self.period is not None
            or self.flag is not None
            or self.spec.add
            or self.spec.places(COUNT)
        ):
            return None
        found, seen, day = [], set(), None
        for place in self.values:
            column = self.spec.columns[place]
            meant = self._meant(specs.joined([" ".join(column.label.split())]))
            if meant.use == LEAVE:
                continue
            said = column.said or self.fixed
            period = self._period(said, meant.kind) if said else None
            if meant.use == SUM or period is None or (day is not None and period.data_day != day):
                return None
            day = period.data_day
            if (meant.cell, period.code) in seen:
                return None
            seen.add((meant.cell, period.code))
            found.append((place, meant, self.infos[meant.cell], period, meant.times(said.year), said.preliminary))
        return found if found and self.spec.places(NAME, CODE) else None

    def _columns(self, rows: list[tuple[int, Row, int]]) -> None:
        """One piece of simple rows."""
        if self.section and not self.sections_are_places:
            for number, row, unit in rows:
                self._figures(number, row, unit, "", "", "", None, fixed=True)
            return
        if self._again(rows):
            return
        width = max(len(row) for _, row, _ in rows)
        across = list(zip(*(row if len(row) == width else [*row, *[""] * (width - len(row))] for _, row, _ in rows)))
        for place, meant, info, period, factor, preliminary in self.columns or ():
            column = across[place] if place < width else ()
            self._column(rows, column, place, meant, info, period, factor, preliminary)

    def _again(self, rows: list[tuple[int, Row, int]]) -> bool:
        """Whether some unit has a second line: then figure by figure, so that what differs is told.

        Where figures are not kept, a second line that does not say the same is one fault.
        """
        if self.keep:
            twice = False
            for number, _, unit in rows:
                twice = twice or unit in self.rows_of
                self.rows_of.setdefault(unit, number)
            if twice:
                for number, row, unit in rows:
                    self._figures(number, row, unit, "", "", "", None, fixed=True)
            return twice
        low, high = min(self.values), max(self.values) + 1
        for number, row, unit in rows:
            said = hash(tuple(row[low:high]))
            if self.rows_of.setdefault(unit, said) != said:
                self._fault(number, self.code if self.code is not None else self.name or 0, TWICE, self._name_of(row))
        return False

    def _name_of(self, row: Row) -> str:
        return self._text(row, self.name) or self._code(row)

    def _column(
        self,
        rows: list[tuple[int, Row, int]],
        column: Sequence[Any],
        place: int,
        meant: Meant,
        info: Info,
        period: Period,
        factor: Decimal,
        preliminary: bool,
    ) -> None:
        label = self.spec.columns[place].label
        if self._plain_counts(column) and factor == factor.to_integral_value():
            times = int(factor) * 10**info.scale
            self._count(label, len(column), period)
            if self.keep:
                figures = self.found.figures
                for (number, _, unit), cell in zip(rows, column, strict=False):
                    figures[unit, period.code, info.id] = Figure(int(cell) * times, number, place, preliminary)
                self._preliminary(preliminary, len(column))
            return
        plain = 0
        for (number, _row, unit), cell in zip(rows, column, strict=False):
            kind = cell.__class__
            if not self.keep and (kind is float or kind is int) and 0 <= cell < 10**9 and cell == int(cell):
                plain += 1
            else:
                self._figure(number, place, cell, unit, meant, period, factor, preliminary, label)
        if plain:
            self._count(label, plain, period)

    @staticmethod
    def _plain_counts(column: Sequence[Any]) -> bool:
        """Whole numbers from nought on and nothing else: what nearly every column of counts is."""
        kinds = set(map(type, column))
        if not kinds or not kinds <= {int, float}:
            return False
        if float in kinds and not all(map(float.is_integer, map(float, column))):
            return False
        return min(column) >= 0 and max(column) < 10**9

    def _count(self, label: str, number: int, period: Period) -> None:
        self.found.given += number
        self.found.labels[label] = self.found.labels.get(label, 0) + number
        self.found.periods.add(period.code)

    def _preliminary(self, early: bool, number: int) -> None:
        if early:
            self.found.preliminary += number

    # Any table: figure by figure

    def _figures(
        self, number: int, row: Row, unit: int, name: str, code: str, place: str, said: cells.Said | None,
        fixed: bool = False,
    ) -> None:  # fmt: skip
        """Every value of a line. The unit is looked up anew for periods of other days."""
        if unit:
            self.found.groups.setdefault(unit, self.group)
        early = self._flagged(row)
        for column in self.values:
            cell = row[column] if column < len(row) else ""
            label = self._label(row, column)
            meant = self._meant(label)
            if meant.use == LEAVE:
                self._see(label, cell)
                continue
            when = self.spec.columns[column].said or said or self.fixed
            period = self._period(when, meant.kind) if when else None
            if period is None:
                if not self._is_missing(cell):
                    text = self._text(row, self.period)
                    self._fault(number, self.period or column, NO_SUCH_PERIOD if text else NO_PERIOD, text)
                continue
            early_here = early or when.preliminary or self._says_early(label)
            owner = unit if fixed else self._unit_then(number, column, cell, name, code, place, period, unit)
            if owner:
                factor = meant.times(when.year)
                if meant.use == SUM:
                    self._sum(number, column, cell, owner, meant, period, factor, name)
                else:
                    self._figure(number, column, cell, owner, meant, period, factor, early_here, label)

    def _unit_then(
        self, number: int, column: int, cell: Any, name: str, code: str, place: str, period: Period, unit: int
    ) -> int:
        """The unit that bore the name on the day of the period; 0 where there was none."""
        match = self.finder.find(name, code, place or self._place_above(), period.data_day)
        if match.kind == units.UNIT:
            self.found.groups.setdefault(match.unit_id, self.group)
            return match.unit_id
        if not self._is_missing(cell):
            self._fault(number, column, NOT_THEN, name or code, period.label)
        return 0

    def _see(self, label: str, cell: Any) -> None:
        if not self._is_missing(cell):
            self.found.labels[label] = self.found.labels.get(label, 0) + 1

    def _flagged(self, row: Row) -> bool:
        text = self._text(row, self.flag).casefold() if self.flag is not None else ""
        return bool(text) and text not in ("0", "không", "khong", "no", "false", "n")

    def _is_missing(self, cell: Any) -> bool:
        return cells.is_nothing(cell) or (self.spec.dash == "missing" and cells.is_dash(cell))

    def _figure(
        self, number: int, column: int, cell: Any, unit: int, meant: Meant, period: Period, factor: Decimal,
        preliminary: bool, label: str,
    ) -> None:  # fmt: skip
        if self._is_missing(cell):
            self.found.missing += 1
            return
        info = self.infos[meant.cell]
        value = self._value(number, column, cell, factor, info.scale)
        if value is None:
            return
        self._count(label, 1, period)
        key = (unit, period.code, info.id)
        held = self.found.figures.get(key)
        if held is not None and not self.spec.add:
            if held.value != value:
                self._fault(number, column, TWICE, str(cell), held.address)
            return
        if not self.keep:
            if self.columns is None and not self.spec.add:
                self.found.figures[key] = Figure(value, number, column)
            return
        self._preliminary(preliminary, held is None)
        if held is None:
            self.found.figures[key] = Figure(value, number, column, preliminary)
        else:
            self.found.figures[key] = Figure(held.value + value, held.row, held.column, held.preliminary or preliminary)

    def _value(self, number: int, column: int, cell: Any, factor: Decimal, scale: int) -> int | None:
        """The stored integer, or None and a fault."""
        if self.spec.columns[column].role == COUNT:
            return 1 if str(cell).strip() else None
        if cells.is_dash(cell):
            return 0
        try:
            found = cells.number(cell, self.spec.style)
        except cells.NotANumber:
            self._fault(number, column, NOT_A_NUMBER, str(cell))
            return None
        exact = (found * factor).scaleb(scale)
        whole = exact.to_integral_value(rounding="ROUND_HALF_UP")
        if exact != whole and not self.spec.rounded and abs(exact - whole) > NOISE:
            self._fault(number, column, DECIMALS, str(cell), str(scale))
        elif whole < 0:
            self._fault(number, column, NEGATIVE, str(cell))
        elif whole > LARGEST:
            self._fault(number, column, TOO_LARGE, str(cell))
        else:
            return int(whole)
        return None

    # Printed sums

    def _sum(
        self, number: int, column: int, cell: Any, unit: int, meant: Meant, period: Period, factor: Decimal, name: str
    ) -> None:
        if self._is_missing(cell) or not self.keep:
            return
        scale = self._scale_of(meant.cell)
        value = self._value(number, column, cell, factor, scale)
        if value is not None:
            self.found.printed.append(Printed(name, unit, period.code, meant.cell, value, number, column, 0, scale))

    def _scale_of(self, name: str) -> int:
        element = name.partition("[")[0]
        return next((info.scale for key, info in self.infos.items() if key.partition("[")[0] == element), 0)

    def _total(self, number: int, row: Row, name: str, kind: str, said: cells.Said | None) -> None:
        """A line over units: its figures are compared with the sum of theirs, and never kept."""
        if kind == units.REGION:
            self.group += 1
        if not self.keep:
            return
        for column in self.values:
            cell = row[column] if column < len(row) else ""
            meant = self._meant(self._label(row, column))
            when = self.spec.columns[column].said or said or self.fixed
            period = self._period(when, meant.kind) if when else None
            if meant.use != FIGURE or period is None or self._is_missing(cell):
                continue
            info = self.infos[meant.cell]
            if not info.sums:
                continue
            value = self._value(number, column, cell, meant.times(when.year), info.scale)
            if value is not None:
                group = self.group if kind == units.REGION else 0
                self.found.printed.append(
                    Printed(name, 0, period.code, meant.cell, value, number, column, group, info.scale)
                )

    def _fault(self, row: int, column: int, kind: str, text: str, more: str = "") -> None:
        self.found.faults.append(Fault(row, column, kind, text[:80], more))
