"""The catalogue as it is read: indicators and their formulas, elements and their cells, dimensions, sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from giaoban.core import formula as language
from giaoban.core import period as periods
from giaoban.core.numbers import vi_short
from giaoban.indicators import queries, texts
from giaoban.indicators.forms_catalogue import FilterForm, ReasonForm
from giaoban.indicators.models import Cell, Dimension, Edition, Element, Indicator, Sheet, Target
from giaoban.indicators.queries import catalogue as asking
from giaoban.indicators.queries import texts as published
from giaoban.indicators.queries.reading import in_words, names_of, words_of
from giaoban.indicators.views.frame import room_tabs
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.ui.parts import Tab

MOST_TARGETS = 200
MOST_EDITIONS = 20
MOST_DIFFERENCES = 60
PAGE = 100


def lists(request: HttpRequest, current: str) -> list[Tab]:
    """The lists of the catalogue; what is searched for goes along from one to the other."""
    text = request.GET.get("q", "")[:100]
    asked = f"?q={text}" if text else ""
    found = [
        Tab(_("Indicators"), reverse("indicators:catalogue") + asked, current == "indicators"),
        Tab(_("Quantities counted"), reverse("indicators:elements") + asked, current == "elements"),
        Tab(_("Dimensions"), reverse("indicators:dimensions"), current == "dimensions"),
        Tab(_("Sheets"), reverse("indicators:sheets"), current == "sheets"),
    ]
    if asking.may_manage(request.actor, request.today):
        drafts = asking.sheet_drafts(request.actor, request.today).count()
        found.append(Tab(_("Sheets being built"), reverse("indicators:drafts"), current == "drafts", drafts or None))
        found.append(Tab(_("Text files"), reverse("indicators:files"), current == "files"))
    return found


def frame(request: HttpRequest, current: str) -> dict[str, Any]:
    """What every list of the catalogue shows around itself."""
    return {
        "tabs": room_tabs(request, "catalogue"),
        "lists": lists(request, current),
        "manages": asking.may_manage(request.actor, request.today),
    }


def _grouped(rows: Page[Any]) -> list[tuple[str, list[Any]]]:
    return [(group, list(members)) for group, members in groupby(rows, key=lambda row: row.group)]


def _page(request: HttpRequest, rows: Any) -> Page[Any]:
    return Paginator(rows, PAGE).get_page(request.GET.get("trang"))


@signed_in
def indicators(request: HttpRequest) -> HttpResponse:
    form = FilterForm(Indicator, request.GET)
    page = _page(request, asking.listed_indicators(**form.wanted))
    formulas = asking.formulas(request.today, [one.code for one in page])
    cells = queries.cells_of_names({name for row in formulas.values() for name in names_of(row.expression)})
    for one in page:
        one.words = in_words(formulas[one.code].expression, cells) if one.code in formulas else ""
    context = {"groups": _grouped(page), "page": page, "form": form, "filtered": any(request.GET.values())}
    return render(request, "indicators/catalogue.html", frame(request, "indicators") | context)


@signed_in
def elements(request: HttpRequest) -> HttpResponse:
    form = FilterForm(Element, request.GET)
    page = _page(request, asking.listed_elements(**form.wanted))
    context = {"groups": _grouped(page), "page": page, "form": form, "filtered": any(request.GET.values())}
    return render(request, "indicators/elements.html", frame(request, "elements") | context)


@signed_in
def dimensions(request: HttpRequest) -> HttpResponse:
    found = Dimension.objects.prefetch_related("members", "elements").order_by("name")
    return render(request, "indicators/dimensions.html", frame(request, "dimensions") | {"dimensions": found})


@signed_in
def sheets(request: HttpRequest) -> HttpResponse:
    found = list(queries.sheets(retired=True).prefetch_related("kinds", "lines"))
    return render(request, "indicators/sheets.html", frame(request, "sheets") | {"sheets": found})


# One text


@dataclass(frozen=True)
class Part:
    """One name of a formula, in words."""

    name: str
    words: str
    element: Element


@dataclass(frozen=True)
class Asked:
    """One target as the page shows it."""

    target: Target
    unit: str
    period: str
    value: str


@dataclass(frozen=True)
class Told:
    """An edition with what it changed."""

    edition: Edition
    differences: Sequence[texts.Difference]
    more: int


def told_editions(kind: str, code: str) -> list[Told]:
    """The newest editions, each against the one before."""
    found = asking.editions(kind, code)
    pairs = zip(found, [*found[1:], None], strict=True)
    told = []
    for edition, before in list(pairs)[:MOST_EDITIONS]:
        differences = texts.differences(before.data, edition.data) if before else ()
        shown = [_worded(one) for one in differences[:MOST_DIFFERENCES] if one.field != "order"]
        told.append(Told(edition, shown, max(0, len(differences) - MOST_DIFFERENCES)))
    return told


def _worded(one: texts.Difference) -> texts.Difference:
    name, space, key = one.field.partition(" ")
    return texts.Difference(f"{field_words().get(name, name)}{space}{key}".strip(), one.old, one.new)


def field_words() -> dict[str, str]:
    """What the fields of a catalogue file are called on a screen."""
    return {
        "code": _("Code"),
        "name": _("Name in the catalogue"),
        "unit": _("Unit of measure"),
        "kind": _("Over time"),
        "over_units": _("Over units"),
        "scale": _("Decimals"),
        "places": _("Decimals"),
        "group": _("Subject"),
        "dimensions": _("Split by"),
        "definition": _("What exactly is meant"),
        "source": _("Source"),
        "official_code": _("Official code"),
        "code_system": _("Whose code it is"),
        "retired": _("no longer used"),
        "direction": _("Better when"),
        "start": _("Valid from"),
        "expression": _("Formula"),
        "formula": _("Formula from"),
        "formula_source": _("Source of the formula"),
        "members": _("Member"),
        "kinds": _("Asked of"),
        "change_percent": _("Change pointed out (%)"),
        "change_least": _("Change pointed out (at least)"),
        "checks": _("Bounds of what is usual"),
        "supersedes": _("Takes the place of"),
        "line": _("Line"),
        "rule": _("Rule"),
        "file": _("File"),
    }


def _rights(request: HttpRequest, kind: str, code: str) -> dict[str, Any]:
    may = asking.may_change(request.actor, kind, code, request.today)
    return {"may_change": may, "editions": told_editions(kind, code), "reason_form": ReasonForm() if may else None}


@signed_in
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """What it means, how it is computed since when, from which figures, and what is asked of whom."""
    found = get_object_or_404(Indicator, code=code)
    versions = list(found.formulas.order_by("-start"))
    current = queries.formula(code, request.today)
    context = {
        "indicator": found,
        "versions": [(one, in_words(one.expression)) for one in versions],
        "current": current,
        "parts": _parts(current.expression) if current else [],
        "in_words": in_words(current.expression) if current else "",
        "ratio": _ratio(current.expression) if current else None,
        "targets": _targets(request, found),
    }
    context |= _rights(request, published.INDICATOR, code)
    return render(request, "indicators/indicator.html", context)


def _parts(expression: str) -> list[Part]:
    names = names_of(expression)
    cells = queries.cells_of_names(names)
    return [Part(name, words_of(name, cells[name]), cells[name][0].element) for name in names if cells.get(name)]


def _ratio(expression: str) -> tuple[str, str] | None:
    """Numerator and denominator in words; None where it is no rate."""
    over, under = language.ratio(language.parse(expression))
    return (in_words(language.to_text(over)), in_words(language.to_text(under))) if under is not None else None


def _targets(request: HttpRequest, found: Indicator) -> list[Asked]:
    """Targets of units whose figures the reader may see."""
    visible = people.units_where(request.actor, "figure.view", request.today)
    rows = queries.targets_of(found.code)
    if not request.actor.is_system:
        rows = rows.filter(unit__in=visible)
    shown = list(rows[:MOST_TARGETS])
    names = orgs.names([row.unit_id for row in shown], request.today)
    return [
        Asked(row, names[row.unit_id], periods.parse(row.period_code).label, target_text(found, row)) for row in shown
    ]


def target_text(indicator: Indicator, target: Target) -> str:
    """46 % is kept as 46/100."""
    return vi_short(target.value * 100) + "%" if indicator.is_percent else vi_short(target.value)


@dataclass(frozen=True)
class Split:
    """The cells of an element as a plain table: members of one dimension across, of the others downwards."""

    across: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell | None]]]
    head: str


MOST_ACROSS = 8


def split_of(element: Element, cells: Sequence[Cell]) -> Split:
    """The dimension with the fewest members goes across, as long as they fit on a screen."""
    dimensions = sorted(element.dimensions.all(), key=lambda one: (len(one.members.all()), one.code))
    across = dimensions[0] if len(dimensions) > 1 and len(dimensions[0].members.all()) <= MOST_ACROSS else None
    down = [one for one in dimensions if one is not across]
    columns = [(member.code, member.name) for member in across.members.all()] if across else [("", _("Cell"))]
    orders = {one.code: {m.code: n for n, m in enumerate(one.members.all())} for one in dimensions}
    names = {one.code: {m.code: m.name for m in one.members.all()} for one in dimensions}
    found: dict[tuple[str, ...], dict[str, Cell]] = {}
    for cell in cells:
        row = tuple(cell.members[one.code] for one in down)
        found.setdefault(row, {})[cell.members[across.code] if across else ""] = cell
    ordered = sorted(found, key=lambda row: [orders[one.code][code] for one, code in zip(down, row, strict=True)])
    rows = []
    for row in ordered:
        words = ", ".join(names[one.code][code] for one, code in zip(down, row, strict=True)) or element.name
        rows.append((words, [found[row].get(code) for code, _name in columns]))
    return Split([name for _code, name in columns], rows, " × ".join(one.name for one in down) or _("Cell"))


@signed_in
def element(request: HttpRequest, code: str) -> HttpResponse:
    """What is counted, split how, asked on which sheets, read by which indicators."""
    found = get_object_or_404(Element.objects.prefetch_related("dimensions__members"), code=code)
    cells = list(found.cells.all())
    owners = asking.owner_sheets([cell.pk for cell in cells])
    for cell in cells:
        cell.asked_by = owners.get(cell.pk)
    context = {
        "element": found,
        "cells": cells,
        "split": split_of(found, cells),
        "owners": sorted(set(owners.values()), key=lambda one: one.name),
        "sheets": queries.sheets_asking(code),
        "indicators": queries.uses_of(code, request.today),
        "series": queries.series_of([cell.pk for cell in cells]),
        "has_figures": asking.has_figures(code),
    }
    context |= _rights(request, published.ELEMENT, code)
    return render(request, "indicators/element.html", context)


@signed_in
def dimension(request: HttpRequest, code: str) -> HttpResponse:
    """Its members, and what is split by it."""
    found = get_object_or_404(Dimension.objects.prefetch_related("members", "elements"), code=code)
    context = {"dimension": found} | _rights(request, published.DIMENSION, code)
    return render(request, "indicators/dimension.html", context)


@signed_in
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """A sheet as its units will see it: lines and rules."""
    found = get_object_or_404(Sheet.objects.prefetch_related("kinds", "rules", "superseded_by"), code=code)
    lines = queries.lines_of(found)
    shown = [line.cell_id for line in lines if line.cell_id and not line.owns]
    owners = asking.owner_sheets(shown, [code])
    for line in lines:
        line.asked_by = owners.get(line.cell_id)
    context = {"sheet": found, "lines": lines, "used": found.rounds.exists()} | _rights(request, published.SHEET, code)
    own = asking.sheet_drafts(request.actor, request.today)
    context["drafts"] = own.filter(Q(sheet=found) | Q(supersedes=found))
    return render(request, "indicators/sheet.html", context)
