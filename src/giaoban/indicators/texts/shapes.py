"""The fields each kind of text has, and what may stand in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from giaoban.core.refusal import Refused
from giaoban.indicators.queries.texts import DIMENSION, ELEMENT, INDICATOR, SHEET, Row
from giaoban.indicators.texts.faults import BadField, FieldNeeded, UnknownField


def typed(row: Mapping[str, Any]) -> Row:
    """Numbers and yes/no of a table as TOML has them; empty columns are left out."""
    made: Row = {name: value for name, value in row.items() if value not in ("", [])}
    for name in ("scale", "places"):
        if str(made.get(name, "")).isdigit():
            made[name] = int(made[name])
    if "retired" in made:
        made["retired"] = str(made["retired"]).lower() in ("1", "true", "x", "có")
    if "formula_source" not in made and "expression" in made and "formula_source" in row:
        made["formula_source"] = ""
    return made


Shape = Mapping[str, Callable[[Any], bool]]


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 32_000


def _words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _named(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value) and all(isinstance(one, str) for one in value.values())


def _rows_of(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, Mapping) for one in value)


def _day(value: Any) -> bool:
    if isinstance(value, date):
        return True
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True


def _anything(value: Any) -> bool:
    return True


COMMON: Shape = {
    "code": _text, "name": _text, "unit": _text, "group": _text, "definition": _text, "source": _text,
    "sources": _words, "official_code": _text, "code_system": _text, "retired": _flag, "note": _text,
}  # fmt: skip
FIELDS: Mapping[str, Shape] = {
    DIMENSION: {"code": _text, "name": _text, "members": _named, "source": _text, "sources": _words},
    ELEMENT: COMMON | {
        "kind": lambda value: value in ("stock", "flow"), "over_units": lambda value: value in ("sum", "none"),
        "scale": lambda value: _count(value) and value <= 9, "dimensions": _words, "level": _text,
    },
    INDICATOR: COMMON | {
        "direction": lambda value: value in ("up", "down", "none"), "places": _count, "start": _day,
        "expression": _text, "formula_source": _text, "formula": _rows_of,
    },
    SHEET: {
        "code": _text, "name": _text, "source": _text, "kinds": _anything, "levels": _anything, "at_each": _anything,
        "kinds_each": _anything, "section": _rows_of, "line": _rows_of, "rule": _rows_of, "change_percent": _count,
        "change_least": _count, "checks": lambda value: isinstance(value, Mapping), "supersedes": _text,
        "retired": _flag,
    },
}  # fmt: skip
NEEDED = {
    DIMENSION: ("code", "name", "members"),
    ELEMENT: ("code", "name", "unit", "kind"),
    INDICATOR: ("code", "name", "unit", "expression"),
    SHEET: ("code", "name"),
}
LINE: Shape = {
    "section": _text, "cell": _text, "expression": _text, "label": _text, "unit": _text, "help": _text,
    "level": _count, "shown": _flag, "kinds": _words, "required": _flag,
}  # fmt: skip
RULE: Shape = {
    "expression": _text, "sentence": _text, "severity": lambda value: value in ("hard", "warning"),
    "each": lambda value: isinstance(value, Mapping),
}  # fmt: skip


def shape_faults(kind: str, row: Mapping[str, Any]) -> Iterator[Refused]:
    """Fields that are missing, unknown, or of the wrong sort."""
    for name in NEEDED[kind]:
        if row.get(name) in (None, "", {}):
            yield FieldNeeded(name=name, field=name)
    yield from _field_faults(FIELDS[kind], row, "")
    if kind == SHEET and "line" in row and _rows_of(row["line"]):
        for order, line in enumerate(row["line"], start=1):
            yield from _field_faults(LINE, line, f"line.{order}.")
    if kind == SHEET and _rows_of(row.get("rule", [])):
        for order, rule in enumerate(row.get("rule", []), start=1):
            yield from _field_faults(RULE, rule, f"rule.{order}.")
            for name in ("expression", "sentence"):
                if not rule.get(name):
                    yield FieldNeeded(name=name, field=f"rule.{order}.{name}")


def _field_faults(shape: Shape, row: Mapping[str, Any], place: str) -> Iterator[Refused]:
    for name, value in row.items():
        if name not in shape:
            yield UnknownField(name=name, field=place + name)
        elif not shape[name](value):
            yield BadField(name=name, value=str(value)[:60], field=place + name)
