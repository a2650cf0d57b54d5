"""Verbs on one's own notes. They decide nothing and are nobody else's to know: the journal keeps no event of them.

What a note is turned into is said openly, under the person's name: that verb is in the journal.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.work import refusals_conference as refusals
from giaoban.work.actions import requests
from giaoban.work.actions.meeting_rules import require_state, required
from giaoban.work.models import AgendaItem, Contribution, Meeting, MeetingState, Paper, PrivateNote, Request
from giaoban.work.queries import private_notes as queries
from giaoban.work.queries.checkin import invitation_of
from giaoban.work.queries.meetings import meeting_for
from giaoban.work.queries.papers import readable
from giaoban.work.refusals import MeetingOver

LONGEST = 20_000


def keep_note(
    *,
    by: Actor,
    at: datetime,
    meeting: Meeting,
    text: str,
    item: AgendaItem | None = None,
    paper: Paper | None = None,
) -> PrivateNote:
    """Noted down for oneself, at a meeting one sees: before, during and after it."""
    with writing(by=by, at=at, verb="note.keep") as entry:
        entry.skip = True
        on = timezone.localdate(at)
        if by.account_id is None:
            raise NotAllowed()
        meeting_for(by, meeting.pk, on)
        if item is not None and item.meeting_id != meeting.pk:
            raise NotAllowed()
        if paper is not None and paper.pk not in {each.pk for each in readable(by, meeting, on)}:
            raise NotAllowed()
        return PrivateNote.objects.create(
            account_id=by.account_id,
            meeting=meeting,
            item=item,
            paper=paper,
            text=required(text, "text")[:LONGEST],
            at=at,
        )


def change_note(*, by: Actor, at: datetime, note: PrivateNote, text: str) -> PrivateNote:
    with writing(by=by, at=at, verb="note.change") as entry:
        entry.skip = True
        note = _own(by, note)
        note.text, note.changed_at = required(text, "text")[:LONGEST], at
        note.save(update_fields=["text", "changed_at"])
    return note


def remove_note(*, by: Actor, at: datetime, note: PrivateNote) -> None:
    with writing(by=by, at=at, verb="note.remove") as entry:
        entry.skip = True
        _own(by, note).delete()


def say_note(*, by: Actor, at: datetime, note: PrivateNote, kind: str = "OPINION") -> Contribution:
    """The note, as its owner's contribution in the name of their unit, while the meeting is on."""
    note = _own(by, note)
    meeting = note.meeting
    with writing(by=by, at=at, verb="meeting.note", subject=meeting, unit_id=meeting.unit_id) as entry:
        on = timezone.localdate(at)
        invited = invitation_of(by, meeting)
        speaks = invited is not None and by.unit_id and people.may(by, "meeting.answer", by.unit_id, on)
        if not speaks and not people.may(by, "meeting.plan", meeting.unit_id, on):
            raise NotAllowed()
        meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
        require_state(meeting, MeetingState.HELD)
        if meeting.closed_at is not None:
            raise MeetingOver()
        _unused(note)
        said = Contribution.objects.create(
            meeting=meeting,
            item=note.item,
            unit_id=by.unit_id,
            person=by.name[:200],
            kind=Contribution.Kind(kind).value,
            text=note.text,
            at=at,
        )
        note.contribution = said
        note.save(update_fields=["contribution"])
        entry.data["kind"] = said.kind
    return said


def request_note(
    *, by: Actor, at: datetime, note: PrivateNote, to_id: int | None = None, due_on: date | None = None
) -> Request:
    """The note, as a request of its owner's unit, at first to the host of the meeting."""
    note = _own(by, note)
    with writing(by=by, at=at, verb="request.make", unit_id=by.unit_id) as entry:
        entry.skip = True  # the verb inside writes its own event
        if by.unit_id is None:
            raise NotAllowed()
        _unused(note)
        made = requests.make(
            by=by,
            at=at,
            unit_id=by.unit_id,
            to_id=to_id or note.meeting.unit_id,
            text=note.text,
            due_on=due_on,
            meeting=note.meeting,
        )
        note.request = made
        note.save(update_fields=["request"])
    return made


def _own(by: Actor, note: PrivateNote) -> PrivateNote:
    """Anybody else's is not there for them, whatever rights they hold."""
    try:
        return queries.note(by, note.pk)
    except PrivateNote.DoesNotExist:
        raise NotAllowed() from None


def _unused(note: PrivateNote) -> None:
    if note.contribution_id or note.request_id:
        raise refusals.NoteUsed()
