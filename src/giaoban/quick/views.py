"""The pages of quick rounds: open one, answer on a phone, watch it come in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from giaoban.core.refusal import Refused
from giaoban.core.text import fold, slug
from giaoban.files import sheets
from giaoban.files.sheets import Table
from giaoban.indicators import queries as figures
from giaoban.indicators.models import Report
from giaoban.indicators.queries import holding
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import Snapshot
from giaoban.people.guards import public, signed_in
from giaoban.people.refusals import add_to, sentences
from giaoban.quick import actions, forms, queries
from giaoban.quick.models import QuickRound
from giaoban.quick.queries import Live
from giaoban.quick.shipped import templates
from giaoban.ui.maps import Classes, Place, PointMap

PAGE = 20
FOUND = 12
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """What waits for my answer first; then the quick rounds I opened or follow."""
    found = Paginator(queries.quicks(request.actor, request.today), PAGE).get_page(request.GET.get("trang"))
    rows = [(one, queries.is_open(one, request.now), *_counts(one)) for one in found]
    context = {
        "waiting": queries.to_answer(request.actor, request.today, request.now),
        "rows": rows,
        "page": found,
        "may_open": bool(queries.openers(request.actor, request.today)),
        "templates": templates().values(),
    }
    return render(request, "quick/home.html", context)


def _counts(quick: QuickRound) -> tuple[int, int]:
    asked = Report.objects.filter(round=quick.round_id) | Report.objects.filter(joinings__round=quick.round_id)
    return asked.exclude(first_submitted_at=None).distinct().count(), asked.distinct().count()


# Open


@signed_in
def start(request: HttpRequest) -> HttpResponse:
    """One page. "Look first" shows whom it would ask and who already holds the numbers; nothing is sent by it."""
    openers = queries.openers(request.actor, request.today)
    if not openers:
        raise Http404
    form = _form(request, openers)
    preview = None
    if request.method == "POST" and form.is_valid():
        try:
            units = _units(form, request.today)
            if request.POST.get("action") == "open":
                return _open(request, form, units)
            preview = _preview(form, units, request.today)
        except Refused as refused:
            add_to(form, refused)
    return render(request, "quick/open.html", _start_context(request, form, preview))


def _form(request: HttpRequest, openers: Sequence[int]) -> forms.OpenForm:
    data = request.POST if request.method == "POST" else None
    given = (data or request.GET).get("opener") or ""
    opener = int(given) if given.isdecimal() and int(given) in openers else openers[0]
    names = orgs.names(openers, request.today)
    below = list(queries.below(opener, request.today))
    kinds = {row.kind_id: row.kind for row in below if row.kind.family in ("school", "area", "centre")}
    clusters = holding.clusters_of([row.unit_id for row in below], request.today)
    template = templates().get(request.GET.get("mau", ""))
    initial: dict[str, object] = {"opener": opener, "hours": 4}
    initial["kinds"] = [code for code, kind in kinds.items() if kind.family == "school"]
    if template:
        initial |= {"title": template.title, "hours": template.hours} | forms.as_initial(template.questions)
    return forms.OpenForm(
        data,
        initial=initial,
        openers=[(unit, names[unit]) for unit in openers],
        kinds=[(kind.code, kind.name) for kind in sorted(kinds.values(), key=lambda one: one.order)],
        areas=queries.communes_below(opener, request.today),
        groups=[(one.unit, f"{one.name} ({one.units})") for one in clusters],
    )


def _units(form: forms.OpenForm, on: date) -> list[int]:
    data = form.cleaned_data
    return queries.chosen_units(
        data["opener"], on, kinds=data["kinds"], inside=[*data["areas"], *data["groups"]], names=form.named()
    )


def _preview(form: forms.OpenForm, units: list[int], on: date) -> dict[str, object]:
    names = orgs.names(units[:200], on)
    return {
        "units": len(units),
        "some": sorted(names.values())[:12],
        "holders": queries.who_holds(form.questions(), units, on),
    }


def _open(request: HttpRequest, form: forms.OpenForm, units: list[int]) -> HttpResponse:
    data = form.cleaned_data
    made = actions.open_quick(
        by=request.actor,
        at=request.now,
        on=request.today,
        opener_id=data["opener"],
        title=data["title"],
        questions=form.questions(),
        unit_ids=units,
        hours=data["hours"],
        note=data["note"],
        by_link=data["by_link"],
        repeat_until=data["repeat_until"],
        template=request.GET.get("mau", "")[:40],
    )
    return redirect("quick:live", made.pk)


def _start_context(request: HttpRequest, form: forms.OpenForm, preview: dict[str, object] | None) -> dict[str, object]:
    opener = form.data.get("opener") or form.initial["opener"]
    areas = queries.communes_below(int(opener), request.today)
    chosen = {str(one) for one in form.data.getlist("areas")} if form.is_bound else set()
    found = figures.elements(request.GET.get("tim", ""))[:FOUND] if request.GET.get("tim") else []
    return {
        "form": form,
        "preview": preview,
        "templates": templates().values(),
        "current": request.GET.get("mau", ""),
        "areas": [(row.unit_id, row.name, str(row.unit_id) in chosen) for row in areas],
        "map": _map_of(_("Communes that may be asked"), [(row, None, "") for row in areas]) if areas else None,
        "search": request.GET.get("tim", ""),
        "found": found,
    }


def _map_of(title: str, rows: Sequence[tuple[Snapshot, Decimal | None, str]]) -> PointMap | None:
    places = []
    for row, value, text in rows:
        spot = queries.spot(row)
        if spot is not None:
            places.append(Place(row.name, *spot, label=row.name.split(" ", 1)[-1], value=value, text=text))
    if not places:
        return None
    return PointMap(title, places, Classes([one.value for one in places if one.value is not None]))


# Answer


@signed_in
def answer(request: HttpRequest, report_id: int) -> HttpResponse:
    """One screen on a phone. Whoever types for the unit answers; it counts at once."""
    try:
        quick, report = queries.report_for(request.actor, report_id, request.today)
    except Report.DoesNotExist:
        raise Http404 from None
    faults: list[str] = []
    if request.method == "POST":
        values = forms.answers(list(quick.questions.all()), request.POST)
        try:
            actions.answer(by=request.actor, at=request.now, on=request.today, report_id=report.pk, values=values)
        except Refused as refused:
            faults = sentences(refused)
        else:
            return redirect(reverse("quick:answer", args=[report.pk]) + "?xong=1")
    context = _answer_context(request, quick, report, faults)
    context["may"] = context["open"] and queries.may_answer(request.actor, report, request.today)
    return render(request, "quick/answer.html", context, status=409 if faults else 200)


@public
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same through a unit's link, without signing in: it shows the questions and the unit's own answer."""
    try:
        quick, report = queries.by_token(token, request.now)
    except Refused as refused:
        return render(request, "quick/link_over.html", {"sentence": sentences(refused)[0]}, status=404)
    faults: list[str] = []
    if request.method == "POST":
        values = forms.answers(list(quick.questions.all()), request.POST)
        try:
            actions.answer_by_link(
                at=request.now, on=request.today, token=token, name=request.POST.get("name", ""), values=values
            )
        except Refused as refused:
            faults = sentences(refused)
        else:
            return redirect(reverse("quick:link", args=[token]) + "?xong=1")
    context = _answer_context(request, quick, report, faults) | {"may": True, "by_link": True}
    context["name"] = request.POST.get("name", "")
    response = render(request, "quick/answer_link.html", context, status=409 if faults else 200)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "no-store"
    return response


