"""What a calendar feed holds: a person's meetings, their lines of the week, and the due days of their tasks.

Computed when asked, for every position the account sits in on that day, under the rights it has then: who has left a
position sees nothing of it any more. The same content gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event

from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.people.models import Account
from giaoban.people.roles import Role
from giaoban.work.models import Engagement, Meeting, MeetingState, Task
from giaoban.work.queries.guests import USUAL
from giaoban.work.queries.meetings import meetings_for
from giaoban.work.queries.standing import counted
from giaoban.work.queries.tasks import visible_tasks

BACK, AHEAD = timedelta(days=31), timedelta(days=370)
MOST = 1_000  # entries of each kind


@dataclass(frozen=True)
class Entry:
    """One entry. `title` is left out where the person wants none to be named."""

    uid: str
    kind: str
    title: str
    start: datetime | date
    end: datetime | date
    place: str
    link: str
    stamp: datetime
    cancelled: bool = False
    sequence: int = 0


def entries(account: Account, on: date) -> list[Entry]:
    """Of all positions of the person; what two of them have in common stands once."""
    found: dict[str, Entry] = {}
    for holding in people.positions_of(account, on):
        actor = people.actor_of(holding)
        for each in (*_meetings(actor, on), *_engagements(actor, on), *_tasks(actor, on)):
            found.setdefault(each.uid, each)
    return sorted(found.values(), key=lambda each: (str(each.start), each.uid))


def calendar_of(account: Account, on: date, domain: str, *, titles: bool) -> bytes:
    """RFC 5545, the same bytes as long as nothing changes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Giao Ban//VI")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Giao Ban")
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    for each in entries(account, on):
        calendar.add_component(_event(each, domain, titles))
    return bytes(calendar.to_ical())


def _event(each: Entry, domain: str, titles: bool) -> Event:
    made = Event()
    made.add("uid", f"{each.uid}@{domain}")
    made.add("sequence", each.sequence)
    made.add("dtstamp", each.stamp)
    made.add("dtstart", each.start)
    made.add("dtend", each.end)
    made.add("summary", f"{each.kind}: {each.title}" if titles and each.title else each.kind)
    if titles and each.place:
        made.add("location", each.place)
    made.add("description", each.link)
    if each.link.startswith("http"):
        made.add("url", each.link)
    made.add("status", "CANCELLED" if each.cancelled else "CONFIRMED")
    if not isinstance(each.start, datetime):
        made.add("transp", "TRANSPARENT")  # a due day takes no time of the day
    return made


def _meetings(actor: Actor, on: date) -> Iterable[Entry]:
    """Those the position chairs, is sent to, or its unit holds or is invited to while nobody else is named for it."""
    first, last = _moment(on - BACK), _moment(on + AHEAD)
    mine = Q(chair_position_id=actor.position_id)
    mine |= Q(invitations__position_id=actor.position_id, invitations__sent_at__isnull=False)
    mine |= Q(engagements__attendants__position_id=actor.position_id, engagements__called_off_at__isnull=True)
    if _leads(actor, on):
        mine |= Q(unit_id=actor.unit_id, chair_position__isnull=True)
        mine |= Q(
            invitations__unit_id=actor.unit_id,
            invitations__position__isnull=True,
            invitations__sent_at__isnull=False,
        )
    seen = meetings_for(actor, on).filter(mine, starts_at__gte=first, starts_at__lt=last)
    rows = Meeting.objects.filter(pk__in=seen.order_by().values("pk")).order_by("starts_at", "pk")[:MOST]
    for meeting in rows:
        yield Entry(
            uid=f"hop-{meeting.pk}",
            kind="Họp",
            title=meeting.title,
            start=meeting.starts_at,
            end=meeting.ends_at or meeting.starts_at + USUAL,
            place=", ".join(part for part in (meeting.place, meeting.online_link) if part),
            link=_link("work:meeting-short", meeting.pk),
            stamp=meeting.invited_at or meeting.starts_at - BACK,
            cancelled=meeting.state == MeetingState.CANCELLED,
            sequence=meeting.sequence,
        )


def _engagements(actor: Actor, on: date) -> Iterable[Entry]:
    """Lines of the week that name the position, where its calendar may be seen."""
    seen = people.units_where(actor, "week.view", on)
    rows = (
        Engagement.objects.filter(attendants__position_id=actor.position_id, unit_id__in=seen, meeting__isnull=True)
        .filter(starts_at__gte=_moment(on - BACK), starts_at__lt=_moment(on + AHEAD))
        .select_related("room")
        .distinct()
        .order_by("starts_at", "pk")[:MOST]
    )
    for each in rows:
        yield Entry(
            uid=f"lich-{each.pk}",
            kind="Lịch công tác",
            title=each.subject,
            start=each.starts_at,
            end=each.ends_at,
            place=each.place or (each.room.name if each.room else ""),
            link=settings.SITE + reverse("work:week"),
            stamp=each.changed_at or each.entered_at,
            cancelled=each.called_off_at is not None,
        )


def _tasks(actor: Actor, on: date) -> Iterable[Entry]:
    """Open tasks given to the position; of one who leads a unit also those of the unit nobody was named for."""
    for task in _mine(actor, on):
        assert task.due_on is not None
        yield Entry(
            uid=f"viec-{task.pk}",
            kind="Hạn nhiệm vụ",
            title=task.title,
            start=task.due_on,
            end=task.due_on + timedelta(days=1),
            place="",
            link=_link("work:task", task.pk),
            stamp=task.assigned_at,
        )


def _mine(actor: Actor, on: date) -> QuerySet[Task]:
    mine = Q(officer_id=actor.position_id)
    if _leads(actor, on):
        mine |= Q(officer__isnull=True, lead_id=actor.unit_id)
    return (
        visible_tasks(actor, on)
        .filter(mine, counted(on), proposed_at__isnull=True, confirmed_at__isnull=True)
        .filter(due_on__gte=on - BACK, due_on__lt=on + AHEAD)
        .order_by("due_on", "pk")[:MOST]
    )


def _leads(actor: Actor, on: date) -> bool:
    """The head of the unit, or who answers for it."""
    if actor.unit_id is None:
        return False
    head = people.head(actor.unit_id, on)
    answering = people.positions_with([actor.unit_id], Role.HEAD, on)[actor.unit_id]
    return actor.position_id in {head.position_id if head else None, *answering}


def _link(name: str, pk: int) -> str:
    return settings.SITE + reverse(name, args=[pk])


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))
