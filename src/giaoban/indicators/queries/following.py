"""What a reorganisation meets in this room: for the preview, before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Count

from giaoban.indicators.models import Effect, Report, Target


def figures_held(unit_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """For units with figures of their own how many cells and periods they are of."""
    rows = Effect.objects.filter(unit__in=list(unit_ids)).order_by().values("unit_id")
    counted = rows.annotate(cells=Count("cell", distinct=True), periods=Count("period_code", distinct=True))
    return {unit: (cells, periods) for unit, cells, periods in counted.values_list("unit_id", "cells", "periods")}


def reports_of(report_ids: Sequence[int]) -> list[Report]:
    """Reports by number, for naming them in a decision list that its own room guards."""
    return list(Report.objects.filter(pk__in=list(report_ids)).select_related("sheet").order_by("pk"))


def targets_set(unit_ids: Iterable[int]) -> int:
    """Plans asked of the units and not withdrawn: they pass to nobody by themselves."""
    return Target.objects.filter(unit__in=list(unit_ids), withdrawn=False).count()
