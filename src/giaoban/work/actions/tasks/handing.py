"""Handing a task down: the lead gives it, or a piece of it, to units below, and still answers for the whole.

The given task is one of its own, with an own (earlier) day; it names the task it came out of, so that the first
assigner's day stays in sight. The whole is done only when its own lead proposes it.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.work import refusals_tasks
from giaoban.work.actions.tasks.assigning import bind, create
from giaoban.work.actions.tasks.grounds import grounds
from giaoban.work.actions.tasks.new import NewTask
from giaoban.work.actions.tasks.rules import lead_of, open_task
from giaoban.work.actions.tasks.telling import write_down
from giaoban.work.models import Progress, Relation, Task


def hand_down(*, by: Actor, at: datetime, task: Task, new: NewTask) -> Task:
    """Give the task on, in the lead unit's name, to one unit below it or to a group of them."""
    with writing(by=by, at=at, verb="task.hand_down", subject=task, unit_id=task.lead_id) as entry:
        on = timezone.localdate(at)
        task = open_task(task)
        lead = lead_of(task)
        people.require(by, "task.assign", lead, on)
        units = list(new.part_ids) or [each for each in [new.lead_id] if each]
        for unit, ground in grounds(lead, units, on).items():
            if ground == Relation.ASK or unit == lead:
                raise refusals_tasks.NotBelow(unit=orgs.name(unit, on), day=on.strftime("%d/%m/%Y"))
        made = create(by, at, lead, new, None, None, None, None)
        made.handed_from = task
        made.save(update_fields=["handed_from"])
        bind(by=by, at=at, tasks=[made], on=on)
        task.taken_up_at = task.taken_up_at or at
        task.save(update_fields=["taken_up_at"])
        names = orgs.names(units, on)
        who = made.group if made.has_parts and made.lead_id is None else "; ".join(names.values())
        write_down(by, at, task, Progress.Kind.HANDED, f"{who}: {made.due_text}")
        entry.data.update(child=made.pk, units=units, due_on=made.due_on)
    return made
