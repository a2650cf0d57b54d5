"""Pages of difficulties and shortcomings: what was said how often, and what removes it."""

from __future__ import annotations

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.documents.naming import Circle, below
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to
from giaoban.ui.parts import Tab
from giaoban.work.actions import difficulties as actions
from giaoban.work.forms import TaskForm
from giaoban.work.forms_requests import DifficultyAnswerForm
from giaoban.work.models import Difficulty
from giaoban.work.queries import difficulties as queries
from giaoban.work.queries import names as names_of

PAGE = 30


@signed_in
@require_GET
def difficulties(request: HttpRequest) -> HttpResponse:
    """The list, what was said most often first."""
    closed, text = request.GET.get("xem") == "da-xong", request.GET.get("q", "")
    found = queries.difficulties(request.actor, request.today, closed=closed, text=text)
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    names = names_of([unit for each in page for unit in (each.unit_id, each.host_id)], request.today)
    address = reverse("work:difficulties")
    context = {
        "page": page,
        "rows": [(each, names.get(each.unit_id, ""), names.get(each.host_id, "")) for each in page],
        "q": text,
        "closed": closed,
        "tabs": [
            Tab(_("Not removed yet"), address, current=not closed),
            Tab(_("Removed"), f"{address}?xem=da-xong", current=closed),
        ],
    }
    return render(request, "work/difficulties/list.html", context)


@signed_in
@require_GET
def one(request: HttpRequest, difficulty_id: int) -> HttpResponse:
    return _page(request, _find(request, difficulty_id))


@signed_in
@require_POST
def answer(request: HttpRequest, difficulty_id: int) -> HttpResponse:
    found, form = _find(request, difficulty_id), DifficultyAnswerForm(request.POST)
    return _close(request, found, form, "answer_form")


@signed_in
@require_POST
def assign(request: HttpRequest, difficulty_id: int) -> HttpResponse:
    """A task that removes it, given in the same step."""
    found = _find(request, difficulty_id)
    return _close(request, found, TaskForm(request.POST, circle=_circle(request, found)), "task_form")


def _close(request: HttpRequest, found: Difficulty, form: forms.Form, name: str) -> HttpResponse:
    if form.is_valid():
        try:
            if isinstance(form, TaskForm):
                new = form.new_task(found.measure or found.text)
                actions.close(by=request.actor, at=request.now, difficulty=found, new=new)
            else:
                words = form.cleaned_data["answer"]
                actions.close(by=request.actor, at=request.now, difficulty=found, answer=words)
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect(found)
    return _page(request, found, {name: form}, status=422)


def _page(
    request: HttpRequest, found: Difficulty, given: dict[str, object] | None = None, status: int = 200
) -> HttpResponse:
    sayings = list(found.sayings.select_related("meeting"))
    names = names_of([found.unit_id, found.host_id, *(each.unit_id for each in sayings)], request.today)
    circle = _circle(request, found)
    context = {
        "difficulty": found,
        "unit": names.get(found.unit_id, ""),
        "host": names.get(found.host_id, ""),
        "sayings": [(each, names.get(each.unit_id, "")) for each in sayings],
        "may_close": found.closed_at is None
        and people.may(request.actor, "meeting.plan", found.host_id, request.today),
        "may_assign": people.may(request.actor, "task.assign", found.host_id, request.today),
        "answer_form": DifficultyAnswerForm(),
        "task_form": TaskForm(circle=circle),
        "offered": list(circle.offered),
    }
    return render(request, "work/difficulties/one.html", {**context, **(given or {})}, status=status)


def _circle(request: HttpRequest, found: Difficulty) -> Circle:
    return Circle(request.today, found.host_id, below(found.host_id, request.today))


def _find(request: HttpRequest, difficulty_id: int) -> Difficulty:
    try:
        return queries.difficulty(request.actor, difficulty_id, request.today)
    except Difficulty.DoesNotExist:
        raise Http404 from None
