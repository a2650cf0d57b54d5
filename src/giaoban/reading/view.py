"""The text as the rules see it, and the way back to the text as it was given.

Rules should not care how a file was typed: composed or decomposed letters, five sorts of dash, non-breaking spaces,
zero-width signs, Markdown stars, lines broken by a mail program. So every rule reads a `View`: one block of the page
to a line, words one space apart, letters composed, dashes plain. `View.span` leads back to the passage in the original.

`View.text` keeps upper and lower case. `View.low`, of the same length, is in lower case with the tone mark where the
new style puts it ("hoà" → "hòa", "uỷ" → "ủy", "tỉ" → "tỷ"): patterns are written in that style and match both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from giaoban.reading import lines

_HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—―−－﹣"), "-")
# A tab stays: it tells the cells of a table.
_SPACES = dict.fromkeys([*map(ord, "\u00a0\u1680\u202f\u205f\u3000"), *range(0x2000, 0x200B)], " ")
_BREAKS = dict.fromkeys(map(ord, "\v\f\x1c\x1d\x1e\x85\u2028\u2029"), "\n")
_QUOTES = {ord("“"): '"', ord("”"): '"', ord("„"): '"', ord("«"): '"', ord("»"): '"', ord("’"): "'", ord("‘"): "'"}
_CROSSED = {ord("Ð"): "Đ", ord("ð"): "đ"}
_PLAIN = {**_HYPHENS, **_SPACES, **_BREAKS, **_QUOTES, **_CROSSED}
# What carries no meaning at all: soft hyphen, zero-width signs, marks of writing direction.
_UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_RUN = re.compile(rf"[^\s*{_UNSEEN}]+|\s+|[*{_UNSEEN}]+")
_PLAIN_RUN = re.compile(r"\S+")

_LETTER = "a-zà-ỹđ"
_OLD_STYLE = re.compile(
    rf"o[àáảãạèéẻẽẹ](?![{_LETTER}])|(?<!q)u[ỳýỷỹỵ](?![{_LETTER}])|(?<![{_LETTER}])[hklmt][ìíỉĩị](?![{_LETTER}])"
)
_NEW_STYLE = {
    **{"o" + a: o + "a" for a, o in zip("àáảãạ", "òóỏõọ", strict=True)},
    **{"o" + e: o + "e" for e, o in zip("èéẻẽẹ", "òóỏõọ", strict=True)},
    **{"u" + y: u + "y" for y, u in zip("ỳýỷỹỵ", "ùúủũụ", strict=True)},
    **{c + i: c + y for c in "hklmt" for i, y in zip("ìíỉĩị", "ỳýỷỹỵ", strict=True)},
}


class View:
    """A document for reading. `text` and `low` hold its blocks, one a line; offsets of marks refer to them."""

    __slots__ = ("_places", "low", "original", "shapes", "text")

    def __init__(self, original: str) -> None:
        self.original = original
        composed, origin = _composed(original)
        plain = composed.translate(_PLAIN)
        if "\r" in plain:
            plain = plain.replace("\r\n", " \n").replace("\r", "\n")
        pieces: list[str] = []
        places: list[int] = []
        self.shapes: list[lines.Shape] = []
        for block in lines.blocks(plain):
            begin = len(places)
            for start, end in block.parts:
                _append(plain, start, end, pieces, places, begin)
            if len(places) > begin:
                self.shapes.append(block.shape)
                pieces.append("\n")
                places.append(places[-1])
        self.text = "".join(pieces)
        self.low = lowered(self.text)
        self._places = places if origin is None else [origin[place] for place in places]

    @property
    def places(self) -> Sequence[int]:
        """Where each sign of `text` stands in the original, in rising order."""
        return self._places

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a passage of `text` stands in the original, end exclusive."""
        if not self._places:
            return 0, 0
        last = max(len(self._places) - 1, 0)
        first = self._places[min(start, last)]
        if end <= start:
            return first, first
        stop = self._places[min(end - 1, last)] + 1
        while stop < len(self.original) and _continues(self.original[stop]):
            stop += 1
        return first, stop


def lowered(text: str) -> str:
    """Lower case, tone marks in the new style, the same length."""
    low = text.lower()
    if len(low) != len(text):  # a few letters, such as İ, grow when lowered
        low = "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)
    return _OLD_STYLE.sub(lambda match: _NEW_STYLE[match[0]], low)


def _continues(letter: str) -> bool:
    """Whether a character belongs to the letter before it."""
    return unicodedata.category(letter).startswith("M") or "\u1160" <= letter <= "\u11ff"


def _composed(text: str) -> tuple[str, Sequence[int] | None]:
    """NFC, and for each of its characters the place in `text` (None where nothing moved)."""
    if unicodedata.is_normalized("NFC", text):
        return text, None
    pieces: list[str] = []
    origin: list[int] = []
    start, size = 0, len(text)
    while start < size:
        end = start + 1
        while end < size and text[end] > "\u02ff" and _continues(text[end]):
            end += 1
        letters = text[start:end]
        if not letters.isascii():
            letters = unicodedata.normalize("NFC", letters)
        pieces.append(letters)
        origin.extend([start] * len(letters))
        start = end
    return "".join(pieces), origin


def _append(plain: str, start: int, end: int, pieces: list[str], places: list[int], begin: int) -> None:
    """Add the words of a stretch, one space apart, without stars and unseen signs."""
    part = plain[start:end]
    pattern = _RUN if "*" in part or any(sign in part for sign in _UNSEEN) else _PLAIN_RUN
    apart = len(places) > begin and bool(pieces) and not pieces[-1].endswith((" ", "\n"))
    for run in pattern.finditer(part):
        word = run[0]
        if word[0].isspace():
            apart = True
            continue
        if word[0] == "*" or word[0] in _UNSEEN:
            continue
        if pattern is _PLAIN_RUN and run.start() > 0:
            apart = True
        at = start + run.start()
        if apart and len(places) > begin:
            pieces.append(" ")
            places.append(at - 1)
        pieces.append(word)
        places.extend(range(at, at + len(word)))
        apart = False
