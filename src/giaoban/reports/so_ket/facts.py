"""What a semester review says, gathered from the other rooms before a word is written."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from giaoban.analytics.queries import ask
from giaoban.core import formula
from giaoban.core.period import Period
from giaoban.core.text import sort_key
from giaoban.indicators import queries as indicators
from giaoban.indicators.models import Report as Handed
from giaoban.indicators.queries.rounds import is_late, visible_reports
from giaoban.indicators.queries.states import OWING
from giaoban.journal.actor import SYSTEM, Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import MANAGEMENT, TERRITORY
from giaoban.reports.sentences import Figure
from giaoban.work import queries as work
from giaoban.work.models import Task
from giaoban.work.states import Counts, State

AREA, SCHOOL = "area", "school"
LONGEST_TASK = 240
"""Characters of a task's sentence that a report prints whole."""


@dataclass(frozen=True)
class Section:
    title: str
    slot: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class OpenTask:
    """A task still to be done: what, by whom (one task given to many units has many), until when, days past it."""

    text: str
    leads: tuple[str, ...]
    due: str
    days_late: int = 0


@dataclass(frozen=True)
class Reporting:
    """How the units below kept to the reporting rounds of the period."""

    expected: int
    handed_in: int
    counted: int
    """Reports with a figure that counts: a returned one keeps its last accepted figures in force."""
    late: int
    owing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        return self.counted == self.expected


@dataclass(frozen=True)
class Below:
    """One unit directly below with the main figures; None where nobody was asked."""

    name: str
    figures: tuple[Figure | None, ...]


@dataclass(frozen=True)
class Facts:
    unit_name: str
    period: Period
    on: date
    sections: tuple[Section, ...]
    tasks: Counts
    overdue: tuple[OpenTask, ...]
    ahead: tuple[OpenTask, ...]
    conclusions: tuple[str, ...]
    reporting: Reporting
    below: tuple[Below, ...]
    main: tuple[str, ...]
    """Names of the indicators that compare the units below."""

    @property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(figure for section in self.sections for figure in section.figures)


def gather(actor: Actor, unit_id: int, period: Period, on: date) -> Facts:
    """Everything, as the day `on` knows it, on the map of the period's data day (or of `on` while it still runs)."""
    day = min(period.data_day, on)
    return Facts(
        unit_name=orgs.body_name(unit_id, day),
        period=period,
        on=on,
        sections=_sections(unit_id, period, day, on),
        tasks=work.state_counts(unit_id, on, MANAGEMENT, since=period.start),
        overdue=_overdue(actor, unit_id, on),
        ahead=_ahead(actor, unit_id, on),
        conclusions=_conclusions(unit_id, on),
        reporting=_reporting(actor, unit_id, period, day, on),
        below=_below(unit_id, period, day, on),
        main=main_names(),
    )


@cache
def outline() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "outline.toml").read_text(encoding="utf-8"))


def _sections(unit_id: int, period: Period, day: date, on: date) -> tuple[Section, ...]:
    codes = [code for section in outline()["section"] for code in section["indicators"]]
    found = _figures(codes, [unit_id], period, day, on)
    asked = _asked(codes, unit_id, period, day, on)
    found = {key: one for key, one in found.items() if one.answer.value is not None or key[0] in asked}
    return tuple(
        Section(
            section["title"],
            section["slot"],
            tuple(found[code, unit_id] for code in section["indicators"] if (code, unit_id) in found),
        )
        for section in outline()["section"]
    )


def _figures(
    codes: Sequence[str], units: Sequence[int], period: Period, day: date, on: date
) -> Mapping[tuple[str, int], Figure]:
    """Indicators of the catalogue that somebody below was asked for; what nobody was asked is not missing."""
    known = {one.code: one for one in indicators.indicators().filter(code__in=codes)}
    answers = ask([code for code in codes if code in known], units, [period], on=on, map=day, against="last_year")
    return {
        (answer.indicator, answer.unit_id): Figure(
            known[answer.indicator].name, known[answer.indicator].direction, answer
        )
        for answer in answers
        if answer.value is not None or answer.expected
    }


def _asked(codes: Sequence[str], unit_id: int, period: Period, day: date, on: date) -> set[str]:
    """Indicators whose every count was asked of some kind of unit below.

    A figure of upper secondary schools is not missing in a commune that has no such school.
    """
    below = orgs.descendants(unit_id, TERRITORY, day, include_self=True)
    rows = (
        visible_reports(SYSTEM, on).filter(period_code=period.code, unit__in=below).values_list("sheet_id", "unit_id")
    )
    kinds = {unit: row.kind_id for unit, row in orgs.snapshots({unit for _, unit in rows}, day).items()}
    present = {(sheet, kinds[unit]) for sheet, unit in rows if unit in kinds}
    cells = _cells_asked(present)
    rules = indicators.formulas(day, codes)
    names = {code: formula.names(formula.from_json(rule.tree)) for code, rule in rules.items()}
    behind = indicators.cells_of_names({name for several in names.values() for name in several})
    return {
        code for code, several in names.items() if all(any(one.pk in cells for one in behind[name]) for name in several)
    }


