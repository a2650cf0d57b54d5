"""Approval lines as data: what the province has set, the examples that ship with the product, and which fits whom.

A row of the province holds for its unit and all below it, from its start to its end; it stands in for a shipped line
of the same code. Rounds copy the steps of a line, so that changing a line changes no round that is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from giaoban import catalogue
from giaoban.core import calendar
from giaoban.core.period import Period
from giaoban.indicators.models import ApprovalLine
from giaoban.indicators.models.collection import Where
from giaoban.journal.actor import Actor
from giaoban.orgs.models import MANAGEMENT, TERRITORY, Closure
from giaoban.people import queries as people

SHIPPED = "approval_lines.toml"
DAYS_TO_REPORT = 3  # working days between cut-off (or today) and the due day first proposed


@dataclass(frozen=True)
class LineStep:
    """One step of a line: who, seen from the reporting unit, with which right, and how long it takes."""

    name: str
    verb: str
    where: str
    working_days: int
    unit: int | None = None

    def kept(self) -> dict[str, Any]:
        """As the row keeps it."""
        return {
            "name": self.name,
            "verb": self.verb,
            "where": str(self.where),
            "unit": self.unit,
            "working_days": self.working_days,
        }

    @classmethod
    def from_kept(cls, row: Mapping[str, Any]) -> LineStep:
        return cls(row["name"], row["verb"], row["where"], int(row["working_days"]), row.get("unit"))

    @property
    def level(self) -> tuple[str, int | None]:
        """Steps of one level may share a day; between levels lies a working day."""
        return self.where, self.unit


@dataclass(frozen=True)
class Line:
    """A line that can be chosen; `row` is None for one that ships with the product."""

    code: str
    name: str
    kinds: tuple[str, ...]  # of the reporting unit; empty for all
    steps: tuple[LineStep, ...]
    source: str = ""
    row: ApprovalLine | None = None

    def fits(self, kind: str) -> bool:
        return not self.kinds or kind in self.kinds

    @property
    def looks_on(self) -> bool:
        """Whether the unit that manages the school follows the round without a step of its own."""
        return all(step.where == Where.PROFESSIONAL_PARENT for step in self.steps)


def shipped() -> list[Line]:
    """The examples of the catalogue."""
    table = catalogue.table(SHIPPED)
    return [
        Line(
            code=one["code"],
            name=one["name"],
            kinds=tuple(table["groups"][one["group"]] if "group" in one else one.get("kinds", ())),
            steps=tuple(LineStep.from_kept(step) for step in one["step"]),
            source=one.get("source", ""),
        )
        for one in table["line"]
    ]


def of_row(row: ApprovalLine) -> Line:
    steps = tuple(LineStep.from_kept(step) for step in row.steps)
    return Line(row.code, row.name, tuple(row.kinds), steps, row.source, row)


def in_force(on: date) -> Q:
    return Q(start__lte=on) & (Q(end__isnull=True) | Q(end__gt=on))


def lines_of(unit_id: int, on: date) -> list[Line]:
    """The lines a unit may open rounds with: its own and those of units above it, then the shipped ones.

    Of two rows with one code the one nearer to the unit holds.
    """
    above = Closure.objects.filter(
        hierarchy__in=[TERRITORY, MANAGEMENT], descendant=unit_id, start__lte=on, end__gt=on
    ).values_list("ancestor_id", "depth")
    depth: dict[int, int] = {unit_id: 0}
    for ancestor, far in above:
        depth[ancestor] = min(far, depth.get(ancestor, far))
    rows = ApprovalLine.objects.filter(in_force(on), owner__in=depth).select_related("owner")
    found: dict[str, Line] = {}
    for row in sorted(rows, key=lambda row: (depth[row.owner_id], row.code)):
        found.setdefault(row.code, of_row(row))
    for one in shipped():
        found.setdefault(one.code, one)
    return list(found.values())


def line_named(code: str, unit_id: int, on: date) -> Line | None:
    return next((one for one in lines_of(unit_id, on) if one.code == code), None)


def lines_for(actor: Actor, on: date) -> QuerySet[ApprovalLine]:
    """Rows of units whose lines the actor sets, every version, those in force first."""
    managed = people.units_where(actor, "line.manage", on)
    return ApprovalLine.objects.filter(owner__in=managed).select_related("owner").order_by("end", "code", "-start")


def line_for(actor: Actor, line_id: int, on: date) -> ApprovalLine:
    """The row, if the actor may set it; ApprovalLine.DoesNotExist otherwise."""
    return lines_for(actor, on).get(pk=line_id)


def assign(lines: Sequence[Line], kinds: Mapping[int, str]) -> list[tuple[Line, list[int]]]:
    """Units by the line that fits their kind: a line made for the kind before one for all; {unit: kind} comes in.

    Units no line fits go with the first line, so that nobody is left out in silence.
    """
    if not lines:
        return []
    chosen: dict[str, list[int]] = {}
    for unit, kind in kinds.items():
        special = next((one for one in lines if one.kinds and kind in one.kinds), None)
        general = next((one for one in lines if not one.kinds), None)
        chosen.setdefault((special or general or lines[0]).code, []).append(unit)
    return [(one, chosen[one.code]) for one in lines if one.code in chosen]


# The days of a line


@dataclass(frozen=True)
class Plan:
    """Days proposed for a round: they keep NĐ 09/2019 Đ8 k5 b."""

    due_on: date
    steps: tuple[date, ...]


def plan_days(period: Period, steps: Iterable[LineStep], on: date, due_on: date | None = None) -> Plan:
    """The due day some working days after the cut-off or today; each step its working days after the one before."""
    work = calendar.vietnam(max(on, period.cutoff).year)
    due = due_on or calendar.add_working_days(max(on, period.cutoff), DAYS_TO_REPORT, work)
    days: list[date] = []
    before = due
    for step in steps:
        before = calendar.add_working_days(before, step.working_days, calendar.vietnam(before.year))
        days.append(before)
    return Plan(due, tuple(days))
