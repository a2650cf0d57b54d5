"""The calendar of a week: lines entered, meetings of the unit, invitations nobody was named for, and what clashes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import combinations

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.people.models import Holding, Position
from giaoban.work.models import Attendant, Engagement, Facility, Invitation, Meeting, MeetingState, Week

NOON, EVENING = time(11, 30), time(17, 0)


@dataclass(frozen=True)
class Person:
    """A position that takes part, and who sat in it on the day."""

    position_id: int
    title: str
    name: str
    chairs: bool = False


@dataclass(frozen=True)
class Clash:
    """Something two lines need at once: a person, a room or a car."""

    kind: str
    name: str
    other: str


@dataclass(frozen=True)
class Line:
    """One line of the week, wherever it comes from."""

    starts_at: datetime
    ends_at: datetime
    subject: str
    unit_id: int
    people: tuple[Person, ...] = ()
    chair: str = ""
    place: str = ""
    room: Facility | None = None
    car: Facility | None = None
    preparing: str = ""
    note: str = ""
    engagement_id: int | None = None
    meeting: Meeting | None = None
    changed: bool = False
    off: str = ""
    clashes: tuple[Clash, ...] = field(default=(), compare=False)

    @property
    def unassigned(self) -> bool:
        """An invitation for which nobody of the unit is named yet."""
        return self.meeting is not None and self.engagement_id is None and not self.people

    @property
    def day(self) -> date:
        return timezone.localdate(self.starts_at)

    @property
    def morning(self) -> bool:
        return timezone.localtime(self.starts_at).time() < time(12, 0)


@dataclass(frozen=True)
class WeekView:
    """A unit's week: seven days with their lines, and whether it is approved."""

    unit_id: int
    monday: date
    lines: tuple[Line, ...]
    approved: Week | None

    @property
    def days(self) -> list[tuple[date, list[Line]]]:
        """Monday to Friday always, the weekend where it has lines."""
        found = []
        for offset in range(7):
            day = self.monday + timedelta(days=offset)
            lines = [line for line in self.lines if line.day == day]
            if lines or offset < 5:
                found.append((day, lines))
        return found

    @property
    def clashing(self) -> list[Line]:
        return [line for line in self.lines if line.clashes]


def monday_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def week(actor: Actor, unit_id: int, monday: date, on: date) -> WeekView:
    """The week of a unit whose calendar the actor may see; NotAllowed otherwise."""
    if not people.may(actor, "week.view", unit_id, on):
        raise NotAllowed()
    lines = with_clashes(lines_of(unit_id, monday))
    approved = Week.objects.filter(unit_id=unit_id, monday=monday).first()
    return WeekView(unit_id, monday, tuple(lines), approved)


def lines_of(unit_id: int, monday: date) -> list[Line]:
    """All lines of a unit's week in the order of time."""
    first, last = _bounds(monday)
    entered = list(_entered(unit_id).filter(starts_at__lt=last, ends_at__gt=first))
    taken = {each.meeting_id for each in entered if each.meeting_id and each.called_off_at is None}
    hosted = Meeting.objects.filter(unit_id=unit_id, starts_at__gte=first, starts_at__lt=last)
    invited = Meeting.objects.filter(
        invitations__in=Invitation.objects.filter(unit_id=unit_id, sent_at__isnull=False),
        starts_at__gte=first,
        starts_at__lt=last,
    )
    meetings = [
        each for each in (hosted | invited).distinct().exclude(state=MeetingState.CANCELLED) if each.pk not in taken
    ]
    sat = _sitting(
        {attendant.position_id for each in entered for attendant in each.attendants.all()}
        | {each.chair_position_id for each in meetings if each.chair_position_id},
        monday,
    )
    lines = [_of_engagement(each, sat) for each in entered] + [_of_meeting(each, unit_id, sat) for each in meetings]
    return sorted(lines, key=lambda line: (line.starts_at, line.ends_at, line.subject))


def with_clashes(lines: Iterable[Line]) -> list[Line]:
    """The same lines, each with what it needs at the same time as another. A line called off needs nothing."""
    lines = list(lines)
    found: dict[int, list[Clash]] = {}
    for (i, one), (j, other) in combinations(enumerate(lines), 2):
        if one.off or other.off or one.ends_at <= other.starts_at or other.ends_at <= one.starts_at:
            continue
        for kind, name in _shared(one, other):
            found.setdefault(i, []).append(Clash(kind, name, other.subject))
            found.setdefault(j, []).append(Clash(kind, name, one.subject))
    return [replace(line, clashes=tuple(found.get(place, ()))) for place, line in enumerate(lines)]


