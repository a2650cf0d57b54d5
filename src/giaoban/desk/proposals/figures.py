"""Figures of the text: what they measure, and the plan they tell of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from giaoban.core import period as periods
from giaoban.core.period import Kind
from giaoban.core.text import fold
from giaoban.desk.proposals.marks import Mark, sentence_around
from giaoban.desk.proposals.naming import OFFERED, Choice
from giaoban.indicators import queries as indicators

PLAIN = 80
"""An indicator most of whose telling words stand in the passage is plain."""


@dataclass(frozen=True)
class FigureProposal:
    """A measured quantity; with a change against the plan it says what the plan was."""

    mark: Mark
    text: str
    shown: str
    target: Fraction | None
    percent: bool
    sentence: str
    period: str = ""
    indicators: tuple[Choice, ...] = ()
    new: bool = True
    """False for what was kept as a target, attached, or rejected before."""

    @property
    def sure(self) -> bool:
        """Whether the indicator is plain enough to be chosen before anybody looked."""
        return bool(self.indicators) and self.indicators[0].score >= PLAIN and self.new


class Known:
    """The indicators and their telling words, read once a text."""

    @cached_property
    def _rows(self) -> list[tuple[Any, list[str]]]:
        rows = [
            (one, [word for word in fold(one.name).split() if word not in _COMMON]) for one in indicators.indicators()
        ]
        return [(one, own) for one, own in rows if own]

    def likely(self, words: str, percent: bool) -> list[Choice]:
        """Indicators most of whose telling words stand in the passage."""
        there = set(fold(words).split())
        scored = [
            (sum(word in there for word in own) / len(own), one) for one, own in self._rows if one.is_percent == percent
        ]
        scored.sort(key=lambda pair: (-pair[0], -len(pair[1].name), pair[1].code))
        return [Choice(one.code, one.name, round(score * 100)) for score, one in scored[:OFFERED] if score >= 0.6]


def proposal(text: str, mark: Mark, one: Mapping[str, Any], day: date, known: Known) -> FigureProposal:
    """What can be made of one figure."""
    change = one.get("change")
    percent = one.get("unit") == "%"
    target = None
    lead_in = fold(text[text.rfind("\n", 0, mark.start) + 1 : mark.end])
    if change and change.get("against") == "target":
        target = exact(one["value"]) - exact(change["value"])
    elif not change and _AIMS.search(lead_in) and one.get("value") is not None:
        target = exact(one["value"])
    if target is not None and percent:
        target /= 100
    sentence = sentence_around(text, mark.start, mark.end)
    return FigureProposal(
        mark=mark,
        text=one["text"],
        shown=shown(one),
        target=target,
        percent=percent,
        sentence=sentence,
        period=meant(lead_in, day) if target is not None else "",
        indicators=tuple(known.likely(named(one["text"], sentence), percent)) if target is not None else (),
    )


def exact(value: object) -> Fraction:
    """A number of the reader as printed: 46.0 and 6.11 are decimals, never binary fractions."""
    return Fraction(Decimal(str(value)))


_AIMS = re.compile(r"\b(muc tieu|chi tieu|phan dau|ke hoach giao)\b")


def meant(words: str, day: date) -> str:
    """The period a sentence speaks of: the semester it names, or else the school year of the document."""
    if re.search(r"\bhoc (ky|ki) (i|1)\b", words):
        return periods.on_day(Kind.SEMESTER_1, day).code
    if re.search(r"\bhoc (ky|ki) (ii|2)\b", words):
        first = periods.on_day(Kind.SEMESTER_1, day)
        return periods.school_year(first.start.year, Kind.SEMESTER_2).code
    return periods.on_day(Kind.SCHOOL_YEAR, day).code


def shown(one: dict[str, Any]) -> str:
    number = f"{Decimal(str(one['value'])).normalize():f}".replace(".", ",") if one.get("value") is not None else "—"
    unit = one.get("unit") or ""
    counts = f" ({one['numerator']}/{one['denominator']})" if one.get("denominator") else ""
    return f"{number}{'' if unit == '%' else ' '}{unit}{counts}".strip()


def named(text: str, sentence: str) -> str:
    """What a figure is about: its own passage, or the sentence where the passage is little more than the number."""
    return text if len([word for word in text.split() if word.isalpha()]) > 2 else sentence


_COMMON = frozenset(["ty", "le", "ti", "so", "cac", "cua", "va", "theo", "tren", "co", "duoc"])
