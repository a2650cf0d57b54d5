"""What no rule decides, as questions with one answer each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from giaoban.documents.following import Followed as FollowedPapers
from giaoban.indicators.actions.following import Followed as FollowedReports
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import Change
from giaoban.orgs.queries.heirs import Succession
from giaoban.people.actions.following import Followed as FollowedPeople
from giaoban.people.models import Holding, Position
from giaoban.reforms.models import Kind
from giaoban.work.actions.following import Followed as FollowedWork
from giaoban.work.models import Task

NOBODY, ALL = "0", "all"
Choice = tuple[str, str]


@dataclass(frozen=True)
class Asked:
    """One thing to decide: about a unit, concerning these rows, with these answers (value, words)."""

    kind: str
    unit: int
    label: str
    choices: tuple[Choice, ...]
    objects: tuple[int | str, ...] = ()

    @property
    def title(self) -> str:
        return str(Kind(self.kind).label)


def children(change: Change) -> list[Asked]:
    """Units below a divided one that no step of the decree placed: one question each, for all hierarchies alike."""
    found: dict[int, dict[str, list[int]]] = {}
    for child, hierarchy, candidates in change.unplaced:
        found.setdefault(child, {})[hierarchy] = candidates
    names = orgs.names([*found, *(one for rows in found.values() for row in rows.values() for one in row)], change.on)
    return [
        Asked(
            Kind.CHILD.value,
            child,
            names[child],
            _units(dict.fromkeys(one for row in rows.values() for one in row), names),
            tuple(rows),
        )
        for child, rows in found.items()
    ]


def of_people(followed: FollowedPeople, told: Succession) -> list[Asked]:
    """Heads, seats of divided units, and roles that other positions had over these."""
    names = _names(told)
    holdings = Holding.objects.filter(pk__in=[key for one in followed.heads for key in one.holdings])
    held = {one.pk: one for one in holdings.select_related("account", "position")}
    wanted = [one.position for one in (*followed.open_seats, *followed.open_grants)]
    seats = {one.pk: one for one in Position.objects.filter(pk__in=wanted)}
    elsewhere = orgs.names([one.unit_id for one in seats.values()], told.on)
    sitting = _sitting(wanted, told.on)
    found = [
        Asked(
            Kind.LEADER.value,
            one.unit,
            names(one.unit),
            (
                *((str(key), _holder(held[key], names)) for key in one.holdings),
                (NOBODY, _("Nobody yet: appoint somebody later")),
            ),
            (one.seat,),
        )
        for one in followed.heads
    ]
    for one in followed.open_seats:
        label = f"{seats[one.position].title} ({sitting.get(one.position, '')}), {names(one.unit)}"
        choices = (*_parts(one.parts, names), (NOBODY, _("To none of them")))
        found.append(Asked(Kind.SEAT.value, one.unit, label, choices, (one.position,)))
    for over in followed.open_grants:
        position = seats[over.position]
        label = f"{position.title}, {elsewhere[position.unit_id]}: {names(over.unit)}"
        choices = ((ALL, _("Over all of them")), *_parts(over.parts, names), (NOBODY, _("Over none of them")))
        found.append(Asked(Kind.GRANT.value, over.unit, label, choices, (over.position,)))
    return found


def of_work(reports: FollowedReports, work: FollowedWork, papers: FollowedPapers, told: Succession) -> list[Asked]:
    """Open reports, tasks, meetings and papers of units that were divided or closed."""
    names = _names(told)
    found = [
        *_by_unit(Kind.REPORT, reports.open, told, names),
        *_by_unit(Kind.MEETING, work.meetings, told, names),
        *_by_unit(Kind.DOCUMENT, papers.open, told, names),
    ]
    wanted = [task for tasks in work.tasks.values() for task in tasks]
    titles = dict(Task.objects.filter(pk__in=wanted).values_list("pk", "title"))
    for unit, tasks in work.tasks.items():
        choices = _heirs(unit, told, names)
        found += [Asked(Kind.TASK.value, unit, f"{titles[task]} ({names(unit)})", choices, (task,)) for task in tasks]
    return found


def _by_unit(kind: Kind, rows: Mapping[int, Sequence[int]], told: Succession, names: _Naming) -> list[Asked]:
    words = {
        Kind.REPORT: lambda n: ngettext("%(unit)s: %(n)s report", "%(unit)s: %(n)s reports", n),
        Kind.MEETING: lambda n: ngettext("%(unit)s: %(n)s meeting", "%(unit)s: %(n)s meetings", n),
        Kind.DOCUMENT: lambda n: ngettext("%(unit)s: %(n)s document", "%(unit)s: %(n)s documents", n),
    }
    return [
        Asked(
            kind.value,
            unit,
            words[kind](len(found)) % {"unit": names(unit), "n": len(found)},
            _heirs(unit, told, names),
            tuple(found),
        )
        for unit, found in rows.items()
    ]


class _Naming:
    """Names of units on the day, each looked up once; of one that ended, its last."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.found: dict[int, str] = {}

    def __call__(self, unit: int) -> str:
        if unit not in self.found:
            self.found[unit] = orgs.name(unit, self.on)
        return self.found[unit]


def _names(told: Succession) -> _Naming:
    return _Naming(told.on)


def _units(units: Iterable[int], names: Mapping[int, str]) -> tuple[Choice, ...]:
    return tuple((str(unit), names[unit]) for unit in units)


def _parts(parts: Iterable[int], names: _Naming) -> tuple[Choice, ...]:
    return tuple((str(unit), names(unit)) for unit in parts)


def _heirs(unit: int, told: Succession, names: _Naming) -> tuple[Choice, ...]:
    """The parts of a divided unit; of a closed one those it stood under; or nobody."""
    units: Iterable[int] = told.divided.get(unit, ())
    if not units:
        eve = told.on - timedelta(days=1)
        above = (orgs.parent(unit, code, eve) for code in (orgs.MANAGEMENT, orgs.TERRITORY, orgs.PROFESSIONAL))
        there = dict.fromkeys(one for one in above if one is not None)
        units = [one for one in there if orgs.exists(one, told.on)]
    return (*_parts(units, names), (NOBODY, _("Nobody: leave them as they are")))


def _holder(holding: Holding, names: _Naming) -> str:
    return f"{holding.account.full_name}, {holding.position.title}, {names(holding.position.unit_id)}"


def _sitting(positions: Iterable[int], on: date) -> dict[int, str]:
    """Who sat in these positions on the eve."""
    eve = on - timedelta(days=1)
    held = Holding.objects.filter(position__in=list(positions), start__lte=eve).select_related("account")
    found: dict[int, str] = {}
    for one in held.order_by("start", "pk"):
        if one.end is None or one.end > eve:
            found[one.position_id] = one.account.full_name
    return found
