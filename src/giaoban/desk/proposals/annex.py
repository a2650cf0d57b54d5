"""Rows of an assignment annex as marks of tasks: what a table says in columns, a sentence says in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

from giaoban.files.annex_names import heading, names


def marks(rows: Iterable[Any], text: str) -> list[dict[str, Any]]:
    """Each row as the reader would have marked it, with a leader beside who leads."""
    found = []
    for row in rows:
        one: Mapping[str, Any] = asdict(row) if is_dataclass(row) and not isinstance(row, type) else row
        start, end = one.get("work_start") or one["start"], one.get("work_end") or one["end"]
        if not one.get("work", "").strip() or not 0 <= start < end <= len(text):
            continue
        found.append(
            {
                "text": text[start:end],
                "start": start,
                "end": end,
                "row": (one["start"], one["end"]),
                "assignees": names(one.get("lead", "") or heading(one.get("section", ""))),
                "coordinators": names(one.get("partners", "")),
                "due_text": " ".join(one.get("due", "").split()) or None,
                "due": None,
                "deliverable": " ".join(one.get("deliverable", "").split()) or None,
                "leader": " ".join(one.get("leader", "").split()),
                "why": "",
            }
        )
    return found


def joined(marked: Iterable[Mapping[str, Any]], rows: list[dict[str, Any]]) -> list[Mapping[str, Any]]:
    """The reader's marks with those inside a row replaced by the row."""
    spans = [row["row"] for row in rows]
    kept = [one for one in marked if not any(start < one["end"] and one["start"] < end for start, end in spans)]
    return sorted([*kept, *rows], key=lambda one: (one["start"], one["end"]))
