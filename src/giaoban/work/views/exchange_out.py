"""The tasks of a table, a document or a meeting as an assignment annex: two column sets, two kinds of file."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from giaoban.documents import queries as documents
from giaoban.documents.serving import download
from giaoban.people.guards import signed_in
from giaoban.work import queries
from giaoban.work.exchange import writing_out
from giaoban.work.forms_filters import NAMES
from giaoban.work.views.lists.asked import Asked

FORMS = ("xlsx", "docx")
KEPT = ("xem", *NAMES, "xep")


@signed_in
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Exactly the tasks the address asks for; without a form chosen, the choice."""
    asked = Asked(request)
    tasks = asked.shown.select_related("parent")
    form, columns = request.GET.get("dang", ""), request.GET.get("mau", writing_out.OFFICES)
    if form in FORMS and columns in writing_out.COLUMNS:
        found = list(tasks[: writing_out.MOST])
        givers = Counter(task.assigned_by_id for task in found).most_common(1)
        near = givers[0][0] if givers else request.actor.unit_id
        sheet = writing_out.sheet(found, columns, request.today, near, _under(request, asked))
        content = sheet.xlsx() if form == "xlsx" else sheet.docx()
        return download(f"phu-luc-phan-cong-{request.today:%Y-%m-%d}.{form}", content)
    context = {
        "count": tasks.count(),
        "kept": [(name, value) for name in KEPT for value in request.GET.getlist(name)],
        "columns": writing_out.COLUMNS,
        "under": _under(request, asked),
    }
    return render(request, "work/exchange/export.html", context)


def _under(request: HttpRequest, asked: Asked) -> str:
    """What the annex goes with, as it is printed below its title."""
    if asked.document is not None:
        document = documents.for_actor(request.actor, request.today).filter(pk=asked.document).first()
        return f"(Kèm theo {document.label} của {document.issuer_text})" if document else ""
    if asked.meeting is not None:
        meeting = queries.meetings_for(request.actor, request.today).filter(pk=asked.meeting).first()
        return f"({meeting.title})" if meeting else ""
    return _("(Day of the table: %(day)s)") % {"day": f"{request.today:%d/%m/%Y}"}
