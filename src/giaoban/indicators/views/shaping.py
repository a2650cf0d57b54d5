"""Editing the catalogue in the browser: each page asks one thing, says at the field what is wrong, loses nothing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from giaoban.core import formula as language
from giaoban.core.refusal import NotAllowed, Refused
from giaoban.core.text import fold
from giaoban.indicators import actions, texts
from giaoban.indicators.actions.catalogue import amount_of
from giaoban.indicators.forms_catalogue import (
    MEANING,
    DimensionForm,
    ElementForm,
    FileForm,
    FormulaForm,
    IndicatorForm,
    TryForm,
    publish,
)
from giaoban.indicators.models import Cell, Dimension, Element, Indicator
from giaoban.indicators.queries import catalogue as asking
from giaoban.indicators.queries import reading
from giaoban.indicators.queries import texts as published
from giaoban.indicators.views.catalogue import field_words, frame
from giaoban.indicators.views.frame import tell
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import TERRITORY
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to, sentences

MOST_NAMES = 30
MOST_OUTCOMES = 300


def require_change(request: HttpRequest, kind: str, code: str) -> None:
    """Who may not change it does not get to the form."""
    if not asking.may_change(request.actor, kind, code, request.today):
        raise NotAllowed()


def require_manage(request: HttpRequest) -> None:
    if not asking.may_manage(request.actor, request.today):
        raise NotAllowed()


# Elements


@signed_in
def element_new(request: HttpRequest) -> HttpResponse:
    require_manage(request)
    form = ElementForm(request.POST or None)
    made = publish(form, actions.define_element, by=request.actor, at=request.now) if form.is_bound else None
    if made is not None:
        return redirect("indicators:element", made.code)
    context = {"form": form, "heading": _("A new quantity"), "back": reverse("indicators:elements")}
    return _form_page(request, context | {"list": _("Quantities counted")})


@signed_in
def element_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Texts may always be corrected; what a figure means only before there is one, and the page says so."""
    found = get_object_or_404(Element.objects.prefetch_related("dimensions"), code=code)
    require_change(request, published.ELEMENT, code)
    fixed = asking.has_figures(code)
    form = ElementForm(request.POST or None, element=found, fixed=fixed)
    if form.is_bound and publish(form, actions.define_element, by=request.actor, at=request.now) is not None:
        return redirect("indicators:element", code)
    context = {"form": form, "heading": found.name, "back": reverse("indicators:element", args=[code])}
    context |= {"list": _("Quantities counted"), "fixed": fixed, "split": list(found.dimensions.all())}
    context["meaning"] = [form[name] for name in MEANING]
    return _form_page(request, context)


@signed_in
@require_POST
def element_turn(request: HttpRequest, code: str) -> HttpResponse:
    """Retire it, or bring it back."""
    found = get_object_or_404(Element, code=code)
    verb = actions.restore_element if found.retired else actions.retire_element
    _with_reason(request, verb, code)
    return redirect("indicators:element", code)


def _with_reason(request: HttpRequest, verb: Any, code: str) -> None:
    try:
        verb(by=request.actor, at=request.now, code=code, reason=request.POST.get("reason", "")[:500])
    except NotAllowed:
        raise
    except Refused as refused:
        tell(request, refused)


# Indicators


@signed_in
def indicator_new(request: HttpRequest) -> HttpResponse:
    require_manage(request)
    initial = {"start": request.today, "unit": "%"}
    form = IndicatorForm(request.POST or None, initial=initial)
    context = {"form": form, "heading": _("A new indicator"), "back": reverse("indicators:catalogue")}
    context |= {"list": _("Indicators")} | _trying(request, form)
    if form.is_bound and "try" not in request.POST:
        made = publish(form, actions.define_indicator, by=request.actor, at=request.now)
        if made is not None:
            return redirect("indicators:indicator", made.code)
    return _form_page(request, context)


@signed_in
def indicator_edit(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Indicator, code=code)
    require_change(request, published.INDICATOR, code)
    form = IndicatorForm(request.POST or None, indicator=found)
    if form.is_bound and publish(form, actions.define_indicator, by=request.actor, at=request.now) is not None:
        return redirect("indicators:indicator", code)
    context = {"form": form, "heading": found.name, "back": reverse("indicators:indicator", args=[code])}
    return _form_page(request, context | {"list": _("Indicators")})


@signed_in
@require_POST
def indicator_turn(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Indicator, code=code)
    verb = actions.restore_indicator if found.retired else actions.retire_indicator
    _with_reason(request, verb, code)
    return redirect("indicators:indicator", code)


