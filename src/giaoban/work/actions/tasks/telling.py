"""What is written in the diary of a task, kept as evidence, and told to whom it concerns; and urging the lead."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from giaoban.documents import actions as documents
from giaoban.documents import queries as document_queries
from giaoban.documents.models import Document
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.notices import actions as notices
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.work import refusals, refusals_tasks
from giaoban.work.actions.tasks.rules import lead_of, open_task
from giaoban.work.models import Evidence, Progress, Relation, Task


def remind(*, by: Actor, at: datetime, task: Task, text: str = "") -> Progress:
    """The assigner's side urges the lead; once a day, so that a reminder keeps its weight."""
    with writing(by=by, at=at, verb="task.remind", subject=task, unit_id=task.assigned_by_id):
        on = timezone.localdate(at)
        people.require(by, "task.assign", task.assigned_by_id, on)
        task = open_task(task)
        last = task.diary.filter(kind=Progress.Kind.REMINDED).order_by("-at").first()
        if last is not None and timezone.localdate(last.at) == on:
            raise refusals.AlreadyReminded()
        note = write_down(by, at, task, Progress.Kind.REMINDED, text.strip())
        tell(by, at, task, "Nhắc thực hiện", body=text.strip())
    return note


def name_of(by: Actor) -> str:
    return (f"{by.name}, {by.title}" if by.title else by.name)[:200]


def write_down(by: Actor, at: datetime, task: Task, kind: str, text: str, percent: int | None = None) -> Progress:
    return Progress.objects.create(
        task=task, kind=kind, at=at, by=name_of(by), unit_id=by.unit_id, text=text, percent=percent
    )


def attach(
    by: Actor,
    note: Progress,
    text: str,
    document: Document | None,
    file: tuple[str, bytes] | None,
    on: date,
    replaces: int | None = None,
) -> None:
    """Keep what proves a note; `replaces` = the evidence of the same task of which this is a later version."""
    if document is not None:
        document = document_queries.document(by, document.pk, on)
    if not (text.strip() or document or file):
        return
    name, content = file or ("", b"")
    Evidence.objects.create(
        progress=note,
        replaces=_earlier(note, replaces),
        text=text.strip()[:500],
        document=document,
        file_name=name[-255:],
        file_hash=documents.keep_file(name, content) if file else "",
    )


def _earlier(note: Progress, replaces: int | None) -> Evidence | None:
    """The newest version of that evidence; the task is locked, so no two replace the same one."""
    if replaces is None:
        return None
    found = Evidence.objects.filter(pk=replaces, progress__task_id=note.task_id, replaced_by__isnull=True).first()
    if found is None:
        raise refusals_tasks.EvidenceElsewhere()
    return found


def tell_new(by: Actor, at: datetime, task: Task) -> None:
    due = f"Hạn: {task.due_on:%d/%m/%Y} ({task.due_text})" if task.due_on else f"Thời hạn: {task.due_text}"
    verb = "Được đề nghị" if task.relation == Relation.ASK else "Được giao"
    tell(by, at, task, verb, body=due)
    partners = list(task.partners.values_list("unit_id", flat=True))
    if partners:
        notices.send(
            by=by,
            at=at,
            to_units=partners,
            verb_of_receiver="task.report",
            subject=f"Phối hợp thực hiện: {task.title}",
            body=due,
            link=task.get_absolute_url(),
        )


def tell(by: Actor, at: datetime, task: Task, what: str, *, body: str = "", position_id: int | None = None) -> None:
    """The officer if there is one, otherwise whoever reports for the lead unit."""
    to_position = position_id or task.officer_id
    notices.send(
        by=by,
        at=at,
        to_position=to_position,
        to_unit=None if to_position else task.lead_id,
        verb_of_receiver="task.report",
        subject=f"{what}: {task.title}",
        body=body,
        link=task.get_absolute_url(),
    )


def tell_assigner(by: Actor, at: datetime, task: Task, what: str, verb: str, *, body: str = "") -> None:
    lead = orgs.body_name(lead_of(task), timezone.localdate(at))
    notices.send(
        by=by,
        at=at,
        to_unit=task.assigned_by_id,
        verb_of_receiver=verb,
        subject=f"{what}: {task.title}",
        body=f"{lead}. {body}".strip(),
        link=task.get_absolute_url(),
    )


def tell_above(by: Actor, at: datetime, task: Task) -> None:
    """When the last of the tasks handed down from one is confirmed, the lead of that one may report it as done."""
    top = task
    while top.handed_from_id is None and top.parent is not None:
        top = top.parent
    if top.handed_from is None:
        return
    of = Q(handed_from=top.handed_from_id) | Q(parent__handed_from=top.handed_from_id)
    of |= Q(parent__parent__handed_from=top.handed_from_id)
    left = Task.objects.filter(of, has_parts=False, confirmed_at__isnull=True, called_off_at__isnull=True)
    if not left.exists() and top.handed_from.confirmed_at is None:
        tell(by, at, top.handed_from, "Các đơn vị được giao lại đã hoàn thành")
