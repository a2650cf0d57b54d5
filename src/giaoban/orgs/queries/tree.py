"""Units, their names and their places in the hierarchies, as of a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery

from giaoban.core.refusal import Refused, sentence
from giaoban.orgs.models import TERRITORY, Closure, Code, Decision, Hierarchy, Kind, Lineage, Link, Snapshot, Unit


class UnknownUnit(Refused):
    """No unit has this number."""

    sentence = sentence("There is no unit with the number %(unit)s.")


def unit(unit_id: int) -> Unit:
    found = Unit.objects.filter(pk=unit_id).first()
    if found is None:
        raise UnknownUnit(unit=unit_id, field="unit")
    return found


def living(on: date) -> QuerySet[Snapshot]:
    """The snapshot of every unit that exists on the day."""
    return Snapshot.objects.filter(start__lte=on, end__gt=on)


def snapshot(unit_id: int, on: date) -> Snapshot | None:
    """What the unit is called and is on the day; None where it does not exist then."""
    return living(on).filter(unit_id=unit_id).first()


def snapshots(unit_ids: Iterable[int], on: date) -> dict[int, Snapshot]:
    """The same for many units in one query; those that do not exist on the day are absent."""
    return {found.unit_id: found for found in living(on).filter(unit_id__in=list(unit_ids))}


def exists(unit_id: int, on: date) -> bool:
    return living(on).filter(unit_id=unit_id).exists()


def _nearest(unit_id: int, on: date) -> Snapshot | None:
    """The snapshot of the day, else the last one before it, else the first one after it."""
    found = Snapshot.objects.filter(unit_id=unit_id)
    return found.filter(start__lte=on).order_by("-start").first() or found.order_by("start").first()


def name(unit_id: int, on: date) -> str:
    """The name on the day; of a unit that has ended its last name, so that old figures can be labelled."""
    found = _nearest(unit_id, on)
    return found.name if found else f"#{unit_id}"


def body_name(unit_id: int, on: date) -> str:
    """The name of the body: "UBND xã Bắc Hà" where `name` says "Xã Bắc Hà"."""
    found = _nearest(unit_id, on)
    return found.body_name if found else f"#{unit_id}"


def names(unit_ids: Iterable[int], on: date) -> dict[int, str]:
    """`name` for many units in one query."""
    wanted = list(unit_ids)
    found: dict[int, str] = {}
    for row in Snapshot.objects.filter(unit_id__in=wanted).order_by("start").values_list("unit_id", "name", "start"):
        if row[2] <= on or row[0] not in found:
            found[row[0]] = row[1]
    return found


def by_code(code: str, on: date, scheme: str = "gso") -> Unit | None:
    """The unit that bears the code on the day (code 15 was Yên Bái and is Lào Cai)."""
    newest = Code.objects.filter(unit=OuterRef("unit"), scheme=scheme, start__lte=on).order_by("-start")
    bearing = Code.objects.filter(pk=Subquery(newest.values("pk")[:1]), code=code, scheme=scheme)
    return Unit.objects.filter(pk__in=bearing.values("unit"), snapshots__start__lte=on, snapshots__end__gt=on).first()


def kinds() -> QuerySet[Kind]:
    return Kind.objects.all()


def hierarchies() -> QuerySet[Hierarchy]:
    return Hierarchy.objects.all()


def _rows(hierarchy: str, on: date) -> QuerySet[Closure]:
    return Closure.objects.filter(hierarchy=hierarchy, start__lte=on, end__gt=on)


def children(unit_id: int, hierarchy: str, on: date) -> QuerySet[Snapshot]:
    """Those directly below, ordered by kind and name."""
    below = _rows(hierarchy, on).filter(ancestor=unit_id, depth=1)
    return living(on).filter(unit__in=below.values("descendant")).select_related("kind").order_by("kind__order", "fold")


def descendants(
    unit_id: int, hierarchy: str, on: date, kinds: Iterable[str] | None = None, include_self: bool = False
) -> QuerySet[int]:
    """Ids of all units below on the day, as a query that can stand in `__in`."""
    below = _rows(hierarchy, on).filter(ancestor=unit_id)
    if not include_self:
        below = below.filter(depth__gt=0)
    ids = below.values("descendant")
    found = living(on).filter(unit__in=ids)
    if kinds is not None:
        found = found.filter(kind__in=list(kinds))
    return found.values_list("unit_id", flat=True)


def ancestors(unit_id: int, hierarchy: str, on: date) -> list[Snapshot]:
    """Those above on the day, the nearest first."""
    depths = dict(_rows(hierarchy, on).filter(descendant=unit_id, depth__gt=0).values_list("ancestor_id", "depth"))
    found = living(on).filter(unit_id__in=depths).select_related("kind")
    return sorted(found, key=lambda row: depths[row.unit_id])


def parent(unit_id: int, hierarchy: str, on: date) -> int | None:
    above = _rows(hierarchy, on).filter(descendant=unit_id, depth=1)
    return above.values_list("ancestor_id", flat=True).first()


def is_under(unit_id: int, ancestor_id: int, hierarchy: str, on: date) -> bool:
    """Whether the unit is the other one or stands below it on the day."""
    return _rows(hierarchy, on).filter(descendant=unit_id, ancestor=ancestor_id).exists()


def roots(hierarchy: str, on: date) -> QuerySet[Snapshot]:
    """Units with something below and nothing above on the day."""
    rows = _rows(hierarchy, on)
    upper = rows.filter(depth=1).values("ancestor")
    lower = rows.filter(depth=1).values("descendant")
    return living(on).filter(Q(unit__in=upper) & ~Q(unit__in=lower)).select_related("kind").order_by("fold")


def path(unit_id: int, hierarchy: str, on: date) -> list[Snapshot]:
    """From the root down to the unit itself."""
    own = living(on).filter(unit_id=unit_id).select_related("kind")
    return [*reversed(ancestors(unit_id, hierarchy, on)), *own]


def path_text(unit_id: int, on: date, hierarchy: str = TERRITORY) -> str:
    """Where the unit lies, in words, the nearest first and without the country: "Xã Bắc Hà, Tỉnh Lào Cai"."""
    return ", ".join(row.name for row in ancestors(unit_id, hierarchy, on) if row.kind.level != "country")


def successors(unit_id: int) -> QuerySet[Lineage]:
    """What the unit became, the main successor first."""
    return Lineage.objects.filter(predecessor=unit_id).select_related("decision").order_by("on", "-main", "pk")


def predecessors(unit_id: int) -> QuerySet[Lineage]:
    """What the unit was made of."""
    return Lineage.objects.filter(successor=unit_id).select_related("decision").order_by("on", "pk")


@dataclass(frozen=True)
class Change:
    """One line of a unit's timeline: on this day this became true, by this decision."""

    day: date
    what: str  # exists, ended, name, kind, code, link
    text: str
    hierarchy: str = ""
    parent_id: int | None = None
    decision: Decision | None = None


def history(unit_id: int) -> list[Change]:
    """Every dated row of the unit in the order of days."""
    found = unit(unit_id)
    lines = [
        Change(row.start, "exists" if row.exists else "ended", "", decision=row.decision)
        for row in found.existences.select_related("decision")
    ]
    lines += [
        Change(row.start, "name", row.name, decision=row.decision) for row in found.names.select_related("decision")
    ]
    lines += [
        Change(row.start, "kind", row.kind.name, decision=row.decision)
        for row in found.classings.select_related("decision", "kind")
    ]
    lines += [
        Change(row.start, "code", row.code, hierarchy=row.scheme, decision=row.decision)
        for row in found.codes.select_related("decision")
    ]
    lines += [_link_line(row) for row in found.links.select_related("decision")]
    order = {"exists": 0, "name": 1, "kind": 2, "code": 3, "link": 4, "ended": 5}
    return sorted(lines, key=lambda line: (line.day, order[line.what], line.hierarchy))


def _link_line(row: Link) -> Change:
    above = name(row.parent_id, row.start) if row.parent_id else ""
    return Change(row.start, "link", above, hierarchy=row.hierarchy_id, parent_id=row.parent_id, decision=row.decision)
