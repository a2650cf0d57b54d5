"""Pages of checks: the plan of a year, checks at the own unit, open findings; the plan as XLSX and DOCX."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.documents.serving import download
from giaoban.files import docx, sheets
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to
from giaoban.ui.parts import Tab
from giaoban.work import check_papers, check_rules
from giaoban.work.actions import checks as actions
from giaoban.work.forms_checks import AnswerForm, IssueForm
from giaoban.work.models import CheckJoin, CheckPlan
from giaoban.work.queries import checks as queries
from giaoban.work.queries import names as names_of
from giaoban.work.queries.speaking import home_first
from giaoban.work.views.checks.rows import LOOKS, finding_rows, line_rows, target_rows

PAGE = 40
MEETINGS = 30  # overlaps listed above a plan; each line says its own


@signed_in
@require_safe
def checks(request: HttpRequest) -> HttpResponse:
    """One of three lists: the plan of a unit, checks at the actor's units, findings still open."""
    which = request.GET.get("xem", "")
    if which not in ("ke-hoach", "don-vi", "ton-tai"):
        which = "ke-hoach" if people.may_anywhere(request.actor, "check.plan", request.today) else "don-vi"
    lists = {"ke-hoach": _plan, "don-vi": _checked, "ton-tai": _open_findings}
    return lists[which](request)


def _tabs(request: HttpRequest, which: str) -> list[Tab]:
    address = reverse("work:checks")
    waiting = queries.open_findings(request.actor, request.today).count()
    tabs = [
        Tab(_("Checks at the units"), f"{address}?xem=don-vi", which == "don-vi"),
        Tab(_("Open findings"), f"{address}?xem=ton-tai", which == "ton-tai", waiting),
    ]
    plans = people.may_anywhere(request.actor, "check.plan", request.today) or which == "ke-hoach"
    return [Tab(_("Plan of checks"), f"{address}?xem=ke-hoach", which == "ke-hoach"), *tabs] if plans else tabs


def _plan(request: HttpRequest) -> HttpResponse:
    unit, year = asked(request)
    return render(request, "work/check/plan.html", plan_context(request, unit, year))


def plan_context(request: HttpRequest, unit: int, year: int, **forms: Any) -> dict[str, Any]:
    actor, on = request.actor, request.today
    found = queries.plan(actor, unit, year, on)
    lines = queries.lines(found) if found else []
    rows = line_rows(lines, on)
    verbs = people.verbs_at(actor, ["check.plan", "check.approve"], unit, on)
    seen = CheckPlan.objects.filter(year=year, unit__in=people.units_where(actor, "check.view", on))
    units = dict.fromkeys([unit, *people.acts_for(actor, "check.view", on), *seen.values_list("unit_id", flat=True)])
    names = names_of(units, on)
    meetings = [(row, each) for row in rows for each in row.meets]
    draft, approved = CheckPlan.State.DRAFT, CheckPlan.State.APPROVED
    return {
        "plan": found,
        "rows": rows,
        "meetings": meetings[:MEETINGS],
        "more_meetings": max(len(meetings) - MEETINGS, 0),
        "rule": check_rules.overlap(date(year, 1, 1)),
        "unit_id": unit,
        "unit_name": names.get(unit, ""),
        "units": [(each, names.get(each, "")) for each in list(units)[:60]],
        "year": year,
        "tabs": _tabs(request, "ke-hoach"),
        "look": LOOKS[found.state] if found else ("", ""),
        "may_plan": "check.plan" in verbs,
        "may_approve": "check.approve" in verbs and found is not None and found.state == draft and bool(lines),
        "may_issue": "check.plan" in verbs and found is not None and found.state == approved,
        "issue_form": IssueForm(initial={"issued_on": on}),
        "offers": _offers(unit, on) if "check.plan" in verbs else [],
        **forms,
    }


def _offers(unit: int, on: date) -> list[tuple[CheckJoin, str, str]]:
    found = queries.open_offers(unit)
    wanted = [each.target.unit_id for each in found] + [each.target.planned.plan.unit_id for each in found]
    names = names_of(wanted, on)
    return [
        (each, names.get(each.target.planned.plan.unit_id, ""), names.get(each.target.unit_id, "")) for each in found
    ]


def _checked(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.checked(request.actor, request.today), PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "rows": target_rows(list(page), request.actor, request.today),
        "tabs": _tabs(request, "don-vi"),
    }
    return render(request, "work/check/checked.html", context)


