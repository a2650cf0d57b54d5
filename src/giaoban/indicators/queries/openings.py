"""What can be chosen when a round is opened: sheets, periods near today, the usual lines, days that keep the law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from giaoban.core import calendar
from giaoban.core import period as periods
from giaoban.core.period import Kind, Period
from giaoban.indicators.models import Report, Sheet
from giaoban.indicators.models.collection import Where
from giaoban.indicators.queries import catalogue
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import MANAGEMENT, PROFESSIONAL, TERRITORY
from giaoban.people import queries as people
from giaoban.people.models import Grant
from giaoban.people.roles import roles_of

Choices = list[tuple[Any, Any]]
DAYS_TO_REPORT = 3  # working days between cut-off (or today) and the due day first proposed


@dataclass(frozen=True)
class Options:
    """The choices of the first page."""

    sheets: Choices
    periods: Choices
    openers: Choices
    hierarchys: Choices
    lines: Choices
    initial: Mapping[str, Any]


@dataclass(frozen=True)
class Usual:
    """One usual line of a round: who, with which right."""

    code: str
    words: str
    steps: tuple[tuple[str, str, str], ...]  # (name, where, verb)


def usual_lines() -> list[Usual]:
    """The lines a round usually takes. Names and days can be changed; what is kept is data of the round."""
    check, approve = "figure.check", "figure.approve"
    commune = (
        (_("The commune's officer checks"), Where.MANAGEMENT_PARENT, check),
        (_("The commune's leader approves"), Where.MANAGEMENT_PARENT, approve),
    )
    return [
        Usual("xa", _("School ▸ commune's officer ▸ commune's leader"), commune),
        Usual(
            "xa-so",
            _("School ▸ commune's officer ▸ commune's leader ▸ Department of Education"),
            (*commune, (_("The Department receives"), Where.PROFESSIONAL_PARENT, check)),
        ),
        Usual(
            "so",
            _("School ▸ Department of Education"),
            ((_("The Department checks"), Where.PROFESSIONAL_PARENT, check),),
        ),
        Usual(
            "mo",
            _("School ▸ the unit that opens the round"),
            ((_("Checks and accepts"), Where.OPENER, check),),
        ),
    ]


def options(actor: Actor, on: date) -> Options:
    """What the actor may choose; `openers` is empty when they may open no round."""
    near = periods_near(on)
    openers = openers_of(actor, on)
    names = orgs.names(openers, on)
    hierarchies = [
        (one.code, one.name) for one in orgs.hierarchies() if one.code in (MANAGEMENT, PROFESSIONAL, TERRITORY)
    ]
    first = openers[0] if openers else None
    return Options(
        sheets=[(sheet.code, sheet.name) for sheet in catalogue.sheets()],
        periods=[(kind.label, [(one.code, one.label) for one in found]) for kind, found in near],
        openers=[(unit, names[unit]) for unit in openers],
        hierarchys=hierarchies,
        lines=[(line.code, line.words) for line in usual_lines()],
        initial={
            "period": _current(on).code,
            "hierarchy": _usual_hierarchy(first, on),
            "opener": first,
            "line": "xa",
        },
    )


def openers_of(actor: Actor, on: date) -> list[int]:
    """The units in whose name the actor may open rounds: those their grants are over."""
    grants = Grant.objects.filter(
        people.valid_on(on),
        position=actor.position_id,
        role__in=[role.value for role in roles_of("round.open")],
    )
    found = list(dict.fromkeys(grants.order_by("start", "id").values_list("unit_id", flat=True)))
    return [unit for unit in found if people.may(actor, "round.open", unit, on)]


def _usual_hierarchy(unit_id: int | None, on: date) -> str:
    """A Sở guides schools it does not manage; a commune manages its own."""
    snapshot = orgs.snapshot(unit_id, on) if unit_id else None
    return PROFESSIONAL if snapshot and snapshot.kind_id == "education_department" else MANAGEMENT


def periods_near(on: date) -> list[tuple[Kind, list[Period]]]:
    """Of each kind the period today belongs to and those before it that may still be asked."""
    wanted = {
        Kind.SEMESTER_1: 2, Kind.SEMESTER_2: 2, Kind.SCHOOL_YEAR_START: 2, Kind.SCHOOL_YEAR_END: 2,
        Kind.MONTH: 4, Kind.QUARTER: 3, Kind.HALF_YEAR: 2, Kind.YEAR: 2, Kind.CALENDAR_YEAR: 2,
    }  # fmt: skip
    found = []
    for kind, number in wanted.items():
        period: Period | None = periods.on_day(kind, on)
        near = []
        while period is not None and len(near) < number:
            near.append(period)
            period = period.previous()
        found.append((kind, near))
    return found


def _current(on: date) -> Period:
    """The period most likely meant: of the school periods the one whose data day is nearest."""
    near = [period for kind, found in periods_near(on) if kind in periods.SCHOOL_KINDS for period in found]
    return min(near, key=lambda period: abs((period.data_day - on).days))


@dataclass(frozen=True)
class Plan:
    """Days proposed for a round: they keep NĐ 09/2019 Đ8 k5 b."""

    due_on: date
    steps: tuple[date, ...]


def plan_days(period: Period, line: Usual, on: date) -> Plan:
    """The due day some working days after the cut-off or today, each further level two working days later."""
    work = calendar.vietnam(on.year)
    due = calendar.add_working_days(max(on, period.cutoff), DAYS_TO_REPORT, work)
    days: list[date] = []
    before, level = due, ""
    for _name, where, _verb in line.steps:
        before = before if where == level else calendar.add_working_days(before, 2, work)
        days.append(before)
        level = where
    return Plan(due, tuple(days))


@dataclass(frozen=True)
class Preview:
    """Who would be asked."""

    units: list[tuple[int, str, str]]  # id, name, kind
    already: list[str]  # names of those that owe this sheet for the period already


def preview(sheet: Sheet, period: Period, opener_id: int, hierarchy: str) -> Preview:
    """The units below the opener of the sheet's kinds on the data day."""
    kinds = [kind.code for kind in sheet.kinds.all()] or None
    ids = orgs.descendants(opener_id, hierarchy, period.data_day, kinds=kinds)
    rows = orgs.living(period.data_day).filter(unit_id__in=ids).select_related("kind").order_by("kind__order", "fold")
    asked = set(
        Report.objects.filter(sheet=sheet, period_code=period.code, unit__in=ids).values_list("unit_id", flat=True)
    )
    return Preview(
        [(row.unit_id, row.name, row.kind.name) for row in rows if row.unit_id not in asked],
        [row.name for row in rows if row.unit_id in asked],
    )
