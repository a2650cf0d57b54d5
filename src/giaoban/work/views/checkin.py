"""Pages of checking in: the organiser's, which goes on without a line, the cards, the screen, and one's own phone."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from giaoban.core.refusal import Refused
from giaoban.files import qr
from giaoban.people import queries as people
from giaoban.people.guards import public, signed_in, signed_in_or
from giaoban.people.refusals import sentences
from giaoban.work import refusals
from giaoban.work.actions import checkin as actions
from giaoban.work.actions.checkin import Arrival
from giaoban.work.models import Meeting, Session, Site
from giaoban.work.queries import checkin as queries
from giaoban.work.queries.sites import kept_by
from giaoban.work.views.meetings import find


def _mine(request: HttpRequest, meeting_id: int) -> Meeting:
    """A meeting that the actor runs, or one site of which they keep."""
    meeting = find(request, meeting_id)
    if not kept_by(request.actor, meeting, request.today):
        people.require(request.actor, "meeting.plan", meeting.unit_id, request.today)
    return meeting


def _site(request: HttpRequest, meeting: Meeting) -> Site | None:
    """The site that is checked in at: the one asked for; for who keeps some of them only, one of those."""
    runs = people.may(request.actor, "meeting.plan", meeting.unit_id, request.today)
    sites = list(meeting.sites.all()) if runs else kept_by(request.actor, meeting, request.today)
    asked = (request.POST or request.GET).get("diem", "")
    return next((each for each in sites if str(each.pk) == asked), None if runs else sites[0])


def _session(request: HttpRequest, meeting: Meeting) -> Session | None:
    """The session of a training that is checked in at: the one asked for, else the one that is on or comes next."""
    asked = (request.POST or request.GET).get("buoi", "")
    sessions = list(meeting.sessions.all())
    for each in sessions:
        if str(each.pk) == asked:
            return each
    return next((each for each in sessions if each.ends_at >= request.now), sessions[-1] if sessions else None)


@signed_in
def check_in(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The list with who came; a code is read, typed, or a line chosen. Without script each is a button."""
    meeting = _mine(request, meeting_id)
    session, site = _session(request, meeting), _site(request, meeting)
    if request.method == "POST":
        return _by_button(request, meeting, session, site)
    runs = people.may(request.actor, "meeting.plan", meeting.unit_id, request.today)
    expected = queries.expected(
        meeting, timezone.localdate(meeting.starts_at), session.pk if session else None, [site.pk] if site else None
    )
    context = {
        "meeting": meeting,
        "session": session,
        "sessions": list(meeting.sessions.all()),
        "site": site,
        "sites": list(meeting.sites.all()) if runs else [],
        "runs": runs,
        "expected": expected,
        "came": sum(each.at is not None for each in expected),
        "data": {
            "account": request.user.pk,
            "meeting": meeting.pk,
            "session": session.pk if session else None,
            "site": site.pk if site else None,
            "send": reverse("work:check-in-send", args=[meeting.pk]),
            "worker": reverse("work:worker"),
            "most": actions.MOST // 2,
            "people": [
                {"who": each.who, "code": each.code, "came": each.at is not None, "name": each.name}
                for each in expected
            ],
            "words": _words(),
        },
    }
    response = render(request, "work/checkin/page.html", context)
    response["X-Kept-For"] = str(request.user.pk)  # whose browser may keep the page for a time without a line
    return response


def _words() -> dict[str, str]:
    return {
        "waiting": _("Kept on this phone, waits for the line"),
        "sent": _("Checked in"),
        "refused": _("Not taken: %(reason)s"),
        "unknown": _("Nobody on the list has this code."),
        "again": _("%(name)s is checked in already."),
        "done": _("%(name)s: checked in."),
        "all": _("Everything is sent."),
        "left": _("%(n)s check-ins wait for the line."),
        "signed_out": _("You are signed out. What is kept here is sent when you sign in again."),
        "volatile": _("This browser keeps nothing: do not close the page before everything is sent."),
        "kept": _("This page opens without a line, too."),
        "not_kept": _("Leave this page open: without a line this browser cannot open it again."),
        "camera": _("The camera cannot be used; type the code or choose on the list."),
    }


def _by_button(request: HttpRequest, meeting: Meeting, session: Session | None, site: Site | None) -> HttpResponse:
    who = request.POST.get("who", "")
    if not who:
        code = queries.tidy(request.POST.get("code", ""))
        found = (each for each in queries.expected(meeting, request.today) if each.code == code)
        who = next((each.who for each in found), "")
    way = "LIST" if request.POST.get("who") else "CODE"
    arrival = Arrival(uuid4(), who, request.now, way, _pk(session), _pk(site))
    outcome = actions.check_in(by=request.actor, at=request.now, meeting=meeting, arrivals=[arrival])
    for refused in outcome.refused.values():
        messages.error(request, " ".join(sentences(refused)))
    address = reverse("work:check-in", args=[meeting.pk])
    asked = {name: each.pk for name, each in (("buoi", session), ("diem", site)) if each}
    return redirect(f"{address}?{urlencode(asked)}" if asked else address)


