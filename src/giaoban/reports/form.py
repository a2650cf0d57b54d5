"""What a form is: each folder of this room gives one, `kinds.py` lists them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from giaoban.core.period import Kind
from giaoban.files.official import OfficialDocument
from giaoban.journal.actor import Actor
from giaoban.reports.letterhead import Letterhead
from giaoban.reports.models import Report

Compose = Callable[[Report, Actor, date, Letterhead], OfficialDocument]


@dataclass(frozen=True)
class Form:
    """A kind of document we can write. `slots` are the places where a person adds words: {slot: what belongs there}."""

    code: str
    label: str
    about: str
    type_code: str
    of_meeting: bool
    compose: Compose
    slots: Mapping[str, str]
    periods: tuple[Kind, ...] = (Kind.SEMESTER_1, Kind.SEMESTER_2, Kind.SCHOOL_YEAR_START, Kind.SCHOOL_YEAR_END)
    """Kinds of periods it can be about."""
