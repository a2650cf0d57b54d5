"""Guests' links, how each unit is called to a meeting, and the calendar file of a meeting."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core import signing
from django.utils.crypto import constant_time_compare
from icalendar import Calendar, Event, vCalAddress, vText

from giaoban.orgs import queries as orgs
from giaoban.work import refusals
from giaoban.work.models import Guest, Meeting, MeetingState

SALT = "giaoban.work.guest"
USUAL = timedelta(hours=2)  # in a calendar, of a meeting whose end nobody wrote


def token(guest: Guest) -> str:
    """What the guest's link holds: who, and a part that changes when the link is taken back."""
    return signing.dumps([guest.pk, guest.salt], salt=SALT, compress=False)


def by_token(given: str, at: datetime) -> Guest:
    """Whose link it is; it opens nothing once taken back, before it was sent, or a month after the meeting."""
    try:
        pk, mark = signing.loads(given, salt=SALT)
        guest = Guest.objects.select_related("meeting").get(pk=int(pk), sent_at__isnull=False)
    except (signing.BadSignature, ValueError, TypeError, Guest.DoesNotExist):
        raise refusals.GuestLinkOver() from None
    ended = guest.meeting.ends_at or guest.meeting.starts_at
    if not constant_time_compare(str(mark), guest.salt) or at > ended + timedelta(days=30):
        raise refusals.GuestLinkOver()
    return guest


def summoned(meeting: Meeting, unit_id: int, on: date) -> bool:
    """Triệu tập where the unit stands below the host on the day; anybody else is invited (mời)."""
    return any(orgs.is_under(unit_id, meeting.unit_id, each, on) for each in (orgs.MANAGEMENT, orgs.PARTY))


def summoned_units(meeting: Meeting, on: date) -> set[int]:
    """Of those invited, the ones that the host may summon."""
    below = {pk for each in (orgs.MANAGEMENT, orgs.PARTY) for pk in orgs.descendants(meeting.unit_id, each, on)}
    return {each.unit_id for each in meeting.invitations.all()} & below


def calendar_file(meeting: Meeting, host: str, domain: str, address: str, at: datetime) -> bytes:
    """RFC 5545: the same UID for ever, a higher SEQUENCE with each change, CANCELLED when it is called off."""
    cancelled = meeting.state == MeetingState.CANCELLED
    calendar = Calendar()
    calendar.add("prodid", "-//Giao Ban//VI")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled else "REQUEST" if meeting.invited_at else "PUBLISH")
    event = Event()
    event.add("uid", f"hop-{meeting.pk}@{domain}")
    event.add("sequence", meeting.sequence)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("dtstamp", at)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at or meeting.starts_at + USUAL)
    event.add("summary", meeting.title)
    event.add("location", ", ".join(part for part in (meeting.place, meeting.online_link) if part))
    about = f"Chủ trì: {meeting.chair_name}. {meeting.requirements}".strip()
    event.add("description", f"{about}\n{address}".strip())
    organizer = vCalAddress(f"mailto:no-reply@{domain}")
    organizer.params["cn"] = vText(host)
    event["organizer"] = organizer
    calendar.add_component(event)
    return bytes(calendar.to_ical())
