"""Pages of the sites of a meeting: which there are, who belongs where, what is ready, who came."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.documents.naming import UnitsField, ids
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to, sentences
from giaoban.work import queries as work
from giaoban.work.actions import sites as actions
from giaoban.work.forms import InCircle
from giaoban.work.models import Meeting, MeetingState, Site
from giaoban.work.queries import sites as queries
from giaoban.work.views.meetings import circle_of, find


class SiteForm(InCircle):
    name = forms.CharField(label=_("Name of the site"), max_length=200)
    unit = UnitsField(
        label=_("At whose office"), required=False, help_text=_("This unit looks the site over and checks people in.")
    )
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    person = forms.CharField(label=_("In charge"), max_length=200, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)
    technician = forms.CharField(label=_("Technician"), max_length=200, required=False)
    link = forms.URLField(label=_("Link for those online"), max_length=500, required=False, assume_scheme="https")


class SiteChangeForm(SiteForm):
    main = forms.BooleanField(label=_("Main site, where the chair sits"), required=False)


@signed_in
def sites(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Those invited see the sites; who runs the meeting sets them up and says who belongs where."""
    meeting = find(request, meeting_id)
    actor, on = request.actor, request.today
    runs = people.may(actor, "meeting.plan", meeting.unit_id, on)
    form = SiteForm(request.POST or None, circle=circle_of(request, meeting))
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_site(by=actor, at=request.now, meeting=meeting, **_given(form))
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect("work:sites", meeting.pk)
    invitations = list(meeting.invitations.select_related("site"))
    guests = list(meeting.guests.select_related("site"))
    found = queries.standings(meeting)
    names = work.names(
        [
            *(each.unit_id for each in invitations),
            *(each.site.unit_id for each in found.sites if each.site),
            *(each.unit_id for each in guests),
        ],
        on,
    )
    context = {
        "meeting": meeting,
        "runs": runs,
        "changes": runs and meeting.state in (MeetingState.PLANNED, MeetingState.HELD),
        "planned": meeting.state == MeetingState.PLANNED,
        "found": found,
        "rows": [
            (each, names.get(each.site.unit_id or 0, "") if each.site else "", _kept(request, meeting, each.site, runs))
            for each in found.rows
        ],
        "belonging": [
            *((f"i{each.pk}", names.get(each.unit_id, ""), each.site_id) for each in invitations),
            *((f"g{each.pk}", _guest_name(each, names), each.site_id) for each in guests),
        ]
        if runs
        else [],
        "form": form,
        "offered": list(circle_of(request, meeting).offered),
    }
    return render(request, "work/sites/list.html", context, status=422 if form.errors else 200)


def _guest_name(guest: Any, names: dict[int, str]) -> str:
    return ", ".join(part for part in (guest.name, guest.office, names.get(guest.unit_id or 0, "")) if part)


def _kept(request: HttpRequest, meeting: Meeting, site: Site | None, runs: bool) -> bool:
    """Whether the reader may look this site over and check people in at it."""
    if site is None or meeting.state not in (MeetingState.PLANNED, MeetingState.HELD):
        return False
    return runs or queries.keeps(request.actor, site, request.today)


def _given(form: SiteForm) -> dict[str, Any]:
    data = dict(form.cleaned_data)
    units = ids(data.pop("unit"))
    return {**data, "unit_id": units[0] if units else None}


def _site(meeting: Meeting, site_id: int) -> Site:
    found = meeting.sites.filter(pk=site_id).first()
    if found is None:
        raise Http404
    return found


@signed_in
def site(request: HttpRequest, meeting_id: int, site_id: int) -> HttpResponse:
    """One site: looked over part by part; changed by who runs the meeting."""
    meeting = find(request, meeting_id)
    found = _site(meeting, site_id)
    runs = people.may(request.actor, "meeting.plan", meeting.unit_id, request.today)
    names = work.names([found.unit_id], request.today)
    initial = {field: getattr(found, field) for field in (*actions.FIELDS, "name", "main")}
    initial["unit"] = names.get(found.unit_id or 0, "")
    form = SiteChangeForm(request.POST or None, circle=circle_of(request, meeting), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_site(by=request.actor, at=request.now, site=found, **_given(form))
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect("work:sites", meeting.pk)
    standing = next(each for each in queries.standings(meeting).sites if each.site and each.site.pk == found.pk)
    context = {
        "meeting": meeting,
        "site": found,
        "unit_name": names.get(found.unit_id or 0, ""),
        "standing": standing,
        "runs": runs and meeting.state in (MeetingState.PLANNED, MeetingState.HELD),
        "keeps": _kept(request, meeting, found, runs),
        "form": form,
        "offered": list(circle_of(request, meeting).offered),
    }
    return render(request, "work/sites/one.html", context, status=422 if form.errors else 200)


def _done(request: HttpRequest, meeting: Meeting, verb: Any, site_id: int | None = None) -> HttpResponse:
    """Do it, or say why not; then the list, or the site it was about."""
    try:
        verb()
    except NotAllowed:
        raise
    except Refused as refused:
        messages.error(request, " ".join(sentences(refused)))
    return redirect("work:site", meeting.pk, site_id) if site_id else redirect("work:sites", meeting.pk)


@signed_in
@require_POST
def remove(request: HttpRequest, meeting_id: int, site_id: int) -> HttpResponse:
    meeting = find(request, meeting_id)
    found = _site(meeting, site_id)
    return _done(request, meeting, lambda: actions.remove_site(by=request.actor, at=request.now, site=found))


@signed_in
@require_POST
def assign(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Those marked on the list belong to the site chosen."""
    meeting = find(request, meeting_id)
    chosen = request.POST.get("site", "")
    site = _site(meeting, int(chosen)) if chosen.isascii() and chosen.isdigit() and len(chosen) < 12 else None
    marks = request.POST.getlist("who")
    picked = {
        letter: [int(each[1:]) for each in marks if each[:1] == letter and each[1:].isascii() and each[1:].isdigit()]
        for letter in "ig"
    }
    return _done(
        request,
        meeting,
        lambda: actions.assign(
            by=request.actor,
            at=request.now,
            meeting=meeting,
            site=site,
            invitations=picked["i"],
            guests=picked["g"],
        ),
    )


@signed_in
@require_POST
def assign_nearest(request: HttpRequest, meeting_id: int) -> HttpResponse:
    meeting = find(request, meeting_id)
    return _done(request, meeting, lambda: actions.assign_nearest(by=request.actor, at=request.now, meeting=meeting))


@signed_in
@require_POST
def look_over(request: HttpRequest, meeting_id: int, site_id: int) -> HttpResponse:
    """One part: ready, or what is not."""
    meeting = find(request, meeting_id)
    found = _site(meeting, site_id)
    part = request.POST.get("part", "")
    if part not in {code for code, *_ in queries.standings(meeting).sites[0].checks}:
        raise Http404
    return _done(
        request,
        meeting,
        lambda: actions.look_over(
            by=request.actor,
            at=request.now,
            site=found,
            part=part,
            ready=request.POST.get("ready") == "1",
            note=request.POST.get("note", ""),
        ),
        found.pk,
    )
