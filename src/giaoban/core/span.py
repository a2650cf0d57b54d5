"""Half-open spans of days: `[start, end)`, so that neighbours touch without overlapping.

The law gives inclusive last days ("đến hết ngày 30/6/2025"); we store the day after (1/7/2025).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

FAR = date.max
"""The end of what has no end yet."""


@dataclass(frozen=True, order=True)
class Span:
    """The days from `start` up to, not including, `end`. An empty span cannot be built."""

    start: date
    end: date = FAR

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"a span ends after it starts: {self.start} … {self.end}")

    def contains(self, day: date) -> bool:
        return self.start <= day < self.end

    def __contains__(self, day: date) -> bool:
        return self.contains(day)

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def intersect(self, other: Span) -> Span | None:
        """The days in both; None when there are none."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start < end else None

    @property
    def is_open(self) -> bool:
        return self.end == FAR