@signed_in
def formula_new(request: HttpRequest, code: str) -> HttpResponse:
    """Another formula from a day on: tried on real figures before it is published."""
    found = get_object_or_404(Indicator, code=code)
    require_change(request, published.INDICATOR, code)
    current = asking.formula(code, request.today)
    initial = {"expression": current.expression if current else "", "start": request.today}
    form = FormulaForm(request.POST or None, initial=initial)
    context = {"form": form, "heading": _("Another formula"), "back": reverse("indicators:indicator", args=[code])}
    context |= {"list": found.name, "indicator": found, "current": current}
    context |= _trying(request, form, found)
    if current is not None and context.get("tried"):
        context["now"] = _tried(request, language.from_json(current.tree), context["try_form"], found)
    if form.is_bound and "try" not in request.POST and form.is_valid():
        try:
            actions.add_formula(by=request.actor, at=request.now, indicator=code, **form.cleaned_data)
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect("indicators:indicator", code)
    return _form_page(request, context)


def _trying(request: HttpRequest, form: Any, indicator: Indicator | None = None) -> dict[str, Any]:
    """What the formula says in words and, when asked, what it gives for a unit and a period."""
    form_of = TryForm(request.POST if request.POST.get("thu-unit") else None, initial=_place(request))
    found: dict[str, Any] = {"try_form": form_of}
    text = request.POST.get("expression", "")
    if not text.strip():
        return found
    try:
        tree = amount_of(text)
    except Refused as refused:
        if "try" in request.POST:
            form.add_error("expression", " ".join(sentences(refused)))
        return found
    found["said"] = reading.in_words(text)
    if "try" in request.POST:
        form.errors.clear()  # only the formula is looked at; the rest is asked when it is published
        found["tried"] = _tried(request, tree, form_of, indicator)
    return found


def _place(request: HttpRequest) -> dict[str, str]:
    """Where the actor's figures lie: the area the acting unit stands in, when nothing stands below itself."""
    unit = request.actor.unit_id
    if unit is None:
        return {}
    around = [*reversed(orgs.path(unit, TERRITORY, request.today))]
    area = next((row.unit_id for row in around if row.kind.family == "area"), unit)
    return {"unit": orgs.name(area, request.today)}


def _tried(request: HttpRequest, tree: Any, form: TryForm, indicator: Indicator | None) -> reading.Tried | None:
    if not form.is_valid():
        return None
    matches = orgs.resolve_name(form.cleaned_data["unit"], request.today, near=request.actor.unit_id)
    unit = next((match.unit_id for match in matches if match.unit_id is not None), None)
    if unit is None:
        form.add_error("unit", _("There is no such unit."))
        return None
    return reading.tried(
        request.actor,
        tree,
        unit_id=unit,
        period_code=form.cleaned_data["period"],
        on=request.today,
        unit=indicator.unit if indicator else request.POST.get("unit", "")[:60],
        places=indicator.places if indicator else 2,
    )


@signed_in
@require_GET
def names(request: HttpRequest) -> HttpResponse:
    """Names for a formula that fit what is being typed: cells and elements, by code or by words."""
    require_manage(request)
    text = request.GET.get("q", "")[:100]
    found = Cell.objects.filter(element__retired=False).select_related("element")
    for word in fold(text.replace("[", " ").replace("]", " ").replace("=", " ").replace("_", " ")).split():
        found = found.filter(Q(element__fold__contains=word) | Q(key__contains=word))
    elements = list(dict.fromkeys(cell.element for cell in found[:200]))
    rows = [(one.code, one.name) for one in elements[:MOST_NAMES]]
    rows += [(cell.key, cell.label) for cell in found[:MOST_NAMES] if "[" in cell.key]
    return render(request, "indicators/parts/names.html", {"rows": rows[:MOST_NAMES]})


@signed_in
@require_GET
def formula_read(request: HttpRequest) -> HttpResponse:
    """A formula in words while it is typed, or what is wrong with it."""
    require_manage(request)
    text = request.GET.get("q", "")[: language.LONGEST]
    context: dict[str, Any] = {}
    if text.strip():
        try:
            if request.GET.get("la") != "condition":
                amount_of(text)
            context["said"] = reading.reading(text)
        except Refused as refused:
            context["fault"] = " ".join(sentences(refused))
    return render(request, "indicators/parts/said.html", context)


# Dimensions


@signed_in
def dimension_new(request: HttpRequest) -> HttpResponse:
    require_manage(request)
    form = DimensionForm(request.POST or None)
    made = publish(form, actions.define_dimension, by=request.actor, at=request.now) if form.is_bound else None
    if made is not None:
        return redirect("indicators:dimension", made.code)
    context = {"form": form, "heading": _("A new dimension"), "back": reverse("indicators:dimensions")}
    return _form_page(request, context | {"list": _("Dimensions")})


