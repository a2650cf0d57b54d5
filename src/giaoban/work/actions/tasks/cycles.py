"""Recurring tasks: each cycle is an instance of its own, made when it begins; what a part has from its whole."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.work import dues
from giaoban.work.actions.tasks.telling import tell_new
from giaoban.work.models import DueKind, Partner, Task

SHARED = [
    "title",
    "text",
    "conclusion_id",
    "document_id",
    "start",
    "end",
    "assigned_by_id",
    "assigned_position_id",
    "assigned_at",
    "due_kind",
    "due_text",
    "due_on",
    "first_due_on",
    "cycle",
    "deliverable",
    "leader",
    "indicator_id",
]


def shared(whole: Task) -> dict[str, object]:
    """What a part has from the whole."""
    return {"parent": whole, **{name: getattr(whole, name) for name in SHARED}}


def open_cycles(*, by: Actor, at: datetime) -> int:
    """Make the instances of recurring tasks that have come due to begin; run daily, and again without harm."""
    on = timezone.localdate(at)
    whole = (
        Task.objects.filter(
            due_kind=DueKind.RECURRING, binds_on__lte=on, called_off_at__isnull=True, confirmed_at__isnull=True
        )
        .exclude(cycle="")
        .filter(lead__isnull=False)
    )
    with writing(by=by, at=at, verb="task.open_cycles") as entry:
        if not by.is_system:
            raise NotAllowed()
        made = [instance for task in whole for instance in begin_cycles(by, at, task, on)]
        entry.data["tasks"] = [each.pk for each in made]
        entry.skip = not made
    return len(made)


def begin_cycles(by: Actor, at: datetime, task: Task, on: date) -> list[Task]:
    """The instances from the day it binds to the cycle of `on` that are not there yet."""
    due = dues.Due(task.due_kind, task.due_text, None, task.cycle)
    have = set(task.parts.values_list("first_due_on", flat=True))
    made = []
    day = task.binds_on or on
    while day <= on:
        last = dues.cycle_due(due, day)
        if last not in have and last >= (task.binds_on or on):
            made.append(_instance(by, at, task, last, dues.cycle_label(task.cycle, day), max(day, task.binds_on or on)))
        day = dues.cycle_end(task.cycle, day) + timedelta(days=1)
    return made


def _instance(by: Actor, at: datetime, task: Task, last: date, label: str, binds_on: date) -> Task:
    made = Task.objects.create(
        **{
            **shared(task),
            "title": f"{task.title} ({label})"[:300],
            "due_kind": DueKind.DATE,
            "due_on": last,
            "first_due_on": last,
            "cycle": "",
        },
        lead_id=task.lead_id,
        officer_id=task.officer_id,
        relation=task.relation,
        binds_on=binds_on,
        fold=task.fold,
    )
    Partner.objects.bulk_create(
        Partner(task=made, unit_id=each.unit_id, part=each.part) for each in task.partners.all()
    )
    tell_new(by, at, made)
    return made
