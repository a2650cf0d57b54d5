"""Accounts: list, open, change, suspend; one person or a table of them."""

from __future__ import annotations

import csv
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.journal import queries as journal
from giaoban.orgs import queries as orgs
from giaoban.people import actions, queries
from giaoban.people.actions.intake import COLUMNS, temporary_password
from giaoban.people.forms import FileForm, NothingForm, PersonForm, ReasonForm, TakeOnForm
from giaoban.people.guards import signed_in
from giaoban.people.lockout import remaining_wait
from giaoban.people.models import Account, Holding, Position
from giaoban.people.refusals import add_to, sentences
from giaoban.people.roles import Role
from giaoban.people.views.doors import VerbPage, perform

PAGE = 50
FEW = 30  # units listed at once before one has to search


@signed_in
def accounts(request: HttpRequest) -> HttpResponse:
    """Accounts under the administrator's units."""
    require_administrator(request)
    unit = unit_in_address(request)
    text = request.GET.get("q", "")
    found = queries.search_accounts(request.actor, text, request.today, unit).prefetch_related(
        Prefetch("holdings", held_now(request), to_attr="now")
    )
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    names = orgs.names({one.position.unit_id for account in page for one in account.now}, request.today)
    rows = [
        {"account": account, "seats": [(one, names[one.position.unit_id]) for one in account.now]} for account in page
    ]
    context = {
        "page": page,
        "rows": rows,
        "q": text,
        "unit": unit,
        "unit_name": orgs.name(unit, request.today) if unit else "",
    }
    return render(request, "people/accounts.html", context)


@signed_in
def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """One person: positions now and before, and what may be done with the account."""
    person = queries.account(request.actor, account_id, request.today)
    held = list(person.holdings.select_related("position", "acting_for").order_by("-start", "-pk"))
    names = orgs.names({one.position.unit_id for one in held}, request.today)
    mine = set(
        queries.positions_under(request.actor, request.today)
        .filter(pk__in=[one.position_id for one in held])
        .values_list("pk", flat=True)
    )
    context = {
        "person": person,
        "held": [(one, names[one.position.unit_id], one.position_id in mine) for one in held],
        "administers": person.pk != request.actor.account_id
        and queries.administers(request.actor, person, request.today),
        "locked": remaining_wait(person.username, timezone.now()),
        "history": journal.history(person)[:20],
    }
    return render(request, "people/account.html", context)


@signed_in
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Take somebody on: first the unit, then the person with position and roles."""
    require_administrator(request)
    unit = unit_in_address(request)
    if unit is None:
        return choose_unit(request, _("Take somebody on"), reverse("people:new"))
    form = TakeOnForm(
        request.POST or None, vacant=queries.vacant_positions(unit, request.today), initial={"on": request.today}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.take_on(by=request.actor, at=request.now, unit=unit, **taken(form.cleaned_data))
        except Refused as refused:
            add_to(form, refused, {"role": "roles"})
        else:
            return render(request, "people/made.html", {"made": [made], "unit_name": orgs.name(unit, request.today)})
    context = {"form": form, "unit": unit, "unit_name": orgs.name(unit, request.today)}
    return render(request, "people/new.html", context)


def taken(data: dict[str, Any]) -> dict[str, Any]:
    """The arguments of `take_on` from a checked form."""
    return data | {"roles": [Role(code) for code in data["roles"]]}


@signed_in
@never_cache
def load(request: HttpRequest) -> HttpResponse:
    """Take on everybody in a CSV file; on any fault nothing is stored and every fault is shown."""
    require_administrator(request)
    form = FileForm(request.POST or None, request.FILES or None)
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.load_accounts(by=request.actor, at=request.now, content=form.cleaned_data["file"].read())
        except Refused as refused:
            faults = sentences(refused)
        else:
            return render(request, "people/made.html", {"made": made})
    context = {"form": form, "faults": faults, "columns": COLUMNS, "roles": list(Role)}
    return render(request, "people/load.html", context, status=409 if faults else 200)


@signed_in
def sample(request: HttpRequest) -> HttpResponse:
    """A table with the right columns and one row, to fill in with a spreadsheet."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="mau-tai-khoan.csv"'
    table = csv.writer(response)
    table.writerow(COLUMNS)
    table.writerow(["(mã đơn vị)", "Hiệu trưởng", "x", "Nguyễn Thị Hoa", "nguyenthihoa", "head", "01/09/2025", "", ""])
    return response


