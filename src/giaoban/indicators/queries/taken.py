"""What systems of record already hold of the cells a report asks: so that only the rest is asked.

A figure of a series stands under the same unit, period and cell as the report's. Where several series of the round hold
it, the first one named counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Sum
from django.utils.timezone import localdate

from giaoban.indicators.models import Effect, Report, Series, SheetLine, Taken

CHUNK = 500


@dataclass(frozen=True)
class FromSeries:
    """A figure another system holds: its value, whose it is, and the day the series was last given it."""

    cell_id: int
    value: int
    series: str
    series_name: str
    day: date


def known_elsewhere(
    unit_ids: Iterable[int], period_code: str, cell_ids: Iterable[int], series: Sequence[str]
) -> dict[tuple[int, int], FromSeries]:
    """{(unit, cell): figure} of the series, the first of them that has one, in a query for some hundred units."""
    names = dict(Series.objects.filter(pk__in=series).values_list("code", "name"))
    order = {code: place for place, code in enumerate(series)}
    units, cells = list(unit_ids), list(cell_ids)
    found: dict[tuple[int, int], FromSeries] = {}
    for start in range(0, len(units), CHUNK):
        rows = (
            Effect.objects.filter(
                series__in=list(names), period_code=period_code, unit__in=units[start : start + CHUNK], cell__in=cells
            )
            .order_by()
            .values_list("series_id", "unit_id", "cell_id")
            .annotate(value=Sum("value_delta"), present=Sum("present_delta"), last=Max("at"))
        )
        for code, unit, cell, value, present, last in sorted(rows, key=lambda row: -order[row[0]]):
            if present:
                found[unit, cell] = FromSeries(cell, value, code, names[code], localdate(last))
    return found


def taken_of(report: Report) -> dict[int, FromSeries]:
    """{cell: what was taken in}: the mark "lấy từ …" holds as long as the cell still says that value."""
    rows = Taken.objects.filter(report=report).select_related("series")
    return {row.cell_id: FromSeries(row.cell_id, row.value, row.series_id, row.series.name, row.day) for row in rows}


def owned_cells(sheet_id: str) -> list[int]:
    """The cells a sheet asks to be typed."""
    lines = SheetLine.objects.filter(sheet=sheet_id, owns=True, cell__isnull=False)
    return list(lines.values_list("cell_id", flat=True))
