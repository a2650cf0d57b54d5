"""Dated attributes as the engine needs them: who has which value of which attribute, and since when."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import groupby, pairwise

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from django.db.models import Count, Max

from giaoban.analytics.coding import codes
from giaoban.analytics.tree import FAR_DAY, Tree, rows_of, tree
from giaoban.core.refusal import Refused, sentence
from giaoban.orgs.models import TERRITORY, Attribute, Holds

HELD = pa.schema(
    [
        ("unit", pa.int64()),
        ("attribute", pa.int32()),
        ("value", pa.int32()),
        ("inherited", pa.int32()),
        ("first_day", pa.int32()),
        ("end_day", pa.int32()),
    ]
)


class UnknownAttribute(Refused):
    """No attribute has this code, or not this value."""

    sentence = sentence("There is no attribute “%(attribute)s” with the value “%(value)s”.")
    field = "where"


class Held:
    """Every value ever held, with the tree along which it is inherited."""

    def __init__(self, table: pa.Table, territory: Tree) -> None:
        self.table = table
        self.territory = territory

    def rows(self, attributes: Collection[str]) -> pa.Table:
        numbers = pa.array([codes[attribute] for attribute in attributes], pa.int32())
        return self.table.filter(pc.is_in(self.table["attribute"], numbers))

    @cached_property
    def changes(self) -> tuple[Sequence[int], Sequence[int]]:
        """Days on which anything changes, of the values and of the tree."""
        days = {*self.table["first_day"].to_pylist(), *self.table["end_day"].to_pylist()}
        return sorted(days), self.territory.changes


_kept: tuple[tuple[object, ...], Held] | None = None
_lock = threading.Lock()


def held(where: Sequence[tuple[str, str]]) -> Held:
    """All that is held as it is now; a pair that cannot be is refused."""
    global _kept
    known = {attribute.code: attribute for attribute in Attribute.objects.all()}
    for attribute, value in where:
        if attribute not in known or value not in known[attribute].values:
            raise UnknownAttribute(attribute=attribute, value=value)
    territory = tree(TERRITORY)
    inherited = {code: attribute.inherited for code, attribute in known.items()}
    if connection.in_atomic_block:
        return Held(_read(inherited), territory)
    with _lock:
        extent = Holds.objects.aggregate(newest=Max("pk"), count=Count("pk"))
        version = (territory.version, tuple(extent.values()), tuple(sorted(inherited.items())))
        if _kept is None or _kept[0] != version:
            _kept = version, Held(_read(inherited), territory)
        return _kept[1]


def _read(inherited: dict[str, bool]) -> pa.Table:
    rows = Holds.objects.order_by("unit_id", "attribute_id", "start")
    found: list[tuple[int, ...]] = []
    for (unit, attribute), group in groupby(
        rows.values_list("unit_id", "attribute_id", "start", "value").iterator(), key=lambda row: row[:2]
    ):
        held = [(start.toordinal(), value) for _, _, start, value in group]
        found += [
            (unit, codes[attribute], codes[value], int(inherited[attribute]), first, end)
            for (first, value), (end, _) in pairwise([*held, (FAR_DAY, "")])
            if value
        ]
    return rows_of(found, HELD)
