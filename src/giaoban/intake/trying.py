"""The dry run: everything a load would do and everything that is wrong, without storing anything.

The whole table is read as it would be for loading; what the series holds now is put beside it. What comes out is the
same plan the load carries out, so that what was shown is what happens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from giaoban.core import period as periods
from giaoban.core.numbers import vi_number
from giaoban.files import grids
from giaoban.indicators import queries as indicators
from giaoban.indicators.models import Draft, Report, SheetLine, Standing
from giaoban.intake import checks, queries, targets, units
from giaoban.intake.cells import is_no_area, plain
from giaoban.intake.models import Intake, Target
from giaoban.intake.reading import Figure, Key, Question, Reader, Reading, address
from giaoban.intake.spec import Spec
from giaoban.intake.targets import Info
from giaoban.orgs import queries as orgs

NEW, CHANGED, SAME = "new", "changed", "same"
LARGE = 20_000  # lines from which faults are looked for first
SHOWN = 300  # lines of each list a page shows; the file of faults has all


@dataclass
class Plan:
    """What loading would do."""

    reading: Reading
    infos: Mapping[str, Info]
    before: dict[Key, int] = field(default_factory=dict)
    marked: dict[Key, bool] = field(default_factory=dict)
    differs: list[checks.Differs] = field(default_factory=list)
    agreeing: int = 0
    odd: list[checks.Odd] = field(default_factory=list)
    outside: dict[Key, str] = field(default_factory=dict)  # of a round: figures its reports do not ask

    def kind(self, key: Key, figure: Figure) -> str:
        if key not in self.before:
            return NEW
        return SAME if self.before[key] == figure.value else CHANGED

    @property
    def counts(self) -> Counter[str]:
        return Counter(self.kind(key, figure) for key, figure in self.reading.figures.items())

    def remarked(self, key: Key, figure: Figure) -> bool:
        """Whether it says anew that the figure is, or is no longer, preliminary."""
        return self.marked.get(key, False) != figure.preliminary


def finder_of(found: Intake, spec: Spec, on: date) -> units.Finder:
    known = {**queries.meanings(found.unit_id), **spec.names}
    return units.Finder(level=spec.level, under=spec.under, known=known, today=on)


def faults_first(found: Intake, on: date, progress: Callable[[int], None] | None = None) -> Plan | None:
    """Of a large table its faults and unknown names, found while it streams by; None where there are none.

    A hundred thousand lines are looked through so in seconds and in little memory; only a table without faults is then
    put beside what stands.
    """
    rows = next((one["rows"] for one in found.sheets if one["name"] == found.sheet), 0)
    if rows < LARGE:
        return None
    spec = Spec.from_json(found.spec)
    infos = targets.infos()
    reader = Reader(spec, finder_of(found, spec, on), infos, heads=_heads(found, spec), keep=False, progress=progress)
    reading = reader.read(grids.stream(found.file_name, queries.file_of(found), found.sheet))
    return Plan(reading, infos) if reading.faults or reading.questions else None


def _heads(found: Intake, spec: Spec) -> list[grids.Row]:
    if not spec.head:
        return []
    grid = grids.grid(found.file_name, queries.file_of(found), found.sheet, most=max(spec.head) + 1)
    return [grid.rows[row] for row in spec.head if row < len(grid.rows)]


def plan(
    found: Intake,
    on: date,
    *,
    progress: Callable[[int], None] | None = None,
    judged: bool = True,
) -> Plan:
    """Read the table and put what stands beside it."""
    spec = Spec.from_json(found.spec)
    path = queries.file_of(found)
    infos = targets.infos()
    finder = finder_of(found, spec, on)
    reader = Reader(spec, finder, infos, heads=_heads(found, spec), progress=progress)
    made = Plan(reader.read(grids.stream(found.file_name, path, found.sheet)), infos)
    if found.target == Target.SERIES and found.series_id:
        _beside_series(made, found.series_id)
    elif found.target == Target.ROUND and found.round is not None:
        _beside_reports(made, found)
    if judged:
        made.differs, made.agreeing = checks.differing(made.reading, infos, finder)
        made.odd = checks.odd(made.reading, infos, _neighbours(made, found))
    return made


def _beside_series(made: Plan, series: str) -> None:
    codes = made.reading.periods
    made.before = {
        (one.unit_id, one.period_code, one.cell_id): one.value
        for one in indicators.figures(series, period_codes=codes)
        if (one.unit_id, one.period_code, one.cell_id) in made.reading.figures
    }
    made.marked = queries.preliminary(series, codes)


def _neighbours(made: Plan, found: Intake) -> dict[Key, int]:
    """What the series holds of the same cells and units in other periods: a single new year is judged by those."""
    if found.target != Target.SERIES or not found.series_id:
        return {}
    wanted_units = {unit for unit, _, _ in made.reading.figures}
    wanted_cells = {cell for _, _, cell in made.reading.figures}
    if len(wanted_units) * len(wanted_cells) > 200_000:
        return {}
    rows = indicators.figures(found.series_id, unit_ids=wanted_units if len(wanted_units) < 900 else None,
                              cell_ids=wanted_cells)  # fmt: skip
    return {(one.unit_id, one.period_code, one.cell_id): one.value for one in rows if one.unit_id in wanted_units}


def _beside_reports(made: Plan, found: Intake) -> None:
    """Which report of the round each figure belongs to, and what stands there."""
    around = found.round
    assert around is not None
    reports = {one.unit_id: one for one in Report.objects.filter(round=around)}
    asked = set(SheetLine.objects.filter(sheet=around.sheet_id, owns=True).values_list("cell_id", flat=True))
    for key in made.reading.figures:
        unit, code, cell = key
        if unit not in reports:
            made.outside[key] = "unit"
        elif code != around.period_code:
            made.outside[key] = "period"
        elif cell not in asked:
            made.outside[key] = "cell"
    for key in made.outside:
        del made.reading.figures[key]
    from_drafts = reports_values(list(reports.values()))
    made.before = {
        (unit, around.period_code, cell): value
        for (unit, cell), value in from_drafts.items()
        if (unit, around.period_code, cell) in made.reading.figures
    }


def reports_values(reports: list[Report]) -> dict[tuple[int, int], int]:
    """{(unit, cell): what is typed, else handed in}"""
    found: dict[tuple[int, int], int] = {}
    ids = {one.pk: one.unit_id for one in reports}
    for report, cell, value in Standing.objects.filter(report__in=ids).values_list(
        "report_id", "cell_id", "current__value"
    ):
        if value is not None:
            found[ids[report], cell] = value
    for report, cell, value in Draft.objects.filter(report__in=ids).values_list("report_id", "cell_id", "value"):
        if value is not None:
            found[ids[report], cell] = value
        else:
            found.pop((ids[report], cell), None)
    return found


# What the page keeps of it


def kept(made: Plan, found: Intake, on: date) -> dict[str, Any]:
    """The dry run as JSON: counts, and the first lines of every list with their words."""
    reading = made.reading
    counts = made.counts
    called = _Names(made)
    finder = finder_of(found, Spec.from_json(found.spec), on)
    changed = [(key, figure) for key, figure in reading.figures.items() if made.kind(key, figure) == CHANGED]
    return {
        "partial": not reading.figures and bool(reading.faults or reading.questions),
        "rows": reading.rows,
        "figures": len(reading.figures),
        "missing": reading.missing,
        "preliminary": sum(figure.preliminary for figure in reading.figures.values()),
        "counts": {kind: counts.get(kind, 0) for kind in (NEW, CHANGED, SAME)},
        "remarked": sum(made.remarked(key, figure) for key, figure in reading.figures.items()),
        "periods": [periods.parse(code).label for code in sorted(reading.periods)][:60],
        "units": len({unit for unit, _, _ in reading.figures}),
        "faults": {"total": len(reading.faults), "kinds": Counter(one.kind for one in reading.faults),
                   "rows": [[one.address, one.kind, one.text, one.more] for one in reading.faults[:SHOWN]]},
        "questions": [_question(one, finder) for one in reading.questions.values()][:SHOWN],
        "left": [[name, times] for name, times in reading.left.most_common(SHOWN)],
        "unused": [[label, times] for label, times in _unused(made, found)],
        "outside": Counter(made.outside.values()),
        "changed": {"total": len(changed), "rows": [
            [figure.address, called.unit(key[0]), periods.parse(key[1]).label, called.label(key[2]),
             called.value(key[2], made.before[key]), called.value(key[2], figure.value)]
            for key, figure in changed[:SHOWN]
        ]},
        "differs": {"total": len(made.differs), "agreeing": made.agreeing, "rows": [
            [address(one.printed.row, one.printed.column), one.printed.name or called.unit(one.printed.unit_id),
             periods.parse(one.printed.period).label, called.of(one.printed.of),
             _number(one.printed.value, one.printed.scale), _number(one.summed, one.printed.scale),
             _number(one.difference, one.printed.scale), one.parts, one.lacking]
            for one in made.differs[:SHOWN]
        ]},
        "odd": {"total": len(made.odd), "rows": [_odd(one, called) for one in made.odd[:SHOWN]]},
    }  # fmt: skip


def _question(one: Question, finder: units.Finder) -> dict[str, Any]:
    likely = finder.candidates(one.text, one.on)
    if one.candidates:
        likely = [
            units.Candidate(unit, orgs.name(unit, one.on), orgs.path_text(unit, one.on), 100) for unit in one.candidates
        ]
    best = likely[0].likeness if likely else 0
    suggested = "skip" if is_no_area(one.text) or best < 60 else ""
    if not suggested and best >= 88 and one.kind != units.SEVERAL:
        suggested = f"unit:{likely[0].unit_id}"
    return {
        "text": one.text, "plain": plain(one.text), "address": address(one.row, one.column), "lines": one.lines,
        "kind": one.kind, "suggested": suggested,
        "suggested_unit": likely[0].unit_id if suggested.startswith("unit:") else 0,
        "candidates": [[c.unit_id, f"{c.name} ({c.path})" if c.path else c.name] for c in likely],
    }  # fmt: skip


def _unused(made: Plan, found: Intake) -> list[tuple[str, int]]:
    spec = Spec.from_json(found.spec)
    left = [
        (label, times) for label, times in made.reading.labels.items()
        if label not in spec.targets or spec.targets[label].use == "leave"
    ]  # fmt: skip
    return sorted(left, key=lambda pair: -pair[1])[:SHOWN]


def _number(value: int, scale: int) -> str:
    return vi_number(Decimal(value).scaleb(-scale), scale)


def _odd(one: checks.Odd, called: _Names) -> list[Any]:
    info = called.infos[one.cell]
    return [
        one.kind, address(one.row, one.column) if one.row >= 0 else "", called.unit(one.unit_id) if one.unit_id else "",
        info.label, periods.parse(one.period).label, periods.parse(one.before).label if one.before else "",
        _number(one.against, info.scale), _number(one.value, info.scale), one.cause,
    ]  # fmt: skip


class _Names:
    """Names of units and cells for the lines of the lists, each looked up once."""

    def __init__(self, made: Plan) -> None:
        self.infos = made.infos
        self.by_id = {info.id: info for info in made.infos.values()}
        wanted = {unit for unit, _, _ in made.reading.figures} | {one.printed.unit_id for one in made.differs}
        wanted |= {one.unit_id for one in made.odd}
        self.names = orgs.names([unit for unit in wanted if unit], date.max) if len(wanted) < 30_000 else {}

    def unit(self, unit: int) -> str:
        if unit not in self.names:
            self.names[unit] = orgs.name(unit, date.max)
        return self.names[unit]

    def label(self, cell: int) -> str:
        return self.by_id[cell].label

    def of(self, name: str) -> str:
        if name in self.infos:
            return self.infos[name].label
        return indicators.element(name).name if name and "[" not in name else name

    def value(self, cell: int, value: int) -> str:
        return _number(value, self.by_id[cell].scale)
