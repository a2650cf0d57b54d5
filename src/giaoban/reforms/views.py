"""Pages of reforms: list, draft with its preview, applied, undone, and what is left to decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.orgs import decree
from giaoban.orgs.refusals import BadRow
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to, sentences
from giaoban.reforms import actions, queries, table
from giaoban.reforms.asking import Asked
from giaoban.reforms.forms import ACTS, Act, ActForm, HeadingForm, ReasonForm
from giaoban.reforms.models import Kind, Question, Reform, State
from giaoban.reforms.wording import Sentences
from giaoban.ui.parts import Tab

PAGE = 30
STEPS = 100  # how many steps the page of a draft lists


@dataclass(frozen=True)
class Fault:
    """What is wrong, and with which step."""

    step: str
    said: str


@dataclass(frozen=True)
class Group:
    """Questions of one kind."""

    words: str
    questions: Sequence[Question | Asked]


# List and new


@signed_in
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Reforms being prepared, planned, applied and undone."""
    _require(request)
    page = Paginator(queries.listed(request.actor, request.today), PAGE).get_page(request.GET.get("trang"))
    return render(request, "reforms/list.html", {"page": page, "rows": list(page)})


@signed_in
@require_GET
def new(request: HttpRequest) -> HttpResponse:
    """What the reform does first."""
    _require(request)
    return render(request, "reforms/new.html", {"acts": _doors("reforms:begin")})


@signed_in
def begin(request: HttpRequest, act: str) -> HttpResponse:
    """The decree's heading and its first part on one page; then the draft with its preview."""
    _require(request)
    chosen = _act(act)
    heading = HeadingForm(request.POST or None, initial={"on": request.today})
    heading.is_valid()
    form = _form(request, chosen, heading.cleaned_data.get("on") if heading.is_bound else request.today)
    if request.method == "POST" and heading.is_valid() and form.is_valid():
        try:
            made = actions.draft(
                by=request.actor, at=request.now, heading=heading.heading(form.title), parts=[_part(chosen, form)]
            )
        except Refused as refused:
            add_to(heading, refused)
        else:
            return redirect("reforms:reform", made.pk)
    wrong = request.method == "POST"
    context = {"heading": heading, "form": form, "act": chosen, "back": reverse("reforms:new")}
    return render(request, "reforms/part.html", context, status=422 if wrong else 200)


