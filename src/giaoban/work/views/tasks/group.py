"""A task given to many: how far each unit is, confirm all that are reported, send one back, who is missing."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.work import actions, queries
from giaoban.work.models import Task
from giaoban.work.queries import rhythm
from giaoban.work.views.rows import Row, task_rows
from giaoban.work.views.tasks.finding import find


@signed_in
@require_GET
def group(request: HttpRequest, whole_id: int) -> HttpResponse:
    return _page(request, _whole(request, whole_id))


def _whole(request: HttpRequest, whole_id: int) -> Task:
    found = find(request, whole_id)
    if not found.has_parts:
        raise Http404
    return found


def _page(request: HttpRequest, found: Task, *, refused: Refused | None = None) -> HttpResponse:
    on = request.today
    parts = queries.parts_of(found).filter(called_off_at__isnull=True)
    rows = task_rows(parts.prefetch_related("partners"), on)
    missing = rhythm.missing_among(parts, on)
    context = {
        "task": found,
        "counts": queries.roll_up(found, on),
        "percent": queries.progress(found),
        "proposed": [each for each in rows if each.look == "proposed"],
        "missing": [each for each in rows if _is_open(each) and each.look != "proposed"],
        "confirmed": [each for each in rows if not _is_open(each)],
        "reports": {each.task.pk: missing.get(each.task.pk, 0) for each in rows},
        "partners_late": _partners_late(rows, request),
        "may_confirm": people.may(request.actor, "task.confirm", found.assigned_by_id, on),
        "refused": refused,
    }
    return render(request, "work/task/group.html", context, status=422 if refused else 200)


def _is_open(row: Row) -> bool:
    return row.task.confirmed_at is None


def _partners_late(rows: list[Row], request: HttpRequest) -> list[tuple[str, list[Row], int]]:
    """Partners whose answer is awaited beyond its day: (who, in which parts, days of the latest)."""
    found: dict[str, list[Row]] = {}
    days: dict[str, int] = {}
    for row in rows:
        for partner, name in zip(row.task.partners.all(), row.partners):
            late = partner.days_late(request.today) if _is_open(row) else 0
            if late:
                found.setdefault(name, []).append(row)
                days[name] = max(late, days.get(name, 0))
    return [(name, parts, days[name]) for name, parts in found.items()]


@signed_in
@require_POST
def confirm_all(request: HttpRequest, whole_id: int) -> HttpResponse:
    """The parts that are ticked, all of them or none; a part that changed meanwhile refuses the lot."""
    found = _whole(request, whole_id)
    chosen = [int(each) for each in request.POST.getlist("viec") if each.isdecimal()]
    try:
        made = actions.confirm_all(
            by=request.actor,
            at=request.now,
            whole=found,
            part_ids=chosen,
            text=request.POST.get("text", ""),
        )
    except NotAllowed:
        raise
    except Refused as refused:
        return _page(request, found, refused=refused)
    n = len(made)
    messages.success(request, ngettext("%(n)s part confirmed.", "%(n)s parts confirmed.", n) % {"n": n})
    return redirect("work:task-group", whole_id=found.pk)


@signed_in
@require_POST
def send_back(request: HttpRequest, whole_id: int, part_id: int) -> HttpResponse:
    """One part back to its unit, with the reason; the rest stays as it is."""
    found = _whole(request, whole_id)
    part = queries.parts_of(found).filter(pk=part_id).first()
    if part is None:
        raise Http404
    try:
        actions.send_back(by=request.actor, at=request.now, task=part, reason=request.POST.get("reason", ""))
    except NotAllowed:
        raise
    except Refused as refused:
        return _page(request, found, refused=refused)
    messages.success(request, _("Sent back; the unit reads the reason."))
    return redirect("work:task-group", whole_id=found.pk)
