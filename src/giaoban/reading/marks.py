"""What reading yields: marks on a document, each with its place, a short reason and how sure the reader is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

Number = int | float


@dataclass(frozen=True, slots=True)
class Citation:
    """A directive or legal document that the text names."""

    start: int
    end: int
    number: str
    date: date | None
    why: str
    confidence: float = 1.0
    key: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """How far a figure is from its target or from last time, in the text's own unit."""

    against: str  # "target" | "previous"
    value: Number


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured quantity."""

    start: int
    end: int
    value: Number
    unit: str
    why: str
    confidence: float = 1.0
    numerator: int | None = None
    denominator: int | None = None
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One of several works that an item holds; a date binds only the clause it stands in."""

    start: int
    end: int
    assignees: tuple[str, ...]
    coordinators: tuple[str, ...]
    due_text: str | None
    due: date | None


@dataclass(frozen=True, slots=True)
class Task:
    """What somebody is told to do from now on."""

    start: int
    end: int
    assignees: tuple[str, ...]
    coordinators: tuple[str, ...]
    due_text: str | None
    due: date | None
    why: str
    confidence: float = 1.0
    deliverable: str | None = None
    leader: str | None = None  # whoever is named to direct it: "đồng chí … chỉ đạo"
    parts: tuple[Part, ...] = ()  # two or more, else none


@dataclass(frozen=True, slots=True)
class Flag:
    """A place where the document contradicts itself."""

    start: int
    end: int
    kind: str  # "date" | "ratio" | "sum"
    why: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named with a title."""

    start: int
    end: int
    name: str
    title: str
    why: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Meeting:
    """The meeting that the document reports, announces or concludes."""

    kind: str
    dates: tuple[date, ...]
    chairs: tuple[str, ...]
    start: int
    end: int
    why: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of any kind with its place: what a page needs to show a document with what was found in it."""

    kind: str  # "meeting" | "citation" | "figure" | "task" | "flag"
    start: int
    end: int
    data: Meeting | Citation | Figure | Task | Flag


@dataclass(slots=True)
class Reading:
    """All marks of a document; `start` and `end` are places in the text as it was given."""

    text: str
    meeting: Meeting | None = None
    citations: list[Citation] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
