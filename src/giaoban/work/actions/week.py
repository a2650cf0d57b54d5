"""Verbs on the calendar of the week: enter, change and call off a line, approve the week, lend rooms and cars."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from giaoban.core.text import nfc
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.notices import actions as notices
from giaoban.people import queries as people
from giaoban.people.models import Position
from giaoban.work import refusals
from giaoban.work.actions.meeting_rules import required
from giaoban.work.models import Attendant, Engagement, Facility, Meeting, Week
from giaoban.work.queries import week as queries

FIELDS = ("starts_at", "ends_at", "subject", "place", "room_id", "car_id", "chair_text", "preparing", "note")


def enter(
    *,
    by: Actor,
    at: datetime,
    unit_id: int,
    starts_at: datetime,
    ends_at: datetime,
    subject: str,
    chair_id: int | None = None,
    attendant_ids: Iterable[int] = (),
    meeting: Meeting | None = None,
    **fields: Any,
) -> Engagement:
    """Put a line into a unit's calendar. In a week that is approved already it counts as a later change."""
    with writing(by=by, at=at, verb="week.enter", unit_id=unit_id) as entry:
        people.require(by, "week.plan", unit_id, timezone.localdate(at))
        made = Engagement(unit_id=unit_id, entered_at=at, meeting=meeting)
        _fill(made, {"starts_at": starts_at, "ends_at": ends_at, "subject": subject, **fields})
        if _week(made) is not None:
            made.changed_at = at
        try:
            with transaction.atomic():
                made.save()
        except IntegrityError:
            raise refusals.EnteredAlready() from None
        _seat(made, chair_id, attendant_ids)
        entry.subject = made
        entry.data.update(subject=made.subject, starts_at=made.starts_at)
        _tell(by, at, made, "Lịch công tác bổ sung" if made.changed_at else "")
    return made


def change(
    *,
    by: Actor,
    at: datetime,
    engagement: Engagement,
    chair_id: int | None = None,
    attendant_ids: Iterable[int] = (),
    reason: str = "",
    **fields: Any,
) -> Engagement:
    """Change a line. In an approved week the change needs a reason, is marked, and those concerned are told."""
    with writing(by=by, at=at, verb="week.change", subject=engagement, unit_id=engagement.unit_id) as entry:
        people.require(by, "week.plan", engagement.unit_id, timezone.localdate(at))
        found = Engagement.objects.select_for_update().get(pk=engagement.pk)
        if found.called_off_at:
            raise refusals.CalledOffAlready()
        before = {name: getattr(found, name) for name in FIELDS}
        was_approved = _week(found) is not None
        _fill(found, {**before, **fields})
        if was_approved or _week(found) is not None:
            found.reason = required(reason, "reason")[:300]
            found.changed_at = at
        found.save()
        _seat(found, chair_id, attendant_ids)
        entry.reason = nfc(reason).strip()
        changed = [name for name in FIELDS if before[name] != getattr(found, name)]
        entry.data.update(changed={name: [before[name], getattr(found, name)] for name in changed})
        _tell(by, at, found, "Điều chỉnh lịch công tác" if found.changed_at else "")
    return found


def call_off_engagement(*, by: Actor, at: datetime, engagement: Engagement, reason: str) -> Engagement:
    """Call a line off; it stays in the week, struck through."""
    with writing(by=by, at=at, verb="week.call_off", subject=engagement, unit_id=engagement.unit_id) as entry:
        people.require(by, "week.plan", engagement.unit_id, timezone.localdate(at))
        found = Engagement.objects.select_for_update().get(pk=engagement.pk)
        if found.called_off_at:
            raise refusals.CalledOffAlready()
        found.called_off_at, found.reason = at, required(reason, "reason")[:300]
        found.save(update_fields=["called_off_at", "reason"])
        entry.reason = found.reason
        _tell(by, at, found, "Hoãn lịch công tác" if _week(found) is not None else "")
    return found