@signed_in
@require_GET
def sample(request: HttpRequest) -> HttpResponse:
    """The table of a decree with the right columns and a few rows to write over."""
    _require(request)
    response = HttpResponse(table.sample(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="mau-quyet-dinh.csv"'
    return response


# A draft


@signed_in
@require_GET
def page(request: HttpRequest, reform_id: int) -> HttpResponse:
    """The draft with everything it would change; an applied one with what it changed."""
    found = _find(request, reform_id)
    context: dict[str, Any] = {"reform": found, "tabs": _tabs(found, "page"), "steps": _steps(found)}
    if found.state == State.DRAFT:
        told = actions.preview(by=request.actor, at=request.now, reform=found)
        context |= {"told": told, "summary": told.summary, "faults": _faults(found, told.faults)}
        context |= {"groups": _groups(told.questions), "later": found.on > request.today}
    else:
        context |= {"summary": found.summary, "open": queries.open_questions(found).count()}
    return render(request, "reforms/reform.html", context)


@signed_in
def edit(request: HttpRequest, reform_id: int) -> HttpResponse:
    """The heading, and the parts to change or leave out."""
    found = _find(request, reform_id)
    kept = {name: getattr(found, name) for name in ("on", "number", "decided_on", "issuer", "title")}
    form = HeadingForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        try:
            heading = form.heading(found.title)
            actions.edit(by=request.actor, at=request.now, reform=found, heading=heading)
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect("reforms:reform", found.pk)
    if found.state != State.DRAFT:
        return redirect("reforms:reform", found.pk)
    return render(request, "reforms/edit.html", {"reform": found, "form": form, "parts": _parts(found)})


@signed_in
@require_GET
def add(request: HttpRequest, reform_id: int) -> HttpResponse:
    """What else the decree does."""
    found = _find(request, reform_id)
    return render(request, "reforms/new.html", {"acts": _doors("reforms:add-part", found.pk), "reform": found})


@signed_in
def add_part(request: HttpRequest, reform_id: int, act: str) -> HttpResponse:
    """One more part of the draft."""
    found = _find(request, reform_id)
    return _part_page(request, found, _act(act), None)


@signed_in
def change_part(request: HttpRequest, reform_id: int, place: int) -> HttpResponse:
    """A part as it was entered, to be entered otherwise."""
    found = _find(request, reform_id)
    if place >= len(found.parts):
        raise Http404
    return _part_page(request, found, _act(found.parts[place]["act"]), place)


def _part_page(request: HttpRequest, found: Reform, chosen: Act, place: int | None) -> HttpResponse:
    others = [step for n, part in enumerate(found.parts) if n != place for step in part["steps"]]
    kept = found.parts[place]["data"] if place is not None else None
    form = _form(request, chosen, found.on, others, kept)
    if request.method == "POST" and form.is_valid():
        common: dict[str, Any] = {"by": request.actor, "at": request.now, "reform": found}
        try:
            if place is None:
                actions.add_part(**common, part=_part(chosen, form))
            else:
                actions.change_part(**common, place=place, part=_part(chosen, form))
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect("reforms:reform", found.pk)
    back = reverse("reforms:reform", args=[found.pk])
    context = {"reform": found, "form": form, "act": chosen, "back": back, "change": place is not None}
    return render(request, "reforms/part.html", context, status=422 if request.method == "POST" else 200)


@signed_in
@require_POST
def drop_part(request: HttpRequest, reform_id: int, place: int) -> HttpResponse:
    found = _find(request, reform_id)
    _do(request, actions.drop_part, reform=found, place=place)
    return redirect("reforms:edit", found.pk)


@signed_in
@require_POST
def discard(request: HttpRequest, reform_id: int) -> HttpResponse:
    found = _find(request, reform_id)
    if not _do(request, actions.discard, reform=found):
        return redirect("reforms:reform", found.pk)
    messages.info(request, _("The draft was discarded."))
    return redirect("reforms:list")


# Apply, undo


@signed_in
@require_POST
def apply(request: HttpRequest, reform_id: int) -> HttpResponse:
    """Do what the preview showed."""
    found = _find(request, reform_id)
    seen = parse_datetime(request.POST.get("seen", ""))
    if not _do(request, actions.apply, reform=found, seen=seen or found.made_at):
        return redirect("reforms:reform", found.pk)
    waiting = queries.open_questions(found).exists()
    return redirect("reforms:questions" if waiting else "reforms:reform", found.pk)


@signed_in
def undo(request: HttpRequest, reform_id: int) -> HttpResponse:
    """Ask why, then take it back; what rests on it is listed."""
    found = _find(request, reform_id)
    form = ReasonForm(request.POST or None)
    resting: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.undo(by=request.actor, at=request.now, reform=found, why=form.cleaned_data["why"])
        except Refused as refused:
            resting = sentences(refused)
        else:
            return redirect("reforms:reform", found.pk)
    elif found.state != State.APPLIED:
        return redirect("reforms:reform", found.pk)
    context = {"reform": found, "form": form, "resting": resting}
    return render(request, "reforms/undo.html", context, status=409 if resting else 200)


@signed_in
@require_POST
def again(request: HttpRequest, reform_id: int) -> HttpResponse:
    """A new draft of the same parts."""
    found = _find(request, reform_id)
    made = actions.again(by=request.actor, at=request.now, reform=found)
    return redirect("reforms:reform", made.pk)


# The decision list


@signed_in
@require_GET
def questions(request: HttpRequest, reform_id: int) -> HttpResponse:
    """What no rule decides: open ones first, then who decided what."""
    found = _find(request, reform_id)
    rows = list(found.questions.order_by("kind", "pk"))
    context = {
        "reform": found,
        "tabs": _tabs(found, "questions"),
        "groups": _groups([one for one in rows if one.answered_at is None]),
        "answered": sorted((one for one in rows if one.answered_at), key=lambda one: one.answered_at, reverse=True),
    }
    return render(request, "reforms/questions.html", context)


@signed_in
@require_POST
def answer(request: HttpRequest, reform_id: int, question_id: int) -> HttpResponse:
    """Decide one of them."""
    try:
        found = queries.question(request.actor, reform_id, question_id, request.today)
    except Question.DoesNotExist:
        raise Http404 from None
    _do(request, actions.answer, question=found, answer=request.POST.get("answer", ""))
    return redirect("reforms:questions", reform_id)


# How


def _require(request: HttpRequest) -> None:
    if not queries.may_reform(request.actor, request.today):
        raise NotAllowed()


def _find(request: HttpRequest, reform_id: int) -> Reform:
    try:
        return queries.reform(request.actor, reform_id, request.today)
    except Reform.DoesNotExist:
        raise Http404 from None


def _act(code: str) -> Act:
    if code not in ACTS:
        raise Http404
    return ACTS[code]


def _doors(name: str, *args: int) -> list[tuple[Act, str]]:
    return [(act, reverse(name, args=[*args, act.code])) for act in ACTS.values()]


def _form(
    request: HttpRequest, act: Act, on: Any, others: Sequence[dict[str, Any]] = (), kept: dict[str, Any] | None = None
) -> ActForm:
    near = queries.owner(request.actor, request.today)
    sent = request.method == "POST"
    return act.form(
        request.POST if sent else None,
        request.FILES if sent else None,
        on=on,
        near=near,
        others=others,
        initial=kept,
    )


def _part(act: Act, form: ActForm) -> dict[str, Any]:
    return {"act": act.code, "title": form.title, "data": form.raw(), "steps": decree.to_json(form.steps)}


def _parts(found: Reform) -> list[dict[str, Any]]:
    """The parts as the page shows them."""
    return [
        {
            "place": place,
            "words": ACTS[part["act"]].words,
            "title": part.get("title", ""),
            "icon": ACTS[part["act"]].icon,
            "steps": len(part["steps"]),
        }
        for place, part in enumerate(found.parts)
    ]


def _steps(found: Reform) -> dict[str, Any]:
    said = Sentences(found.steps, found.on)
    return {"total": len(said.steps), "rows": [said.of(row) for row in said.steps[:STEPS]]}


def _faults(found: Reform, faults: Sequence[Refused]) -> list[Fault]:
    """Each fault with the sentence of the step it is about."""
    said = Sentences(found.steps, found.on)
    rows = []
    for fault in faults:
        place = fault.row - 1 if isinstance(fault, BadRow) else -1
        step = said.of(said.steps[place]) if 0 <= place < len(said.steps) else ""
        inner = fault.fault if isinstance(fault, BadRow) else fault
        rows += [Fault(f"{place + 1}. {step}" if step else "", line) for line in sentences(inner)]
    return rows


def _groups(rows: Sequence[Question | Asked]) -> list[Group]:
    found: dict[str, list[Question | Asked]] = {}
    for one in rows:
        found.setdefault(one.kind, []).append(one)
    return [Group(str(kind.label), found[kind.value]) for kind in Kind if kind.value in found]


def _tabs(found: Reform, current: str) -> list[Tab]:
    """Only what was applied has a decision list of its own."""
    if found.state == State.DRAFT:
        return []
    waiting = queries.open_questions(found).count() if found.state == State.APPLIED else None
    return [
        Tab(_("What changes"), reverse("reforms:reform", args=[found.pk]), current == "page"),
        Tab(_("To be decided"), reverse("reforms:questions", args=[found.pk]), current == "questions", waiting),
    ]


def _do(request: HttpRequest, verb: Any, **arguments: Any) -> bool:
    """Do the verb; a refusal is shown above the next page."""
    try:
        verb(by=request.actor, at=request.now, **arguments)
    except Refused as refused:
        for line in sentences(refused):
            messages.error(request, line)
        return False
    return True
