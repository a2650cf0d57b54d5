"""The catalogue: indicators with their formulas, elements with their cells, sheets with their lines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from giaoban.core import formula as language
from giaoban.core import period as periods
from giaoban.core.numbers import vi_short
from giaoban.indicators import queries
from giaoban.indicators.models import Cell, Element, Indicator, Sheet, Target
from giaoban.indicators.queries import catalogue as asking
from giaoban.indicators.views.frame import room_tabs
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.ui.parts import Tab

MOST_TARGETS = 200
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*(\[[^\]]*\])?")


def _lists(current: str, text: str = "") -> list[Tab]:
    asked = f"?q={text}" if text else ""
    return [
        Tab(_("Indicators"), reverse("indicators:catalogue") + asked, current == "indicators"),
        Tab(_("Quantities counted"), reverse("indicators:elements") + asked, current == "elements"),
        Tab(_("Sheets"), reverse("indicators:sheets"), current == "sheets"),
    ]


def _grouped(rows: list[object]) -> list[tuple[str, list[object]]]:
    ordered = sorted(rows, key=lambda row: (row.group, row.code))
    return [(group, list(members)) for group, members in groupby(ordered, key=lambda row: row.group)]


@signed_in
def indicators(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "")[:100]
    formulas = asking.formulas(request.today)
    found = list(queries.indicators(text))
    cells = queries.cells_of_names({name for row in formulas.values() for name in names_of(row.expression)})
    for one in found:
        one.words = in_words(formulas[one.code].expression, cells) if one.code in formulas else ""
    context = {"groups": _grouped(found), "count": len(found), "q": text, "lists": _lists("indicators", text)}
    return render(request, "indicators/catalogue.html", context | {"tabs": room_tabs(request, "catalogue")})


@signed_in
def elements(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "")[:100]
    found = list(queries.elements(text).prefetch_related("dimensions"))
    context = {"groups": _grouped(found), "count": len(found), "q": text, "lists": _lists("elements", text)}
    return render(request, "indicators/elements.html", context | {"tabs": room_tabs(request, "catalogue")})


@signed_in
def sheets(request: HttpRequest) -> HttpResponse:
    found = list(queries.sheets(retired=True).prefetch_related("kinds", "lines"))
    context = {"sheets": found, "lists": _lists("sheets"), "tabs": room_tabs(request, "catalogue")}
    return render(request, "indicators/sheets.html", context)


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


@signed_in
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """What it means, how it is computed since when, from which figures, and what is asked of whom."""
    found = get_object_or_404(Indicator, code=code)
    versions = list(found.formulas.order_by("-start"))
    current = queries.formula(code, request.today)
    context = {
        "indicator": found,
        "versions": versions,
        "current": current,
        "parts": _parts(current.expression) if current else [],
        "in_words": in_words(current.expression) if current else "",
        "targets": _targets(request, found),
    }
    return render(request, "indicators/indicator.html", context)


def names_of(expression: str) -> list[str]:
    return language.names(language.parse(expression))


def _parts(expression: str) -> list[Part]:
    names = names_of(expression)
    cells = queries.cells_of_names(names)
    return [Part(name, _words(name, cells[name]), cells[name][0].element) for name in names if cells.get(name)]


def _words(name: str, cells: Sequence[Cell]) -> str:
    """One cell by its label; several by their element, with the members named in brackets."""
    if len(cells) == 1:
        return cells[0].label
    members = name.partition("[")[2].rstrip("]")
    return f"{cells[0].element.name} [{members}]" if members else cells[0].element.name


def in_words(expression: str, cells: Mapping[str, Sequence[Cell]] | None = None) -> str:
    """The formula with names in place of codes: "Học sinh bỏ học ÷ Học sinh"."""
    known = queries.cells_of_names(names_of(expression)) if cells is None else cells
    text = language.to_text(language.parse(expression))
    for sign, said in ((" / ", " ÷ "), (" * ", " × "), (" - ", " − ")):
        text = text.replace(sign, said)
    return NAME.sub(lambda found: _words(found[0], known[found[0]]) if known.get(found[0]) else found[0], text)


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


@signed_in
def element(request: HttpRequest, code: str) -> HttpResponse:
    """What is counted, split how, asked on which sheets, read by which indicators."""
    found = get_object_or_404(Element.objects.prefetch_related("dimensions__members"), code=code)
    cells = list(found.cells.all())
    context = {
        "element": found,
        "cells": cells,
        "sheets": queries.sheets_asking(code),
        "indicators": queries.uses_of(code, request.today),
        "series": queries.series_of([cell.pk for cell in cells]),
    }
    return render(request, "indicators/element.html", context)


@signed_in
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """A sheet as its units will see it: lines and rules."""
    found = get_object_or_404(Sheet.objects.prefetch_related("kinds", "rules"), code=code)
    return render(request, "indicators/sheet.html", {"sheet": found, "lines": queries.lines_of(found)})
