"""Two works, or two dates, in one item: where it may be split, and what time binds which clause."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from giaoban.core.refusal import Refused
from giaoban.core.text import fold
from giaoban.desk.proposals.marks import flat
from giaoban.work import dues

SHORTEST = 4  # words; less is no work of its own


@dataclass(frozen=True)
class Part:
    """One work of an item, with the time that stands in its own clause."""

    start: int
    end: int
    text: str
    due_text: str = ""
    due_on: date | None = None
    assignees: tuple[str, ...] | None = None
    """Whom the part itself names; None where nobody has looked."""
    coordinators: tuple[str, ...] = ()


_ENDS = re.compile(r"[.;!?]\s+(?=\S)|\n+(?=\S)")
_BORDERS = re.compile(r"[.;:,!?]\s+(?=\S)|\n+(?=\S)|\s+(?=(?:và|đồng thời|sau đó)\s)")
_NUMBERED = re.compile(r"(?:^|[\s(])(?:số|điều|khoản|mục|tp|ths|ts|đ/c|gs|pgs|v/v|nq|qđ)$", re.IGNORECASE)
_ELABORATES = re.compile(
    r"(?:trong do|dac biet|nhat la|cu the|vi du|bao gom|thoi (?:gian|han)|hoan thanh (?:truoc|trong|xong)|"
    r"han (?:chot|cuoi|hoan thanh)|xong truoc|ke ca|nham|de bao dam|de dam bao|gom)\b"
)
_DAY = (
    r"(?:ngay\s+)?\d{1,2}\s?[/.-]\s?\d{1,2}(?:\s?[/.-]\s?\d{4})?(?!\d|\s?[/-])|"
    r"ngay\s+\d{1,2}\s+thang\s+\d{1,2}(?:\s+nam\s+\d{4})?"
)
_SPAN = (
    r"(?:thang|quy)\s+(?:\d{1,2}|i{1,3}|iv)(?:\s?[/-]\s?\d{4}|\s+nam\s+\d{4})?(?!\w)|nam\s+\d{4}|"
    r"hoc ky (?:ii|i|1|2)(?:\s+nam hoc\s+\d{4}\s?-\s?\d{4})?"
)
_TIME = re.compile(
    r"\b(?:(?:xong\s+)?truoc|cham nhat(?:\s+la|\s+den)?|muon nhat(?:\s+la)?|den het|het|trong|xong|"
    r"han(?:\s+cuoi)?(?:\s+la)?:?|truoc het)"
    rf"\s+(?:{_DAY}|{_SPAN})"
)


def parts(text: str, one: Mapping[str, Any], day: date) -> tuple[Part, ...]:
    """The works of an item as the reader parted it, or else at its sentences, semicolons and dates; () for one work."""
    start, end = one["start"], one["end"]
    if "parts" in one:
        told = one["parts"] or ()
        return (
            ()
            if len(told) < 2
            else tuple(
                Part(
                    part["start"],
                    part["end"],
                    text[part["start"] : part["end"]],
                    part.get("due_text") or "",
                    date.fromisoformat(part["due"]) if part.get("due") else None,
                    tuple(part["assignees"]) if "assignees" in part else None,
                    tuple(part.get("coordinators", ())),
                )
                for part in told
            )
        )
    found = [part(text, a, b, day) for a, b in _clauses(text, start, end)]
    if len(found) < 2:
        found = [part(text, a, b, day) for a, b in _dated(text, start, end)]
    return tuple(found) if len(found) > 1 else ()


def part(text: str, start: int, end: int, day: date) -> Part:
    """A stretch of the text as a work of its own: the time is the one that stands in it."""
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and text[end - 1] in " \t\n.;,:":
        end -= 1
    words, on = due(text[start:end], day)
    return Part(start, end, text[start:end], words, on)


def due(passage: str, day: date) -> tuple[str, date | None]:
    """The earliest time that binds the passage: its words, and its last day where the words name one."""
    plain, back = flat(passage)
    found: list[tuple[date | None, str]] = []
    for match in _TIME.finditer(plain):
        words = passage[back[match.start()] : _after(back, match.end(), passage)].strip()
        try:
            found.append((dues.read(words, day).on, words))
        except Refused:
            continue
    dated = [(on, words) for on, words in found if on is not None]
    if dated:
        on, words = min(dated, key=lambda pair: pair[0])
        return words, on
    return (found[0][1], None) if found else ("", None)


def borders(text: str, start: int, end: int) -> tuple[int, ...]:
    """Where in a passage a free cut may be made: behind its signs, before "và"."""
    found = (match.end() for match in _BORDERS.finditer(text, start, end))
    return tuple(dict.fromkeys(place for place in found if start < place < end))


def two_times(found: Sequence[Part]) -> bool:
    """Whether the works of an item are due on different days."""
    return len({one.due_on for one in found if one.due_on}) > 1


def _clauses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Sentences and clauses after a semicolon; what is too short or only adds to the one before stays with it."""
    found: list[tuple[int, int]] = []
    at = start
    for match in [*_ENDS.finditer(text, start, end), None]:
        stop = end if match is None else match.start() + 1
        after = end if match is None else match.end()
        if match is not None and text[match.start()] == "." and not text[after].isupper():
            continue  # "TP. Lào Cai" is cut by the next rule, "v.v. và" here
        if match is not None and _NUMBERED.search(text[max(start, match.start() - 8) : match.start()]):
            continue
        alone = len(text[at:stop].split()) >= SHORTEST and not _ELABORATES.match(
            fold(text[at:stop]).lstrip(" -–+*\"'(")
        )
        if found and not alone:
            found[-1] = (found[-1][0], stop)
        else:
            found.append((at, stop))
        at = after
    if len(found) > 1 and len(text[found[0][0] : found[0][1]].split()) < SHORTEST:
        found[:2] = [(found[0][0], found[1][1])]
    return found


def _dated(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """One sentence with two times: cut behind each time but the last, at the next comma or "và"."""
    plain, back = flat(text[start:end])
    times = list(_TIME.finditer(plain))
    edges = [start]
    for time, after in pairwise(times):
        border = _BETWEEN.match(plain, time.end())
        if border and len(plain[border.end() : after.start()].split()) >= SHORTEST - 1:
            edges += [start + back[border.start()], start + back[border.end()]]
    return list(zip(edges[::2], [*edges[1::2], end])) if len(edges) > 1 else []


_BETWEEN = re.compile(r"\s*[,;]\s*(?:va\s+|dong thoi\s+)?|\s+(?:va|dong thoi)\s+")


def _after(back: list[int], place: int, text: str) -> int:
    """Where in the text the letter behind a folded passage stands."""
    return back[place] if place < len(back) else len(text)