def _pk(found: Session | Site | None) -> int | None:
    return found.pk if found else None


def _sign_in_first(request: HttpRequest, elsewhere: str) -> JsonResponse:
    """A script cannot follow to the sign-in page: it says so, and keeps what it has."""
    return JsonResponse({"sign_in": reverse(elsewhere)}, status=401)


@signed_in_or(_sign_in_first)
@require_POST
def send(request: HttpRequest, meeting_id: int) -> JsonResponse:
    """What a phone kept; answered the same however often it comes."""
    meeting = _mine(request, meeting_id)
    try:
        given = json.loads(request.body)
        if given.get("account") != request.user.pk:
            return JsonResponse({"other_account": True}, status=403)
        arrivals = [_arrival(each) for each in given["rows"]]
    except (ValueError, TypeError, KeyError, AttributeError):
        return JsonResponse({"blocked": _("What the phone sent is no list of check-ins.")}, status=400)
    try:
        outcome = actions.check_in(by=request.actor, at=request.now, meeting=meeting, arrivals=arrivals)
    except Refused as refused:
        return JsonResponse({"blocked": " ".join(sentences(refused))}, status=409)
    refused_words = {str(key): " ".join(sentences(each)) for key, each in outcome.refused.items()}
    return JsonResponse({"taken": [str(key) for key in outcome.taken], "refused": refused_words})


def _arrival(row: dict[str, Any]) -> Arrival:
    at = parse_datetime(row["at"])
    if at is None or at.tzinfo is None or row["way"] not in ("CODE", "LIST"):
        raise ValueError(row)
    session, site = (None if row.get(name) is None else int(row[name]) for name in ("session", "site"))
    return Arrival(UUID(row["key"]), str(row["who"]), at, row["way"], session, site)


@public
def worker(request: HttpRequest) -> HttpResponse:
    """The page's helper without a line, from an address whose folder holds the meetings."""
    script = Path(str(finders.find("indicators/worker.js"))).read_bytes()
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@signed_in
@require_GET
def cards(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """A card for each invited with name and code, to print and lay out at the door."""
    meeting = _mine(request, meeting_id)
    site = _site(request, meeting)
    found = [
        (each, queries.grouped(each.code), picture(each.code, each.name))
        for each in queries.expected(
            meeting, timezone.localdate(meeting.starts_at), site_ids=[site.pk] if site else None
        )
    ]
    return render(request, "work/checkin/cards.html", {"meeting": meeting, "cards": found})


@signed_in
@require_GET
def screen(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The code of the meeting, large: those invited open it on their own phone. It changes every few minutes."""
    meeting = _mine(request, meeting_id)
    site = _site(request, meeting)
    code = queries.room_code(meeting, request.now, _pk(site))
    address = request.build_absolute_uri(reverse("work:here", args=[meeting.pk]) + f"?ma={code}")
    context = {
        "meeting": meeting,
        "site": site,
        "code": queries.grouped(code),
        "picture": picture(address, _("Code of the meeting"), scale=9),
        "address": request.build_absolute_uri(reverse("work:here", args=[meeting.pk])),
        "refresh": _left(request.now),
    }
    return render(request, "work/checkin/screen.html", context)


def _left(now: datetime) -> int:
    """Seconds until the code changes."""
    return queries.WINDOW - int(now.timestamp()) % queries.WINDOW + 1


def picture(text: str, title: str, scale: int = 4) -> str:
    return mark_safe(qr.svg(text, title=title, scale=scale))  # noqa: S308 segno escapes the title


@signed_in
def here(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """On one's own phone: the code in the room is read, one button says "I am here"."""
    meeting = find(request, meeting_id)
    invitation = queries.invitation_of(request.actor, meeting)
    if invitation is None:
        raise Http404
    code = (request.POST or request.GET).get("ma", "")
    faults: list[str] = []
    if request.method == "POST":
        try:
            actions.check_in_self(by=request.actor, at=request.now, meeting=meeting, code=code, key=uuid4())
        except Refused as refused:
            faults = sentences(refused)
        else:
            return redirect(reverse("work:here", args=[meeting.pk]))
    session = actions.session_now(meeting, request.now)
    done = invitation.check_ins.filter(session=session).first()
    expired = bool(code) and not done and queries.room_of(meeting, code, request.now) is None
    if expired and not faults:
        faults = sentences(refusals.CodeOver())
    context = {"meeting": meeting, "code": code, "faults": faults, "done": done, "expired": expired}
    return render(request, "work/checkin/here.html", context, status=409 if faults else 200)
