"""Tables of any layout as they stand in the file: worksheets, merged heads, and rows read in a stream.

The file is unrolled by a process of its own (`unrolling`), which bounds itself; here its rows arrive some hundreds at a
time, so that a table of a hundred thousand rows is looked through without ever being held. Cells keep their kind: an
Excel number is a number, text is text ("1.234" has still to be understood).
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from giaoban.core.refusal import sentence
from giaoban.core.text import nfc
from giaoban.files import opening

Cell = str | int | float | bool
Row = list[Cell]
ROWS, COLUMNS = 300_000, 400
HELD = 60_000  # rows held at most where a whole table is looked at
LIMITS = opening.Limits(
    bytes=40 * opening.MEGABYTE,
    unpacked=600 * opening.MEGABYTE,
    ratio=300,
    entries=5_000,
    seconds=40,
    memory=1024 * opening.MEGABYTE,
)


class NotATable(opening.NotOpened):
    sentence = sentence("“%(name)s” is not a table; save it as XLSX, XLS, ODS or CSV.")


class TooManyRows(opening.NotOpened):
    sentence = sentence("“%(name)s” has more than %(rows)s rows or %(columns)s columns.")


class NoSuchSheet(opening.NotOpened):
    sentence = sentence("“%(name)s” has no worksheet “%(sheet)s”.")
    field = "sheet"


@dataclass(frozen=True)
class Sheet:
    """A worksheet that holds anything."""

    name: str
    rows: int
    columns: int
    hidden: bool = False


@dataclass
class Grid:
    """The rows of a worksheet, all as wide as the widest; `merged` are (top, left, bottom, right), counted from 0."""

    rows: list[Row]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    whole: bool = True  # False: there are more rows in the file

    @property
    def width(self) -> int:
        return max(map(len, self.rows), default=0)


def sheets(name: str, path: Path, limits: opening.Limits = LIMITS) -> list[Sheet]:
    """The worksheets of a kept file; a CSV has one without a name."""
    _check_size(name, path, limits)
    with _unrolled(name, path, {"do": "sheets"}, limits) as lines:
        found = [Sheet(**one) for one in next(lines)["sheets"]]
    if not found:
        raise opening.Empty(name=name)
    return found


def stream(name: str, path: Path, sheet: str, limits: opening.Limits = LIMITS) -> Iterator[list[Row]]:
    """Rows in pieces of some hundreds, as they lie in the file; close the iterator to stop reading."""
    _check_size(name, path, limits)
    with _unrolled(name, path, {"do": "rows", "sheet": sheet, "rows": ROWS}, limits) as lines:
        next(lines)
        number = 0
        for piece in lines:
            if isinstance(piece, dict):
                break
            number += len(piece)
            if number > ROWS or (piece and len(piece[0]) > COLUMNS):
                raise TooManyRows(name=name, rows=ROWS, columns=COLUMNS)
            yield piece


def grid(name: str, path: Path, sheet: str, most: int = HELD, limits: opening.Limits = LIMITS) -> Grid:
    """The first rows of the worksheet, in one shape, texts composed and trimmed."""
    _check_size(name, path, limits)
    rows: list[Row] = []
    whole = True
    with _unrolled(name, path, {"do": "rows", "sheet": sheet, "rows": most}, limits) as lines:
        merged = [tuple(one) for one in next(lines)["merged"]]
        for piece in lines:
            if isinstance(piece, dict):
                break
            rows += piece
            if len(rows) > most:
                whole = False
                break
    width = max((_filled(row) for row in rows), default=0)
    if width > COLUMNS:
        raise TooManyRows(name=name, rows=ROWS, columns=COLUMNS)
    if not width:
        raise opening.Empty(name=name)
    shaped = [tidy(row[:width]) + [""] * (width - len(row)) for row in rows[:most]]
    while whole and shaped and not any(cell != "" for cell in shaped[-1]):
        shaped.pop()
    kept = [one for one in merged if one[2] < len(shaped) and one[1] < width]
    return Grid(shaped, kept, whole)


def tidy(row: Row) -> Row:
    return [nfc(cell).strip() if isinstance(cell, str) else cell for cell in row]


def _filled(row: Row) -> int:
    """How many cells there are up to the last that holds anything."""
    width = len(row)
    while width and (row[width - 1] == "" or row[width - 1] is None):
        width -= 1
    return width


def _check_size(name: str, path: Path, limits: opening.Limits) -> None:
    size = path.stat().st_size
    if not size:
        raise opening.Empty(name=name)
    if size > limits.bytes:
        raise opening.TooLarge(name=name, most=limits.bytes // opening.MEGABYTE)


@contextmanager
def _unrolled(name: str, path: Path, order: dict[str, Any], limits: opening.Limits) -> Iterator[Iterator[Any]]:
    """What the reading process says, line by line; it ends with the block, whatever it is doing."""
    command = [sys.executable, "-I", "-m", "giaoban.files.unrolling", json.dumps(order | vars(limits)), str(path)]
    process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
    )
    assert process.stdout is not None
    try:
        yield _lines(name, order, process, process.stdout, limits)
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def _lines(
    name: str, order: dict[str, Any], process: subprocess.Popen[bytes], out: IO[bytes], limits: opening.Limits
) -> Iterator[Any]:
    ended = False
    for line in out:
        said = json.loads(line)
        if isinstance(said, dict) and "refused" in said:
            raise _refusal(said["refused"], name, order)
        ended = isinstance(said, dict) and ("end" in said or "sheets" in said)
        yield said
    if not ended:  # killed by a limit of its own, or broken
        if process.wait(timeout=5) < 0:
            raise opening.TooSlow(name=name, seconds=limits.seconds)
        raise opening.Damaged(name=name)


def _refusal(kind: str, name: str, order: dict[str, Any]) -> opening.NotOpened:
    if kind == "Damaged" and order.get("sheet"):
        return NoSuchSheet(name=name, sheet=order["sheet"])
    if kind in ("NotADocument", "UnknownEncoding"):
        return NotATable(name=name)
    return opening.KNOWN.get(kind, opening.Damaged)(name=name)
