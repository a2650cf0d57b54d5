"""The process that reads returned workbooks: `python -I -m giaoban.files.unpacking < ORDER > ANSWERS`.

The order is one JSON object: what to do (`list`, `read`, `mark`), the path of the kept file, which entries of the ZIP,
and the bounds, which the process lays upon itself first. `read` answers one line a workbook, as soon as it is read, so
that what one bad workbook does to the process costs the others nothing. `mark` answers with the bytes of the copy.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path, PurePath
from typing import Any

from giaoban.files import annotate, opening, package
from giaoban.files.fence import bound
from giaoban.files.workbook import MACHINE, MARK, REASONS

JUNK = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")
MOST_ROWS, MOST_COLUMNS = 60_000, 120
MOST_PAGES = 600


class NotAWorkbook(opening.NotOpened):
    """No XLSX at all."""


class OldExcel(opening.NotOpened):
    """XLS, or anything behind a password."""


class NestedZip(opening.NotOpened):
    """A ZIP in the ZIP."""


class TooMany(opening.NotOpened):
    """More entries than are read."""


def main() -> None:
    order = json.loads(sys.stdin.read())
    bound(order["memory"], order["seconds"])
    out = sys.stdout.buffer
    if order["do"] == "mark":
        content = _content(order, order["entry"])
        out.write(annotate.annotated(content, [annotate.Mark(**mark) for mark in order["marks"]], order["words"]))
        return
    for answer in _said(order):
        out.write(json.dumps(answer, default=_written, ensure_ascii=False).encode() + b"\n")
        out.flush()


def _said(order: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if order["do"] == "list":
        yield guarded(lambda: _list(order))
        return
    for entry in order["entries"]:
        yield {"no": entry} | guarded(lambda entry=entry: _read(order, entry))


def guarded(work: Any) -> dict[str, Any]:
    """What was found, or the name of the refusal."""
    try:
        found: dict[str, Any] = work()
    except opening.NotOpened as refused:
        return {"refused": type(refused).__name__}
    except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, OSError, EOFError, IndexError):
        return {"refused": "Damaged"}
    except (MemoryError, RecursionError):
        return {"refused": "UnpacksTooLarge"}
    except Exception as error:  # zlib.error, RuntimeError of an encrypted entry: all say that it cannot be read
        return {"refused": "OldExcel" if "encrypted" in str(error) else "Damaged"}
    return found


# A ZIP of workbooks


def _list(order: Mapping[str, Any]) -> dict[str, Any]:
    path = Path(order["path"])
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(opening.OLE):
        raise OldExcel(name="")
    if not head.startswith(b"PK"):
        raise NotAWorkbook(name="")
    with zipfile.ZipFile(path) as zipped:
        entries = zipped.infolist()
        names = {one.filename for one in entries}
        if package.WORKBOOK in names or package.TYPES in names:
            return {"zip": False, "entries": []}
        kept = [(no, one) for no, one in enumerate(entries) if not one.is_dir() and not _junk(one.filename)]
        if len(kept) > order["most"]:
            raise TooMany(name="")
        if sum(one.file_size for _no, one in kept) > order["unpacked_all"]:
            raise opening.UnpacksTooLarge(name="")
        return {"zip": True, "entries": [[no, _name(one), _problem(one, order)] for no, one in kept]}


def _junk(name: str) -> bool:
    lowered = name.lower()
    return (
        lowered.startswith(JUNK[0]) or PurePath(lowered).name in JUNK or PurePath(lowered).name.startswith(("~$", "._"))
    )


def _name(entry: zipfile.ZipInfo) -> str:
    """Names without the mark of UTF-8 were written in whatever the machine had."""
    if entry.flag_bits & 0x800:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    for page in ("utf-8", "cp1258"):
        try:
            return raw.decode(page)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _problem(entry: zipfile.ZipInfo, order: Mapping[str, Any]) -> str:
    """Why an entry is not even opened, by its name and its size; "" when it is."""
    suffix = PurePath(entry.filename.lower()).suffix
    if suffix in (".zip", ".rar", ".7z"):
        return "NestedZip"
    if suffix in opening.MACRO_SUFFIXES:
        return "Macros"
    if suffix == ".xls" or entry.flag_bits & 1:
        return "OldExcel"
    if suffix != ".xlsx":
        return "NotAWorkbook"
    if entry.file_size > order["bytes"]:
        return "TooLarge"
    if entry.file_size > order["ratio"] * (entry.compress_size + 100):
        return "UnpacksTooLarge"
    return ""


def _content(order: Mapping[str, Any], entry: int | None) -> bytes:
    if entry is None:
        return Path(order["path"]).read_bytes()
    with zipfile.ZipFile(order["path"]) as zipped, zipped.open(zipped.infolist()[entry]) as file:
        content = file.read(order["bytes"] + 1)
    if len(content) > order["bytes"]:
        raise opening.TooLarge(name="", most=0)
    return content


# One workbook


def _read(order: Mapping[str, Any], entry: int | None) -> dict[str, Any]:
    content = _content(order, entry)
    if content.startswith(opening.OLE):
        raise OldExcel(name="")
    if not content.startswith(b"PK"):
        raise opening.Empty(name="") if not content.strip() else NotAWorkbook(name="")
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        _check(zipped, order)
        return _pages(zipped, content)


def _check(zipped: zipfile.ZipFile, order: Mapping[str, Any]) -> None:
    entries = zipped.infolist()
    names = {one.filename.lower() for one in entries}
    unpacked, packed = sum(one.file_size for one in entries), sum(one.compress_size for one in entries)
    if len(entries) > order["parts"] or unpacked > order["unpacked"] or unpacked > order["ratio"] * (packed + 1000):
        raise opening.UnpacksTooLarge(name="")
    if any(one.flag_bits & 1 for one in entries):
        raise OldExcel(name="")
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise opening.Macros(name="")
    if package.WORKBOOK not in names:
        raise NestedZip(name="") if any(name.endswith((".xlsx", ".zip")) for name in names) else NotAWorkbook(name="")
    if b"macroEnabled" in zipped.read(package.TYPES):
        raise opening.Macros(name="")


def _pages(zipped: zipfile.ZipFile, content: bytes) -> dict[str, Any]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        where = {one.name: one.path for one in package.worksheets(zipped)}
        pages, machine = [], []
        for name in book.sheet_names[: MOST_PAGES + 10]:
            if name == REASONS:
                continue
            sheet = book.get_sheet_by_name(name)
            if (sheet.total_height or 0) > MOST_ROWS or (sheet.total_width or 0) > MOST_COLUMNS * 150:
                raise opening.UnpacksTooLarge(name="")
            rows = sheet.to_python(skip_empty_area=False)
            if name == MACHINE:
                machine = [[_machine(cell) for cell in row] for row in rows]
                continue
            report = _mark(rows)
            if report:
                raw = package.part(zipped, where[name]) if name in where else b""
                pages.append(_page(name, report, rows, sheet.merged_cell_ranges or [], raw))
    except CalamineError as error:
        raise ValueError from error
    return {"pages": pages, "machine": machine}


def _machine(cell: Any) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return str(cell)


def _mark(rows: list[list[Any]]) -> str:
    """The number of the report this page is for, from its first rows; "" where it is no page of ours."""
    wanted = MARK + "report:"
    return next(
        (
            cell.removeprefix(wanted)
            for row in rows[:5]
            for cell in row
            if isinstance(cell, str) and cell.startswith(wanted)
        ),
        "",
    )


def _page(name: str, report: str, rows: list[list[Any]], merged: list[Any], raw: bytes) -> dict[str, Any]:
    codes = {f"{MARK}{code}": code for code in ("key", "value", "note")}
    columns: dict[str, int] = {}
    start = 0
    for number, row in enumerate(rows):
        columns = {codes[cell]: place for place, cell in enumerate(row) if isinstance(cell, str) and cell in codes}
        if columns or number > 60:
            start = number + 1
            break
    found: dict[str, Any] = {"tab": name, "report": report, "columns": columns, "rows": [], "stray": []}
    if not {"key", "value"} <= columns.keys():
        return found
    odd = dict(package.odd_cells(raw, package.column_name(columns["value"])))
    covered = _covered(merged, columns["value"])
    for number, row in enumerate(rows[start:], start=start + 1):
        key, value, note = (_cell(row, columns.get(code, -1)) for code in ("key", "value", "note"))
        if number in odd:
            value = {"is": "error", "text": odd[number]} if odd[number] else {"is": "formula"}
        elif number in covered:
            value = {"is": "merged"}
        if key != "":
            found["rows"].append([number, key, value, note if isinstance(note, str) else _written(note)])
        elif value != "" and number > start + 1:
            found["stray"].append([number, value])
    keyed = {row[0] for row in found["rows"]}
    found["hidden"] = [number for number in package.hidden_rows(raw) if number in keyed]
    return found


def _covered(merged: list[Any], column: int) -> set[int]:
    """Rows (from one) whose cell of the column lies in a merged range without being its first."""
    found: set[int] = set()
    for (top, left), (bottom, right) in merged:
        if left <= column <= right and bottom - top < MOST_ROWS:
            found |= {row + 1 for row in range(top, bottom + 1) if (row, column) != (top, left)}
    return found


def _cell(row: list[Any], place: int) -> Any:
    if not 0 <= place < len(row):
        return ""
    value = row[place]
    if isinstance(value, bool):
        return {"is": "truth"}
    if isinstance(value, (date, datetime, time, timedelta)):
        return {"is": "day"}
    return value


def _written(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if isinstance(value, dict) else str(value)


if __name__ == "__main__":
    main()
