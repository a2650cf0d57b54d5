"""Writes words into cells of somebody's own workbook; all else of the file stays letter for letter.

As in `annotate`, only the parts that change are written anew. A cell with a formula is left as it is.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from html import escape

from giaoban.files import package

SHEET_DATA = re.compile(rb"<((?:\w+:)?)sheetData\s*(?:/>|>(.*?)</(?:\w+:)?sheetData>)", re.DOTALL)
ROWS = re.compile(rb"<(?:\w+:)?row\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?row>)", re.DOTALL)
ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
STYLE = re.compile(rb'\ss="(\d+)"')
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LONGEST = 32_000


def filled(content: bytes, cells: Mapping[tuple[str, str], str]) -> bytes:
    """The workbook with these words: {(worksheet, "E5"): words}. What is not there in the file is put in."""
    by_sheet: dict[str, dict[int, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    for (sheet, at), words in cells.items():
        match = ADDRESS.fullmatch(at)
        if match:
            by_sheet[sheet][int(match[2])][package.column_number(match[1])] = words
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        changed = {
            one.path: _with(package.part(source, one.path), by_sheet[one.name])
            for one in package.worksheets(source)
            if one.name in by_sheet
        }
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as copy:
            for entry in source.infolist():
                copy.writestr(entry.filename, changed.get(entry.filename) or source.read(entry.filename))
    return target.getvalue()


def _with(content: bytes, rows: Mapping[int, Mapping[int, str]]) -> bytes:
    data = SHEET_DATA.search(content)
    if data is None:
        return content
    prefix, body = data[1], data[2] or b""
    pieces: list[bytes] = []
    waiting = sorted(rows)
    last = place = 0
    for row in ROWS.finditer(body):
        given = re.search(rb'\br="(\d+)"', row[1])
        last = int(given[1]) if given else last + 1
        pieces.append(body[place : row.start()])
        place = row.end()
        while waiting and waiting[0] < last:
            pieces.append(_new_row(waiting.pop(0), rows, prefix))
        if waiting and waiting[0] == last:
            waiting.pop(0)
            kept = re.sub(rb'\sspans="[^"]*"', b"", row[1])
            inside = _cells(row[2] or b"", last, rows[last], prefix)
            pieces.append(b"<%srow%s>%s</%srow>" % (prefix, kept, inside, prefix))
        else:
            pieces.append(row[0])
    pieces.append(body[place:])
    pieces += [_new_row(number, rows, prefix) for number in waiting]
    whole = b"<%ssheetData>%s</%ssheetData>" % (prefix, b"".join(pieces), prefix)
    return content[: data.start()] + whole + content[data.end() :]


def _new_row(number: int, rows: Mapping[int, Mapping[int, str]], prefix: bytes) -> bytes:
    inside = b"".join(_cell(number, column, words, b"", prefix) for column, words in sorted(rows[number].items()))
    return b'<%srow r="%d">%s</%srow>' % (prefix, number, inside, prefix)


def _cells(inside: bytes, number: int, wanted: Mapping[int, str], prefix: bytes) -> bytes:
    pieces: list[bytes] = []
    waiting = sorted(wanted)
    last, place = -1, 0
    for cell in package.CELL.finditer(inside):
        given = re.search(rb'\br="([A-Z]+)\d+"', cell[1])
        last = package.column_number(given[1].decode()) if given else last + 1
        pieces.append(inside[place : cell.start()])
        place = cell.end()
        while waiting and waiting[0] < last:
            column = waiting.pop(0)
            pieces.append(_cell(number, column, wanted[column], b"", prefix))
        if waiting and waiting[0] == last:
            waiting.pop(0)
            style = STYLE.search(cell[1])
            formula = cell[2] is not None and package.FORMULA.search(cell[2])
            pieces.append(cell[0] if formula else _cell(number, last, wanted[last], style[0] if style else b"", prefix))
        else:
            pieces.append(cell[0])
    pieces.append(inside[place:])
    pieces += [_cell(number, column, wanted[column], b"", prefix) for column in waiting]
    return b"".join(pieces)


def _cell(number: int, column: int, words: str, style: bytes, prefix: bytes) -> bytes:
    at = f"{package.column_name(column)}{number}".encode()
    said = escape(UNWRITABLE.sub("", words)[:LONGEST], quote=False).encode()
    return b'<%sc r="%s"%s t="inlineStr"><%sis><%st xml:space="preserve">%s</%st></%sis></%sc>' % (
        prefix, at, style, prefix, prefix, said, prefix, prefix, prefix,
    )  # fmt: skip
