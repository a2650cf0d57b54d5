"""Bring in figures of an outside source: another series, never added to what units report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum
from django.utils.timezone import localdate

from giaoban.core import period as periods
from giaoban.core.refusal import Invalid, NotAllowed, Refused
from giaoban.indicators import ledger, refusals
from giaoban.indicators.models import REPORT_SERIES, Cell, Effect, Series
from giaoban.indicators.models.catalogue import OverUnits
from giaoban.journal.actions import lock, writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import TERRITORY, Closure, Unit
from giaoban.people import queries as people

MOST_FAULTS = 100
Key = tuple[int, str, int]


@dataclass(frozen=True)
class SeriesRow:
    """One figure of an outside source. `value` in the element's smallest unit; None takes the figure out."""

    unit_id: int
    period_code: str
    cell_id: int
    value: int | None


def import_series(
    *,
    by: Actor,
    at: datetime,
    series: str,
    rows: Iterable[SeriesRow],
    source: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Write what differs from the series as it stands; importing the same rows again writes nothing. Lines written.

    All or nothing: every bad row is named and then none is stored. The lock of the ledger is taken at the start, since
    what is written depends on what stands; a killed import leaves nothing behind and can be run again.
    """
    wanted = list(rows)
    with writing(by=by, at=at, verb="series.import", data={"series": series, "rows": len(wanted)}) as entry:
        _may_import(by, at)
        if series == REPORT_SERIES:
            raise refusals.ReportSeriesClosed()
        if not Series.objects.filter(pk=series).exists():
            raise refusals.UnknownSeries(code=series)
        _check(wanted)
        lock()
        effects = _differences(series, wanted, at)
        _check_levels(series, wanted)
        for start in range(0, len(effects), ledger.CHUNK):
            Effect.objects.bulk_create(effects[start : start + ledger.CHUNK])
            if progress:
                progress(min(start + ledger.CHUNK, len(effects)), len(effects))
        entry.data |= {"written": len(effects), "source": source}
        entry.skip = not effects
    return len(effects)


def _may_import(by: Actor, at: datetime) -> None:
    if not by.is_system and not people.acts_for(by, "series.load", localdate(at)):
        raise NotAllowed()


def _check(rows: Sequence[SeriesRow]) -> None:
    """Units, periods and cells are known and no figure is given twice; rows are counted from one."""
    units = set(Unit.objects.filter(pk__in={row.unit_id for row in rows}).values_list("pk", flat=True))
    cells = set(Cell.objects.filter(pk__in={row.cell_id for row in rows}).values_list("pk", flat=True))
    known = {code for code in {row.period_code for row in rows} if _is_period(code)}
    faults: list[Refused] = []
    first: dict[Key, int] = {}
    for number, row in enumerate(rows, start=1):
        faults += _row_faults(number, row, units, cells, known)
        key = (row.unit_id, row.period_code, row.cell_id)
        if key in first:
            faults.append(refusals.RowTwice(first=first[key], row=number, field=f"row-{number}"))
        first.setdefault(key, number)
        if len(faults) >= MOST_FAULTS:
            break
    if faults:
        raise Invalid(faults)


def _row_faults(number: int, row: SeriesRow, units: set[int], cells: set[int], periods: set[str]) -> list[Refused]:
    checks = [
        ("unit", row.unit_id, row.unit_id in units),
        ("period", row.period_code, row.period_code in periods),
        ("cell", row.cell_id, row.cell_id in cells),
    ]
    return [
        refusals.BadRow(row=number, what=what, value=value, field=f"row-{number}.{what}")
        for what, value, good in checks
        if not good
    ]


def _is_period(code: str) -> bool:
    """Only the one spelling of a period may stand in the ledger."""
    try:
        return periods.parse(code).code == code
    except periods.BadPeriod:
        return False


def _differences(series: str, rows: Sequence[SeriesRow], at: datetime) -> list[Effect]:
    standing = _standing(series, {row.period_code for row in rows})
    effects = []
    for row in rows:
        key = (row.unit_id, row.period_code, row.cell_id)
        change = ledger.difference(standing.get(key), row.value)
        if change is not None:
            effects.append(
                Effect(
                    series_id=series,
                    unit_id=row.unit_id,
                    period_code=row.period_code,
                    cell_id=row.cell_id,
                    value_delta=change[0],
                    present_delta=change[1],
                    at=at,
                )
            )
    return effects


def _standing(series: str, codes: set[str]) -> dict[Key, int]:
    """What the series says now for the periods."""
    summed = (
        Effect.objects.filter(series=series, period_code__in=codes)
        .order_by()
        .values_list("unit_id", "period_code", "cell_id")
        .annotate(value=Sum("value_delta"), present=Sum("present_delta"))
    )
    return {(unit, period, cell): value for unit, period, cell, value, present in summed if present}


def _check_levels(series: str, rows: Sequence[SeriesRow]) -> None:
    """Within a series a figure at a unit and one below it would be added twice: one level gives a cell in a period."""
    summed = set(Cell.objects.filter(element__over_units=OverUnits.SUM).values_list("pk", flat=True))
    holders: dict[tuple[str, int], set[int]] = {}
    numbers: dict[Key, int] = {}
    taken = {(row.unit_id, row.period_code, row.cell_id) for row in rows if row.value is None}
    for number, row in enumerate(rows, start=1):
        if row.value is not None and row.cell_id in summed:
            holders.setdefault((row.period_code, row.cell_id), set()).add(row.unit_id)
            numbers[row.unit_id, row.period_code, row.cell_id] = number
    for unit, period, cell in _standing(series, {code for code, _ in holders}):
        if (period, cell) in holders and (unit, period, cell) not in taken:
            holders[period, cell].add(unit)
    for day, group in _by_day(holders).items():
        _refuse_overlap(day, group, numbers)


def _by_day(holders: dict[tuple[str, int], set[int]]) -> dict[str, dict[tuple[str, int], set[int]]]:
    found: dict[str, dict[tuple[str, int], set[int]]] = {}
    for (period, cell), units in holders.items():
        found.setdefault(period, {})[period, cell] = units
    return found


def _refuse_overlap(code: str, group: dict[tuple[str, int], set[int]], numbers: dict[Key, int]) -> None:
    period = periods.parse(code)
    day = period.data_day
    units = set().union(*group.values())
    pairs = Closure.objects.filter(
        hierarchy=TERRITORY, depth__gt=0, start__lte=day, end__gt=day, descendant__in=units
    ).values_list("ancestor_id", "descendant_id")
    for above, below in pairs:
        for (_, cell), holding in group.items():
            if above in holding and below in holding:
                row = numbers.get((below, code, cell)) or numbers.get((above, code, cell), 0)
                raise refusals.RowOverlap(
                    row=row, above=orgs.name(above, day), below=orgs.name(below, day), period=period.label
                )
