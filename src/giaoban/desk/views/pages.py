"""Home and search."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from giaoban.desk import finding, home
from giaoban.people.guards import signed_in

DROPDOWN = 4
FULL = 20


@signed_in
def front(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/home.html", {"home": home.of(request.actor, request.today)})


@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """The whole page, or only its answers when the search box asks while somebody types."""
    text = request.GET.get("q", "").strip()[:200]
    live = bool(request.htmx)
    groups = finding.find(request.actor, text, request.today, DROPDOWN if live else FULL)
    template = "desk/found.html" if live else "desk/search.html"
    return render(request, template, {"text": text, "groups": groups, "shortest": finding.SHORTEST})
