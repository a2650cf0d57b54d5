"""The table of any indicators and units, and its exports."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from giaoban.analytics import naming
from giaoban.core import period as periods
from giaoban.core.refusal import Refused
from giaoban.desk import overview, tables
from giaoban.desk.tables import Asked, Board
from giaoban.desk.tables import export as tables_export
from giaoban.desk.views.overview import A_DAY, unit_of
from giaoban.indicators.models import REPORT_SERIES
from giaoban.orgs.models import TERRITORY
from giaoban.people.guards import signed_in
from giaoban.people.refusals import sentences
from giaoban.ui.widgets import DayInput


class Choosing(forms.Form):
    """What the table shows. Field names are the address's own words."""

    ky = forms.ChoiceField(label=gettext_lazy("Period"), required=False)
    map = forms.ChoiceField(
        label=gettext_lazy("Map"),
        required=False,
        choices=[
            ("hom-nay", gettext_lazy("today's units")),
            ("luc-do", gettext_lazy("units as they were")),
            (A_DAY, gettext_lazy("units of a day")),
        ],
    )
    ngay = forms.CharField(label=gettext_lazy("Day"), required=False, widget=DayInput())
    gom = forms.ChoiceField(label=gettext_lazy("Units"), required=False)
    co = forms.ChoiceField(label=gettext_lazy("Only units that are"), required=False)
    ten = forms.CharField(label=gettext_lazy("Words in the unit's name"), required=False)
    muc = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("all states")),
            ("not_met", gettext_lazy("Not met")),
            ("met", gettext_lazy("Met")),
            ("unknown", gettext_lazy("Not enough figures")),
        ],
    )
    he = forms.ChoiceField(label=gettext_lazy("Hierarchy"), required=False)
    nguon = forms.ChoiceField(label=gettext_lazy("Source"), required=False)
    xoay = forms.ChoiceField(
        label=gettext_lazy("In the rows"),
        required=False,
        choices=[("", gettext_lazy("units")), ("1", gettext_lazy("indicators"))],
    )

    def add_prefix(self, field_name: str) -> str:
        return {"map": "ban-do"}.get(field_name, field_name)


@require_safe
@signed_in
def page(request: HttpRequest) -> HttpResponseBase:
    """Any indicators × any units of one period."""
    series = request.GET.get("nguon") or REPORT_SERIES
    known, sources = overview.periods_with_figures(series), overview.series_choices()
    if not known:
        return render(request, "desk/overview_empty.html", {"sources": sources, "series": series})
    fault = None
    try:
        asked = read(request, known[0], series)
    except Refused as refused:
        fault, asked = sentences(refused)[0], read(request, known[0], series, plain=True)
    board = tables.board(request.actor, request.today, asked)  # type: ignore[attr-defined]
    if request.GET.get("dang") in tables_export.FORMS:
        return tables_export.export(board, request.GET["dang"])
    return render(
        request,
        "desk/tables.html",
        {"board": board, "form": choosing(board, known, sources), "fault": fault, "columns": columns(board)},
    )


def read(request: HttpRequest, newest: periods.Period, series: str, *, plain: bool = False) -> Asked:
    """The address; `plain` leaves out what cannot be read."""
    asked, listed = ({}, {}) if plain else (request.GET, dict(request.GET.lists()))
    map_text = asked.get("ban-do", "")
    chosen = tuple(one for one in tables.COLUMNS if one in _several(listed.get("cot", [])))
    map_read = overview.read_map(asked.get("ngay", "") if map_text == A_DAY else map_text)
    return Asked(
        unit_id=unit_of(request.GET.get("don-vi", "")) or overview.default_unit(request.actor, request.today),  # type: ignore[attr-defined]
        period=periods.parse(asked["ky"]) if asked.get("ky") else newest,
        map="today" if map_read == overview.AREAS else map_read,
        codes=tuple(_several(listed.get("chi-tieu", []))),
        groups=tuple(listed.get("nhom", [])),
        text=asked.get("tim", "").strip(),
        units=asked.get("gom", "") or tables.CHILDREN,
        holding=naming.conditions([asked.get("co", "")]),
        named=asked.get("ten", "").strip(),
        columns=chosen or tables.USUAL,
        turned=asked.get("xoay") == "1",
        total=asked.get("tong") != "0",
        state=asked.get("muc", "") if asked.get("muc") in tables.STATES else "",
        sort=asked.get("xep", ""),
        series=series,
        hierarchy=overview.known_hierarchy(asked.get("he", "") or TERRITORY),
        page=_page(asked.get("trang", "")),
        across=_page(asked.get("ngang", "")),
    )


def _several(texts: list[str]) -> list[str]:
    return [piece for text in texts for piece in text.split(",") if piece]


def _page(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 else 1


def choosing(board: Board, known: list[periods.Period], sources: list[tuple[str, str]]) -> Choosing:
    asked = board.asked
    map_text = overview.write_map(asked.map)
    named = map_text in ("hom-nay", "luc-do")
    form = Choosing(
        initial={
            "ky": asked.period.code,
            "map": map_text if named else A_DAY,
            "ngay": "" if named else f"{asked.map:%d/%m/%Y}",
            "gom": asked.units,
            "co": ",".join(f"{attribute}:{value}" for attribute, value in asked.holding),
            "ten": asked.named,
            "muc": asked.state,
            "he": asked.hierarchy,
            "nguon": asked.series,
            "xoay": "1" if asked.turned else "",
        }
    )
    listed = known if asked.period in known else [asked.period, *known]
    form.fields["ky"].choices = [(one.code, one.label) for one in listed]
    form.fields["nguon"].choices = sources
    form.fields["he"].choices = [(one.code, one.name) for one in board.look.hierarchies]
    form.fields["gom"].choices = [
        (tables.CHILDREN, _("units directly below")),
        (tables.ITSELF, _("the unit itself")),
        (_("All below of a kind"), board.kinds_below),
    ]
    attributes = [
        (one.name, [(f"{one.code}:{value}", name) for value, name in one.values.items()])
        for one in board.look.attributes
    ]
    form.fields["co"].choices = [("", _("all units")), *attributes]
    return form


def columns(board: Board) -> list[tuple[str, str, bool]]:
    """The columns one may choose: name in the address, word, whether it is shown."""
    return [(one, tables.word(one), one in board.asked.columns) for one in tables.COLUMNS]
