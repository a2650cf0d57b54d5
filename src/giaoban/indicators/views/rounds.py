"""Rounds: the list, one round under review, opening, reminding, locking."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from giaoban.core import calendar
from giaoban.core import period as periods
from giaoban.core.refusal import NotAllowed, Refused
from giaoban.core.text import fold
from giaoban.documents import queries as documents
from giaoban.documents.models import Document
from giaoban.files import pictures
from giaoban.indicators import actions, queries
from giaoban.indicators.actions.rounds import late_picture
from giaoban.indicators.forms import ChoiceForm, DayForm, LinePart, RoundForm, step_field
from giaoban.indicators.models import Round, Sheet, Step
from giaoban.indicators.queries import copies, holding, line, lines, openings
from giaoban.indicators.queries import rounds as asking
from giaoban.indicators.queries.rounds import COUNTED, Progress, Row
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
    lines: tuple[tuple[int, str, Progress], ...] = ()  # of rounds opened together: number, line, progress

    def with_another(self, other: Listed) -> Listed:
        """This and a round opened with it, as one."""
        first = self.lines or ((self.round.pk, self.round.line_name, self.progress),)
        summed = Progress(**{name: getattr(self.progress, name) + getattr(other.progress, name) for name in COUNTED})
        return replace(
            self,
            progress=summed,
            waiting=self.waiting + other.waiting,
            lines=(*first, (other.round.pk, other.round.line_name, other.progress)),
        )

    @property
    def never(self) -> int:
        """Units past their day that have not handed in at all."""
        return self.progress.late - self.progress.again


def _together(rows: list[Listed]) -> list[Listed]:
    """Rounds opened together are one line of the list, with the sum of their progress."""
    found: dict[str, Listed] = {}
    for row in rows:
        key = row.round.batch or f"#{row.round.pk}"
        before = found.get(key)
        found[key] = row if before is None else before.with_another(row)
    return list(found.values())


@signed_in
def rounds(request: HttpRequest) -> HttpResponse:
    """Every round this person asked for or judges, those that wait for them first."""
    actor, on = request.actor, request.today
    found = list(queries.rounds_for(actor, on)[:200])
    progress = asking.progress_of_many(actor, found, on, request.now)
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
    rows = _together(rows)
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
    "nhap-thay": lambda row: bool(row.behalf),
    "ban-ky": lambda row: row.copy in ("missing", "outdated"),
    "dung-chung": lambda row: bool(row.asked_by),
}
UNLISTED = {"chua-nop-lai"}  # part of "da-tra"; reached from the line that says how many, shown as a tab only then


@signed_in
def round(request: HttpRequest, round_id: int) -> HttpResponse:
    """The table an officer checks a round in: what needs attention first, one click to open, tick to decide."""
    found = find_round(request, round_id)
    actor, on = request.actor, request.today
    rows = queries.review(actor, round_id, on, request.now)
    show = request.GET.get("xem", "")
    words = fold(request.GET.get("q", "")).split()
    chosen = [row for row in rows if show not in SHOWN or SHOWN[show](row)]
    chosen = [row for row in chosen if all(word in fold(f"{row.name} {row.group}") for word in words)]
    mine = [row for row in rows if row.mine and row.step]
    opens = people.may(actor, "round.open", line.keeper(found, on), on)
    seen = asking.visible_reports(actor, on).filter(asking.asked_in(found.pk))
    progress = asking.progress_of(seen, on, request.now)
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
        "batch": _batch(request, found),
        "looks_on": asking.looks_on(actor, found, on),
        "staggers": [one | {"day": date.fromisoformat(one["due_on"])} for one in found.staggers],
        "joined": [row for row in rows if row.asked_by],
        "copies_missing": sum(row.copy in ("missing", "outdated") for row in rows),
        "wants_copy": copies.wanted(found),
        "chosen_mine": [row for row in chosen if row.mine and row.step],
        "may_prolong": opens and found.locked_at is None,
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


@dataclass(frozen=True)
class Sibling:
    """One round of those opened together."""

    round: Round
    name: str
    progress: Progress
    current: bool


def _batch(request: HttpRequest, found: Round) -> list[Sibling]:
    together = asking.batch_of(request.actor, found, request.today)
    progress = asking.progress_of_many(request.actor, together, request.today, request.now) if together else {}
    return [Sibling(one, one.line_name or str(one.pk), progress[one.pk], one.pk == found.pk) for one in together]


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
        "nhap-thay": _("Entered on behalf"),
        "ban-ky": _("Signed copy missing"),
        "dung-chung": _("Asked by another round"),
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
    """Second page: who holds the numbers, the days, who would be asked; a POST opens the round, one for each line."""
    actor, on = request.actor, request.today
    options = openings.options(actor, on)
    first = ChoiceForm(options, request.GET)
    if not first.is_valid():
        return redirect(f"{_address('round-new')}?{request.GET.urlencode()}")
    chosen = first.cleaned_data
    sheet, period = Sheet.objects.get(pk=chosen["sheet"]), periods.parse(chosen["period"])
    preview = openings.preview(sheet, period, chosen["opener"], chosen["hierarchy"])
    proposed = _proposed(request, chosen, preview, period)
    clusters = holding.clusters_of([unit for unit, _name, _kind in preview.units], on)
    holders = holding.who_holds(holding.cells_of_sheet(sheet.code), preview.all, period, on)
    series = [(one.code, one.name) for one in holders if one.kind == holding.SERIES]
    sources = [(str(one.pk), str(one)) for one in documents.for_actor(actor, on)[:50]]
    initial = {"due_on": proposed.due_on, "remind_before": [3, 1], "escalate_after": [1, 3],
               "take_from": [code for code, _name in series]}  # fmt: skip
    again = request.method == "POST" and request.POST.get("action") == "days"
    data = _with_new_days(request, proposed) if again else request.POST or None
    form = RoundForm(proposed.parts, sources, data, initial, clusters, list(dict(series).items()))
    faults: dict[str, str] = {}
    if request.method == "POST" and not again and form.is_valid():
        try:
            made = _open(request, form, sheet, period, chosen)
            told = sum(one.reports.count() for one in made)
            messages.success(request, _("The round is open; %(n)s units have been told.") % {"n": told})
            return redirect("indicators:round", made[0].pk)
        except Refused as refused:
            faults = by_field(refused)
    context = {
        "form": form,
        "sheet": sheet,
        "period": period,
        "opener": orgs.name(chosen["opener"], on),
        "preview": preview,
        "holders": holders,
        "faults": faults,
        "back": f"{_address('round-new')}?{request.GET.urlencode()}",
        "line": dict(options.lines)[chosen["line"]],
    }
    return render(request, "indicators/round_open.html", context, status=409 if faults else 200)


@dataclass(frozen=True)
class Proposed:
    """The due day and the lines with their days, as first proposed or computed anew."""

    due_on: date
    parts: list[LinePart]


def _proposed(
    request: HttpRequest, chosen: dict[str, Any], preview: openings.Preview, period: periods.Period
) -> Proposed:
    found = openings.chosen_lines(chosen["line"], chosen["opener"], request.today)
    due_on = DayForm.read({"day": request.POST.get("due_on", "")}) if request.method == "POST" else None
    plan = lines.plan_days(period, (), request.today, due_on)
    parts = actions.parts_of(found, preview.kinds, period, request.today, plan.due_on)
    if not parts and found:  # nobody to ask: the line is shown all the same
        days = lines.plan_days(period, found[0].steps, request.today, plan.due_on).steps
        parts = [actions.Part(found[0].name, actions.specs_of(found[0], days), [])]
    return Proposed(plan.due_on, [LinePart(one.line_name, list(one.unit_ids), list(one.steps)) for one in parts])


def _with_new_days(request: HttpRequest, proposed: Proposed) -> QueryDict:
    """What was typed, with every step's day computed from the due day."""
    data = request.POST.copy()
    later = [data[key] for key in data if key.startswith("cluster_") and key.endswith("_days")]
    shift = max((int(text) for text in later if text.isdecimal() and len(text) < 3), default=0)
    for number, part in enumerate(proposed.parts, start=1):
        for order, step in enumerate(part.steps, start=1):
            day = calendar.add_working_days(step.due_on, shift, calendar.vietnam(step.due_on.year))
            data[f"{step_field(number, order)}_due"] = f"{day:%d/%m/%Y}"
    return data


