"""More time: asked by the lead before the due day, decided by the assigner, every date kept."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.work import refusals
from giaoban.work.actions.tasks.rules import open_task, require_lead, required
from giaoban.work.actions.tasks.telling import tell, tell_assigner
from giaoban.work.models import Extension, Task


def ask_extension(*, by: Actor, at: datetime, task: Task, to_on: date, reason: str) -> Extension:
    """The lead asks for more time, before the due day and with a reason."""
    with writing(
        by=by, at=at, verb="task.ask_extension", subject=task, unit_id=task.lead_id, reason=reason.strip()
    ) as entry:
        on = timezone.localdate(at)
        task = open_task(task)
        require_lead(by, task, on)
        if task.due_on is None:
            raise refusals.NoDueDate()
        due = task.due_on.strftime("%d/%m/%Y")
        if task.proposed_at is not None:
            raise refusals.AlreadyProposed()
        if on >= task.due_on:
            raise refusals.AskedTooLate(due=due)
        if to_on <= task.due_on:
            raise refusals.NotLater(due=due)
        if task.extensions.filter(granted__isnull=True).exists():
            raise refusals.ExtensionOpen()
        asked = Extension.objects.create(
            task=task,
            asked_at=at,
            asked_by=by.name,
            reason=required(reason, "reason"),
            from_on=task.due_on,
            to_on=to_on,
        )
        entry.data.update(from_on=asked.from_on, to_on=to_on)
        tell_assigner(by, at, task, f"Xin gia hạn đến {to_on:%d/%m/%Y}", "task.extend", body=asked.reason)
    return asked


def decide_extension(
    *, by: Actor, at: datetime, extension: Extension, granted: bool, answer: str = "", to_on: date | None = None
) -> Extension:
    """The assigner grants (until the day asked, or an earlier one) or refuses with a reason; the first date is kept."""
    task = extension.task
    with writing(
        by=by, at=at, verb="task.extend", subject=task, unit_id=task.assigned_by_id, reason=answer.strip()
    ) as entry:
        people.require(by, "task.extend", task.assigned_by_id, timezone.localdate(at))
        task = open_task(task)
        extension = Extension.objects.select_for_update().get(pk=extension.pk)
        if extension.granted is not None:
            raise refusals.Decided()
        new = to_on or extension.to_on
        if granted and new <= extension.from_on:
            raise refusals.NotLater(due=extension.from_on.strftime("%d/%m/%Y"))
        extension.answer = answer.strip() if granted else required(answer, "answer")
        extension.granted, extension.decided_at, extension.decided_by = granted, at, by.name
        extension.granted_on = new if granted else None
        extension.save()
        if granted:
            task.due_on = new
            task.save(update_fields=["due_on"])
        entry.data.update(granted=granted, to_on=new)
        words = f"Được gia hạn đến {new:%d/%m/%Y}" if granted else "Không được gia hạn"
        tell(by, at, task, words, body=extension.answer)
    return extension
