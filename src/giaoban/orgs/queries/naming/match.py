"""One reading of a name, and which of several comes first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LEAST = 40  # readings below are not worth showing
VAGUE = 45  # offered, and asked about


@dataclass(frozen=True)
class Match:
    """One reading of a name. `unit_id` where it is one unit; `unit_ids` all that are meant; `group` describes a group.

    `score` is 0..100, the best first; `why` says in Vietnamese how the name was read, for the person who decides.
    """

    unit_id: int | None
    unit_ids: tuple[int, ...]
    group: str
    score: int
    why: str


def one(unit_id: int, score: int, why: str) -> Match:
    return Match(unit_id, (unit_id,), "", score, why)


def best(found: Iterable[Match]) -> list[Match]:
    """Each reading once, with its best score."""
    kept: dict[tuple[int, ...], Match] = {}
    for match in found:
        if match.score >= LEAST and (match.unit_ids not in kept or kept[match.unit_ids].score < match.score):
            kept[match.unit_ids] = match
    return sorted(kept.values(), key=lambda match: (-match.score, len(match.unit_ids), match.unit_ids))
