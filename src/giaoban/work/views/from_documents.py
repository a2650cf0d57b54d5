"""What a document's page takes from this room by address: its text with the tasks marked, and everything it asks."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from giaoban.documents import queries as documents
from giaoban.documents.models import Document
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.work import queries
from giaoban.work.marking import Span, paragraphs
from giaoban.work.queries import drafting, linked
from giaoban.work.views.rows import task_rows


def _find(request: HttpRequest, document_id: int) -> Document:
    try:
        return documents.document(request.actor, document_id, request.today)
    except Document.DoesNotExist:
        raise Http404 from None


@signed_in
@require_GET
def asked(request: HttpRequest, document_id: int) -> HttpResponse:
    """Tasks, targets, rounds and meetings of one document: a part of its page, or a page of its own."""
    document = _find(request, document_id)
    found = queries.asked_by(request.actor, document, request.today)
    units = [each.unit_id for each in found.targets]
    context = {
        "document": document,
        "asked": found,
        "rows": task_rows(found.tasks, request.today),
        "targets": [(each, name) for each, name in zip(found.targets, _names(units, request))],
        "may_assign": bool(people.acts_for(request.actor, "task.assign", request.today)),
        "product_of": drafting.product_of(request.actor, document, request.today),
        "proves": task_rows(
            linked.tasks_proved_by(request.actor, document, request.today).prefetch_related("partners"), request.today
        ),
    }
    return render(request, "work/asked_part.html" if request.htmx else "work/asked.html", context)


def _names(units: list[int], request: HttpRequest) -> list[str]:
    names = queries.names(units, request.today)
    return [names.get(each, "") for each in units]


@signed_in
@require_GET
def marked_text(request: HttpRequest, document_id: int) -> HttpResponse:
    """The text with each passage a task was given from marked, and a link to give one from any paragraph."""
    document = _find(request, document_id)
    tasks = {each.pk: each for each in queries.tasks_of_text(request.actor, document, request.today)}
    spans = [
        Span(start, end, each.pk)
        for each in tasks.values()
        for of, start, end in queries.passages(each)
        if of == document.pk
    ]
    context = {
        "document": document,
        "paragraphs": [
            (each, [(piece, [tasks[pk] for pk in piece.task_ids]) for piece in each.pieces])
            for each in paragraphs(document.text, spans)
        ],
        "may_assign": bool(people.acts_for(request.actor, "task.assign", request.today)),
    }
    return render(request, "work/marked_text.html", context)
