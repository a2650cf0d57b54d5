"""The filters that every view of tasks shares: one state, checked once, whatever page draws it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from giaoban.core.text import fold
from giaoban.journal.actor import Actor
from giaoban.work.models import Partner, Relation, Task
from giaoban.work.queries.standing import overdue_by
from giaoban.work.queries.tasks import ORDERED, chosen, counted_tasks, of_view
from giaoban.work.states import State

# What of "6 rõ" a task may lack (clarity.py says the same of one task; the work and who answers are never empty).
MISSING: dict[str, Q] = {
    "person": Q(officer_id__isnull=True),
    "authority": Q(assigned_position_id__isnull=True),
    "time": Q(due_on__isnull=True, cycle=""),
    "result": Q(deliverable=""),
}
COUNTED = {*State, "soon"}
SORTS = {"han": "due_on", "muc": "percent", "moi": "assigned_at", "viec": "title", "giao": "first_due_on"}


@dataclass(frozen=True)
class Filters:
    """What a table, board, calendar, map or league of tasks is narrowed to. `view`: mine, unit, given, all."""

    view: str = "all"
    state: str = ""
    relation: str = ""
    lead: int | None = None
    partner: int | None = None
    assigner: int | None = None
    officer: int | None = None
    leader: str = ""
    document: int | None = None
    meeting: int | None = None
    whole: int | None = None
    due_from: date | None = None
    due_to: date | None = None
    bucket: int | None = None
    missing: str = ""
    indicator: str = ""
    text: str = ""

    @property
    def narrowed(self) -> bool:
        return replace(self, view="all") != Filters()

    def but(self, **changes: Any) -> Filters:
        return replace(self, **changes)


def found(actor: Actor, on: date, asked: Filters) -> QuerySet[Task]:
    """The tasks a view shows. Wholes made of parts are not among them: their parts are."""
    tasks = counted_tasks(actor, on).filter(of_view(actor, asked.view, on))
    return tasks.filter(_plain(asked), *_sought(asked, on))


def _plain(asked: Filters) -> Q:
    """Filters that are a column of the task."""
    columns = {
        "relation": asked.relation or None,
        "lead_id": asked.lead,
        "assigned_by_id": asked.assigner,
        "officer_id": asked.officer,
        "document_id": asked.document,
        "conclusion__meeting_id": asked.meeting,
        "leader": asked.leader or None,
        "indicator_id": asked.indicator or None,
        "due_on__gte": asked.due_from,
        "due_on__lte": asked.due_to,
    }
    return Q(**{name: value for name, value in columns.items() if value is not None})


def _sought(asked: Filters, on: date) -> list[Any]:
    more: list[Any] = []
    if asked.state:
        more.append(chosen(asked.state, on))
    if (asked.state in COUNTED or asked.bucket is not None) and asked.relation != Relation.ASK:
        more.append(ORDERED)  # a state's list is what its figure counts
    if asked.partner is not None:
        more.append(Exists(Partner.objects.filter(task=OuterRef("pk"), unit_id=asked.partner)))
    if asked.whole is not None:
        more.append(Q(parent_id=asked.whole) | Q(parent__parent_id=asked.whole))
    if asked.bucket is not None:
        more.append(overdue_by(asked.bucket, on))
    if asked.missing:
        more.append(MISSING[asked.missing])
    more += [Q(fold__contains=word) for word in fold(asked.text).split()]
    return more


def ordered(tasks: QuerySet[Task], order: str) -> QuerySet[Task]:
    """By a column of the table; without one, what is open first and the nearest due day before the others."""
    name = order.removeprefix("-")
    if name not in SORTS:
        return tasks.order_by(F("completed_on").asc(nulls_first=True), F("due_on").asc(nulls_last=True), "pk")
    column = F(SORTS[name])
    way = column.desc(nulls_last=True) if order.startswith("-") else column.asc(nulls_last=True)
    return tasks.order_by(way, "pk")
