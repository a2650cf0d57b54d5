"""Workbooks that come back: one XLSX or a ZIP of thousands, read by processes that bound themselves.

A process reads some dozens of workbooks and says each as soon as it is read. When one of them breaks it, the rest goes
to a new process, and the culprit is read alone; it gets a refusal that says what to do.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from giaoban.core.refusal import sentence
from giaoban.files import opening
from giaoban.files.annotate import Mark
from giaoban.files.workbook import MARK, checksum

MEGABYTE = opening.MEGABYTE
BATCH = 40  # workbooks read by one process


@dataclass(frozen=True)
class Limits:
    """What may be handed up at once, and what one workbook of it may cost."""

    upload: int = 200 * MEGABYTE
    most: int = 5_000
    unpacked_all: int = 4_000 * MEGABYTE
    bytes: int = 20 * MEGABYTE
    unpacked: int = 150 * MEGABYTE
    ratio: int = 250
    parts: int = 3_000
    seconds: int = 60
    memory: int = 1024 * MEGABYTE


LIMITS = Limits()


class NotAWorkbook(opening.NotOpened):
    sentence = sentence("“%(name)s” is not an Excel workbook (.xlsx) and was not read.")


class Macros(opening.NotOpened):
    sentence = sentence("“%(name)s” carries macros and was not opened; save it as .xlsx without macros.")


class OldExcel(opening.NotOpened):
    sentence = sentence(
        "“%(name)s” has a password or is an old Excel file (.xls); save it as .xlsx without a password."
    )


class NestedZip(opening.NotOpened):
    sentence = sentence("“%(name)s” is a ZIP inside the ZIP; put the workbooks themselves into one ZIP.")


class TooMany(opening.NotOpened):
    sentence = sentence("“%(name)s” holds more than %(most)s files; hand it up in parts.")


class UploadTooLarge(opening.NotOpened):
    sentence = sentence("“%(name)s” is larger than %(most)s MB; hand it up in parts.")


KNOWN: dict[str, type[opening.NotOpened]] = {
    kind.__name__: kind
    for kind in (
        NotAWorkbook, OldExcel, NestedZip, TooMany, opening.UnpacksTooLarge, Macros, opening.Damaged,
        opening.TooLarge, opening.TooSlow, opening.Empty,
    )
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """A file of the ZIP, or the workbook itself (`no` is None)."""

    no: int | None
    name: str
    refused: opening.NotOpened | None = None


@dataclass(frozen=True)
class Row:
    """One row with a key: `value` a number, a text, or {"is": error|formula|merged|truth|day}."""

    number: int
    key: Any
    value: Any
    note: str


@dataclass(frozen=True)
class Page:
    tab: str
    report: int | None
    value_column: int | None
    note_column: int | None
    rows: Sequence[Row] = ()
    stray: Sequence[int] = ()
    hidden: Sequence[int] = ()


@dataclass(frozen=True)
class Filled:
    """What a page was filled with when it was made: {cell: (number as text, note)}."""

    version: int
    tab: str
    cells: dict[int, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Read:
    """A workbook of ours: its pages, and what it was filled with; `whole` when the hidden worksheet is unharmed."""

    pages: Sequence[Page]
    filled: dict[int, Filled]
    ours: bool
    whole: bool
    round: int | None = None


def entries(path: Path, name: str, limits: Limits = LIMITS) -> tuple[bool, list[Entry]]:
    """Whether it is a ZIP of workbooks, and what is to be read. Refuses what cannot be opened at all."""
    if path.stat().st_size > limits.upload:
        raise UploadTooLarge(name=name, most=limits.upload // MEGABYTE)
    if name.lower().endswith(opening.MACRO_SUFFIXES):
        raise Macros(name=name)
    answers = list(_ask({"do": "list", "path": str(path)}, limits))
    answer = answers[0] if answers else {"refused": "Damaged"}
    if "refused" in answer:
        raise refusal(answer["refused"], name, limits)
    if not answer["zip"]:
        return False, [Entry(None, name)]
    return True, [
        Entry(int(row[0]), str(row[1]), refusal(row[2], row[1], limits) if row[2] else None)
        for row in answer["entries"]
    ]


def read(
    path: Path, wanted: Sequence[Entry], limits: Limits = LIMITS
) -> Iterator[tuple[Entry, Read | opening.NotOpened]]:
    """Each workbook, in the order asked; what broke its process is told as too slow or too large."""
    left = [entry for entry in wanted if entry.refused is None]
    answers: dict[int | None, Read | opening.NotOpened] = {}
    size = BATCH
    while left:
        batch, alone = left[:size], size == 1
        for answer in _ask({"do": "read", "path": str(path), "entries": [entry.no for entry in batch]}, limits):
            entry = left.pop(0)
            answers[entry.no] = (
                refusal(answer["refused"], entry.name, limits) if "refused" in answer else _understood(answer)
            )
        if batch and left and left[0] in batch:  # the process ended before this one
            if alone:
                answers[left[0].no] = opening.TooSlow(name=left[0].name, seconds=limits.seconds)
                left.pop(0)
                size = BATCH
            else:
                size = 1
        elif alone:
            size = BATCH
    for entry in wanted:
        yield entry, entry.refused or answers[entry.no]


def marked(
    path: Path, entry: int | None, marks: Sequence[Mark], words: dict[str, str], limits: Limits = LIMITS
) -> bytes:
    """A copy of the workbook with the marks at their cells and a list of them; everything else as it was."""
    order = {"do": "mark", "path": str(path), "entry": entry, "marks": [vars(mark) for mark in marks], "words": words}
    done = _process(order, limits)
    if done.returncode or not done.stdout:
        raise opening.Damaged(name="")
    return done.stdout


def refusal(kind: str, name: str, limits: Limits = LIMITS) -> opening.NotOpened:
    most = {"TooMany": limits.most, "TooLarge": limits.bytes // MEGABYTE}.get(kind, 0)
    return KNOWN.get(kind, opening.Damaged)(name=name, most=most, seconds=limits.seconds)


def _ask(order: dict[str, Any], limits: Limits) -> Iterator[dict[str, Any]]:
    for line in _process(order, limits).stdout.splitlines():
        try:
            yield json.loads(line)
        except ValueError:  # the process died while it wrote this line
            return


def _process(order: dict[str, Any], limits: Limits) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-I", "-m", "giaoban.files.unpacking"]
    said = json.dumps({**vars(limits), **order}).encode()
    try:
        return subprocess.run(  # noqa: S603  # our own interpreter and module
            command, input=said, capture_output=True, timeout=limits.seconds * 3, env={}, check=False
        )
    except subprocess.TimeoutExpired as expired:
        return subprocess.CompletedProcess(command, -1, expired.stdout or b"", b"")


def _understood(answer: dict[str, Any]) -> Read:
    rows = [[str(cell) for cell in row] for row in answer["machine"]]
    head = rows[0] if rows else [""]
    end = next((place for place, row in enumerate(rows) if row[:1] == ["end"]), None)
    whole = end is not None and len(rows[end]) > 1 and checksum(rows[:end]) == rows[end][1]
    filled: dict[int, Filled] = {}
    for row in rows[1:end]:
        row = [*row, "", "", "", ""]
        if row[0] == "page" and row[1].isdecimal():
            filled[int(row[1])] = Filled(int(row[2]) if row[2].isdecimal() else 0, row[3])
        elif row[0] == "cell" and row[1].isdecimal() and row[2].isdecimal() and int(row[1]) in filled:
            filled[int(row[1])].cells[int(row[2])] = (row[3], row[4])
    ours = head[0] == MARK + "book"
    round_id = int(head[2]) if ours and len(head) > 2 and head[2].isdecimal() else None
    return Read([_page(page) for page in answer["pages"]], filled, ours, whole, round_id)


def _page(page: dict[str, Any]) -> Page:
    columns = page["columns"]
    return Page(
        tab=page["tab"],
        report=int(page["report"]) if page["report"].isdecimal() and len(page["report"]) < 18 else None,
        value_column=columns.get("value") if "key" in columns else None,
        note_column=columns.get("note"),
        rows=[Row(*row) for row in page["rows"]],
        stray=[number for number, _value in page["stray"]],
        hidden=page.get("hidden", ()),
    )
