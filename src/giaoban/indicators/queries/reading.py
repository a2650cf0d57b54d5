"""Formulas in words, and what they come to: for the person who writes one and the person who must trust it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _

from giaoban.core import formula as language
from giaoban.core import period as periods
from giaoban.core.numbers import vi_percent, vi_short
from giaoban.indicators.models import Cell
from giaoban.indicators.queries import catalogue, counted
from giaoban.indicators.queries.bounds import LAST_YEAR
from giaoban.indicators.queries.findings import PERIOD
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import TERRITORY
from giaoban.people import queries as people

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*(\[[^\]]*\])?")
Cells = Mapping[str, Sequence[Cell]]


def names_of(expression: str) -> list[str]:
    return language.names(language.parse(expression))


def words_of(name: str, cells: Sequence[Cell], labels: Mapping[int, str] | None = None) -> str:
    """One cell by its label; several by their element, with the members named in brackets."""
    if len(cells) == 1:
        return (labels or {}).get(cells[0].pk) or cells[0].label
    members = name.partition("[")[2].rstrip("]")
    return f"{cells[0].element.name} [{members}]" if members else cells[0].element.name


def in_words(expression: str, cells: Cells | None = None) -> str:
    """The formula with names in place of codes: "Học sinh bỏ học ÷ Học sinh"."""
    known = catalogue.cells_of_names(names_of(expression)) if cells is None else cells
    text = language.to_text(language.parse(expression))
    for sign, said in ((" / ", " ÷ "), (" * ", " × "), (" - ", " − ")):
        text = text.replace(sign, said)
    return NAME.sub(lambda found: words_of(found[0], known[found[0]]) if known.get(found[0]) else found[0], text)


def signs() -> dict[str, str]:
    """How a sign is said."""
    return {
        "=": _("must equal"),
        "!=": _("must differ from"),
        "<": _("must be less than"),
        "<=": _("must not be more than"),
        ">": _("must be more than"),
        ">=": _("must not be less than"),
        "and": _("and"),
        "or": _("or"),
        "+": "+",
        "-": "−",
        "*": "×",
        "/": "÷",
    }


def said(
    expression: language.Expression, cells: Cells, labels: Mapping[int, str] | None = None, at_least: int = 0
) -> str:
    """A rule as a plain sentence: "“Học sinh nữ” must not be more than “Học sinh”"; brackets only where needed."""
    if isinstance(expression, language.Number):
        return vi_short(expression.value)
    if isinstance(expression, language.Name):
        return _said_name(expression, cells, labels)
    if isinstance(expression, language.Negative):
        return "−" + said(expression.of, cells, labels, language.STRENGTH["sign"])
    if isinstance(expression, language.Not):
        return _("not so that %(rule)s") % {"rule": said(expression.of, cells, labels, language.STRENGTH["not"])}
    comparison = isinstance(expression, language.Comparison)
    strength = language.STRENGTH["compare" if comparison else expression.sign]
    left = said(expression.left, cells, labels, strength + comparison)
    right = said(expression.right, cells, labels, strength + 1)
    text = f"{left} {signs()[expression.sign]} {right}"
    return text if strength >= at_least else f"({text})"


def _said_name(node: language.Name, cells: Cells, labels: Mapping[int, str] | None) -> str:
    """A name in quotes; one of an earlier period (the reserved member `ky` of rules) says so."""
    key = without_period(node)
    found = cells.get(key, ())
    words = f"“{words_of(key, found, labels) if found else key}”"
    period = dict(node.members).get(PERIOD)
    if period is None:
        return words
    earlier = _("in the same period of last year") if period == LAST_YEAR else _("in the period before")
    return f"{words} {earlier}"


def without_period(node: language.Name) -> str:
    """The name as cells are kept under it."""
    return language.Name(node.element, tuple(pair for pair in node.members if pair[0] != PERIOD)).key


def reading(expression: str, cells: Cells | None = None, labels: Mapping[int, str] | None = None) -> str:
    """A formula or a rule in words; raises BadFormula where it is none."""
    tree = language.parse(expression)
    known = cells_read(tree) if cells is None else cells
    return said(tree, known, labels)


def cells_read(tree: language.Expression) -> dict[str, list[Cell]]:
    """The cells of every name in a formula or a rule, periods left aside."""
    return catalogue.cells_of_names({without_period(node) for node in language.name_nodes(tree)})


# What it comes to


@dataclass(frozen=True)
class Part:
    """One name of a formula with what counts for it."""

    name: str
    words: str
    unit: str
    value: str  # "" where nothing counts


@dataclass(frozen=True)
class Tried:
    """A formula computed for a unit and a period, with what it was computed from."""

    unit: str
    period: str
    parts: tuple[Part, ...]
    value: str  # "" where a part is missing
    units: int  # how many units below have figures in it


def tried(
    actor: Actor, expression: language.Expression, *, unit_id: int, period_code: str, on: date, unit: str, places: int
) -> Tried:
    """What the formula gives now, from the figures that count at the unit and below it which the actor may read."""
    period = periods.parse(period_code)
    cells = catalogue.cells_of_names(language.names(expression))
    below = set(orgs.descendants(unit_id, TERRITORY, period.data_day, include_self=True))
    below = people.in_sight(actor, "figure.view", below, on, period.data_day)
    wanted = {cell.pk for found in cells.values() for cell in found}
    figures = [one for one in counted.figures(period_codes=[period.code], cell_ids=wanted) if one.unit_id in below]
    sums: dict[int, int] = {}
    for one in figures:
        sums[one.cell_id] = sums.get(one.cell_id, 0) + one.value
    env: dict[str, Fraction | None] = {}
    parts = []
    for name, found in cells.items():
        known = [sums[cell.pk] for cell in found if cell.pk in sums]
        scale = found[0].element.scale if found else 0
        env[name] = Fraction(sum(known), 10**scale) if known else None
        printed = "" if env[name] is None else vi_short(env[name])
        parts.append(Part(name, words_of(name, found), found[0].element.unit if found else "", printed))
    value = language.amount(expression, env)
    return Tried(
        unit=orgs.name(unit_id, on),
        period=period.label,
        parts=tuple(parts),
        value="" if value is None else _printed(value, unit, places),
        units=len({one.unit_id for one in figures}),
    )


def _printed(value: Fraction, unit: str, places: int) -> str:
    if unit == "%":
        return vi_percent(value.numerator, value.denominator, places)
    return f"{vi_short(value)} {unit}".strip()
