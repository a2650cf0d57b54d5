"""A task as one line of a table: names, state with its word, how late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from giaoban.work import limits, queries
from giaoban.work.models import Relation, Task
from giaoban.work.states import Counts, State, days_late, due_soon, state

LOOKS = {
    State.DONE_ON_TIME: "done_on_time",
    State.DONE_LATE: "done_late",
    State.OPEN_IN_TERM: "doing_on_time",
    State.OPEN_OVERDUE: "doing_late",
    State.NO_DEADLINE: "no_due",
}


@dataclass(frozen=True)
class Row:
    task: Task
    lead: str
    partners: list[str]
    look: str
    word: str
    late: int
    relation: str  # said only where it is not plain assigning
    parts: int = 0


def task_rows(tasks: Iterable[Task], on: date) -> list[Row]:
    """Lines of a table, with the names of all units in one query. Prefetch `partners` before."""
    wanted = list(tasks)
    units = {task.lead_id for task in wanted} | {each.unit_id for task in wanted for each in task.partners.all()}
    names = queries.names(units, on)
    parts = queries.part_numbers([task.pk for task in wanted if task.has_parts])
    return [_row(task, names, parts.get(task.pk, 0), on) for task in wanted]


def _row(task: Task, names: dict[int, str], parts: int, on: date) -> Row:
    look, word = look_of(task, on)
    return Row(
        task=task,
        lead=names.get(task.lead_id, "") if task.lead_id else task.group,
        partners=[names.get(each.unit_id, "") for each in task.partners.all()],
        look=look,
        word=word,
        late=days_late(task.dates, on),
        relation="" if task.relation == Relation.ASSIGN else task.get_relation_display(),
        parts=parts,
    )


def look_of(task: Task, on: date) -> tuple[str, str]:
    """Which look a task has, and the word where it says more than the look's own."""
    if task.called_off_at is not None:
        return "ended", _("Called off")
    if task.binds_on is None:
        return "planned", _("Binds with the notice")
    if task.has_parts:
        return "open", _("In parts")
    if task.proposed_at is not None and task.confirmed_at is None:
        return "proposed", ""
    found = state(task.dates, on)
    late = days_late(task.dates, on)
    if found is State.OPEN_OVERDUE:
        return "doing_late", ngettext("%(n)s day overdue", "%(n)s days overdue", late) % {"n": late}
    if found is State.DONE_LATE:
        return "done_late", ngettext("Done %(n)s day late", "Done %(n)s days late", late) % {"n": late}
    if found is State.NO_DEADLINE and task.completed_on is not None:
        return "confirmed", _("Done, no due day")
    if due_soon(task.dates, on, limits.warning_days()):
        return "due_soon", ""
    return LOOKS[found], ""


def state_tiles(counts: Counts) -> list[tuple[str, dict[str, Any]]]:
    """The four states and the fifth column, what is late first: (code, how it is shown)."""
    labels = [
        (State.OPEN_OVERDUE, _("In progress, overdue")),
        (State.OPEN_IN_TERM, _("In progress, in term")),
        (State.DONE_ON_TIME, _("Done on time")),
        (State.DONE_LATE, _("Done late")),
        (State.NO_DEADLINE, _("Without a due day")),
    ]
    return [(state.value, {"label": label, "look": LOOKS[state], "n": counts.of(state)}) for state, label in labels]
