"""Presets of meetings, from the catalogue; and a former meeting taken as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from giaoban.catalogue import table
from giaoban.core import period
from giaoban.core.text import fold
from giaoban.work.models import AgendaItem, Meeting

# Items that a plan fills in by itself each time: not copied from a former meeting.
BY_ITSELF = (AgendaItem.Kind.CARRIED, AgendaItem.Kind.REQUEST, AgendaItem.Kind.OVERDUE)


@dataclass(frozen=True)
class PlannedItem:
    title: str
    kind: str = "REPORT"
    minutes: int | None = None


@dataclass(frozen=True)
class Preset:
    code: str
    name: str
    kind: str
    title: str
    minutes: int
    items: tuple[PlannedItem, ...]
    invites: tuple[str, ...] = ()
    requirements: str = ""
    reviews: str = ""
    days: int = 1


@cache
def presets() -> dict[str, Preset]:
    """All of them, by code, in the order of the catalogue."""
    found = {}
    for code, row in table("meetings.toml").items():
        given = {**row, "items": tuple(PlannedItem(**item) for item in row["agenda"])}
        given.pop("agenda")
        given["invites"] = tuple(row.get("invites", ()))
        found[code] = Preset(code=code, **given)
    return found


def initial_of(preset: Preset, on: date, offered: Iterable[str]) -> dict[str, Any]:
    """What the planning form begins with; groups that are not offered at this host are left out."""
    groups = [name for wanted in preset.invites for name in offered if fold(name).startswith(fold(wanted))]
    return {
        "kind": preset.kind,
        "title": preset.title,
        "requirements": preset.requirements,
        "units": "; ".join(dict.fromkeys(groups)),
        "period_code": _reviewed(preset.reviews, on),
    }


def _reviewed(kind: str, on: date) -> str:
    """The period of that kind whose figures closed last."""
    if not kind:
        return ""
    now = period.on_day(period.Kind(kind), on)
    if now.data_day <= on:
        return now.code
    before = now.previous()
    return before.code if before is not None else now.code


def initial_like(meeting: Meeting, names: Mapping[int, str]) -> dict[str, Any]:
    """What a new meeting takes of a former one: everything but its day, its papers and what came of it."""
    return {
        "kind": meeting.kind,
        "title": meeting.title,
        "place": meeting.place,
        "online": meeting.online,
        "online_link": meeting.online_link,
        "chair_name": meeting.chair_name,
        "chair_title": meeting.chair_title,
        "requirements": meeting.requirements,
        "units": "; ".join(names[each.unit_id] for each in meeting.invitations.all() if each.unit_id in names),
    }


def items_like(meeting: Meeting) -> tuple[PlannedItem, ...]:
    return tuple(
        PlannedItem(item.title, item.kind, item.minutes) for item in meeting.agenda.all() if item.kind not in BY_ITSELF
    )


@dataclass(frozen=True)
class Timed:
    """An agenda item with the clock: when it begins, and whether it ends after the meeting."""

    begins: str
    over: bool


def timetable(meeting: Meeting, items: Iterable[AgendaItem], zone: Any) -> list[Timed]:
    """Each begins when those before it are over; without minutes it takes no time of the clock."""
    now = meeting.starts_at
    found = []
    for item in items:
        begins = now
        now += timedelta(minutes=item.minutes or 0)
        over = meeting.ends_at is not None and now > meeting.ends_at
        found.append(Timed(f"{begins.astimezone(zone):%H:%M}", over))
    return found
