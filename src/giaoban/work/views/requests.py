"""Pages of requests: what my units have to answer, what they asked, one request with all its answers."""

from __future__ import annotations

from collections.abc import Callable

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.documents import queries as documents
from giaoban.documents.models import Document
from giaoban.documents.naming import Circle, below, ids
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to
from giaoban.ui.parts import Tab
from giaoban.work import refusals
from giaoban.work.actions import requests as actions
from giaoban.work.forms import ReasonForm
from giaoban.work.forms_requests import JudgeForm, ReplyForm, RequestForm
from giaoban.work.models import Request
from giaoban.work.queries import names as names_of
from giaoban.work.queries import requests as queries
from giaoban.work.views.meetings import hosts_of

PAGE = 30
VIEWS = {"": "to-answer", "cua-toi": "mine", "qua-han": "overdue", "da-xong": "closed"}
LOOKS = {
    Request.State.OPEN: "open",
    Request.State.ANSWERED: "proposed",
    Request.State.SATISFIED: "confirmed",
    Request.State.WITHDRAWN: "ended",
}


@signed_in
@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """The list, what is due first."""
    actor, on = request.actor, request.today
    view = VIEWS.get(request.GET.get("xem", ""), "to-answer")
    text = request.GET.get("q", "")
    page = Paginator(queries.requests(actor, on, view=view, text=text), PAGE).get_page(request.GET.get("trang"))
    names = names_of([unit for each in page for unit in (each.unit_id, each.to_id)], on)
    address, counts = reverse("work:requests"), queries.request_counts(actor, on)
    titles = [_("To answer"), _("Asked by us"), _("Past their day"), _("Closed requests")]
    context = {
        "page": page,
        "rows": [
            (each, names.get(each.unit_id, ""), names.get(each.to_id, ""), look_of(each, request)) for each in page
        ],
        "q": text,
        "xem": request.GET.get("xem", ""),
        "may_make": bool(people.acts_for(actor, "request.make", on)),
        "tabs": [
            Tab(title, f"{address}?xem={code}" if code else address, current=name == view, count=counts.get(name))
            for title, (code, name) in zip(titles, VIEWS.items())
        ],
    }
    return render(request, "work/requests/list.html", context)


def look_of(asked: Request, request: HttpRequest) -> tuple[str, str]:
    late = asked.state == Request.State.OPEN and asked.due_on is not None and asked.due_on < request.today
    return ("late", _("Answer overdue")) if late else (LOOKS[Request.State(asked.state)], asked.get_state_display())


@signed_in
def make(request: HttpRequest) -> HttpResponse:
    """Ask another unit, in the name of one's own."""
    on = request.today
    hosts, unit = hosts_of(request, "request.make")
    circle = Circle(on, unit, below(unit, on))
    above = [row for row in orgs.ancestors(unit, orgs.MANAGEMENT, on) if row.unit_id not in (unit, 1)]
    offered = [*(row.body_name or row.name for row in above), *circle.offered]
    form = RequestForm(request.POST or None, circle=circle, hosts=hosts, initial={"unit": unit})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            units = ids(data["to"])
            if len(units) != 1:
                raise refusals.AsksItself()
            made = actions.make(
                by=request.actor,
                at=request.now,
                unit_id=unit,
                to_id=units[0],
                text=data["text"],
                due_on=data["due_on"],
                document=_cited(request, data["document"]),
            )
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect(made)
    context = {"form": form, "offered": offered, "unit_name": orgs.body_name(unit, on)}
    return render(request, "work/requests/make.html", context, status=422 if form.errors else 200)


@signed_in
@require_GET
def one(request: HttpRequest, request_id: int) -> HttpResponse:
    return _page(request, _find(request, request_id))


@signed_in
@require_POST
def answer(request: HttpRequest, request_id: int) -> HttpResponse:
    asked, form = _find(request, request_id), ReplyForm(request.POST)

    def verb() -> None:
        data = form.cleaned_data
        document = _cited(request, data["document"])
        actions.answer(by=request.actor, at=request.now, asked=asked, text=data["text"], document=document)

    return _do(request, asked, "reply_form", form, verb)


@signed_in
@require_POST
def judge(request: HttpRequest, request_id: int) -> HttpResponse:
    asked, form = _find(request, request_id), JudgeForm(request.POST)

    def verb() -> None:
        satisfied = request.POST.get("satisfied") == "yes"
        words = form.cleaned_data["words"]
        actions.judge(by=request.actor, at=request.now, asked=asked, satisfied=satisfied, words=words)

    return _do(request, asked, "judge_form", form, verb)


@signed_in
@require_POST
def withdraw(request: HttpRequest, request_id: int) -> HttpResponse:
    asked, form = _find(request, request_id), ReasonForm(request.POST)

    def verb() -> None:
        actions.withdraw(by=request.actor, at=request.now, asked=asked, reason=form.cleaned_data["reason"])

    return _do(request, asked, "withdraw_form", form, verb)


def _do(request: HttpRequest, asked: Request, name: str, form: JudgeForm, verb: Callable[[], None]) -> HttpResponse:
    if form.is_valid():
        try:
            verb()
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect(asked)
    return _page(request, asked, {name: form}, status=422)


def _page(
    request: HttpRequest, asked: Request, forms: dict[str, object] | None = None, status: int = 200
) -> HttpResponse:
    actor, on = request.actor, request.today
    names = names_of([asked.unit_id, asked.to_id], on)
    ours = people.may(actor, "request.make", asked.unit_id, on)
    context = {
        "asked": asked,
        "asker": names.get(asked.unit_id, ""),
        "to": names.get(asked.to_id, ""),
        "look": look_of(asked, request),
        "replies": asked.replies.select_related("document"),
        "may_answer": asked.state == Request.State.OPEN and people.may(actor, "request.answer", asked.to_id, on),
        "may_judge": asked.state == Request.State.ANSWERED and ours,
        "may_withdraw": asked.closed_at is None and ours,
        "sentence": asked.document.text[asked.start : asked.end] if asked.document and asked.start is not None else "",
        "reply_form": ReplyForm(),
        "judge_form": JudgeForm(),
        "withdraw_form": ReasonForm(),
    }
    return render(request, "work/requests/one.html", {**context, **(forms or {})}, status=status)


def _find(request: HttpRequest, request_id: int) -> Request:
    try:
        return queries.request(request.actor, request_id, request.today)
    except Request.DoesNotExist:
        raise Http404 from None


def _cited(request: HttpRequest, symbol: str) -> Document | None:
    if not symbol:
        return None
    found = documents.cited(request.actor, symbol, None, request.today)
    if found is None:
        raise refusals.UnknownDocument(symbol=symbol)
    return found
