"""A file of the catalogue read: its items in the order they are taken in, and every fault at its line."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from giaoban.core.refusal import Refused
from giaoban.indicators.queries.texts import DIMENSION, ELEMENT, INDICATOR, KINDS, SHEET, Row
from giaoban.indicators.texts.faults import BadFile, FileTooLarge, NothingInFile, TextTwice
from giaoban.indicators.texts.shapes import shape_faults, typed
from giaoban.indicators.texts.writing import plain

LARGEST = 5_000_000  # bytes: the whole catalogue of 10,000 elements is well below


@dataclass(frozen=True)
class Item:
    """One text of a file: what it says and where it stands."""

    kind: str
    code: str
    row: Row
    line: int


@dataclass(frozen=True)
class Fault:
    """What is wrong, at which line of the file, in which text and field."""

    line: int
    code: str
    field: str
    refused: Refused


@dataclass
class Read:
    items: list[Item] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    places: dict[tuple[str, str], int] = field(default_factory=dict)


def read(content: bytes, name: str = "") -> Read:
    """The texts of a TOML or CSV file in the order in which they can be taken in; raises where it is no such file."""
    if len(content) > LARGEST:
        raise FileTooLarge(most=LARGEST // 1_000_000)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise BadFile(why=_("it is not UTF-8 text")) from wrong
    found = _read_table(text) if name.lower().endswith(".csv") else _read_toml(text)
    if not found.items and not found.faults:
        raise NothingInFile()
    return _in_order(found)


def together(parts: Iterable[Read]) -> Read:
    """Several files as one."""
    found = Read()
    for part in parts:
        found.items += part.items
        found.faults += part.faults
    return _in_order(found)


def _in_order(found: Read) -> Read:
    befores = {item.code: item.row.get("supersedes", "") for item in found.items if item.kind == SHEET}
    found.items.sort(key=lambda item: (KINDS.index(item.kind), _turn_of_sheet(item, befores)))
    return found


def _turn_of_sheet(item: Item, befores: Mapping[str, str]) -> tuple[bool, int]:
    """Sheets no longer used come first, the older before the newer: a cell has one living owner at a time."""
    if item.kind != SHEET:
        return False, 0
    depth, code = 0, item.code
    while befores.get(code) and depth <= len(befores):
        depth, code = depth + 1, befores[code]
    return not item.row.get("retired", False), depth


def _read_toml(text: str) -> Read:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise BadFile(why=str(wrong)) from wrong
    found = Read()
    group = data.get("group", "")
    if "code" in data and ("line" in data or "section" in data):
        _add(found, SHEET, data, _next(_places(text, ""), data))
        return found
    for kind in KINDS:
        places = _places(text, kind)
        rows = data.get(kind, [])
        for row in rows if isinstance(rows, list) else []:
            given = {"group": group} | row if group and kind in (ELEMENT, INDICATOR) else row
            _add(found, kind, given, _next(places, row))
    return found


def _next(places: Mapping[str, list[int]], row: Row) -> int:
    """The line of the next text with this code."""
    lines = places.get(str(row.get("code", "")), [])
    return lines.pop(0) if lines else 1


def _places(text: str, kind: str) -> dict[str, list[int]]:
    """{code: lines of the file} of the texts of a kind; without a kind, of the code at the top."""
    places: dict[str, list[int]] = {}
    here = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if head := re.match(r"\s*\[\[?\s*([a-z_]+)", line):
            here = head[1]
        elif here == kind and (code := re.match(r"\s*code\s*=\s*[\"']([^\"']*)", line)):
            places.setdefault(code[1], []).append(number)
    return places


def _add(found: Read, kind: str, row: Row, line: int) -> None:
    code = str(row.get("code", ""))
    first = found.places.setdefault((kind, code), line)
    if first != line:
        found.faults.append(Fault(line, code, "code", TextTwice(code=code, line=first)))
        return
    faults = [Fault(line, code, fault.field or "", fault) for fault in shape_faults(kind, row)]
    found.faults += faults
    if not faults:
        found.items.append(Item(kind, code, dict(row), line))


def _read_table(text: str) -> Read:
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    columns = [(name or "").strip() for name in reader.fieldnames or []]
    kind = next((one for one in (DIMENSION, INDICATOR, ELEMENT) if set(NEEDED_COLUMNS[one]) <= set(columns)), None)
    if kind is None:
        raise BadFile(why=_("its first row does not name the columns of a list of the catalogue"))
    rows = []
    for record in reader:
        line = reader.line_num
        clean = {
            (key or "").strip(): plain((value or "").strip()) for key, value in record.items() if isinstance(value, str)
        }
        if any(clean.values()):
            rows.append((line, clean))
    found = Read()
    for line, row in _gathered(kind, rows):
        _add(found, kind, row, line)
    return found


NEEDED_COLUMNS = {
    DIMENSION: ("dimension", "member", "member_name"),
    INDICATOR: ("code", "name", "unit", "expression", "start"),
    ELEMENT: ("code", "name", "unit", "kind"),
}


def _delimiter(text: str) -> str:
    """Excel in Vietnamese writes semicolons."""
    head = text.partition("\n")[0]
    return ";" if head.count(";") > head.count(",") else "," if "\t" not in head else "\t"


def _gathered(kind: str, rows: Sequence[tuple[int, dict[str, str]]]) -> Iterator[tuple[int, Row]]:
    """Rows of one dimension, or of one indicator's versions, put together."""
    if kind == ELEMENT:
        for line, row in rows:
            yield line, typed(row | {"dimensions": [one for one in row.get("dimensions", "").split(";") if one]})
        return
    known: dict[str, tuple[int, Row]] = {}
    for line, row in rows:
        if kind == DIMENSION:
            _line, made = known.setdefault(
                row["dimension"],
                (
                    line,
                    {"code": row["dimension"], "name": row.get("dimension_name") or row["dimension"], "members": {}},
                ),
            )
            made["members"][row["member"]] = row["member_name"]
        elif row["code"] not in known:
            known[row["code"]] = (line, typed(row) | {"formula": []})
        else:
            version = {"start": row["start"], "expression": row["expression"], "source": row.get("formula_source", "")}
            known[row["code"]][1]["formula"].append(version)
    yield from known.values()
