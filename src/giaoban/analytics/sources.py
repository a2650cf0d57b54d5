"""Which units a total is made of, and how much each gave: what one adds up to get the answer again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from giaoban.analytics.answers import Answer
from giaoban.analytics.engine import Sums
from giaoban.analytics.plans import Rule


@dataclass
class Giver:
    """One unit with what it gave for each name of the formula, in the elements' smallest units."""

    unit_id: int
    totals: dict[str, int] = field(default_factory=dict)
    cells: dict[int, int] = field(default_factory=dict)
    part: bool = False
    """Only a part of its figures lies in what was asked: it was divided, and the part is an estimate."""


@dataclass(frozen=True)
class Sources:
    """An answer taken apart."""

    answer: Answer
    rule: Rule | None
    givers: Sequence[Giver]

    @property
    def expression(self) -> str:
        return self.rule.text if self.rule else ""

    @property
    def names(self) -> Mapping[str, Sequence[int]]:
        """The names of the formula with their cells."""
        return self.rule.cells if self.rule else {}

    def total(self, name: str) -> int | None:
        """What all gave for a name; None where nobody did."""
        given = [one.totals[name] for one in self.givers if name in one.totals]
        return sum(given) if given else None

    @property
    def again(self) -> Fraction | None:
        """The value computed from what is shown: the answer's own."""
        if self.rule is None:
            return None
        totals = {name: total for name in self.names if (total := self.total(name)) is not None}
        return self.rule.value(Sums(totals))


def gathered(rows: Sequence[tuple[int, str, int, bool, int]]) -> list[Giver]:
    found: dict[int, Giver] = {}
    for source, name, cell, part, value in rows:
        giver = found.setdefault(source, Giver(source))
        giver.totals[name] = giver.totals.get(name, 0) + value
        giver.part = giver.part or part
        if cell:
            giver.cells[cell] = value
    return sorted(found.values(), key=lambda one: (-max(one.totals.values()), one.unit_id))
