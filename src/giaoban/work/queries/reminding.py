"""Whom to remind of what on a day: one list each, of their own work, of what waits for them, of what is late below.

Who has reported a task as done has done their part: it then waits for the assigner. Every line is one its receiver may
see; where nobody sits who could be named, the list waits at the unit for whoever gets the verb.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from giaoban.core import calendar
from giaoban.core.text import fold
from giaoban.indicators.queries import line as lines_above
from giaoban.journal.actor import Actor
from giaoban.notices.actions import Receiver
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.models import Holding, Position
from giaoban.people.roles import Role
from giaoban.work import limits
from giaoban.work.models import Extension, Partner, Task
from giaoban.work.queries import rhythm
from giaoban.work.queries.standing import counted
from giaoban.work.queries.tasks import visible_tasks
from giaoban.work.reminders import Step, steps

# Headings of a list, the most urgent first.
OVERDUE, TODAY, SOON, REPORTS, PARTS, EXTENSIONS, DONE, BELOW = (
    "overdue", "today", "soon", "reports", "parts", "extensions", "done", "below",
)  # fmt: skip
HEADS = (OVERDUE, TODAY, SOON, REPORTS, PARTS, EXTENSIONS, DONE, BELOW)


@dataclass(frozen=True)
class Line:
    """One thing on a list. `due_on` is the day it is about, `label` the report asked for or the day asked."""

    head: str
    task: Task
    due_on: date | None
    label: str = ""

    @property
    def mark(self) -> str:
        """What it is and how it stands; a day later it is the same."""
        return f"{self.head}:{self.task.pk}:{self.due_on or ''}:{self.label}"


@dataclass
class Reminder:
    """What one receiver is told."""

    to: Receiver
    lines: list[Line] = field(default_factory=list)

    def of(self, head: str) -> list[Line]:
        return [line for line in self.lines if line.head == head]


def reminders(on: date, tasks: QuerySet[Task] | None = None, *, seen_by: Actor | None = None) -> list[Reminder]:
    """The lists of a day, of all tasks or of some. `seen_by` keeps to the list of one position."""
    if tasks is None:
        tasks = Task.objects.all()
    open_tasks = tasks.filter(counted(on), confirmed_at__isnull=True)
    lines = _Lines(on, open_tasks)
    found = lines.gathered()
    if seen_by is not None:
        found = [each for each in found if each.to.position_id == seen_by.position_id]
    return [each for each in (_seen(each, on) for each in found) if each.lines]


def reminder_of(actor: Actor, on: date) -> Reminder:
    """The list of the acting position as it stands now."""
    mine = visible_tasks(actor, on).filter(counted(on), confirmed_at__isnull=True)
    ids = list(mine.order_by().values_list("pk", flat=True))  # as numbers: the questions below nest deep enough
    found = reminders(on, Task.objects.filter(pk__in=ids), seen_by=actor)
    return found[0] if found else Reminder(Receiver(position_id=actor.position_id))


def overdue(on: date) -> list[tuple[int, date]]:
    """(task, due day) of everything that counts, is open and past its day."""
    late = Task.objects.filter(counted(on), confirmed_at__isnull=True, proposed_at__isnull=True, due_on__lt=on)
    return list(late.order_by("due_on", "pk").values_list("pk", "due_on"))


@dataclass(frozen=True)
class NextStep:
    """A step of escalation of one task: the working day it falls on, and whether that day has come."""

    day: date
    to: str
    reached: bool


def escalation(task: Task, on: date) -> list[NextStep]:
    """How a task that stays open goes up, for its page; nothing without a due day or once it is reported as done."""
    if task.due_on is None or task.proposed_at or task.confirmed_at or task.called_off_at:
        return []
    work = calendar.vietnam(task.due_on.year)
    days = [(calendar.add_working_days(task.due_on, step.after, work), step.to) for step in steps(on)]
    return [NextStep(day, to, day <= on) for day, to in days]


class _Lines:
    """Collects the lines of every receiver in as many questions for a thousand tasks as for two."""

    def __init__(self, on: date, tasks: QuerySet[Task]) -> None:
        self.on = on
        self.last = on + timedelta(days=limits.warning_days())
        self.tasks = tasks
        self.found: dict[Receiver, dict[str, Line]] = {}

    def gathered(self) -> list[Reminder]:
        mine = list(self.tasks.filter(proposed_at__isnull=True, due_on__lte=self.last).order_by("due_on", "pk"))
        parts = self._parts()
        reports = self._reports()
        asked = list(
            Extension.objects.filter(granted__isnull=True, task__in=self.tasks.order_by().values("pk"))
            .select_related("task")
            .order_by("task__due_on", "pk")
        )
        done = list(self.tasks.filter(proposed_at__isnull=False).order_by("proposed_at", "pk"))
        waiting = [each.task for each in asked] + done
        self.people = _People(self.on, mine + [task for task, _day, _label in reports] + waiting, parts)
        for task in mine:
            for to in self.people.leads(task):
                self._add(to, Line(self._stand(task.due_on), task, task.due_on))
        for task, day, label in reports:
            for to in self.people.leads(task):
                self._add(to, Line(REPORTS, task, day, label))
        for part in parts:
            for to in self.people.heads(part.unit_id):
                self._add(to, Line(PARTS, part.task, part.due_on or part.task.due_on))
        for each in asked:
            for to in self.people.assigners(each.task, "task.extend"):
                self._add(to, Line(EXTENSIONS, each.task, each.from_on, f"{each.to_on:%d/%m/%Y}"))
        for task in done:
            for to in self.people.assigners(task, "task.confirm"):
                self._add(to, Line(DONE, task, task.due_on))
        for task in mine:
            for step in self._reached(task):
                for to in self.people.above(task, step):
                    if not self._has(to, task):
                        self._add(to, Line(BELOW, task, task.due_on))
        return [Reminder(to, _ordered(lines.values())) for to, lines in self.found.items()]

    def _stand(self, due_on: date | None) -> str:
        assert due_on is not None
        return OVERDUE if due_on < self.on else TODAY if due_on == self.on else SOON

    def _parts(self) -> list[Partner]:
        day = Coalesce(F("due_on"), F("task__due_on"))
        return list(
            Partner.objects.filter(task__in=self.tasks.order_by().values("pk"), task__proposed_at__isnull=True)
            .filter(answered_at__isnull=True)
            .alias(day=day)
            .filter(day__lte=self.last)
            .select_related("task")
            .order_by("day", "pk")
        )

    def _reports(self) -> list[tuple[Task, date, str]]:
        """Of each task the latest report of its rhythm that is missing or due by the last day looked at."""
        found = {
            each.task.pk: (each.task, each.occurrence.due_on, each.occurrence.label)
            for each in rhythm.owed_among(self.tasks, self.on, limits.warning_days())
        }
        return list(found.values())

    def _reached(self, task: Task) -> list[Step]:
        assert task.due_on is not None
        if task.due_on >= self.on:
            return []
        late = calendar.working_days_between(task.due_on, self.on, calendar.vietnam(self.on.year))
        return [step for step in steps(self.on) if step.after <= late]

    def _add(self, to: Receiver, line: Line) -> None:
        self.found.setdefault(to, {}).setdefault(f"{line.head}:{line.task.pk}", line)

    def _has(self, to: Receiver, task: Task) -> bool:
        """Whether it stands on their list as their own work already."""
        mine = self.found.get(to, {})
        return any(f"{head}:{task.pk}" in mine for head in (OVERDUE, TODAY, SOON))


def _ordered(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (HEADS.index(line.head), line.due_on or date.max, line.task.pk))


class _People:
    """Who sits where, asked once for all tasks."""

    def __init__(self, on: date, tasks: list[Task], parts: list[Partner]) -> None:
        self.on = on
        leads = {task.lead_id for task in tasks if task.lead_id}
        givers = {task.assigned_by_id for task in tasks}
        self.parents = lines_above.parents(orgs.MANAGEMENT, sorted(leads), on)
        units = leads | givers | {part.unit_id for part in parts} | set(self.parents.values())
        answering = {what: people.positions_with(sorted(units), what, on) for what in (Role.HEAD, "task.report")}
        self.may = {verb: people.positions_with(sorted(givers), verb, on) for verb in ("task.extend", "task.confirm")}
        seats = {task.officer_id for task in tasks} | {task.assigned_position_id for task in tasks}
        for found in (*answering.values(), *self.may.values()):
            seats |= {position for positions in found.values() for position in positions}
        self.holders = _sitting(on, units, seats)
        self.head_of = self._heads(units, answering)

    def leads(self, task: Task) -> list[Receiver]:
        """The officer named, else the head of the lead."""
        if task.officer_id in self.holders:
            return [Receiver(position_id=task.officer_id)]
        return self.heads(task.lead_id) if task.lead_id else []

    def heads(self, unit_id: int) -> list[Receiver]:
        found = self.head_of.get(unit_id)
        return [Receiver(position_id=found)] if found else [Receiver(unit_id=unit_id, verb="task.report")]

    def assigners(self, task: Task, verb: str) -> list[Receiver]:
        """Who gave it, where they still may decide; else everybody who may; else whoever will."""
        able = [each for each in self.may[verb].get(task.assigned_by_id, []) if each in self.holders]
        if task.assigned_position_id in able:
            able = [task.assigned_position_id]
        return [Receiver(position_id=each) for each in able] or [Receiver(unit_id=task.assigned_by_id, verb=verb)]

    def above(self, task: Task, step: Step) -> list[Receiver]:
        if step.to == "assigner":
            if task.assigned_position_id in self.holders:
                return [Receiver(position_id=task.assigned_position_id)]
            return self.assigners(task, "task.confirm")
        if step.to == "above":
            parent = self.parents.get(task.lead_id or 0)
            found = self.head_of.get(parent or 0)
        else:
            found = self._in_charge(task) or self.head_of.get(task.lead_id or 0)
        return [Receiver(position_id=found)] if found else []

    def _in_charge(self, task: Task) -> int | None:
        """The leader in charge, where the text names somebody who sits in the lead unit or the one above it."""
        said = fold(task.leader)
        if not said:
            return None
        near = (task.lead_id, self.parents.get(task.lead_id or 0))
        named = (
            position
            for position, held in self.holders.items()
            if held.position.unit_id in near and fold(held.account.full_name) in said
        )
        return next(named, None)

    def _heads(self, units: set[int], answering: Mapping[Role | str, dict[int, list[int]]]) -> dict[int, int]:
        """Who leads each unit: its head, else who answers for it, else who reports on its tasks."""
        found: dict[int, int] = {}
        leading = Position.objects.filter(unit_id__in=units, leads=True).order_by("rank", "pk")
        for pk, unit in leading.values_list("pk", "unit_id"):
            if pk in self.holders:
                found.setdefault(unit, pk)
        for unit, position in (
            (unit, each) for known in answering.values() for unit, positions in known.items() for each in positions
        ):
            if position in self.holders:
                found.setdefault(unit, position)
        return found


def _sitting(on: date, units: set[int], positions: set[int | None]) -> dict[int, Holding]:
    """{position: who sits there} of these positions and of all in these units."""
    held = Holding.objects.filter(
        Q(position__unit__in=units) | Q(position__in=positions - {None}), people.valid_on(on), account__is_active=True
    )
    rows = held.select_related("account", "position", "acting_for").order_by("start", "pk")
    return {row.position_id: row for row in rows}


def _seen(reminder: Reminder, on: date) -> Reminder:
    """Only what the receiver may see; what waits at a unit is that unit's own."""
    position = reminder.to.position_id
    if position is None:
        return reminder
    held = Holding.objects.filter(people.valid_on(on), account__is_active=True, position_id=position)
    holding = held.select_related("account", "position", "acting_for").order_by("start", "pk").last()
    if holding is None:
        return Reminder(reminder.to)
    actor = people.actor_of(holding)
    wanted = {line.task.pk for line in reminder.lines}
    seen = set(visible_tasks(actor, on).filter(pk__in=wanted).values_list("pk", flat=True))
    return Reminder(reminder.to, [line for line in reminder.lines if line.task.pk in seen])
