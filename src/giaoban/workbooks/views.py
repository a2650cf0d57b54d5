"""Pages of workbooks: take them along, hand them up, see what they would do, write, and take the marked copy back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from giaoban.core import period as periods
from giaoban.core.refusal import NotAllowed, Refused
from giaoban.core.text import slug
from giaoban.files import sheets
from giaoban.indicators.models import Report, Round
from giaoban.jobs import queries as jobs
from giaoban.jobs.models import Job
from giaoban.people.guards import signed_in
from giaoban.people.refusals import sentences
from giaoban.workbooks import actions, queries, refusals
from giaoban.workbooks.models import Answer, Outcome, Package, State, Upload, Workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE = 30
FAULTS = 200
SHOWN = 400  # changes shown of one page; all are counted


# Take along


@signed_in
@require_GET
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    """The workbook of one report."""
    try:
        found = queries.report_for(request.actor, report_id, request.today)
    except Report.DoesNotExist as missing:
        raise Http404 from missing
    name, content = actions.workbook_of(by=request.actor, at=request.now, on=request.today, report=found)
    return _download(name, content, XLSX)


@signed_in
@require_GET
def round_page(request: HttpRequest, round_id: int) -> HttpResponse:
    """Which workbooks of a round this person may take along."""
    found = _round(request, round_id)
    units = queries.fillable(request.actor, found.pk, request.today)
    context = {
        "round": found,
        "period": periods.parse(found.period_code),
        "count": len(units),
        "together": len(units) <= actions.TOGETHER,
        "most": actions.TOGETHER,
        "only": units[0] if len(units) == 1 else None,
    }
    return render(request, "workbooks/round.html", context)


@signed_in
@require_POST
def make(request: HttpRequest, round_id: int) -> HttpResponse:
    """Make them: at once where they are few, else as a job."""
    found = _round(request, round_id)
    try:
        made = actions.ask_to_make(
            by=request.actor,
            at=request.now,
            on=request.today,
            round=found,
            together=request.POST.get("kieu") == "mot-tep",
        )
    except Refused as refused:
        _tell(request, refused)
        return redirect("workbooks:round", round_id)
    return redirect("workbooks:package-file" if made.kept else "workbooks:package", made.pk)


@signed_in
@require_GET
def package(request: HttpRequest, package_id: int) -> HttpResponse:
    """How far the making is, and the file when it is done."""
    found = _package(request, package_id)
    return render(request, "workbooks/package.html", {"package": found, **_job(request, found.job)})


@signed_in
@require_GET
def package_file(request: HttpRequest, package_id: int) -> HttpResponse:
    found = _package(request, package_id)
    if not found.kept:
        return redirect("workbooks:package", package_id)
    try:
        content = queries.content(found)
    except Refused as refused:
        _tell(request, refused)
        return redirect("workbooks:home")
    return _download(found.name, content, XLSX if found.name.endswith(".xlsx") else "application/zip")


# Hand up


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Hand up a workbook or a ZIP, and what was handed up before."""
    return _home(request)


def _home(request: HttpRequest, fault: str = "", status: int = 200) -> HttpResponse:
    rows = Paginator(queries.uploads(request.actor), PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": rows,
        "rows": [Row(one, queries.counts(one)) for one in rows],
        "may": queries.may_hand_up(request.actor, request.today),
        "fault": fault,
    }
    return render(request, "workbooks/home.html", context, status=status)


@dataclass(frozen=True)
class Row:
    """An upload in the list."""

    upload: Upload
    counts: queries.Counts


