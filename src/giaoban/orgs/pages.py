"""What the pages show, put together from the queries: nodes of the tree, the parts of a unit's page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from giaoban.core.text import sort_key
from giaoban.journal.actor import Actor
from giaoban.orgs import queries, rights, spelling
from giaoban.orgs.life import SCHEMES, Event, Heir, address, events, heirs, own_level_first, value_of
from giaoban.orgs.models import TERRITORY, Alias, Closure, Code, Snapshot
from giaoban.orgs.queries.tree import living

# The tree


@dataclass(frozen=True)
class Node:
    """One line of the tree; `below` is None while its branch is closed."""

    unit_id: int
    name: str
    kind: str
    kind_in_name: bool
    code: str
    href: str
    count: int
    branch_href: str = ""
    open_href: str = ""
    below: tuple[Node, ...] | None = None


@dataclass(frozen=True)
class Tree:
    """A way to look at units: one hierarchy on one day; `day_text` is empty for today, to keep addresses short."""

    hierarchy: str
    on: date
    day_text: str

    def roots(self, open_path: Sequence[int]) -> list[Node]:
        return self._nodes(queries.roots(self.hierarchy, self.on), open_path)

    def below(self, unit_id: int, open_path: Sequence[int] = ()) -> list[Node]:
        return self._nodes(queries.children(unit_id, self.hierarchy, self.on), open_path)

    def _filters(self) -> dict[str, str]:
        return {"ngay": self.day_text, "he": self.hierarchy if self.hierarchy != TERRITORY else ""}

    def _nodes(self, snapshots: Iterable[Snapshot], open_path: Sequence[int]) -> list[Node]:
        rows = sorted(snapshots, key=lambda row: (row.kind.order, sort_key(row.name)))
        counts = counts_below([row.unit_id for row in rows], self.hierarchy, self.on)
        return [self._node(row, counts.get(row.unit_id, 0), open_path) for row in rows]

    def _node(self, row: Snapshot, count: int, open_path: Sequence[int]) -> Node:
        filters = self._filters()
        kept = urlencode({key: value for key, value in filters.items() if value})
        branch = reverse("orgs:branch", args=[row.unit_id])
        opened = urlencode({**{key: value for key, value in filters.items() if value}, "mo": row.unit_id})
        return Node(
            unit_id=row.unit_id,
            name=row.name,
            kind=row.kind.name,
            kind_in_name=row.canon.startswith((spelling.canon(row.kind.name), spelling.canon(row.kind.short or "?"))),
            code=row.code,
            href=address(row.unit_id, row.name, ngay=self.day_text),
            count=count,
            branch_href=f"{branch}?{kept}" if kept else branch,
            open_href=f"?{opened}#u{row.unit_id}",
            below=tuple(self.below(row.unit_id, open_path)) if count and row.unit_id in open_path else None,
        )


def counts_below(unit_ids: Sequence[int], hierarchy: str, on: date) -> dict[int, int]:
    """How many units stand directly below each."""
    rows = Closure.objects.filter(hierarchy=hierarchy, ancestor__in=unit_ids, depth=1, start__lte=on, end__gt=on)
    return dict(rows.values_list("ancestor_id").annotate(number=Count("descendant_id", distinct=True)))


@dataclass(frozen=True)
class Total:
    """How many areas of a level there are on the day, and of which kinds."""

    label: str
    number: int
    note: str


def totals(on: date) -> list[Total]:
    """Provinces, districts and communes of the day."""
    labels = {"province": _("Provinces and cities"), "district": _("Districts"), "commune": _("Communes and wards")}
    rows = (
        living(on)
        .filter(kind__family="area", kind__level__in=labels)
        .values_list("kind__level", "kind__name", "kind__order")
        .annotate(number=Count("unit", distinct=True))
        .order_by("kind__order")
    )
    found = []
    for level, kinds in groupby(rows, key=lambda row: row[0]):
        parts = [(name.lower(), number) for _level, name, _order, number in kinds]
        note = " · ".join(f"{number:,} {name}".replace(",", ".") for name, number in parts)
        found.append(Total(labels[level], sum(number for _name, number in parts), note))
    return found


# One unit


@dataclass(frozen=True)
class Place:
    """Where the unit stands in one hierarchy on the day, from the root down; empty when it stands nowhere."""

    hierarchy: str
    name: str
    steps: list[tuple[str, str]]
    count: int
    current: bool
    href: str
    grouped: bool = False


@dataclass(frozen=True)
class Mark:
    """A dated attribute the unit has on the day, its own or that of a unit around it."""

    name: str
    value: str
    source: str
    of: str
    of_href: str


@dataclass(frozen=True)
class Group:
    """Units below of one kind."""

    kind: str
    nodes: list[Node]


@dataclass(frozen=True)
class UnitPage:
    """Everything the page of a unit shows as of a day."""

    unit_id: int
    on: date
    today: date
    hierarchy: str
    shown: Snapshot  # of the day, or the nearest there is
    alive: bool
    first_day: date
    last_day: date | None
    day_text: str = ""
    places: list[Place] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    came_from: list[Heir] = field(default_factory=list)
    became: list[Heir] = field(default_factory=list)
    codes: list[tuple[str, str]] = field(default_factory=list)
    other_names: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @property
    def memberships(self) -> list[Place]:
        """The groups it belongs to: clusters, inspection groups, each in a hierarchy of its own."""
        return [place for place in self.places if place.grouped]

    @property
    def standings(self) -> list[Place]:
        """Where it stands in the other hierarchies."""
        return [place for place in self.places if place.steps and not place.grouped]

    @property
    def number_below(self) -> int:
        return sum(len(group.nodes) for group in self.groups)


def unit_page(unit_id: int, hierarchy: str, on: date, today: date) -> UnitPage | None:
    """None where there is no such unit."""
    rows = list(Snapshot.objects.filter(unit=unit_id).select_related("kind").order_by("start"))
    if not rows:
        return None
    shown = next((row for row in reversed(rows) if row.start <= on), rows[0])
    day_text = "" if on == today else on.isoformat()
    tree = Tree(hierarchy, on, day_text)
    last = rows[-1].end
    came_from = own_level_first(heirs(queries.predecessors(unit_id), "predecessor"), shown.kind.level)
    became = heirs(queries.successors(unit_id), "successor")
    return UnitPage(
        unit_id=unit_id,
        on=on,
        today=today,
        hierarchy=hierarchy,
        shown=shown,
        alive=shown.start <= on < shown.end,
        first_day=rows[0].start,
        last_day=None if last == date.max else last - timedelta(days=1),
        day_text=day_text,
        places=_places(unit_id, hierarchy, on, day_text),
        groups=[Group(kind, list(nodes)) for kind, nodes in groupby(tree.below(unit_id), key=lambda node: node.kind)],
        marks=_marks(unit_id, on, day_text),
        came_from=came_from,
        became=became,
        codes=_codes(unit_id, on),
        other_names=list(Alias.objects.filter(unit=unit_id, near__isnull=True).values_list("text", flat=True)),
        events=events(unit_id, came_from, became, today),
    )


@dataclass(frozen=True)
class Called:
    """A name that somebody confirmed near a unit, and whether the person who looks may withdraw it."""

    alias_id: int
    text: str
    near: str
    since: date | None
    by: str
    may: bool


def calls(unit_id: int, actor: Actor, now: datetime) -> list[Called]:
    """What the unit is called in documents read elsewhere, as far as anybody confirmed it."""
    found = queries.confirmed(unit_id)
    on = timezone.localdate(now)
    names = queries.names({row.near_id for row in found if row.near_id}, on)
    return [
        Called(
            row.pk,
            row.text,
            names.get(row.near_id or 0, ""),
            row.since,
            row.confirmed_by,
            rights.may(actor, "reading.use", row.near_id or 0, at=now, on=on),
        )
        for row in found
    ]


def _places(unit_id: int, current: str, on: date, day_text: str) -> list[Place]:
    """Its place in every hierarchy it stands in; as many queries for twenty hierarchies as for one."""
    rows = Closure.objects.filter(start__lte=on, end__gt=on)
    above: dict[str, list[tuple[int, int]]] = {}
    for code, ancestor, depth in rows.filter(descendant=unit_id, depth__gt=0).values_list(
        "hierarchy_id", "ancestor_id", "depth"
    ):
        above.setdefault(code, []).append((-depth, ancestor))
    below = rows.filter(ancestor=unit_id, depth=1).values_list("hierarchy_id")
    counts = dict(below.annotate(number=Count("descendant_id", distinct=True)))
    called = {
        row.unit_id: row
        for row in living(on)
        .filter(unit__in={unit for found in above.values() for _depth, unit in found})
        .select_related("kind")
    }
    found = []
    for hierarchy in queries.hierarchies():
        path = [called[unit] for _depth, unit in sorted(above.get(hierarchy.code, [])) if unit in called]
        count = counts.get(hierarchy.code, 0)
        if not path and not count:
            continue
        steps = [(row.name, address(row.unit_id, row.name, ngay=day_text)) for row in path]
        filters = {"ngay": day_text, "he": hierarchy.code}
        href = "?" + urlencode({key: value for key, value in filters.items() if value})
        grouped = bool(path) and path[-1].kind.family == "group"
        found.append(Place(hierarchy.code, hierarchy.name, steps, count, hierarchy.code == current, href, grouped))
    return found


def _marks(unit_id: int, on: date, day_text: str) -> list[Mark]:
    held = queries.attributes_of(unit_id, on)
    names = queries.names({unit for _one, _value, unit in held}, on)
    return [
        Mark(
            one.name,
            value_of(one, value),
            one.source,
            "" if of == unit_id else names[of],
            "" if of == unit_id else address(of, names[of], ngay=day_text),
        )
        for one, value, of in held
    ]


def _codes(unit_id: int, on: date) -> list[tuple[str, str]]:
    rows = Code.objects.filter(unit=unit_id, start__lte=on).order_by("start")
    newest = dict(rows.values_list("scheme", "code"))
    return [(str(SCHEMES.get(scheme, scheme)), code) for scheme, code in sorted(newest.items()) if code]
