"""How wide a line of bold Times New Roman is: the decree measures its rules against the text above them.

Advance widths of the typeface in thousandths of its size; a letter with marks is as wide as the letter without.
"""

from __future__ import annotations

import unicodedata
from itertools import combinations, pairwise

_POINT_MM = 25.4 / 72
_UPPER = {
    **dict.fromkeys("ADĐNRUVXY", 722),
    **dict.fromkeys("BELTZ", 667),
    **dict.fromkeys("FP", 611),
    **dict.fromkeys("GHKOQ", 778),
    "C": 722,
    "I": 389,
    "J": 500,
    "M": 944,
    "S": 556,
    "W": 1000,
}
_LOWER = {
    **dict.fromkeys("agovxy", 500),
    **dict.fromkeys("bdhknpquđ", 556),
    **dict.fromkeys("cerz", 444),
    **dict.fromkeys("il", 278),
    **dict.fromkeys("fjt", 333),
    "m": 833,
    "s": 389,
    "w": 722,
}
_MARKS = {" ": 250, ".": 250, ",": 250, ";": 333, ":": 333, "-": 333, "–": 500, "/": 278, "(": 333, ")": 333, "&": 833}
_WIDTHS = _UPPER | _LOWER | _MARKS
_OTHER = 500  # digits, and whatever is not listed
_MID_PHRASE = 25.0  # millimetres of unevenness accepted to break a line after a comma rather than within a phrase


def width(text: str, size: float) -> float:
    """Width in millimetres of a bold line of `size` points."""
    letters = (letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return sum(_WIDTHS.get(letter, _OTHER) for letter in letters) * size / 1000 * _POINT_MM


def balanced(text: str, size: float, room_mm: float) -> list[str]:
    """The text in as few lines as fit the room, of widths as equal as its words allow; nothing for an empty text."""
    words = text.split()
    if not words:
        return []
    for count in range(1, len(words) + 1):
        lines = _split(words, count, size)
        if all(width(line, size) <= room_mm for line in lines):
            return lines
    return words


def _split(words: list[str], count: int, size: float) -> list[str]:
    """`count` lines whose widest is as narrow as possible, broken after commas where that costs little."""

    def cost(lines: list[str]) -> float:
        within_phrase = sum(line[-1] not in ",;" for line in lines[:-1])
        return max(width(line, size) for line in lines) + within_phrase * _MID_PHRASE

    options = []
    for cuts in combinations(range(1, len(words)), count - 1):
        bounds = (0, *cuts, len(words))
        options.append([" ".join(words[start:end]) for start, end in pairwise(bounds)])
    return min(options, key=cost)
