"""Giving a task, by hand or from a passage of a document."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.documents import queries as documents
from giaoban.documents.models import Document
from giaoban.documents.naming import Circle, below
from giaoban.orgs import queries as orgs
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to
from giaoban.work import actions, dues
from giaoban.work.forms import AssignForm
from giaoban.work.marking import excerpt
from giaoban.work.models import DueKind
from giaoban.work.views.meetings import due_words, hosts_of
from giaoban.work.views.tasks.finding import number


@signed_in
@require_GET
def due_means(request: HttpRequest) -> HttpResponse:
    """Beside the field while typing: which day the words mean."""
    words = request.GET.get("due", "")
    if not words.strip():
        return HttpResponse("")
    try:
        due = dues.read(words, request.today)
    except dues.BadDue:
        return render(request, "work/due_means.html", {"bad": True})
    return render(
        request,
        "work/due_means.html",
        {"due": due, "kind": DueKind(due.kind).label, "past": due.on and due.on < request.today},
    )


@signed_in
def assign(request: HttpRequest) -> HttpResponse:
    """Give a task, by hand or from a passage of a document (?van-ban=&tu=&den=)."""
    on = request.today
    hosts, unit = hosts_of(request, "task.assign")
    document, start, end = _passage(request)
    passage = document.text[start:end] if document and start is not None else ""
    circle = Circle(on, unit, below(unit, on))
    first = {"unit": unit, "text": " ".join(passage.split())}
    form = AssignForm(request.POST or None, circle=circle, hosts=hosts, initial=first)
    if request.method == "POST" and form.is_valid():
        new = form.task_of(unit)
        try:
            made = actions.assign(
                by=request.actor, at=request.now, unit_id=unit, task=new, document=document, start=start, end=end
            )
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused, {"issuer": "draft"})
        else:
            messages.success(request, _("Given: %(title)s") % {"title": made.title})
            return redirect(document.get_absolute_url() if document else made.get_absolute_url())
    context = {
        "form": form,
        "offered": list(circle.offered),
        "due_words": due_words(request),
        "document": document,
        "excerpt": excerpt(document.text, start, end) if document and start is not None and end is not None else None,
        "unit_name": orgs.body_name(unit, on),
    }
    return render(request, "work/assign.html", context, status=422 if form.errors else 200)


def _passage(request: HttpRequest) -> tuple[Document | None, int | None, int | None]:
    """The document and offsets that the address names; a wrong address is not found."""
    document_id = number(request, "van-ban")
    if document_id is None:
        return None, None, None
    document = documents.for_actor(request.actor, request.today).filter(pk=document_id).first()
    if document is None:
        raise Http404
    start, end = number(request, "tu"), number(request, "den")
    if start is None or end is None or not start < end <= len(document.text):
        return document, None, None
    return document, start, end
