"""The map page: filters in the address, a drawing, and the table behind it."""

from __future__ import annotations

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from giaoban.core import period as periods
from giaoban.core.refusal import Refused
from giaoban.desk import mapping, overview
from giaoban.desk.mapping import COMMUNES, LEVELS, PROVINCES, MapLook
from giaoban.desk.overview import Wanted
from giaoban.indicators.models import REPORT_SERIES
from giaoban.orgs.models import COUNTRY_ID
from giaoban.people.guards import signed_in
from giaoban.people.refusals import sentences
from giaoban.ui.widgets import DayInput

A_DAY = "ngay"
PAGE = 100
MAPS = [
    ("hom-nay", _("today's units")),
    ("luc-do", _("units as they were")),
    (A_DAY, _("units of a day")),
]


class MapForm(forms.Form):
    """What the map shows; the field names are the address's own words."""

    indicator = forms.ChoiceField(label=_("Indicator"), required=False)
    ky = forms.ChoiceField(label=_("Period"), required=False)
    map = forms.ChoiceField(label=_("Map"), required=False, choices=MAPS)
    ngay = forms.CharField(label=_("Day"), required=False, widget=DayInput())
    nguon = forms.ChoiceField(label=_("Source"), required=False)

    def add_prefix(self, field_name: str) -> str:
        return {"map": "ban-do", "indicator": "chi-tieu"}.get(field_name, field_name)


@require_safe
@signed_in
def page(request: HttpRequest) -> HttpResponse:
    """Points coloured by an indicator; without figures the page says what belongs here."""
    series = request.GET.get("nguon") or REPORT_SERIES
    known, sources = overview.periods_with_figures(series), overview.series_choices()
    if not known:
        return render(request, "desk/overview_empty.html", {"sources": sources, "series": series})
    fault = None
    try:
        look = _look(request, known, series)
    except Refused as refused:
        fault, look = sentences(refused)[0], _look(request, known, series, plain=True)
    rows = Paginator(look.rows, PAGE).get_page(request.GET.get("trang"))
    context = {"look": look, "form": _form(look, known, sources), "fault": fault, "rows": rows, "sources": sources}
    return render(request, "desk/map.html", context)


def _look(request: HttpRequest, known: list[periods.Period], series: str, *, plain: bool = False) -> MapLook:
    """The view the address asks for; `plain` leaves out what cannot be read."""
    asked = {} if plain else request.GET
    text = asked.get("ban-do", "")
    text = text if text in dict(MAPS) else ""  # other pages know maps that have no places
    period = periods.parse(asked["ky"]) if asked.get("ky") else known[0]
    wanted = Wanted(
        unit_id=COUNTRY_ID,
        period=period if period in known or series == REPORT_SERIES else known[0],
        map=overview.read_map(asked.get("ngay", "") if text == A_DAY else text),
        indicator=asked.get("chi-tieu", ""),
        series=series,
        sort=asked.get("xep", ""),
    )
    actor, on = request.actor, request.today  # type: ignore[attr-defined]
    frame = mapping.frame_of(_number(request.GET.get("don-vi", "")), actor, on, overview.Look(actor, on, wanted).day)
    level = request.GET.get("cap", PROVINCES)
    if frame != COUNTRY_ID or level not in LEVELS:
        level = COMMUNES if frame != COUNTRY_ID else PROVINCES
    return MapLook(actor, on, Wanted(**{**wanted.__dict__, "unit_id": frame}), level)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def _form(look: MapLook, known: list[periods.Period], sources: list[tuple[str, str]]) -> MapForm:
    wanted, text = look.wanted, overview.write_map(look.wanted.map)
    named = text in ("hom-nay", "luc-do")
    form = MapForm(
        initial={
            "indicator": look.indicator.code if look.indicator else "",
            "ky": wanted.period.code,
            "map": text if named else A_DAY,
            "ngay": "" if named else f"{wanted.map:%d/%m/%Y}",
            "nguon": wanted.series,
        }
    )
    listed = known if wanted.period in known else [wanted.period, *known]
    form.fields["indicator"].choices = mapping.indicator_choices()
    form.fields["ky"].choices = [(one.code, one.label) for one in listed]
    form.fields["nguon"].choices = sources
    return form
