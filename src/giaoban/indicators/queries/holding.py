"""Who already holds a number, or asks for it: shown before it is asked once more.

For some cells, units and a period: rounds that ask the same cells (also of the other line), series of other systems
that have them, sheets that ask the same element in another breakdown, and periods of another kind with the same data
day's neighbourhood, where the same cells have figures.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count
from django.urls import reverse

from giaoban.core import period as periods
from giaoban.core.period import Period
from giaoban.indicators.models import REPORT_SERIES, Cell, Effect, Report, Series, SheetLine
from giaoban.indicators.queries import line, states
from giaoban.orgs import queries as orgs

ROUND, SERIES, BREAKDOWN, NEIGHBOUR = "round", "series", "breakdown", "neighbour"
NEAR = timedelta(days=45)  # how far the data days of two kinds of period may lie apart to hold the same number
MANY = 2_000  # units or cells named to the database one by one; beyond, it is asked without them


@dataclass(frozen=True)
class Holder:
    """One that holds or asks some of the numbers."""

    kind: str  # round, series, breakdown, neighbour
    name: str  # the sheet, the series
    who: str  # the opener, the source
    period: str  # label of the period
    units: int  # of those asked now
    cells: int
    labels: tuple[str, ...]  # some of the cells, in words
    handed_in: int = 0  # of a round: units that have handed in
    link: str = ""
    code: str = ""  # of a series, to take its figures in


def who_holds(cells: Collection[int], units: Collection[int], period: Period, on: date) -> list[Holder]:
    """Everything that holds or asks these cells of these units for the period, the nearest first."""
    if not cells or not units:
        return []
    return [
        *_rounds(cells, units, period, on),
        *_series(cells, units, period),
        *_breakdowns(cells, units, period, on),
        *_neighbours(cells, units, period),
    ]


def cells_of_sheet(sheet: str) -> list[int]:
    """The cells a sheet asks."""
    return list(SheetLine.objects.filter(sheet=sheet, owns=True, cell__isnull=False).values_list("cell_id", flat=True))


def _rounds(cells: Collection[int], units: Collection[int], period: Period, on: date) -> list[Holder]:
    """Rounds of the period whose sheet asks one of the cells."""
    asking: dict[str, list[int]] = {}
    for sheet, cell in SheetLine.objects.filter(cell__in=list(cells), owns=True).values_list("sheet_id", "cell_id"):
        asking.setdefault(sheet, []).append(cell)
    return _asked(asking, units, period, on, ROUND)


def _breakdowns(cells: Collection[int], units: Collection[int], period: Period, on: date) -> list[Holder]:
    """Rounds of the period that ask the same elements, split otherwise: their sums say the same number."""
    elements = Cell.objects.filter(pk__in=list(cells)).values("element")
    asking: dict[str, list[int]] = {}
    rows = SheetLine.objects.filter(cell__element__in=elements, owns=True).exclude(cell__in=list(cells))
    same = set(SheetLine.objects.filter(cell__in=list(cells), owns=True).values_list("sheet_id", flat=True))
    for sheet, cell in rows.values_list("sheet_id", "cell_id"):
        if sheet not in same:
            asking.setdefault(sheet, []).append(cell)
    return _asked(asking, units, period, on, BREAKDOWN)


def _asked(asking: dict[str, list[int]], units: Collection[int], period: Period, on: date, kind: str) -> list[Holder]:
    rows = Report.objects.filter(sheet__in=asking, period_code=period.code).select_related("round__sheet")
    if len(units) <= MANY:
        rows = rows.filter(unit__in=list(units))
    wanted = set(units)
    by_round: dict[int, list[Report]] = {}
    for row in rows:
        if row.unit_id in wanted:
            by_round.setdefault(row.round_id, []).append(row)
    openers = orgs.names({found[0].round.opener_id for found in by_round.values()}, on)
    return [
        Holder(
            kind=kind,
            name=found[0].round.sheet.name,
            who=openers[found[0].round.opener_id],
            period=period.label,
            units=len(found),
            cells=len(asking[found[0].sheet_id]),
            labels=_labels(asking[found[0].sheet_id]),
            handed_in=sum(row.state not in states.OWING for row in found),
            link=reverse("indicators:round", args=[number]),
        )
        for number, found in sorted(by_round.items())
    ]


def _series(cells: Collection[int], units: Collection[int], period: Period) -> list[Holder]:
    """Other systems that have figures of these cells, units and period."""
    found = []
    for series in Series.objects.exclude(pk=REPORT_SERIES).order_by("code"):
        held = _held(series.code, cells, units, [period.code])
        for code, (n_units, n_cells, some) in held.items():
            found.append(
                Holder(SERIES, series.name, series.source, periods.parse(code).label, n_units, n_cells, some,
                       code=series.code)
            )  # fmt: skip
    return found


def _neighbours(cells: Collection[int], units: Collection[int], period: Period) -> list[Holder]:
    """The same cells, handed in for a period of another kind that closes within some weeks of this one."""
    near = [
        one.code
        for one in map(periods.parse, _codes_near(cells))
        if one.kind is not period.kind and abs(one.data_day - period.data_day) <= NEAR
    ]
    return [
        Holder(NEIGHBOUR, "", "", periods.parse(code).label, n_units, n_cells, some)
        for code, (n_units, n_cells, some) in sorted(_held(REPORT_SERIES, cells, units, near).items())
    ]


def _codes_near(cells: Collection[int]) -> list[str]:
    rows = Effect.objects.filter(series=REPORT_SERIES, cell__in=list(cells)[:MANY])
    return list(rows.order_by().values_list("period_code", flat=True).distinct())


def _held(
    series: str, cells: Collection[int], units: Collection[int], codes: Iterable[str]
) -> dict[str, tuple[int, int, tuple[str, ...]]]:
    """{period: (units, cells, some of them in words)} of which the ledger of a series has lines."""
    wanted = list(codes)
    if not wanted:
        return {}
    rows = Effect.objects.filter(series=series, period_code__in=wanted, cell__in=list(cells)[:MANY])
    if len(units) <= MANY:
        rows = rows.filter(unit__in=list(units))
    counted = rows.order_by().values("period_code").annotate(
        units=Count("unit", distinct=True), cells=Count("cell", distinct=True)
    )  # fmt: skip
    return {
        row["period_code"]: (
            row["units"],
            row["cells"],
            _labels(
                rows.filter(period_code=row["period_code"]).order_by().values_list("cell_id", flat=True).distinct()[:4]
            ),
        )
        for row in counted
    }


def _labels(cells: Iterable[int]) -> tuple[str, ...]:
    """A few cells in words."""
    some = sorted(cells)[:4]
    return tuple(Cell.objects.filter(pk__in=some).order_by("pk").values_list("label", flat=True))


# Clusters, for due times of their own


@dataclass(frozen=True)
class Cluster:
    """A group some of the asked units stand in."""

    unit: int
    name: str
    units: int


def clusters_of(units: Collection[int], on: date) -> list[Cluster]:
    """The groups (clusters of schools) of the units on the day."""
    groups = {row.unit_id: row.name for row in orgs.living(on).filter(kind__family="group").order_by("name")}
    inside = line.members(groups, units, on)
    return [Cluster(unit, name, len(inside[unit])) for unit, name in groups.items() if unit in inside]
