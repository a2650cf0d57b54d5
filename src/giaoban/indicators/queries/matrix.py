"""Who has handed in what: units down, sheets across, for one period or for all open rounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F

from giaoban.core import period as periods
from giaoban.core.text import fold, sort_key
from giaoban.indicators.models import Report, Sheet
from giaoban.indicators.models.collection import ReportState
from giaoban.indicators.queries.rounds import handed_in_late, is_late, visible_reports
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import MANAGEMENT, Closure, Snapshot

LATE, OWED, WAITING, THROUGH = "late", "owed", "waiting", "through"
STATES = (LATE, OWED, WAITING, THROUGH)
"""Past its time; still owed in time; handed in and waiting; approved."""


@dataclass(frozen=True)
class Column:
    """One sheet in one period."""

    sheet: str
    period_code: str
    name: str
    label: str

    @property
    def key(self) -> tuple[str, str]:
        return self.sheet, self.period_code


@dataclass(frozen=True)
class Square:
    """Where one report stands."""

    report_id: int
    round_id: int
    state: str
    """The report's own state: empty, draft, submitted, returned, accepted, locked."""
    group: str
    """One of STATES."""
    days_late: int
    due_on: date
    handed_in_late: bool


@dataclass(frozen=True)
class Line:
    """One unit with its reports, in the order of the columns; None where it was not asked."""

    unit_id: int
    name: str
    above: str
    kind: str
    squares: tuple[Square | None, ...]

    @property
    def late(self) -> int:
        return sum(one is not None and one.group == LATE for one in self.squares)


@dataclass(frozen=True)
class Wanted:
    """What of it is looked at; an empty period is every round that is open."""

    period_code: str = ""
    above: int = 0
    kind: str = ""
    state: str = ""
    text: str = ""


@dataclass(frozen=True)
class Matrix:
    columns: list[Column]
    lines: list[Line]
    areas: list[tuple[int, str]]
    """The units above those asked, to narrow it to one."""
    kinds: list[tuple[str, str]]
    rounds: Mapping[tuple[str, str], list[int]]
    """The rounds behind a column that have somebody late: each has its reminder."""

    @property
    def counts(self) -> Counter[str]:
        return Counter(one.group for line in self.lines for one in line.squares if one is not None)


def matrix(actor: Actor, wanted: Wanted, on: date, at: datetime | None = None) -> Matrix:
    """Reports the actor may follow, one square each; the latest come first."""
    reports = visible_reports(actor, on).filter(round__opens_on__lte=on).select_related("round", "sheet")
    if wanted.period_code:
        reports = reports.filter(period_code=wanted.period_code)
    else:
        reports = reports.filter(round__locked_at__isnull=True)
    found = list(reports.order_by(F("due_on").desc(), "sheet", "unit"))
    columns = _columns(found)
    units = {report.unit_id for report in found}
    rows, above = _named(units, on), _above(units, on)
    areas = orgs.names(set(above.values()), on)
    squares: dict[int, dict[tuple[str, str], Square]] = {}
    for report in found:
        squares.setdefault(report.unit_id, {})[report.sheet_id, report.period_code] = _square(report, on, at)
    words = fold(wanted.text).split()
    lines = [
        Line(
            unit,
            row.name,
            areas.get(above.get(unit, 0), ""),
            row.kind_id,
            tuple(squares[unit].get(column.key) for column in columns),
        )
        for unit, row in rows.items()
        if (not wanted.above or above.get(unit) == wanted.above)
        and (not wanted.kind or row.kind_id == wanted.kind)
        and all(word in fold(row.name) for word in words)
    ]
    if wanted.state in STATES:
        lines = [line for line in lines if any(one and one.group == wanted.state for one in line.squares)]
    lines.sort(key=lambda line: (-line.late, sort_key(line.above), sort_key(line.name)))
    late: dict[tuple[str, str], list[int]] = {}
    for report in found:
        if squares[report.unit_id][report.sheet_id, report.period_code].group == LATE:
            late.setdefault((report.sheet_id, report.period_code), []).append(report.round_id)
    kinds = {row.kind_id: row.kind.name for row in rows.values()}
    return Matrix(
        columns,
        lines,
        sorted(areas.items(), key=lambda pair: sort_key(pair[1])),
        sorted(kinds.items(), key=lambda pair: sort_key(pair[1])),
        {key: list(dict.fromkeys(rounds)) for key, rounds in late.items()},
    )


def _columns(found: Iterable[Report]) -> list[Column]:
    sheets: dict[tuple[str, str], Sheet] = {(one.sheet_id, one.period_code): one.sheet for one in found}
    return [Column(code, period, sheet.name, periods.parse(period).label) for (code, period), sheet in sheets.items()]


def _square(report: Report, on: date, at: datetime | None) -> Square:
    late = is_late(report, report.round, on, at)
    if late:
        group = LATE
    elif report.state in (ReportState.ACCEPTED, ReportState.LOCKED):
        group = THROUGH
    else:
        group = WAITING if report.state == ReportState.SUBMITTED else OWED
    return Square(
        report.pk,
        report.round_id,
        report.state,
        group,
        max((on - report.due_on).days, 0) if late else 0,
        report.due_on,
        handed_in_late(report, report.round),
    )


def _named(units: set[int], on: date) -> dict[int, Snapshot]:
    """The units as they are today, or as they last were."""
    found = {row.unit_id: row for row in orgs.living(on).filter(unit__in=units).select_related("kind")}
    gone = Snapshot.objects.filter(unit__in=units - found.keys()).select_related("kind").order_by("start")
    return {**{row.unit_id: row for row in gone}, **found}


def _above(units: set[int], on: date) -> dict[int, int]:
    """Who manages each of them."""
    rows = Closure.objects.filter(hierarchy=MANAGEMENT, depth=1, start__lte=on, end__gt=on, descendant__in=units)
    return dict(rows.values_list("descendant_id", "ancestor_id"))


def period_codes(actor: Actor, on: date) -> list[str]:
    """Periods of rounds the actor may follow, the newest first."""
    codes = visible_reports(actor, on).order_by().values_list("period_code", flat=True).distinct()
    found = [periods.parse(code) for code in codes]
    return [one.code for one in sorted(found, key=lambda one: (one.data_day, one.code), reverse=True)]
