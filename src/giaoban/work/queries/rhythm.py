"""Questions about reports by rhythm: what is owed on a day, by whom and to whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch, QuerySet

from giaoban.journal.actor import Actor
from giaoban.work.models import CycleReport, ReportDuty, Task
from giaoban.work.queries.standing import counted, is_open
from giaoban.work.queries.tasks import of_view, visible_tasks
from giaoban.work.rhythms import Occurrence, Standing, occurrences


@dataclass(frozen=True)
class Owed:
    """One report not written yet."""

    task: Task
    occurrence: Occurrence


def reports_of(task: Task, on: date) -> list[Occurrence]:
    """Every report the rhythm of a task expects up to the coming one, the latest first."""
    duty = _with_reports(ReportDuty.objects.filter(task=task)).first()
    return occurrences(duty, task, on)[::-1] if duty else []


def owed(on: date, days: int) -> list[Owed]:
    """Of all open tasks: reports whose day is over, and the coming ones due within so many days."""
    return _owed(Task.objects.filter(counted(on)), on, days)


def owed_by(actor: Actor, on: date, *, view: str, days: int = 31) -> list[Owed]:
    """The same among what the actor sees: `view` is "unit" (we owe them) or "given" (they are owed to us)."""
    return _owed(visible_tasks(actor, on).filter(counted(on)).filter(of_view(actor, view, on)), on, days)


def owed_among(tasks: QuerySet[Task], on: date, days: int) -> list[Owed]:
    """The same of the tasks asked about."""
    return _owed(tasks, on, days)


def _owed(tasks: QuerySet[Task], on: date, days: int) -> list[Owed]:
    wanted = tasks.filter(is_open(on), proposed_at__isnull=True).order_by()
    duties = _with_reports(
        ReportDuty.objects.filter(task__in=wanted.values("pk"), stopped_on__isnull=True).select_related("task")
    )
    found = [Owed(duty.task, each) for duty in duties for each in open_ones(occurrences(duty, duty.task, on), on, days)]
    return sorted(found, key=lambda one: (one.occurrence.due_on, one.task.pk))


def open_ones(all_of: Iterable[Occurrence], on: date, days: int) -> list[Occurrence]:
    last = on + timedelta(days=days)
    waits = (Standing.MISSING, Standing.NEXT)
    return [each for each in all_of if each.standing in waits and each.due_on <= last]


def missing_among(tasks: QuerySet[Task], on: date) -> dict[int, int]:
    """{task: how many reports are missing} of the tasks asked about."""
    found: dict[int, int] = {}
    for one in _owed(tasks, on, -1):
        found[one.task.pk] = found.get(one.task.pk, 0) + 1
    return found


def _with_reports(duties: QuerySet[ReportDuty]) -> QuerySet[ReportDuty]:
    return duties.prefetch_related(Prefetch("reports", CycleReport.objects.select_related("progress")))
