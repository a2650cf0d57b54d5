"""The page of a unit's figures through its life; a part of it stands on the unit's own page."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from giaoban.core.refusal import NotAllowed
from giaoban.desk import overview
from giaoban.desk.lifeline import FEW, MAPS, SOME, TODAY, Lifeline
from giaoban.indicators.models import REPORT_SERIES
from giaoban.orgs.models import Unit
from giaoban.people.guards import signed_in


class LifelineForm(forms.Form):
    """What the lines show; field names are the address's own words."""

    map = forms.ChoiceField(label=_("Map"), required=False, choices=list(MAPS.items()))
    kind = forms.ChoiceField(label=_("Kind of period"), required=False)
    nguon = forms.ChoiceField(label=_("Source"), required=False)

    def add_prefix(self, field_name: str) -> str:
        return {"map": "ban-do", "kind": "loai-ky"}.get(field_name, field_name)


@require_safe
@signed_in
def page(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Whoever may not see the figures gets a refusal; on the unit's own page just nothing."""
    if not Unit.objects.filter(pk=unit_id).exists():
        raise Http404
    part = request.GET.get("phan") == "1"
    look = _look(request, unit_id, FEW if part else SOME)
    allowed = overview.may_look(look.actor, unit_id, look.on, look.day)
    if part:
        return render(request, "desk/lifeline/part.html", {"look": look if allowed else None, "unit_id": unit_id})
    if not allowed:
        raise NotAllowed()
    sources = overview.series_choices()
    form = LifelineForm(initial={"map": look.map, "kind": look.chosen_kind, "nguon": look.series})
    form.fields["kind"].choices = look.kinds
    form.fields["nguon"].choices = sources
    return render(request, "desk/lifeline.html", {"look": look, "form": form, "sources": sources})


def _look(request: HttpRequest, unit_id: int, most: int) -> Lifeline:
    """The view the address asks for; a source that lacks figures of the unit is replaced by one that has some."""
    asked = request.GET
    chosen = asked.get("ban-do", TODAY)
    codes = [code for code, _name in overview.series_choices()]
    series = asked.get("nguon", "")

    def of(series: str) -> Lifeline:
        return Lifeline(
            actor=request.actor,  # type: ignore[attr-defined]
            on=request.today,  # type: ignore[attr-defined]
            unit_id=unit_id,
            map=chosen if chosen in MAPS else TODAY,
            series=series,
            kind=asked.get("loai-ky", ""),
            everything=asked.get("het") == "1",
            most=most,
        )

    if series in codes:
        return of(series)
    looks = [of(code) for code in sorted(codes, key=lambda code: code != REPORT_SERIES)]
    return next((look for look in looks if look.indicators), looks[0] if looks else of(REPORT_SERIES))
