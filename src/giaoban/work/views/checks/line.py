"""Pages of one line of a plan: what is checked where, whom it meets, the team, and the decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.documents import queries as documents
from giaoban.documents.naming import Circle, below, ids
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to
from giaoban.work import check_rules, check_times
from giaoban.work.actions import UnknownDocument
from giaoban.work.actions import checks as actions
from giaoban.work.forms_checks import BecauseForm, DecideForm, HeirForm, JoinForm, LineForm, MemberForm, MoveForm
from giaoban.work.models import CheckJoin, CheckMember, CheckPlan, CheckTarget, PlannedCheck
from giaoban.work.queries import checks as queries
from giaoban.work.queries import names as names_of
from giaoban.work.views.checks.plan import address, asked, offices
from giaoban.work.views.checks.rows import line_rows, target_rows

FIELDS = {"lead_id": "lead", "time": "time", "unit_ids": "units"}


@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Put a line into the plan; in an issued plan with the reason."""
    unit, year = asked(request)
    people.require(request.actor, "check.plan", unit, request.today)
    plan = queries.plan(request.actor, unit, year, request.today)
    adding = plan is not None and plan.state != CheckPlan.State.DRAFT
    form = _line_form(request, unit, adding=adding, initial={"form": "SUDDEN" if adding else "PLANNED", "lead": unit})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.plan_line(
                by=request.actor, at=request.now, unit_id=unit, year=year, **form.arguments(), **_basis(request, form)
            )
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused, FIELDS)
        else:
            return redirect(made)
    return _form_page(request, form, unit, year, None)


@signed_in
def change(request: HttpRequest, planned_id: int) -> HttpResponse:
    """Change a line of a draft."""
    found = _mine(request, planned_id)
    names = names_of([each.unit_id for each in found.targets.all()], request.today)
    initial = {
        "subject": found.subject,
        "topic": found.topic,
        "units": "; ".join(names.values()),
        "time": found.time_text or check_times.words(found.starts_on, found.ends_on),
        "form": found.form,
        "lead": found.lead_id,
        "basis": found.basis.symbol if found.basis else "",
        "basis_text": found.basis_text,
    }
    form = _line_form(request, found.plan.unit_id, adding=False, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_line(
                by=request.actor, at=request.now, planned=found, **form.arguments(), **_basis(request, form)
            )
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused, FIELDS)
        else:
            return redirect(found)
    return _form_page(request, form, found.plan.unit_id, found.plan.year, found)


def _line_form(request: HttpRequest, unit: int, *, adding: bool, initial: dict[str, Any]) -> LineForm:
    circle = Circle(request.today, unit, below(unit, request.today))
    given = request.POST if request.method == "POST" else None
    return LineForm(given, circle=circle, offices=offices(unit, request.today), adding=adding, initial=initial)


def _basis(request: HttpRequest, form: LineForm) -> dict[str, Any]:
    symbol = form.cleaned_data["basis"].strip()
    if not symbol:
        return {"basis_id": None}
    found = documents.cited(request.actor, symbol, None, request.today)
    if found is None:
        raise UnknownDocument(symbol=symbol)
    return {"basis_id": found.pk}


def _form_page(request: HttpRequest, form: LineForm, unit: int, year: int, found: PlannedCheck | None) -> HttpResponse:
    context = {
        "form": form,
        "planned": found,
        "unit_id": unit,
        "unit_name": names_of([unit], request.today).get(unit, ""),
        "year": year,
        "back": address(unit, year),
        "offered": list(form.circle.offered),
    }
    return render(request, "work/check/line_form.html", context, status=422 if form.errors else 200)


@signed_in
@require_safe
def line(request: HttpRequest, planned_id: int) -> HttpResponse:
    return _page(request, _find(request, planned_id))


def _page(request: HttpRequest, found: PlannedCheck, status: int = 200, **given: Any) -> HttpResponse:
    actor, on, host = request.actor, request.today, found.plan.unit_id
    inside = people.may(actor, "check.view", host, on)
    targets = queries.targets_in_sight(actor, found, on)
    verbs = people.verbs_at(actor, ["check.plan", "check.run"], host, on) if inside else set()
    standing = found.dropped_at is None
    row = line_rows([found], on)[0]
    gone = queries.gone(targets, on) if standing else set()
    waiting = set(
        CheckJoin.objects.filter(target__in=targets, accepted__isnull=True).values_list("target_id", flat=True)
    )
    circle = Circle(on, host, below(host, on)) if verbs else Circle(on, host)
    met: dict[int, list[Any]] = {}
    for each in row.overlaps if "check.plan" in verbs else ():
        met.setdefault(each.overlap.mine.pk, []).append(each)
    context = {
        "planned": found,
        "row": row,
        "topic": check_rules.topic(found.topic),
        "host": names_of([host], on).get(host, ""),
        "inside": inside,
        "targets": [
            {
                "row": each,
                "met": met.get(each.target.pk, ()),
                "gone": each.target.pk in gone,
                "offered": each.target.pk in waiting,
                "open": standing and each.target.dropped_at is None and each.target.joined_id is None,
            }
            for each in target_rows(targets, actor, on)
        ],
        "rule": check_rules.overlap(found.starts_on),
        "members": _members(found, on),
        "moves": found.moves.all(),
        "back": address(host, found.plan.year) if inside else "",
        "may_plan": "check.plan" in verbs and standing,
        "may_change": "check.plan" in verbs and standing and found.plan.state == CheckPlan.State.DRAFT,
        "may_team": bool(verbs) and standing,
        "may_decide": "check.run" in verbs
        and standing
        and found.plan.state == CheckPlan.State.ISSUED
        and found.decided_at is None,
        "offered": list(circle.offered),
        "move_form": MoveForm(),
        "drop_form": BecauseForm(),
        "member_form": MemberForm(circle=circle, initial={"head": row.head is None}),
        "decide_form": DecideForm(initial={"issued_on": on, "opens_on": max(on, found.starts_on)}),
        "join_form": JoinForm(),
        "heir_form": HeirForm(circle=circle),
        **given,
    }
    return render(request, "work/check/line.html", context, status=status)


