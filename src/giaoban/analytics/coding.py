"""Periods and codes as whole numbers, so that nothing that is added up is joined on text."""

from __future__ import annotations

import threading
from functools import lru_cache

from giaoban.core import period
from giaoban.core.period import Kind

# Written into parts: a number once given to a kind stays.
NUMBERS = {
    Kind.SCHOOL_YEAR: 1,
    Kind.SCHOOL_YEAR_START: 2,
    Kind.SEMESTER_1: 3,
    Kind.SEMESTER_2: 4,
    Kind.SCHOOL_YEAR_END: 5,
    Kind.MONTH: 6,
    Kind.QUARTER: 7,
    Kind.HALF_YEAR: 8,
    Kind.YEAR: 9,
    Kind.CALENDAR_YEAR: 10,
    Kind.ONE_OFF: 11,
}


@lru_cache(maxsize=100_000)
def number(code: str) -> int:
    """Kind, first day and end, one after the other: 2025-2026.HK1 is 3 20250901 20260116."""
    found = period.parse(code)
    days = (day.year * 10_000 + day.month * 100 + day.day for day in (found.start, found.end))
    start, end = days
    return (NUMBERS[found.kind] * 10**8 + start) * 10**8 + end


class Codes:
    """Numbers for texts, good for this process. The empty text is 0."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = {"": 0}

    def __getitem__(self, text: str) -> int:
        if text not in self._numbers:
            with self._lock:
                self._numbers.setdefault(text, len(self._numbers))
        return self._numbers[text]


codes = Codes()
