"""A unit's life as its page tells it: what each decision changed on its day, what was before and what came after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from giaoban.core.text import slug
from giaoban.orgs import queries
from giaoban.orgs.models import Attribute, Decision, Holds, Lineage, Snapshot
from giaoban.orgs.queries.search import paths_of
from giaoban.orgs.queries.tree import Change, living

Act = tuple[date, Decision | None]  # what one decision changed on one day

SCHEMES: dict[str, str | Promise] = {
    "gso": gettext_lazy("Statistics Office"),
    "moet": gettext_lazy("Education sector"),
    "giaoban": gettext_lazy("Giao Ban’s own"),
}
LOOKS = {  # the first that happened gives the line its shape: (icon, tone)
    "ended": ("circle-x", "bad"),
    "exists": ("flag", "good"),
    "name": ("pencil", "info"),
    "kind": ("shapes", "info"),
    "link": ("corner-down-right", "quiet"),
}


@dataclass(frozen=True)
class Heir:
    """One predecessor or successor, with its share of the whole."""

    unit_id: int
    name: str
    level: str
    href: str
    where: str
    share: str
    estimated: bool
    basis: str
    on: date
    decision: Decision | None


@dataclass(frozen=True)
class Event:
    """What one decision changed on one day: sentences, and the units it came from or went to."""

    day: date
    decision: Decision | None
    sentences: list[str]
    icon: str
    tone: str
    planned: bool
    came_from: list[Heir] = field(default_factory=list)
    became: list[Heir] = field(default_factory=list)


def events(unit_id: int, came_from: list[Heir], became: list[Heir], today: date) -> list[Event]:
    """The life, the latest first."""
    acts: dict[Act, list[Change]] = {}
    for change in queries.history(unit_id):
        acts.setdefault((change.day, change.decision), []).append(change)
    marks: dict[Act, list[Holds]] = {}
    for row in Holds.objects.filter(unit=unit_id).select_related("attribute", "decision").order_by("start"):
        marks.setdefault((row.start, row.decision), []).append(row)
    hierarchies = {row.code: row.name for row in queries.hierarchies()}
    found = []
    for day, decision in {**acts, **marks, **{(one.on, one.decision): None for one in (*came_from, *became)}}:
        act = (day, decision)
        lines = telling(acts.get(act, []))
        what = next((what for what in LOOKS if any(line.what == what for line in lines)), "")
        icon, tone = LOOKS.get(what, ("circle", "quiet"))
        found.append(
            Event(
                day=day,
                decision=decision,
                sentences=[*_sentences(lines, hierarchies), *map(_mark_words, marks.get(act, []))],
                icon=icon,
                tone=tone,
                planned=day > today,
                came_from=[one for one in came_from if (one.on, one.decision) == act],
                became=[one for one in became if (one.on, one.decision) == act],
            )
        )
    return sorted(found, key=lambda one: one.day, reverse=True)


def telling(lines: list[Change]) -> list[Change]:
    """A unit that ends leaves its hierarchies by that alone: those rows are not worth a word."""
    ended = any(line.what == "ended" for line in lines)
    return [line for line in lines if not (ended and line.what == "link" and line.parent_id is None)]


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


def _mark_words(row: Holds) -> str:
    names = {"attribute": row.attribute.name, "value": value_of(row.attribute, row.value)}
    return _("%(attribute)s: %(value)s") % names if row.value else _("%(attribute)s: no more") % names


def value_of(attribute: Attribute, value: str) -> str:
    return str(attribute.values.get(value, value))


def address(unit_id: int, name: str, **filters: str) -> str:
    """/don-vi/<id>-<slug>/ with the filters that are set."""
    words = slug(name)
    where = reverse("orgs:unit", args=[unit_id, words] if words else [unit_id])
    kept = {key: value for key, value in filters.items() if value}
    return f"{where}?{urlencode(kept)}" if kept else where


# ---- predecessors and successors --------------------------------------------------------------------------------


def heirs(rows: Iterable[Lineage], side: str) -> list[Heir]:
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
        unit_id=other.unit_id,
        name=other.name,
        level=other.kind.level,
        href=address(other.unit_id, other.name, ngay=day.isoformat()),
        where=where,
        share="" if share == 1 else f"{share.numerator}/{share.denominator}",
        estimated=row.estimated,
        basis=row.get_basis_display(),
        on=row.on,
        decision=row.decision,
    )


def own_level_first(found: list[Heir], level: str) -> list[Heir]:
    """A commune was made of communes; that it lies where a district was comes after them."""
    return sorted(found, key=lambda heir: heir.level != level)
