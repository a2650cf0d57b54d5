"""Who may check in at a meeting, by which code, and who has."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac

from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.work.models import CheckIn, Guest, Invitation, Meeting

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another
LENGTH = 8
WINDOW = 300  # seconds that a code on the screen stays; a photograph of it is soon worth nothing
WINDOWS_KEPT = 2


def code_of(who: Invitation | Guest) -> str:
    """The code of one invited, signed by this installation: nobody makes up another's."""
    return _signed(f"{'g' if isinstance(who, Guest) else 'i'}{who.pk}.{who.meeting_id}", "person")


def room_code(meeting: Meeting, at: datetime, site_id: int | None = None) -> str:
    """The code shown in the room at this moment; each site of a meeting shows its own."""
    return _room(meeting, site_id, int(at.timestamp()) // WINDOW)


def _room(meeting: Meeting, site_id: int | None, window: int) -> str:
    place = f"{meeting.pk}.{window}" if site_id is None else f"{meeting.pk}.{site_id}.{window}"
    return _signed(place, "room" if site_id is None else "site")


def room_code_holds(meeting: Meeting, code: str, at: datetime, site_id: int | None = None) -> bool:
    """Shown now or a few minutes ago."""
    given = tidy(code)
    now = int(at.timestamp()) // WINDOW
    shown = [_room(meeting, site_id, now - back) for back in range(WINDOWS_KEPT + 1)]
    return any(constant_time_compare(given, each) for each in shown)


@dataclass(frozen=True)
class Room:
    """Where a code was shown: a site, or the only room of a meeting."""

    site_id: int | None


def room_of(meeting: Meeting, code: str, at: datetime) -> Room | None:
    """None for a code that holds nowhere (any more)."""
    for site_id in [None, *meeting.sites.values_list("pk", flat=True)]:
        if room_code_holds(meeting, code, at, site_id):
            return Room(site_id)
    return None


def tidy(code: str) -> str:
    """A code as it was typed: small letters, spaces and dashes do not matter."""
    return re.sub(r"[^0-9A-Z]", "", code.upper())


def grouped(code: str) -> str:
    """For reading aloud: ABCD-2345."""
    return f"{code[:4]}-{code[4:]}"


def _signed(text: str, use: str) -> str:
    mark = salted_hmac(f"giaoban.work.check_in.{use}", text, algorithm="sha256").digest()
    return "".join(LETTERS[byte % len(LETTERS)] for byte in mark[:LENGTH])


@dataclass(frozen=True)
class Expected:
    """One invited, as the check-in list shows them."""

    who: str  # "i12": an invitation, "g3": a guest
    name: str
    note: str
    code: str
    attendance: str
    at: datetime | None
    site: str = ""
    person: str = ""  # the person's own name, where one is known


def expected(
    meeting: Meeting, on: date, session_id: int | None = None, site_ids: Collection[int] | None = None
) -> list[Expected]:
    """Everybody invited, with when they checked in (at one session of a training); of some sites only, where asked.

    A unit that named its learners comes as those: it is not expected besides.
    """
    came = CheckIn.objects.filter(meeting=meeting, session=session_id)
    by_invitation = {each.invitation_id: each.at for each in came if each.invitation_id}
    by_guest = {each.guest_id: each.at for each in came if each.guest_id}
    guests = meeting.guests.select_related("site")
    invitations = meeting.invitations.select_related("position", "site")
    if site_ids is not None:
        guests, invitations = guests.filter(site__in=site_ids), invitations.filter(site__in=site_ids)
    learning = set(meeting.guests.filter(unit__isnull=False).values_list("unit_id", flat=True))
    invitations = invitations.exclude(unit__in=learning)
    names = orgs.snapshots({each.unit_id for each in invitations} | learning, on)

    def called(unit_id: int) -> str:
        there = names.get(unit_id)
        return (there.body_name or there.name) if there else orgs.body_name(unit_id, on)

    found = []
    for each in invitations:
        seat = each.position.title if each.position else ""
        note = ", ".join(part for part in (each.person, seat) if part)
        named = each.person if each.position_id else ""
        if each.attendance == Invitation.Attendance.SUBSTITUTE:
            named = each.substitute
        found.append(
            Expected(
                f"i{each.pk}",
                called(each.unit_id),
                note,
                code_of(each),
                each.attendance,
                by_invitation.get(each.pk),
                each.site.name if each.site else "",
                named,
            )
        )
    for guest in guests:
        office = ", ".join(part for part in (guest.office, called(guest.unit_id) if guest.unit_id else "") if part)
        found.append(
            Expected(
                f"g{guest.pk}",
                guest.name,
                office,
                code_of(guest),
                guest.attendance,
                by_guest.get(guest.pk),
                guest.site.name if guest.site else "",
                guest.name,
            )
        )
    return found


def invitation_of(actor: Actor, meeting: Meeting) -> Invitation | None:
    """The invitation that an actor answers to: of their own position first, else of their unit as such."""
    if actor.unit_id is None:
        return None
    mine = meeting.invitations.filter(Q(unit_id=actor.unit_id), sent_at__isnull=False)
    found = list(mine.order_by("pk"))
    for each in found:
        if each.position_id is not None and each.position_id == actor.position_id:
            return each
    return next((each for each in found if each.position_id is None), found[0] if found else None)
