"""The inbox: newest first, unread marked; opening a message reads it and shows where to go on."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from giaoban.notices import actions, queries
from giaoban.notices.views.tabs import tabs
from giaoban.people.guards import signed_in

PAGE = 30


@signed_in
def inbox(request: HttpRequest) -> HttpResponse:
    """`?chua-doc=1` keeps to unread messages."""
    only_unread = request.GET.get("chua-doc") == "1"
    found = queries.inbox(request.actor, request.today)
    unread = queries.unread_count(request.actor, request.today)
    page = Paginator(found.filter(read_at__isnull=True) if only_unread else found, PAGE).get_page(
        request.GET.get("trang")
    )
    context = {
        "page": page,
        "only_unread": only_unread,
        "unread": unread,
        "tabs": tabs(request, "inbox"),
    }
    return render(request, "notices/inbox.html", context)


@signed_in
def message(request: HttpRequest, message_id: int) -> HttpResponse:
    found = queries.message(request.actor, message_id, request.today)
    actions.mark_read(by=request.actor, at=request.now, message=found)
    return render(request, "notices/message.html", {"message": found, "origin": request.build_absolute_uri("/")[:-1]})


@signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    actions.mark_all_read(by=request.actor, at=request.now)
    return redirect("notices:inbox")