@signed_in
def change(request: HttpRequest, account_id: int) -> HttpResponse:
    person = queries.account(request.actor, account_id, request.today)
    initial = {"full_name": person.full_name, "email": person.email, "phone": person.phone}
    page = VerbPage(
        heading=_("Change %(name)s") % {"name": person.full_name},
        button=_("Save"),
        back=reverse("people:account", args=[person.pk]),
        crumbs=crumbs(person),
        consequences=[_("Past documents and the journal keep the name as it was then.")],
    )
    form = PersonForm(request.POST or None, initial=initial)
    return perform(
        request,
        form,
        page,
        lambda data: actions.change_account(by=request.actor, at=request.now, account=person, **data),
    )


@signed_in
@never_cache
def reset_password(request: HttpRequest, account_id: int) -> HttpResponse:
    """A temporary password, shown once."""
    person = queries.account(request.actor, account_id, request.today)
    page = VerbPage(
        heading=_("New temporary password for %(name)s") % {"name": person.full_name},
        button=_("Make a temporary password"),
        back=reverse("people:account", args=[person.pk]),
        crumbs=crumbs(person),
        consequences=[
            _("The present password no longer works, and all devices of this person are signed out."),
            _("The temporary password is shown once; its owner has to change it on signing in."),
        ],
        danger=True,
    )
    form = NothingForm(request.POST or None)
    if request.method == "POST":
        password = temporary_password()
        try:
            actions.set_password(by=request.actor, at=request.now, account=person, password=password)
        except Refused as refused:
            form.is_valid()
            add_to(form, refused)
        else:
            return render(request, "people/password_made.html", {"person": person, "password": password})
    return render(request, "people/verb.html", {"form": form, "page": page})


@signed_in
@require_POST
def unlock(request: HttpRequest, account_id: int) -> HttpResponse:
    person = queries.account(request.actor, account_id, request.today)
    actions.unlock(by=request.actor, at=request.now, account=person)
    return redirect("people:account", person.pk)


@signed_in
def suspend(request: HttpRequest, account_id: int) -> HttpResponse:
    """Suspend an account, or lift the suspension."""
    person = queries.account(request.actor, account_id, request.today)
    verb = actions.deactivate if person.is_active else actions.activate
    page = VerbPage(
        heading=(_("Suspend %(name)s") if person.is_active else _("Lift the suspension of %(name)s"))
        % {"name": person.full_name},
        button=_("Suspend the account") if person.is_active else _("Lift the suspension"),
        back=reverse("people:account", args=[person.pk]),
        crumbs=crumbs(person),
        consequences=[
            _("Nobody can sign in to this account any more; who is signed in is out at once."),
            _("Its positions are not taken away: hand them over, so that open work goes on."),
        ]
        if person.is_active
        else [_("The person can sign in again and act in the positions they still hold.")],
        danger=person.is_active,
    )
    form = ReasonForm(request.POST or None)
    return perform(request, form, page, lambda data: verb(by=request.actor, at=request.now, account=person, **data))


def require_administrator(request: HttpRequest) -> None:
    if not queries.may_anywhere(request.actor, "account.manage", request.today):
        raise NotAllowed()


def held_now(request: HttpRequest) -> Any:
    return Holding.objects.filter(queries.valid_on(request.today)).select_related("position", "acting_for")


def unit_in_address(request: HttpRequest) -> int | None:
    """`?don-vi=`, if it is a unit whose accounts the actor manages."""
    text = request.GET.get("don-vi", "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise NotAllowed()
    queries.require(request.actor, "account.manage", int(text), request.today)
    return int(text)


def choose_unit(request: HttpRequest, heading: str, address: str) -> HttpResponse:
    """A step before a form: in which unit? All when they are few, else those whose name fits."""
    text = request.GET.get("q", "")
    found = queries.units_named(request.actor, "account.manage", text, request.today)[: FEW + 1]
    context = {"heading": heading, "address": address, "q": text, "units": found[:FEW], "more": len(found) > FEW}
    return render(request, "people/choose_unit.html", context)


def crumbs(person: Account) -> list[tuple[str, str]]:
    return [
        (_("Users"), reverse("people:accounts")),
        (person.full_name, reverse("people:account", args=[person.pk])),
    ]


def position_crumbs(position: Position) -> list[tuple[str, str]]:
    return [
        (_("Positions"), reverse("people:positions")),
        (position.title, reverse("people:position", args=[position.pk])),
    ]
