"""The catalogue written out: TOML that a person can read, and lists as CSV for Excel."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from giaoban.indicators.queries import texts
from giaoban.indicators.queries.texts import DIMENSION, ELEMENT, INDICATOR, KINDS, Row


def toml(found: Mapping[str, Sequence[Row]], heading: str = "") -> str:
    """The rows as one TOML file."""
    parts = [_comment(heading)] if heading else []
    for kind in KINDS:
        parts += [f"[[{kind}]]\n{_fields(row)}" for row in found.get(kind, ())]
    return "\n".join(parts)


def sheet_toml(row: Row) -> str:
    """One sheet as a file of its own."""
    return _fields(row)


def _comment(text: str) -> str:
    return "".join(f"# {line}\n" for line in text.splitlines())


def _fields(row: Mapping[str, Any]) -> str:
    return "".join(
        f"{_key(name)} = {_listed(value) if _is_rows(value) else _value(value)}\n" for name, value in row.items()
    )


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _listed(value: Sequence[Mapping[str, Any]]) -> str:
    """Lines of a sheet, one under the other."""
    return "[\n" + "".join(f"  {_value(one)},\n" for one in value) + "]"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return (
            "{ " + ", ".join(f"{_key(name)} = {_value(one)}" for name, one in value.items()) + " }" if value else "{}"
        )
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return _quoted(str(value))


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _quoted(name)


def _quoted(text: str) -> str:
    """JSON and TOML write strings alike, but for the last control character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


# Tables for Excel

COLUMNS: Mapping[str, tuple[str, ...]] = {
    DIMENSION: ("dimension", "dimension_name", "member", "member_name"),
    ELEMENT: (
        "code", "name", "unit", "kind", "over_units", "scale", "group", "dimensions", "definition", "source",
        "official_code", "code_system", "retired",
    ),
    INDICATOR: (
        "code", "name", "unit", "direction", "places", "group", "start", "expression", "formula_source", "definition",
        "source", "official_code", "code_system", "retired",
    ),
}  # fmt: skip
"""An indicator has a row for each version of its formula, a dimension one for each member."""


def table(kind: str) -> str:
    """A list as CSV: a mark for Excel first, so that Vietnamese opens as it is."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.DictWriter(out, COLUMNS[kind], extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    for row in texts.rows(kind):
        writer.writerows(_table_rows(kind, row))
    return out.getvalue()


def _table_rows(kind: str, row: Row) -> Iterator[dict[str, Any]]:
    if kind == DIMENSION:
        for code, name in row["members"].items():
            yield {"dimension": row["code"], "dimension_name": row["name"], "member": code, "member_name": _safe(name)}
        return
    flat = {name: _safe(value) for name, value in row.items() if not isinstance(value, list)}
    if kind == ELEMENT:
        yield flat | {"dimensions": ";".join(row.get("dimensions", []))}
        return
    first_source = row.get("formula_source", row.get("source", ""))
    yield flat | {"formula_source": _safe(first_source)}
    for version in row.get("formula", ()):
        later = {"start": version["start"], "expression": _safe(version["expression"])}
        yield flat | later | {"formula_source": _safe(version.get("source", ""))}


def _safe(value: Any) -> Any:
    """What begins like a formula of Excel gets an apostrophe, which reading takes off again."""
    if value is True:
        return "1"
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value


def plain(value: str) -> str:
    return value[1:] if value[:1] == "'" and value[1:2] in ("=", "+", "-", "@", "\t", "\r") else value
