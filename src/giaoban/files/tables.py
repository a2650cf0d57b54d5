"""Opens tables that people upload: CSV and XLSX become rows of text cells, everything else gets a refusal.

An uploaded table is trusted no more than any other file (see `opening`): CSV is decoded here, an XLSX is taken apart
in a process of its own, with the same bounds. Cells come back as they read: `1/2`, `02947`, `2026-08-01`. Of a workbook
the first sheet that holds anything is read; formulas show the value they had when the file was saved.
"""

from __future__ import annotations

import csv
import io
from pathlib import PurePath

from giaoban.core.refusal import sentence
from giaoban.core.text import nfc
from giaoban.files import opening

ROWS, COLUMNS = 200_000, 200
LIMITS = opening.Limits()


class NotATable(opening.NotOpened):
    sentence = sentence("“%(name)s” is not a table; save it as XLSX or as CSV (UTF-8).")


class TooManyRows(opening.NotOpened):
    sentence = sentence("“%(name)s” has more than %(rows)s rows or %(columns)s columns.")


def rows(name: str, content: bytes, limits: opening.Limits = LIMITS) -> list[list[str]]:
    """The rows of the table from its first one on; a row ends with its last cell that holds anything."""
    if not content.strip():
        raise opening.Empty(name=name)
    if len(content) > limits.bytes:
        raise opening.TooLarge(name=name, most=limits.bytes // opening.MEGABYTE)
    found = _of_workbook(name, content, limits) if content.startswith(opening.ZIP) else _of_csv(name, content)
    if len(found) > ROWS or any(len(row) > COLUMNS for row in found):
        raise TooManyRows(name=name, rows=ROWS, columns=COLUMNS)
    if not any(found):
        raise opening.Empty(name=name)
    return found


def _of_workbook(name: str, content: bytes, limits: opening.Limits) -> list[list[str]]:
    if PurePath(name).suffix.lower() in opening.MACRO_SUFFIXES:
        raise opening.Macros(name=name)
    try:
        found = opening.taken_apart("table", name, content, limits)
    except opening.NotADocument:
        raise NotATable(name=name) from None
    return [_trimmed([str(cell) for cell in row]) for row in found]


def _of_csv(name: str, content: bytes) -> list[list[str]]:
    if content.startswith((opening.OLE, opening.PDF)):
        raise NotATable(name=name)
    try:
        text = opening.decoded(name, content).removeprefix("\ufeff")
        return [_trimmed(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))]
    except (csv.Error, opening.NotADocument):
        raise NotATable(name=name) from None


def _delimiter(text: str) -> str:
    """Of comma, semicolon (as a Vietnamese Excel writes) and tab the one that the first line has most of."""
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def _trimmed(row: list[str]) -> list[str]:
    cells = [nfc(cell).strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells
