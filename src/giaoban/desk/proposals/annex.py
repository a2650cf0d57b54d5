"""Rows of an assignment annex as marks of tasks: what a table says in columns, a sentence says in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

from giaoban.core.text import fold

_HARD = re.compile(r"\s*[;\n\t]\s*")
_SOFT = re.compile(r"\s*(,|(?<!\w)và(?!\w))\s*")
_HEADS = (
    "phong", "so", "ubnd", "truong", "cac", "ban", "hoi", "doan", "trung", "tt", "vp", "van", "cong", "chi", "dang",
    "uy", "bo", "thanh", "to", "tram", "mat", "xa", "phuong", "huyen", "thcs", "thpt", "th", "mn", "nha", "don", "benh",
    "toa",
)  # fmt: skip


def marks(rows: Iterable[Any], text: str) -> list[dict[str, Any]]:
    """Each row as the reader would have marked it, with a leader beside who leads."""
    found = []
    for row in rows:
        one: Mapping[str, Any] = asdict(row) if is_dataclass(row) and not isinstance(row, type) else row
        start, end = one.get("work_start") or one["start"], one.get("work_end") or one["end"]
        if not one.get("work", "").strip() or not 0 <= start < end <= len(text):
            continue
        found.append(
            {
                "text": text[start:end],
                "start": start,
                "end": end,
                "row": (one["start"], one["end"]),
                "assignees": names(one.get("lead", "") or _section(one.get("section", ""))),
                "coordinators": names(one.get("partners", "")),
                "due_text": " ".join(one.get("due", "").split()) or None,
                "due": None,
                "deliverable": " ".join(one.get("deliverable", "").split()) or None,
                "leader": " ".join(one.get("leader", "").split()),
                "why": "",
            }
        )
    return found


def joined(marked: Iterable[Mapping[str, Any]], rows: list[dict[str, Any]]) -> list[Mapping[str, Any]]:
    """The reader's marks with those inside a row replaced by the row."""
    spans = [row["row"] for row in rows]
    kept = [one for one in marked if not any(start < one["end"] and one["start"] < end for start, end in spans)]
    return sorted([*kept, *rows], key=lambda one: (one["start"], one["end"]))


def names(cell: str) -> list[str]:
    """The units of one cell: parted by semicolons and lines, and by commas and "và" before what begins like a unit."""
    found: list[str] = []
    for piece in _HARD.split(cell):
        first, *rest = _SOFT.split(piece)
        found.append(first)
        for sign, part in zip(rest[::2], rest[1::2]):
            if _begins(part, found[-1]):
                found.append(part)
            else:  # "Phòng Kinh tế, Hạ tầng và Đô thị", "UBND các xã, phường"
                found[-1] += f"{'' if sign == ',' else ' '}{sign} {part}"
    return [" ".join(name.split()).strip(" .,-") for name in found if name.strip(" .,-")]


def _begins(part: str, before: str) -> bool:
    """Whether a piece of a cell is a name of its own."""
    first = fold(part).split()[0].rstrip(".") if part.split() else ""
    if first in _SCHOOLS and fold(before).startswith("cac "):
        return False  # "các trường mầm non, tiểu học, THCS"
    return first == "cac" or (part[:1].isupper() and first in _HEADS)


_SCHOOLS = ("mn", "th", "thcs", "thpt", "ptdtbt", "ptdtnt")


def _section(heading: str) -> str:
    """A heading row that names a unit leads the rows below it: "I. Phòng Nội vụ"."""
    bare = re.sub(r"^\s*(?:[IVX]+|\d+|[A-Z])[.)]\s*", "", heading).strip(" :.")
    first = fold(bare).split()[0] if bare.split() else ""
    return bare if first in _HEADS else ""
