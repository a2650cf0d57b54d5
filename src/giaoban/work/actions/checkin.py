"""Verbs of checking in: by the organiser's phone, which may have had no line for hours, and on one's own phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.work import refusals
from giaoban.work.models import CheckIn, Guest, Invitation, Meeting, MeetingState
from giaoban.work.queries.checkin import invitation_of, room_of
from giaoban.work.queries.sites import kept_by
from giaoban.work.refusals_conference import NoSuchSite, OtherSite

EARLIEST = timedelta(hours=3)  # before the meeting begins
MOST = 200  # rows of one sending


@dataclass(frozen=True)
class Arrival:
    """One check-in as the phone kept it."""

    key: UUID
    who: str
    at: datetime
    way: str = "LIST"
    session_id: int | None = None
    site_id: int | None = None


@dataclass(frozen=True)
class Outcome:
    """Keys that are kept for good, now or from an earlier sending; and those that cannot be, with the reason."""

    taken: list[UUID] = field(default_factory=list)
    refused: dict[UUID, Refused] = field(default_factory=dict)


def check_in(*, by: Actor, at: datetime, meeting: Meeting, arrivals: Sequence[Arrival]) -> Outcome:
    """Keep what a phone sends. What is sent again, or made by two phones, is kept once; nothing is kept by half."""
    if len(arrivals) > MOST:
        raise refusals.TooManyAtOnce(most=MOST)
    with writing(by=by, at=at, verb="meeting.check_in", subject=meeting, unit_id=meeting.unit_id) as entry:
        runs = people.may(by, "meeting.plan", meeting.unit_id, timezone.localdate(at))
        kept = {each.pk for each in kept_by(by, meeting, timezone.localdate(at))} if not runs else set()
        if not runs and not (kept and all(each.site_id in kept for each in arrivals)):
            raise NotAllowed()  # who keeps a site checks in at that one
        meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
        outcome = _Taking(by, at, meeting, of_site_only=not runs).take(arrivals)
        entry.data["check_ins"] = len(outcome.new)
        entry.data["people"] = [each.who for each in outcome.new]
        entry.skip = not outcome.new
    return outcome.outcome


def check_in_self(*, by: Actor, at: datetime, meeting: Meeting, code: str, key: UUID) -> Invitation:
    """Somebody invited opens the code shown in the room on their own phone."""
    with writing(by=by, at=at, verb="meeting.check_in", subject=meeting, unit_id=by.unit_id) as entry:
        meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
        invitation = invitation_of(by, meeting)
        if invitation is None:
            raise NotAllowed()
        room = room_of(meeting, code, at)
        if room is None:
            raise refusals.CodeOver()
        arrival = Arrival(key, f"i{invitation.pk}", at, CheckIn.Way.SELF, session_now(meeting, at), room.site_id)
        taking = _Taking(by, at, meeting)
        outcome = taking.take([arrival])
        for refused in outcome.outcome.refused.values():
            raise refused
        invitation.refresh_from_db()
        if invitation.position_id not in (None, by.position_id) and outcome.new and not invitation.substitute:
            invitation.attendance, invitation.substitute = Invitation.Attendance.SUBSTITUTE, by.name[:200]
            invitation.save(update_fields=["attendance", "substitute"])
        entry.data["people"] = [each.who for each in outcome.new]
        entry.skip = not outcome.new
    return invitation


def session_now(meeting: Meeting, at: datetime) -> int | None:
    """The session of a training that is on, or begins within the hour."""
    found = meeting.sessions.filter(starts_at__lte=at + timedelta(hours=1), ends_at__gte=at).first()
    return found.pk if found else None


@dataclass
class _Done:
    outcome: Outcome
    new: list[Arrival]


class _Taking:
    """One sending against what the meeting, locked, already has."""

    def __init__(self, by: Actor, at: datetime, meeting: Meeting, of_site_only: bool = False) -> None:
        self.by, self.at, self.meeting, self.of_site_only = by, at, meeting, of_site_only
        self.sites = set(meeting.sites.values_list("pk", flat=True))

    def take(self, arrivals: Sequence[Arrival]) -> _Done:
        outcome = Outcome()
        invitations, guests, sessions = self._named(arrivals)
        old = CheckIn.objects.filter(
            Q(key__in=[each.key for each in arrivals])
            | Q(invitation__in=list(invitations)) | Q(guest__in=list(guests))
        ).values_list("key", "invitation_id", "guest_id", "session_id")  # fmt: skip
        keys = {row[0] for row in old}
        have = {(f"i{row[1]}" if row[1] else f"g{row[2]}", row[3]) for row in old}
        new: list[Arrival] = []
        rows = []
        for each in arrivals:
            if each.key in keys or (each.who, each.session_id) in have:
                outcome.taken.append(each.key)
                continue
            person = self._person(each, invitations, guests)
            refused = self._refused(each, person, sessions)
            if refused is not None:
                outcome.refused[each.key] = refused
                continue
            assert person is not None
            keys.add(each.key)
            have.add((each.who, each.session_id))
            rows.append(self._row(each, person))
            new.append(each)
            outcome.taken.append(each.key)
        CheckIn.objects.bulk_create(rows)
        self._attended(rows)
        return _Done(outcome, new)

    def _named(self, arrivals: Sequence[Arrival]) -> tuple[dict[int, Invitation], dict[int, Guest], set[int]]:
        asked = {each.who for each in arrivals}
        invitations = self.meeting.invitations.in_bulk([int(who[1:]) for who in asked if _is(who, "i")])
        guests = self.meeting.guests.in_bulk([int(who[1:]) for who in asked if _is(who, "g")])
        return invitations, guests, set(self.meeting.sessions.values_list("pk", flat=True))

    def _person(
        self, arrival: Arrival, invitations: dict[int, Invitation], guests: dict[int, Guest]
    ) -> Invitation | Guest | None:
        if _is(arrival.who, "i"):
            return invitations.get(int(arrival.who[1:]))
        return guests.get(int(arrival.who[1:])) if _is(arrival.who, "g") else None

    def _refused(self, arrival: Arrival, person: Invitation | Guest | None, sessions: set[int]) -> Refused | None:
        if self.meeting.state == MeetingState.CANCELLED:
            return refusals.MeetingCancelled()
        if self.meeting.state == MeetingState.CONCLUDED:
            return refusals.MeetingOver()
        if person is None:
            return refusals.NotOnTheList()
        if arrival.site_id is not None and arrival.site_id not in self.sites:
            return NoSuchSite()
        if self.of_site_only and person.site_id != arrival.site_id:
            return OtherSite()
        if arrival.session_id is not None and arrival.session_id not in sessions:
            return refusals.NoSuchSession()
        if arrival.at < self.meeting.starts_at - EARLIEST:
            return refusals.TooEarlyToCheckIn()
        return None

    def _row(self, arrival: Arrival, person: Invitation | Guest) -> CheckIn:
        return CheckIn(
            meeting=self.meeting,
            invitation=person if isinstance(person, Invitation) else None,
            guest=person if isinstance(person, Guest) else None,
            session_id=arrival.session_id,
            site_id=arrival.site_id or person.site_id,
            key=arrival.key,
            at=min(arrival.at, self.at),  # a phone whose clock runs ahead
            received_at=self.at,
            way=CheckIn.Way(arrival.way).value,
            by=self.by.name[:200],
        )

    def _attended(self, rows: Sequence[CheckIn]) -> None:
        """Who checked in came: in time, late, or as the substitute announced. What was noted by hand stays."""
        begun = self.meeting.opened_at and max(self.meeting.opened_at, self.meeting.starts_at)
        for row in rows:
            person = row.invitation or row.guest
            assert person is not None
            if person.attendance not in ("", Invitation.Attendance.ABSENT):
                continue
            late = begun is not None and row.at > begun and row.session_id is None
            person.attendance = Invitation.Attendance.LATE if late else Invitation.Attendance.PRESENT
            person.reason = ""
            if isinstance(person, Invitation) and _sends_another(person):
                person.attendance, person.substitute = Invitation.Attendance.SUBSTITUTE, person.answer_text[:200]
        self._units_of([row.guest for row in rows if row.guest])
        invited = [row.invitation for row in rows if row.invitation]
        Invitation.objects.bulk_update(invited, ["attendance", "reason", "substitute"])
        Guest.objects.bulk_update([row.guest for row in rows if row.guest], ["attendance", "reason"])

    def _units_of(self, guests: Sequence[Guest]) -> None:
        """A unit came when the first of its learners did."""
        units = {guest.unit_id for guest in guests if guest.unit_id}
        if units:
            rest = self.meeting.invitations.filter(unit__in=units, attendance__in=("", Invitation.Attendance.ABSENT))
            rest.update(attendance=Invitation.Attendance.PRESENT, reason="")


def _sends_another(person: Invitation) -> bool:
    return (
        person.answer == Invitation.Answer.SUBSTITUTE
        and bool(person.answer_text)
        and person.consent != Invitation.Consent.REFUSED
    )


def _is(who: str, letter: str) -> bool:
    return who[:1] == letter and who[1:].isascii() and who[1:].isdigit() and len(who) < 12
