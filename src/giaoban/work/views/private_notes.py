"""Pages of one's own notes: kept at a meeting, all of them in one list, and turned into something said openly."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to, sentences
from giaoban.work.actions import private_notes as actions
from giaoban.work.models import Contribution, PrivateNote
from giaoban.work.queries import private_notes as queries
from giaoban.work.queries.meetings import meetings_for
from giaoban.work.queries.papers import readable
from giaoban.work.views.meetings import find

PAGE = 50


class NoteForm(forms.Form):
    text = forms.CharField(label=_("My note"), widget=forms.Textarea(attrs={"rows": 5}))


def _note(request: HttpRequest, note_id: int) -> PrivateNote:
    try:
        return queries.note(request.actor, note_id)
    except PrivateNote.DoesNotExist:
        raise Http404 from None


@signed_in
@require_GET
def notes(request: HttpRequest) -> HttpResponse:
    """All my notes, the newest first; kept after the meetings."""
    found = queries.mine(request.actor).order_by("-at", "-pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    seen = set(
        meetings_for(request.actor, request.today)
        .filter(pk__in={each.meeting_id for each in page})
        .values_list("pk", flat=True)
    )
    context = {"page": page, "rows": [(each, each.meeting_id in seen) for each in page]}
    return render(request, "work/notes/list.html", context)


@signed_in
@require_POST
def keep(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """On the meeting, or on the item or paper that the form names."""
    meeting = find(request, meeting_id)
    item = meeting.agenda.filter(pk=_number(request, "item")).first()
    wanted = _number(request, "paper")
    paper = next((each for each in readable(request.actor, meeting, request.today) if each.pk == wanted), None)
    try:
        actions.keep_note(
            by=request.actor, at=request.now, meeting=meeting, text=request.POST.get("text", ""), item=item, paper=paper
        )
    except NotAllowed:
        raise
    except Refused as refused:
        messages.error(request, " ".join(sentences(refused)))
    return redirect(_back(request, f"{meeting.get_absolute_url()}#notes"))


def _number(request: HttpRequest, name: str) -> int:
    given = request.POST.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 12 else 0


def _back(request: HttpRequest, otherwise: str) -> str:
    given = request.POST.get("back", "")
    return given if given and url_has_allowed_host_and_scheme(given, None) else otherwise


@signed_in
def note(request: HttpRequest, note_id: int) -> HttpResponse:
    """One of my notes: to change, to take out, or to say openly."""
    found = _note(request, note_id)
    form = NoteForm(request.POST or None, initial={"text": found.text})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_note(by=request.actor, at=request.now, note=found, text=form.cleaned_data["text"])
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect("work:private-notes")
    context = {
        "note": found,
        "form": form,
        "kinds": Contribution.Kind.choices,
        "seen": meetings_for(request.actor, request.today).filter(pk=found.meeting_id).exists(),
        "used": bool(found.contribution_id or found.request_id),
        "live": found.meeting.state == "HELD" and found.meeting.closed_at is None,
        "own_host": request.actor.unit_id == found.meeting.unit_id,
    }
    return render(request, "work/notes/one.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def remove(request: HttpRequest, note_id: int) -> HttpResponse:
    actions.remove_note(by=request.actor, at=request.now, note=_note(request, note_id))
    return redirect("work:private-notes")


@signed_in
@require_POST
def say(request: HttpRequest, note_id: int) -> HttpResponse:
    """As my contribution to the discussion, in the name of my unit."""
    found = _note(request, note_id)
    kind = request.POST.get("kind", "")
    try:
        actions.say_note(
            by=request.actor,
            at=request.now,
            note=found,
            kind=kind if kind in Contribution.Kind.values else Contribution.Kind.OPINION,
        )
    except NotAllowed:
        raise
    except Refused as refused:
        messages.error(request, " ".join(sentences(refused)))
        return redirect("work:private-note", found.pk)
    return redirect(f"{found.meeting.get_absolute_url()}#discussion")


@signed_in
@require_POST
def ask(request: HttpRequest, note_id: int) -> HttpResponse:
    """As a request of my unit to the host of the meeting."""
    found = _note(request, note_id)
    try:
        made = actions.request_note(by=request.actor, at=request.now, note=found)
    except NotAllowed:
        raise
    except Refused as refused:
        messages.error(request, " ".join(sentences(refused)))
        return redirect("work:private-note", found.pk)
    return redirect(made)
