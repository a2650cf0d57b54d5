"""Every filter on one page, with what can be chosen; it leads back to the page it was opened from."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from giaoban.core.text import sort_key
from giaoban.documents import queries as documents
from giaoban.people.guards import signed_in
from giaoban.people.models import Position
from giaoban.work import queries
from giaoban.work.forms_filters import FilterForm
from giaoban.work.models import Partner
from giaoban.work.queries import boards, filters
from giaoban.work.views.lists.asked import WAYS, Asked, page_named

PAPERS = 300  # the newest documents and meetings; the others are reached by their own page


@signed_in
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Choose any of the filters; sent, it becomes the address of the page it came from."""
    asked = Asked(request)
    page = page_named(request.GET.get("trang_xem", ""))
    if "loc" in request.GET:
        return redirect(asked.address(WAYS[page][0]))
    form = FilterForm(request.GET, choices=_choices(asked))
    return render(request, "work/tasks/filters.html", {"asked": asked, "form": form, "page": page})


def _choices(asked: Asked) -> dict[str, list[tuple[Any, str]]]:
    """What the tasks of this view have, in the order of Vietnamese names."""
    actor, on = asked.request.actor, asked.request.today
    tasks = boards.bare(filters.found(actor, on, filters.Filters(view=asked.filters.view)))
    hands = set(tasks.values_list("lead_id", "assigned_by_id", "officer_id").distinct())
    partners = set(Partner.objects.filter(task__in=tasks.values("pk")).values_list("unit_id", flat=True).distinct())
    leads, givers, officers = ({row[n] for row in hands if row[n]} for n in range(3))
    names = queries.names(leads | givers | partners, on)
    seats = Position.objects.filter(pk__in=officers)
    leaders = tasks.exclude(leader="").values_list("leader", flat=True).distinct()[:PAPERS]
    papers = documents.for_actor(actor, on).filter(pk__in=tasks.filter(document__isnull=False).values("document_id"))
    meetings = queries.meetings_for(actor, on).filter(
        pk__in=tasks.filter(conclusion__isnull=False).values("conclusion__meeting_id")
    )
    return {
        "don_vi": _sorted((pk, names.get(pk, str(pk))) for pk in leads),
        "phoi_hop": _sorted((pk, names.get(pk, str(pk))) for pk in partners),
        "don_vi_giao": _sorted((pk, names.get(pk, str(pk))) for pk in givers),
        "can_bo": _sorted((seat.pk, seat.title) for seat in seats),
        "lanh_dao": _sorted((words, words) for words in leaders),
        "van-ban": [
            (each.pk, f"{each.label}: {each.subject}"[:110]) for each in papers.order_by("-issued_on")[:PAPERS]
        ],
        "hop": [
            (each.pk, f"{each.starts_at:%d/%m/%Y} {each.title}"[:110])
            for each in meetings.order_by("-starts_at")[:PAPERS]
        ],
    }


def _sorted(pairs: Any) -> list[tuple[Any, str]]:
    return sorted(pairs, key=lambda pair: sort_key(pair[1]))
