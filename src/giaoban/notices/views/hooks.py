"""Connections of a unit with other systems: registered, tried, paused, ended; what was delivered."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.notices import actions, queries, wording
from giaoban.notices.forms import HookForm
from giaoban.notices.models import Hook
from giaoban.notices.queries.web_hooks import RIGHT
from giaoban.notices.views.tabs import tabs
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to

PAGE = 50


@signed_in
@require_GET
def hooks(request: HttpRequest) -> HttpResponse:
    """The connections of the units whose settings one manages."""
    _require_manager(request)
    found = list(queries.hooks(request.actor, request.today))
    names = orgs.names({each.unit_id for each in found}, request.today)
    for each in found:
        each.unit_name = names.get(each.unit_id, "")  # type: ignore[attr-defined]
    context = {
        "tabs": tabs(request, "hooks"),
        "hooks": found,
        "hosts": sorted(settings.HOOK_HOSTS),
        "may_add": bool(_units(request)),
    }
    return render(request, "notices/hooks.html", context)


@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Register one; its secret is shown once, on the page that follows."""
    _require_manager(request)
    units = _units(request)
    if not units:
        raise NotAllowed()
    form = HookForm(request.POST or None, units=units)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            made, secret = actions.make_hook(
                by=request.actor,
                at=request.now,
                unit_id=asked["unit"],
                name=asked["name"],
                address=asked["address"],
                chosen=asked["events"],
            )
        except Refused as refused:
            add_to(form, refused)
        else:
            return _page(request, made, secret=secret)
    context = {"tabs": tabs(request, "hooks"), "form": form, "hosts": sorted(settings.HOOK_HOSTS)}
    return render(request, "notices/hook_new.html", context, status=422 if form.errors else 200)


@signed_in
@require_GET
def hook(request: HttpRequest, hook_id: int) -> HttpResponse:
    """One connection with its last deliveries; `?trang_thai=` narrows them."""
    return _page(request, queries.hook_for(request.actor, hook_id, request.today))


@signed_in
@require_POST
def act(request: HttpRequest, hook_id: int, verb: str) -> HttpResponse:
    """The verbs of one connection."""
    own = {"by": request.actor, "at": request.now, "hook_id": hook_id}
    if verb == "doi-khoa":
        found, secret = actions.rotate_secret(**own)
        return _page(request, found, secret=secret)
    if verb == "sua":
        return _change(request, hook_id)
    if verb == "thu":
        actions.try_hook(**own)
        messages.success(request, _("The trial is on its way."))
    elif verb == "tam-dung":
        actions.pause_hook(**own, reason=request.POST.get("reason", ""))
    elif verb == "tiep-tuc":
        actions.resume_hook(**own)
    elif verb == "ket-thuc":
        actions.close_hook(**own)
        messages.success(request, _("The connection has ended."))
        return redirect("notices:hooks")
    else:
        raise Http404
    return redirect("notices:hook", hook_id)


@signed_in
@require_POST
def resend(request: HttpRequest, hook_id: int, delivery_id: int) -> HttpResponse:
    actions.resend(by=request.actor, at=request.now, hook_id=hook_id, delivery_id=delivery_id)
    messages.success(request, _("It is sent once more."))
    return redirect("notices:hook", hook_id)


def _change(request: HttpRequest, hook_id: int) -> HttpResponse:
    found = queries.hook_for(request.actor, hook_id, request.today)
    form = HookForm(request.POST, units=[], hook=found)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            actions.change_hook(
                by=request.actor,
                at=request.now,
                hook_id=hook_id,
                name=asked["name"],
                address=asked["address"],
                chosen=asked["events"],
            )
        except Refused as refused:
            add_to(form, refused)
        else:
            messages.success(request, _("Kept."))
            return redirect("notices:hook", hook_id)
    return _page(request, found, form=form, status=422)


def _page(
    request: HttpRequest, found: Hook, *, secret: str = "", form: HookForm | None = None, status: int = 200
) -> HttpResponse:
    state = request.GET.get("trang_thai", "")
    page = Paginator(queries.deliveries(found, state), PAGE).get_page(request.GET.get("trang"))
    context: dict[str, Any] = {
        "tabs": tabs(request, "hooks"),
        "hook": found,
        "unit": orgs.name(found.unit_id, request.today),
        "events": [wording.event(name) for name in found.events],
        "secret": secret,
        "form": form or HookForm(units=[], hook=found),
        "page": page,
        "rows": [
            {
                "delivery": each,
                "event": wording.event(each.event),
                "look": wording.LOOKS[each.state],
                "word": str(wording.STATES[each.state]),
            }
            for each in page
        ],
        "state": state,
        "states": [(code, str(words)) for code, words in wording.STATES.items()],
    }
    return render(request, "notices/hook.html", context, status=status)


def _require_manager(request: HttpRequest) -> None:
    if not people.may_anywhere(request.actor, RIGHT, request.today):
        raise NotAllowed()


def _units(request: HttpRequest) -> list[tuple[int, str]]:
    """The units in whose name one may connect: one's own."""
    ids = people.acts_for(request.actor, RIGHT, request.today)
    names = orgs.names(ids, request.today)
    return [(unit, names.get(unit, "")) for unit in ids]
