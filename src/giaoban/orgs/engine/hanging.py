"""Links to a unit that does not stand as long as the link does: what placing and undoing must not leave behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from giaoban.core.span import FAR, Span
from giaoban.orgs.derived import Edges, Lives, fetch_edges
from giaoban.orgs.engine.circles import Linked


@dataclass(frozen=True)
class Hanging:
    unit: int
    hierarchy: str
    parent: int
    day: date  # the first on which the unit stands and the one above it does not


def hanging(linked: Iterable[Linked], on: date) -> list[Hanging]:
    wanted = set(linked)
    lives: Lives = {}
    edges: Edges = {}
    fetch_edges({unit for unit, _ in wanted}, lives, edges)
    held = [
        (unit, hierarchy, parent, both)
        for unit, hierarchy in sorted(wanted)
        for parent, span in edges.get((hierarchy, unit), ())
        for life in lives[unit]
        if (both := span.intersect(life)) and (both := both.intersect(Span(on, FAR)))
    ]
    fetch_edges({parent for _, _, parent, _ in held}, lives, edges)
    found = []
    for unit, hierarchy, parent, days in held:
        life = next((life for life in lives[parent] if days.start in life), None)
        if life is None or life.end < days.end:
            found.append(Hanging(unit, hierarchy, parent, life.end if life else days.start))
    return found
