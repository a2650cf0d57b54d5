"""The journal page: who did what, when and why, in the units whose journal the actor may read."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from giaoban.core.refusal import NotAllowed
from giaoban.journal import queries as journal_room
from giaoban.orgs import queries as orgs
from giaoban.people import queries
from giaoban.people.forms import JournalForm
from giaoban.people.guards import signed_in
from giaoban.people.words import verb_choices, verb_word

PAGE = 50


@signed_in
def journal(request: HttpRequest) -> HttpResponse:
    """Filters stand in the address, so that a view can be sent to a colleague. `?kiem_tra=1` follows the chain."""
    if not queries.may_anywhere(request.actor, "journal.view", request.today):
        raise NotAllowed()
    form = JournalForm(request.GET)
    form.fields["viec"].choices = [("", "—"), *verb_choices()]
    wanted = form.cleaned_data if form.is_valid() else {}
    found = queries.journal_for(
        request.actor,
        request.today,
        unit=wanted.get("don_vi", ""),
        verb=wanted.get("viec", ""),
        person=wanted.get("nguoi", ""),
        first=wanted.get("tu"),
        last=wanted.get("den"),
    )
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    names = orgs.names({event.unit_id for event in page if event.unit_id}, request.today)
    context = {
        "form": form,
        "page": page,
        "rows": [(event, verb_word(event.verb), names.get(event.unit_id, "")) for event in page],
        **check(request),
    }
    return render(request, "people/journal.html", context)


def check(request: HttpRequest) -> dict[str, object]:
    """Follow the whole chain when asked to; it takes a while, so not on every look."""
    if "kiem_tra" not in request.GET:
        return {}
    return {"checked": True, "broken": journal_room.broken_link(), "chain": queries.chain_end()}
