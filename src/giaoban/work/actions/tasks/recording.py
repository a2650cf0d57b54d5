"""A task that a superior gave on paper, entered by the unit that must do it; and what the superior's list says of it.

Only the unit itself is bound by it, and only a unit above it can be named as the giver. What is entered so is marked by
its row (`TableRow`, TRACKING): the list may later move its day or end it, which it may with no other task.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from giaoban.core.refusal import NotAllowed, Refused, sentence
from giaoban.documents import queries as document_queries
from giaoban.documents.models import Document
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.work import dues
from giaoban.work.actions.tasks.assigning import bind, create
from giaoban.work.actions.tasks.grounds import ground
from giaoban.work.actions.tasks.new import NewTask
from giaoban.work.actions.tasks.telling import write_down
from giaoban.work.models import Progress, Relation, TableKind, TableRow, Task


class NotAbove(Refused):
    """Who is named as the giver gives this unit nothing."""

    sentence = sentence("%(giver)s is not above %(unit)s and cannot have given it a task.")
    field = "issuer"


class GivenHere(Refused):
    """Its giver works with this system."""

    sentence = sentence("This task was given within this system; who gave it changes its day and confirms it.")


def record_given(
    *, by: Actor, at: datetime, giver_id: int, task: NewTask, document: Document, no: str, section: str, file_name: str
) -> Task:
    """Enter for one's own unit what a superior's list says it was given."""
    unit_id = task.lead_id or 0
    with writing(by=by, at=at, verb="task.record", unit_id=unit_id) as entry:
        on = timezone.localdate(at)
        people.require(by, "task.assign", unit_id, on)
        if giver_id == unit_id or ground(giver_id, unit_id, on) == Relation.ASK:
            raise NotAbove(giver=orgs.body_name(giver_id, on), unit=orgs.body_name(unit_id, on))
        document = document_queries.document(by, document.pk, on)
        made = create(by, at, giver_id, task, None, document, None, None)
        Task.objects.filter(pk=made.pk).update(assigned_position=None)  # who gave it is not who typed it
        made.assigned_position = None
        TableRow.objects.create(
            task=made,
            kind=TableKind.TRACKING,
            no=no[:40],
            section=" ".join(section.split())[:500],
            file_name=file_name[-255:],
            taken_at=at,
        )
        bind(by=by, at=at, tasks=[made], on=on)
        entry.subject = made
        entry.data.update(giver=giver_id, due=made.due_text, due_on=made.due_on)
    return made


def follow_list(
    *,
    by: Actor,
    at: datetime,
    task: Task,
    file_name: str,
    due: dues.Due | None = None,
    done: bool = False,
    completed_on: date | None = None,
) -> Task:
    """The superior's list names another day, or says the task is done, and the unit takes it over."""
    with writing(by=by, at=at, verb="task.follow_list", subject=task, unit_id=task.lead_id) as entry:
        on = timezone.localdate(at)
        task = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
        if not TableRow.objects.filter(task=task, kind=TableKind.TRACKING).exists():
            raise GivenHere()
        if task.lead_id is None:
            raise NotAllowed()
        people.require(by, "task.assign", task.lead_id, on)
        entry.data.update(file=file_name[-255:])
        if due is not None:
            _redate(by, at, task, due, file_name)
            entry.data.update(due=due.text, due_on=due.on)
        if done and task.confirmed_at is None:
            last = completed_on or (timezone.localdate(task.proposed_at) if task.proposed_at else on)
            task.proposed_at, task.confirmed_at, task.completed_on = task.proposed_at or at, at, min(last, on)
            task.percent = 100
            task.save(update_fields=["proposed_at", "confirmed_at", "completed_on", "percent"])
            write_down(by, at, task, Progress.Kind.CONFIRMED, f"Theo {file_name}")
            entry.data.update(completed_on=task.completed_on)
    return task


def _redate(by: Actor, at: datetime, task: Task, due: dues.Due, file_name: str) -> None:
    """The first day is kept beside the new one."""
    before = task.due_text if task.due_on is None else f"{task.due_on:%d/%m/%Y}"
    task.due_on, task.due_text = due.on, due.text[:200]
    if due.on is not None:
        task.due_kind, task.cycle = due.kind, ""
        task.first_due_on = task.first_due_on or due.on
    task.save(update_fields=["due_on", "due_text", "due_kind", "cycle", "first_due_on"])
    write_down(by, at, task, Progress.Kind.REWORDED, f"Thời hạn: {before} → {due.text} (theo {file_name})")
