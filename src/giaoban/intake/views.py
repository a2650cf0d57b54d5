"""Pages of taking tables in: upload, point, say what labels and names mean, try, load, take back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.files import grids, sheets
from giaoban.files.grids import Grid
from giaoban.indicators import queries as indicators
from giaoban.indicators.models import Series
from giaoban.intake import actions, forms, proposing, queries, targets, trying, wording
from giaoban.intake import shape as shapes
from giaoban.intake import spec as specs
from giaoban.intake.models import Intake, Layout, State, Target
from giaoban.intake.reading import Reader, address
from giaoban.intake.spec import Spec
from giaoban.jobs import queries as jobs
from giaoban.orgs import queries as orgs
from giaoban.people.guards import signed_in
from giaoban.people.refusals import sentences
from giaoban.ui.parts import Tab

PAGE = 30
TOP, BOTTOM, MOST_COLUMNS = 40, 12, 60
FILE_LIMIT = grids.LIMITS.bytes


# The list, and a new file


@signed_in
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Tables taken in, and the door for a new one."""
    _require(request)
    page = Paginator(queries.intakes(request.actor, request.today), PAGE).get_page(request.GET.get("trang"))
    context = {"page": page, "rows": list(page), "series": list(_series()), "tabs": _room_tabs("list")}
    return render(request, "intake/list.html", context)


