"""Verbs on the work programme: put an item in, change it, call it off, adopt a month or a year of them as tasks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from giaoban.core.text import nfc
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.work import refusals
from giaoban.work.actions.meeting_rules import required
from giaoban.work.actions.tasks import NewTask, assign, call_off
from giaoban.work.models import Adoption, ProgrammeItem
from giaoban.work.queries import programme as queries

FIELDS = ("kind", "title", "lead_id", "partners_text", "decided_by", "due_on", "basis_id")


def put_in(
    *, by: Actor, at: datetime, unit_id: int, title: str, lead_id: int, due_on: date, **fields: Any
) -> ProgrammeItem:
    """Put an item into a unit's programme of the year of its day.

    Where the month or year is adopted already it is a later addition: marked, and a task at once.
    """
    with writing(by=by, at=at, verb="programme.put_in", unit_id=unit_id) as entry:
        people.require(by, "programme.plan", unit_id, timezone.localdate(at))
        made = ProgrammeItem(unit_id=unit_id, entered_at=at)
        _fill(made, {"title": title, "lead_id": lead_id, "due_on": due_on, **fields})
        binding = queries.adoption(unit_id, made.year, made.due_on.month)
        made.late_entry = binding is not None
        made.save()
        entry.subject = made
        entry.data.update(title=made.title, due_on=made.due_on)
        if binding is not None:
            _give(by, at, [made])
    return made


def change_item(*, by: Actor, at: datetime, item: ProgrammeItem, **fields: Any) -> ProgrammeItem:
    """Change an item that is not adopted; an adopted one is a task and changes as tasks do."""
    with writing(by=by, at=at, verb="programme.change", subject=item, unit_id=item.unit_id) as entry:
        people.require(by, "programme.plan", item.unit_id, timezone.localdate(at))
        found = _locked(item)
        if found.task_id is not None:
            raise refusals.ItemAdopted()
        before = {name: getattr(found, name) for name in FIELDS}
        _fill(found, fields)
        found.save()
        changed = [name for name in FIELDS if before[name] != getattr(found, name)]
        entry.data.update(changed={name: [before[name], getattr(found, name)] for name in changed})
    return found


def call_item_off(*, by: Actor, at: datetime, item: ProgrammeItem, reason: str) -> ProgrammeItem:
    """Call an item off, and its task with it."""
    with writing(by=by, at=at, verb="programme.call_off", subject=item, unit_id=item.unit_id) as entry:
        people.require(by, "programme.plan", item.unit_id, timezone.localdate(at))
        found = _locked(item)
        found.called_off_at, found.reason = at, required(reason, "reason")[:300]
        found.save(update_fields=["called_off_at", "reason"])
        entry.reason = found.reason
        if found.task is not None and found.task.called_off_at is None:
            call_off(by=by, at=at, task=found.task, reason=found.reason)
    return found


def adopt_programme(
    *, by: Actor, at: datetime, unit_id: int, year: int, month: int | None = None
) -> tuple[Adoption, int]:
    """The items of a month or year bind: each becomes a task of its lead. Returns the adoption and how many tasks."""
    with writing(by=by, at=at, verb="programme.adopt", unit_id=unit_id) as entry:
        people.require(by, "programme.adopt", unit_id, timezone.localdate(at))
        if queries.adoption(unit_id, year, month) is not None:
            raise refusals.ProgrammeAdopted()
        open_items = list(
            queries.items(unit_id, year, month)
            .filter(called_off_at__isnull=True, task__isnull=True)
            .select_for_update()
        )
        if not open_items:
            raise refusals.EmptyProgramme()
        made = Adoption.objects.create(unit_id=unit_id, year=year, month=month, adopted_at=at, adopted_by=by.name)
        _give(by, at, open_items)
        entry.subject = made
        entry.data.update(year=year, month=month, tasks=len(open_items))
    return made, len(open_items)


def _give(by: Actor, at: datetime, items: Iterable[ProgrammeItem]) -> None:
    for item in items:
        item.task = assign(
            by=by,
            at=at,
            unit_id=item.unit_id,
            task=NewTask(
                text=item.title,
                due=f"trước ngày {item.due_on:%d/%m/%Y}",
                due_on=item.due_on,
                lead_id=item.lead_id,
                deliverable=item.title if item.kind == ProgrammeItem.Kind.DOCUMENT else "",
            ),
            document=item.basis,
        )
        item.save(update_fields=["task"])


def _fill(item: ProgrammeItem, fields: dict[str, Any]) -> None:
    unknown = fields.keys() - set(FIELDS)
    if unknown:
        raise TypeError(f"not a part of an item: {sorted(unknown)}")
    for name, value in fields.items():
        setattr(item, name, nfc(value).strip() if isinstance(value, str) else value)
    item.title = required(item.title, "title")[:500]
    item.year = item.due_on.year


def _locked(item: ProgrammeItem) -> ProgrammeItem:
    found = ProgrammeItem.objects.select_for_update(of=("self",)).select_related("task").get(pk=item.pk)
    if found.called_off_at is not None:
        raise refusals.ItemOff()
    return found
