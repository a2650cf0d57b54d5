"""Verbs on a training: its sessions, and how many of them the certificate asks for."""

from __future__ import annotations

from datetime import datetime

from giaoban.journal.actor import Actor
from giaoban.work import refusals
from giaoban.work.actions.meeting_rules import require_state, required, run
from giaoban.work.models import Meeting, MeetingState, Session


def add_session(
    *,
    by: Actor,
    at: datetime,
    meeting: Meeting,
    subject: str,
    starts_at: datetime,
    ends_at: datetime,
    teacher: str = "",
    place: str = "",
) -> Session:
    """One more session of the programme; two may run at once, in two rooms."""
    with run(by, at, "meeting.sessions", meeting) as (entry, meeting):
        require_state(meeting, MeetingState.PLANNED, MeetingState.HELD)
        if ends_at <= starts_at:
            raise refusals.SessionEndsTooEarly()
        words = required(subject, "subject")[:300]
        if meeting.sessions.filter(starts_at=starts_at, subject=words).exists():
            raise refusals.SessionThere()
        made = Session.objects.create(
            meeting=meeting,
            subject=words,
            starts_at=starts_at,
            ends_at=ends_at,
            teacher=teacher.strip()[:200],
            place=place.strip()[:200],
        )
        entry.data.update(added=made.subject, starts_at=starts_at)
    return made


def remove_session(*, by: Actor, at: datetime, session: Session) -> None:
    """Off the programme, while nobody has checked in at it."""
    with run(by, at, "meeting.sessions", session.meeting) as (entry, meeting):
        require_state(meeting, MeetingState.PLANNED, MeetingState.HELD)
        if session.check_ins.exists():
            raise refusals.SessionAttended()
        entry.data["removed"] = session.subject
        session.delete()


def need_sessions(*, by: Actor, at: datetime, meeting: Meeting, needed: int | None) -> Meeting:
    """How many sessions must be attended for the certificate; None: all of them."""
    with run(by, at, "meeting.sessions", meeting) as (entry, meeting):
        require_state(meeting, MeetingState.PLANNED, MeetingState.HELD)
        if needed is not None and not 1 <= needed <= meeting.sessions.count():
            raise refusals.NotSoManySessions(count=meeting.sessions.count())
        meeting.sessions_needed = needed
        meeting.save(update_fields=["sessions_needed"])
        entry.data["needed"] = needed
    return meeting
