"""Words for what no longer exists whatever its name: "Phòng GD&ĐT", "cấp huyện" since 1 July 2025. The list is data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from giaoban.catalogue import table
from giaoban.reading.view import View


@dataclass(frozen=True)
class Former:
    start: int
    end: int
    now: str
    on: date
    source: str


def former(text: str, day: date) -> Iterator[Former]:
    """Every such word of the text that is out of use on the day, the longest where several overlap."""
    rows = [row for row in table("documents/former_words.toml")["former"] if row["on"] <= day]
    if not rows:
        return
    view = View(text)
    taken = 0
    for hit in _pattern(tuple(tuple(row["words"]) for row in rows)).finditer(view.low):
        if hit.start() < taken:
            continue
        taken = hit.end()
        row = rows[next(place for place in range(len(rows)) if hit[f"r{place}"])]
        start, end = view.span(hit.start(), hit.end())
        yield Former(start, end, row["now"], row["on"], row["source"])


@cache
def _pattern(rows: tuple[tuple[str, ...], ...]) -> re.Pattern[str]:
    """One pattern for all; spaces around "&" and "-" do not matter."""
    parts = [
        f"(?P<r{place}>{'|'.join(_loose(word) for word in sorted(words, key=len, reverse=True))})"
        for place, words in enumerate(rows)
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")


def _loose(word: str) -> str:
    return re.sub(r"(\\?[&-])", r"\\s?\1\\s?", re.escape(word).replace(r"\ ", r"\s"))
