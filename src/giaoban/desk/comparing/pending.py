"""Figures handed in and not approved: what a total becomes once they count. Said apart, never mixed with what does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from giaoban.analytics import queries as analytics
from giaoban.analytics.queries import ELEMENT, Answer, Map
from giaoban.core import formula as language
from giaoban.desk.comparing.said import Question, Said
from giaoban.indicators import queries as indicators
from giaoban.indicators.queries.handed_in import Waiting, waiting


def apart(asked: Sequence[Question], held: Mapping[tuple[str, int, str], Answer]) -> dict[Question, str]:
    """What each figure becomes once what is handed in is approved, where that differs from what counts.

    One query for each unit and period, and one question to the figures for those where something waits.
    """
    trees = _trees(asked)
    cells = indicators.cells_of_names({name for tree in trees.values() for name in language.names(tree)})
    rows: dict[tuple[int, str], list[Waiting]] = {}
    for one in asked:
        key = one.unit_id, one.period.code
        if key not in rows:
            numbers_of = {cell.pk for some in cells.values() for cell in some}
            rows[key] = waiting(*key, numbers_of, held[one.key].day)
    found: dict[Question, str] = {}
    open_ = [one for one in asked if one in trees and rows[one.unit_id, one.period.code]]
    sums = _sums(open_, trees, held)
    for one in open_:
        answer = held[one.key]
        names = language.names(trees[one])
        mine = [row for row in rows[one.unit_id, one.period.code] if _among(row, names, cells)]
        env = {name: sums.get((name, one.unit_id, one.period.code)) for name in names}
        value = language.amount(trees[one], _grown(env, mine, cells))
        if mine and value is not None and value != answer.value:
            found[one] = _words(one, answer, value, len({row.unit_id for row in mine}))
    return found


def _words(one: Question, held: Answer, value: Fraction, units: int) -> str:
    measured = one.said.percent or one.said.scaled(held.measure) == 1
    then = Said(0, 0, "", value, max(one.said.places, held.places), one.said.measure if measured else held.measure)
    words = {"value": then.text, "n": units}
    return _("With figures handed in by %(n)s units and not approved yet it would be %(value)s.") % words


def _among(row: Waiting, names: Iterable[str], cells: Mapping[str, Sequence[Any]]) -> bool:
    return any(cell.pk == row.cell_id for name in names for cell in cells.get(name, ()))


def _trees(asked: Sequence[Question]) -> dict[Question, language.Expression]:
    """The formula of each figure on its data day."""
    versions = indicators.formula_versions({one.code for one in asked})
    found: dict[Question, language.Expression] = {}
    for one in asked:
        if one.code.startswith(ELEMENT):
            found[one] = language.parse(one.code.removeprefix(ELEMENT))
        elif own := versions.get(one.code):
            told = [version for version in own if version.start <= one.period.data_day] or own[:1]
            found[one] = language.from_json(told[-1].tree)
    return found


def _sums(
    asked: Sequence[Question],
    trees: Mapping[Question, language.Expression],
    held: Mapping[tuple[str, int, str], Answer],
) -> dict[tuple[str, int, str], Fraction | None]:
    """What counts of each name of the formulas, by name, unit and period."""
    maps: dict[tuple[Map, date], list[Question]] = {}
    for one in asked:
        answer = held[one.key]
        maps.setdefault((answer.map, answer.day), []).append(one)
    found: dict[tuple[str, int, str], Fraction | None] = {}
    for (own, day), some in maps.items():
        names = sorted({f"{ELEMENT}{name}" for one in some for name in language.names(trees[one])})
        units, spans = {one.unit_id for one in some}, {one.period for one in some}
        for answer in analytics.ask(names, units, spans, on=day, map=own):
            found[answer.indicator.removeprefix(ELEMENT), answer.unit_id, answer.period.code] = answer.value
    return found


def _grown(
    env: Mapping[str, Fraction | None], rows: Sequence[Waiting], cells: Mapping[str, Sequence[Any]]
) -> dict[str, Fraction | None]:
    """What counts, with what waits in place of it."""
    found = dict(env)
    for name in env:
        scale = {cell.pk: 10**cell.element.scale for cell in cells.get(name, ())}
        for row in rows:
            if row.cell_id in scale:
                more = Fraction((row.value or 0) - (row.counted or 0), scale[row.cell_id])
                found[name] = (found[name] or Fraction(0)) + more
    return found
