"""Names that somebody confirmed near their unit: what is remembered of an answer, and used from then on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from giaoban.orgs.models import Alias
from giaoban.orgs.queries.naming.match import Match
from giaoban.orgs.queries.tree import living


def learned(words: Collection[str], on: date, near: Sequence[int]) -> dict[str, Match]:
    """For each name what was confirmed nearest by; several units confirmed for one name are meant together."""
    rows = Alias.objects.filter(fold__in=list(words), near__in=list(near), withdrawn_at__isnull=True, since__lte=on)
    found: dict[tuple[str, int], list[Alias]] = defaultdict(list)
    for row in rows.order_by("pk"):
        found[row.fold, row.near_id or 0].append(row)
    there = set(
        living(on).filter(unit__in={row.unit_id for row in rows}).values_list("unit_id", flat=True) if found else ()
    )
    meant: dict[str, Match] = {}
    for place in near:
        for (fold, at), aliases in found.items():
            units = tuple(dict.fromkeys(row.unit_id for row in aliases if row.unit_id in there))
            if at == place and units and fold not in meant:
                last = aliases[-1]
                day = f" ngày {last.confirmed_at:%d/%m/%Y}" if last.confirmed_at else ""
                why = f"đã xác nhận: {last.confirmed_by}{day}"
                meant[fold] = Match(
                    units[0] if len(units) == 1 else None, units, "" if len(units) == 1 else last.text, 100, why
                )
    return meant


def confirmed(unit_id: int) -> list[Alias]:
    """Names confirmed for a unit that have not been withdrawn, the newest first."""
    return list(
        Alias.objects.filter(unit=unit_id, near__isnull=False, withdrawn_at__isnull=True).order_by(
            "-confirmed_at", "-pk"
        )
    )


def alias(alias_id: int) -> Alias:
    """One other name of a unit."""
    return Alias.objects.get(pk=alias_id)
