"""Columns that somebody pointed at once: kept for the unit, by the names they bear, and used for the next file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from giaoban.core.refusal import Refused, sentence
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs.queries.heirs import whole_parts
from giaoban.people import queries as people
from giaoban.work.exchange.lines import LAYOUTS, ROLES, Remembered, Table, signature
from giaoban.work.models import TableKind, TableLayout


class NotEnough(Refused):
    """Too little was pointed at."""

    sentence = sentence("Point at the work and at two more columns, among them who leads or the due time.")
    field = "columns"


class NotEnoughTracking(Refused):
    """The same for a tracking sheet."""

    sentence = sentence("Point at the number of the assigning document, at the task, and at the due time or the state.")
    field = "columns"


class Nameless(Refused):
    """A row that names nothing cannot be known again."""

    sentence = sentence("Row %(row)s does not name the columns; choose the row in which their names stand.")
    field = "head"


def remembered(unit_id: int, kind: str) -> Remembered:
    """What the unit, or one it was made of, pointed at."""
    units = [unit_id, *whole_parts([unit_id])]
    kept: dict[str, Mapping[str, int]] = {}
    for row in TableLayout.objects.filter(unit__in=units, kind=kind).order_by("made_at"):
        if row.unit_id == unit_id or row.signature not in kept:
            kept[row.signature] = row.columns
    return lambda wanted: kept.get(wanted) if wanted else None


def point(
    *, by: Actor, at: datetime, unit_id: int, kind: str, table: Table, head: int, columns: Mapping[str, int]
) -> TableLayout:
    """Which column is what, said once; said again, the last word holds."""
    with writing(by=by, at=at, verb="task.layout", unit_id=unit_id) as entry:
        people.require(by, "task.assign", unit_id, timezone.localdate(at))
        named = signature(table.names(head))
        if not named:
            raise Nameless(row=head + 1)
        chosen = {role: place for role, place in columns.items() if role in ROLES[kind]}
        if not LAYOUTS[kind].fits(chosen):
            raise NotEnoughTracking() if kind == TableKind.TRACKING else NotEnough()
        who = f"{by.name}, {by.title}" if by.title else by.name
        kept, _new = TableLayout.objects.update_or_create(
            unit_id=unit_id,
            kind=kind,
            signature=named,
            defaults={"columns": chosen, "made_at": at, "made_by": who[:300]},
        )
        entry.data.update(kind=kind, columns=chosen)
    return kept