def _members(found: PlannedCheck, on: Any) -> list[tuple[CheckMember, str]]:
    rows = list(found.members.all())
    names = names_of([each.unit_id for each in rows], on)
    return [(each, names.get(each.unit_id, "") if each.unit_id else "") for each in rows]


@signed_in
@require_POST
def act(request: HttpRequest, planned_id: int, verb: str) -> HttpResponse:
    """Move or drop the line, add to its team, decide it."""
    found = _find(request, planned_id)
    people.require(request.actor, "check.view", found.plan.unit_id, request.today)
    circle = Circle(request.today, found.plan.unit_id)
    doors: dict[str, tuple[str, Callable[[], forms.Form], Callable[..., object]]] = {
        "chuyen": ("move_form", lambda: MoveForm(request.POST), actions.move_line),
        "bo": ("drop_form", lambda: BecauseForm(request.POST), actions.drop_line),
        "doan": ("member_form", lambda: MemberForm(request.POST, circle=circle), actions.add_member),
        "quyet-dinh": ("decide_form", lambda: DecideForm(request.POST), actions.decide),
    }
    if verb not in doors:
        raise Http404
    name, make, do = doors[verb]
    form = make()
    if form.is_valid():
        data = dict(form.cleaned_data)
        if verb == "doan":
            units = ids(data.pop("unit"))
            data["unit_id"] = units[0] if units else found.plan.unit_id
        try:
            do(by=request.actor, at=request.now, planned=found, **data)
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect(found)
    return _page(request, _find(request, planned_id), 422, **{name: form})


@signed_in
@require_POST
def act_on_target(request: HttpRequest, aimed_id: int, verb: str) -> HttpResponse:
    """Drop a unit of the line, name another in its place, offer to go along with another's check."""
    target = CheckTarget.objects.select_related("planned__plan").filter(pk=aimed_id).first()
    if target is None or not people.may(request.actor, "check.view", target.planned.plan.unit_id, request.today):
        raise Http404
    signed: dict[str, Any] = {"by": request.actor, "at": request.now, "target": target}
    circle = Circle(request.today, target.planned.plan.unit_id)
    doors: dict[str, tuple[str, Callable[[], forms.Form], Callable[[dict[str, Any]], object]]] = {
        "bo": ("drop_form", lambda: BecauseForm(request.POST), lambda data: actions.drop_target(**signed, **data)),
        "thay": (
            "heir_form",
            lambda: HeirForm(request.POST, circle=circle),
            lambda data: actions.hand_target_on(**signed, unit_id=ids(data["unit"])[0]),
        ),
        "ghep": (
            "join_form",
            lambda: JoinForm(request.POST),
            lambda data: actions.offer_join(**signed, other=_other(request, target), **data),
        ),
    }
    if verb not in doors:
        raise Http404
    name, make, do = doors[verb]
    form = make()
    if form.is_valid():
        try:
            do(form.cleaned_data)
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect(target.planned)
    return _page(request, target.planned, 422, **{name: form})


def _other(request: HttpRequest, target: CheckTarget) -> CheckTarget:
    """The check that ours meets: only one that the planner was shown."""
    given = request.POST.get("other", "")
    for some in queries.overlaps([target.planned]).values():
        for each in some:
            if each.mine.pk == target.pk and str(each.other.pk) == given:
                return each.other
    raise Http404


@signed_in
@require_POST
def remove_member(request: HttpRequest, member_id: int) -> HttpResponse:
    member = CheckMember.objects.select_related("planned__plan").filter(pk=member_id).first()
    if member is None or not people.may(request.actor, "check.view", member.planned.plan.unit_id, request.today):
        raise Http404
    actions.remove_member(by=request.actor, at=request.now, member=member)
    return redirect(member.planned)


def _find(request: HttpRequest, planned_id: int) -> PlannedCheck:
    try:
        return queries.line(request.actor, planned_id, request.today)
    except PlannedCheck.DoesNotExist:
        raise Http404 from None


def _mine(request: HttpRequest, planned_id: int) -> PlannedCheck:
    found = _find(request, planned_id)
    people.require(request.actor, "check.plan", found.plan.unit_id, request.today)
    return found
