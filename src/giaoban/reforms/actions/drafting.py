"""Preparing: the decree's heading, and its parts as they were entered. Nothing of this touches a unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from giaoban.core.text import nfc
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs.queries.heirs import heirs
from giaoban.people import queries as people
from giaoban.reforms import queries, refusals
from giaoban.reforms.models import Reform, State

Part = dict[str, Any]
"""{"act": which form, "data": what was typed, "steps": `decree.to_json` of it}; a table has its file's name as data."""


@dataclass(frozen=True)
class Heading:
    """What the decree is: its number, day and issuer, what it is about, and the first day of the new state."""

    on: date
    title: str
    number: str = ""
    decided_on: date | None = None
    issuer: str = ""


def draft(*, by: Actor, at: datetime, heading: Heading, parts: list[Part]) -> Reform:
    """A reform to look at before anything happens."""
    unit = queries.owner(by, timezone.localdate(at))
    with writing(by=by, at=at, verb="reform.draft", unit_id=unit) as entry:
        found = Reform(unit_id=unit, parts=parts, made_at=at, made_by=who(by), changed_at=at)
        _head(found, heading)
        found.save(force_insert=True)
        entry.subject = found
        entry.data |= {"on": found.on, "steps": len(found.steps)}
    return found


def edit(*, by: Actor, at: datetime, reform: Reform, heading: Heading) -> Reform:
    """Another number, day or title."""
    with writing(by=by, at=at, verb="reform.edit", subject=reform, unit_id=reform.unit_id) as entry:
        found = locked(by, reform, at)
        _head(found, heading)
        _touch(found, at)
        entry.data["on"] = found.on
    return found


def add_part(*, by: Actor, at: datetime, reform: Reform, part: Part) -> Reform:
    """One more thing the decree does."""
    with writing(by=by, at=at, verb="reform.edit", subject=reform, unit_id=reform.unit_id) as entry:
        found = locked(by, reform, at)
        found.parts.append(part)
        _touch(found, at)
        entry.data["steps"] = len(found.steps)
    return found


def change_part(*, by: Actor, at: datetime, reform: Reform, place: int, part: Part) -> Reform:
    """The same part, entered otherwise."""
    with writing(by=by, at=at, verb="reform.edit", subject=reform, unit_id=reform.unit_id) as entry:
        found = locked(by, reform, at)
        _check_place(found, place)
        found.parts[place] = part
        _touch(found, at)
        entry.data["steps"] = len(found.steps)
    return found


def drop_part(*, by: Actor, at: datetime, reform: Reform, place: int) -> Reform:
    with writing(by=by, at=at, verb="reform.edit", subject=reform, unit_id=reform.unit_id) as entry:
        found = locked(by, reform, at)
        _check_place(found, place)
        del found.parts[place]
        _touch(found, at)
        entry.data["steps"] = len(found.steps)
    return found


def discard(*, by: Actor, at: datetime, reform: Reform) -> None:
    """Throw a draft away; the journal keeps that it was there."""
    with writing(by=by, at=at, verb="reform.discard", unit_id=reform.unit_id) as entry:
        found = locked(by, reform, at)
        entry.data["subject"] = str(found)
        found.delete()


def again(*, by: Actor, at: datetime, reform: Reform) -> Reform:
    """A new draft of the same parts: of one that was undone, to put it right."""
    require(by, reform, at)
    heading = Heading(reform.on, reform.title, reform.number, reform.decided_on, reform.issuer)
    return draft(by=by, at=at, heading=heading, parts=list(reform.parts))


def require(by: Actor, reform: Reform, at: datetime) -> None:
    """The right over the unit for which it was prepared, or over what that unit became."""
    on = timezone.localdate(at)
    people.require(by, queries.MANAGE, heirs([reform.unit_id], on).get(reform.unit_id, reform.unit_id), on)


def locked(by: Actor, reform: Reform, at: datetime) -> Reform:
    """The draft, held to the end of the transaction."""
    require(by, reform, at)
    found = Reform.objects.select_for_update().filter(pk=reform.pk).first()
    if found is None or found.state != State.DRAFT:
        raise refusals.NotADraft()
    return found


def who(by: Actor) -> str:
    """As the journal names them, to be kept."""
    return f"{by.name}, {by.title}" if by.title else by.name


def _head(found: Reform, heading: Heading) -> None:
    found.title = " ".join(nfc(heading.title).split())
    if not found.title:
        raise refusals.NoTitle()
    found.on = heading.on
    found.number = nfc(heading.number).strip()
    found.decided_on = heading.decided_on
    found.issuer = nfc(heading.issuer).strip()


def _touch(found: Reform, at: datetime) -> None:
    found.changed_at = max(at, found.changed_at)
    found.save()


def _check_place(found: Reform, place: int) -> None:
    if not 0 <= place < len(found.parts):
        raise refusals.NoSuchPart()
