"""The page of the superior level's tracking sheet: what is new, what differs, what is taken over, what goes back."""

from __future__ import annotations

import hashlib

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.documents import keeping
from giaoban.documents.naming import Circle, below
from giaoban.documents.serving import download
from giaoban.orgs import queries as orgs
from giaoban.people.guards import signed_in
from giaoban.people.refusals import sentences
from giaoban.work.exchange import answering, lines, tracking
from giaoban.work.exchange.tracking import Compared, Told
from giaoban.work.forms_exchange import TrackingForm
from giaoban.work.models import TableKind
from giaoban.work.views.exchange import Kept, kept_of, point, pointing, remember_names
from giaoban.work.views.meetings import hosts_of


@signed_in
def track(request: HttpRequest) -> HttpResponse:
    """A tracking sheet: handed up, compared, taken over line by line, filled in and handed back."""
    kept = kept_of(request, TableKind.TRACKING)
    if kept is None:
        return _hand_up(request, [])
    step = request.POST.get("step", "")
    faults: list[str] = []
    if step == "names":
        faults = remember_names(request, kept)
    elif step == "point":
        faults = point(request, kept)
    try:
        if step == "take":
            return _taken(request, kept)
        found = tracking.compared(request.actor, kept.name, kept.content, kept.unit, request.today)
    except lines.NoColumns:
        return pointing(request, kept, faults)
    except NotAllowed:
        raise
    except Refused as refused:
        return _hand_up(request, sentences(refused))
    if step == "copy" and found.file.marks:
        return download(answering.copy_name(kept.name), answering.filled(kept.content, found, request.today))
    if step == "point-again":
        return pointing(request, kept, faults)
    return _shown(request, kept, found, faults)


def _hand_up(request: HttpRequest, said: list[str]) -> HttpResponse:
    hosts, unit = hosts_of(request, "task.assign")
    sent = request.method == "POST" and not said and "token" not in request.POST
    form = TrackingForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        circle=Circle(request.today, unit),
        hosts=hosts,
        initial={"unit": unit},
    )
    if sent and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            if upload.size > keeping.LARGEST:
                raise keeping.FileTooLarge(name=upload.name)
            content = upload.read()
            kept = Kept(upload.name, hashlib.sha256(content).hexdigest(), TableKind.TRACKING.value, unit)
            try:
                found = tracking.compared(request.actor, upload.name, content, unit, request.today)
            except lines.NoColumns:
                keeping.keep(kept.name, content)
                return pointing(request, kept, [])
            keeping.keep(kept.name, content)
            return _shown(request, kept, found, [])
        except NotAllowed:
            raise
        except Refused as refused:
            for line in sentences(refused):
                form.add_error("file" if refused.field == "file" else None, line)
    context = {"form": form, "faults": said}
    return render(request, "work/exchange/tracking_up.html", context, status=422 if form.errors or said else 200)


def _shown(request: HttpRequest, kept: Kept, found: Compared, faults: list[str]) -> HttpResponse:
    on = request.today

    def ours(rows: list[Told]) -> list[tuple[Told, str]]:
        return [(row, answering.words_of_state(row.task, on) if row.task else "") for row in rows]

    context = {
        "kept": kept,
        "found": found,
        "redated": ours(found.redated),
        "seen_otherwise": ours(found.seen_otherwise),
        "fault_list": [fault for row in found.faulty for fault in row.faults],
        "faults": faults,
        "questions": [
            {
                "name": name,
                "cells": ", ".join(cells[:6]),
                "offered": [
                    (",".join(map(str, units)), label)
                    for units, label in (found.names.offered(name) if found.names else [])
                ],
            }
            for name, cells in found.questions.items()
        ],
        "offered": list(below(kept.unit, on)) if found.questions else [],
        "unit_name": orgs.body_name(kept.unit, on),
        "acceptable": found.new
        or any(row.ours for row in found.redated)
        or any(row.ours and row.said_done for row in found.seen_otherwise),
        "trial": {"new": found.new},
    }
    return render(request, "work/exchange/tracking.html", context, status=422 if faults else 200)


def _taken(request: HttpRequest, kept: Kept) -> HttpResponse:
    new, dates, done = tracking.take_over(
        by=request.actor,
        at=request.now,
        unit_id=kept.unit,
        name=kept.name,
        content=kept.content,
        new=request.POST.getlist("new"),
        dates=request.POST.getlist("date"),
        done=request.POST.getlist("done"),
    )
    messages.success(
        request,
        _("Taken over: %(new)s new tasks, %(dates)s changed days, %(done)s tasks as done.")
        % {"new": new, "dates": dates, "done": done},
    )
    return redirect(f"{reverse('work:tasks')}?xem=don-vi")
