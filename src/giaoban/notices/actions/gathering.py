"""One message a receiver and day for a list of things, and none where it says nothing new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from giaoban.core import calendar
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.notices.actions.sending import send
from giaoban.notices.models import DuePassed, Gathered, Message


@dataclass(frozen=True)
class Row:
    """A line of the list. `note` may also stand in a mail: dates and numbers, no words of people."""

    words: str
    link: str
    note: str
    mark: str  # what it is and how it stands: a new mark is something new to tell


@dataclass(frozen=True)
class Group:
    head: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Receiver:
    """A position; or a unit in which nobody can be named, through whoever gets the verb."""

    position_id: int | None = None
    unit_id: int | None = None
    verb: str = ""


def gather(
    *,
    by: Actor,
    at: datetime,
    to: Receiver,
    subject: str,
    groups: Sequence[Group],
    link: str,
    repeat_after: int,
    text_to_paste: str = "",
) -> Message | None:
    """Tell the list, at most once a day; without anything new in it only after so many working days. None: not told."""
    on = timezone.localdate(at)
    marks = sorted({row.mark for group in groups for row in group.rows})
    if not marks or not _is_due(last_of(to), set(marks), on, repeat_after):
        return None
    try:
        with writing(by=by, at=at, verb="notice.gather", unit_id=to.unit_id) as entry:
            kept = Gathered.objects.create(position_id=to.position_id, unit_id=to.unit_id, day=on, marks=marks)
            kept.message = send(
                by=by,
                at=at,
                to_position=to.position_id,
                to_unit=to.unit_id,
                verb_of_receiver=to.verb,
                subject=subject,
                groups=[_plain(group) for group in groups],
                link=link,
                text_to_paste=text_to_paste,
            )[0]
            kept.save(update_fields=["message"])
            entry.data["rows"] = len(marks)
    except IntegrityError:  # another run told it at the same moment
        return None
    return kept.message


def last_of(to: Receiver) -> Gathered | None:
    mine = Gathered.objects.filter(position_id=to.position_id, unit_id=to.unit_id)
    return mine.order_by("-day").first()


def _is_due(last: Gathered | None, marks: set[str], on: date, repeat_after: int) -> bool:
    if last is None:
        return True
    if last.day >= on:
        return False
    new = marks - set(last.marks)
    return bool(new) or calendar.working_days_between(last.day, on, calendar.vietnam(on.year)) >= repeat_after


def _plain(group: Group) -> dict[str, Any]:
    rows = [{"words": row.words, "link": row.link, "note": row.note} for row in group.rows]
    return {"head": group.head, "rows": rows}


def note_passed(*, by: Actor, at: datetime, subject: str, due: Iterable[tuple[int, date]], verb: str) -> int:
    """Put into the journal, once for each due day, that it has passed; how many were new."""
    rows = dict(due)
    on = timezone.localdate(at)
    with writing(by=by, at=at, verb=verb) as entry:
        told = DuePassed.objects.filter(subject=subject, subject_id__in=list(rows))
        known = set(told.values_list("subject_id", "due_on"))
        new = [pair for pair in rows.items() if pair not in known]
        DuePassed.objects.bulk_create(
            DuePassed(subject=subject, subject_id=key, due_on=day, day=on) for key, day in new
        )
        entry.data.update(subject=subject, ids=[key for key, _day in new])
        entry.skip = not new
    return len(new)
