"""What needs a look in a report: rules that do not hold, unusual values, figures left out. Plain words, no clock.

A finding is computed when a report is handed in and kept with it; the grid computes the same while a person types.

A rule may hold a figure against an earlier period: `dn_hoc_sinh[lop=2] <= dn_hoc_sinh[ky=nam_truoc,lop=1] + 10`. The
reserved member `ky` names the period (`nam_truoc` the same of last year, `truoc` the one before); what counts there is
put in as a number before the rule is judged, so that a browser sees a rule over this period's cells like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from giaoban.core import formula as language
from giaoban.core.numbers import vi_short
from giaoban.indicators.models import Cell, SheetLine, SheetRule
from giaoban.indicators.models.catalogue import Severity
from giaoban.indicators.queries.bounds import CHANGE as CHANGE_CHECK
from giaoban.indicators.queries.bounds import PERIOD_BEFORE, SAME_PERIOD, Bound, shown

Earlier = Callable[[str], Mapping[int, int]]
"""What counts in an earlier period, by the member of `ky`: {cell: value}."""
PERIOD = "ky"
RULE, CHANGE, UNUSUAL, BLANK = "rule", "change", "unusual", "blank"
__all__ = ["PERIOD_BEFORE", "SAME_PERIOD", "Finding", "judge", "shown"]


def nothing_earlier(_which: str) -> Mapping[int, int]:
    return {}


@dataclass(frozen=True)
class Finding:
    """Something to look at. A hard rule must be mended or explained, an unusual value that asks must be explained."""

    kind: str
    text: str  # the rule's sentence, or the label of the cell
    cells: tuple[int, ...]
    hard: bool = False
    explanation: str = ""
    value: int | None = None
    before: int | None = None
    scale: int = 0
    against: str = SAME_PERIOD
    asks: bool = False  # an unusual value that is not handed in without words
    low: int | None = None  # first and last usual value
    high: int | None = None
    words: str = ""  # why it is unusual

    @property
    def open(self) -> bool:
        """Whether the report cannot be handed in as long as nothing is said to it."""
        return (self.hard or self.asks) and not self.explanation

    @property
    def weight(self) -> int:
        """Order of attention: broken rules, large changes and unusual values by size, gaps; explained ones half."""
        if self.kind == RULE:
            full = 100 if self.hard else 60
        elif self.kind == CHANGE:
            full = 20 + min(39, int(times_changed(self.value or 0, self.before or 0) * 4))
        elif self.kind == UNUSUAL:
            full = 20 + min(39, int(times_changed(self.value or 0, self._limit) * 4))
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
        if self.kind == UNUSUAL:
            value = shown(self.value, self.scale)
            return _("%(cell)s: %(value)s. %(why)s") % {"cell": self.text, "value": value, "why": self.words}
        return f"{_change_words(self)}. {self.words}" if self.words else _change_words(self)

    @property
    def _limit(self) -> int:
        """The usual value next to the unusual one."""
        value = self.value or 0
        return self.high if self.high is not None and value > self.high else self.low or 0

    def kept(self) -> dict[str, Any]:
        return vars(self) | {"cells": list(self.cells)}

    @classmethod
    def from_kept(cls, row: Mapping[str, Any]) -> Finding:
        return cls(**{**row, "cells": tuple(row["cells"])})


def times_changed(value: int, before: int) -> Fraction:
    """How many times larger the larger of the two is than the other; nought counts as a half."""
    low, high = sorted((abs(value), abs(before)))
    return Fraction(high * 2, max(low * 2, 1))


def judge(
    lines: Sequence[SheetLine],
    rules: Iterable[SheetRule],
    values: Mapping[int, int | None],
    notes: Mapping[int, str],
    bounds: Mapping[int, Sequence[Bound]],
    earlier: Earlier = nothing_earlier,
) -> list[Finding]:
    """Everything to look at in these values, the heaviest first."""
    cells = [line.cell for line in lines if line.cell_id]
    found = [*broken_rules(rules, cells, values, notes, earlier)]
    for line in lines:
        if line.owns and line.cell_id is not None:
            found += _of_line(line, values, notes, bounds.get(line.cell_id, ()))
    return sorted(found, key=lambda one: -one.weight)


def broken_rules(
    rules: Iterable[SheetRule],
    cells: Sequence[Cell],
    values: Mapping[int, int | None],
    notes: Mapping[int, str],
    earlier: Earlier = nothing_earlier,
) -> list[Finding]:
    """Rules that do not hold. A rule over a missing figure is unknown, not broken."""
    found = []
    index = by_element(cells)
    for rule, expression in rules_here(rules, index, earlier):
        if language.evaluate(expression, environment(expression, index, values)) is not False:
            continue
        touched = tuple(cell.pk for cell in cells_read(expression, cells))
        why = "; ".join(notes[cell] for cell in touched if notes.get(cell))
        found.append(Finding(RULE, rule.sentence, touched, rule.severity == Severity.HARD, why))
    return found


def expression_of(rule: SheetRule) -> language.Expression:
    """The rule as a tree, made once for each row that is held: a sheet in use is kept by the process."""
    found = rule.__dict__.get("_expression")
    if found is None:
        found = rule.__dict__["_expression"] = language.from_json(rule.tree)
    return found


def rules_here(
    rules: Iterable[SheetRule], index: Mapping[str, Sequence[Cell]], earlier: Earlier
) -> Iterator[tuple[SheetRule, language.Expression]]:
    """Rules over this period's cells: earlier figures are put in; a rule whose earlier figure is missing is left out.

    `index` is `by_element` of the cells the unit is asked.
    """
    for rule in rules:
        expression = expression_of(rule)
        if not any(PERIOD in dict(node.members) for node in language.name_nodes(expression)):
            yield rule, expression
        else:
            here = _with_earlier(expression, index, earlier)
            if here is not None:
                yield rule, here


def _with_earlier(
    expression: language.Expression, index: Mapping[str, Sequence[Cell]], earlier: Earlier
) -> language.Expression | None:
    if isinstance(expression, language.Name):
        members = dict(expression.members)
        if PERIOD not in members:
            return expression
        name = language.Name(expression.element, tuple(one for one in expression.members if one[0] != PERIOD))
        count = environment(name, index, earlier(members[PERIOD]))[name.key]
        return None if count is None else language.Number(count)
    changed = {}
    for one in fields(expression):
        part = getattr(expression, one.name)
        if isinstance(part, language.Expression):
            changed[one.name] = here = _with_earlier(part, index, earlier)
            if here is None:
                return None
    return replace(expression, **changed) if changed else expression


def by_element(cells: Iterable[Cell]) -> dict[str, list[Cell]]:
    """Where a name looks for its cells."""
    index: dict[str, list[Cell]] = {}
    for cell in cells:
        index.setdefault(cell.element_id, []).append(cell)
    return index


def _of_line(
    line: SheetLine, values: Mapping[int, int | None], notes: Mapping[int, str], bounds: Sequence[Bound]
) -> list[Finding]:
    """One finding at most: what is left out, or why the value is unusual, the plainest reason first."""
    cell = line.cell_id
    note, value = notes.get(cell, ""), values.get(cell)
    if value is None:
        return [Finding(BLANK, line.words, (cell,), explanation=note)] if cell in values and note else []
    broken = [bound for bound in bounds if not bound.holds(value)]
    if not broken:
        return []
    first, more = broken[0], broken[1:]
    changed = first.kind == CHANGE_CHECK
    return [
        Finding(
            CHANGE if changed else UNUSUAL,
            line.words,
            (cell,),
            explanation=note,
            value=value,
            before=first.before,
            scale=first.scale,
            against=first.against or SAME_PERIOD,
            asks=any(bound.needs_words for bound in broken),
            low=first.low,
            high=first.high,
            words=" ".join(bound.said_of(value) for bound in (more if changed else broken)),
        )
    ]


def environment(
    expression: language.Expression,
    cells: Sequence[Cell] | Mapping[str, Sequence[Cell]],
    values: Mapping[int, int | None],
) -> dict[str, Fraction | None]:
    """Counts for the names of an expression: a name over several cells is their sum, missing when one is missing.

    `cells` as a sequence, or `by_element` of it where many expressions are read.
    """
    index = cells if isinstance(cells, Mapping) else by_element(cells)
    found: dict[str, Fraction | None] = {}
    for node in language.name_nodes(expression):
        named = _named(node, index.get(node.element, ()))
        parts = [values.get(cell.pk) for cell in named]
        known = [part for part in parts if part is not None]
        scale = named[0].element.scale if named else 0
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
