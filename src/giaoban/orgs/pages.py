"""What the pages show, put together from the queries: nodes of the tree, the parts of a unit's page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from giaoban.core.text import slug, sort_key
from giaoban.orgs import queries, spelling
from giaoban.orgs.models import TERRITORY, Alias, Closure, Code, Decision, Lineage, Snapshot
from giaoban.orgs.queries.search import paths_of
from giaoban.orgs.queries.tree import Change, living
from giaoban.ui.parts import Moment


def address(unit_id: int, name: str, **filters: str) -> str:
    """/don-vi/<id>-<slug>/ with the filters that are set."""
    words = slug(name)
    where = reverse("orgs:unit", args=[unit_id, words] if words else [unit_id])
    kept = {key: value for key, value in filters.items() if value}
    return f"{where}?{urlencode(kept)}" if kept else where


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


Act = tuple[date, Decision | None]  # what one decision changed on one day


@dataclass(frozen=True)
class Place:
    """Where the unit stands in one hierarchy on the day, from the root down; empty when it stands nowhere."""

    hierarchy: str
    name: str
    steps: list[tuple[str, str]]
    count: int
    current: bool
    href: str


@dataclass(frozen=True)
class Heir:
    """One predecessor or successor, with its share of the whole."""

    name: str
    level: str
    href: str
    where: str
    share: str
    estimated: bool
    on: date
    decision: Decision | None


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
    came_from: list[Heir] = field(default_factory=list)
    became: list[Heir] = field(default_factory=list)
    codes: list[tuple[str, str]] = field(default_factory=list)
    other_names: list[str] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)

    @property
    def number_below(self) -> int:
        return sum(len(group.nodes) for group in self.groups)


SCHEMES = {
    "gso": gettext_lazy("Statistics Office"),
    "moet": gettext_lazy("Education sector"),
    "giaoban": gettext_lazy("Giao Ban’s own"),
}


def unit_page(unit_id: int, hierarchy: str, on: date, today: date) -> UnitPage | None:
    """None where there is no such unit."""
    rows = list(Snapshot.objects.filter(unit=unit_id).select_related("kind").order_by("start"))
    if not rows:
        return None
    shown = next((row for row in reversed(rows) if row.start <= on), rows[0])
    day_text = "" if on == today else on.isoformat()
    tree = Tree(hierarchy, on, day_text)
    last = rows[-1].end
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
        came_from=_own_level_first(_heirs(list(queries.predecessors(unit_id)), "predecessor"), shown.kind.level),
        became=_heirs(list(queries.successors(unit_id)), "successor"),
        codes=_codes(unit_id, on),
        other_names=list(Alias.objects.filter(unit=unit_id).values_list("text", flat=True)),
        moments=_moments(queries.history(unit_id)),
    )


def _places(unit_id: int, current: str, on: date, day_text: str) -> list[Place]:
    found = []
    for hierarchy in queries.hierarchies():
        path = queries.path(unit_id, hierarchy.code, on)[:-1]
        count = counts_below([unit_id], hierarchy.code, on).get(unit_id, 0)
        if not path and not count:
            continue
        steps = [(row.name, address(row.unit_id, row.name, ngay=day_text)) for row in path]
        filters = {"ngay": day_text, "he": hierarchy.code}
        href = "?" + urlencode({key: value for key, value in filters.items() if value})
        found.append(Place(hierarchy.code, hierarchy.name, steps, count, hierarchy.code == current, href))
    return found


def _heirs(rows: list[Lineage], side: str) -> list[Heir]:
    """The other ends of the lineage rows, named as of the day of the change (predecessors: of the day before)."""
    found = []
    for changed, group in groupby(rows, key=lambda row: row.on):
        ends = {getattr(row, f"{side}_id"): row for row in group}
        day = changed - timedelta(days=1) if side == "predecessor" else changed
        called = {one.unit_id: one for one in living(day).filter(unit__in=ends).select_related("kind")}
        paths = paths_of(list(ends), day)
        found += [
            _heir(row, called[other], ", ".join(paths[other]), day) for other, row in ends.items() if other in called
        ]
    return found


def _heir(row: Lineage, other: Snapshot, where: str, day: date) -> Heir:
    share = Fraction(row.numerator, row.denominator)
    return Heir(
        name=other.name,
        level=other.kind.level,
        href=address(other.unit_id, other.name, ngay=day.isoformat()),
        where=where,
        share="" if share == 1 else f"{share.numerator}/{share.denominator}",
        estimated=row.estimated,
        on=row.on,
        decision=row.decision,
    )


def _own_level_first(heirs: list[Heir], level: str) -> list[Heir]:
    """A commune was made of communes; that it lies where a district was comes after them."""
    return sorted(heirs, key=lambda heir: heir.level != level)


def _codes(unit_id: int, on: date) -> list[tuple[str, str]]:
    rows = Code.objects.filter(unit=unit_id, start__lte=on).order_by("start")
    newest = dict(rows.values_list("scheme", "code"))
    return [(str(SCHEMES.get(scheme, scheme)), code) for scheme, code in sorted(newest.items()) if code]


def _moments(changes: list[Change]) -> list[Moment]:
    """The timeline, the latest first: what one decision changed on one day is one line."""
    names = {row.code: row.name for row in queries.hierarchies()}
    acts: dict[Act, list[Change]] = {}
    for change in changes:
        acts.setdefault((change.day, change.decision), []).append(change)
    return [_moment(day, decision, _telling(lines), names) for (day, decision), lines in reversed(acts.items())]


def _telling(lines: list[Change]) -> list[Change]:
    """A unit that ends leaves its hierarchies by that alone: those rows are not worth a word."""
    ended = any(line.what == "ended" for line in lines)
    return [line for line in lines if not (ended and line.what == "link" and line.parent_id is None)]


def _moment(day: date, decision: Decision | None, lines: list[Change], hierarchies: dict[str, str]) -> Moment:
    looks = {"exists": ("flag", "good"), "ended": ("circle-x", "bad")}
    icon, tone = next((looks[line.what] for line in lines if line.what in looks), ("pencil", "quiet"))
    first, *rest = _sentences(lines, hierarchies)
    about = (decision.title, decision.note) if decision else ()
    return Moment(
        at=day,
        what=first,
        who=_("by %(number)s") % {"number": decision.number} if decision else "",
        note=" · ".join(part for part in (*rest, *about) if part),
        tone=tone,
        icon=icon,
    )


def _sentences(lines: list[Change], hierarchies: dict[str, str]) -> list[str]:
    """Dated rows in words; links to one parent in several hierarchies are one sentence."""
    found = [_words(line) for line in lines if line.what != "link"]
    parents: dict[str, list[str]] = {}
    links = {line.hierarchy: line.text for line in lines if line.what == "link"}
    for code, name in hierarchies.items():
        if code in links:
            parents.setdefault(links[code], []).append(name)
    for parent, names in parents.items():
        where = ", ".join([names[0], *(name[:1].lower() + name[1:] for name in names[1:])])
        if parent:
            found.append(_("%(hierarchy)s: under %(parent)s") % {"hierarchy": where, "parent": parent})
        else:
            found.append(_("%(hierarchy)s: under nobody any more") % {"hierarchy": where})
    return found


def _words(change: Change) -> str:
    if change.what == "exists":
        return _("Exists") if change.decision else _("Known from this day")
    if change.what == "ended":
        return _("Ended")
    if change.what == "name":
        return _("Name: %(name)s") % {"name": change.text}
    if change.what == "kind":
        return _("Kind: %(kind)s") % {"kind": change.text}
    scheme = SCHEMES.get(change.hierarchy, change.hierarchy)
    return _("Code: %(code)s (%(scheme)s)") % {"code": change.text or "—", "scheme": scheme}
