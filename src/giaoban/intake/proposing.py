"""Our whole guess for a worksheet: its shape, whose figures it holds, and what its labels mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from giaoban.core.period import Kind
from giaoban.files.grids import Grid, Row
from giaoban.intake import cells, shape, targets, units
from giaoban.intake import spec as specs
from giaoban.intake.reading import Reader, Reading
from giaoban.intake.spec import NAME, PERIOD, VARIABLE, Meant, Spec

PIECE = 500
EVE = date(2025, 6, 30)  # the last day of the 63 provinces and of the districts: most tables are older
ENOUGH = 5_000  # rows in which every section of a table without variable columns is met


def pieces(rows: Sequence[Row]) -> Iterable[list[Row]]:
    return (list(rows[start : start + PIECE]) for start in range(0, len(rows), PIECE))


def propose(
    grid: Grid,
    *,
    owner: int,
    today: date,
    series: str = "",
    known: Mapping[str, Meant] | None = None,
    names: Mapping[str, str] | None = None,
    layout: Mapping[str, Any] | None = None,
) -> Spec:
    """The table as we think it is to be read. `layout` is how one with the same head was read before."""
    province = units.above(owner, "province", today)
    finders = [units.Finder(level=level, under=province, known=names, today=today) for level in units.LEVELS]

    def knows(texts: Sequence[str]) -> float:
        return max(finder.share(texts) for finder in finders)

    found = shape.guess(grid, knows)
    found = found.changed(names=dict(names or {}), under=province)
    if layout is not None:
        found = specs.applied(layout, found)
    said = saids(grid, found)
    if layout is None:
        kind = targets.kind_in([found.label, *(one.label for one in found.columns)], said)
        found = found.changed(kind=kind)
        found = with_level(grid, found, said, today)
    found = with_labels(grid, found, series, today, known, names)
    return found


def saids(grid: Grid, spec: Spec) -> list[cells.Said]:
    """Every period that heads and the period column say."""
    found = [column.said for column in spec.columns if column.said is not None]
    place = spec.one(PERIOD)
    if place is not None:
        texts = dict.fromkeys(row[place] for row in grid.rows[spec.first :] if place < len(row))
        found += [one for text in texts if (one := cells.said(text)) is not None]
    fixed = cells.said(spec.period) if spec.period else None
    return found + ([fixed] if fixed else [])


def with_level(grid: Grid, spec: Spec, said: Sequence[cells.Said], today: date) -> Spec:
    """At which level its units stand: where most names are found; else its lines are what is counted, of one unit."""
    place = spec.one(NAME)
    days = sorted({period.data_day for one in said if (period := one.period(Kind(spec.kind)))})
    asked = list(dict.fromkeys([*days[-1:], *days[:1], today, EVE]))
    if place is None:
        code = spec.one(specs.CODE)
        texts = _texts(grid, spec, code) if code is not None else []
        level = _level_of_codes(texts, spec, asked, today)
        return spec.changed(level=level)
    texts = _texts(grid, spec, place)
    level, share = units.best_level(texts, under=spec.under, today=today, days=asked)
    if level:
        return spec.changed(level=level)
    if spec.one(specs.CODE) is not None:
        return spec.changed(level="school")
    words = cells.plain(spec.columns[place].label)
    if share < 0.1 and not shape.NAMES.search(words):
        columns = list(spec.columns)
        columns[place] = replace(columns[place], role=VARIABLE)
        return spec.changed(columns=tuple(columns), level="")
    return spec.changed(level="province" if "tinh" in words.split() or "province" in words else "school")


def _level_of_codes(texts: Sequence[str], spec: Spec, days: Sequence[date], today: date) -> str:
    best = ("", 0)
    for level in units.LEVELS:
        for day in days:
            finder = units.Finder(level=level, under=spec.under, today=today)
            hits = sum(finder.find("", text, "", day).kind == units.UNIT for text in texts[:300])
            best = max(best, (level, hits), key=lambda pair: pair[1])
    return best[0]


def _texts(grid: Grid, spec: Spec, place: int | None) -> list[str]:
    last = spec.last if spec.last >= 0 else len(grid.rows) - 1
    rows = grid.rows[spec.first : last + 1]
    return list(dict.fromkeys(shape.written(row[place]) for row in rows if place is not None and row[place] != ""))


def with_labels(
    grid: Grid,
    spec: Spec,
    series: str,
    today: date,
    known: Mapping[str, Meant] | None = None,
    names: Mapping[str, str] | None = None,
) -> Spec:
    """Every label of the table has a meaning: as it had, as known, or as guessed."""
    guesser = targets.Guesser(series, known)
    kept = {specs.key(label): one for label, one in spec.targets.items()}
    guessed = guesser.guess_all(labels(grid, spec, today), spec.label, spec.kind)
    meant = {label: kept.get(specs.key(label), one) for label, one in guessed.items()}
    return spec.changed(targets={**{one: value for one, value in spec.targets.items() if one in meant}, **meant})


def labels(grid: Grid, spec: Spec, today: date) -> dict[str, int]:
    """Every label under which the held rows have figures: {label: how many}."""
    return look(grid, spec, today).labels


def look(grid: Grid, spec: Spec, today: date) -> Reading:
    """What stands where, without saying what it means."""
    bare = spec.changed(targets={})
    rows = grid.rows if spec.places(VARIABLE) else grid.rows[: spec.first + ENOUGH]
    finder = units.Finder(level=spec.level, under=spec.under, known=spec.names, today=today)
    heads = [grid.rows[row] for row in spec.head if row < len(grid.rows)]
    return Reader(bare, finder, {}, heads=heads, keep=False, looking=True).read(pieces(rows))