def _open_findings(request: HttpRequest) -> HttpResponse:
    found = queries.open_findings(request.actor, request.today)
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    rows = finding_rows(list(page), request.today)
    return render(request, "work/check/open.html", {"page": page, "rows": rows, "tabs": _tabs(request, "ton-tai")})


@signed_in
@require_POST
def act(request: HttpRequest, plan_id: int, verb: str) -> HttpResponse:
    """Approve or issue the plan."""
    found = _find(request, plan_id)
    if verb not in ("duyet", "ban-hanh"):
        raise Http404
    form = IssueForm(request.POST) if verb == "ban-hanh" else AnswerForm(request.POST)
    if form.is_valid():
        try:
            if verb == "duyet":
                actions.approve_plan(by=request.actor, at=request.now, plan=found)
            else:
                actions.issue_plan(by=request.actor, at=request.now, plan=found, **form.cleaned_data)
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect(address(found.unit_id, found.year))
    context = plan_context(request, found.unit_id, found.year, issue_form=form)
    return render(request, "work/check/plan.html", context, status=422)


@signed_in
@require_POST
def answer(request: HttpRequest, join_id: int) -> HttpResponse:
    """Another unit's team is taken along, or not."""
    try:
        found = queries.offer(request.actor, join_id, request.today)
    except CheckJoin.DoesNotExist:
        raise Http404 from None
    plan = found.other.planned.plan
    form = AnswerForm(request.POST)
    if form.is_valid():
        accepted = request.POST.get("decision") == "yes"
        try:
            actions.answer_join(by=request.actor, at=request.now, join=found, accepted=accepted, **form.cleaned_data)
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect(found.other.planned)
    context = plan_context(request, plan.unit_id, plan.year, offer_form=form)
    return render(request, "work/check/plan.html", context, status=422)


@signed_in
@require_safe
def workbook(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The plan as a workbook, with the state of each line."""
    found = _find(request, plan_id)
    content = sheets.xlsx(check_papers.table(found, line_rows(queries.lines(found), request.today), request.today))
    return download(f"ke-hoach-kiem-tra-{found.year}.xlsx", content)


@signed_in
@require_safe
def findings_workbook(request: HttpRequest) -> HttpResponse:
    """Findings still open as a workbook."""
    rows = finding_rows(list(queries.open_findings(request.actor, request.today)), request.today)
    return download("ton-tai-chua-xong.xlsx", sheets.xlsx(check_papers.findings_table(rows, request.today)))


@signed_in
@require_safe
def annex(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The plan with its annex as a document to be signed."""
    found = _find(request, plan_id)
    made = check_papers.plan_document(found, line_rows(queries.lines(found), request.today), request.today)
    return download(f"ke-hoach-kiem-tra-{found.year}.docx", docx.write(made))


def _find(request: HttpRequest, plan_id: int) -> CheckPlan:
    found = CheckPlan.objects.select_related("document").filter(pk=plan_id).first()
    if found is None or not people.may(request.actor, "check.view", found.unit_id, request.today):
        raise Http404
    return found


def asked(request: HttpRequest) -> tuple[int, int]:
    """The unit and year of the address; else the actor's unit and this year."""
    given = request.POST if request.method == "POST" else request.GET
    actor, on = request.actor, request.today
    text = given.get("unit", "")
    own = people.acts_for(actor, "check.plan", on) or people.acts_for(actor, "check.view", on)
    if text.isascii() and text.isdecimal() and len(text) < 19 and people.may(actor, "check.view", int(text), on):
        unit = int(text)
    elif own:
        unit = home_first(actor, own, on)[0]
    else:
        raise NotAllowed()
    year = given.get("nam", "")
    good = year.isascii() and year.isdecimal() and 2000 <= int(year[:4]) <= 2100 and len(year) == 4
    return unit, int(year) if good else on.year


def address(unit: int, year: int) -> str:
    return f"{reverse('work:checks')}?xem=ke-hoach&unit={unit}&nam={year}"


def offices(unit: int, on: date) -> list[tuple[int, str]]:
    """The unit, and its offices (phòng) one of which may conduct a check."""
    below = [row.unit_id for row in orgs.children(unit, orgs.MANAGEMENT, on) if row.kind.family == "office"]
    names = names_of([unit, *below], on)
    return [(each, names.get(each, "")) for each in [unit, *below]]
