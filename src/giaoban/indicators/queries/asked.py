"""Who was asked for which cells, and at which step what they gave stands: in bulk, for the roll-up."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Count

from giaoban.indicators.models import Report, SheetLine, Standing


def reports_after(pk: int) -> Iterable[tuple[int, str, str, int]]:
    """(number, sheet, period, unit) of every report made after a number; what is in them never changes."""
    rows = Report.objects.filter(pk__gt=pk).order_by("pk")
    return rows.values_list("pk", "sheet_id", "period_code", "unit_id").iterator(chunk_size=50_000)


def report_count() -> int:
    return Report.objects.count()


def sheets_of(cell_ids: Collection[int]) -> list[tuple[int, str]]:
    """(cell, sheet) for every sheet that asks a cell."""
    rows = SheetLine.objects.filter(owns=True, cell__in=list(cell_ids)).order_by()
    return list(rows.values_list("cell_id", "sheet_id"))


def steps_by_unit(period_codes: Collection[str], cell_ids: Collection[int]) -> list[tuple[int, str, int, int]]:
    """(unit, period, step, how many values that count stand there)."""
    rows = Standing.objects.filter(
        accepted__value__isnull=False, report__period_code__in=list(period_codes), cell__in=list(cell_ids)
    ).order_by()
    return list(rows.values_list("report__unit_id", "report__period_code", "accepted_step").annotate(n=Count("id")))
