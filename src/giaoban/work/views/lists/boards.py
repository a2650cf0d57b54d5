"""The board by state, the calendar of a month, tasks by document and by meeting."""

from __future__ import annotations

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from giaoban.documents import queries as documents
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.work import queries
from giaoban.work.models import SavedView, Task
from giaoban.work.queries import boards
from giaoban.work.views.lists.asked import Asked, frame
from giaoban.work.views.rows import Row, task_rows

CARDS, DAY_LINES, PAGE = 15, 4, 40


@dataclass(frozen=True)
class Card:
    """A task on the board, and the verbs of its assigner that a press does at once."""

    row: Row
    verbs: tuple[tuple[str, str, str], ...]  # verb, word, icon


@signed_in
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Columns by state. A card moves when a verb is done to it, so its verbs are its buttons."""
    asked = Asked(request)
    on = request.today
    columns = boards.board(asked.tasks(state="", bucket=None), on, CARDS)
    rows = {row.task.pk: row for row in task_rows([task for each in columns for task in each.tasks], on)}
    confirms, reminds = (
        _units(request, verb, [row.task for row in rows.values()]) for verb in ("task.confirm", "task.assign")
    )
    heads = {
        "OPEN_OVERDUE": ("doing_late", ""),
        "soon": ("due_soon", ""),
        "OPEN_IN_TERM": ("doing_on_time", _("In term, longer off")),
        "NO_DEADLINE": ("no_due", _("Without a due day, going on")),
        "proposed": ("proposed", ""),
        "done": ("confirmed", _("Done in the last 30 days")),
    }
    shown = [
        {
            "code": each.code,
            "look": heads[each.code][0],
            "word": heads[each.code][1],
            "count": each.count,
            "cards": [Card(rows[task.pk], _verbs(each.code, task, confirms, reminds)) for task in each.tasks],
            "more": each.count - len(each.tasks),
            "href": asked.address(trang_thai=each.code) if each.code != "done" else "",
        }
        for each in columns
    ]
    context = {**frame(asked, SavedView.Page.BOARD), "columns": shown, "any": any(each.count for each in columns)}
    return render(request, "work/tasks/board.html", context)


def _units(request: HttpRequest, verb: str, tasks: list[Task]) -> set[int]:
    """Of the units that gave these tasks those where the actor may do the verb."""
    units = people.units_where(request.actor, verb, request.today)
    name = "id" if request.actor.is_system else "descendant_id"
    return set(units.filter(**{f"{name}__in": {task.assigned_by_id for task in tasks}}).values_list(name, flat=True))


def _verbs(column: str, task: Task, confirms: set[int], reminds: set[int]) -> tuple[tuple[str, str, str], ...]:
    if column == "proposed" and task.assigned_by_id in confirms:
        return (("xac-nhan", _("Confirm"), "badge-check"), ("tra-lai", _("Send back"), "undo-2"))
    if column in ("OPEN_OVERDUE", "soon") and task.assigned_by_id in reminds:
        return (("nhac", _("Urge the lead"), "bell"),)
    return ()


@dataclass(frozen=True)
class Day:
    """A day of the calendar: its first lines, how many more, and where all of them are."""

    day: date
    inside: bool
    rows: list[Row]
    more: int
    href: str


@signed_in
@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """A month by due day; on a phone the same days stand one below the other."""
    asked = Asked(request)
    on = request.today
    first = _month(request.GET.get("thang", ""), on)
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    found = boards.days_of(asked.tasks(due_from=None, due_to=None), weeks[0][0], weeks[-1][-1])
    shown = [task for each in found.values() for task in each[:DAY_LINES]]
    prefetch_related_objects(shown, "partners")
    rows = {row.task.pk: row for row in task_rows(shown, on)}

    def made(day: date) -> Day:
        tasks = found.get(day, [])
        said = f"{day:%d/%m/%Y}"
        return Day(
            day,
            day.month == first.month,
            [rows[task.pk] for task in tasks[:DAY_LINES]],
            max(0, len(tasks) - DAY_LINES),
            asked.address(tu=said, den=said),
        )

    before, after = first - timedelta(days=1), first + timedelta(days=31)
    context = {
        **frame(asked, SavedView.Page.CALENDAR),
        "first": first,
        "weeks": [[made(day) for day in week] for week in weeks],
        "names": [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")],
        "before": asked.address("work:tasks-calendar", thang=f"{before:%Y-%m}"),
        "after": asked.address("work:tasks-calendar", thang=f"{after:%Y-%m}"),
        "now": asked.address("work:tasks-calendar") if first != on.replace(day=1) else "",
        "any": any(day.month == first.month for day in found),
        "undated": asked.tasks(due_from=None, due_to=None, state="NO_DEADLINE").count(),
        "undated_href": asked.address(trang_thai="NO_DEADLINE", tu="", den=""),
    }
    return render(request, "work/tasks/calendar.html", context)


def _month(text: str, on: date) -> date:
    """ "2026-02" → its first day; anything else is the month of the day."""
    try:
        return date.fromisoformat(f"{text}-01") if len(text) == 7 else on.replace(day=1)
    except ValueError:
        return on.replace(day=1)


@signed_in
@require_GET
def by_document(request: HttpRequest) -> HttpResponse:
    """The documents that tasks were given from: done of all, what is overdue."""
    asked = Asked(request)
    groups = Paginator(boards.by_document(asked.tasks(state=""), request.today), PAGE).get_page(
        request.GET.get("trang")
    )
    readable = documents.for_actor(request.actor, request.today).in_bulk([group.key for group in groups])
    lines = []
    for group in groups:
        paper = readable.get(group.key)
        lines.append(
            {
                "counts": group.counts,
                "title": paper.label if paper else _("A document that you may not read"),
                "note": paper.subject if paper else "",
                "source": paper.get_absolute_url() if paper else "",
                "href": asked.address(**{"van-ban": group.key}),
                "late": asked.address(**{"van-ban": group.key, "trang_thai": "OPEN_OVERDUE"}),
            }
        )
    return _grouped(request, asked, SavedView.Page.DOCUMENTS, groups, lines)


@signed_in
@require_GET
def by_meeting(request: HttpRequest) -> HttpResponse:
    """The meetings whose conclusions gave tasks."""
    asked = Asked(request)
    groups = Paginator(boards.by_meeting(asked.tasks(state=""), request.today), PAGE).get_page(request.GET.get("trang"))
    visible = queries.meetings_for(request.actor, request.today).in_bulk([group.key for group in groups])
    lines = []
    for group in groups:
        meeting = visible.get(group.key)
        lines.append(
            {
                "counts": group.counts,
                "title": meeting.title if meeting else _("A meeting that you may not see"),
                "note": "",
                "at": meeting.starts_at if meeting else None,
                "source": meeting.get_absolute_url() if meeting else "",
                "href": asked.address(hop=group.key),
                "late": asked.address(hop=group.key, trang_thai="OPEN_OVERDUE"),
            }
        )
    return _grouped(request, asked, SavedView.Page.MEETINGS, groups, lines)


def _grouped(
    request: HttpRequest, asked: Asked, page: SavedView.Page, groups: Any, lines: list[dict[str, Any]]
) -> HttpResponse:
    context = {**frame(asked, page), "page": groups, "lines": lines}
    return render(request, "work/tasks/grouped.html", context)