@signed_in
def dimension_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Names may be corrected and members added; elements split by it then get the new cells."""
    found = get_object_or_404(Dimension, code=code)
    require_change(request, published.DIMENSION, code)
    form = DimensionForm(request.POST or None, dimension=found)
    if form.is_bound and publish(form, actions.define_dimension, by=request.actor, at=request.now) is not None:
        return redirect("indicators:dimension", code)
    context = {"form": form, "heading": found.name, "back": reverse("indicators:dimension", args=[code])}
    return _form_page(request, context | {"list": _("Dimensions"), "uses": found.elements.count()})


def _form_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    wrong = request.method == "POST" and bool(context["form"].errors)
    return render(request, "indicators/shaping.html", context, status=422 if wrong else 200)


# Sheets


@signed_in
@require_POST
def sheet_retire(request: HttpRequest, code: str) -> HttpResponse:
    if not asking.sheets(retired=True).filter(pk=code).exists():
        raise Http404
    _with_reason(request, actions.retire_sheet, code)
    return redirect("indicators:sheet", code)


# Text files


@signed_in
def files(request: HttpRequest) -> HttpResponse:
    """Download the catalogue as text, take a file in after a dry run that says what would become of each text."""
    require_manage(request)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    context: dict[str, Any] = {"form": form, "tables": [(kind, _table_words()[kind]) for kind in texts.COLUMNS]}
    if request.method == "POST":
        _take_file(request, form, context)
        if context.get("stored"):
            messages.info(request, _("The file has been taken in."))
            return redirect("indicators:files")
    wrong = request.method == "POST" and bool(form.errors)
    return render(request, "indicators/files.html", frame(request, "files") | context, status=422 if wrong else 200)


def _take_file(request: HttpRequest, form: FileForm, context: dict[str, Any]) -> None:
    """A file that was looked at comes back with its text in the page, so that it need not be chosen again."""
    kept = request.POST.get("text", "")
    if kept and not request.FILES:
        content, name = kept.encode(), request.POST.get("name", "")[:200]
        form.errors.clear()
    elif form.is_valid():
        upload = form.cleaned_data["file"]
        content, name = upload.read(texts.LARGEST + 1), upload.name
    else:
        return
    try:
        found = texts.read(content, name)
        dry = "store" not in request.POST
        taken = texts.take(by=request.actor, at=request.now, found=found, dry=dry)
    except Refused as refused:
        form.add_error("file", " ".join(sentences(refused)))
        return
    context |= {"taken": taken, "name": name, "stored": taken.stored, "counts": _counts(taken)}
    context["text"] = content.decode("utf-8-sig")
    context["outcomes"] = [one for one in taken.outcomes if one.state in (texts.NEW, texts.CHANGED)][:MOST_OUTCOMES]
    context["faults"] = [(one, place_words(one.field), " ".join(sentences(one.refused))) for one in taken.faults]


def place_words(place: str) -> str:
    """Where in a text: a field by its name, a line or a rule of a sheet by its number too."""
    first, _dot, rest = place.partition(".")
    number, _dot, name = rest.partition(".")
    words = field_words()
    if first.rstrip("s") in ("line", "rule") and number:
        said = _("line %(n)s of the sheet") if first.startswith("line") else _("rule %(n)s of the sheet")
        return " · ".join(filter(None, [said % {"n": number}, words.get(name, name)]))
    return words.get(place, place)


def _counts(taken: texts.Taken) -> dict[str, int]:
    return {state: taken.count(state) for state in (texts.NEW, texts.CHANGED, texts.SAME, texts.REFUSED)}


def _table_words() -> dict[str, str]:
    return {
        published.DIMENSION: _("Dimensions"),
        published.ELEMENT: _("Quantities counted"),
        published.INDICATOR: _("Indicators"),
    }


@signed_in
@require_GET
def whole_file(request: HttpRequest) -> HttpResponse:
    """The whole catalogue as one TOML file."""
    require_manage(request)
    return _download(texts.toml(published.whole()), "danh-muc.toml", "application/toml")


@signed_in
@require_GET
def table_file(request: HttpRequest, kind: str) -> HttpResponse:
    """A list as CSV."""
    require_manage(request)
    if kind not in texts.COLUMNS:
        raise Http404
    return _download(texts.table(kind), f"{kind}.csv", "text/csv")


@signed_in
@require_GET
def sheet_file(request: HttpRequest, code: str) -> HttpResponse:
    """One sheet as TOML: what everybody may read on its page."""
    row = published.row(published.SHEET, code)
    if row is None:
        raise Http404
    return _download(texts.sheet_toml(row), f"{code}.toml", "application/toml")


def _download(text: str, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(text.encode(), content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
