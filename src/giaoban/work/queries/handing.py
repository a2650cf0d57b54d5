"""Questions about tasks handed down: the first assigner's day, and how far those below are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum

from giaoban.work.models import Task
from giaoban.work.queries.tasks import counts
from giaoban.work.states import Counts


def source_of(task: Task) -> Task | None:
    """The task this one was handed down from; a part has its whole's."""
    found: Task | None = task
    while found is not None and found.handed_from_id is None:
        found = found.parent
    return found.handed_from if found is not None else None


def chain(task: Task) -> list[Task]:
    """Those it was handed down from, the first assigner's first."""
    found: list[Task] = []
    above = source_of(task)
    while above is not None:
        found.append(above)
        above = source_of(above)
    return found[::-1]


def first_of(task: Task) -> Task:
    """The task as the first assigner gave it."""
    return next(iter(chain(task)), task)


def handed_down(task: Task) -> QuerySet[Task]:
    """What its lead gave on directly; one given to a group is one line here."""
    return Task.objects.filter(handed_from=task, called_off_at__isnull=True).order_by("due_on", "pk")


def below(task: Task) -> QuerySet[Task]:
    """The single tasks handed down from it, parts of groups among them."""
    of = Q(handed_from=task) | Q(parent__handed_from=task) | Q(parent__parent__handed_from=task)
    return Task.objects.filter(of, has_parts=False, called_off_at__isnull=True).order_by("due_on", "pk")


@dataclass(frozen=True)
class RolledUp:
    """How far those below are; the task itself is done only when its own lead proposes it."""

    counts: Counts
    percent: int
    confirmed: int
    number: int
    late: tuple[Task, ...]  # whose day is later than the task's own

    @property
    def all_confirmed(self) -> bool:
        return self.number > 0 and self.confirmed == self.number


def rolled_up(task: Task, on: date) -> RolledUp:
    tasks = below(task)
    number = tasks.count()
    percent = tasks.order_by().aggregate(sum=Sum("percent"))["sum"] or 0
    return RolledUp(
        counts=counts(tasks, on),
        percent=percent // number if number else 0,
        confirmed=tasks.filter(confirmed_at__isnull=False).count(),
        number=number,
        late=tuple(later_than(task, tasks)),
    )


def later_than(above: Task, tasks: Iterable[Task]) -> list[Task]:
    """Those whose day lies after the day of the task above: their lateness is its own."""
    if above.due_on is None:
        return []
    return [each for each in tasks if each.due_on is not None and each.due_on > above.due_on]
