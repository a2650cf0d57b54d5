"""Search across the rooms, without accents; each room answers with what the actor may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from giaoban.core.text import fold
from giaoban.desk import context
from giaoban.documents import queries as documents
from giaoban.indicators import queries as indicators
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.ui.parts import Found
from giaoban.work import queries as work

SHORTEST = 2


@dataclass(frozen=True)
class Group:
    """The answers of one room, and where to see more of them."""

    title: str
    hits: list[Found]
    more: str = ""


def find(actor: Actor, text: str, on: date, limit: int) -> list[Group]:
    """Groups with at least one answer, in the order people look for things."""
    if len(fold(text)) < SHORTEST:
        return []
    held = people.verbs_held(actor, on)
    rooms: list[tuple[str, str, Callable[[], list[Found]]]] = [
        (_("Pages"), "", lambda: _pages(actor, text, on)),
        (_("Units"), "unit.view", lambda: _units(text, on, limit)),
        (_("Indicators"), "figure.view", lambda: _indicators(text, limit)),
        (_("Tasks"), "task.view", lambda: _tasks(actor, text, on, limit)),
        (_("Documents"), "document.view", lambda: _documents(actor, text, on, limit)),
        (_("Meetings"), "meeting.view", lambda: _meetings(actor, text, on, limit)),
    ]
    groups = [Group(title, ask()) for title, verb, ask in rooms if not verb or verb in held]
    return [group for group in groups if group.hits]


def _fits(text: str, words: str) -> bool:
    folded = fold(words)
    return all(word in folded for word in fold(text).split())


def _pages(actor: Actor, text: str, on: date) -> list[Found]:
    return [
        Found(label=room.label, href=room.href, icon=room.icon)
        for room in context.rooms(actor, on, "")
        if _fits(text, room.label)
    ]


def _units(text: str, on: date, limit: int) -> list[Found]:
    return [
        Found(
            label=hit.name,
            href=context.address("orgs:unit", hit.unit_id),
            kind=hit.kind_name,
            note=hit.path,
            icon="network",
        )
        for hit in orgs.search(text, on, limit=limit)
    ]


def _indicators(text: str, limit: int) -> list[Found]:
    return [
        Found(
            label=one.name,
            href=context.address("indicators:indicator", one.code),
            note=one.code,
            icon="chart-no-axes-combined",
        )
        for one in indicators.indicators(text)[:limit]
    ]


def _tasks(actor: Actor, text: str, on: date, limit: int) -> list[Found]:
    """Parts of one task have the same words; the unit that leads tells them apart."""
    tasks = list(work.tasks_for(actor, on, text=text)[:limit])
    names = work.names([task.lead_id for task in tasks], on)
    return [
        Found(
            label=task.title,
            href=task.get_absolute_url(),
            note=", ".join(filter(None, [names.get(task.lead_id, task.group), task.due_text])),
            icon="list-checks",
        )
        for task in tasks
    ]


def _documents(actor: Actor, text: str, on: date, limit: int) -> list[Found]:
    return [
        Found(label=f"{found.label}", href=found.get_absolute_url(), note=found.subject, icon="file-text")
        for found in documents.search(actor, text, on, limit=limit)
    ]


def _meetings(actor: Actor, text: str, on: date, limit: int) -> list[Found]:
    wanted = work.meetings_for(actor, on)
    for word in fold(text).split():
        wanted = wanted.filter(fold__contains=word)
    return [
        Found(
            label=meeting.title,
            href=meeting.get_absolute_url(),
            note=f"{localtime(meeting.starts_at):%d/%m/%Y}",
            icon="presentation",
        )
        for meeting in wanted[:limit]
    ]
