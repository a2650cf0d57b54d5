"""Positions: who holds them, with which roles, and every dated change of either."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from giaoban.core.refusal import Refused
from giaoban.journal import queries as journal
from giaoban.orgs import queries as orgs
from giaoban.people import actions, queries
from giaoban.people.forms import ActForForm, AppointForm, EndForm, GrantForm, HandOverForm, PositionForm
from giaoban.people.guards import signed_in
from giaoban.people.models import Grant, Manner, Position
from giaoban.people.refusals import add_to
from giaoban.people.views.administration import (
    PAGE,
    choose_unit,
    held_now,
    position_crumbs,
    require_administrator,
    unit_in_address,
)
from giaoban.people.views.doors import VerbPage, perform


@signed_in
def positions(request: HttpRequest) -> HttpResponse:
    """Positions under the administrator's units, with who holds them today and their roles."""
    require_administrator(request)
    unit = unit_in_address(request)
    found = queries.positions_under(request.actor, request.today)
    if unit is not None:
        found = found.filter(unit_id=unit)
    granted = Grant.objects.filter(queries.valid_on(request.today))
    found = found.prefetch_related(
        Prefetch("holdings", held_now(request).select_related("account", "acting_for"), to_attr="now"),
        Prefetch("grants", granted, to_attr="roles_now"),
    ).order_by("unit_id", "rank", "pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    names = orgs.names({one.unit_id for one in page}, request.today)
    context = {
        "page": page,
        "rows": [(one, names[one.unit_id]) for one in page],
        "unit": unit,
        "unit_name": orgs.name(unit, request.today) if unit else "",
    }
    return render(request, "people/positions.html", context)


@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """A new position in a unit, vacant and without roles."""
    require_administrator(request)
    unit = unit_in_address(request)
    if unit is None:
        return choose_unit(request, _("New position"), reverse("people:new-position"))
    form = PositionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_position(by=request.actor, at=request.now, unit=unit, **form.cleaned_data)
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect("people:position", made.pk)
    page = VerbPage(
        heading=_("New position at %(unit)s") % {"unit": orgs.name(unit, request.today)},
        button=_("Create the position"),
        back=reverse("people:positions"),
        crumbs=[(_("Positions"), reverse("people:positions"))],
        consequences=[_("The position is vacant and has no role until you appoint somebody and give it roles.")],
    )
    return render(request, "people/verb.html", {"form": form, "page": page})


@signed_in
def position(request: HttpRequest, position_id: int) -> HttpResponse:
    """One position: who sits in it now, earlier and soon; its roles; what may be done."""
    seat = queries.position(request.actor, position_id, request.today)
    held = list(seat.holdings.select_related("account", "acting_for").order_by("-start", "-pk"))
    grants = list(seat.grants.select_related("hierarchy").order_by("-start", "-pk"))
    names = orgs.names({grant.unit_id for grant in grants} | {seat.unit_id}, request.today)
    context = {
        "seat": seat,
        "unit_name": names[seat.unit_id],
        "held": [(one, state_of(one, request)) for one in held],
        "grants": [(one, names[one.unit_id], state_of(one, request)) for one in grants],
        "holder": holder(seat, request),
        "own": any(one.account_id == request.actor.account_id and state_of(one, request) != "ended" for one in held),
        "history": journal.history(seat)[:20],
    }
    return render(request, "people/position.html", context)


@signed_in
def appoint(request: HttpRequest, position_id: int) -> HttpResponse:
    seat = queries.position(request.actor, position_id, request.today)
    page = seat_page(
        request,
        seat,
        heading=_("Appoint somebody as %(title)s"),
        button=_("Appoint"),
        consequences=[
            _("From the first day the person may do everything the roles of this position allow."),
            _("Open work of the position waits for them in their inbox."),
        ],
    )
    form = AppointForm(request.POST or None, initial={"on": request.today})
    return perform(
        request, form, page, lambda data: actions.appoint(by=request.actor, at=request.now, position=seat, **data)
    )


@signed_in
def hand_over(request: HttpRequest, position_id: int) -> HttpResponse:
    seat = queries.position(request.actor, position_id, request.today)
    now = holder(seat, request)
    consequences = [
        _("All open work, messages and roles of the position pass to the new holder in one step."),
        _("Who signs for the present holder stops on the same day."),
    ]
    if now is not None:
        consequences.insert(
            0, _("%(name)s no longer holds the position from that day.") % {"name": now.account.full_name}
        )
    page = seat_page(request, seat, heading=_("Hand over %(title)s"), button=_("Hand over"), consequences=consequences)
    form = HandOverForm(request.POST or None, initial={"on": request.today})
    return perform(
        request,
        form,
        page,
        lambda data: actions.hand_over(
            by=request.actor, at=request.now, position=seat, to=data["account"], on=data["on"], reason=data["reason"]
        ),
    )


@signed_in
def act_for(request: HttpRequest, position_id: int) -> HttpResponse:
    seat = queries.position(request.actor, position_id, request.today)
    page = seat_page(
        request,
        seat,
        heading=_("Let somebody act as %(title)s"),
        button=_("Let them act"),
        consequences=[
            _("Between these days the person may do everything the roles of this position allow."),
            _("The journal shows both: who acted, and for whom."),
        ],
    )
    form = ActForForm(request.POST or None, initial={"on": request.today, "manner": Manner.SIGNS_FOR.value})
    return perform(
        request, form, page, lambda data: actions.act_for(by=request.actor, at=request.now, position=seat, **data)
    )


@signed_in
def grant(request: HttpRequest, position_id: int) -> HttpResponse:
    seat = queries.position(request.actor, position_id, request.today)
    page = seat_page(
        request,
        seat,
        heading=_("Give %(title)s a role"),
        button=_("Give the role"),
        consequences=[_("Whoever holds the position has the role over the unit and all units below it.")],
    )
    form = GrantForm(
        request.POST or None,
        units=scopes(request, seat),
        hierarchies=[(one.code, one.name) for one in orgs.hierarchies()],
        initial={"on": request.today, "unit": seat.unit_id, "hierarchy": orgs.MANAGEMENT},
    )
    return perform(
        request, form, page, lambda data: actions.grant(by=request.actor, at=request.now, position=seat, **data)
    )


@signed_in
def dismiss(request: HttpRequest, holding_id: int) -> HttpResponse:
    one = queries.holding_under(request.actor, holding_id, request.today)
    page = seat_page(
        request,
        one.position,
        heading=_("%(name)s no longer as %(title)s"),
        name=one.account.full_name,
        button=_("End it"),
        danger=True,
        consequences=[
            _("From that day %(name)s no longer acts in this position.") % {"name": one.account.full_name},
            _("The position stays vacant with its open work until somebody is appointed. To pass it on, hand it over."),
        ],
    )
    form = EndForm(request.POST or None, initial={"on": max(request.today, one.start)})
    return perform(
        request, form, page, lambda data: actions.dismiss(by=request.actor, at=request.now, holding=one, **data)
    )


@signed_in
def revoke(request: HttpRequest, grant_id: int) -> HttpResponse:
    one = queries.grant_under(request.actor, grant_id, request.today)
    page = seat_page(
        request,
        one.position,
        heading=_("Take the role back from %(title)s"),
        button=_("Take the role back"),
        danger=True,
        consequences=[
            _("From that day the position no longer has the role “%(role)s” over %(unit)s.")
            % {"role": one.role_name, "unit": orgs.name(one.unit_id, request.today)}
        ],
    )
    form = EndForm(request.POST or None, initial={"on": max(request.today, one.start)})
    return perform(
        request, form, page, lambda data: actions.revoke(by=request.actor, at=request.now, grant=one, **data)
    )


def seat_page(
    request: HttpRequest,
    seat: Position,
    *,
    heading: str,
    button: str,
    consequences: list[str],
    danger: bool = False,
    name: str = "",
) -> VerbPage:
    return VerbPage(
        heading=heading % {"title": seat.title, "name": name},
        button=button,
        back=reverse("people:position", args=[seat.pk]),
        crumbs=position_crumbs(seat),
        consequences=consequences,
        danger=danger,
        datalist=queries.accounts_under(request.actor, request.today).filter(is_active=True).order_by("fold")[:200],
    )


def scopes(request: HttpRequest, seat: Position) -> list[tuple[int, str]]:
    """The unit of the position and those above it whose accounts the actor manages."""
    path = orgs.path(seat.unit_id, orgs.MANAGEMENT, request.today)
    managed = queries.units_where(request.actor, "account.manage", request.today)
    ids = set(
        orgs.living(request.today)
        .filter(unit__in=managed, unit_id__in=[one.unit_id for one in path])
        .values_list("unit_id", flat=True)
    )
    return [(one.unit_id, one.name) for one in reversed(path) if one.unit_id in ids]


def holder(seat: Position, request: HttpRequest) -> Any:
    held = seat.holdings.filter(queries.valid_on(request.today), manner=Manner.HOLDS.value)
    return held.select_related("account").first()


def state_of(row: Any, request: HttpRequest) -> str:
    """Whether a span holds today: active, planned or ended."""
    if row.end is not None and row.end <= request.today:
        return "ended"
    return "planned" if row.start > request.today else "active"
