"""A document's text cut into paragraphs and marked passages, by offsets; nothing is added or lost."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

BULLET = re.compile(r"\s*(?:[-–—+•*]+|\d{1,2}[.)]|[a-zđ][.)])\s+|\s+")


@dataclass(frozen=True)
class Span:
    """A passage from which a task was given."""

    start: int
    end: int
    task_id: int


@dataclass(frozen=True)
class Piece:
    """A stretch of text; `task_ids` are the tasks given from it, none for plain text."""

    start: int
    text: str
    task_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """One line of the text. `start`/`end` leave out its bullet and spaces: what a task would be given from."""

    start: int
    end: int
    pieces: tuple[Piece, ...]

    @property
    def given(self) -> bool:
        return any(piece.task_ids for piece in self.pieces)


def paragraphs(text: str, spans: Iterable[Span] = ()) -> list[Paragraph]:
    """Every line with something on it, cut where a marked passage begins or ends."""
    marked = sorted(spans, key=lambda span: (span.start, span.end))
    found = []
    start = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            found.append(_paragraph(text, start, start + len(line), marked))
        start += len(line)
    return found


@dataclass(frozen=True)
class Excerpt:
    """A passage with what stands around it; `cut_before`/`cut_after`: the text goes on."""

    before: str
    passage: str
    after: str
    cut_before: bool
    cut_after: bool


def excerpt(text: str, start: int, end: int, around: int = 220) -> Excerpt:
    """The passage in its context, cut between words."""
    first = _word_edge(text, max(0, start - around), 1) if start > around else 0
    last = _word_edge(text, min(len(text), end + around), -1) if end + around < len(text) else len(text)
    first, last = min(first, start), max(last, end)
    return Excerpt(_close(text[first:start]), text[start:end], _close(text[end:last]), first > 0, last < len(text))


def _close(text: str) -> str:
    """Without empty lines."""
    return re.sub(r"\s*\n\s*", "\n", text)


def _paragraph(text: str, start: int, end: int, spans: list[Span]) -> Paragraph:
    line_end = start + len(text[start:end].rstrip())
    bullet = BULLET.match(text, start, line_end)
    inner = bullet.end() if bullet and bullet.end() < line_end else start
    inside = [span for span in spans if span.start < line_end and span.end > start]
    cuts = sorted({start, line_end, *(min(max(edge, start), line_end) for s in inside for edge in (s.start, s.end))})
    pieces = tuple(
        Piece(a, text[a:b], tuple(span.task_id for span in inside if span.start <= a and b <= span.end))
        for a, b in pairwise(cuts)
        if a < b
    )
    return Paragraph(inner, line_end, pieces)


def _word_edge(text: str, place: int, step: int) -> int:
    while 0 < place < len(text) and not text[place - 1].isspace():
        place += step
    return place
