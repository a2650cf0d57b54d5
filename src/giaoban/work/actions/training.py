"""Verbs on a training: its sessions and learners, and how many sessions the certificate asks for."""

from __future__ import annotations

import re
from datetime import datetime

from django.utils import timezone
from django.utils.crypto import get_random_string

from giaoban.core.refusal import NotAllowed
from giaoban.core.text import fold, nfc
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.work import refusals
from giaoban.work import refusals_conference as conference
from giaoban.work.actions.meeting_rules import require_state, required, run
from giaoban.work.models import Guest, Invitation, Meeting, MeetingKind, MeetingState, Session

MOST = 300  # lines at once


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


def set_topic(*, by: Actor, at: datetime, meeting: Meeting, topic: str) -> Meeting:
    """What the training is about: those of one topic are looked at together. Empty: its title."""
    with run(by, at, "meeting.sessions", meeting) as (entry, meeting):
        meeting.topic = nfc(topic).strip()[:200]
        meeting.topic_fold = fold(meeting.topic)[:200]
        meeting.save(update_fields=["topic", "topic_fold"])
        entry.data["topic"] = meeting.topic
    return meeting


def register_learners(*, by: Actor, at: datetime, meeting: Meeting, unit_id: int, names: str) -> list[Guest]:
    """A unit names who comes, a line each ("Nguyễn Thị A; giáo viên"): by itself, or by who runs the training."""
    with writing(by=by, at=at, verb="meeting.learners", subject=meeting, unit_id=unit_id) as entry:
        meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
        if meeting.kind != MeetingKind.TRAINING:
            raise conference.NotATraining()
        require_state(meeting, MeetingState.PLANNED, MeetingState.HELD)
        invitation = _may_name(by, at, meeting, unit_id)
        lines = [line for line in required(names, "names").splitlines() if line.strip()]
        if len(lines) > MOST:
            raise conference.TooManyLearners(most=MOST)
        have = {fold(name) for name in meeting.guests.filter(unit_id=unit_id).values_list("name", flat=True)}
        made = []
        for line in lines:
            name, _, office = (part.strip() for part in re.sub(r"^\s*\d+\s*[.)]\s*", "", nfc(line)).partition(";"))
            if name and fold(name) not in have:
                have.add(fold(name))
                made.append(
                    Guest(
                        meeting=meeting,
                        unit_id=unit_id,
                        name=name[:200],
                        office=office[:200],
                        site_id=invitation.site_id if invitation else None,
                        salt=get_random_string(12),
                    )
                )
        Guest.objects.bulk_create(made)
        entry.data["learners"] = [each.name for each in made]
        entry.skip = not made
    return made


def remove_learner(*, by: Actor, at: datetime, learner: Guest) -> None:
    """Off the list, while they have checked in at no session."""
    meeting = learner.meeting
    with writing(by=by, at=at, verb="meeting.learners", subject=meeting, unit_id=learner.unit_id) as entry:
        if learner.unit_id is None:
            raise NotAllowed()
        require_state(meeting, MeetingState.PLANNED, MeetingState.HELD)
        _may_name(by, at, meeting, learner.unit_id)
        if learner.check_ins.exists():
            raise refusals.SessionAttended()
        entry.data["removed"] = learner.name
        learner.delete()


def _may_name(by: Actor, at: datetime, meeting: Meeting, unit_id: int) -> Invitation | None:
    """The invitation of the unit whose learners are named; NotAllowed for anybody but the unit and the host."""
    on = timezone.localdate(at)
    invitation = meeting.invitations.filter(unit_id=unit_id).first()
    if people.may(by, "meeting.plan", meeting.unit_id, on) and (invitation or unit_id == meeting.unit_id):
        return invitation
    if invitation is None or invitation.sent_at is None or not people.may(by, "meeting.answer", unit_id, on):
        raise NotAllowed()
    return invitation
