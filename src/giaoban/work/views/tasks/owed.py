"""Reports by rhythm that are owed: by my unit, and to it; and drafts my unit is asked to comment on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from giaoban.people.guards import signed_in
from giaoban.ui.parts import Tab
from giaoban.work import queries
from giaoban.work.queries import drafting, rhythm


@signed_in
@require_GET
def owed(request: HttpRequest) -> HttpResponse:
    on = request.today
    given = request.GET.get("xem") == "giao"
    rows = rhythm.owed_by(request.actor, on, view="given" if given else "unit")
    comments = list(drafting.comments_asked_of(request.actor, on)) if not given else []
    names = queries.names([one.task.lead_id for one in rows] + [one.task.assigned_by_id for one in rows], on)
    address = reverse("work:owed")
    context = {
        "rows": [
            {
                "task": one.task,
                "occurrence": one.occurrence,
                "late": one.occurrence.days_late(on),
                "unit": names.get((one.task.lead_id if given else one.task.assigned_by_id) or 0, ""),
            }
            for one in rows
        ],
        "missing": sum(one.occurrence.days_late(on) > 0 for one in rows),
        "comments": [(each, max(0, (on - each.due_on).days)) for each in comments],
        "given": given,
        "tabs": [
            Tab(_("We owe"), address, current=not given),
            Tab(_("Owed to us"), f"{address}?xem=giao", current=given),
        ],
    }
    return render(request, "work/task/owed.html", context)
