"""What stands in the record about many units, read in a few statements however many they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from giaoban.core.span import FAR, Span
from giaoban.orgs.derived import fetch, joined, spans_of
from giaoban.orgs.models import Attribute, Classing, Code, Existence, Hierarchy, Holds, Kind, Link, Name, Snapshot


class LinkRow(NamedTuple):
    start: date
    parent: int | None
    pk: int


class Record:
    """Lives, links and what already starts on the day, of the units that decrees of that day name."""

    def __init__(self, on: date, units: Iterable[int]) -> None:
        self.on = on
        self.units = set(units)
        self.lives: dict[int, list[Span]] = {}
        self.existence_days: dict[int, list[date]] = {}
        self.links: dict[tuple[int, str], list[LinkRow]] = {}
        self._linked: set[int] = set()
        self.names: dict[int, str] | None = None
        self.kinds = set(Kind.objects.values_list("code", flat=True))
        self.hierarchies = set(Hierarchy.objects.values_list("code", flat=True))
        self.attributes = {row.code: row for row in Attribute.objects.all()}
        self.read_lives(self.units)

    # Lives

    def read_lives(self, units: Iterable[int]) -> None:
        fresh = set(units) - self.lives.keys()
        rows: dict[int, list[tuple[date, bool]]] = {unit: [] for unit in fresh}
        for unit, start, exists in fetch(Existence, fresh, "start", "exists"):
            rows[unit].append((start, exists))
        for unit, found in rows.items():
            found.sort()
            self.existence_days[unit] = [start for start, _ in found]
            self.lives[unit] = joined(span for exists, span in spans_of(found) if exists)

    def life(self, unit: int) -> Span | None:
        """The life in which the unit stands on the day."""
        return next((span for span in self.lives.get(unit, ()) if self.on in span), None)

    def lives_again(self, unit: int) -> date | None:
        """The first later day from which the unit exists, where such is planned."""
        return min((span.start for span in self.lives.get(unit, ()) if span.start > self.on), default=None)

    # Links

    def read_links(self, units: Iterable[int]) -> None:
        fresh = set(units) - self._linked
        self._linked |= fresh
        found: set[tuple[int, str]] = set()
        for unit, hierarchy, *rest in fetch(Link, fresh, "hierarchy_id", "start", "parent_id", "pk"):
            found.add((unit, hierarchy))
            self.links.setdefault((unit, hierarchy), []).append(LinkRow(*rest))
        for key in found:
            self.links[key].sort()

    def linked(self, unit: int) -> list[str]:
        """The hierarchies in which the unit has ever had a link."""
        return [code for code in self.hierarchies if (unit, code) in self.links]

    def link(self, unit: int, hierarchy: str) -> LinkRow | None:
        """The link in force on the day."""
        rows = self.links.get((unit, hierarchy), ())
        return next((row for row in reversed(rows) if row.start <= self.on), None)

    def next_link(self, unit: int, hierarchy: str, after: date) -> date:
        rows = self.links.get((unit, hierarchy), ())
        return next((row.start for row in rows if row.start > after), FAR)

    def children(self, units: Iterable[int]) -> set[int]:
        """All that any link of any day puts under the units."""
        return {child for _, child in fetch(Link, units, "unit_id", by="parent_id")}

    # What starts on the day already

    def starting(self) -> dict[type, set[tuple[Any, ...]]]:
        """Which units have a row that starts on the day: {Name: {(unit,)}, Code: {(unit, scheme)}, …}."""
        more: dict[type, tuple[str, ...]] = {
            Existence: (), Name: (), Classing: (), Code: ("scheme",), Holds: ("attribute_id",), Link: ("hierarchy_id",),
        }  # fmt: skip
        return {model: set(fetch(model, self.units, *fields, start=self.on)) for model, fields in more.items()}

    # Codes

    def bearers(self, codes: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[tuple[int, Span]]]:
        """(scheme, code) → the units that ever bear it, with the days on which they do and exist."""
        wanted = set(codes)
        candidates = {
            unit
            for code, unit, scheme in fetch(Code, {code for _, code in wanted}, "unit_id", "scheme", by="code")
            if (scheme, code) in wanted
        }
        self.read_lives(candidates)
        found: dict[tuple[str, str], list[tuple[int, Span]]] = {}
        for (unit, scheme), rows in self.codes(candidates).items():
            for code, held in spans_of(rows):
                for life in self.lives[unit] if (scheme, code) in wanted else ():
                    if both := held.intersect(life):
                        found.setdefault((scheme, code), []).append((unit, both))
        return found

    def codes(self, units: Iterable[int]) -> dict[tuple[int, str], list[tuple[date, str]]]:
        """(unit, scheme) → its codes with the days from which it bears them."""
        rows: dict[tuple[int, str], list[tuple[date, str]]] = {}
        for unit, scheme, start, code in fetch(Code, units, "scheme", "start", "code"):
            rows.setdefault((unit, scheme), []).append((start, code))
        return {key: sorted(found) for key, found in rows.items()}

    # Names, only for what must be said of faults

    def name(self, unit: int) -> str:
        """As `queries.name`, but all units at once when the first is asked."""
        if self.names is None:
            self.names = {}
            rows = fetch(Snapshot, self.units | self.lives.keys(), "start", "name")
            for one, start, name in sorted(rows):
                if start <= self.on or one not in self.names:
                    self.names[one] = name
        return self.names.get(unit, f"#{unit}")
