"""Verbs in a meeting: open it, take attendance, note down what is said."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actor import Actor
from giaoban.work import refusals
from giaoban.work.actions.agenda import put_overdue
from giaoban.work.actions.kept_minutes import keep_minutes
from giaoban.work.actions.meeting_rules import require_state, required, run
from giaoban.work.actions.minutes import keep, reason_after_lock
from giaoban.work.actions.planning import carry_over
from giaoban.work.models import (
    AgendaItem,
    Contribution,
    Invitation,
    Meeting,
    MeetingState,
)


def open_meeting(*, by: Actor, at: datetime, meeting: Meeting) -> Meeting:
    """The meeting begins; conclusions that are still open today join the agenda."""
    with run(by, at, "meeting.open", meeting) as (_entry, meeting):
        require_state(meeting, MeetingState.PLANNED)
        carry_over(meeting)
        put_overdue(meeting, timezone.localdate(at))
        meeting.state, meeting.opened_at = MeetingState.HELD, at
        meeting.save(update_fields=["state", "opened_at"])
    return meeting


def take_attendance(
    *, by: Actor, at: datetime, invitation: Invitation, attendance: str, substitute: str = "", reason: str = ""
) -> Invitation:
    """Present, late, a named substitute, or absent with a reason."""
    attendance = Invitation.Attendance(attendance).value
    with run(by, at, "meeting.attendance", invitation.meeting) as (entry, meeting):
        require_state(meeting, MeetingState.HELD)
        if attendance == Invitation.Attendance.SUBSTITUTE and not substitute.strip():
            raise refusals.SubstituteUnnamed()
        if attendance == Invitation.Attendance.ABSENT and not reason.strip():
            raise refusals.AbsenceUnexplained()
        invitation.attendance = attendance
        invitation.substitute = substitute.strip() if attendance == Invitation.Attendance.SUBSTITUTE else ""
        invitation.reason = reason.strip()
        invitation.save(update_fields=["attendance", "substitute", "reason"])
        entry.data.update(unit=invitation.unit_id, attendance=attendance)
    return invitation


def all_present(*, by: Actor, at: datetime, meeting: Meeting) -> int:
    """Mark present everybody of whom nothing was noted, and as substitutes those announced so."""
    with run(by, at, "meeting.attendance", meeting) as (entry, meeting):
        require_state(meeting, MeetingState.HELD)
        rest = meeting.invitations.filter(attendance="")
        units = list(rest.values_list("unit_id", flat=True))
        announced = rest.filter(answer=Invitation.Answer.SUBSTITUTE).exclude(consent=Invitation.Consent.REFUSED)
        for each in announced.exclude(answer_text=""):
            each.attendance, each.substitute = Invitation.Attendance.SUBSTITUTE, each.answer_text[:200]
            each.save(update_fields=["attendance", "substitute"])
        rest.filter(attendance="").update(attendance=Invitation.Attendance.PRESENT)
        entry.data["units"] = units
        entry.skip = not units
    return len(units)


def add_contribution(
    *,
    by: Actor,
    at: datetime,
    meeting: Meeting,
    text: str,
    unit_id: int | None = None,
    person: str = "",
    kind: str = "OPINION",
    item: AgendaItem | None = None,
    reason: str = "",
) -> Contribution:
    """What somebody said: opinion, difficulty, petition, answer. After the meeting is closed it needs a reason."""
    with run(by, at, "meeting.note", meeting) as (entry, meeting):
        require_state(meeting, MeetingState.HELD)
        if item is not None and item.meeting_id != meeting.pk:
            raise NotAllowed()
        why = reason_after_lock(meeting, reason)
        said = Contribution.objects.create(
            meeting=meeting,
            item=item,
            unit_id=unit_id,
            person=person.strip(),
            kind=Contribution.Kind(kind).value,
            text=required(text, "text"),
            at=at,
        )
        if meeting.closed_at is not None:
            keep(by, at, said, "", said.text, locked=True, reason=why)
            keep_minutes(by, at, meeting, why)
        entry.data["kind"] = said.kind
    return said