def approve_week(*, by: Actor, at: datetime, unit_id: int, monday: date, despite: str = "") -> Week:
    """Approve the lines of a week as they stand. While lines clash, only with a word why it is so."""
    monday = queries.monday_of(monday)
    with writing(by=by, at=at, verb="week.approve", unit_id=unit_id) as entry:
        people.require(by, "week.approve", unit_id, timezone.localdate(at))
        if Week.objects.filter(unit_id=unit_id, monday=monday).exists():
            raise refusals.WeekApproved()
        lines = queries.with_clashes(queries.lines_of(unit_id, monday))
        if not lines:
            raise refusals.EmptyWeek()
        clashing = [line.subject for line in lines if line.clashes]
        despite = nfc(despite).strip()[:300]
        if clashing and not despite:
            raise refusals.WeekClashes(count=len(clashing), first=clashing[0])
        made = Week.objects.create(
            unit_id=unit_id,
            monday=monday,
            approved_at=at,
            approved_by=by.name,
            approved_title=by.title,
            despite=despite if clashing else "",
        )
        entry.subject = made
        entry.data.update(monday=monday, lines=len(lines), clashes=len(clashing))
        positions = sorted({each.position_id for line in lines if not line.off for each in line.people})
        for position in positions:
            notices.send(
                by=by,
                at=at,
                to_position=position,
                subject=f"Lịch công tác tuần từ {monday:%d/%m/%Y}",
                body=f"Lịch tuần đã được duyệt: {len(lines)} nội dung.",
                link=f"/lich-tuan/?tuan={monday:%Y-%m-%d}&unit={unit_id}",
            )
    return made


def lend(*, by: Actor, at: datetime, unit_id: int, kind: str, name: str, seats: int | None = None) -> Facility:
    """Add a room or a car that the calendar may book."""
    with writing(by=by, at=at, verb="week.lend", unit_id=unit_id) as entry:
        people.require(by, "week.plan", unit_id, timezone.localdate(at))
        words = required(name, "name")[:100]
        if queries.facilities(unit_id, timezone.localdate(at)).filter(kind=kind, name=words).exists():
            raise refusals.FacilityThere(name=words)
        made = Facility.objects.create(unit_id=unit_id, kind=Facility.Kind(kind).value, name=words, seats=seats)
        entry.subject = made
    return made


def lend_no_more(*, by: Actor, at: datetime, facility: Facility) -> Facility:
    """A room or car is no longer booked from today; lines that name it keep it."""
    with writing(by=by, at=at, verb="week.lend_no_more", subject=facility, unit_id=facility.unit_id):
        people.require(by, "week.plan", facility.unit_id, timezone.localdate(at))
        facility.closed_on = timezone.localdate(at)
        facility.save(update_fields=["closed_on"])
    return facility


def _fill(line: Engagement, fields: dict[str, Any]) -> None:
    unknown = fields.keys() - set(FIELDS)
    if unknown:
        raise TypeError(f"not a part of a line: {sorted(unknown)}")
    for name, value in fields.items():
        setattr(line, name, nfc(value).strip() if isinstance(value, str) else value)
    line.subject = required(line.subject, "subject")[:500]
    if line.ends_at <= line.starts_at:
        raise refusals.EndsTooEarly()
    day = timezone.localdate(line.starts_at)
    for name, kind in (("room_id", Facility.Kind.ROOM), ("car_id", Facility.Kind.CAR)):
        chosen = getattr(line, name)
        if chosen is not None and not queries.facilities(line.unit_id, day).filter(pk=chosen, kind=kind).exists():
            raise refusals.NotLent(field=name.removesuffix("_id"))


def _seat(line: Engagement, chair_id: int | None, attendant_ids: Iterable[int]) -> None:
    wanted = dict.fromkeys([*([chair_id] if chair_id else []), *attendant_ids])
    if Position.objects.filter(pk__in=wanted, unit_id=line.unit_id).count() != len(wanted):
        raise refusals.NotOfUnit(field="attendants")
    line.attendants.all().delete()
    Attendant.objects.bulk_create(
        Attendant(engagement=line, position_id=each, chairs=each == chair_id) for each in wanted
    )


def _week(line: Engagement) -> Week | None:
    monday = queries.monday_of(timezone.localdate(line.starts_at))
    return Week.objects.filter(unit_id=line.unit_id, monday=monday).first()


def _tell(by: Actor, at: datetime, line: Engagement, what: str) -> None:
    """Tell those who take part of a change after approval; before it the approved week tells them."""
    if not what:
        return
    when = timezone.localtime(line.starts_at)
    for position in line.attendants.values_list("position_id", flat=True):
        notices.send(
            by=by,
            at=at,
            to_position=position,
            subject=f"{what}: {line.subject}"[:200],
            body=f"{when:%H:%M} ngày {when:%d/%m/%Y}. {line.reason}".strip(),
            link=f"/lich-tuan/?tuan={when:%Y-%m-%d}&unit={line.unit_id}",
        )
