"""Our states and results written into the superior's own tracking sheet, in the columns it has for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import PurePath

from giaoban.files import filling
from giaoban.work.exchange.tracking import Compared, Told
from giaoban.work.models import Evidence, Progress, Task
from giaoban.work.states import State, days_late, state

WORDS = {
    State.DONE_ON_TIME: "Hoàn thành đúng hạn",
    State.DONE_LATE: "Hoàn thành quá hạn",
    State.OPEN_IN_TERM: "Đang thực hiện, trong hạn",
    State.OPEN_OVERDUE: "Đang thực hiện, quá hạn {late} ngày",
}
SAYING = (Progress.Kind.NOTE, Progress.Kind.PROPOSED)


def filled(content: bytes, found: Compared, on: date) -> bytes:
    """A copy of the file; only cells of lines that are tasks of ours change."""
    cells: dict[tuple[str, str], str] = {}
    for row in found.rows:
        if row.task is None:
            continue
        for role, words in _answers(row.task, on).items():
            if words and role in row.line.columns and not _both(row, role):
                cells[row.line.sheet, row.line.at(role)] = words
    return filling.filled(content, cells)


def copy_name(name: str) -> str:
    return f"{PurePath(name).stem}-da-dien.xlsx"


def _both(row: Told, role: str) -> bool:
    """One column for the result and the report: the result says both."""
    return role == "report" and row.line.columns.get("result") == row.line.columns["report"]


def _answers(task: Task, on: date) -> dict[str, str]:
    said = task.diary.filter(kind__in=SAYING).exclude(text="").order_by("-at", "-pk").first()
    result = said.text.strip() if said else ""
    if result and task.completed_on is None and task.percent:
        result = f"{result} ({task.percent}%)"
    return {
        "state": words_of_state(task, on),
        "result": result,
        "report": "; ".join(_documents(task)),
        "done": f"{task.completed_on:%d/%m/%Y}" if task.completed_on else "",
    }


def words_of_state(task: Task, on: date) -> str:
    """The state as the sheet is filled in: computed, never typed."""
    if task.due_on is None:
        return "Đã hoàn thành" if task.completed_on else "Đang thực hiện"
    if task.completed_on is None and task.proposed_at is not None:
        return "Đã báo cáo hoàn thành"
    return WORDS[state(task.dates, on)].format(late=days_late(task.dates, on))


def _documents(task: Task) -> Iterable[str]:
    """The documents that prove it, as they are cited."""
    rows = Evidence.objects.filter(progress__task=task, document__isnull=False).select_related("document")
    return list(dict.fromkeys(row.document.label for row in rows.order_by("pk") if row.document is not None))