def _shared(one: Line, other: Line) -> list[tuple[str, str]]:
    both = {each.position_id for each in one.people} & {each.position_id for each in other.people}
    found = [("person", each.name or each.title) for each in one.people if each.position_id in both]
    for kind in ("room", "car"):
        mine: Facility | None = getattr(one, kind)
        theirs: Facility | None = getattr(other, kind)
        if mine is not None and mine == theirs:
            found.append((kind, mine.name))
    return found


def engagement(actor: Actor, engagement_id: int, on: date) -> Engagement:
    """One line whose calendar the actor may see; Engagement.DoesNotExist otherwise."""
    found = _all().get(pk=engagement_id)
    if not people.may(actor, "week.view", found.unit_id, on):
        raise Engagement.DoesNotExist
    return found


def facilities(unit_id: int, on: date) -> QuerySet[Facility]:
    """Rooms and cars that the unit lends on a day."""
    return Facility.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on), unit_id=unit_id)


def facility(actor: Actor, facility_id: int, on: date) -> Facility:
    """One room or car of a unit whose calendar the actor may see; Facility.DoesNotExist otherwise."""
    found = Facility.objects.get(pk=facility_id)
    if not people.may(actor, "week.view", found.unit_id, on):
        raise Facility.DoesNotExist
    return found


def leadership(unit_id: int, on: date) -> list[Person]:
    """The positions of a unit and who sits in them, leaders first."""
    positions = list(Position.objects.filter(unit_id=unit_id).order_by("-leads", "rank", "pk"))
    sat = _sitting({each.pk for each in positions}, on)
    return [Person(each.pk, each.title, sat[each.pk].name) for each in positions if each.pk in sat]


def ends_of(meeting: Meeting) -> datetime:
    """When a meeting ends; one without an end takes the rest of its half-day, at least an hour."""
    if meeting.ends_at is not None:
        return meeting.ends_at
    start = timezone.localtime(meeting.starts_at)
    close = NOON if start.time() < NOON else EVENING
    return max(start.replace(hour=close.hour, minute=close.minute), start + timedelta(hours=1))


def _entered(unit_id: int) -> QuerySet[Engagement]:
    return _all().filter(unit_id=unit_id)


def _all() -> QuerySet[Engagement]:
    attendants = Prefetch("attendants", Attendant.objects.select_related("position"))
    return Engagement.objects.select_related("room", "car", "meeting").prefetch_related(attendants)


def _bounds(monday: date) -> tuple[datetime, datetime]:
    first = timezone.make_aware(datetime.combine(monday, time()))
    return first, first + timedelta(days=7)


def _sitting(positions: set[int], day: date) -> dict[int, Person]:
    """Who sits in each position on a day; who acts for the holder stands before the holder."""
    rows = Holding.objects.filter(people.valid_on(day), position_id__in=positions).select_related("account", "position")
    found: dict[int, Person] = {}
    for row in rows.order_by("start", "pk"):
        found[row.position_id] = Person(row.position_id, row.position.title, row.account.full_name)
    return found


def _people(rows: Sequence[Attendant], sat: dict[int, Person]) -> tuple[Person, ...]:
    return tuple(
        replace(
            sat.get(row.position_id, Person(row.position_id, row.position.title, row.position.title)),
            chairs=row.chairs,
        )
        for row in rows
    )


def _of_engagement(each: Engagement, sat: dict[int, Person]) -> Line:
    return Line(
        starts_at=each.starts_at,
        ends_at=each.ends_at,
        subject=each.subject,
        unit_id=each.unit_id,
        people=_people(list(each.attendants.all()), sat),
        chair=each.chair_text,
        place=each.place,
        room=each.room,
        car=each.car,
        preparing=each.preparing,
        note=each.note,
        engagement_id=each.pk,
        meeting=each.meeting,
        changed=each.changed_at is not None,
        off=each.reason if each.called_off_at else "",
    )


def _of_meeting(each: Meeting, unit_id: int, sat: dict[int, Person]) -> Line:
    """A meeting nobody entered: of the unit itself, with its chair; or one it is invited to."""
    chair = sat.get(each.chair_position_id) if each.unit_id == unit_id and each.chair_position_id else None
    return Line(
        starts_at=each.starts_at,
        ends_at=ends_of(each),
        subject=each.title,
        unit_id=unit_id,
        people=(replace(chair, chairs=True),) if chair else (),
        chair="" if chair else each.chair_name,
        place=each.place,
        meeting=each,
    )
