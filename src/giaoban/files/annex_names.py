"""The units that a cell of an annex names, and the one that a heading row gives the rows below it to."""

from __future__ import annotations

import re

from giaoban.core.text import fold

_HARD = re.compile(r"\s*[;\n\t]\s*")
_SOFT = re.compile(r"\s*(,|(?<!\w)và(?!\w))\s*")
_HEADS = (
    "phong", "so", "ubnd", "truong", "cac", "ban", "hoi", "doan", "trung", "tt", "vp", "van", "cong", "chi", "dang",
    "uy", "bo", "thanh", "to", "tram", "mat", "xa", "phuong", "huyen", "thcs", "thpt", "th", "mn", "nha", "don", "benh",
    "toa",
)  # fmt: skip
_SCHOOLS = ("mn", "th", "thcs", "thpt", "ptdtbt", "ptdtnt")


def pieces(cell: str) -> list[str]:
    """The names that semicolons and lines part."""
    return [name for piece in _HARD.split(cell) if (name := _bare(piece))]


def names(cell: str) -> list[str]:
    """The same, and parted by commas and "và" before what begins like a unit."""
    found: list[str] = []
    for piece in _HARD.split(cell):
        first, *rest = _SOFT.split(piece)
        found.append(first)
        for sign, part in zip(rest[::2], rest[1::2]):
            if _begins(part, found[-1]):
                found.append(part)
            else:  # "Phòng Kinh tế, Hạ tầng và Đô thị", "UBND các xã, phường"
                found[-1] += f"{'' if sign == ',' else ' '}{sign} {part}"
    return [name for one in found if (name := _bare(one))]


def heading(section: str) -> str:
    """The unit a heading row names: it leads the rows below it ("I. Phòng Nội vụ"); "" where it names none."""
    bare = re.sub(r"^\s*(?:[IVX]+|\d+|[A-Z])[.)]?\s+", "", section).strip(" :.")
    first = fold(bare).split()[0] if bare.split() else ""
    return bare if first in _HEADS else ""


def _bare(name: str) -> str:
    return " ".join(name.split()).strip(" .,-–+•")


def _begins(part: str, before: str) -> bool:
    """Whether a piece of a cell is a name of its own."""
    first = fold(part).split()[0].rstrip(".") if part.split() else ""
    if first in _SCHOOLS and fold(before).startswith("cac "):
        return False  # "các trường mầm non, tiểu học, THCS"
    if first == "ubnd" and fold(before).endswith("hdnd"):
        return False  # "Văn phòng HĐND và UBND"
    return first == "cac" or (part[:1].isupper() and first in _HEADS)
