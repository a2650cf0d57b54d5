"""Pages of the work programme: a year or a month, one item, and its adoption."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.documents.naming import Circle, below
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to, sentences
from giaoban.ui.parts import Tab
from giaoban.work import queries as work
from giaoban.work.actions import programme as actions
from giaoban.work.forms_programme import ItemForm
from giaoban.work.forms_week import ReasonForm
from giaoban.work.models import ProgrammeItem
from giaoban.work.queries import programme as queries
from giaoban.work.queries.speaking import home_first
from giaoban.work.views.rows import look_of


@signed_in
@require_safe
def programme(request: HttpRequest) -> HttpResponse:
    """The programme of one unit, of a year or of one of its months."""
    return render(request, "work/programme/programme.html", context_of(request, *_asked(request)))


def context_of(request: HttpRequest, unit: int, year: int, month: int | None) -> dict[str, Any]:
    actor, on = request.actor, request.today
    found = queries.programme(actor, unit, year, month, on)
    names = work.names([item.lead_id for item in found.items], on)
    rows = [(item, names.get(item.lead_id, ""), _look(item, on)) for item in found.items]
    verbs = people.verbs_at(actor, ["programme.plan", "programme.adopt"], unit, on)
    address = f"{reverse('work:programme')}?unit={unit}&nam={year}"
    return {
        "programme": found,
        "months": [(key, list(some)) for key, some in groupby(rows, key=lambda row: row[0].due_on.month)],
        "unit_id": unit,
        "unit_name": orgs.body_name(unit, on),
        "units": [(each, orgs.body_name(each, on)) for each in people.acts_for(actor, "document.view", on)],
        "year": year,
        "month": month,
        "done": found.done(on),
        "late": found.late(on),
        "total": len(found.standing),
        "may_plan": "programme.plan" in verbs,
        "may_adopt": "programme.adopt" in verbs and found.adopted is None and bool(found.standing),
        "tabs": [
            Tab(_("Whole year"), address, current=month is None),
            *(Tab(_("Month %(n)s") % {"n": n}, f"{address}&thang={n}", current=month == n) for n in range(1, 13)),
        ],
    }


@signed_in
def put_in(request: HttpRequest) -> HttpResponse:
    """Put an item in."""
    unit, year, month = _asked(request)
    people.require(request.actor, "programme.plan", unit, request.today)
    return _item_page(request, unit, None, initial={"due_on": _first_day(year, month, request.today)})


@signed_in
def change(request: HttpRequest, programme_id: int) -> HttpResponse:
    """Change one item that is not adopted yet, or call it off."""
    found = _find(request, programme_id)
    people.require(request.actor, "programme.plan", found.unit_id, request.today)
    initial = {name: getattr(found, name) for name in ("kind", "title", "partners_text", "decided_by", "due_on")}
    initial["lead"] = orgs.body_name(found.lead_id, request.today)
    return _item_page(request, found.unit_id, found, initial=initial)


@signed_in
@require_POST
def call_off(request: HttpRequest, programme_id: int) -> HttpResponse:
    """Call one item off."""
    found = _find(request, programme_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            actions.call_item_off(by=request.actor, at=request.now, item=found, reason=form.cleaned_data["reason"])
        except NotAllowed:
            raise
        except Refused as refused:
            messages.error(request, " ".join(sentences(refused)))
    return redirect(_address(found.unit_id, found.year, found.due_on.month))


@signed_in
@require_POST
def adopt(request: HttpRequest) -> HttpResponse:
    """Adopt what is shown: every item becomes a task."""
    unit, year, month = _asked(request)
    try:
        _made, tasks = actions.adopt_programme(by=request.actor, at=request.now, unit_id=unit, year=year, month=month)
    except NotAllowed:
        raise
    except Refused as refused:
        messages.error(request, " ".join(sentences(refused)))
    else:
        messages.success(request, ngettext("Given: %(n)s task", "Given: %(n)s tasks", tasks) % {"n": tasks})
    return redirect(_address(unit, year, month))


def _item_page(request: HttpRequest, unit: int, found: ProgrammeItem | None, initial: dict[str, Any]) -> HttpResponse:
    circle = Circle(request.today, unit, below(unit, request.today))
    form = ItemForm(request.POST or None, circle=circle, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            if found is None:
                saved = actions.put_in(by=request.actor, at=request.now, unit_id=unit, **form.arguments())
            else:
                saved = actions.change_item(by=request.actor, at=request.now, item=found, **form.arguments())
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused, {"lead_id": "lead"})
        else:
            return redirect(_address(unit, saved.year, saved.due_on.month))
    context = {
        "form": form,
        "item": found,
        "off": ReasonForm(),
        "unit_id": unit,
        "unit_name": orgs.body_name(unit, request.today),
        "offered": list(circle.offered),
    }
    return render(request, "work/programme/item.html", context, status=422 if form.errors else 200)


def _find(request: HttpRequest, programme_id: int) -> ProgrammeItem:
    try:
        return queries.item(request.actor, programme_id, request.today)
    except ProgrammeItem.DoesNotExist:
        raise Http404 from None


def _asked(request: HttpRequest) -> tuple[int, int, int | None]:
    given = request.POST if request.method == "POST" else request.GET
    units = home_first(request.actor, people.acts_for(request.actor, "document.view", request.today), request.today)
    if not units:
        raise NotAllowed()
    unit = next((each for each in units if str(each) == given.get("unit", "")), units[0])
    year = _number(given.get("nam", ""), 2000, 2100) or request.today.year
    return unit, year, _number(given.get("thang", ""), 1, 12)


def _number(text: str, least: int, most: int) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 and least <= int(text) <= most else None


def _first_day(year: int, month: int | None, today: date) -> date | None:
    return None if month is None or (year, month) == (today.year, today.month) else date(year, month, 15)


def _address(unit: int, year: int, month: int | None) -> str:
    when = f"&thang={month}" if month else ""
    return f"{reverse('work:programme')}?unit={unit}&nam={year}{when}"


def _look(item: ProgrammeItem, on: date) -> tuple[str, str]:
    if item.called_off_at is not None:
        return "ended", _("Called off")
    if item.task is None:
        return "draft", _("Not adopted yet")
    return look_of(item.task, on)
