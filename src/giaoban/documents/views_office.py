"""Pages of the office: what waits to be handled, the unit's own numbers, how a document was studied."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.documents import importing, keeping, numbering, queries, studying
from giaoban.documents.forms import CounterForm, ImportForm, ReserveForm, StudyForm
from giaoban.documents.models import Attendance, GivenNumber, Study
from giaoban.documents.views import get, tabs_of
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to


@signed_in
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Incoming documents that nobody has proposed a handling for, and those that wait for the leader."""
    found = queries.inbox(request.actor, request.today)
    return render(request, "documents/waiting.html", {"waiting": found})


@signed_in
def numbers(request: HttpRequest) -> HttpResponse:
    """The unit's own counter: its series, gaps and numbers kept for later; switched on only where it has none."""
    unit, on = request.actor.unit_id, request.today
    people.require(request.actor, "document.register", unit, on)
    counter = numbering.counter_of(unit)
    initial = (
        {"agency": counter.agency, "party_agency": counter.party_agency, "term_start": counter.term_start}
        if counter
        else {}
    )
    form = CounterForm(request.POST if "switch" in request.POST else None, initial=initial)
    reserve = ReserveForm(request.POST if "reserve" in request.POST else None, on=on)
    if form.is_bound and form.is_valid():
        try:
            numbering.switch_on(by=request.actor, at=request.now, unit_id=unit, **form.cleaned_data)
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect("documents:numbers")
    if reserve.is_bound and reserve.is_valid():
        data = reserve.cleaned_data
        system, _colon, code = data["type"].partition(":")
        try:
            kept = numbering.reserve(
                by=request.actor,
                at=request.now,
                unit_id=unit,
                system=system,
                code=code,
                count=data["count"],
                reason=data["reason"],
            )
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(reserve, refused, {"agency": None, "term_start": None})
        else:
            messages.success(request, _("Kept: %(numbers)s.") % {"numbers": ", ".join(each.symbol for each in kept)})
            return redirect("documents:numbers")
    context = {
        "counter": counter,
        "form": form,
        "reserve_form": reserve,
        "series": numbering.series_of(request.actor, unit, on),
        "unit_name": orgs.body_name(unit, on),
    }
    return render(request, "documents/numbers.html", context, status=422 if form.errors or reserve.errors else 200)


@signed_in
@require_POST
def give_up(request: HttpRequest, given_id: int) -> HttpResponse:
    """A number kept for later is not needed."""
    given = GivenNumber.objects.filter(pk=given_id, unit_id=request.actor.unit_id).first()
    if given is None:
        raise Http404
    reason = request.POST.get("reason", "").strip()
    if not reason:
        messages.error(request, _("Say why the number is not needed."))
    else:
        numbering.give_up(by=request.actor, at=request.now, given=given, reason=reason)
    return redirect("documents:numbers")


@signed_in
def study(request: HttpRequest, document_id: int, slug: str = "") -> HttpResponse:
    """Who studied the document, with attended of expected minus exempt; the unit's own form below."""
    found = get(request, document_id)
    on = request.today
    unit = studying.unit_for(request.actor, found, on)
    form = None
    if unit is not None:
        form = StudyForm(request.POST or None, initial=_initial(found.pk, unit))
    if request.method == "POST":
        if form is None or unit is None:
            raise NotAllowed()
        if form.is_valid() and _record(request, found, unit, form):
            messages.success(request, _("Recorded."))
            return redirect(f"{found.get_absolute_url()}quan-triet/")
    told = studying.dissemination(request.actor, found, on)
    context = {
        "document": found,
        "tabs": tabs_of(found, "study"),
        "told": told,
        "audiences": [(label, told.sheet.of(code)) for code, label in Attendance.Audience.choices],
        "form": form,
        "unit_name": orgs.body_name(unit, on) if unit else "",
    }
    return render(request, "documents/study.html", context, status=422 if form is not None and form.errors else 200)


def _record(request: HttpRequest, found: Any, unit: int, form: StudyForm) -> bool:
    data = form.cleaned_data
    try:
        studying.record_study(
            by=request.actor,
            at=request.now,
            document=found,
            unit_id=unit,
            classes=data["classes"],
            finished_on=data["finished_on"],
            heads=form.heads(),
            form=data["form"],
            plan_issued=data["plan_issued"],
            plan_symbol=data["plan_symbol"],
        )
    except NotAllowed:
        raise
    except Refused as refused:
        add_to(form, refused, {"total": None})
        return False
    return True


def _initial(document_id: int, unit: int) -> dict[str, Any]:
    kept = Study.objects.filter(document_id=document_id, unit_id=unit).first()
    if kept is None:
        return {}
    counts = {
        f"{row.audience}_{part}": getattr(row, part)
        for row in kept.counts.all()
        for part in ("expected", "exempt", "attended")
    }
    fields = ("form", "classes", "finished_on", "plan_issued", "plan_symbol")
    return {**{name: getattr(kept, name) for name in fields}, **counts}


@signed_in
def take_in(request: HttpRequest) -> HttpResponse:
    """A register out of a file: tried first, then entered; the file is kept between the two steps."""
    unit = request.actor.unit_id
    people.require(request.actor, "document.register", unit, request.today)
    tried = _tried(request, unit)
    form = ImportForm(request.POST if request.method == "POST" and not tried else None, request.FILES or None)
    taken, token = None, ""
    try:
        if tried:
            done = importing.take_in(by=request.actor, at=request.now, unit_id=unit, **tried)
            messages.success(
                request,
                _("%(entered)s documents entered; %(known)s were in the register already.")
                % {"entered": done.entered, "known": done.known},
            )
            return redirect("documents:list")
        if form.is_bound and form.is_valid():
            upload, direction = form.cleaned_data["file"], form.cleaned_data["direction"]
            content = upload.read()
            taken = importing.take_in(
                by=request.actor,
                at=request.now,
                unit_id=unit,
                direction=direction,
                name=upload.name,
                content=content,
                trial=True,
            )
            kept = {"hash": keeping.keep(upload.name, content), "name": upload.name, "direction": direction}
            token = signing.dumps({**kept, "unit": unit}, salt="documents.import")
    except NotAllowed:
        raise
    except Refused as refused:
        add_to(form, refused)
    context = {"form": form, "taken": taken, "token": token, "unit_name": orgs.body_name(unit, request.today)}
    return render(request, "documents/import.html", context, status=422 if form.errors else 200)


def _tried(request: HttpRequest, unit: int) -> dict[str, Any]:
    """What the trial was of, as this page itself signed it; empty for anything else."""
    try:
        kept = signing.loads(request.POST.get("token", ""), salt="documents.import", max_age=3600)
    except signing.BadSignature:
        return {}
    if kept["unit"] != unit:
        return {}
    content = keeping.content(kept["name"], kept["hash"])
    return {"name": kept["name"], "content": content, "direction": kept["direction"]}
