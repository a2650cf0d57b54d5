"""What counts: the ledger and its sums."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, QuerySet, Sum

from giaoban.indicators.models import REPORT_SERIES, Effect, Report, Standing
from giaoban.journal.prepared import ask


@dataclass(frozen=True)
class Figure:
    """One figure that counts, in the element's smallest unit."""

    unit_id: int
    period_code: str
    cell_id: int
    value: int


def last_seq() -> int:
    """The newest line of the ledger; 0 when empty."""
    return Effect.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


PERIODS = """
WITH RECURSIVE known(code) AS (
    SELECT MIN(period_code) FROM {table} WHERE series_id = %s
    UNION ALL
    SELECT (SELECT MIN(period_code) FROM {table} WHERE series_id = %s AND period_code > known.code)
    FROM known WHERE known.code IS NOT NULL
)
SELECT code FROM known WHERE code IS NOT NULL
"""
"""From one period of the index to the next: a ledger of millions of lines is not read to know its thirty periods."""


def period_codes(series: str = REPORT_SERIES) -> list[str]:
    """Codes of the periods of which the ledger has any line."""
    with connection.cursor() as cursor:
        cursor.execute(PERIODS.format(table=Effect._meta.db_table), [series, series])
        return [code for (code,) in cursor.fetchall()]


def effects_after(seq: int, limit: int | None = None) -> QuerySet[Effect]:
    """Ledger lines beyond a watermark, in the order of commits."""
    found = Effect.objects.filter(seq__gt=seq).order_by("seq")
    return found[:limit] if limit else found


def figures(
    series: str = REPORT_SERIES,
    unit_ids: Iterable[int] | None = None,
    period_codes: Iterable[str] | None = None,
    cell_ids: Iterable[int] | None = None,
) -> list[Figure]:
    """What counts for the keys, summed from the ledger; missing keys are absent."""
    units = None if unit_ids is None else list(unit_ids)
    if units is not None and len(units) == 1 and period_codes is not None and cell_ids is not None:
        return _of_unit(series, units[0], list(period_codes), list(cell_ids))
    rows = Effect.objects.filter(series=series)
    if units is not None:
        rows = rows.filter(unit__in=units)
    if period_codes is not None:
        rows = rows.filter(period_code__in=list(period_codes))
    if cell_ids is not None:
        rows = rows.filter(cell__in=list(cell_ids))
    summed = (
        rows.order_by()
        .values_list("unit_id", "period_code", "cell_id")
        .annotate(value=Sum("value_delta"), present=Sum("present_delta"))
    )
    return [Figure(unit, period, cell, value) for unit, period, cell, value, present in summed if present]


OF_UNIT = """
SELECT period_code, cell_id, CAST(SUM(value_delta) AS bigint)
FROM indicators_effect
WHERE series_id = %s AND unit_id = %s AND period_code {periods} AND cell_id {cells}
GROUP BY period_code, cell_id HAVING SUM(present_delta) <> 0
"""


def _of_unit(series: str, unit: int, period_codes: list[str], cell_ids: list[int]) -> list[Figure]:
    """`figures` of one unit, as every report is held against them. PostgreSQL takes lists as two arrays: one plan."""
    if not period_codes or not cell_ids:
        return []
    if connection.vendor == "postgresql":
        statement = OF_UNIT.format(periods="= ANY(%s::text[])", cells="= ANY(%s::integer[])")
        rows = ask(statement, [series, unit, period_codes, cell_ids])
    else:
        statement = OF_UNIT.format(periods=_places(period_codes), cells=_places(cell_ids))
        rows = ask(statement, [series, unit, *period_codes, *cell_ids])
    return [Figure(unit, period, cell, value) for period, cell, value in rows]


def _places(values: list[str] | list[int]) -> str:
    return f"IN ({', '.join(['%s'] * len(values))})"


def standing_values() -> dict[tuple[int, str, int], int]:
    """{(unit, period, cell): value} of every accepted revision: what the ledger of series "report" must sum to."""
    rows = Standing.objects.filter(accepted__value__isnull=False).values_list(
        "report__unit_id", "report__period_code", "cell_id", "accepted__value"
    )
    return {(unit, period, cell): value for unit, period, cell, value in rows}


def steps_of(unit_ids: Iterable[int], period_codes: Iterable[str], cell_ids: Iterable[int]) -> dict[int, int]:
    """How many of the values that count stand at which step: {step: number}."""
    rows = (
        Standing.objects.filter(
            accepted__value__isnull=False,
            report__unit__in=list(unit_ids),
            report__period_code__in=list(period_codes),
            cell__in=list(cell_ids),
        )
        .order_by()
        .values_list("accepted_step")
        .annotate(n=Count("id"))
    )
    return dict(rows)


def expected_units(period_code: str, cell_ids: Iterable[int]) -> QuerySet[int]:
    """Units asked for any of the cells in the period: the N of "n of N reported"."""
    return (
        Report.objects.filter(period_code=period_code, sheet__lines__cell__in=list(cell_ids), sheet__lines__owns=True)
        .values_list("unit_id", flat=True)
        .distinct()
    )


def series_of(cell_ids: Iterable[int]) -> list[str]:
    """The series in which these cells have figures."""
    rows = Effect.objects.filter(cell__in=list(cell_ids)).order_by().values_list("series_id", flat=True).distinct()
    return sorted(rows)


def differs_from_ledger() -> list[tuple[int, str, int]]:
    """Keys for which the ledger of series "report" and the accepted revisions disagree; empty when all is well."""
    counted = {(one.unit_id, one.period_code, one.cell_id): one.value for one in figures()}
    accepted = standing_values()
    return sorted(key for key in counted.keys() | accepted.keys() if counted.get(key) != accepted.get(key))


def presence_is_binary() -> bool:
    """Every key's presence sums to nought or one."""
    rows = Effect.objects.order_by().values("series", "unit", "period_code", "cell").annotate(n=Sum("present_delta"))
    return not rows.exclude(n__in=[0, 1]).exists()
