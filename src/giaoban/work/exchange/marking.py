"""A copy of somebody's own workbook with every fault at its cell."""

from __future__ import annotations

from pathlib import PurePath

from giaoban.files import annotate
from giaoban.work.exchange.taking import Trial

WORDS = {"label": "Nhiệm vụ"}


def annotated(content: bytes, trial: Trial) -> bytes:
    """The workbook with the faults of the trial; DOCX has no cells to mark (`Opened.marks`)."""
    return annotate.annotated(
        content,
        [
            annotate.Mark(row.line.sheet, fault.at, fault.words, " ".join(row.line.row.work.split())[:100])
            for row in trial.rows
            for fault in row.faults
        ],
        WORDS,
    )


def copy_name(name: str) -> str:
    return f"{PurePath(name).stem}-can-sua.xlsx"
