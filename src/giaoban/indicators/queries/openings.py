"""What can be chosen when a round is opened: sheets, periods near today, the usual lines, days that keep the law."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from giaoban.core import period as periods
from giaoban.core.period import Kind, Period
from giaoban.indicators.models import Report, Sheet, SheetLine
from giaoban.indicators.models.collection import Where
from giaoban.indicators.queries import catalogue, lines
from giaoban.indicators.queries.lines import Line
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import MANAGEMENT, PROFESSIONAL, TERRITORY
from giaoban.people import queries as people
from giaoban.people.models import Grant
from giaoban.people.roles import roles_of

Choices = list[tuple[Any, Any]]
BY_KIND = "theo-loai"  # the line of each kind of unit: one round a line, opened together


@dataclass(frozen=True)
class Options:
    """The choices of the first page."""

    sheets: Choices
    periods: Choices
    openers: Choices
    hierarchys: Choices
    lines: Choices
    initial: Mapping[str, Any]


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
        lines=lines_offered(openers, on),
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


def lines_offered(openers: Iterable[int], on: date) -> Choices:
    """The lines the openers may choose, and the choice of the fitting one for each kind of unit."""
    found = {one.code: one.name for opener in openers for one in lines.lines_of(opener, on)}
    if not found:
        return []
    by_kind = _("Each unit along the line of its kind (a round for each line, shown as one)")
    return [*found.items(), (BY_KIND, by_kind)]


def chosen_lines(code: str, opener_id: int, on: date) -> list[Line]:
    """The line of a code; by kind of unit, those made for kinds: the province's own, else those up to the opener."""
    found = lines.lines_of(opener_id, on)
    if code != BY_KIND:
        return [one for one in found if one.code == code]
    last = Where.PROFESSIONAL_PARENT if _guides(opener_id, on) else Where.MANAGEMENT_PARENT
    made = [one for one in found if one.kinds and (one.row or one.steps[-1].where == last)]
    return [*made, *(one for one in found if not one.kinds)]


def _guides(unit_id: int, on: date) -> bool:
    """Whether the opener is a Sở or a province: lines then go through to the Sở."""
    snapshot = orgs.snapshot(unit_id, on)
    return snapshot is not None and snapshot.kind_id in ("education_department", "province", "city")


@dataclass(frozen=True)
class Preview:
    """Who would be asked."""

    units: list[tuple[int, str, str]]  # id, name, kind
    already: list[str]  # names of those that owe it to this opener already
    joined: list[tuple[int, str, str]]  # those that answer it in a round of the other line: one answer serves both
    kinds: dict[int, str]  # {unit: code of its kind} of those asked or joined

    @property
    def all(self) -> list[int]:
        return [unit for unit, _name, _kind in [*self.units, *self.joined]]


def preview(sheet: Sheet, period: Period, opener_id: int, hierarchy: str) -> Preview:
    """The units below the opener of the sheet's kinds on the data day."""
    kinds = [kind.code for kind in sheet.kinds.all()] or None
    ids = orgs.descendants(opener_id, hierarchy, period.data_day, kinds=kinds)
    rows = orgs.living(period.data_day).filter(unit_id__in=ids).select_related("kind").order_by("kind__order", "fold")
    cells = SheetLine.objects.filter(sheet=sheet, owns=True).values("cell")
    sheets = SheetLine.objects.filter(cell__in=cells, owns=True).values("sheet")
    owed = Report.objects.filter(sheet__in=sheets, period_code=period.code, unit__in=ids)
    asked_by = dict(owed.values_list("unit_id", "round__opener_id"))
    return Preview(
        [(row.unit_id, row.name, row.kind.name) for row in rows if row.unit_id not in asked_by],
        [row.name for row in rows if asked_by.get(row.unit_id) == opener_id],
        [(row.unit_id, row.name, row.kind.name) for row in rows if asked_by.get(row.unit_id, opener_id) != opener_id],
        {row.unit_id: row.kind_id for row in rows if asked_by.get(row.unit_id) != opener_id},
    )
