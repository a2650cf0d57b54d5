"""What was handed in and does not count yet: beside an approved total, what it would become."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from giaoban.indicators.models import Standing
from giaoban.indicators.models.collection import CellState
from giaoban.orgs.models import TERRITORY, Closure


@dataclass(frozen=True)
class Waiting:
    """One cell of one unit: what it says now, and what counts of it so far."""

    unit_id: int
    cell_id: int
    value: int | None
    counted: int | None


def waiting(unit_id: int, period_code: str, cell_ids: Iterable[int], day: date) -> list[Waiting]:
    """Figures of the unit and of all that lay in it on the day, handed in and not accepted; one query."""
    inside = Closure.objects.filter(
        hierarchy=TERRITORY, ancestor=unit_id, descendant=OuterRef("report__unit_id"), start__lte=day, end__gt=day
    )
    rows = Standing.objects.filter(
        Exists(inside), report__round__period_code=period_code, cell__in=list(cell_ids), state=CellState.SUBMITTED
    )
    fields = ("report__unit_id", "cell_id", "current__value", "accepted__value")
    return [Waiting(*row) for row in rows.order_by("pk").values_list(*fields)]