@signed_in
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Take a file and show how we would read it."""
    _require(request)
    sent = request.FILES.get("file")
    if sent is None:
        messages.error(request, _("Choose a file first."))
        return redirect("intake:list")
    try:
        if sent.size > FILE_LIMIT:
            raise grids.opening.TooLarge(name=sent.name, most=FILE_LIMIT // grids.opening.MEGABYTE)
        made = actions.begin(
            by=request.actor, at=request.now, name=sent.name, content=sent.read(), series=request.POST.get("series", "")
        )
    except Refused as refused:
        _say(request, refused)
        return redirect("intake:list")
    if made.layout_id:
        messages.info(request, _("This table is read as “%(layout)s” was.") % {"layout": made.layout})
        return redirect("intake:meaning", made.pk)
    return redirect("intake:shape", made.pk)


@signed_in
@require_GET
def page(request: HttpRequest, intake_id: int) -> HttpResponse:
    """Where the table stands: a draft goes on where it was left, a load shows what it wrote."""
    found = _find(request, intake_id)
    if found.state == State.DRAFT:
        return redirect("intake:trial" if found.tried else "intake:shape", found.pk)
    return render(request, "intake/loaded.html", {"intake": found, "odd": _odd(found.tried)})


# Pointing


@dataclass(frozen=True)
class Line:
    """A row of the grid as the page shows it."""

    row: int
    number: int
    guessed: str
    chosen: str
    cells: list[tuple[str, str]]  # text and class


@signed_in
def shape(request: HttpRequest, intake_id: int) -> HttpResponse:
    """The grid with our guess; every column and row may be given another meaning."""
    found = _find(request, intake_id)
    if found.state != State.DRAFT:
        return redirect("intake:intake", found.pk)
    grid = actions.grid_of(found)
    spec = Spec.from_json(found.spec)
    faults: list[str] = []
    if request.method == "POST":
        try:
            spec = forms.shaped(request.POST, spec, grid, request.today)
            _keep_pointed(request, found, spec, relabel=True)
        except Refused as refused:
            faults = sentences(refused)
        else:
            return redirect("intake:shape" if "again" in request.POST else "intake:meaning", found.pk)
    context = {
        "intake": found,
        "spec": spec,
        "tabs": _tabs(found, "shape"),
        "faults": faults,
        "columns": _columns(spec),
        "lines": _lines(request, found, spec, grid),
        "hidden_rows": max(len(grid.rows) - TOP - BOTTOM, 0),
        "head": _spoken(spec.head),
        "first": spec.first + 1,
        "last": spec.last + 1 if spec.last >= 0 else "",
        "unit": orgs.name(spec.unit_id, request.today) if spec.unit_id else "",
        "unit_value": f"id:{spec.unit_id}" if spec.unit_id else "",
        **_choices(),
    }
    return render(request, "intake/shape.html", context, status=422 if faults else 200)


def _columns(spec: Spec) -> list[dict[str, Any]]:
    return [
        {
            "place": place,
            "letter": address(0, place).rstrip("0123456789"),
            "label": column.label,
            "period": column.period,
            "said": column.said is not None,
            "role": column.role,
        }
        for place, column in enumerate(spec.columns[:MOST_COLUMNS])
    ]


def _lines(request: HttpRequest, found: Intake, spec: Spec, grid: Grid) -> list[Line | None]:
    """The rows of the beginning and the end; None where rows are left out in between."""
    last = spec.last if spec.last >= 0 else len(grid.rows) - 1
    finder = trying.finder_of(found, spec, request.today)
    reader = Reader(spec, finder, {}, keep=False)
    rows: list[int | None] = list(range(len(grid.rows)))
    if len(grid.rows) > TOP + BOTTOM + 5:
        rows = [*range(TOP), None, *range(len(grid.rows) - BOTTOM, len(grid.rows))]
    lines: list[Line | None] = []
    for number in rows:
        if number is None:
            lines.append(None)
            continue
        row = grid.rows[number]
        if number in spec.head:
            kind = "head"
        elif spec.first <= number <= last:
            kind = shapes.looks(row, spec, reader.values)
            name = reader.name
            if kind == specs.DATA and name is not None and name < len(row):
                match = finder.find(str(row[name]), on=reader.columns_day)
                kind = {"total": "total", "region": "total"}.get(match.kind, kind)
        else:
            kind = "note"
        shown = [(shapes.written(cell) or "", spec.columns[c].role) for c, cell in enumerate(row[:MOST_COLUMNS])]
        lines.append(Line(number, number + 1, kind, spec.rows.get(number, ""), shown))
    return lines


def _spoken(head: tuple[int, ...]) -> str:
    if not head:
        return "-"
    return str(head[0] + 1) if len(head) == 1 else f"{head[0] + 1}-{head[-1] + 1}"


@signed_in
@require_POST
def sheet(request: HttpRequest, intake_id: int) -> HttpResponse:
    """Another worksheet of the file."""
    found = _find(request, intake_id)
    _do(request, actions.choose_sheet, intake=found, sheet=request.POST.get("sheet", ""))
    return redirect("intake:shape", found.pk)


@signed_in
@require_POST
def again(request: HttpRequest, intake_id: int) -> HttpResponse:
    """Throw away what was pointed at, and guess anew."""
    found = _find(request, intake_id)
    _do(request, actions.guess_again, intake=found)
    return redirect("intake:shape", found.pk)


# Meanings


@signed_in
def meaning(request: HttpRequest, intake_id: int) -> HttpResponse:
    """What every label means, and where the figures go."""
    found = _find(request, intake_id)
    if found.state != State.DRAFT:
        return redirect("intake:intake", found.pk)
    spec = Spec.from_json(found.spec)
    infos = targets.infos()
    faults: list[str] = []
    if request.method == "POST":
        try:
            series = request.POST.get("series", "")
            said = forms.meant(request.POST, spec, infos, lambda name, rate: _define(request, name, series, rate))
            spec = spec.changed(targets=said)
            _keep_pointed(request, found, spec)
            if "again" not in request.POST:
                actions.try_out(by=request.actor, at=request.now, intake=_find(request, intake_id))
        except Refused as refused:
            faults = sentences(refused)
        else:
            return redirect("intake:meaning" if "again" in request.POST else "intake:trial", found.pk)
    grid = actions.grid_of(found)
    counted = proposing.labels(grid, spec, request.today)
    context = {
        "intake": found,
        "spec": spec,
        "tabs": _tabs(found, "meaning"),
        "faults": faults,
        "labels": _labels(spec, infos, counted),
        "cells": [forms.words_of(info) for info in _offered(infos, found)],
        "elements": sorted({info.element for info in infos.values()}),
        "series": list(_series()),
        "rounds": _rounds(request),
        **_choices(),
    }
    return render(request, "intake/meaning.html", context, status=422 if faults else 200)


def _define(request: HttpRequest, name: str, series: str, rate: bool) -> str:
    return actions.define_cell(
        by=request.actor, at=request.now, name=name, series=series, scale=2 if rate else 0, rate=rate
    )


def _labels(spec: Spec, infos: dict[str, targets.Info], counted: dict[str, int]) -> list[dict[str, Any]]:
    rows = []
    for place, label in enumerate(forms.ordered(spec)):
        one = spec.targets[label]
        info = infos.get(one.cell)
        rows.append(
            {
                "place": place,
                "label": label,
                "use": one.use,
                "cell": forms.words_of(info) if info else one.cell,
                "kind": one.kind or spec.kind,
                "factor": one.factor if one.factor != "1" else "",
                "times": counted.get(label, 0),
            }
        )
    return rows


def _offered(infos: dict[str, targets.Info], found: Intake) -> list[targets.Info]:
    """Cells of the series' own elements first."""
    own = f"{found.series_id}_" if found.series_id else ""
    return sorted(infos.values(), key=lambda info: (not (own and info.element.startswith(own)), info.element, info.id))


