"""The minutes of a meeting, item by item: who came, what was said and concluded under each, and what was corrected."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.work import queries
from giaoban.work.views.meetings import find


@signed_in
@require_GET
def minutes(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """For the host's side; those invited read the notice."""
    meeting = find(request, meeting_id)
    if not people.may(request.actor, "meeting.view", meeting.unit_id, request.today):
        raise PermissionDenied
    said = list(meeting.contributions.prefetch_related("corrections"))
    concluded = list(meeting.conclusions.all())
    invitations = list(meeting.invitations.all())
    units = [meeting.unit_id, *(each.unit_id for each in invitations), *(each.unit_id for each in said)]
    names = queries.names(units, request.today)
    items = [*meeting.agenda.all(), None]
    parts = [
        (
            item,
            [(each, names.get(each.unit_id or 0, "")) for each in said if each.item_id == (item.pk if item else None)],
            [each for each in concluded if each.item_id == (item.pk if item else None)],
        )
        for item in items
    ]
    context = {
        "meeting": meeting,
        "host": names.get(meeting.unit_id, ""),
        "invitations": [(each, names.get(each.unit_id, "")) for each in invitations],
        "parts": [part for part in parts if part[0] is not None or part[1] or part[2]],
    }
    return render(request, "work/minutes.html", context)
