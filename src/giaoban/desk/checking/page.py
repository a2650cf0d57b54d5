"""A checked text as a page shows it: its faults numbered, counted, and their passages marked in the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from giaoban.desk.checking import KINDS, SERIOUS, Fault
from giaoban.work.marking import Excerpt, excerpt

AROUND = 120

TITLES = {
    "contradiction": _("Contradictions"),
    "figure": _("Figures"),
    "citation": _("Documents named"),
    "unit": _("Units"),
    "task": _("Tasks: “6 rõ”"),
}


@dataclass(frozen=True)
class Numbered:
    """A fault with its code on the page."""

    code: str
    fault: Fault
    passage: str
    bit: Excerpt


@dataclass(frozen=True)
class Stretch:
    """A stretch of the text under the same faults; `starts` begin here."""

    text: str
    over: bool
    starts: tuple[Numbered, ...] = ()


@dataclass(frozen=True)
class Checked:
    """A text with its faults."""

    text: str
    faults: tuple[Numbered, ...]

    @classmethod
    def of(cls, text: str, faults: Sequence[Fault]) -> Checked:
        return cls(
            text,
            tuple(
                Numbered(f"K{no}", one, text[one.start : one.end], excerpt(text, one.start, one.end, AROUND))
                for no, one in enumerate(faults, start=1)
            ),
        )

    @property
    def groups(self) -> list[tuple[object, list[Numbered]]]:
        """By kind, the kinds in their order, the faults in the order of the text."""
        found = [(TITLES[kind], [one for one in self.faults if one.fault.kind == kind]) for kind in KINDS]
        return [(title, some) for title, some in found if some]

    @property
    def wrong(self) -> int:
        return sum(one.fault.severity == SERIOUS for one in self.faults)

    @property
    def summary(self) -> str:
        """How many, of which how many must be put right."""
        words = ngettext("%(n)s thing to look at", "%(n)s things to look at", len(self.faults)) % {
            "n": len(self.faults)
        }
        wrong = ngettext("%(n)s to be put right", "%(n)s to be put right", self.wrong) % {"n": self.wrong}
        return f"{words}, {wrong}" if self.wrong else words

    @cached_property
    def stretches(self) -> list[Stretch]:
        """The text cut where faults begin and end."""
        edges = {edge for one in self.faults for edge in (one.fault.start, one.fault.end)}
        borders = sorted({0, len(self.text), *edges})
        return [
            Stretch(
                self.text[start:end],
                any(one.fault.start <= start and end <= one.fault.end for one in self.faults),
                tuple(one for one in self.faults if one.fault.start == start),
            )
            for start, end in pairwise(borders)
        ]
