"""Marks in the text, and the text cut where they begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from giaoban.core.text import fold

LETTERS = {"tasks": "V", "figures": "S", "citations": "D", "flags": "M"}
"""The letter before a mark's number: việc, số liệu, dẫn chiếu, mâu thuẫn."""


@dataclass(frozen=True)
class Mark:
    """One marked passage: its kind, its number among its kind, and where it stands."""

    kind: str
    no: int
    start: int
    end: int

    @property
    def code(self) -> str:
        return f"{LETTERS[self.kind]}{self.no}"

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end


@dataclass(frozen=True)
class Piece:
    """A stretch of the text under the same marks; `starts` are the marks that begin here."""

    text: str
    kinds: tuple[str, ...] = ()
    starts: tuple[Mark, ...] = ()


def cut(text: str, marks: Iterable[Mark]) -> list[Piece]:
    """The text in pieces between the borders of marks; marks may overlap and lie in one another."""
    ordered = sorted(marks, key=lambda mark: (mark.start, -mark.end))
    borders = sorted({0, len(text), *(mark.start for mark in ordered), *(mark.end for mark in ordered)})
    pieces = []
    waiting = list(reversed(ordered))
    over: list[Mark] = []
    for start, end in pairwise(borders):
        while waiting and waiting[-1].start <= start:
            over.append(waiting.pop())
        over = [mark for mark in over if end <= mark.end]
        pieces.append(
            Piece(
                text[start:end],
                tuple(dict.fromkeys(mark.kind for mark in over)),
                tuple(mark for mark in over if mark.start == start),
            )
        )
    return pieces


def sentence_around(text: str, start: int, end: int) -> str:
    """The sentence that holds a passage."""
    floor = max(0, start - 2000)
    before = max((match.end() for match in re.finditer(r"[.;!?]\s|\n", text[floor:start])), default=0) + floor
    after = re.search(r"[.;!?](?:\s|$)|\n", text[end : end + 2000])
    return text[before : end + (after.start() if after else len(text) - end)].strip()


def words_of(passage: str) -> str:
    """A passage as passages are told from one another: its words alone, without accents, signs and line breaks."""
    return " ".join(re.findall(r"\w+", fold(passage)))


def flat(text: str) -> tuple[str, list[int]]:
    """The text folded with single spaces, and for each letter where it stood."""
    letters: list[str] = []
    back: list[int] = []
    for place, sign in enumerate(text):
        plain = " " if sign.isspace() else fold(sign)
        if plain == " " and letters and letters[-1] == " ":
            continue
        for letter in plain:
            letters.append(letter)
            back.append(place)
    return "".join(letters), back
