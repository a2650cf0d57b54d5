"""What is published, as the rows of a catalogue file: the words of `catalogue/indicators/*.toml`, written out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Prefetch

from giaoban.indicators.models import Dimension, Element, Indicator, Sheet, SheetLine

Row = dict[str, Any]
ELEMENT, INDICATOR, DIMENSION, SHEET = "element", "indicator", "dimension", "sheet"
KINDS = (DIMENSION, ELEMENT, INDICATOR, SHEET)
"""In the order in which they can be taken in: each reads only those before it."""


def row(kind: str, code: str) -> Row | None:
    """One published text; None when there is none."""
    found = _rows(kind, [code])
    return found[0] if found else None


def rows(kind: str) -> list[Row]:
    """All published texts of a kind, by group and code."""
    return _rows(kind, None)


def whole() -> dict[str, list[Row]]:
    """The catalogue: {kind: rows}."""
    return {kind: rows(kind) for kind in KINDS}


def _rows(kind: str, codes: list[str] | None) -> list[Row]:
    return READERS[kind](codes)


def _dimensions(codes: list[str] | None) -> list[Row]:
    found = Dimension.objects.prefetch_related("members").order_by("code")
    if codes is not None:
        found = found.filter(pk__in=codes)
    return [
        {"code": one.code, "name": one.name, "members": {member.code: member.name for member in one.members.all()}}
        for one in found
    ]


def _elements(codes: list[str] | None) -> list[Row]:
    found = Element.objects.prefetch_related("dimensions")
    if codes is not None:
        found = found.filter(pk__in=codes)
    return [
        _filled(
            code=one.code,
            name=one.name,
            unit=one.unit,
            kind="stock" if one.stock else "flow",
            over_units="" if one.over_units == "sum" else one.over_units,
            scale=one.scale,
            group=one.group,
            dimensions=sorted(dimension.code for dimension in one.dimensions.all()),
            **_texts(one),
        )
        for one in found
    ]


def _indicators(codes: list[str] | None) -> list[Row]:
    found = Indicator.objects.prefetch_related("formulas")
    if codes is not None:
        found = found.filter(pk__in=codes)
    return [_indicator(one) for one in found]


def _indicator(one: Indicator) -> Row:
    first, *later = [
        _filled(start=version.start.isoformat(), expression=version.expression, source=version.source)
        for version in one.formulas.all()
    ] or [{}]
    return _filled(
        code=one.code,
        name=one.name,
        unit=one.unit,
        direction=one.direction,
        places=one.places,
        group=one.group,
        start=first.get("start", ""),
        expression=first.get("expression", ""),
        formula=later,
        **_texts(one),
    ) | _always(one, first)


def _always(one: Indicator, first: Row) -> Row:
    """Places may be nought; the source of the first formula is written where it is not the indicator's."""
    source = first.get("source", "")
    return {"places": one.places} | ({} if source == one.source else {"formula_source": source})


def _sheets(codes: list[str] | None) -> list[Row]:
    lines = Prefetch("lines", queryset=SheetLine.objects.select_related("cell").order_by("order"))
    found = Sheet.objects.prefetch_related("kinds", "rules", lines)
    if codes is not None:
        found = found.filter(pk__in=codes)
    return [_sheet(one) for one in found]


def _sheet(one: Sheet) -> Row:
    return _filled(
        code=one.code,
        name=one.name,
        source=one.source,
        kinds=sorted(kind.code for kind in one.kinds.all()),
        change_percent=one.change_percent,
        change_least=one.change_least,
        checks=one.checks,
        supersedes=one.supersedes_id or "",
        retired=one.retired,
        line=[line_row(line) for line in one.lines.all()],
        rule=[
            _filled(
                expression=rule.expression,
                sentence=rule.sentence,
                severity="" if rule.severity == "hard" else rule.severity,
            )
            for rule in one.rules.all()
        ],
    ) | {"change_percent": one.change_percent, "change_least": one.change_least}


def line_row(line: Any) -> Row:
    """A line of a sheet; `shown` marks a cell that another sheet asks, `required` is written only when it is not."""
    return _filled(
        section=line.section,
        cell=line.cell.key if line.cell_id else "",
        expression=line.expression,
        label=line.label,
        unit=line.unit,
        help=line.help,
        level=line.level,
        shown=bool(line.cell_id) and not line.owns,
        kinds=list(line.kinds),
    ) | ({} if line.required else {"required": False})


def _texts(one: Element | Indicator) -> Row:
    names = ("definition", "source", "official_code", "code_system", "retired")
    return {name: getattr(one, name) for name in names}


def _filled(**fields: Any) -> Row:
    """Without what is empty, nought or false: a file says only what there is to say."""
    return {name: value for name, value in fields.items() if value}


READERS: Mapping[str, Callable[[list[str] | None], list[Row]]] = {
    DIMENSION: _dimensions,
    ELEMENT: _elements,
    INDICATOR: _indicators,
    SHEET: _sheets,
}
