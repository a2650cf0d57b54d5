"""What needs a look in a report: rules that do not hold, large changes, figures left out. Plain words, no clock.

A finding is computed when a report is handed in and kept with it; the grid computes the same while a person types.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from giaoban.core import formula as language
from giaoban.core.numbers import vi_number, vi_short
from giaoban.indicators.models import Cell, SheetLine, SheetRule
from giaoban.indicators.models.catalogue import Severity

RULE, CHANGE, BLANK = "rule", "change", "blank"
SAME_PERIOD, PERIOD_BEFORE = "same", "before"  # what a change is measured against


@dataclass(frozen=True)
class Finding:
    """Something to look at. A hard one must be mended or explained before the report can be handed in."""

    kind: str
    text: str  # the rule's sentence, or the label of the cell
    cells: tuple[int, ...]
    hard: bool = False
    explanation: str = ""
    value: int | None = None
    before: int | None = None
    scale: int = 0
    against: str = SAME_PERIOD

    @property
    def weight(self) -> int:
        """Order of attention: broken rules, large changes by size, gaps; an explained one weighs half."""
        if self.kind == RULE:
            full = 100 if self.hard else 60
        elif self.kind == CHANGE:
            full = 20 + min(39, int(times_changed(self.value or 0, self.before or 0) * 4))
        else:
            full = 10
        return full // 2 if self.explanation else full

    @property
    def sentence(self) -> str:
        """What an officer without a teacher's training reads."""
        if self.kind == RULE:
            return self.text
        if self.kind == BLANK:
            return _("%(cell)s: no figure.") % {"cell": self.text}
        return _change_words(self)

    def kept(self) -> dict[str, Any]:
        return asdict(self) | {"cells": list(self.cells)}

    @classmethod
    def from_kept(cls, row: Mapping[str, Any]) -> Finding:
        return cls(**{**row, "cells": tuple(row["cells"])})


def times_changed(value: int, before: int) -> Fraction:
    """How many times larger the larger of the two is than the other; nought counts as a half."""
    low, high = sorted((abs(value), abs(before)))
    return Fraction(high * 2, max(low * 2, 1))


def is_large(value: int, before: int, percent: int, least: int) -> bool:
    """Whether a change passes the sheet's bounds, and is more than chance does to small counts.

    A count that comes and goes by chance varies by about the root of itself; two counts differ by more than twice the
    root of their sum about once in twenty times (so 10 → 2 pupils is shown, 6 → 1 is not).
    """
    difference = abs(value - before)
    if difference < least or difference * 100 < percent * abs(before):
        return False
    return difference > 0 and difference**2 > 4 * (abs(value) + abs(before))


def judge(
    lines: Sequence[SheetLine],
    rules: Iterable[SheetRule],
    values: Mapping[int, int | None],
    notes: Mapping[int, str],
    before: Mapping[int, int],
    *,
    percent: int,
    least: int,
    against: str = SAME_PERIOD,
) -> list[Finding]:
    """Everything to look at in these values, the heaviest first."""
    cells = [line.cell for line in lines if line.cell_id]
    found = [*broken_rules(rules, cells, values, notes)]
    for line in lines:
        if not line.owns or line.cell_id is None:
            continue
        found += _of_line(line, values, notes, before, percent, least, against)
    return sorted(found, key=lambda one: -one.weight)


def broken_rules(
    rules: Iterable[SheetRule], cells: Sequence[Cell], values: Mapping[int, int | None], notes: Mapping[int, str]
) -> list[Finding]:
    """Rules that do not hold. A rule over a missing figure is unknown, not broken."""
    found = []
    for rule in rules:
        expression = language.from_json(rule.tree)
        if language.evaluate(expression, environment(expression, cells, values)) is not False:
            continue
        touched = tuple(cell.pk for cell in cells_read(expression, cells))
        why = "; ".join(notes[cell] for cell in touched if notes.get(cell))
        found.append(Finding(RULE, rule.sentence, touched, rule.severity == Severity.HARD, why))
    return found


def _of_line(
    line: SheetLine,
    values: Mapping[int, int | None],
    notes: Mapping[int, str],
    before: Mapping[int, int],
    percent: int,
    least: int,
    against: str,
) -> list[Finding]:
    cell = line.cell_id
    note = notes.get(cell, "")
    if cell in values and values[cell] is None and note:
        return [Finding(BLANK, line.words, (cell,), explanation=note)]
    value = values.get(cell)
    if value is None or cell not in before or not is_large(value, before[cell], percent, least):
        return []
    return [
        Finding(
            CHANGE,
            line.words,
            (cell,),
            explanation=note,
            value=value,
            before=before[cell],
            scale=line.cell.element.scale,
            against=against,
        )
    ]


def environment(
    expression: language.Expression, cells: Sequence[Cell], values: Mapping[int, int | None]
) -> dict[str, Fraction | None]:
    """Counts for the names of an expression: a name over several cells is their sum, missing when one is missing."""
    found: dict[str, Fraction | None] = {}
    for node in language.name_nodes(expression):
        parts = [values.get(cell.pk) for cell in _named(node, cells)]
        known = [part for part in parts if part is not None]
        scale = next((cell.element.scale for cell in _named(node, cells)), 0)
        found[node.key] = Fraction(sum(known), 10**scale) if parts and len(known) == len(parts) else None
    return found


def cells_read(expression: language.Expression, cells: Sequence[Cell]) -> list[Cell]:
    """The cells an expression reads, each once, in the order of the sheet."""
    named = {cell.pk for node in language.name_nodes(expression) for cell in _named(node, cells)}
    return [cell for cell in cells if cell.pk in named]


def _named(node: language.Name, cells: Sequence[Cell]) -> list[Cell]:
    wanted = dict(node.members).items()
    return [cell for cell in cells if cell.element_id == node.element and wanted <= cell.members.items()]


def _change_words(finding: Finding) -> str:
    value, before = finding.value or 0, finding.before or 0
    places = {
        "cell": finding.text,
        "value": shown(value, finding.scale),
        "before": shown(before, finding.scale),
        "when": _("the same period last year") if finding.against == SAME_PERIOD else _("the period before"),
    }
    if before <= 0 or value <= 0:
        return _("%(cell)s: %(before)s in %(when)s, now %(value)s") % places
    if value >= 2 * before:
        places["times"] = vi_short(Fraction(value, before), 1)
        return _("%(cell)s is %(times)s times that of %(when)s (%(before)s → %(value)s)") % places
    places["percent"] = vi_short(Fraction(abs(value - before) * 100, before), 0)
    if value > before:
        return _("%(cell)s is up %(percent)s%% on %(when)s (%(before)s → %(value)s)") % places
    return _("%(cell)s is down %(percent)s%% on %(when)s (%(before)s → %(value)s)") % places


def shown(value: int | None, scale: int) -> str:
    """A stored integer as it is printed."""
    return vi_number(None if value is None else Fraction(value, 10**scale), scale)
