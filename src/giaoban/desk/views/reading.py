"""Reading a document begins: paste or upload, take one from the register, or go on with one that is half done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.desk import proposals, scans
from giaoban.desk.forms import TextForm
from giaoban.documents import queries as documents
from giaoban.documents import readings
from giaoban.documents.models import Document, KeptReading
from giaoban.files import opening
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to, sentences

SHOWN = 20
"""Half-done readings listed on the start page."""


@signed_in
def start(request: HttpRequest) -> HttpResponse:
    """Paste a text or choose a file; below, what this unit has half done."""
    require(request)
    form = TextForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_kept(request, form.cleaned_data))
        except Refused as refused:
            add_to(form, _named(refused, form.cleaned_data))
    waiting = readings.half_done(request.actor, request.today).select_related("document")[:SHOWN]
    return render(request, "desk/reading/start.html", {"form": form, "waiting": waiting})


@signed_in
@require_safe
def registered(request: HttpRequest, document_id: int) -> HttpResponse:
    """Read a document that is in the register already, or go on with it."""
    require(request)
    try:
        found = documents.document(request.actor, document_id, request.today)
    except Document.DoesNotExist:
        raise Http404 from None
    kept = readings.keep(
        by=request.actor, at=request.now, on=request.today, opened=readings.Opened(found.text), document=found
    )
    return redirect(kept)


@signed_in
@require_POST
def discard(request: HttpRequest, token: str) -> HttpResponse:
    """Throw a half-done reading away."""
    require(request)
    found = fetched(request, token)
    try:
        readings.discard(by=request.actor, at=request.now, on=request.today, token=token)
    except Refused as refused:
        for line in sentences(refused):
            messages.error(request, line)
    else:
        messages.info(request, _("Thrown away: %(name)s.") % {"name": found})
    return redirect("desk:read")


def require(request: HttpRequest) -> None:
    if not people.may_anywhere(request.actor, readings.VERB, request.today):
        raise NotAllowed()


def fetched(request: HttpRequest, token: str) -> KeptReading:
    """The reading, if it is one of this person's unit."""
    require(request)
    try:
        return readings.reading(request.actor, token, request.today)
    except KeptReading.DoesNotExist:
        raise Http404 from None


def _kept(request: HttpRequest, data: dict[str, Any]) -> KeptReading:
    """The text, and the file it came from, kept so that the reading can go on and the file be registered."""
    who = {"by": request.actor, "at": request.now, "on": request.today}
    upload = data.get("file")
    if not upload:
        return readings.keep(**who, opened=readings.Opened(data["text"], proposals.heading(data["text"]).subject))
    file = (upload.name, upload.read())
    try:
        opened = opening.opened(*file)
    except opening.LongScan as long:
        return scans.begin(**who, file=file, first=long.first)
    return readings.keep(**who, opened=scans.as_kept(opened, file))


def _named(refused: Refused, data: dict[str, Any]) -> Refused:
    """A refusal of a file stands at the field of the file."""
    if data.get("file") and refused.field not in ("file", "text"):
        refused.field = "file"
    return refused