def _answer_context(request: HttpRequest, quick: QuickRound, report: Report, faults: list[str]) -> dict[str, object]:
    said = queries.said(quick, report)
    given = forms.answers([one.question for one in said], request.POST) if request.method == "POST" else {}
    rows = [(one.question, given.get(one.question.cell_id, one.text), one) for one in said]
    return {
        "quick": quick,
        "report": report,
        "unit": orgs.name(report.unit_id, request.today),
        "asked_by": orgs.name(quick.round.opener_id, request.today),
        "rows": rows,
        "faults": faults,
        "open": queries.is_open(quick, request.now),
        "answered": any(one.answered for one in said),
        "done": bool(request.GET.get("xong")) and not faults,
    }


# Watch


@require_safe
@signed_in
def live(request: HttpRequest, quick_id: int) -> HttpResponse:
    quick = _quick(request, quick_id)
    return render(request, "quick/live.html", _live_context(request, quick))


@require_safe
@signed_in
def part(request: HttpRequest, quick_id: int) -> HttpResponse:
    """The counting part, fetched again every few seconds while it is open."""
    quick = _quick(request, quick_id)
    return render(request, "quick/parts/live.html", _live_context(request, quick))


def _live_context(request: HttpRequest, quick: QuickRound) -> dict[str, object]:
    found = queries.live(quick, request.today)
    runs = queries.runs_it(request.actor, quick, request.today)
    running = queries.is_open(quick, request.now)
    return {
        "quick": quick,
        "live": found,
        "open": running,
        "runs": runs,
        "asked_by": orgs.name(quick.round.opener_id, request.today),
        "map": _live_map(quick, found, request.today),
        "group_text": group_text(request, quick, found) if runs and running else "",
        "links": _links(request, found) if runs and running and quick.by_link else [],
    }


