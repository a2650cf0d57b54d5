"""Pages of guests, the letter and calendar file of a meeting, and the chair's consent to a substitute."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from giaoban.core.refusal import Refused
from giaoban.documents.serving import download
from giaoban.files import docx
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.guards import public, signed_in
from giaoban.people.refusals import add_to, sentences
from giaoban.work.actions import guests as actions
from giaoban.work.forms import AnswerForm
from giaoban.work.letter import letter as letter_of
from giaoban.work.models import Guest, Meeting
from giaoban.work.queries import guests as queries
from giaoban.work.queries.checkin import code_of, grouped, invitation_of
from giaoban.work.queries.papers import of_guest, shelved
from giaoban.work.views.checkin import picture
from giaoban.work.views.meetings import find


class GuestForm(forms.Form):
    name = forms.CharField(label=_("Name of the guest"), max_length=200)
    office = forms.CharField(label=_("Office and where from"), max_length=200, required=False)
    mail = forms.EmailField(label=_("Mail"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)


@signed_in
def guests(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Guests without an account: put on the list, given their link."""
    meeting = _mine(request, meeting_id)
    form = GuestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_guest(by=request.actor, at=request.now, meeting=meeting, **form.cleaned_data)
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect("work:guests", meeting.pk)
    rows = [(each, _link(request, each) if each.sent_at else "") for each in meeting.guests.all()]
    context = {"meeting": meeting, "rows": rows, "form": form}
    return render(request, "work/guests.html", context, status=422 if form.errors else 200)


def _mine(request: HttpRequest, meeting_id: int) -> Meeting:
    meeting = find(request, meeting_id)
    people.require(request.actor, "meeting.plan", meeting.unit_id, request.today)
    return meeting


def _link(request: HttpRequest, guest: Guest) -> str:
    return request.build_absolute_uri(reverse("work:guest", args=[queries.token(guest)]))


def _guest(meeting: Meeting, guest_id: int) -> Guest:
    found = meeting.guests.filter(pk=guest_id).first()
    if found is None:
        raise Http404
    return found


@signed_in
@require_POST
def send(request: HttpRequest, meeting_id: int, guest_id: int) -> HttpResponse:
    meeting = _mine(request, meeting_id)
    actions.send_to_guest(by=request.actor, at=request.now, guest=_guest(meeting, guest_id))
    return redirect("work:guests", meeting.pk)


@signed_in
@require_POST
def remove(request: HttpRequest, meeting_id: int, guest_id: int) -> HttpResponse:
    meeting = _mine(request, meeting_id)
    actions.remove_guest(by=request.actor, at=request.now, guest=_guest(meeting, guest_id))
    return redirect("work:guests", meeting.pk)


@public
def guest(request: HttpRequest, token: str) -> HttpResponse:
    """A guest's own page, by the link alone: the plan, the agenda, their code, their answer; nothing else opens."""
    try:
        found = queries.by_token(token, request.now)
    except Refused as refused:
        return quiet(render(request, "work/guest_over.html", {"sentence": sentences(refused)[0]}, status=404))
    form = AnswerForm(request.POST or None, initial={"answer": found.answer, "text": found.answer_text})
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_as_guest(at=request.now, token=token, **form.cleaned_data)
        except Refused as refused:
            add_to(form, refused)
        else:
            return quiet(redirect("work:guest", token))
    code = code_of(found)
    context = {
        "guest": found,
        "meeting": found.meeting,
        "host": orgs.body_name(found.meeting.unit_id, request.today),
        "agenda": [item for item in found.meeting.agenda.all() if item.kind not in ("CARRIED", "OVERDUE", "REQUEST")],
        "papers": shelved(of_guest(found), request.today, guest=found),
        "site": found.site,
        "now": found.meeting.agenda.filter(began_at__isnull=False, ended_at__isnull=True).first(),
        "form": form,
        "token": token,
        "code": grouped(code),
        "picture": picture(code, found.name),
    }
    return quiet(render(request, "work/guest.html", context, status=422 if form.errors else 200))


def quiet(response: HttpResponse) -> HttpResponse:
    """A link that opens a page is told to nobody."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "no-store"
    return response


@public
@require_GET
def guest_calendar(request: HttpRequest, token: str) -> HttpResponse:
    try:
        found = queries.by_token(token, request.now)
    except Refused as refused:
        return quiet(render(request, "work/guest_over.html", {"sentence": sentences(refused)[0]}, status=404))
    return quiet(_calendar(request, found.meeting, ""))


@signed_in
@require_GET
def calendar(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The meeting for one's own calendar; opened again after a change it moves what is there."""
    meeting = find(request, meeting_id)
    return _calendar(request, meeting, request.build_absolute_uri(meeting.get_absolute_url()))


def _calendar(request: HttpRequest, meeting: Meeting, address: str) -> HttpResponse:
    host = orgs.body_name(meeting.unit_id, request.today)
    domain = request.get_host().split(":")[0]
    content = queries.calendar_file(meeting, host, domain, address, request.now)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"hop-{meeting.pk}.ics") or "attachment"
    return response


@signed_in
@require_GET
def letter(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """DOCX: the host's letter to all it summons (?loai=trieu-tap) or invites; an invited unit's own."""
    meeting = find(request, meeting_id)
    on = request.today
    mine = None
    if not people.may(request.actor, "meeting.plan", meeting.unit_id, on):
        mine = invitation_of(request.actor, meeting)
        if mine is None:
            raise Http404
    below = queries.summoned_units(meeting, on)
    summons = mine.unit_id in below if mine else request.GET.get("loai") == "trieu-tap"
    invited = [mine] if mine else [each for each in meeting.invitations.all() if (each.unit_id in below) == summons]
    names = [_named(each, on) for each in invited]
    if not mine and not summons:
        guests = meeting.guests.filter(unit=None)  # learners come with their unit's letter
        names += [", ".join(part for part in (each.name, each.office) if part) for each in guests]
    if not names:
        raise Http404
    content = docx.write(letter_of(meeting, names, summons=summons, on=on))
    return download(f"{'trieu-tap' if summons else 'giay-moi'}-{meeting.pk}.docx", content)


def _named(invitation: Any, on: Any) -> str:
    who = invitation.person
    if invitation.position:
        who = ", ".join(part for part in (who, invitation.position.title) if part)
    name = orgs.body_name(invitation.unit_id, on)
    return f"{who}, {name}" if who else name


@signed_in
@require_POST
def consent(request: HttpRequest, meeting_id: int, invitation_id: int) -> HttpResponse:
    """The chair's answer to a substitute."""
    meeting = find(request, meeting_id)
    invitation = meeting.invitations.filter(pk=invitation_id).first()
    if invitation is None:
        raise Http404
    actions.decide_substitute(
        by=request.actor,
        at=request.now,
        invitation=invitation,
        agree=request.POST.get("dong_y") == "1",
        reason=request.POST.get("reason", ""),
    )
    return redirect(f"{meeting.get_absolute_url()}#invited")
