"""What pages send: the shape that was pointed at, and what labels and names mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from giaoban.core.text import nfc
from giaoban.files.grids import Grid
from giaoban.intake import cells, refusals, shape, targets, units, wording
from giaoban.intake import spec as specs
from giaoban.intake.spec import Column, Meant, Spec
from giaoban.orgs import queries as orgs

Data = Mapping[str, Any]
SEPARATOR = " = "


def shaped(data: Data, spec: Spec, grid: Grid, today: date) -> Spec:
    """The spec with what the page of the table says; heads are read anew when their rows changed."""
    first = _row(data, "first", spec.first, grid)
    last = spec.last if data.get("last", "") == "" else _row(data, "last", spec.last, grid)
    head = _head(data.get("head", ""), spec.head, grid)
    columns = list(spec.columns)
    if head != spec.head:
        fresh = shape.heads(grid, head)
        columns = [replace(one, role=old.role) for one, old in zip(fresh, columns, strict=False)]
    for place, column in enumerate(columns):
        role = data.get(f"role-{place}", column.role)
        period = nfc(data.get(f"period-{place}", column.period)).strip()
        label = " ".join(nfc(data.get(f"label-{place}", column.label)).split()) if head == spec.head else column.label
        columns[place] = Column(role if role in specs.ROLES else column.role, label[: specs.LABEL], period[:80])
    named_unit = data.get("unit", "").strip()
    return spec.changed(
        head=head,
        first=first,
        last=last,
        columns=tuple(columns),
        rows=_lines(data, spec),
        period=nfc(data.get("period", spec.period)).strip()[:80],
        kind=_one_of(data, "kind", wording.KINDS, spec.kind),
        level=_one_of(data, "level", wording.LEVELS, spec.level),
        style=_one_of(data, "style", wording.STYLES, spec.style),
        dash=_one_of(data, "dash", wording.DASHES, spec.dash),
        rounded=bool(data.get("rounded")),
        add=bool(data.get("add")),
        unit_id=unit(named_unit, today) if named_unit else None,
    )


def _one_of(data: Data, name: str, known: Mapping[str, Any], otherwise: str) -> str:
    given = data.get(name, otherwise)
    return given if given in known else otherwise


def _row(data: Data, name: str, otherwise: int, grid: Grid) -> int:
    text = str(data.get(name, "")).strip()
    return min(max(int(text) - 1, 0), 10**7) if text.isdecimal() and len(text) < 8 else otherwise


def _head(text: str, otherwise: tuple[int, ...], grid: Grid) -> tuple[int, ...]:
    """Rows of the head: "3-4", "3,4"; empty for a table without one."""
    if text.strip() in ("", "-"):
        return () if text.strip() == "-" else otherwise
    found: list[int] = []
    for part in text.replace(";", ",").split(","):
        first, _, last = (piece.strip() for piece in part.partition("-"))
        if not first.isdecimal() or (last and not last.isdecimal()):
            return otherwise
        found += range(int(first) - 1, min(int(last or first), int(first) + 20))
    return tuple(row for row in dict.fromkeys(found) if 0 <= row < len(grid.rows))


def _lines(data: Data, spec: Spec) -> dict[int, str]:
    """Kinds of lines a person set; those not on the page stay."""
    found = dict(spec.rows)
    for name, value in data.items():
        if name.startswith("line-") and name[5:].isdecimal():
            row = int(name[5:])
            if value in specs.LINES:
                found[row] = value
            else:
                found.pop(row, None)
    return found


def unit(text: str, on: date) -> int:
    """A unit by name, by code, or by id: and our number."""
    number = text.removeprefix("id:")
    if number != text and number.isdecimal() and len(number) < 12:
        found = orgs.snapshot(int(number), on)
        if found is not None:
            return found.unit_id
    if cells.is_total(text):
        return orgs.COUNTRY_ID
    for level in units.LEVELS:
        finder = units.Finder(level=level, under=None, today=on)
        match = finder.find(text, text, "", on)
        if match.kind == units.UNIT:
            return match.unit_id
    raise refusals.NobodysUnit(text=text)


# Meanings of labels


def meant(
    data: Data, spec: Spec, infos: Mapping[str, targets.Info], define: Callable[[str, bool], str]
) -> dict[str, Meant]:
    """What every label means, as the page says it; `define` makes an element for a label that has none."""
    by_words = {words_of(info): info.key for info in infos.values()}
    found = dict(spec.targets)
    for place, label in enumerate(ordered(spec)):
        if f"use-{place}" not in data:
            continue
        use = _one_of(data, f"use-{place}", wording.USES, specs.LEAVE)
        held = found[label]
        kind = _one_of(data, f"kind-{place}", wording.KINDS, held.kind or spec.kind)
        factor = data.get(f"factor-{place}", "").strip()
        text = data.get(f"cell-{place}", "").strip()
        if use != specs.LEAVE and data.get(f"new-{place}"):
            found[label] = Meant(specs.FIGURE, define(label or spec.label, _is_rate(label)), kind, factor)
            continue
        cell = held.cell if not text and use == specs.LEAVE else named(text, infos, by_words, use)
        found[label] = Meant(use, cell, kind, factor)
    return found


def _is_rate(label: str) -> bool:
    words = cells.plain(label).split()
    return "%" in label or {"ty", "le"} <= set(words) or "rate" in words or "percentage" in words


def words_of(info: targets.Info) -> str:
    """A cell as the list of choices shows it; its key follows, so that two of the same words are told apart."""
    return f"{info.label}{SEPARATOR}{info.key}"


def named(text: str, infos: Mapping[str, targets.Info], by_words: Mapping[str, str], use: str) -> str:
    """The key a person chose: the line of the list, the key itself, or the words of one cell alone."""
    key = by_words.get(text) or text.rpartition(SEPARATOR)[2].strip()
    if key in infos:
        return key
    if use == specs.SUM and key in {info.element for info in infos.values()}:
        return key
    same = [info.key for info in infos.values() if cells.plain(info.label) == cells.plain(text)]
    if len(same) == 1:
        return same[0]
    raise refusals.NoSuchCell(text=text)


def ordered(spec: Spec) -> list[str]:
    """Labels in a steady order, as page and form number them."""
    return list(spec.targets)
