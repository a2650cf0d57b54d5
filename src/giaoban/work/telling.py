"""What other systems may be told of tasks, conclusions, meetings and documents: ids, codes, days and links, no words.

A unit is told of what concerns it or a unit below it on the day; of a planned task only the giver's side knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from giaoban.documents.models import Document
from giaoban.journal.models import Event
from giaoban.notices import events
from giaoban.notices.events import Told
from giaoban.orgs.models import Code
from giaoban.work.models import Conclusion, Meeting, MeetingState, Task
from giaoban.work.states import state

TASK_EVENTS = {
    "task.assign": "task.assigned",
    "task.record": "task.assigned",
    "task.hand_down": "task.assigned",
    "task.open_cycles": "task.assigned",
    "task.report": "task.reported",
    "task.cycle_report": "task.reported",
    "task.propose": "task.proposed",
    "task.submit_draft": "task.proposed",
    "task.confirm": "task.confirmed",
    "task.confirm_all": "task.confirmed",
    "task.issue_draft": "task.confirmed",
    "task.send_back": "task.sent_back",
    "task.extend": "task.extended",
}


@events.teller(*TASK_EVENTS)
def of_task(event: Event, units: frozenset[int], on: date) -> Iterable[Told]:
    """The task and, given to many, each part of it that the unit may know. A planned one is assigned when it binds."""
    name = TASK_EVENTS[event.verb]
    if name == "task.extended" and not event.data.get("granted"):
        return
    for task in _with_parts(_ordered(_ids(event))):
        planned = name == "task.assigned" and task.conclusion is not None and not _bound(task.conclusion, event)
        if not planned and _concerns(task, units, on):
            yield Told(name, {"task": _task(task, on)})


def _ids(event: Event) -> list[int]:
    """The tasks an event is about: its subject, what was given on from it, or the ones it lists."""
    if event.verb == "task.hand_down":
        return [event.data["child"]]
    if event.verb == "task.confirm_all":
        return list(event.data["parts"])
    if event.verb == "task.open_cycles":
        return list(event.data["tasks"])
    return [event.subject_id] if event.subject_id else []


@events.teller("task.overdue")
def of_overdue(event: Event, units: frozenset[int], on: date) -> Iterable[Told]:
    for task in _ordered(event.data.get("ids", [])):
        if _concerns(task, units, on):
            yield Told("task.overdue", {"task": _task(task, on)})


@events.teller("meeting.bind", "meeting.issue_notice")
def of_conclusion(event: Event, units: frozenset[int], on: date) -> Iterable[Told]:
    """Conclusions bind, at once or by their notice; with them the tasks that came of them are assigned."""
    meeting = Meeting.objects.filter(pk=event.subject_id).first()
    if meeting is None:
        return
    tasks = [task for task in _with_parts(_ordered(event.data.get("tasks", []))) if _concerns(task, units, on)]
    if not tasks and not _attends(meeting, units):
        return
    data: dict[str, Any] = {"meeting": _meeting(meeting, on), "tasks": [_task(task, on) for task in tasks]}
    if "no" in event.data:
        data["conclusion"] = {"no": event.data["no"]}
    notice = event.verb == "meeting.issue_notice"
    if notice and meeting.notice is not None:
        data["document"] = _document(meeting.notice, on)
    yield Told("conclusion.bound", data)
    for task in tasks:
        if not (notice and task.conclusion is not None and task.conclusion.bound_at is not None):
            yield Told("task.assigned", {"task": _task(task, on)})


@events.teller("meeting.close", "meeting.issue_notice")
def of_meeting(event: Event, units: frozenset[int], on: date) -> Iterable[Told]:
    """A meeting was held: said once, when it is closed, or with its notice where nobody closed it before."""
    meeting = Meeting.objects.filter(pk=event.subject_id).first()
    if meeting is None or (event.verb == "meeting.issue_notice" and _before(event, "meeting.close", meeting.pk)):
        return
    if _attends(meeting, units):
        yield Told("meeting.held", {"meeting": _meeting(meeting, on)})


@events.teller("document.address", "document.register")
def of_document(event: Event, units: frozenset[int], on: date) -> Iterable[Told]:
    """A document was sent to units, by itself or with its registering; each unit hears of it that is among them."""
    document = Document.objects.filter(pk=event.subject_id).first()
    if document is None:
        return
    sent = event.data.get("units")
    reached = set(document.addressees.values_list("unit_id", flat=True) if sent is None else sent)
    if sent is None:  # with its registering: whoever was not added later
        later = Event.objects.filter(verb="document.address", subject_type=event.subject_type, subject_id=document.pk)
        for data in later.values_list("data", flat=True):
            reached -= set(data.get("units", []))
    if reached and (reached & units or {document.owner_unit_id, document.issuer_unit_id} & units):
        yield Told("document.sent", {"document": _document(document, on)})


# Who may know


def _concerns(task: Task, units: frozenset[int], on: date) -> bool:
    if task.assigned_by_id in units:
        return True
    if task.binds_on is None or task.binds_on > on:
        return False
    return task.lead_id in units or task.partners.filter(unit_id__in=units).exists()


def _attends(meeting: Meeting, units: frozenset[int]) -> bool:
    if meeting.state == MeetingState.CANCELLED:
        return False
    invited = meeting.invitations.filter(sent_at__isnull=False, unit_id__in=units)
    return meeting.unit_id in units or invited.exists()


def _bound(conclusion: Conclusion, event: Event) -> bool:
    """Whether the conclusion bound already when the event was written."""
    if conclusion.bound_at is not None and conclusion.bound_at <= event.at:
        return True
    return _before(event, "meeting.issue_notice", conclusion.meeting_id)


def _before(event: Event, verb: str, meeting_id: int) -> bool:
    earlier = Event.objects.filter(verb=verb, subject_type="work.meeting", subject_id=meeting_id)
    return earlier.filter(seq__lt=event.seq).exists()


# What is said


def _ordered(ids: Iterable[int]) -> QuerySet[Task]:
    return Task.objects.filter(pk__in=list(ids)).select_related("conclusion__meeting").order_by("pk")


def _with_parts(tasks: QuerySet[Task]) -> list[Task]:
    """Those that count: of one given to many its parts."""
    level, found = list(tasks), []
    while level:
        found += [task for task in level if not task.has_parts]
        wholes = [task.pk for task in level if task.has_parts]
        level = list(Task.objects.filter(parent__in=wholes).select_related("conclusion__meeting").order_by("pk"))
    return found


def _task(task: Task, on: date) -> dict[str, Any]:
    return {
        "id": task.pk,
        "link": events.link(reverse("work:task", args=[task.pk])),
        "state": state(task.dates, on).value,
        "due_on": task.due_on,
        "first_due_on": task.first_due_on,
        "completed_on": task.completed_on,
        "percent": task.percent,
        "relation": task.relation,
        "lead": _unit(task.lead_id, on),
        "assigned_by": _unit(task.assigned_by_id, on),
        "document": task.document_id,
        "parent": task.parent_id,
    }


def _meeting(meeting: Meeting, on: date) -> dict[str, Any]:
    return {
        "id": meeting.pk,
        "link": events.link(reverse("work:meeting-short", args=[meeting.pk])),
        "kind": meeting.kind,
        "starts_at": meeting.starts_at.isoformat(),
        "host": _unit(meeting.unit_id, on),
    }


def _document(document: Document, on: date) -> dict[str, Any]:
    return {
        "id": document.pk,
        "link": events.link(reverse("documents:short", args=[document.pk])),
        "symbol": document.symbol,
        "issued_on": document.issued_on,
        "owner": _unit(document.owner_unit_id, on),
    }


def _unit(unit_id: int | None, on: date) -> dict[str, Any] | None:
    """The unit by our number and by its codes in other systems."""
    if unit_id is None:
        return None
    rows = Code.objects.filter(unit_id=unit_id, start__lte=on).order_by("start", "pk").values_list("scheme", "code")
    return {"id": unit_id, "codes": {scheme: code for scheme, code in dict(rows).items() if code}}
