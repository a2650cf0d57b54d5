"""Due words of tables: those of `dues`, and "01/3/2026 – 30/4/2026", which says when work starts and when it ends."""

from __future__ import annotations

import re
from datetime import date

from giaoban.core.text import fold, nfc
from giaoban.work import dues

_PARTED = re.compile(
    r"^(?:từ\s+)?(?P<first>.+?)(?:\s+[-−]\s+|\s*[–—→]\s*|\s+(?:đến|tới|-)\s+|(?<=\d)-(?=\d{1,2}/\d))(?P<last>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_WORD = re.compile(r"^(?:tu )?(ngay|thang|quy|nam)\b")
_TIME = re.compile(r"^(?:tu )?(?:dau |giua |cuoi )?(?:\d|ngay|thang|quy|nam|tuan|hoc ky)")
_LEFT_OUT = {"ngay": "ngày", "thang": "tháng", "quy": "quý", "nam": "năm"}


def read(words: str, on: date) -> dues.Due:
    """The due time; of a span its end, with the words kept."""
    said = " ".join(nfc(words).split())
    match = _PARTED.match(said)
    if match and _TIME.match(fold(match["first"])):
        end = _end(match["first"], match["last"], on)
        if end is not None:
            return dues.Due(dues.DATE, said, end)
    return dues.read(said, on)


def _end(first: str, last: str, on: date) -> date | None:
    """When it ends: "Quý I – II/2026" says the word of the end with the start."""
    word = _WORD.match(fold(first))
    for way in (last, f"{_LEFT_OUT[word[1]]} {last}" if word else ""):
        try:
            found = dues.read(way, on).on if way else None
        except dues.BadDue:
            found = None
        if found is not None:
            return found
    return None