@signed_in
@require_POST
def new_series(request: HttpRequest, intake_id: int) -> HttpResponse:
    """Name a source nobody has named yet, and let this table belong to it."""
    found = _find(request, intake_id)
    code = request.POST.get("series_code", "").strip()
    if _do(request, actions.define_series, code=code, name=request.POST.get("series_name", "")):
        spec = Spec.from_json(found.spec)
        _do(request, actions.point, intake=found, spec=spec, target=Target.SERIES, series=code)
    return redirect("intake:meaning", found.pk)


def _keep_pointed(request: HttpRequest, found: Intake, spec: Spec, relabel: bool = False) -> None:
    target = request.POST.get("target", found.target)
    round_id = request.POST.get("round", str(found.round_id or ""))
    actions.point(
        by=request.actor,
        at=request.now,
        intake=found,
        spec=spec,
        target=target if target in Target.values else found.target,
        series=request.POST.get("series", found.series_id or ""),
        round_id=int(round_id) if round_id.isdecimal() and len(round_id) < 12 else None,
        relabel=relabel,
    )


# Try and load


@signed_in
def trial(request: HttpRequest, intake_id: int) -> HttpResponse:
    """The dry run: all faults, all questions, what would change, what stands out."""
    found = _find(request, intake_id)
    if request.method == "POST":
        _do(request, actions.try_out, intake=found)
        return redirect("intake:trial", found.pk)
    if found.state != State.DRAFT:
        return redirect("intake:intake", found.pk)
    tried = found.tried
    context: dict[str, Any] = {
        "intake": found,
        "tabs": _tabs(found, "trial"),
        "tried": tried,
        "before": queries.loaded_before(found),
    }
    if tried:
        context |= {
            "faults": [(where, wording.fault(kind, text, more)) for where, kind, text, more in tried["faults"]["rows"]],
            "fault_kinds": [(wording.FAULT_KINDS[kind], number) for kind, number in tried["faults"]["kinds"].items()],
            "outside": [(wording.OUTSIDE[kind], number) for kind, number in tried["outside"].items()],
            "odd": _odd(tried),
            "writes": tried["counts"]["new"] + tried["counts"]["changed"],
        }
    if found.job_id:
        context["job"] = jobs.visible(request.actor).filter(pk=found.job_id).first()
    return render(request, "intake/trial.html", context)


def _odd(tried: dict[str, Any]) -> list[dict[str, str]]:
    names = ("kind", "address", "unit", "cell", "period", "before", "against", "value", "cause")
    rows = [dict(zip(names, row, strict=True)) for row in tried.get("odd", {}).get("rows", [])]
    return [{**row, "why": wording.odd(row["kind"], row["cause"])} for row in rows]


@signed_in
@require_POST
def names(request: HttpRequest, intake_id: int) -> HttpResponse:
    """Answers about names; then the dry run is done again."""
    found = _find(request, intake_id)
    said: dict[str, str] = {}
    faults: list[str] = []
    for place, one in enumerate(found.tried.get("questions", [])):
        chosen = request.POST.get(f"name-{place}", "")
        other = request.POST.get(f"other-{place}", "").strip()
        try:
            if other:
                said[one["plain"]] = f"unit:{forms.unit(other, request.today)}"
            elif chosen:
                said[one["plain"]] = chosen
        except Refused as refused:
            faults += sentences(refused)
    for line in faults:
        messages.error(request, line)
    if said and _do(request, actions.answer, intake=found, names=said):
        _do(request, actions.try_out, intake=_find(request, intake_id))
    return redirect("intake:trial", found.pk)