def _open(
    request: HttpRequest, form: RoundForm, sheet: Sheet, period: periods.Period, chosen: dict[str, Any]
) -> list[Round]:
    given = form.cleaned_data
    return actions.open_rounds(
        by=request.actor,
        at=request.now,
        on=request.today,
        sheet=sheet.code,
        period_code=period.code,
        opener_id=chosen["opener"],
        hierarchy=chosen["hierarchy"],
        due_on=given["due_on"],
        parts=form.line_parts(),
        due_time=given["due_time"],
        document=_document(request, given["document"]),
        note=given["note"],
        staggers=form.staggers(),
        signed_copy=given["signed_copy"] or "none",
        remind_before=given["remind_before"],
        escalate_after=given["escalate_after"],
        take_from=given.get("take_from", []),
    )


def _document(request: HttpRequest, text: str) -> Document | None:
    return documents.document(request.actor, int(text), request.today) if text else None


def _address(name: str) -> str:
    return reverse(f"indicators:{name}")


# Remind, lock, take back


@signed_in
def remind(request: HttpRequest, round_id: int) -> HttpResponse:
    """Tell the late ones; the text, a link and a picture to paste into a chat group."""
    found = find_round(request, round_id)
    rows = _late(request, found)
    sent = None
    if request.method == "POST":
        try:
            sent = actions.remind_late(by=request.actor, at=request.now, on=request.today, round_id=found.pk)
        except Refused as refused:
            tell(request, refused)
            return redirect("indicators:round", found.pk)
    text = actions.reminder_text(found, [row.report for row in rows], request.today)
    text = "\n".join([text, request.build_absolute_uri(_address("mine"))])
    context = {
        "round": found,
        "period": periods.parse(found.period_code),
        "rows": rows,
        "sent": sent,
        "text": text,
        "lines": min(text.count("\n") + 2, LINES_OF_TEXT),
        "file_name": f"cham-nop-{found.pk}-{request.today:%Y%m%d}.png",
    }
    return render(request, "indicators/remind.html", context)


