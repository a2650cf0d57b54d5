"""Who was asked for which cells, and at which step what they gave stands: in bulk, for the roll-up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db.models import Case, Count, IntegerField, Max, OuterRef, Subquery, Value, When

from giaoban.indicators.models import Report, Round, SheetLine, Standing
from giaoban.orgs.models import Snapshot


def reports_after(pk: int) -> Iterable[tuple[int, str, str, int, str | None]]:
    """(number, sheet, period, unit, its kind on the data day) of every report made after a number.

    What is in them never changes.
    """
    day = OuterRef("round__data_day")
    kind = Snapshot.objects.filter(unit=OuterRef("unit"), start__lte=day, end__gt=day).values("kind")[:1]
    rows = Report.objects.filter(pk__gt=pk).order_by("pk").annotate(kind=Subquery(kind))
    return rows.values_list("pk", "sheet_id", "period_code", "unit_id", "kind").iterator(chunk_size=50_000)


def newest_report() -> int:
    return Report.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def rounds_upto(pk: int | None = None) -> tuple[int, int]:
    """The newest round (or `pk`) and how many there are up to it: only with their round are reports removed."""
    rounds = Round.objects.all() if pk is None else Round.objects.filter(pk__lte=pk)
    extent = rounds.aggregate(newest=Max("pk"), count=Count("pk"))
    return (extent["newest"] or 0 if pk is None else pk), extent["count"]


def sheets_of(cell_ids: Collection[int]) -> list[tuple[int, str, list[str]]]:
    """(cell, sheet, kinds of unit asked this line; none for all) for every sheet that asks a cell."""
    rows = SheetLine.objects.filter(owns=True, cell__in=list(cell_ids)).order_by()
    return list(rows.values_list("cell_id", "sheet_id", "kinds"))


def steps_by_unit(
    period_codes: Collection[str], groups: Sequence[Collection[int]]
) -> list[tuple[int, int, str, int, int]]:
    """(group of cells, unit, period, step, how many values that count stand there), in one query.

    A group goes by its place; no cell may be in two of them.
    """
    if not groups:
        return []
    rows = Standing.objects.filter(
        accepted__value__isnull=False,
        report__period_code__in=list(period_codes),
        cell__in=[cell for group in groups for cell in group],
    ).order_by()
    places = [When(cell__in=list(group), then=Value(place)) for place, group in enumerate(groups)]
    grouped = rows.annotate(group=Case(*places, output_field=IntegerField()))
    names = ("group", "report__unit_id", "report__period_code", "accepted_step")
    return list(grouped.values_list(*names).annotate(n=Count("id")))