@signed_in
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Keep and read the file; the next page says what it would do."""
    given = request.FILES.get("file")
    try:
        if given is None:
            raise refusals.NothingToHandUp()
        made = actions.receive(
            by=request.actor, at=request.now, on=request.today, name=given.name or "", content=given.read()
        )
    except NotAllowed:
        raise
    except Refused as refused:
        return _home(request, " ".join(sentences(refused)), status=422)
    return redirect("workbooks:upload", made.pk)


@signed_in
@require_GET
def page(request: HttpRequest, upload_id: int) -> HttpResponse:
    """The dry run: every fault, every change, every conflict; afterwards what was written."""
    found = _upload(request, upload_id)
    said = queries.counts(found)
    wrong = list(queries.faults(found)) if said.wrong or _has_looks(found) else []
    answers = Answer.objects.filter(workbook__upload=found).select_related("workbook")
    telling = answers.exclude(outcome=Outcome.NOTHING).order_by("workbook__no", "pk")
    shown = Paginator(telling, PAGE).get_page(request.GET.get("trang"))
    writable = found.state in (State.READ, State.TAKING)
    clashes = [
        (answer.unit_name or answer.tab, one)
        for answer in answers.filter(conflicts__gt=0)
        for one in queries.changes(answer, conflicts=True)
    ]
    rest = queries.to_write(found, good_cells=True) if writable else Answer.objects.none()
    partly = rest.filter(outcome=Outcome.FAULTY).count()
    good = rest.count() - partly
    listed = Paginator(_fault_rows(wrong), FAULTS).get_page(request.GET.get("loi"))
    context = {
        "upload": found,
        "counts": said,
        "faults": listed,
        "fault_count": sum(not one.look for one in wrong),
        "look_count": len(_looks(wrong)),
        "refused": " ".join(sentences(refusals.again(found.fault))) if found.fault else "",
        "answers": shown,
        "pages": [AnswerRow(one, queries.changes(one, conflicts=False)[:SHOWN]) for one in shown],
        "clash_rows": clashes,
        "good": good,
        "partly": partly,
        "behalf": rest.filter(behalf=True).exists(),
        "may_write": found.state == State.READ and bool(good or partly),
        "markable": bool(wrong) and queries.path_of(found.kept).exists() and bool(queries.marked_workbooks(found)),
        **_job(request, found.take_job or found.read_job),
    }
    return render(request, "workbooks/upload.html", context)


@dataclass(frozen=True)
class AnswerRow:
    answer: Answer
    changes: Sequence[queries.Change]

    @property
    def hidden(self) -> int:
        return self.answer.changed - len(self.changes)


@dataclass(frozen=True)
class FaultRow:
    """A fault with its cell, or one thing to look at with all the cells it is about."""

    fault: queries.Fault
    words: str
    at: str


def _fault_rows(found: Sequence[queries.Fault]) -> list[FaultRow]:
    """Faults first, each by itself; then what wants a look."""
    rows = [FaultRow(one, " ".join(sentences(one.refused)), one.at) for one in found if not one.look]
    for (_workbook, _tab, words), some in _looks(found).items():
        rows.append(FaultRow(some[0], words, ", ".join(one.at for one in some)))
    return rows


def _looks(found: Sequence[queries.Fault]) -> dict[tuple[int, str, str], list[queries.Fault]]:
    grouped: dict[tuple[int, str, str], list[queries.Fault]] = {}
    for one in found:
        if one.look:
            grouped.setdefault((one.workbook, one.tab, " ".join(sentences(one.refused))), []).append(one)
    return grouped


def _has_looks(upload: Upload) -> bool:
    return Answer.objects.filter(workbook__upload=upload).exclude(looks=[]).exists()


@signed_in
@require_POST
def take(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Write what the page showed, with the conflicts as they were decided."""
    found = _upload(request, upload_id)
    chosen = {
        key.removeprefix("chon-"): value for key, value in request.POST.items() if re.fullmatch(r"chon-\d+-\d+", key)
    }
    try:
        done = actions.ask_to_write(
            by=request.actor,
            at=request.now,
            on=request.today,
            upload_id=found.pk,
            mine=[key for key, value in chosen.items() if value == "cua-toi"],
            theirs=[key for key, value in chosen.items() if value == "da-co"],
            good_cells=request.POST.get("o-dung") == "1",
            source=request.POST.get("nguon", ""),
        )
    except Refused as refused:
        _tell(request, refused)
        return redirect("workbooks:upload", upload_id)
    if done.state == State.TAKEN:
        written = queries.counts(done).written
        said = ngettext("%(n)s cell has been written.", "%(n)s cells have been written.", written) % {"n": written}
        if not done.choices["source"]:
            said += " " + _("The reports have not been handed in yet.")
        (messages.success if written else messages.warning)(request, said)
    return redirect("workbooks:upload", upload_id)


@signed_in
def marked(request: HttpRequest, upload_id: int) -> HttpResponse:
    """The person's own file with its faults marked; of a ZIP one of its files, or by POST all of them."""
    found = _upload(request, upload_id)
    try:
        if request.method == "POST":
            made = actions.ask_for_marked(by=request.actor, at=request.now, on=request.today, upload_id=found.pk)
            return redirect("workbooks:package-file" if made.kept else "workbooks:package", made.pk)
        one = _workbook(found, request.GET.get("so", ""))
        stem = one.name.rpartition("/")[2].rpartition(".")[0] or "tep"
        return _download(f"{stem}-danh-dau-loi.xlsx", actions.marked(found, one), XLSX)
    except Refused as refused:
        _tell(request, refused)
        return redirect("workbooks:upload", upload_id)


def _workbook(upload: Upload, number: str) -> Workbook:
    wanted = queries.marked_workbooks(upload)
    if number:
        wanted = [one for one in wanted if str(one.pk) == number]
    if not wanted:
        raise refusals.NothingToMark()
    return wanted[0]


@signed_in
@require_GET
def faults(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Every fault of every file, as a table to send round."""
    found = _upload(request, upload_id)
    heads = [_("File"), _("Unit"), _("Page"), _("Cell"), _("Item"), _("Kind"), _("What is wrong")]
    rows = [
        [
            one.file,
            one.unit,
            one.tab,
            one.at,
            one.label,
            _("to look at") if one.look else _("fault"),
            " ".join(sentences(one.refused)),
        ]
        for one in queries.faults(found)
    ]
    table = sheets.Table(_("Faults of %(name)s") % {"name": found.name}, [found.name], heads, rows)
    return _download(f"loi-{slug(found.name)[:60]}.xlsx", sheets.xlsx(table), XLSX)


# What pages share


def _upload(request: HttpRequest, upload_id: int) -> Upload:
    try:
        return queries.upload_for(request.actor, upload_id)
    except Upload.DoesNotExist as missing:
        raise Http404 from missing


def _package(request: HttpRequest, package_id: int) -> Package:
    try:
        return queries.package_for(request.actor, package_id)
    except Package.DoesNotExist as missing:
        raise Http404 from missing


def _round(request: HttpRequest, round_id: int) -> Round:
    try:
        return queries.round_for(request.actor, round_id, request.today)
    except Round.DoesNotExist as missing:
        raise Http404 from missing


def _job(request: HttpRequest, number: int | None) -> dict[str, object]:
    """The job and what its part of the page needs; nothing where there is none."""
    if number is None:
        return {"job": None}
    try:
        found = jobs.job_for(request.actor, number)
    except Job.DoesNotExist:
        return {"job": None}
    return {"job": found, "ahead": jobs.ahead(found), "worker_lives": jobs.worker_lives(timezone.now())}


def _tell(request: HttpRequest, refused: Refused) -> None:
    for line in sentences(refused):
        messages.error(request, line)


def _download(name: str, content: bytes, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
