"""Rounds: the list, one round under review, opening, reminding, locking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from giaoban.core import calendar
from giaoban.core import period as periods
from giaoban.core.refusal import Refused
from giaoban.core.text import fold
from giaoban.documents import queries as documents
from giaoban.documents.models import Document
from giaoban.indicators import actions, queries
from giaoban.indicators.actions import StepSpec
from giaoban.indicators.forms import ChoiceForm, RoundForm
from giaoban.indicators.models import Round, Sheet, Step
from giaoban.indicators.queries import line, openings
from giaoban.indicators.queries import rounds as asking
from giaoban.indicators.queries.rounds import Progress, Row
from giaoban.indicators.views.frame import by_field, room_tabs, tell
from giaoban.indicators.views.home import urgency
from giaoban.indicators.views.judging import find_round
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.ui.parts import Tab

A_PAGE = 100  # rows of the review table shown at once
LINES_OF_TEXT = 60


@dataclass(frozen=True)
class Listed:
    """One round in the list."""

    round: Round
    period: periods.Period
    opener: str
    progress: Progress
    waiting: int
    urgency: str

    @property
    def never(self) -> int:
        """Units past their day that have not handed in at all."""
        return self.progress.late - self.progress.again


@signed_in
def rounds(request: HttpRequest) -> HttpResponse:
    """Every round this person asked for or judges, those that wait for them first."""
    actor, on = request.actor, request.today
    found = list(queries.rounds_for(actor, on)[:200])
    progress = asking.progress_of_many(actor, found, on)
    waiting: dict[int, int] = {}
    for one, _report in queries.judging(actor, on):
        waiting[one.pk] = waiting.get(one.pk, 0) + 1
    names = orgs.names({one.opener_id for one in found}, on)
    rows = [
        Listed(
            one,
            periods.parse(one.period_code),
            names[one.opener_id],
            progress[one.pk],
            waiting.get(one.pk, 0),
            urgency(one.due_on, on),
        )
        for one in found
    ]
    rows.sort(key=lambda row: (row.round.locked_at is not None, -row.waiting))
    context = {
        "rows": rows,
        "may_open": bool(openings.openers_of(actor, on)),
        "tabs": room_tabs(request, "rounds"),
    }
    return render(request, "indicators/rounds.html", context)


# One round


SHOWN = {
    "cho-duyet": lambda row: row.mine and row.step > 0,
    "canh-bao": lambda row: bool(row.findings),
    "cham": lambda row: row.late and not row.again,
    "chua-nop-lai": lambda row: row.late and row.again,
    "chua-nop": lambda row: row.report.state in ("empty", "draft"),
    "da-tra": lambda row: row.report.state == "returned",
    "da-duyet": lambda row: row.report.state in ("accepted", "locked"),
}
UNLISTED = {"chua-nop-lai"}  # part of "da-tra"; reached from the line that says how many, shown as a tab only then


@signed_in
def round(request: HttpRequest, round_id: int) -> HttpResponse:
    """The table an officer checks a round in: what needs attention first, one click to open, tick to decide."""
    found = find_round(request, round_id)
    actor, on = request.actor, request.today
    rows = queries.review(actor, round_id, on)
    show = request.GET.get("xem", "")
    words = fold(request.GET.get("q", "")).split()
    chosen = [row for row in rows if show not in SHOWN or SHOWN[show](row)]
    chosen = [row for row in chosen if all(word in fold(f"{row.name} {row.group}") for word in words)]
    mine = [row for row in rows if row.mine and row.step]
    opens = people.may(actor, "round.open", line.keeper(found, on), on)
    progress = asking.progress_of(asking.visible_reports(actor, on).filter(round=found), found.steps.count(), on)
    context = {
        "round": found,
        "period": periods.parse(found.period_code),
        "opener": orgs.name(found.opener_id, on),
        "reads_document": documents.for_actor(actor, on).filter(pk=found.document_id).exists(),
        "rows": Paginator(chosen, A_PAGE).get_page(request.GET.get("trang")),
        "tabs": _tabs(rows, show),
        "q": request.GET.get("q", ""),
        "progress": progress,
        "urgency": urgency(found.due_on, on),
        "mine": mine,
        "clean": [row for row in mine if not row.findings],
        "flagged": [row for row in mine if row.findings],
        "late": [row for row in rows if SHOWN["cham"](row)],
        "again": [row for row in rows if SHOWN["chua-nop-lai"](row)],
        "steps": _steps(found, rows, on),
        "closings": _closings(actor, found, rows, on),
        "locking": asking.locking_of(found),
        "groups": any(row.group for row in rows),
        "may_return": any(people.may(actor, "figure.return", row.report.answering_id, on) for row in mine[:1]),
        "may_remind": people.may_anywhere(actor, "round.remind", on),
        "may_lock": opens and found.locked_at is None,
        "may_cancel": opens and not progress.submitted + progress.returned,
        "resubmit_by": calendar.add_working_days(on, 2, calendar.vietnam(on.year)),
    }
    return render(request, "indicators/round.html", context)


def _tabs(rows: list[Row], show: str) -> list[Tab]:
    labels = {
        "": _("All units"),
        "cho-duyet": _("Waiting for me"),
        "canh-bao": _("With warnings"),
        "cham": _("Late units"),
        "chua-nop-lai": _("Not handed in again"),
        "chua-nop": _("Not handed in"),
        "da-tra": _("Sent back"),
        "da-duyet": _("Reports accepted"),
    }
    counts = {code: sum(map(test, rows)) for code, test in SHOWN.items()} | {"": len(rows)}
    return [
        Tab(label, f"?xem={code}" if code else "?", show == code or (not code and show not in SHOWN), counts[code])
        for code, label in labels.items()
        if code == show or (code not in UNLISTED and (not code or counts[code]))
    ]


@dataclass(frozen=True)
class StepView:
    """One step of the line and how far the visible reports are through it."""

    step: Step
    through: int
    expected: int
    urgency: str
    signed: tuple[object, ...]


def _steps(found: Round, rows: list[Row], on: date) -> list[StepView]:
    return [
        StepView(
            one.step,
            sum(row.report.state in ("accepted", "locked") and row.report.step >= one.step.order for row in rows),
            len(rows),
            urgency(one.step.due_on, on),
            one.sign_offs,
        )
        for one in asking.steps_of_round(found)
    ]


@dataclass(frozen=True)
class Closing:
    """A step the reader may close now: what would be accepted, and who is missing."""

    step: Step
    unit_id: int
    passing: list[Row]
    missing: list[Row]

    @property
    def unit_text(self) -> str:
        return str(self.unit_id)


def _closings(actor: Actor, found: Round, rows: list[Row], on: date) -> list[Closing]:
    units = [row.report.unit_id for row in rows]
    rights = line.Rights(actor, units, on)
    mine = rights.steps(found)
    closings = []
    for step in found.steps.all():
        if step.order not in mine:
            continue
        carrying = rights.carriers.of(step, found, mine[step.order])
        for carrier in sorted(set(filter(None, carrying.values()))):
            own = [row for row in rows if carrying.get(row.report.unit_id) == carrier]
            passing = [row for row in own if row.step == step.order]
            behind = [row for row in own if row not in passing and not _passed(row, step)]
            if passing or behind:
                closings.append(Closing(step, carrier, passing, behind))
    return closings


def _passed(row: Row, step: Step) -> bool:
    return row.report.state in ("accepted", "locked") and row.report.step >= step.order


# Open


@signed_in
def choose(request: HttpRequest) -> HttpResponse:
    """First page: which sheet, period, units and line."""
    options = openings.options(request.actor, request.today)
    form = ChoiceForm(options, request.GET)
    if form.is_bound and form.is_valid():
        return redirect(f"{_address('round-open')}?{urlencode(form.cleaned_data)}")
    return render(request, "indicators/round_new.html", {"form": form, "options": options})


@signed_in
def open_round(request: HttpRequest) -> HttpResponse:
    """Second page: the days, and who would be asked; a POST opens the round."""
    options = openings.options(request.actor, request.today)
    first = ChoiceForm(options, request.GET)
    if not first.is_valid():
        return redirect(f"{_address('round-new')}?{request.GET.urlencode()}")
    chosen = first.cleaned_data
    sheet, period = Sheet.objects.get(pk=chosen["sheet"]), periods.parse(chosen["period"])
    usual = next(one for one in openings.usual_lines() if one.code == chosen["line"])
    plan = openings.plan_days(period, usual, request.today)
    steps = [
        StepSpec(name=name, where=where, due_on=day, verb=verb)
        for (name, where, verb), day in zip(usual.steps, plan.steps, strict=True)
    ]
    sources = [(str(one.pk), str(one)) for one in documents.for_actor(request.actor, request.today)[:50]]
    preview = openings.preview(sheet, period, chosen["opener"], chosen["hierarchy"])
    form = RoundForm(steps, sources, request.POST or None, {"due_on": plan.due_on})
    faults: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_round(
                by=request.actor,
                at=request.now,
                on=request.today,
                sheet=sheet.code,
                period_code=period.code,
                opener_id=chosen["opener"],
                hierarchy=chosen["hierarchy"],
                due_on=form.cleaned_data["due_on"],
                steps=form.specs(),
                unit_ids=[unit for unit, _name, _kind in preview.units],
                document=_document(request, form.cleaned_data["document"]),
                note=form.cleaned_data["note"],
            )
            messages.success(request, _("The round is open; %(n)s units have been told.") % {"n": made.reports.count()})
            return redirect("indicators:round", made.pk)
        except Refused as refused:
            faults = by_field(refused)
    context = {
        "form": form,
        "sheet": sheet,
        "period": period,
        "opener": orgs.name(chosen["opener"], request.today),
        "preview": preview,
        "faults": faults,
        "back": f"{_address('round-new')}?{request.GET.urlencode()}",
        "line": usual.words,
    }
    return render(request, "indicators/round_open.html", context, status=409 if faults else 200)


def _document(request: HttpRequest, text: str) -> Document | None:
    return documents.document(request.actor, int(text), request.today) if text else None


def _address(name: str) -> str:
    return reverse(f"indicators:{name}")


# Remind, lock, take back


@signed_in
def remind(request: HttpRequest, round_id: int) -> HttpResponse:
    """Tell the late ones, and show the text to paste into a chat group."""
    found = find_round(request, round_id)
    rows = [row for row in queries.review(request.actor, round_id, request.today) if row.late]
    sent = None
    if request.method == "POST":
        try:
            sent = actions.remind_late(by=request.actor, at=request.now, on=request.today, round_id=found.pk)
        except Refused as refused:
            tell(request, refused)
            return redirect("indicators:round", found.pk)
    text = sent.text if sent else actions.reminder_text(found, [row.report for row in rows], request.today)
    context = {
        "round": found,
        "period": periods.parse(found.period_code),
        "rows": rows,
        "sent": sent,
        "text": text,
        "lines": min(text.count("\n") + 2, LINES_OF_TEXT),
    }
    return render(request, "indicators/remind.html", context)


@signed_in
@require_POST
def lock(request: HttpRequest, round_id: int) -> HttpResponse:
    found = find_round(request, round_id)
    try:
        actions.lock_round(
            by=request.actor, at=request.now, on=request.today, round_id=found.pk, reason=request.POST.get("reason", "")
        )
        messages.success(request, _("The figures of this round are locked."))
    except Refused as refused:
        tell(request, refused)
    return redirect("indicators:round", found.pk)


@signed_in
@require_POST
def cancel(request: HttpRequest, round_id: int) -> HttpResponse:
    found = find_round(request, round_id)
    try:
        actions.cancel_round(
            by=request.actor, at=request.now, on=request.today, round_id=found.pk, reason=request.POST.get("reason", "")
        )
    except Refused as refused:
        tell(request, refused)
        return redirect("indicators:round", found.pk)
    messages.success(request, _("The round has been taken back."))
    return redirect("indicators:rounds")
