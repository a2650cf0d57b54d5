"""Verbs on the order of an agenda, and the item that tells what is overdue."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from giaoban.journal.actor import Actor
from giaoban.work.actions.meeting_rules import next_number, require_state, run
from giaoban.work.models import AgendaItem, Meeting, MeetingKind, MeetingState, Task
from giaoban.work.queries.standing import counted, in_state
from giaoban.work.states import State

# Meetings that ask what became of earlier work; a training or a ceremony does not.
LOOKS_BACK = frozenset(
    [
        MeetingKind.BRIEFING,
        MeetingKind.MIDTERM,
        MeetingKind.FINAL,
        MeetingKind.WORKING,
        MeetingKind.SOLVING,
        MeetingKind.ADVICE,
        MeetingKind.PROFESSIONAL,
    ]
)


def move_item(*, by: Actor, at: datetime, item: AgendaItem, up: bool) -> None:
    """One place up or down; at the end of the list nothing happens."""
    with run(by, at, "meeting.agenda", item.meeting) as (entry, meeting):
        require_state(meeting, MeetingState.PLANNED, MeetingState.HELD)
        items = list(meeting.agenda.all())
        place = next(n for n, each in enumerate(items) if each.pk == item.pk)
        other = place - 1 if up else place + 1
        if not 0 <= other < len(items):
            entry.skip = True
            return
        items[place], items[other] = items[other], items[place]
        for order, each in enumerate(items, start=1):
            each.order = order
        AgendaItem.objects.bulk_update(items, ["order"])
        entry.data["moved"] = item.title


def put_overdue(meeting: Meeting, on: date) -> None:
    """What the host gave and is overdue on the day, as one item: told when planned, counted anew when opened."""
    if meeting.kind not in LOOKS_BACK:
        return
    overdue = Task.objects.filter(counted(on), in_state(State.OPEN_OVERDUE, on), assigned_by=meeting.unit_id)
    found = overdue.order_by().aggregate(tasks=Count("pk"), units=Count("lead", distinct=True))

    if not found["tasks"]:
        meeting.agenda.filter(kind=AgendaItem.Kind.OVERDUE).delete()
        return
    title = f"Nhiệm vụ quá hạn: {found['tasks']} nhiệm vụ của {found['units']} đơn vị"
    there = meeting.agenda.filter(kind=AgendaItem.Kind.OVERDUE).first()
    if there is not None:
        AgendaItem.objects.filter(pk=there.pk).update(title=title)
        return
    asked = urlencode({"xem": "tat-ca", "trang_thai": State.OPEN_OVERDUE.value})
    AgendaItem.objects.create(
        meeting=meeting,
        order=next_number(meeting.agenda, "order"),
        kind=AgendaItem.Kind.OVERDUE,
        title=title,
        link=f"{reverse('work:tasks')}?{asked}",
    )
