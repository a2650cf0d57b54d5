"""The printed report with its check code, the signed copy of it, and holding a paper against what was handed in."""

from __future__ import annotations

import itertools

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from giaoban.core import period as periods
from giaoban.core.refusal import Refused
from giaoban.documents import keeping, serving
from giaoban.indicators import actions, queries
from giaoban.indicators.models import Report, SignedCopy
from giaoban.indicators.queries import copies, line, reports
from giaoban.indicators.views.entry import find
from giaoban.indicators.views.frame import tell
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import MANAGEMENT
from giaoban.people.guards import signed_in


@signed_in
def printed(request: HttpRequest, report_id: int) -> HttpResponse:
    """What was handed in last, as a form to sign: letterhead of the unit, the figures, places to sign, the code."""
    report = find(request, report_id)
    newest = report.submissions.order_by("-no").first()
    if newest is None:
        messages.error(request, _("Nothing has been handed in yet that could be printed."))
        return redirect("indicators:report", report.pk)
    day = report.round.data_day
    parents = line.parents(MANAGEMENT, [report.unit_id], day)
    above = parents.get(report.unit_id)
    context = {
        "report": report,
        "grid": (grid := queries.grid(request.actor, report, request.today, handed_in=True)),
        "sections": _numbered(grid),
        "unit": orgs.body_name(report.unit_id, day),
        "above": orgs.body_name(above, day) if above else "",
        "submission": newest,
        "code": copies.check_code(newest),
        "behalf": getattr(newest, "on_behalf", None),
    }
    return render(request, "indicators/print.html", context)


def _numbered(grid: queries.Grid) -> list[tuple[str, list[tuple[int, queries.CellView]]]]:
    """Sections with their lines numbered on, as a form has them."""
    number = itertools.count(1)
    return [(section.title, [(next(number), cell) for cell in section.cells]) for section in grid.sections]


@signed_in
@require_POST
def receive(request: HttpRequest, report_id: int) -> HttpResponse:
    """Note paper that has come, or keep a signed file."""
    report = find(request, report_id)
    sent = request.FILES.get("file")
    try:
        actions.receive_copy(
            by=request.actor,
            at=request.now,
            on=request.today,
            report_id=report.pk,
            form=request.POST.get("form", ""),
            code=request.POST.get("code", ""),
            file=_read(sent) if isinstance(sent, UploadedFile) else None,
            note=request.POST.get("note", ""),
        )
        messages.success(request, _("The signed copy is noted."))
    except Refused as refused:
        tell(request, refused)
    return redirect("indicators:report", report.pk)


def _read(sent: UploadedFile) -> tuple[str, bytes]:
    return sent.name or "", sent.read(keeping.LARGEST + 1)


@signed_in
def copy(request: HttpRequest, report_id: int, copy_id: int) -> HttpResponse:
    """A kept file, as it came."""
    report = find(request, report_id)
    found = SignedCopy.objects.filter(report=report, pk=copy_id).exclude(file_hash="").first()
    if found is None:
        raise Http404
    return serving.download(found.file_name, keeping.content(found.file_name, found.file_hash))


@signed_in
def check(request: HttpRequest, code: str = "") -> HttpResponse:
    """Whether a paper is what was handed in: by the code printed on it.

    The code tells whose report it is, to whoever holds the paper; its figures are shown to those who may see them.
    """
    asked = request.GET.get("ma", "") or code
    if asked and not code:
        return redirect("indicators:check", copies.tidy(asked) or "0")
    found = copies.submission_of(code) if code else None
    context = {"asked": asked, "submission": found}
    if found is not None:
        report = _visible(request, found.report_id)
        context |= {
            "report": report,
            "unit": orgs.name(found.report.unit_id, found.report.round.data_day),
            "period": periods.parse(found.report.period_code),
            "newest": copies.is_newest(found),
            "code": copies.check_code(found),
            "who": reports.who(found),
            "grid": queries.grid(request.actor, report, request.today, handed_in=True)
            if report and copies.is_newest(found)
            else None,
        }
    return render(request, "indicators/check.html", context)


def _visible(request: HttpRequest, report_id: int) -> Report | None:
    try:
        return queries.report_for(request.actor, report_id, request.today)
    except Report.DoesNotExist:
        return None
