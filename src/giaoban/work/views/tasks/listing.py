"""The table of tasks: views, filters, counts by the four states, the export."""

from __future__ import annotations

import csv
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from giaoban.core.text import sort_key
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.ui.looks import look
from giaoban.work import limits, queries
from giaoban.work.forms_filters import FilterForm
from giaoban.work.models import Relation, SavedView
from giaoban.work.queries import boards, filters, saved
from giaoban.work.states import Counts
from giaoban.work.views.lists.asked import QUICK, Asked, address_of, frame
from giaoban.work.views.lists.bulk import BULK
from giaoban.work.views.rows import state_tiles, task_rows
from giaoban.work.views.tasks.finding import day_of

PAGE = 40
CHOICES = 150  # units that a list of choices still helps to choose from


@signed_in
@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """The table of tasks: mine, my unit's, those we gave, all I may see; counted by the four states."""
    actor, on = request.actor, request.today
    first = None if request.GET else saved.first_of(actor)
    if first is not None:
        return redirect(address_of(first))
    asked = Asked(request)
    page = Paginator(asked.shown, PAGE).get_page(request.GET.get("trang"))
    all_states = asked.tasks(state="", bucket=None)
    counts, buckets = queries.counts_and_buckets(all_states, on)
    by_unit = request.GET.get("bang") == "don-vi"
    shows_lead = asked.view != ""
    quick = QUICK if shows_lead else tuple(name for name in QUICK if name != "don_vi")
    context = {
        **frame(asked, SavedView.Page.TABLE),
        "form": FilterForm(request.GET, choices={"don_vi": _leads(asked)} if shows_lead else None),
        "quick": quick,
        "hidden": asked.hidden(quick),
        "page": page,
        "rows": task_rows(page, on),
        "counts": counts,
        "states": _tiles(asked, counts),
        "buckets": [
            (low, high, n, asked.address(qua_han="" if asked.filters.bucket == place else place, trang_thai=""))
            for place, (low, high, n) in enumerate(buckets)
            if n
        ],
        "asked_href": asked.address(
            quan_he="" if asked.filters.relation == Relation.ASK else Relation.ASK.value, trang_thai="", qua_han=""
        ),
        "by_unit": queries.counts_by_lead(all_states, on) if by_unit else None,
        "waiting": queries.waiting_for(actor, on).count(),
        "may_assign": bool(people.acts_for(actor, "task.assign", on)),
        "bulk": _bulk(request),
        "warning_days": limits.warning_days(),
        "shows_lead": shows_lead,
    }
    return render(request, "work/tasks.html", context)


def _leads(asked: Asked) -> list[tuple[int, str]]:
    """Units to narrow the table to; of thousands only the one chosen, for the others are found on the filters' page."""
    base = asked.request.actor, asked.request.today, filters.Filters(view=asked.filters.view)
    ids = list(boards.bare(filters.found(*base)).values_list("lead_id", flat=True).distinct()[: CHOICES + 1])
    if len(ids) > CHOICES:
        ids = [asked.filters.lead] if asked.filters.lead else []
    elif asked.filters.lead and asked.filters.lead not in ids:
        ids.append(asked.filters.lead)
    named = queries.names(ids, asked.request.today)
    return sorted(named.items(), key=lambda pair: sort_key(pair[1]))


def _bulk(request: HttpRequest) -> list[tuple[str, str, str]]:
    """Verbs on the ticked tasks that this person may do somewhere; each asks for the right again."""
    held = people.verbs_held(request.actor, request.today)
    return [(code, str(each.word), each.icon) for code, each in BULK.items() if each.right in held]


def _tiles(asked: Asked, counts: Counts) -> list[dict[str, Any]]:
    """The states with their share of all; a press narrows the table to one, a second press widens it again."""
    return [
        {
            **tile,
            "current": asked.state == code,
            "href": asked.address(trang_thai="" if asked.state == code else code, qua_han=""),
        }
        for code, tile in state_tiles(counts)
    ]


@signed_in
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Exactly the rows the address asks for, as CSV that a spreadsheet opens in Vietnamese."""
    on = request.today
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="nhiem-vu-{on:%Y-%m-%d}.csv"'
    lines = csv.writer(response)
    lines.writerow(
        [
            _("No."),
            _("Task"),
            _("Lead unit"),
            _("Partner units"),
            _("Deliverable"),
            _("Due, in words"),
            _("Day due"),
            _("First due day"),
            _("State"),
            _("Days late"),
            _("Done, %"),
            _("Completed on"),
            _("Source"),
        ]
    )
    for place, row in enumerate(task_rows(Asked(request).shown, on), start=1):
        task = row.task
        cells = [
            place,
            task.title,
            row.lead,
            "; ".join(row.partners),
            task.deliverable,
            task.due_text,
            day_of(task.due_on),
            day_of(task.first_due_on),
            str(row.word or look(row.look).word),
            row.late or "",
            task.percent,
            day_of(task.completed_on),
            task.document.label if task.document else "",
        ]
        lines.writerow([_harmless(cell) for cell in cells])
    return response


def _harmless(cell: Any) -> Any:
    """A spreadsheet takes text that starts with = + - @ for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t") else cell
