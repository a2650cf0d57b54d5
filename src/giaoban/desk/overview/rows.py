"""One indicator, or one unit, as the tables of the overview show it: with its state, in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from giaoban.analytics.queries import Answer
from giaoban.core import numbers
from giaoban.core.period import Period
from giaoban.core.text import sort_key


@dataclass(frozen=True)
class Row:
    """One indicator (or one unit) as the tables show it."""

    name: str
    href: str
    answer: Answer
    direction: str
    group: str = ""
    current: bool = False
    note: str = ""
    source: str = ""
    """The address that says where the number comes from."""
    formula: date | None = None
    """Start of the formula, where it is not the one that most rows have."""

    @property
    def state(self) -> str:
        """Met, not met, or not enough figures; nothing where no plan was set."""
        answer = self.answer
        if answer.value is None:
            return "unknown"
        if answer.target is None or self.direction == "none":
            return ""
        gap = answer.gap
        return "met" if (gap >= 0 if self.direction == "up" else gap <= 0) else "not_met"

    @property
    def counts(self) -> str:
        """a/b of a rate; empty for a plain count."""
        answer = self.answer
        if not answer.is_percent or answer.numerator is None or answer.denominator is None:
            return ""
        return f"{numbers.vi_short(answer.numerator)}/{numbers.vi_short(answer.denominator)}"

    @property
    def target(self) -> str:
        return "" if self.answer.target is None else self.answer.write(self.answer.target)

    @property
    def previous(self) -> str:
        return "" if self.answer.previous is None else self.answer.write(self.answer.previous)

    @property
    def gap(self) -> str:
        """Against the plan, in words that need no sign: beyond or short of it, where more is better."""
        if self.direction == "up":
            return self._words(self.answer.gap, _("%(n)s beyond plan"), _("%(n)s short of plan"), _("as planned"))
        return self._words(self.answer.gap, _("%(n)s above plan"), _("%(n)s below plan"), _("as planned"))

    @property
    def change(self) -> str:
        """Against the period before, in words; `partial` says when it misleads."""
        return self._words(self.answer.change, _("up %(n)s"), _("down %(n)s"), _("unchanged"))

    @property
    def partial(self) -> str:
        """What stands beside the change of a count to which units are still missing: it fell only for want of them."""
        return _("not all units yet") if self.answer.change is not None and self.answer.partial else ""

    @property
    def better(self) -> str:
        """Whether the change is the good way: up or down as a class, nothing where no way is good or units miss."""
        change = self.answer.change
        if not change or self.direction == "none" or self.partial:
            return ""
        return "up" if (change > 0) == (self.direction == "up") else "down"

    @property
    def reason(self) -> str:
        """Why there is no value."""
        if self.answer.expected and not self.answer.reported:
            return _("none of %(n)s units has reported") % {"n": self.answer.expected}
        if not self.answer.expected:
            return _("no unit was asked for this figure")
        return _("not enough figures: %(a)s of %(n)s units") % {"a": self.answer.reported, "n": self.answer.expected}

    def _words(self, difference: Decimal | None, above: str, below: str, same: str) -> str:
        if difference is None:
            return ""
        if difference == 0:
            return same
        return (above if difference > 0 else below) % {"n": self.answer.write_difference(difference)}


STATES = ("not_met", "unknown", "met", "")

SORTS = {
    "ten": lambda row: sort_key(row.name),
    "gia-tri": lambda row: row.answer.value,
    "chenh": lambda row: row.answer.gap,
    "tang": lambda row: row.answer.change,
    "da-nop": lambda row: row.answer.reported,
}


def sorted_rows(rows: list[Row], sort: str) -> list[Row]:
    """By one column, up ("gia-tri") or down ("-gia-tri"); missing values stay at the end either way."""
    key = SORTS.get(sort.removeprefix("-"))
    if key is None:
        return sorted(rows, key=SORTS["ten"])
    known = sorted((row for row in rows if key(row) is not None), key=key, reverse=sort.startswith("-"))
    return [*known, *(row for row in rows if key(row) is None)]


def printed(answer: Answer, value: object) -> Decimal:
    """A target or bound in the writing of its indicator."""
    return numbers.rounded(value * 100 if answer.is_percent else value, answer.places)


def short_label(period: Period) -> str:
    """A period under a chart: the school year or the months, without the words before it."""
    found = re.search(r"\d{4}-\d{4}", period.label)
    return found[0] if found else re.sub(r"(?i)năm ", "", period.label)
