"""Items under different headings that describe the same work are offered as one task.

A plain measure, the same every time: the telling words of both, without who and until when, and how many they share.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from giaoban.core.text import fold
from giaoban.orgs import spelling

LIKE = 0.8
MUTUAL = 0.7
LEAST = 4  # telling words; of fewer nothing follows
COMMON = 300  # a word of more items than this tells nothing

_PLAIN = frozenset(
    (
        "va", "cac", "cua", "cho", "tren", "trong", "theo", "ve", "voi", "cung", "la", "de", "den", "tai", "nhung",
        "mot", "so", "duoc", "khi", "tu", "o", "nay", "do", "nham", "phai", "can", "hay", "hoac",
    )
)  # fmt: skip
_TOGETHER = re.compile(
    r"\b(?:chu tri,? ?(?:va )?)?(?:phoi hop )(?:chat che |tot |kip thoi )*(?:voi |cung )?|\bchu tri\b"
)


@dataclass(frozen=True)
class Item:
    """What is compared of one item; `whom` tells items under different headings apart."""

    words: frozenset[str]
    whom: tuple[str, ...]
    helpers: frozenset[str] = frozenset()

    def mutual(self, other: Item) -> bool:
        """Whether each names the other one's units as partners: two sides of one work."""
        return bool(self.helpers & set(other.whom)) and bool(other.helpers & set(self.whom))


def item(text: str, assignees: Iterable[str], coordinators: Iterable[str], due: str) -> Item:
    given, others = list(assignees), list(coordinators)
    flat = fold(text)
    for other in [*map(fold, given), *map(fold, others), fold(due)]:
        flat = flat.replace(other, " ") if len(other) > 2 else flat
    flat = _TOGETHER.sub(" ", flat)
    words = frozenset(word for word in re.findall(r"\w+", flat) if word not in _PLAIN)
    return Item(words, tuple(sorted(map(spelling.canon, given))), frozenset(map(spelling.canon, others)))


def earlier(items: Sequence[Item]) -> list[int | None]:
    """For each item the first one before it that describes the same work for somebody else."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    found: list[int | None] = []
    for place, one in enumerate(items):
        shared = Counter(other for word in one.words if len(places[word]) <= COMMON for other in places[word])
        like = [
            other
            for other, _n in shared.items()
            if items[other].whom != one.whom and len(one.words) >= LEAST and same_work(one, items[other])
        ]
        first = min(like, default=None)
        found.append(first if first is None or found[first] is None else found[first])
        for word in one.words:
            places[word].append(place)
    return found


def same_work(one: Item, other: Item) -> bool:
    """Most telling words shared; or, where each names the other as its partner, most of the shorter one's."""
    if likeness(one.words, other.words) >= LIKE:
        return True
    shorter = min(len(one.words), len(other.words))
    return one.mutual(other) and shorter >= 2 * LEAST and len(one.words & other.words) >= MUTUAL * shorter


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Twice the shared words over all words of both (Dice); 1 for the same words."""
    both = len(one) + len(other)
    return 2 * len(one & other) / both if both else 0.0
