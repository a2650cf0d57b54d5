"""Verbs on the minutes: an entry is corrected, after the meeting is closed only with a reason; each change is shown."""

from __future__ import annotations

from datetime import datetime

from giaoban.core.text import nfc
from giaoban.journal.actor import Actor
from giaoban.work import refusals
from giaoban.work.actions.kept_minutes import keep_minutes
from giaoban.work.actions.meeting_rules import require_state, required, run
from giaoban.work.models import Contribution, Correction, Meeting, MeetingState


def correct_contribution(
    *, by: Actor, at: datetime, contribution: Contribution, text: str, reason: str = ""
) -> Contribution:
    """Write an entry of the discussion anew; what stood before is kept with who changed it, when and why."""
    with run(by, at, "minutes.correct", contribution.meeting, reason) as (entry, meeting):
        require_state(meeting, MeetingState.HELD, MeetingState.CONCLUDED)
        contribution.refresh_from_db()
        words = required(text, "text")
        why = reason_after_lock(meeting, reason)
        entry.data.update(entry=contribution.pk, before=contribution.text)
        entry.skip = words == contribution.text
        if not entry.skip:
            keep(by, at, contribution, contribution.text, words, locked=meeting.closed_at is not None, reason=why)
            contribution.text = words
            contribution.save(update_fields=["text"])
            keep_minutes(by, at, meeting, why)
    return contribution


def reason_after_lock(meeting: Meeting, reason: str) -> str:
    """The minutes are locked when the meeting is closed: what follows says why."""
    words = nfc(reason).strip()[:300]
    if meeting.closed_at is not None and not words:
        raise refusals.MinutesLocked()
    return words


def keep(
    by: Actor, at: datetime, contribution: Contribution, before: str, after: str, *, locked: bool, reason: str
) -> None:
    who = f"{by.name}, {by.title}" if by.title else by.name
    Correction.objects.create(
        contribution=contribution, before=before, after=after, at=at, by=who[:200], locked=locked, reason=reason
    )
