"""Units concerned: their names, kinds below one of them, and which of them a table is narrowed to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from giaoban.orgs import queries as orgs
from giaoban.orgs.queries.heirs import made_of


def names(unit_ids: Iterable[int | None], on: date) -> dict[int, str]:
    """Names of the bodies concerned ("UBND xã Bắc Hà"), for many units in one query."""
    wanted = {unit_id for unit_id in unit_ids if unit_id is not None}
    found = {row.unit_id: row.body_name or row.name for row in orgs.snapshots(wanted, on).values()}
    missing = wanted - found.keys()
    return found | orgs.names(missing, on) if missing else found


def groups(unit_id: int, hierarchy: str, on: date) -> list[tuple[str, str, int]]:
    """Kinds of the units below a unit and how many of each: (code, name, count), for inviting a whole kind at once."""
    below = orgs.living(on).filter(unit_id__in=orgs.descendants(unit_id, hierarchy, on))
    rows = below.values("kind_id", "kind__name", "kind__order").annotate(n=Count("pk")).order_by("kind__order")
    return [(row["kind_id"], row["kind__name"], row["n"]) for row in rows]


def within(name: str, units: QuerySet[Any]) -> Q:
    """One of the units, or one that became, whole, one of them."""
    return Q(**{f"{name}__in": units}) | Q(**{f"{name}__in": made_of(units)})
