"""Plans of a unit: set, changed, withdrawn, taken in from a table, shared out."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from giaoban.core import period as periods
from giaoban.core.refusal import Invalid, Refused
from giaoban.desk import overview, targets
from giaoban.desk.targets import Plans, Sharing
from giaoban.desk.views.overview import unit_of
from giaoban.indicators import actions
from giaoban.indicators import queries as indicators
from giaoban.indicators.models import Indicator, Target
from giaoban.indicators.queries import sharing
from giaoban.orgs.models import MANAGEMENT, TERRITORY
from giaoban.people.guards import signed_in
from giaoban.people.refusals import sentences

LARGEST_FILE = 5 * 2**20


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def page(request: HttpRequest) -> HttpResponse:
    """The plans of a unit in a year, with what came of them."""
    actor, on = request.actor, request.today  # type: ignore[attr-defined]
    unit = unit_of(request.GET.get("don-vi", "")) or overview.default_unit(actor, on)
    found = targets.plans(actor, on, unit, _year(request))
    faults: list[str] = []
    if request.method == "POST":
        do: Callable[[HttpRequest, Plans], str] | None = {"dat": _set, "rut": _withdraw, "nhap": _load}.get(
            request.POST.get("viec", "")
        )
        if do is None:
            raise Http404
        try:
            messages.success(request, do(request, found))
            query = urlencode({"don-vi": unit, "nam": found.year})
            return redirect(f"{reverse('desk:targets')}?{query}")
        except Refused as refused:
            faults = sentences(refused)
    context = {"plans": found, "faults": faults, "typed": request.POST, "years": _years(found.year)}
    return render(request, "desk/targets.html", context)


def _year(request: HttpRequest) -> str:
    on = request.today  # type: ignore[attr-defined]
    first = on.year if on.month >= 8 else on.year - 1
    try:
        return periods.parse(request.GET.get("nam", "")).code.partition(".")[0]
    except Refused:
        return f"{first}-{first + 1}"


def _years(chosen: str) -> list[str]:
    """School years around the one shown."""
    first = int(chosen[:4])
    return [f"{year}-{year + 1}" for year in range(first + 1, first - 4, -1)]


def _indicator(code: str) -> Indicator:
    try:
        return indicators.indicator(code)
    except Indicator.DoesNotExist:
        raise Http404 from None


def _set(request: HttpRequest, found: Plans) -> str:
    asked, actor, on = request.POST, request.actor, request.today  # type: ignore[attr-defined]
    indicator = _indicator(asked.get("chi-tieu", ""))
    made = actions.set_target(
        by=actor,
        at=request.now,  # type: ignore[attr-defined]
        indicator=indicator.code,
        unit_id=found.unit_id,
        period_code=asked.get("ky", ""),
        value=targets.read_value(asked.get("gia-tri", ""), indicator),
        document=targets.document(actor, asked.get("van-ban", ""), on),
        sentence=asked.get("cau", "").strip(),
    )
    what = {"name": indicator.name, "value": targets.write_value(made.value, indicator)}
    return _("The plan for “%(name)s” stands at %(value)s.") % what


def _withdraw(request: HttpRequest, found: Plans) -> str:
    asked = request.POST
    indicator = _indicator(asked.get("chi-tieu", ""))
    actions.withdraw_target(
        by=request.actor,  # type: ignore[attr-defined]
        at=request.now,  # type: ignore[attr-defined]
        indicator=indicator.code,
        unit_id=found.unit_id,
        period_code=asked.get("ky", ""),
        reason=asked.get("ly-do", ""),
    )
    return _("The plan for “%(name)s” is withdrawn; its versions stay.") % {"name": indicator.name}


def _load(request: HttpRequest, found: Plans) -> str:
    given, actor, on = request.FILES.get("tep"), request.actor, request.today  # type: ignore[attr-defined]
    if given is None or given.size > LARGEST_FILE:
        raise targets.NoHeads()
    rows = targets.read_table(given.name or "", given.read(), on)
    document = targets.document(actor, request.POST.get("van-ban", ""), on)
    made, stood = actions.set_targets(by=actor, at=request.now, rows=rows, document=document)  # type: ignore[attr-defined]
    return _("%(made)s plans set, %(stood)s stood already.") % {"made": made, "stood": stood}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def one(request: HttpRequest, target_id: int) -> HttpResponse:
    """One plan: its versions, its parts, and sharing it out."""
    actor, on = request.actor, request.today  # type: ignore[attr-defined]
    try:
        target = sharing.target_for(actor, target_id, on)
    except Target.DoesNotExist:
        raise Http404 from None
    hierarchy = TERRITORY if request.GET.get("he") == TERRITORY else MANAGEMENT
    found = Sharing(actor, on, target, request.GET.get("theo", ""), hierarchy)
    said: list[str] = []
    if request.method == "POST":
        typed = {row.unit_id: request.POST.get(f"phan-{row.unit_id}", "") for row in found.children}
        parts, faults = targets.read_parts(typed, target.indicator)
        try:
            if faults:
                raise Invalid([])
            made = actions.share_out(
                by=actor,
                at=request.now,  # type: ignore[attr-defined]
                indicator=target.indicator_id,
                unit_id=target.unit_id,
                period_code=target.period_code,
                parts={unit: part for unit, part in parts.items() if part is not None or unit in found.parts},
                reason=request.POST.get("ly-do", ""),
                hierarchy=hierarchy,
            )
            messages.success(request, _("Shared out: %(n)s plans changed.") % {"n": len(made)})
            return redirect("desk:target", target.pk)
        except Refused as refused:
            said = sentences(refused)
            if isinstance(refused, Invalid):
                for fault in refused.faults:
                    unit = unit_of((fault.field or "").removeprefix("phan-"))
                    faults |= {unit: sentences(fault)[0]} if unit else {}
                said = said or [_("Some parts cannot be read.")]
            found = Sharing(actor, on, target, "", hierarchy, typed, faults)
    return render(
        request, "desk/target.html", {"found": found, "faults": said, "reason": request.POST.get("ly-do", "")}
    )