def _late(request: HttpRequest, found: Round) -> list[Row]:
    rows = queries.review(request.actor, found.pk, request.today, request.now)
    return [row for row in rows if row.late and not row.asked_by]


@signed_in
def picture(request: HttpRequest, round_id: int) -> HttpResponse:
    """The late list as a picture for a chat group."""
    found = find_round(request, round_id)
    late = [row.report for row in _late(request, found)]
    drawn = late_picture(found, late, request.today, request.now)
    response = HttpResponse(pictures.png(drawn), content_type="image/png")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@signed_in
def prolong(request: HttpRequest, round_id: int) -> HttpResponse:
    """Add the steps of a longer line to an open round; what was accepted stays accepted."""
    found = find_round(request, round_id)
    on = request.today
    if not people.may(request.actor, "round.open", line.keeper(found, on), on) or found.locked_at is not None:
        raise NotAllowed()
    choices = _longer(found, on)
    chosen = next((one for one in choices if one.line.code == request.POST.get("line")), None)
    if request.method == "POST" and chosen is not None:
        try:
            actions.prolong(by=request.actor, at=request.now, on=on, round_id=found.pk, steps=chosen.steps)
            messages.success(request, _("The line goes on; what was accepted stays accepted and counts."))
            return redirect("indicators:round", found.pk)
        except Refused as refused:
            tell(request, refused)
    context = {"round": found, "period": periods.parse(found.period_code), "choices": choices}
    return render(request, "indicators/prolong.html", context)


@dataclass(frozen=True)
class Longer:
    """A line of which an open round has gone the first steps, and those it could still go."""

    line: lines.Line
    steps: list[actions.StepSpec]


def _longer(found: Round, on: date) -> list[Longer]:
    present = [(step.where, step.verb, step.unit_id) for step in found.steps.all()]
    last = max(found.steps.all()[len(present) - 1].due_on, on)
    choices = []
    for one in lines.lines_of(found.opener_id, on):
        known = [(step.where, step.verb, step.unit) for step in one.steps]
        same = known[: len(present)] == present
        rest = one.steps[len(present) :] if same else [s for s in one.steps if (s.where, s.verb, s.unit) not in present]
        if rest:
            days = lines.plan_days(periods.parse(found.period_code), rest, on, last).steps
            choices.append(Longer(one, actions.specs_of(replace(one, steps=tuple(rest)), days)))
    return choices


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
