"""Sentences, clauses between semicolons, and words: the pieces in which a block is read."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(r"\w+(?:[&/]\w+)*|[^\w\s]")
# A full stop ends a sentence before a capital, a quotation mark, a bullet or a number with a capital, or at the end.
_STOP = re.compile(r"(?:[.!?…]+|\./\.)[\"')\]]*(?=\s+[\"'(\[“]*[A-ZÀ-ỸĐ0-9+-]|\s*$)")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[A-ZÀ-ỸĐ]|TP|Tp|TT|ThS|Th\.S|TS|PGS|GS|BS|KS|NGƯT|NGND|Q|P|H|tr|v\.v|St|No|vd|VD)$"
)
LONGEST = 6000  # a sentence is cut here at the latest, so that hostile text stays linear


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of `View.text`."""

    start: int
    end: int


@dataclass(slots=True)
class Words:
    """The words and signs of a stretch: low words, and where each begins and ends."""

    low: list[str]
    starts: list[int]
    ends: list[int]
    capital: list[bool]
    text: str

    def acronym(self, at: int) -> bool:
        """Whether a word is written in capitals throughout, as "UBND" is."""
        return self.text[self.starts[at] : self.ends[at]].isupper()

    def __len__(self) -> int:
        return len(self.low)


def sentences(text: str, start: int, end: int) -> list[Piece]:
    """The sentences of a stretch, trimmed."""
    pieces: list[Piece] = []
    at = start
    for match in _STOP.finditer(text, start, end):
        if match[0] == "." and _ABBREVIATION.search(text, max(at, match.start() - 6), match.start()):
            continue
        _add(pieces, text, at, match.end())
        at = match.end()
    _add(pieces, text, at, end)
    return pieces


def _add(pieces: list[Piece], text: str, start: int, end: int) -> None:
    while end - start > LONGEST:
        cut = text.rfind(" ", start, start + LONGEST)
        cut = cut if cut > start else start + LONGEST
        pieces.append(Piece(start, cut))
        start = cut
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        pieces.append(Piece(start, end))


def semicolons(text: str, piece: Piece) -> list[Piece]:
    """The parts of a sentence between semicolons that stand outside brackets and quotation marks."""
    parts: list[Piece] = []
    depth, quoted, at = 0, False, piece.start
    for place in range(piece.start, piece.end):
        sign = text[place]
        if sign in "([":
            depth += 1
        elif sign in ")]":
            depth = max(0, depth - 1)
        elif sign == '"':
            quoted = not quoted
        elif sign == ";" and depth == 0:
            _add(parts, text, at, place)
            at = place + 1
    _add(parts, text, at, piece.end)
    return parts


def words(text: str, low: str, start: int, end: int) -> Words:
    """The words and signs of a stretch."""
    places = [match.span() for match in _TOKEN.finditer(low, start, end)]
    starts = [first for first, _ in places]
    return Words(
        [low[first:last] for first, last in places],
        starts,
        [last for _, last in places],
        [text[first].isupper() for first in starts],
        text,
    )
