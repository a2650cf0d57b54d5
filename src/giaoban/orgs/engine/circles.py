"""No unit may come to stand above itself, on the day or on any later one: changes planned before are looked at too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from giaoban.core.span import FAR, Span
from giaoban.orgs.derived import DEEPEST, Edges, Lives, fetch, fetch_edges
from giaoban.orgs.models import Link

Linked = tuple[int, str]  # a unit and a hierarchy


@dataclass(frozen=True)
class Circle:
    unit: int
    hierarchy: str
    parent: int  # under which it was put
    day: date  # the first on which it stands above itself


def circles(changed: Iterable[Linked], on: date) -> list[Circle]:
    """The units among those whose links changed that stand above themselves, climbing all chains a step at a time.

    A circle goes through a changed link and through units that have something below them; nothing else is climbed.
    """
    linked = set(changed)
    parents = {unit for (unit,) in fetch(Link, {unit for unit, _ in linked}, by="parent_id")}
    lives: Lives = {}
    edges: Edges = {}
    found: dict[Linked, Circle] = {}
    climb = [(unit, hierarchy, unit, 0, Span(on, FAR)) for unit, hierarchy in linked if unit in parents]
    for _ in range(DEEPEST):
        fetch_edges({now for _, _, now, _, _ in climb}, lives, edges)
        higher = []
        for unit, hierarchy, now, first, days in climb:
            for above, held in edges.get((hierarchy, now), ()):
                for life in lives[now]:
                    both = (both := days.intersect(held)) and both.intersect(life)
                    if not both:
                        continue
                    if above == unit:
                        key = unit, hierarchy
                        if key not in found or both.start < found[key].day:
                            found[key] = Circle(unit, hierarchy, first or above, both.start)
                    else:
                        higher.append((unit, hierarchy, above, first or above, both))
        climb = higher
        if not climb:
            break
    return list(found.values())
