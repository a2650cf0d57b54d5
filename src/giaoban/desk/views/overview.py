"""The overview page and its export."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from giaoban.core import period as periods
from giaoban.core.refusal import Refused
from giaoban.core.text import slug
from giaoban.desk import overview
from giaoban.desk.overview import Look, Row, Wanted
from giaoban.indicators.models import REPORT_SERIES
from giaoban.people.guards import signed_in
from giaoban.people.refusals import sentences
from giaoban.ui.widgets import DayInput

A_DAY = "ngay"


class Filters(forms.Form):
    """What the overview shows. Field names are the address's own words."""

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
    nguon = forms.ChoiceField(label=gettext_lazy("Source"), required=False)

    def add_prefix(self, field_name: str) -> str:
        return {"map": "ban-do"}.get(field_name, field_name)


@signed_in
def page(request: HttpRequest) -> HttpResponse:
    """One unit, one period, one map: its indicators, its children, its way through time."""
    series = request.GET.get("nguon") or REPORT_SERIES
    known = overview.periods_with_figures(series)
    sources = overview.series_choices()
    if not known:
        return render(request, "desk/overview_empty.html", {"sources": sources, "series": series})
    fault = None
    try:
        wanted = read(request, known[0], series)
    except Refused as refused:
        fault, wanted = sentences(refused)[0], read(request, known[0], series, plain=True)
    lacking = None
    if series != REPORT_SERIES and wanted.period not in known:  # plans may be looked at before any report; books not
        lacking, wanted = wanted.period, replace(wanted, period=known[0])
    look = overview.look(request.actor, request.today, wanted)
    if request.GET.get("dang") == "csv":
        return export(look, request.GET.get("bang", ""))
    return render(
        request,
        "desk/overview.html",
        {
            "look": look,
            "form": filters(look, known, sources),
            "fault": fault,
            "sources": sources,
            "lacking": lacking,
            "source": dict(sources).get(series, series),
        },
    )


def read(request: HttpRequest, newest: periods.Period, series: str, *, plain: bool = False) -> Wanted:
    """The filters of the address; `plain` leaves out those that cannot be read."""
    asked = {} if plain else request.GET
    map_text = asked.get("ban-do", "")
    return Wanted(
        unit_id=unit_of(asked.get("don-vi", "")) or overview.default_unit(request.actor, request.today),
        period=periods.parse(asked["ky"]) if asked.get("ky") else newest,
        map=overview.read_map(asked.get("ngay", "") if map_text == A_DAY else map_text),
        indicator=asked.get("chi-tieu", ""),
        series=series,
        everything=asked.get("het") == "1",
        sort=asked.get("xep", ""),
    )


def unit_of(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def filters(look: Look, known: list[periods.Period], sources: list[tuple[str, str]]) -> Filters:
    wanted = look.wanted
    map_text = overview.write_map(wanted.map)
    named = map_text in ("hom-nay", "luc-do")
    form = Filters(
        initial={
            "ky": wanted.period.code,
            "map": map_text if named else A_DAY,
            "ngay": "" if named else f"{wanted.map:%d/%m/%Y}",
            "nguon": wanted.series,
        }
    )
    listed = known if wanted.period in known else [wanted.period, *known]
    form.fields["ky"].choices = [(one.code, one.label) for one in listed]
    form.fields["nguon"].choices = sources
    return form


# ---- export -----------------------------------------------------------------------------------------------------


def export(look: Look, which: str) -> HttpResponse:
    """The table as it is seen, for a spreadsheet: semicolons and a byte-order mark, as Vietnamese Excel expects."""
    rows, head = (look.children, _("Unit")) if which == "don-vi" else (look.rows, _("Indicator"))
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([plain(f"{look.name}, {look.wanted.period.label}")])
    writer.writerow([head, *columns()])
    for row in rows:
        writer.writerow([plain(cell) for cell in cells(row)])
    name = f"{slug(look.name)}-{slug(look.wanted.period.code)}-{'don-vi' if which == 'don-vi' else 'chi-tieu'}.csv"
    return HttpResponse(
        "\ufeff" + text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def columns() -> list[str]:
    return [
        _("State"),
        _("Value"),
        _("Counts"),
        _("Plan"),
        _("Against plan"),
        _("Before"),
        _("Up or down"),
        _("Reported"),
        _("Note"),
    ]


def cells(row: Row) -> list[str]:
    answer = row.answer
    words = {"met": _("Met"), "not_met": _("Not met"), "unknown": _("Not enough figures")}
    return [
        row.name,
        words.get(row.state, ""),
        answer.text,
        row.counts,
        row.target,
        row.gap,
        row.previous,
        f"{row.change} ({row.partial})" if row.partial else row.change,
        f"{answer.reported}/{answer.expected}" if answer.expected else "",
        _("estimate") if answer.estimated else (row.reason if answer.value is None else ""),
    ]


def plain(cell: str) -> str:
    """A cell that a spreadsheet cannot take for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell
