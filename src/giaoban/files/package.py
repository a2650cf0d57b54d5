"""An XLSX file as a ZIP of parts: where its worksheets lie, and the cells of one as they are written.

Parts are read with expressions over their bytes, not as trees: whatever else stands in them stays letter for letter
when `annotate` writes them back, and nothing is resolved, so no entity can be blown up.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

WORKBOOK, TYPES = "xl/workbook.xml", "[Content_Types].xml"
DOCTYPE = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)
ATTRIBUTE = re.compile(rb"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*?)(/?)>")
CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]*)</(?:\w+:)?v>")
FORMULA = re.compile(rb"<(?:\w+:)?f\b")


class Damaged(ValueError):
    """It is no workbook after all."""


@dataclass(frozen=True)
class Worksheet:
    name: str
    path: str
    number: str  # its sheetId
    relation: str


def attributes(tag: bytes) -> dict[str, str]:
    return {
        name.decode(): unescape((double or single).decode("utf-8", "replace"))
        for name, double, single in ATTRIBUTE.findall(tag)
    }


def part(package: zipfile.ZipFile, path: str) -> bytes:
    content = package.read(path)
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = re.sub(rb'encoding="[^"]*"', b'encoding="UTF-8"', content.decode("utf-16").encode(), count=1)
    if DOCTYPE.search(content[:4096]):
        raise Damaged("a document type")
    return content


def relations(package: zipfile.ZipFile, path: str) -> dict[str, tuple[str, str]]:
    """{id: (type, path of the part)} of what a part points to; outer targets are left out."""
    beside = relations_path(path)
    if beside not in package.NameToInfo:
        return {}
    found = {}
    for tag in re.findall(rb"<(?:\w+:)?Relationship\b([^>]*)>", part(package, beside)):
        one = attributes(tag)
        if one.get("TargetMode") != "External":
            found[one.get("Id", "")] = (one.get("Type", ""), target(path, one.get("Target", "")))
    return found


def relations_path(path: str) -> str:
    folder, name = posixpath.split(path)
    return posixpath.join(folder, "_rels", name + ".rels")


def target(path: str, given: str) -> str:
    if given.startswith("/"):
        return given[1:]
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), given))


def worksheets(package: zipfile.ZipFile) -> list[Worksheet]:
    """In the order of the tabs."""
    pointed = relations(package, WORKBOOK)
    found = []
    for tag in re.findall(rb"<(?:\w+:)?sheet\b([^>]*)>", part(package, WORKBOOK)):
        one = attributes(tag)
        relation = next((value for key, value in one.items() if key.endswith(":id")), "")
        kind, path = pointed.get(relation, ("", ""))
        if kind.endswith("/worksheet"):
            found.append(Worksheet(one.get("name", ""), path, one.get("sheetId", ""), relation))
    return found


def odd_cells(content: bytes, column: str) -> Iterator[tuple[int, str]]:
    """Rows whose cell of the column holds an error (9, "#REF!"), or a formula without a result (9, "")."""
    cell = re.compile(
        rb'<(?:\w+:)?c\s(?:[^>]*?\s)?r="' + column.encode() + rb'([0-9]+)"([^>]*)>(?:(?<=/>)|(.*?)</(?:\w+:)?c>)',
        re.DOTALL,
    )
    for match in cell.finditer(content):
        inside = match[3] or b""
        is_error = b't="e"' in match[0][: match.start(3) - match.start()] if match[3] is not None else False
        if not is_error and not FORMULA.search(inside):
            continue
        value = VALUE.search(inside)
        if is_error:
            yield int(match[1]), unescape(value[1].decode()) if value else "#"
        elif (value is None or not value[1]) and b't="str"' not in match[0]:
            yield int(match[1]), ""


def hidden_rows(content: bytes) -> list[int]:
    found = []
    for match in ROW.finditer(content) if b" hidden=" in content else ():
        if b"hidden=" in match[1]:
            one = attributes(match[1])
            if one.get("hidden") in ("1", "true") and one.get("r", "").isdecimal():
                found.append(int(one["r"]))
    return found


def column_name(column: int) -> str:
    """4 is E."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_number(name: str) -> int:
    """E is 4."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number - 1
