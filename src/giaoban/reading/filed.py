"""What a file says: the marks of its text, with the rows of its assignment annexes as tasks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from giaoban.core.text import nfc
from giaoban.files import opening
from giaoban.files.annexes import AnnexRow
from giaoban.files.opening import Opened
from giaoban.reading import dates, read

_BETWEEN = re.compile(r"\s*[;\n]\s*|\s*,\s+(?=[A-ZĐÂÊÔƠƯ])|\s+và\s+(?=[A-ZĐÂÊÔƠƯ])|\s*/\s*(?=[A-ZĐ])")
_SURE = 0.95


def read_file(name: str, content: bytes, limits: opening.Limits = opening.USUAL) -> dict[str, Any]:
    """Everything a file says; refuses what cannot be read (`opening.NotOpened`)."""
    found = opening.opened(name, content, limits)
    return told(found, as_given=found.kind == "txt" and _is_plain(found.text, content))


def _is_plain(text: str, content: bytes) -> bool:
    try:
        return content.decode("utf-8") == text
    except UnicodeDecodeError:
        return False


def told(found: Opened, *, as_given: bool = False) -> dict[str, Any]:
    """The marks of an opened file. `as_given`: places are those of the file's own letters, so it is not given again."""
    marks = read(found.text)
    if found.rows:
        marks["tasks"] = _with_rows(marks["tasks"], found.rows)
    return {
        **({} if as_given else {"content": found.text}),
        "kind": found.kind,
        "pages": found.pages,
        "notes": found.notes,
        **marks,
        **({} if found.rows is None else {"rows": [asdict(row) for row in found.rows]}),
    }


def _with_rows(tasks: list[Mapping[str, Any]], rows: list[AnnexRow]) -> list[Mapping[str, Any]]:
    """A row is one task, whatever the sentences in its cells look like."""
    kept = [task for task in tasks if not any(row.start < task["end"] and task["start"] < row.end for row in rows)]
    return sorted([*kept, *map(_task, rows)], key=lambda task: (task["start"], task["end"]))


def _task(row: AnnexRow) -> dict[str, Any]:
    due = due_of(row.due)
    return {
        "text": row.work,
        "start": row.work_start,
        "end": row.work_end,
        "assignees": names(row.lead),
        "coordinators": names(row.partners),
        "due_text": row.due or None,
        "due": due.isoformat() if due else None,
        "deliverable": row.deliverable or None,
        "leader": row.leader or None,
        "why": "dòng của phụ lục phân công",
        "confidence": _SURE if row.lead else 0.6,
    }


def names(cell: str) -> list[str]:
    """The units of one cell: "Phòng Nội vụ, Phòng Kinh tế" are two, "UBND các xã, phường" is one."""
    return [name for piece in _BETWEEN.split(cell) if (name := piece.strip(" .-–+•"))]


def due_of(cell: str) -> date | None:
    """The last day of the time in a cell, where its words name one with its year."""
    return max((time.last for time in dates.find(nfc(cell).casefold()) if time.last and not time.wrong), default=None)
