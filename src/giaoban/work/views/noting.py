"""How a document is handled: the proposal of the office and the leader's note, a part of the document's page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.documents import actions as documents
from giaoban.documents import queries
from giaoban.documents.models import Document, Handling
from giaoban.documents.naming import Circle, below, ids
from giaoban.orgs import queries as orgs
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to
from giaoban.work.actions import noting
from giaoban.work.forms_noting import NoteForm, ProposalForm
from giaoban.work.queries import visible_tasks


def _find(request: HttpRequest, document_id: int) -> Document:
    try:
        return queries.document(request.actor, document_id, request.today)
    except Document.DoesNotExist:
        raise Http404 from None


@signed_in
@require_GET
def handling(request: HttpRequest, document_id: int) -> HttpResponse:
    """What was proposed and noted, and the next step for whoever may take it."""
    return _page(request, _find(request, document_id))


def _page(
    request: HttpRequest, document: Document, forms: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    on = request.today
    found = queries.handlings(document)
    units = {unit for each in found for unit in (each.unit_id, each.lead_id, *each.partners) if unit}
    names = orgs.names(units, on)
    mine = {each.task_id for each in found if each.task_id}
    tasks = {each.pk: each for each in visible_tasks(request.actor, on).filter(pk__in=mine)}
    context = {
        "document": document,
        "handlings": [
            {
                "handling": each,
                "unit": names.get(each.unit_id, ""),
                "lead": names.get(each.lead_id or 0, ""),
                "partners": "; ".join(names.get(unit, "") for unit in each.partners),
                "task": tasks.get(each.task_id),
            }
            for each in found
        ],
        **_forms(request, document, found),
        **(forms or {}),
    }
    part = request.htmx and status == 200
    return render(request, "work/handling_part.html" if part else "work/handling.html", context, status=status)


def _forms(request: HttpRequest, document: Document, found: list[Handling]) -> dict[str, Any]:
    """An empty form for what the actor may do next; the note begins with what was proposed."""
    on, given = request.today, {each.unit_id: each for each in found}
    context: dict[str, Any] = {}
    for verb, name, kind in (("document.propose", "propose", ProposalForm), ("document.note", "note", NoteForm)):
        unit = queries.unit_for(request.actor, document, verb, on)
        if unit is None or (unit in given and given[unit].noted_at):
            continue
        circle = _circle(unit, request)
        context[f"{name}_form"] = kind(circle=circle, initial=_initial(given.get(unit), request))
        context["offered"] = list(circle.offered)
    return context


def _initial(proposed: Handling | None, request: HttpRequest) -> dict[str, str]:
    if proposed is None:
        return {}

    def name(unit: int) -> str:
        return orgs.body_name(unit, request.today)

    return {
        "words": proposed.proposal,
        "lead": name(proposed.lead_id) if proposed.lead_id else "",
        "partners": "; ".join(name(unit) for unit in proposed.partners),
        "due": proposed.due_text,
    }


def _circle(unit: int, request: HttpRequest) -> Circle:
    return Circle(request.today, unit, below(unit, request.today))


def _unit(request: HttpRequest, document: Document, verb: str) -> int:
    unit = queries.unit_for(request.actor, document, verb, request.today)
    if unit is None:
        raise NotAllowed()
    return unit


@signed_in
@require_POST
def propose(request: HttpRequest, document_id: int) -> HttpResponse:
    document = _find(request, document_id)
    unit = _unit(request, document, "document.propose")
    form = ProposalForm(request.POST, circle=_circle(unit, request))
    if form.is_valid():
        data = form.cleaned_data
        try:
            documents.propose(
                by=request.actor,
                at=request.now,
                document=document,
                unit_id=unit,
                proposal=data["words"],
                lead_id=next(iter(ids(data["lead"])), None),
                partner_ids=ids(data["partners"]),
                due_text=data["due"],
            )
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused, {"proposal": "words"})
        else:
            messages.success(request, _("Put to the leader."))
            return redirect(document)
    return _page(request, document, {"propose_form": form}, 422)


@signed_in
@require_POST
def note(request: HttpRequest, document_id: int) -> HttpResponse:
    """One step: the note, and the task it gives."""
    document = _find(request, document_id)
    unit = _unit(request, document, "document.note")
    form = NoteForm(request.POST, circle=_circle(unit, request))
    if form.is_valid():
        data = form.cleaned_data
        try:
            noting.note(
                by=request.actor,
                at=request.now,
                document=document,
                unit_id=unit,
                opinion=data["words"],
                lead_id=next(iter(ids(data["lead"])), None),
                partner_ids=ids(data["partners"]),
                due=data["due"],
                leader=data["leader"],
            )
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused, {"proposal": "words"})
        else:
            messages.success(request, _("Noted; the unit that leads has been told."))
            return redirect(document)
    return _page(request, document, {"note_form": form}, 422)
