"""Approval lines: which there are, and changing them: pages of those who set them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.indicators import actions
from giaoban.indicators.forms import VERB_WORDS, WHERE_WORDS, LineForm
from giaoban.indicators.models import ApprovalLine
from giaoban.indicators.queries import lines as approval
from giaoban.indicators.queries import rounds
from giaoban.indicators.queries.lines import Line
from giaoban.indicators.views.frame import by_field, room_tabs, tell
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.guards import signed_in


@dataclass(frozen=True)
class StepWords:
    """One step in words."""

    name: str
    who: str
    what: str
    days: int


@dataclass(frozen=True)
class Listed:
    """One line in the list."""

    line: Line
    owner: str
    kinds: list[str]
    steps: list[StepWords]
    ended: bool
    mine: bool


@signed_in
def lines(request: HttpRequest) -> HttpResponse:
    """What the province has set, and the examples that ship with the product."""
    actor, on = request.actor, request.today
    if not rounds.follows_others(actor, on):
        raise NotAllowed()
    unit = _home(request)
    usable = approval.lines_of(unit, on) if unit else approval.shipped()
    mine = list(approval.lines_for(actor, on))
    known = {line.row.pk for line in usable if line.row}
    shown = [_listed(one, mine, on) for one in usable]
    shown += [_listed(approval.of_row(row), mine, on) for row in mine if row.pk not in known]
    context = {
        "rows": shown,
        "may_set": people.may_anywhere(actor, "line.manage", on),
        "tabs": room_tabs(request, "lines"),
    }
    return render(request, "indicators/lines.html", context)


def _home(request: HttpRequest) -> int | None:
    """The unit in whose name the reader opens rounds or sets lines."""
    found = people.acts_for(request.actor, "line.manage", request.today)
    return found[0] if found else request.actor.unit_id


def _listed(line: Line, mine: list[ApprovalLine], on: date) -> Listed:
    row = line.row
    kinds = {kind.code: kind.name for kind in orgs.kinds()}
    return Listed(
        line=line,
        owner=orgs.name(row.owner_id, on) if row else "",
        kinds=[kinds.get(code, code) for code in line.kinds],
        steps=[_step(step, on) for step in line.steps],
        ended=row is not None and ((row.end is not None and row.end <= on) or row.start > on),
        mine=row is not None and any(one.pk == row.pk for one in mine),
    )


def _step(step: approval.LineStep, on: date) -> StepWords:
    who = orgs.name(step.unit, on) if step.unit else str(WHERE_WORDS[step.where])
    return StepWords(step.name, who, str(VERB_WORDS[step.verb]), step.working_days)


@signed_in
def edit(request: HttpRequest, approval_id: int | None = None) -> HttpResponse:
    """A new line, empty or from another (`?tu=ma`), or a new version of one the reader may set."""
    actor, on = request.actor, request.today
    owners = people.acts_for(actor, "line.manage", on)
    if not owners:
        raise NotAllowed()
    row = find(request, approval_id) if approval_id else None
    form = _form(request, owners, row)
    faults: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.define_line(
                by=actor,
                at=request.now,
                on=on,
                owner_id=given["owner"],
                code=given["code"],
                name=given["name"],
                steps=form.steps(),
                kinds=given["kinds"],
                start=given["start"],
                source=given["source"],
            )
            messages.success(request, _("The line “%(name)s” is set.") % {"name": made.name})
            return redirect("indicators:lines")
        except Refused as refused:
            faults = by_field(refused)
    context = {"form": form, "line": row, "faults": faults, "back": reverse("indicators:lines")}
    return render(request, "indicators/line_edit.html", context, status=409 if faults else 200)


def _form(request: HttpRequest, owners: list[int], row: ApprovalLine | None) -> LineForm:
    on = request.today
    source = approval.of_row(row) if row else None
    if source is None and request.GET.get("tu"):
        source = approval.line_named(request.GET["tu"], owners[0], on)
    initial: dict[str, Any] = {"owner": row.owner_id if row else owners[0], "start": on}
    if source:
        initial |= {"code": source.code, "name": source.name, "kinds": list(source.kinds), "source": source.source}
        for order, step in enumerate(source.steps, start=1):
            initial |= {
                f"step_{order}_name": step.name,
                f"step_{order}_where": f"unit-{step.unit}" if step.unit else step.where,
                f"step_{order}_verb": step.verb,
                f"step_{order}_days": step.working_days,
            }
    owned = sorted({*owners, *([row.owner_id] if row else [])})
    named = {*owned, *(step.unit for step in source.steps if step.unit)} if source else set(owned)
    names = orgs.names(named, on)
    kinds = [(kind.code, kind.name) for kind in orgs.kinds() if kind.family in ("school", "centre")]
    return LineForm(
        [(unit, names[unit]) for unit in owned], kinds, [(unit, names[unit]) for unit in sorted(named)],
        request.POST or None, initial,
    )  # fmt: skip


@signed_in
@require_POST
def close(request: HttpRequest, approval_id: int) -> HttpResponse:
    row = find(request, approval_id)
    try:
        actions.close_line(by=request.actor, at=request.now, on=request.today, line_id=row.pk)
        messages.success(request, _("No round can be opened with this line any more; those it opened go on."))
    except Refused as refused:
        tell(request, refused)
    return redirect("indicators:lines")


def find(request: HttpRequest, line_id: int) -> ApprovalLine:
    try:
        return approval.line_for(request.actor, line_id, request.today)
    except ApprovalLine.DoesNotExist as missing:
        raise Http404 from missing
