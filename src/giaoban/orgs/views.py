"""Pages of units: the tree, the search, one unit; each as of a day (`?ngay=`, today by default).

Units are public master data of the state: everybody who is signed in may look at all of them (`unit.view` is held by
every role). Changing them is another matter, and the verbs ask for it themselves.
"""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from giaoban.core.text import slug as slug_of
from giaoban.orgs import actions, pages, queries, refusals
from giaoban.orgs.comparing import BY_ADDRESS, Comparison
from giaoban.orgs.forms import BetweenForm, TreeForm, read_day
from giaoban.orgs.models import COUNTRY_ID, TERRITORY, Unit
from giaoban.orgs.rights import signed_in

LINES, MOST = 8, 60  # how many answers a search shows while one types, and on its page
REFORM_EVE, REFORM = date(2025, 6, 30), date(2025, 7, 1)


def _filters(request: HttpRequest) -> tuple[TreeForm, date, str]:
    """The form as it should be shown, the day and the hierarchy; a bad day is said at the field and today is shown."""
    choices = [(row.code, row.name) for row in queries.hierarchies()]
    usual = {"ngay": request.today, "he": TERRITORY}  # type: ignore[attr-defined]
    given = {key: request.GET[key] for key in usual if request.GET.get(key)}
    form = TreeForm(usual | given, hierarchies=choices)
    fits = form.is_valid()
    chosen = usual | form.cleaned_data  # what did not fit is not in cleaned_data
    if fits:
        form = TreeForm(initial=chosen, hierarchies=choices)
    return form, chosen["ngay"], chosen["he"]


def _day_text(request: HttpRequest, on: date) -> str:
    return "" if on == request.today else on.isoformat()  # type: ignore[attr-defined]


@require_safe
@signed_in
def tree(request: HttpRequest) -> HttpResponse:
    """The whole tree of a day, open where the actor's unit stands, or where `?mo=` says."""
    form, on, hierarchy = _filters(request)
    view = pages.Tree(hierarchy, on, _day_text(request, on))
    opened = request.GET.get("mo", "")
    at = int(opened) if opened.isdecimal() and len(opened) < 16 else request.actor.unit_id or 1  # type: ignore[attr-defined]
    path = [row.unit_id for row in queries.path(at, hierarchy, on)]
    context = {
        "form": form,
        "on": on,
        "day_text": view.day_text,
        "nodes": view.roots(path or [1]),
        "here": at,
        "totals": pages.totals(on),
        "eve": REFORM_EVE,
        "reform": REFORM,
        "hierarchy": hierarchy,
    }
    return render(request, "orgs/tree.html", context)


@require_safe
@signed_in
def branch(request: HttpRequest, unit_id: int) -> HttpResponse:
    """The lines below one unit, fetched when its branch is opened."""
    _form, on, hierarchy = _filters(request)
    nodes = pages.Tree(hierarchy, on, _day_text(request, on)).below(unit_id)
    return render(request, "orgs/nodes.html", {"nodes": nodes})


@require_safe
@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """Search without accents; a typing search box gets lines, everybody else a page."""
    text = request.GET.get("q", "").strip()[:100]
    if request.headers.get("HX-Request"):
        on = read_day(request.GET.get("ngay", "")) or request.today  # type: ignore[attr-defined]
        return render(request, "orgs/hits.html", {"text": text, "hits": _hits(request, text, on, LINES)})
    form, on, _hierarchy = _filters(request)
    hits = _hits(request, text, on, MOST)
    context = {"form": form, "on": on, "day_text": _day_text(request, on), "text": text, "hits": hits, "limit": MOST}
    return render(request, "orgs/search.html", context)


def _hits(request: HttpRequest, text: str, on: date, limit: int) -> list[tuple[queries.Found, str]]:
    """What is found, with addresses that keep the day."""
    found = queries.search(text, on, limit=limit) if text else []
    return [(hit, pages.address(hit.unit_id, hit.name, ngay=_day_text(request, on))) for hit in found]


@require_safe
@signed_in
def unit(request: HttpRequest, unit_id: int, slug: str = "") -> HttpResponse:
    """One unit as of a day; its address carries the name, and an old name leads to the present one."""
    form, on, hierarchy = _filters(request)
    page = pages.unit_page(unit_id, hierarchy, on, request.today)  # type: ignore[attr-defined]
    if page is None:
        raise Http404
    if slug != slug_of(page.shown.name):
        query = urlencode(request.GET, doseq=True)
        return redirect(pages.address(unit_id, page.shown.name) + (f"?{query}" if query else ""))
    calls = pages.calls(unit_id, request.actor, request.now)  # type: ignore[attr-defined]
    return render(request, "orgs/unit.html", {"page": page, "form": form, "on": on, "calls": calls})


@require_POST
@signed_in
def forget_name(request: HttpRequest, alias_id: int) -> HttpResponse:
    """Withdraw a name that was confirmed near a unit; only those who read documents there."""
    who = {"by": request.actor, "at": request.now}  # type: ignore[attr-defined]
    try:
        alias = actions.forget_name(**who, alias_id=alias_id, reason=request.POST.get("reason", "")[:500])
    except refusals.NoName:
        raise Http404 from None
    except refusals.NoReason as refused:
        messages.error(request, gettext(refused.sentence))
        alias = queries.alias(alias_id)
    else:
        messages.success(request, gettext("“%(name)s” is no longer understood so.") % {"name": alias.text})
    return redirect(pages.address(alias.unit_id, queries.name(alias.unit_id, request.today)))  # type: ignore[attr-defined]


@require_safe
@signed_in
def between(request: HttpRequest) -> HttpResponse:
    """Two days side by side: what was founded, ended, renamed, moved, in the whole or inside one unit."""
    choices = [(row.code, row.name) for row in queries.hierarchies()]
    usual = {"tu": REFORM_EVE, "den": REFORM, "he": TERRITORY}
    form = BetweenForm(usual | {key: request.GET[key] for key in usual if request.GET.get(key)}, hierarchies=choices)
    chosen = form.cleaned_data if form.is_valid() else usual
    if form.is_valid():
        form = BetweenForm(initial=chosen, hierarchies=choices)
    inside = request.GET.get("trong", "")
    unit_id = int(inside) if inside.isdecimal() and len(inside) < 16 else COUNTRY_ID
    if not Unit.objects.filter(pk=unit_id).exists():
        raise Http404
    asked = Comparison(
        first=chosen["tu"],
        second=chosen["den"],
        unit_id=unit_id,
        hierarchy=chosen["he"],
        chosen=BY_ADDRESS.get(request.GET.get("loai", ""), ""),
        page=request.GET.get("trang", 1),
    )
    return render(request, "orgs/between.html", {"asked": asked, "form": form})
