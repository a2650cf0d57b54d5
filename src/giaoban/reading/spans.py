"""Stretches of a text, asked quickly whether a place lies in one of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

Span = tuple[int, int]


class Spans:
    """Many stretches; `touch` answers in the logarithm of their number, however they overlap."""

    __slots__ = ("_reach", "_starts")

    def __init__(self, spans: Iterable[Span]) -> None:
        self._starts: list[int] = []
        self._reach: list[int] = []
        reach = -1
        for start, end in sorted(spans):
            reach = max(reach, end)
            self._starts.append(start)
            self._reach.append(reach)

    def touch(self, place: int) -> bool:
        """Whether some stretch begins at or before the place and ends after it."""
        at = bisect_right(self._starts, place) - 1
        return at >= 0 and self._reach[at] > place
