"""Which events other systems may be told of, and how a room above says what an event is to a unit.

    @events.teller("task.assign")
    def told(event: Event, hook_units: frozenset[int], on: date) -> list[Told]: ...

The teller of a room gets the journal's event and the units whose eyes count, and gives what these may know of it: ids,
codes and links, no words of people.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings

from giaoban.journal.models import Event

NAMES = (
    "task.assigned",
    "task.reported",
    "task.proposed",
    "task.confirmed",
    "task.sent_back",
    "task.extended",
    "task.overdue",
    "conclusion.bound",
    "meeting.held",
    "document.sent",
)
TRIAL = "hook.trial"


@dataclass(frozen=True)
class Told:
    """One thing to deliver: its name and what is said of it."""

    name: str
    data: dict[str, Any]


Teller = Callable[[Event, frozenset[int], date], Iterable[Told]]
_tellers: dict[str, list[Teller]] = {}


def teller(*verbs: str) -> Callable[[Teller], Teller]:
    """Let the decorated function say what events of these verbs of the journal are to a unit."""

    def keep(function: Teller) -> Teller:
        for verb in verbs:
            known = _tellers.setdefault(verb, [])
            if function.__qualname__ not in [each.__qualname__ for each in known]:
                known.append(function)
        return function

    return keep


def verbs() -> list[str]:
    """The verbs of the journal that somebody can tell of."""
    return sorted(_tellers)


def of(event: Event, units: frozenset[int], on: date) -> list[Told]:
    return [told for each in _tellers[event.verb] for told in each(event, units, on)]


def body(name: str, at: datetime, data: dict[str, Any]) -> str:
    """What is sent and signed, byte for byte."""
    said = {"type": name, "timestamp": at.isoformat(), "data": data}
    return json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)


def link(path: str) -> str:
    """An address of this site where it has one, else the path."""
    return f"{settings.SITE}{path}"
