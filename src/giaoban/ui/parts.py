"""Components described in Python, for pages that build them in a view: tabs, timeline, rooms of the rail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from giaoban.ui.looks import QUIET


@dataclass(frozen=True)
class Tab:
    """One way to look at the same thing; `count` is shown beside the word."""

    label: str
    href: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Moment:
    """One line of a timeline: when, who, what was done, why."""

    at: datetime | date
    what: str
    who: str = ""
    note: str = ""
    tone: str = QUIET
    icon: str = "circle"


@dataclass(frozen=True)
class Room:
    """One entry of the rail; `waiting` counts what is due there from this person."""

    label: str
    href: str
    icon: str
    current: bool = False
    waiting: int = 0


@dataclass(frozen=True)
class Found:
    """One answer of a search box."""

    label: str
    href: str
    kind: str = ""
    note: str = ""
    icon: str = "search"
