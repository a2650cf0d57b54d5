"""What changed between two days, for the whole country at once: five readings of rows that begin or end in between.

A unit that only goes on under the same name, kind and parent is never read, so that the reform of 2025 (15,000 units)
is compared in a few tenths of a second, and a quiet month in a few thousandths.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from giaoban.orgs.models import TERRITORY, Closure, Lineage, Snapshot
from giaoban.orgs.queries.tree import children, living

FOUNDED, ENDED, RENAMED, RECLASSIFIED, MOVED = "founded", "ended", "renamed", "reclassified", "moved"
STEPS = 8  # how many reorganisations in a row a unit is followed through
WHATS = (FOUNDED, ENDED, RENAMED, RECLASSIFIED, MOVED)


@dataclass(frozen=True)
class State:
    """What a unit is on one of the two days."""

    name: str
    kind: str


@dataclass(frozen=True)
class Difference:
    """One unit that was something else on the first day than on the second; `was` or `now` is None where it did not
    stand. Both are None where only its parent changed: its name is that of either day."""

    unit_id: int
    what: frozenset[str]
    was: State | None = None
    now: State | None = None
    parent_was: int | None = None
    parent_now: int | None = None


def between(first: date, second: date, hierarchy: str = TERRITORY) -> list[Difference]:
    """Every unit that is not the same on both days, in no order."""
    was, now = _states(first, second), _states(second, first)
    above_was, above_now = _parents(first, second, hierarchy), _parents(second, first, hierarchy)
    found = []
    for unit in {*was, *now, *above_was, *above_now}:
        what = _what(was.get(unit), now.get(unit), unit in was, unit in now)
        one, other = above_was.get(unit), above_now.get(unit)
        if not what & {FOUNDED, ENDED} and one != other:
            what |= {MOVED}
        if what:
            found.append(Difference(unit, frozenset(what), was.get(unit), now.get(unit), one, other))
    return found


def _what(was: State | None, now: State | None, stood: bool, stands: bool) -> set[str]:
    if stood != stands:
        return {ENDED} if stood else {FOUNDED}
    what = set()
    if was and now and was.name != now.name:
        what.add(RENAMED)
    if was and now and was.kind != now.kind:
        what.add(RECLASSIFIED)
    return what


def _states(day: date, other: date) -> dict[int, State]:
    """Snapshots of the day that no longer, or not yet, are those of the other day."""
    rows = living(day).exclude(start__lte=other, end__gt=other)
    return {unit: State(name, kind) for unit, name, kind in rows.values_list("unit_id", "name", "kind_id")}


def _parents(day: date, other: date, hierarchy: str) -> dict[int, int]:
    """{unit: parent} of the day where that is not so on the other day."""
    rows = Closure.objects.filter(hierarchy=hierarchy, depth=1, start__lte=day, end__gt=day)
    rows = rows.exclude(start__lte=other, end__gt=other)
    return dict(rows.values_list("descendant_id", "ancestor_id"))


def scope(unit_id: int, first: date, second: date) -> tuple[set[int], set[int]]:
    """The unit on each of the two days: itself, else what it was made of before and what it became after."""
    changes = Lineage.objects.filter(on__gt=first, on__lte=second)
    before, after = {unit_id}, {unit_id}
    for _step in range(STEPS):
        before |= set(changes.filter(successor__in=before).values_list("predecessor_id", flat=True))
        after |= set(changes.filter(predecessor__in=after).values_list("successor_id", flat=True))
    return before, after


def inside(units: Collection[int], day: date, hierarchy: str = TERRITORY) -> set[int]:
    """The units and all that stands below them on the day."""
    rows = Closure.objects.filter(hierarchy=hierarchy, ancestor__in=units, start__lte=day, end__gt=day)
    return set(rows.values_list("descendant_id", flat=True))


def by_child(
    found: Iterable[Difference], unit_id: int, first: date, second: date, hierarchy: str = TERRITORY
) -> dict[int, Counter[str]]:
    """How many differences of each sort lie below each child of a unit: {child on the second day: counts}.

    What ended counts where its place went: below the child that its former province mainly became.
    """
    rows = list(found)
    now = _places(unit_id, second, hierarchy)
    was = _places(unit_id, first, hierarchy)
    onward = _onward(set(was.values()), first, second)
    counts: dict[int, Counter[str]] = {}
    for one in rows:
        child = now.get(one.unit_id) or onward.get(was.get(one.unit_id, 0))
        if child is not None:
            counts.setdefault(child, Counter()).update(one.what)
    return counts


def _places(unit_id: int, day: date, hierarchy: str) -> dict[int, int]:
    """{unit: the child of `unit_id` it stands under on the day, or is}."""
    tops = children(unit_id, hierarchy, day).filter(kind__family="area").values("unit")
    rows = Closure.objects.filter(hierarchy=hierarchy, ancestor__in=tops, start__lte=day, end__gt=day)
    return dict(rows.values_list("descendant_id", "ancestor_id"))


def _onward(units: set[int], first: date, second: date) -> dict[int, int]:
    """What each unit of the first day mainly is on the second."""
    at = {unit: unit for unit in units}
    for _step in range(STEPS):
        rows = Lineage.objects.filter(predecessor__in=set(at.values()), main=True, on__gt=first, on__lte=second)
        became = dict(rows.values_list("predecessor_id", "successor_id"))
        if not became:
            break
        at = {unit: became.get(now, now) for unit, now in at.items()}
    return at


def totals(first: date, second: date) -> list[tuple[str, int, int]]:
    """How many areas of each level stand on either day: [(level, before, after)], from the top."""
    counted = []
    for day in (first, second):
        areas = living(day).filter(kind__family="area").order_by()
        counted.append(Counter(areas.values_list("kind__level", flat=True)))
    levels = ("province", "district", "commune")
    return [(level, counted[0][level], counted[1][level]) for level in levels if counted[0][level] or counted[1][level]]


def names(unit_ids: Iterable[int], day: date) -> dict[int, str]:
    """Names on the day, or of the nearest day there is."""
    found: dict[int, str] = {}
    rows = Snapshot.objects.filter(unit__in=list(unit_ids)).order_by("start")
    for unit, name, start in rows.values_list("unit_id", "name", "start"):
        if start <= day or unit not in found:
            found[unit] = name
    return found