@signed_in
@require_GET
def faults(request: HttpRequest, intake_id: int) -> HttpResponse:
    """All faults of the table, a line each: cell, what is wrong, what stands there."""
    found = _find(request, intake_id)
    try:
        made = trying.plan(found, request.today, judged=False)
    except Refused as refused:
        for line in sentences(refused):
            messages.error(request, line)
        return redirect("intake:intake", found.pk)
    table = sheets.Table(
        name=_("Faults"),
        above=[],
        heads=[_("Cell"), _("What is wrong"), _("What stands there")],
        rows=([one.address, wording.fault(one.kind, one.text, one.more), one.text] for one in made.reading.faults),
    )
    response = HttpResponse("".join(sheets.csv_lines(table)).encode(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="loi-{found.pk}.csv"'
    return response


@signed_in
@require_POST
def load(request: HttpRequest, intake_id: int) -> HttpResponse:
    """Ask the worker to load it."""
    found = _find(request, intake_id)
    name = request.POST.get("name", "").strip()
    if name:
        _do(request, actions.keep_layout, intake=found, name=name)
        found = _find(request, intake_id)
    _do(request, actions.ask_load, intake=found, leave_faults=bool(request.POST.get("leave_faults")))
    return redirect("intake:trial", found.pk)


@signed_in
@require_POST
def keep(request: HttpRequest, intake_id: int) -> HttpResponse:
    """Keep how this table is read."""
    found = _find(request, intake_id)
    if _do(request, actions.keep_layout, intake=found, name=request.POST.get("name", "")):
        messages.success(request, _("Kept. The next table with such a head is read in the same way."))
    return redirect("intake:intake", found.pk)


@signed_in
def withdraw(request: HttpRequest, intake_id: int) -> HttpResponse:
    """Ask why, then put back what stood before."""
    found = _find(request, intake_id)
    if found.state != State.LOADED:
        return redirect("intake:intake", found.pk)
    lines: list[str] = []
    if request.method == "POST":
        try:
            actions.withdraw(by=request.actor, at=request.now, intake=found, why=request.POST.get("why", ""))
        except Refused as refused:
            lines = sentences(refused)
        else:
            return redirect("intake:intake", found.pk)
    return render(request, "intake/withdraw.html", {"intake": found, "faults": lines}, status=422 if lines else 200)


@signed_in
@require_POST
def discard(request: HttpRequest, intake_id: int) -> HttpResponse:
    found = _find(request, intake_id)
    if not _do(request, actions.discard, intake=found):
        return redirect("intake:intake", found.pk)
    messages.info(request, _("The table was thrown away; nothing of it was loaded."))
    return redirect("intake:list")


# Layouts


@signed_in
@require_GET
def layouts(request: HttpRequest) -> HttpResponse:
    """How tables are read, by name."""
    _require(request)
    rows = list(queries.layouts(request.actor, request.today))
    return render(request, "intake/layouts.html", {"rows": rows, "tabs": _room_tabs("layouts")})


@signed_in
@require_GET
def layout(request: HttpRequest, layout_id: int) -> HttpResponse:
    """One layout: its columns and labels, its versions, the tables read by it."""
    found = _find_layout(request, layout_id)
    spec = Spec.from_json(found.spec)
    infos = targets.infos()
    context = {
        "layout": found,
        "spec": spec,
        "labels": _labels(spec, infos, {}),
        "columns": [{**one, "words": wording.ROLES[one["role"]]} for one in _columns(spec)],
        "versions": list(queries.versions(found)),
        "intakes": list(found.intakes.order_by("-pk")[:10]),
        "uses": wording.USES,
    }
    return render(request, "intake/layout.html", context)


@signed_in
@require_POST
def retire(request: HttpRequest, layout_id: int) -> HttpResponse:
    found = _find_layout(request, layout_id)
    _do(request, actions.retire_layout, layout=found)
    return redirect("intake:layouts")


# How


def _require(request: HttpRequest) -> None:
    if not queries.may_load(request.actor, request.today):
        raise NotAllowed()


def _find(request: HttpRequest, intake_id: int) -> Intake:
    try:
        return queries.intake(request.actor, intake_id, request.today)
    except Intake.DoesNotExist:
        raise Http404 from None


def _find_layout(request: HttpRequest, layout_id: int) -> Layout:
    try:
        return queries.layout(request.actor, layout_id, request.today)
    except Layout.DoesNotExist:
        raise Http404 from None


def _series() -> Any:
    return Series.objects.exclude(pk="report").order_by("name")


def _rounds(request: HttpRequest) -> list[Any]:
    return [one for one in indicators.rounds_for(request.actor, request.today) if one.locked_at is None][:100]


def _choices() -> dict[str, Any]:
    return {
        "roles": wording.ROLES,
        "kinds_of_line": wording.LINES,
        "uses": wording.USES,
        "levels": wording.LEVELS,
        "styles": wording.STYLES,
        "dashes": wording.DASHES,
        "kinds": wording.KINDS,
    }


def _tabs(found: Intake, current: str) -> list[Tab]:
    steps = [("shape", _("Point at the table")), ("meaning", _("What it means")), ("trial", _("Dry run"))]
    return [Tab(words, reverse(f"intake:{step}", args=[found.pk]), step == current) for step, words in steps]


def _room_tabs(current: str) -> list[Tab]:
    return [
        Tab(_("Tables taken in"), reverse("intake:list"), current == "list"),
        Tab(_("Layouts"), reverse("intake:layouts"), current == "layouts"),
    ]


def _do(request: HttpRequest, verb: Any, **arguments: Any) -> bool:
    """Do the verb; a refusal is shown above the next page."""
    try:
        verb(by=request.actor, at=request.now, **arguments)
    except Refused as refused:
        _say(request, refused)
        return False
    return True


def _say(request: HttpRequest, refused: Refused) -> None:
    for line in sentences(refused):
        messages.error(request, line)
