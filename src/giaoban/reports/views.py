"""Pages of reports: what can be written, the paper on the screen, own words, the letterhead, the file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from giaoban.core import period as periods
from giaoban.core.refusal import Refused
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to, sentences
from giaoban.reports import actions, kinds, printed, queries
from giaoban.reports.form import Form
from giaoban.reports.forms import AddressForm, MeetingReportForm, PeriodReportForm, WordsForm
from giaoban.reports.models import Report, State
from giaoban.reports.queries import Choice
from giaoban.work import queries as work
from giaoban.work.models import Meeting

PAGE = 20
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What I can write, what is being written, what was issued."""
    found = queries.reports_for(request.actor, request.today)
    page = Paginator(found.filter(state=State.ISSUED), PAGE).get_page(request.GET.get("trang"))
    drafts = list(found.filter(state=State.DRAFT)[:PAGE])
    context = {
        "may_write": people.may_anywhere(request.actor, "report.write", request.today),
        "starts": _starts(request),
        "drafts": [_line(one, request) for one in drafts],
        "page": page,
        "issued": [_line(one, request) for one in page],
    }
    return render(request, "reports/home.html", context)


def _starts(request: HttpRequest) -> list[tuple[Form, PeriodReportForm | MeetingReportForm | None]]:
    """Each form with what it needs to begin; None where there is nothing it could be about."""
    units, meetings = queries.units_to_report(request.actor, request.today), _meetings(request)
    return [
        (
            kind,
            (_meeting_form(meetings) if meetings else None) if kind.of_meeting else _period_form(request, kind, units),
        )
        for kind in kinds.FORMS.values()
    ]


def _period_form(request: HttpRequest, kind: Form, units: list[Choice]) -> PeriodReportForm | None:
    if not units:
        return None
    choices = queries.periods_to_report(request.today, kind.periods)
    return PeriodReportForm(request.POST or None, units=units, periods=choices)


def _meeting_form(meetings: list[Choice], data: Any = None) -> MeetingReportForm:
    return MeetingReportForm(data, meetings=meetings)


def _meetings(request: HttpRequest) -> list[Choice]:
    found = queries.meetings_to_notify(request.actor, request.today)
    return [Choice(str(one.pk), f"{one.title} ({one.starts_at:%d/%m/%Y})") for one in found]


def _line(found: Report, request: HttpRequest) -> dict[str, Any]:
    about = found.meeting.title if found.meeting else _period_label(found)
    return {
        "report": found,
        "label": kinds.form(found.form).label,
        "unit": orgs.body_name(found.unit_id, request.today),
        "about": about,
    }


def _period_label(found: Report) -> str:
    return periods.parse(found.period_code).label


@signed_in
@require_POST
def begin(request: HttpRequest, form_code: str) -> HttpResponse:
    """Open the draft and go to its paper."""
    if form_code not in kinds.FORMS:
        raise Http404
    kind = kinds.form(form_code)
    try:
        report = actions.begin(by=request.actor, at=request.now, form_code=form_code, **_about(request, kind))
    except Refused as refused:
        for line in sentences(refused):
            messages.error(request, line)
        return redirect("reports:home")
    return redirect("reports:report", report_id=report.pk)


def _about(request: HttpRequest, kind: Form) -> dict[str, Any]:
    """The unit and period, or the meeting, that was chosen; the verb refuses when nothing was."""
    if kind.of_meeting:
        meetings = _meetings(request)
        form = _meeting_form(meetings, request.POST)
        return {"meeting": _meeting(request, int(form.cleaned_data["meeting"])) if form.is_valid() else None}
    units = queries.units_to_report(request.actor, request.today)
    choices = queries.periods_to_report(request.today, kind.periods)
    chosen = PeriodReportForm(request.POST, units=units, periods=choices)
    if not chosen.is_valid():
        return {}
    return {"unit_id": int(chosen.cleaned_data["unit"]), "period_code": chosen.cleaned_data["period"]}


def _meeting(request: HttpRequest, meeting_id: int) -> Meeting:
    try:
        return work.meeting_for(request.actor, meeting_id, request.today)
    except Meeting.DoesNotExist:
        raise Http404 from None


def _find(request: HttpRequest, report_id: int) -> Report:
    try:
        return queries.report(request.actor, report_id, request.today)
    except Report.DoesNotExist:
        raise Http404 from None


@signed_in
@require_GET
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    """The paper on the screen, with a place to write where the form has one."""
    found = _find(request, report_id)
    return _paper(request, found)


def _paper(request: HttpRequest, found: Report, form: WordsForm | None = None) -> HttpResponse:
    kind = kinds.form(found.form)
    writes = queries.may_write(request.actor, found, request.today)
    open_slot = request.GET.get("sua", "") if writes else ""
    if open_slot in kind.slots and form is None:
        form = WordsForm(initial={"text": found.words.get(open_slot, "")})
    context = {
        **_line(found, request),
        "document": queries.document(request.actor, found, request.today),
        "writes": writes,
        "slots": kind.slots,
        "open_slot": open_slot,
        "form": form,
        "missing": [] if found.number and found.issued_on else [_("number and day of issue")],
    }
    return render(request, "reports/report.html", context, status=422 if form is not None and form.errors else 200)


@signed_in
@require_POST
def words(request: HttpRequest, report_id: int, slot: str) -> HttpResponse:
    """Keep what was written into a slot."""
    found = _find(request, report_id)
    form = WordsForm(request.POST)
    if form.is_valid():
        try:
            text = form.cleaned_data["text"]
            actions.rewrite(by=request.actor, at=request.now, report=found, slot=slot, text=text)
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect(f"{_address(found)}#{slot}")
    return _paper(request, found, form)


def _address(found: Report) -> str:
    return reverse("reports:report", args=[found.pk])


@signed_in
def letterhead(request: HttpRequest, report_id: int) -> HttpResponse:
    """Number, day, place, who signs and who receives."""
    found = _find(request, report_id)
    kept = {name: getattr(found, name) for name in actions.ADDRESS}
    kept["issued_on"] = found.issued_on or request.today
    form = AddressForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        try:
            actions.address(by=request.actor, at=request.now, report=found, values=form.cleaned_data)
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect("reports:report", report_id=found.pk)
    context = {**_line(found, request), "form": form}
    return render(request, "reports/letterhead.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def issue(request: HttpRequest, report_id: int) -> HttpResponse:
    """Keep the report for good."""
    found = _find(request, report_id)
    try:
        issued = actions.issue(by=request.actor, at=request.now, report=found)
    except Refused as refused:
        for line in sentences(refused):
            messages.error(request, line)
        return redirect("reports:letterhead", report_id=found.pk)
    if issued.document_id is None:
        messages.info(request, _("Issued and kept here; your position does not enter documents in the register."))
    return redirect("reports:report", report_id=found.pk)


@signed_in
@require_GET
def download(request: HttpRequest, report_id: int) -> HttpResponse:
    """The DOCX file: an issued report as it was kept, a draft as it stands."""
    found = _find(request, report_id)
    written = actions.printed(request.actor, found, request.today)
    response = HttpResponse(written.content, content_type=DOCX)
    response["Content-Disposition"] = f'attachment; filename="{written.name}"'
    return response


@signed_in
@require_GET
def printed_rates(request: HttpRequest) -> HttpResponse:
    """Rates the statistics office printed without counts."""
    rates = printed.rates()
    code = request.GET.get("ty-le", rates[0].code if rates else "")
    context = {"rates": rates, "code": code, "table": printed.table(code)}
    return render(request, "reports/printed.html", context)
