"""Puts a plain world of core.rollup into the record, so that the product can be asked about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from giaoban.core import formula, period, rollup
from giaoban.indicators.models import (
    Cell,
    Effect,
    Element,
    FormulaVersion,
    Indicator,
    Report,
    Revision,
    Round,
    Series,
    Sheet,
    SheetLine,
    Standing,
    Submission,
)
from giaoban.orgs.derived import rebuild_closure
from giaoban.orgs.models import (
    TERRITORY,
    Attribute,
    Closure,
    Existence,
    Hierarchy,
    Holds,
    Kind,
    Lineage,
    Link,
    Snapshot,
    Unit,
)

AT = datetime(2026, 1, 29, 2, tzinfo=UTC)
APART = 700_000  # keeps staged units away from those the product ships


@dataclass
class Staged:
    """Where things of the plain world are in the record."""

    cells: dict[int, int]
    apart: int = APART

    def unit(self, unit: int) -> int:
        return self.apart + unit


def stage(world: rollup.World, cells: Sequence[int], alone: Sequence[int] = ()) -> Staged:
    """Units, cells, ledger and who was asked. `alone` cells are printed rates, which are not rolled up."""
    _units(world)
    staged = catalogue(cells, alone)
    append(world.effects, staged)
    _asked(world, staged)
    return staged


def catalogue(cells: Sequence[int], alone: Sequence[int] = (), apart: int = APART) -> Staged:
    """The series and cells only; `apart` is 0 where the units are those of the record itself."""
    for series in ("report", "gso"):
        Series.objects.get_or_create(code=series, defaults={"name": series})
    return Staged({cell: _cell(cell, cell in alone) for cell in cells}, apart)


def append(effects: Sequence[rollup.Effect], staged: Staged) -> None:
    Effect.objects.bulk_create(
        Effect(
            series_id=row.series,
            unit_id=staged.unit(row.unit),
            period_code=row.period,
            cell_id=staged.cells[row.cell],
            value_delta=row.value_delta,
            present_delta=row.present_delta,
            at=AT,
        )
        for row in effects
    )


def define(code: str, expression: str, start: date = date(1900, 1, 1), **fields: object) -> Indicator:
    """An indicator over the staged cells, which are called c1, c2 …"""
    indicator = Indicator.objects.create(code=code, name=code, unit=fields.pop("unit", "%"), **fields)
    revise(indicator, expression, start)
    return indicator


def revise(indicator: Indicator, expression: str, start: date) -> None:
    FormulaVersion.objects.create(
        indicator=indicator, start=start, expression=expression, tree=formula.to_json(formula.parse(expression))
    )


def stand(staged: Staged, cell: int, unit: int, code: str, step: int) -> None:
    """The value of a cell counts and has passed a step."""
    report = Report.objects.get(sheet=f"s{cell}", unit=staged.unit(unit), period_code=code)
    submission = Submission.objects.create(report=report, no=1, at=AT, actor_name="test")
    revision = Revision.objects.create(submission=submission, cell_id=staged.cells[cell], value=1)
    Standing.objects.create(
        report=report,
        cell_id=staged.cells[cell],
        state="accepted",
        current=revision,
        step=step,
        accepted=revision,
        accepted_step=step,
    )


def cells_by_name(cells: Sequence[int]) -> Mapping[str, list[int]]:
    return {f"c{cell}": [cell] for cell in cells}


def _units(world: rollup.World) -> None:
    Hierarchy.objects.get_or_create(code=TERRITORY, defaults={"name": "Địa bàn", "order": 1})
    units = sorted({row.unit for row in world.tree.existences})
    Unit.objects.bulk_create(Unit(pk=APART + unit) for unit in units)
    Existence.objects.bulk_create(
        Existence(unit_id=APART + row.unit, start=row.start, exists=row.exists) for row in world.tree.existences
    )
    Link.objects.bulk_create(
        Link(
            unit_id=APART + row.child,
            hierarchy_id=TERRITORY,
            start=row.start,
            parent_id=None if row.parent is None else APART + row.parent,
        )
        for row in world.tree.links
    )
    Lineage.objects.bulk_create(
        Lineage(
            predecessor_id=APART + row.predecessor,
            successor_id=APART + row.successor,
            on=max(row.on, date(1, 1, 1)),
            numerator=row.numerator,
            denominator=row.denominator,
        )
        for row in world.lineage
    )
    _attributes(world)
    rebuild_closure(APART + unit for unit in units)


def level(units: Iterable[int], name: str) -> None:
    """Units of the plain world are of a kind of this level for as long as they stand."""
    kind, _ = Kind.objects.get_or_create(
        code=name, defaults={"name": name, "family": "area", "level": name, "order": 1}
    )
    lives = Closure.objects.filter(hierarchy=TERRITORY, depth=0, descendant__in=[APART + unit for unit in units])
    Snapshot.objects.bulk_create(
        Snapshot(unit_id=unit, start=start, end=end, name=name, body_name=name, kind=kind)
        for unit, start, end in lives.values_list("descendant_id", "start", "end")
    )


def _attributes(world: rollup.World) -> None:
    values: dict[str, dict[str, str]] = {}
    for row in world.holdings:
        values.setdefault(row.attribute, {})[row.value] = row.value
    for code, known in values.items():
        Attribute.objects.update_or_create(
            code=code,
            defaults={"name": code, "values": known, "inherited": code not in world.not_inherited, "order": 1},
        )
    Holds.objects.bulk_create(
        Holds(unit_id=APART + row.unit, attribute_id=row.attribute, value=row.value, start=row.start)
        for row in world.holdings
    )


def _cell(cell: int, alone: bool) -> int:
    element = Element.objects.create(
        code=f"c{cell}", name=f"c{cell}", unit="cái", stock=True, over_units="none" if alone else "sum"
    )
    return Cell.objects.create(element=element, key=element.code, label=element.code).pk


def _asked(world: rollup.World, staged: Staged) -> None:
    """A sheet a cell, a round a sheet and period: the plainest way to ask units for cells."""
    sheets: dict[int, Sheet] = {}
    rounds: dict[tuple[int, str], Round] = {}
    for row in world.expected:
        for cell in sorted(row.cells):
            if cell not in sheets:
                sheets[cell] = Sheet.objects.create(code=f"s{cell}", name=f"s{cell}")
                SheetLine.objects.create(sheet=sheets[cell], order=1, cell_id=staged.cells[cell])
            key = (cell, row.period)
            if key not in rounds:
                rounds[key] = _round(sheets[cell], row.period, staged.unit(row.unit))
            Report.objects.create(
                round=rounds[key],
                sheet=sheets[cell],
                period_code=row.period,
                unit_id=staged.unit(row.unit),
                due_on=rounds[key].due_on,
            )


def ask_for(sheet: Sheet, code: str, unit_ids: Sequence[int]) -> None:
    """A round of a sheet for units of the record itself."""
    opened = _round(sheet, code, unit_ids[0])
    for unit in unit_ids:
        Report.objects.create(round=opened, sheet=sheet, period_code=code, unit_id=unit, due_on=opened.due_on)


def _round(sheet: Sheet, code: str, opener: int) -> Round:
    asked = period.parse(code)
    return Round.objects.create(
        sheet=sheet,
        period_code=code,
        data_day=asked.data_day,
        cutoff=asked.cutoff,
        hierarchy_id=TERRITORY,
        opener_id=opener,
        opens_on=asked.data_day,
        due_on=asked.data_day + 10 * period.DAY,
        at=AT,
        actor_name="test",
    )
