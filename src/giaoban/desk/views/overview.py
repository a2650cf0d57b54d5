"""The overview page and its export."""

from __future__ import annotations

from dataclasses import replace

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from giaoban.analytics import naming
from giaoban.core import period as periods
from giaoban.core.refusal import Refused
from giaoban.desk import exporting, overview
from giaoban.desk.overview import Look, Wanted
from giaoban.indicators.models import REPORT_SERIES
from giaoban.orgs.models import TERRITORY
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
            ("vung", gettext_lazy("comparable areas")),
        ],
    )
    ngay = forms.CharField(label=gettext_lazy("Day"), required=False, widget=DayInput())
    nguon = forms.ChoiceField(label=gettext_lazy("Source"), required=False)
    he = forms.ChoiceField(label=gettext_lazy("Hierarchy"), required=False)
    loc = forms.ChoiceField(label=gettext_lazy("Only units that are"), required=False)

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
    if request.GET.get("dang") in exporting.FORMS:
        return exporting.export(look, request.GET["dang"], request.GET.get("bang", ""))
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
    where = naming.conditions([asked.get("loc", "")])
    if where and map_text == "vung":
        raise overview.AreasUnfiltered()
    return Wanted(
        unit_id=unit_of(asked.get("don-vi", "")) or overview.default_unit(request.actor, request.today),
        period=periods.parse(asked["ky"]) if asked.get("ky") else newest,
        map=overview.read_map(asked.get("ngay", "") if map_text == A_DAY else map_text),
        indicator=asked.get("chi-tieu", ""),
        series=series,
        everything=asked.get("het") == "1",
        sort=asked.get("xep", ""),
        hierarchy=overview.known_hierarchy(asked.get("he", "") or TERRITORY),
        where=where,
        beside=asked.get("so", ""),
    )


def unit_of(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def filters(look: Look, known: list[periods.Period], sources: list[tuple[str, str]]) -> Filters:
    wanted = look.wanted
    map_text = overview.write_map(wanted.map)
    named = map_text in ("hom-nay", "luc-do", "vung")
    form = Filters(
        initial={
            "ky": wanted.period.code,
            "map": map_text if named else A_DAY,
            "ngay": "" if named else f"{wanted.map:%d/%m/%Y}",
            "nguon": wanted.series,
            "he": wanted.hierarchy,
            "loc": ",".join(f"{attribute}:{value}" for attribute, value in wanted.where),
        }
    )
    listed = known if wanted.period in known else [wanted.period, *known]
    form.fields["ky"].choices = [(one.code, one.label) for one in listed]
    form.fields["nguon"].choices = sources
    form.fields["he"].choices = [(one.code, one.name) for one in look.hierarchies]
    form.fields["loc"].choices = [("", _("all units")), *wheres(look)]
    return form


def wheres(look: Look) -> list[tuple[str, list[tuple[str, str]]]]:
    """The values of every attribute, under its name; several conditions of an address stay as they are written."""
    groups = [
        (one.name, [(f"{one.code}:{value}", name) for value, name in one.values.items()]) for one in look.attributes
    ]
    if len(look.wanted.where) > 1:
        written = ",".join(f"{attribute}:{value}" for attribute, value in look.wanted.where)
        groups.append((_("Several conditions"), [(written, look.where_words)]))
    return groups
