"""The heat map unit by month, and the league of units."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from giaoban.people.guards import signed_in
from giaoban.work.models import Relation, SavedView
from giaoban.work.queries import boards
from giaoban.work.queries.boards import Cell, Place
from giaoban.work.views.lists.asked import Asked, frame

PAGE, BEFORE, MONTHS, LEAGUE = 50, 8, 12, 200


@signed_in
@require_GET
def heat(request: HttpRequest) -> HttpResponse:
    """How many tasks each unit has due in each month, and how many of these are late; a cell leads to its tasks."""
    asked = Asked(request)
    start = _start(request.GET.get("tu_thang", ""), request.today)
    months = boards.months_from(start, MONTHS)
    rows = boards.heat(asked.tasks(due_from=None, due_to=None), request.today, months)
    page = Paginator(rows, PAGE).get_page(request.GET.get("trang"))
    lines = [
        {
            "name": row.name,
            "href": asked.address(don_vi=row.unit_id, tu="", den=""),
            "cells": [_cell(asked, row.unit_id, month, cell) for month, cell in zip(months, row.cells)],
            "total": row.total,
        }
        for row in page
    ]
    sums = [Cell(sum(row.cells[n].due for row in rows), sum(row.cells[n].late for row in rows)) for n in range(MONTHS)]
    whole = Cell(sum(each.due for each in sums), sum(each.late for each in sums))
    back, on = boards.months_from(date(start.year - 1, start.month, 1), 13), boards.months_from(months[-1], 2)
    context = {
        **frame(asked, SavedView.Page.HEAT),
        "months": months,
        "this_month": request.today.replace(day=1),
        "lines": lines,
        "sums": sums,
        "whole": whole,
        "page": page,
        "before": asked.address("work:tasks-heat", tu_thang=f"{back[0]:%Y-%m}"),
        "after": asked.address("work:tasks-heat", tu_thang=f"{on[1]:%Y-%m}"),
    }
    return render(request, "work/tasks/heat.html", context)


def _start(text: str, on: date) -> date:
    """ "2025-06" → its first day; by default eight months before this one."""
    try:
        if len(text) == 7:
            return date.fromisoformat(f"{text}-01")
    except ValueError:
        pass
    place = on.year * 12 + on.month - 1 - BEFORE
    return date(place // 12, place % 12 + 1, 1)


def _cell(asked: Asked, unit_id: int, month: date, cell: Cell) -> dict[str, Any]:
    last = month.replace(day=monthrange(month.year, month.month)[1])
    return {
        "due": cell.due,
        "late": cell.late,
        "level": level(cell),
        "month": month,
        "href": asked.address(don_vi=unit_id, tu=f"{month:%d/%m/%Y}", den=f"{last:%d/%m/%Y}"),
    }


def level(cell: Cell) -> str:
    """Which tone and shape a cell has: nothing late, some, or half and more."""
    if not cell.due:
        return "none"
    if not cell.late:
        return "good"
    return "bad" if 2 * cell.late >= cell.due else "warn"


@signed_in
@require_GET
def league(request: HttpRequest) -> HttpResponse:
    """Units by their share of tasks done on time, with what the share is of; requests are counted apart."""
    asked = Asked(request)
    tasks = asked.tasks(state="", bucket=None)
    places, requests = boards.league(tasks, request.today)
    page = Paginator(places, LEAGUE).get_page(request.GET.get("trang"))
    context = {
        **frame(asked, SavedView.Page.LEAGUE),
        "places": [_line(asked, each) for each in page],
        "page": page,
        "requests": [_line(asked, each, quan_he=Relation.ASK.value) for each in requests],
        "whole": sum((each.counts for each in places[1:]), places[0].counts) if places else None,
        "whole_judged": sum(each.judged for each in places),
    }
    return render(request, "work/tasks/league.html", context)


def _line(asked: Asked, place: Place, **more: str) -> dict[str, Any]:
    return {"place": place, "href": asked.address(don_vi=place.unit_id, **more)}
