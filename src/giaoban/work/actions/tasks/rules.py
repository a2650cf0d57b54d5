"""What the verbs on a task share: the task locked, who may act for its lead, words that must be there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from giaoban.core.text import nfc
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.models import Position
from giaoban.work import refusals
from giaoban.work.models import Task


def require_lead(by: Actor, task: Task, on: date) -> None:
    """The lead unit's people, or the position that was given the task."""
    if task.officer_id is not None and task.officer_id == by.position_id and people.sits(by, on):
        return
    people.require(by, "task.report", lead_of(task), on)


def lead_of(task: Task) -> int:
    if task.lead_id is None:
        raise refusals.Whole()
    return task.lead_id


def open_task(task: Task, *, whole: bool = False) -> Task:
    """The task as it is now, locked; refuses when nothing more can be done on it."""
    found = Task.objects.select_for_update().get(pk=task.pk)
    if found.has_parts and not whole:
        raise refusals.Whole()
    if found.confirmed_at is not None or found.called_off_at is not None:
        raise refusals.Finished()
    if found.binds_on is None:
        raise refusals.NotBinding()
    return found


def officer_of(position_id: int, lead: int, on: date) -> Position:
    position = Position.objects.filter(pk=position_id).first()
    inside = position is not None and (
        position.unit_id == lead or orgs.is_under(position.unit_id, lead, orgs.MANAGEMENT, on)
    )
    if position is None or not inside:
        raise refusals.OfficerElsewhere(position=position.title if position else position_id)
    return position


def required(text: str, field: str) -> str:
    words = nfc(text).strip()
    if not words:
        raise refusals.Required(field=field)
    return words


def with_parts(tasks: Iterable[Task]) -> list[Task]:
    """The tasks, their parts, and the parts of those."""
    level = list(tasks)
    found = []
    while level:
        found += level
        level = list(Task.objects.filter(parent__in=[each.pk for each in level if each.has_parts]).order_by("pk"))
    return found
