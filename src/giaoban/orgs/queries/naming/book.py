"""Every stretch of every unit that bears one of the names of a document, and where it lay: three questions for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q

from giaoban.orgs.models import MANAGEMENT, TERRITORY, Alias, Closure, Snapshot

MOST = 200  # namesakes of one name that are looked at


class Book:
    """Names that were asked for, looked up together. A name that was not is looked up when it is needed."""

    def __init__(self, on: date) -> None:
        self.on = on
        self._rows: dict[str, list[Snapshot]] = {}
        self._aliased: dict[str, list[Snapshot]] = {}
        self._above: dict[int, list[tuple[int, date, date]]] = {}
        self._canon: dict[int, list[tuple[str, date, date]]] = {}

    def load(self, heads: Iterable[str]) -> None:
        """Look up every one of these names that is not known yet."""
        wanted = [head for head in dict.fromkeys(heads) if head and head not in self._rows]
        if not wanted:
            return
        for head in wanted:
            self._rows[head], self._aliased[head] = [], []
        named = Q(canon__in=wanted) | Q(bare__in=wanted, kind__family="area")
        for row in Snapshot.objects.filter(named).select_related("kind").order_by("unit_id", "start"):
            for head in {row.canon, row.bare if row.kind.family == "area" else row.canon}:
                if head in self._rows and len(self._rows[head]) < MOST:
                    self._rows[head].append(row)
        aliases: dict[int, list[str]] = defaultdict(list)
        for fold, unit in Alias.objects.filter(fold__in=wanted, near__isnull=True).values_list("fold", "unit_id"):
            aliases[unit].append(fold)
        if aliases:
            for row in Snapshot.objects.filter(unit__in=list(aliases)).select_related("kind"):
                for head in aliases[row.unit_id]:
                    self._aliased[head].append(row)
        self._place({row.unit_id for head in wanted for row in (*self._rows[head], *self._aliased[head])})

    def living(self, head: str) -> list[Snapshot]:
        """Units that bear the name on the day."""
        self.load([head])
        return [row for row in self._rows[head] if row.start <= self.on < row.end]

    def aliased(self, head: str) -> list[Snapshot]:
        """Units of which it is another name, always and everywhere."""
        self.load([head])
        return [row for row in self._aliased[head] if row.start <= self.on < row.end]

    def other_days(self, head: str) -> list[Snapshot]:
        """Stretches of other days in which a unit bore the name, the latest first."""
        self.load([head])
        rows = [row for row in self._rows[head] if not row.start <= self.on < row.end]
        return sorted(rows, key=lambda row: row.end, reverse=True)[:50]

    def above(self, unit_id: int, on: date) -> set[int]:
        """What the unit lies in or is directed by on a day."""
        return {ancestor for ancestor, start, end in self._above.get(unit_id, ()) if start <= on < end}

    def lies_in(self, unit_id: int, places: Sequence[str], on: date) -> bool:
        """Whether each place is the name of something the unit lies in or is directed by."""
        if not places:
            return True
        above = self.above(unit_id, on)
        self._name(above)
        names = {canon for unit in above for canon, start, end in self._canon.get(unit, ()) if start <= on < end}
        return all(place in names for place in places)

    def _place(self, units: set[int]) -> None:
        missing = units - self._above.keys()
        for unit in missing:
            self._above[unit] = []
        rows = Closure.objects.filter(hierarchy__in=(TERRITORY, MANAGEMENT), descendant__in=list(missing), depth__gt=0)
        for unit, ancestor, start, end in rows.values_list("descendant_id", "ancestor_id", "start", "end"):
            self._above[unit].append((ancestor, start, end))

    def _name(self, units: set[int]) -> None:
        """Names of what lies above, all of those placed so far in one question."""
        if units <= self._canon.keys():
            return
        missing = {ancestor for rows in self._above.values() for ancestor, _start, _end in rows} - self._canon.keys()
        for unit in missing:
            self._canon[unit] = []
        rows = Snapshot.objects.filter(unit__in=list(missing))
        for unit, canon, start, end in rows.values_list("unit_id", "canon", "start", "end"):
            self._canon[unit].append((canon, start, end))
