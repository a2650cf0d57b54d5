"""What was done to the units: the changes, and what each founded, ended and made of what.

The answers are the same after a change was undone: they say what it did, and `undone_at` that it no longer holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from giaoban.orgs import refusals
from giaoban.orgs.models import Change, Classing, Code, Existence, Holds, Lineage, Link, Name

DATED: dict[str, Any] = {
    "existence": Existence,
    "name": Name,
    "classing": Classing,
    "code": Code,
    "link": Link,
    "holds": Holds,
}
"""The tables a change writes dated rows to, by the name `Change.revoked` and `Change.altered` know them."""


def changes(
    on_from: date | None = None, on_until: date | None = None, *, undone: bool | None = None
) -> QuerySet[Change]:
    """Changes that take effect from one day until before another, newest first; without what is long to read."""
    found = Change.objects.select_related("decision").defer("steps", "altered", "unplaced", "revoked")
    if on_from:
        found = found.filter(on__gte=on_from)
    if on_until:
        found = found.filter(on__lt=on_until)
    if undone is not None:
        found = found.filter(undone_at__isnull=not undone)
    return found.order_by("-on", "-pk")


def change(change_id: int) -> Change:
    found = Change.objects.select_related("decision").filter(pk=change_id).first()
    if found is None:
        raise refusals.UnknownChange(change=change_id)
    return found


def founded_by(change: Change) -> list[int]:
    """The units it founded, in the order of its steps."""
    began = [unit for unit, exists in _rows(change, "existence", "unit_id", "exists") if exists]
    before = Existence.objects.filter(unit__in=began) if len(began) < 500 else Existence.objects.all()
    lived = set(before.filter(start__lt=change.on).values_list("unit_id", flat=True))
    return sorted(unit for unit in began if unit not in lived)


def ended_by(change: Change) -> list[int]:
    """The units that ended by it, with or without a successor."""
    return sorted(unit for unit, exists in _rows(change, "existence", "unit_id", "exists") if not exists)


def became(change: Change) -> dict[int, list[tuple[int, Fraction]]]:
    """Predecessor → its successors with their shares, the main one first."""
    found: dict[int, list[tuple[int, Fraction]]] = {}
    rows = _rows(change, "lineage", "predecessor_id", "successor_id", "numerator", "denominator", "main", "id")
    for old, new, part, whole, _, _ in sorted(rows, key=lambda row: (not row[4], row[5])):
        found.setdefault(old, []).append((new, Fraction(part, whole)))
    return found


def touched(change: Change) -> set[int]:
    """Every unit of which it wrote or altered anything."""
    found = {unit for table in DATED for (unit,) in _rows(change, table, "unit_id")}
    for old, new in _rows(change, "lineage", "predecessor_id", "successor_id"):
        found |= {old, new}
    links = [row for table, row, _ in change.altered if table == "link"]
    lines = [row for table, row, _ in change.altered if table == "lineage"]
    for start in range(0, len(links), 800):
        found.update(Link.objects.filter(pk__in=links[start : start + 800]).values_list("unit_id", flat=True))
    for old, new in Lineage.objects.filter(pk__in=lines).values_list("predecessor_id", "successor_id"):
        found |= {old, new}
    return found


def _rows(change: Change, table: str, *fields: str) -> Iterator[tuple[Any, ...]]:
    """Rows the change wrote: from their table, or, once it was undone, from where undoing put them."""
    if change.undone_at:
        yield from (tuple(row[field] for field in fields) for row in change.revoked.get(table, ()))
        return
    model = Lineage if table == "lineage" else DATED[table]
    yield from model.objects.filter(change=change).values_list(*fields)
