"""What the assigner decides: confirm, send back, an event occurred, call off."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from giaoban.documents.models import Document
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.work import refusals, refusals_tasks
from giaoban.work.actions.tasks.rules import open_task, required, with_parts
from giaoban.work.actions.tasks.telling import attach, tell, tell_above, write_down
from giaoban.work.models import Drafting, DueKind, Progress, Task


def confirm(*, by: Actor, at: datetime, task: Task, text: str = "") -> Task:
    """The assigner confirms; the completion day is the day the lead proposed it, however long the answer took."""
    with writing(by=by, at=at, verb="task.confirm", subject=task, unit_id=task.assigned_by_id) as entry:
        people.require(by, "task.confirm", task.assigned_by_id, timezone.localdate(at))
        task = open_task(task)
        if task.proposed_at is None:
            raise refusals.NotProposed()
        if Drafting.objects.filter(task=task).exists():
            raise refusals_tasks.DoneWhenIssued()
        task.confirmed_at = at
        task.completed_on = timezone.localdate(task.proposed_at)
        task.save(update_fields=["confirmed_at", "completed_on"])
        write_down(by, at, task, Progress.Kind.CONFIRMED, text.strip())
        task.extensions.filter(granted__isnull=True).update(granted=False, decided_at=at, decided_by=by.name)
        tell(by, at, task, "Đã xác nhận hoàn thành")
        tell_above(by, at, task)
        entry.data["completed_on"] = task.completed_on
    return task


def send_back(*, by: Actor, at: datetime, task: Task, reason: str) -> Task:
    """The assigner does not accept it as done, or the draft as it is, and says why; the task goes on."""
    with writing(by=by, at=at, verb="task.send_back", subject=task, unit_id=task.assigned_by_id, reason=reason.strip()):
        on = timezone.localdate(at)
        drafting = Drafting.objects.filter(task=task).first()
        if drafting is None or not people.may(by, "task.confirm", drafting.issuer_id, on):
            people.require(by, "task.confirm", task.assigned_by_id, on)
        task = open_task(task)
        if task.proposed_at is None:
            raise refusals.NotProposed()
        words = required(reason, "reason")
        noted = (Progress.Kind.NOTE, Progress.Kind.REPORT)
        earlier = task.diary.filter(kind__in=noted, percent__isnull=False).order_by("-at", "-id").first()
        task.proposed_at, task.percent = None, (earlier.percent or 0) if earlier else 0
        task.save(update_fields=["proposed_at", "percent"])
        Drafting.objects.filter(task=task).update(submitted_at=None)
        write_down(by, at, task, Progress.Kind.SENT_BACK, words)
        tell(by, at, task, "Trả lại, đề nghị làm tiếp", body=words)
    return task


def record_event(
    *, by: Actor, at: datetime, task: Task, due_on: date, text: str, document: Document | None = None
) -> Task:
    """The event a task waited for occurred: from now on it has a due day (calendar.md §6, EVENT)."""
    with writing(by=by, at=at, verb="task.event", subject=task, unit_id=task.assigned_by_id) as entry:
        on = timezone.localdate(at)
        people.require(by, "task.assign", task.assigned_by_id, on)
        task = open_task(task, whole=True)
        if task.due_kind != DueKind.EVENT:
            raise refusals.NotAnEvent()
        words = required(text, "text")
        for each in [task, *task.parts.filter(confirmed_at__isnull=True, called_off_at__isnull=True)]:
            each.first_due_on = each.first_due_on or due_on
            each.due_on = due_on
            each.save(update_fields=["due_on", "first_due_on"])
            note = write_down(by, at, each, Progress.Kind.EVENT, words)
            attach(by, note, "", document, None, on)
            if not each.has_parts:
                tell(by, at, each, f"Hạn mới: {due_on:%d/%m/%Y}", body=words)
        entry.data["due_on"] = due_on
    return task


def call_off(*, by: Actor, at: datetime, task: Task, reason: str) -> Task:
    """The assigner takes the task back; it no longer counts, and its diary stays."""
    with writing(by=by, at=at, verb="task.call_off", subject=task, unit_id=task.assigned_by_id, reason=reason.strip()):
        people.require(by, "task.confirm", task.assigned_by_id, timezone.localdate(at))
        task = open_task(task, whole=True)
        words = required(reason, "reason")
        for each in with_parts([task]):
            if each.confirmed_at is None and each.called_off_at is None:
                each.called_off_at = at
                each.save(update_fields=["called_off_at"])
                write_down(by, at, each, Progress.Kind.CALLED_OFF, words)
                if not each.has_parts:
                    tell(by, at, each, "Thôi giao nhiệm vụ", body=words)
    return task
