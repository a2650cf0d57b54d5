"""Sign in as anybody of the story with one click. Refuses outside the demonstration, whatever the addresses say."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from giaoban.demo.story import Person, story
from giaoban.people.guards import enter as start_session
from giaoban.people.guards import public
from giaoban.people.models import Account

GROUPS = [
    ("Xã Bảo Thắng", ("ct.baothang", "cv.baothang", "cvp.baothang", "vt.baothang", "db.hdnd")),
    ("Trường", ("ht.thcs", "ht.tieuhoc", "nl.tieuhoc")),
    ("Tỉnh Lào Cai và Sở GD&ĐT", ("pct.tinh", "gd.so", "cv.so", "quantri")),
    ("Cấp ủy", ("vp.tinhuy", "vp.danguy")),
    ("Xã Si Ma Cai", ("ct.simacai",)),
]


def only_in_demonstration(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return public(guarded)


@only_in_demonstration
def welcome(request: HttpRequest) -> HttpResponse:
    people = {person.user: person for person in story().people}
    groups = [(name, [people[user] for user in users]) for name, users in GROUPS]
    stops = [(stop, people[stop.user]) for stop in story().stops]
    return render(request, "demo/welcome.html", {"groups": groups, "stops": stops})


@only_in_demonstration
@require_POST
def enter(request: HttpRequest, user: str) -> HttpResponse:
    person = _person(user)
    account = Account.objects.filter(username=person.user).first()
    if account is None:
        raise Http404
    start_session(request, account)
    following = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(following, allowed_hosts={request.get_host()})
    return redirect(following if safe else "/")


def _person(user: str) -> Person:
    for person in story().people:
        if person.user == user:
            return person
    raise Http404