def _cells_asked(present: set[tuple[str, str]]) -> set[int]:
    """Cells that sheets ask of kinds of unit: {(sheet, kind)}."""
    found = set()
    for sheet in {code for code, _ in present}:
        kinds = {kind for code, kind in present if code == sheet}
        for line in indicators.lines_of(indicators.sheet(sheet)):
            if line.owns and line.cell_id and (not line.kinds or kinds & set(line.kinds)):
                found.add(line.cell_id)
    return found


def _overdue(actor: Actor, unit_id: int, on: date) -> tuple[OpenTask, ...]:
    below = orgs.descendants(unit_id, MANAGEMENT, on, include_self=True)
    found = work.tasks_for(actor, on, state=State.OPEN_OVERDUE).filter(lead_id__in=below).order_by("due_on", "pk")
    return _open_tasks(list(found), unit_id, on)


def _ahead(actor: Actor, unit_id: int, on: date) -> tuple[OpenTask, ...]:
    """What the unit itself still has to do in term: part of its direction for the time ahead."""
    found = work.tasks_for(actor, on, state=State.OPEN_IN_TERM).filter(lead_id=unit_id).order_by("due_on", "pk")
    return _open_tasks(list(found), unit_id, on)


def _open_tasks(tasks: Sequence[Task], own: int, on: date) -> tuple[OpenTask, ...]:
    """Parts of one task, and tasks of the same words and day, are one line with all who lead them."""
    names = orgs.names({task.lead_id for task in tasks if task.lead_id}, on)
    lines: dict[tuple[str, date | None, str], list[str]] = {}
    for task in tasks:
        leads = lines.setdefault((_words(task), task.due_on, task.due_text), [])
        if task.lead_id and task.lead_id != own:
            leads.append(names[task.lead_id])
    return tuple(
        OpenTask(
            text=text,
            leads=tuple(sorted(leads, key=sort_key)),
            due=f"{due_on:%d/%m/%Y}" if due_on else due_text,
            days_late=max(0, (on - due_on).days) if due_on else 0,
        )
        for (text, due_on, due_text), leads in lines.items()
    )


def _words(task: Task) -> str:
    """The task's own sentence where it fits a line of a report, else its title."""
    whole = " ".join(task.text.split()).rstrip(".;")
    return whole if len(whole) <= LONGEST_TASK else task.title.rstrip(".;")


def _conclusions(unit_id: int, on: date) -> tuple[str, ...]:
    until = timezone.make_aware(datetime.combine(on, time.max))
    return tuple(
        f"{row.heading}: {row.text}" if row.heading else row.text for row in work.open_conclusions(unit_id, until)
    )


def _reporting(actor: Actor, unit_id: int, period: Period, day: date, on: date) -> Reporting:
    """Counts hold every report below; names only those the actor may follow before approval."""
    below = orgs.descendants(unit_id, TERRITORY, day, include_self=True)
    asked = visible_reports(SYSTEM, on).filter(period_code=period.code, unit__in=below)
    found: list[Handed] = list(asked.select_related("round"))
    owing = [report for report in found if report.state in OWING]
    seen = set(visible_reports(actor, on).filter(pk__in=[report.pk for report in owing]).values_list("pk", flat=True))
    names = orgs.names({report.unit_id for report in owing if report.pk in seen}, on)
    return Reporting(
        expected=len(found),
        handed_in=len(found) - len(owing),
        counted=asked.filter(standings__accepted__isnull=False).distinct().count(),
        late=sum(_was_late(report, on) for report in found),
        owing=tuple(sorted(names.values(), key=sort_key)),
    )


def _was_late(report: Handed, on: date) -> bool:
    if is_late(report, report.round, on):
        return True
    first = report.first_submitted_at
    return first is not None and timezone.localdate(first) > report.round.due_on


def _below(unit_id: int, period: Period, day: date, on: date) -> tuple[Below, ...]:
    """The communes of a province, the schools of a commune; nothing for a school."""
    children = [row for row in orgs.children(unit_id, TERRITORY, day) if row.kind.family in (AREA, SCHOOL)]
    if not children:
        return ()
    codes = outline()["annex"]["main"]
    found = _figures(codes, [row.unit_id for row in children], period, day, on)
    rows = [Below(row.name, tuple(found.get((code, row.unit_id)) for code in codes)) for row in children]
    return tuple(row for row in rows if any(row.figures))


def main_names() -> tuple[str, ...]:
    """The names of the annex's indicators, in its order."""
    known = {one.code: one.name for one in indicators.indicators()}
    return tuple(known.get(code, code) for code in outline()["annex"]["main"])
