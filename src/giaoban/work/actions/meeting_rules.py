"""What every verb on a meeting shares: the lock and the rights, its state, and whom to tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from giaoban.core.refusal import NotAllowed
from giaoban.core.text import nfc
from giaoban.journal.actions import Entry, writing
from giaoban.journal.actor import Actor
from giaoban.notices import actions as notices
from giaoban.people import queries as people
from giaoban.work import refusals
from giaoban.work.models import (
    Meeting,
    MeetingState,
)


@contextmanager
def run(
    by: Actor, at: datetime, verb: str, meeting: Meeting, reason: str = "", needs: Iterable[str] = ("meeting.plan",)
) -> Iterator[tuple[Entry, Meeting]]:
    """One verb on one meeting: journal, one of the rights needed at its host, and the meeting as it is now, locked."""
    with writing(by=by, at=at, verb=verb, subject=meeting, unit_id=meeting.unit_id, reason=reason.strip()) as entry:
        on = timezone.localdate(at)
        if not any(people.may(by, each, meeting.unit_id, on) for each in needs):
            raise NotAllowed()
        yield entry, Meeting.objects.select_for_update().get(pk=meeting.pk)


def require_state(meeting: Meeting, *states: MeetingState) -> None:
    if meeting.state in states:
        return
    raise _STATE_REFUSALS[MeetingState(meeting.state)]()


_STATE_REFUSALS = {
    MeetingState.PLANNED: refusals.MeetingNotOpen,
    MeetingState.HELD: refusals.MeetingHeld,
    MeetingState.CONCLUDED: refusals.MeetingOver,
    MeetingState.CANCELLED: refusals.MeetingCancelled,
}


def tell_invited(by: Actor, at: datetime, meeting: Meeting, what: str, body: str = "") -> None:
    units = list(meeting.invitations.filter(sent_at__isnull=False).values_list("unit_id", flat=True))
    tell_units(by, at, meeting, units, what, body)


def tell_units(by: Actor, at: datetime, meeting: Meeting, units: list[int], what: str, body: str = "") -> None:
    if not units:
        return
    when = timezone.localtime(meeting.starts_at)
    place = f", {meeting.place}" if meeting.place else ""
    notices.send(
        by=by,
        at=at,
        to_units=units,
        verb_of_receiver="meeting.answer",
        subject=f"{what}: {meeting.title}",
        body=f"{when:%H:%M} ngày {when:%d/%m/%Y}{place}. Chủ trì: {meeting.chair_name}. {body}".strip(),
        link=meeting.get_absolute_url(),
    )


def next_number(rows: Any, name: str) -> int:
    return (rows.aggregate(top=Max(name))["top"] or 0) + 1


def required(text: str, field: str) -> str:
    words = nfc(text).strip()
    if not words:
        raise refusals.Required(field=field)
    return words