def _live_map(quick: QuickRound, found: Live, on: date) -> PointMap | None:
    """The first question on the map; a commune nobody answered for is hollow, one with nought is not."""
    if len(found.areas) < 3:
        return None
    snapshots = orgs.snapshots([one.unit_id for one in found.areas if one.unit_id], on)
    rows = [
        (snapshots[one.unit_id], None if one.totals[0] is None else Decimal(one.totals[0]), str(one.totals[0] or 0))
        for one in found.areas
        if one.unit_id in snapshots and one.totals
    ]
    return _map_of(found.totals[0].question.text, rows)


def group_text(request: HttpRequest, quick: QuickRound, found: Live) -> str:
    """What is pasted into the chat group: the question, the link, and who is missing."""
    due = f"{localtime(quick.closes_at):%H:%M %d/%m/%Y}"
    link = request.build_absolute_uri(reverse("quick:home"))
    lines = [_("%(title)s – please answer by %(due)s: %(link)s") % {"title": quick.title, "due": due, "link": link}]
    if quick.note:
        lines.append(quick.note)
    waiting = found.waiting
    if waiting and found.answered:
        lines.append(_("Not answered yet (%(n)s units):") % {"n": len(waiting)})
        lines += [f"{n}. {row.name}" for n, row in enumerate(waiting[:60], start=1)]
    return "\n".join(lines)


def _links(request: HttpRequest, found: Live) -> list[tuple[str, str]]:
    return [
        (row.name, request.build_absolute_uri(reverse("quick:link", args=[queries.token(row.report)])))
        for row in found.rows
        if not row.joined
    ]


@require_POST
@signed_in
def remind(request: HttpRequest, quick_id: int) -> HttpResponse:
    quick = _quick(request, quick_id)
    try:
        number = actions.remind(by=request.actor, at=request.now, on=request.today, quick_id=quick.pk)
        messages.success(request, _("%(n)s units were reminded.") % {"n": number})
    except Refused as refused:
        messages.error(request, sentences(refused)[0])
    return redirect("quick:live", quick.pk)


@require_POST
@signed_in
def close(request: HttpRequest, quick_id: int) -> HttpResponse:
    quick = _quick(request, quick_id)
    try:
        actions.close(by=request.actor, at=request.now, on=request.today, quick_id=quick.pk)
    except Refused as refused:
        messages.error(request, sentences(refused)[0])
    return redirect("quick:live", quick.pk)


@require_safe
@signed_in
def export(request: HttpRequest, quick_id: int, form: str) -> HttpResponseBase:
    """Everything that came in, a row a unit: nought is 0, not answered is empty."""
    quick = _quick(request, quick_id)
    if form not in ("csv", "xlsx"):
        raise Http404
    made = table(quick, queries.live(quick, request.today))
    name = f"hoi-nhanh-{quick.pk}-{slug(fold(quick.title))[:40]}.{form}"
    response: HttpResponseBase = (
        StreamingHttpResponse(sheets.csv_lines(made), content_type="text/csv; charset=utf-8")
        if form == "csv"
        else HttpResponse(sheets.xlsx(made), content_type=XLSX)
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def table(quick: QuickRound, found: Live) -> Table:
    questions = [one.question for one in found.totals]
    heads = [
        _("Unit"), _("Commune"), *(f"{one.text} ({_('yes/no') if one.yes_no else one.unit})" for one in questions),
        _("State"), _("Through the link"),
    ]  # fmt: skip
    rows = [
        [
            row.name, row.area, *(_cell_of(one.question.yes_no, one.value) for one in row.said),
            _("Answered") if row.answered else _("Not answered"), row.link_name,
        ]
        for row in found.rows
    ]  # fmt: skip
    due = _("answered %(a)s of %(n)s") % {"a": found.answered, "n": found.asked}
    return Table(quick.title[:31], [quick.title, due], heads, rows)


def _cell_of(yes_no: bool, value: int | None) -> str | int | None:
    if value is None or not yes_no:
        return value
    return _("yes") if value else _("no")


def _quick(request: HttpRequest, quick_id: int) -> QuickRound:
    try:
        return queries.quick_for(request.actor, quick_id, request.today)
    except QuickRound.DoesNotExist:
        raise Http404 from None
