"""Where goes what stood under a unit that ends.

Under a unit with one successor everything goes there, links planned for later too. Under a divided one a `Move` says
where each goes; what none names is left for a person (`Change.unplaced`) and meanwhile stands under the nearest unit
around all parts. Under a unit that closes nothing may be left, and a unit that succeeds the one above it needs a place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from giaoban.core.span import FAR
from giaoban.orgs.decree import Place
from giaoban.orgs.derived import Edges, Lives, fetch_edges
from giaoban.orgs.engine.asked import Asked, Item
from giaoban.orgs.engine.record import Record


@dataclass(frozen=True)
class Below:
    """A unit that stood, or was to stand, under one that ends: a new link on the day, or the planned `row` led over."""

    item: Item  # the step that ends the unit above
    child: int
    hierarchy: str
    above: int  # the unit that ends
    start: date
    until: date
    row: int | None
    targets: tuple[Place, ...]  # the successor, or several where the unit above was divided


@dataclass
class Handed:
    """What goes where, and what is left under units that close: {unit: children}."""

    over: list[Below] = field(default_factory=list)
    unplaced: list[Below] = field(default_factory=list)
    left: dict[int, set[int]] = field(default_factory=dict)


def hand_over(asked: Asked, record: Record) -> Handed:
    handed = Handed()
    ended = asked.ended
    children = record.children(ended) - ended.keys()
    record.read_lives(children)
    record.read_links(children)
    for child in children:
        for hierarchy in record.linked(child):
            for found in _below(asked, record, child, hierarchy):
                if not found.targets or child in found.targets:
                    handed.left.setdefault(found.above, set()).add(child)
                elif len(found.targets) == 1:
                    handed.over.append(found)
                else:
                    handed.unplaced.append(found)
    return handed


def _below(asked: Asked, record: Record, child: int, hierarchy: str) -> list[Below]:
    """The stretches of days from the decree's on in which a living child is linked to a unit that ends."""
    found = []
    rows = record.links[child, hierarchy]
    for row, until in zip(rows, [*(row.start for row in rows[1:]), FAR]):
        item = asked.ended.get(row.parent) if row.parent is not None else None
        if item is None or row.parent is None or until <= asked.on:
            continue
        start = max(row.start, asked.on)
        if not any(life.start < until and start < life.end for life in record.lives[child]):
            continue
        if start == asked.on and ((child, hierarchy) in asked.moves or child in asked.reopened):
            continue
        targets = tuple(one.step.successor for one in asked.becomes.get(row.parent, ()))
        planned = row.pk if row.start >= asked.on else None
        found.append(Below(item, child, hierarchy, row.parent, start, until, planned, targets))
    return found


Around = Callable[[tuple[int, ...], Below, date], int | None]
"""The nearest unit around all these, for what stood below: it stands from that day until then, and not below it."""


def around() -> Around:
    """Reads the links as they stand once the decree is written; each chain is climbed once."""
    lives: Lives = {}
    edges: Edges = {}
    chains: dict[tuple[int, str, date], list[int]] = {}

    def chain(unit: int, hierarchy: str, day: date) -> list[int]:
        if (unit, hierarchy, day) not in chains:
            found: list[int] = []
            now: int | None = unit
            while now is not None and now not in found:
                found.append(now)
                fetch_edges({now}, lives, edges)
                now = next((above for above, span in edges.get((hierarchy, now), ()) if day in span), None)
            chains[unit, hierarchy, day] = found[1:]
        return chains[unit, hierarchy, day]

    def nearest(units: tuple[int, ...], below: Below, until: date) -> int | None:
        hierarchy, day = below.hierarchy, below.start
        first, *others = [chain(unit, hierarchy, day) for unit in units]
        for above in first:
            if all(above in other for other in others) and below.child not in (above, *chain(above, hierarchy, day)):
                fetch_edges({above}, lives, edges)
                if any(life.start <= day and until <= life.end for life in lives[above]):
                    return above
        return None

    return nearest
