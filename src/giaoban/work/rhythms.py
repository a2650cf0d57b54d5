"""Which reports a rhythm expects, and how each stands: computed from days, never typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils import timezone

from giaoban.work import dues
from giaoban.work.models import CycleReport, DueKind, ReportDuty, Task


class Standing(StrEnum):
    WRITTEN = "WRITTEN"
    LATE = "LATE"  # written after its day
    MISSING = "MISSING"  # its day is over and nothing was written
    NEXT = "NEXT"  # the coming one


@dataclass(frozen=True)
class Occurrence:
    """One report that is expected."""

    due_on: date
    label: str
    standing: Standing
    report: CycleReport | None = None

    def days_late(self, on: date) -> int:
        return max(0, (on - self.due_on).days) if self.standing is Standing.MISSING else 0


def occurrences(
    duty: ReportDuty, task: Task, on: date, written: Mapping[date, CycleReport] | None = None
) -> list[Occurrence]:
    """Those from the day the duty began to the coming one, the earliest first.

    Nothing is expected for a day after the task was done, called off, or the rhythm stopped; what was written by an
    earlier rhythm stays in the list.
    """
    have = dict(written) if written is not None else {each.due_on: each for each in duty.reports.all()}
    start = max(duty.starts_on, task.binds_on or duty.starts_on)
    expected = {} if task.binds_on is None else _expected(duty, start, _end(duty, task, on))
    labels = {**expected, **{day: each.label for day, each in have.items()}}
    return [Occurrence(day, labels[day], standing(day, have.get(day), on), have.get(day)) for day in sorted(labels)]


def standing(due_on: date, report: CycleReport | None, on: date) -> Standing:
    if report is not None:
        return Standing.WRITTEN if timezone.localdate(report.progress.at) <= due_on else Standing.LATE
    return Standing.MISSING if due_on < on else Standing.NEXT


def _end(duty: ReportDuty, task: Task, on: date) -> tuple[date, bool]:
    """The last day a report can be expected for, and whether the coming one is awaited beyond it."""
    ends = []
    if duty.stopped_on is not None:
        ends.append(duty.stopped_on - timedelta(days=1))
    if task.completed_on is not None:
        ends.append(task.completed_on - timedelta(days=1))
    if task.called_off_at is not None:
        ends.append(timezone.localdate(task.called_off_at) - timedelta(days=1))
    return (min([on, *ends]), False) if ends else (on, True)


def _expected(duty: ReportDuty, start: date, end: tuple[date, bool]) -> dict[date, str]:
    """{day: label} of the cycles from the start on."""
    last, ahead = end
    due = dues.Due(DueKind.RECURRING, duty.words, None, duty.cycle)
    found: dict[date, str] = {}
    day = start
    while True:
        owed = dues.cycle_due(due, day)
        if owed > last and not ahead:
            return found
        if owed >= start:
            found[owed] = dues.cycle_label(duty.cycle, day)
        if owed >= max(last, start):
            return found
        day = dues.cycle_end(duty.cycle, day) + timedelta(days=1)
