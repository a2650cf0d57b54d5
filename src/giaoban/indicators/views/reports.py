"""One report, read by its unit or by who judges it; and the history of one of its cells."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from giaoban.core import calendar
from giaoban.indicators import queries
from giaoban.indicators.models import Cell, Report, Return, Submission
from giaoban.indicators.queries import findings, line, reports, rounds
from giaoban.indicators.views.entry import find
from giaoban.indicators.views.home import shown_state, urgency
from giaoban.journal import queries as journal
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.ui.looks import BAD, GOOD, INFO, WARN
from giaoban.ui.parts import Moment


@signed_in
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    """Its figures, what needs a look, what happened; and the step that is the reader's to take."""
    found = find(request, report_id)
    actor, on = request.actor, request.today
    types, submits = reports.may_type(actor, found, on), reports.may_submit(actor, found, on)
    step, mine = reports.next_step(actor, found, on)
    grid = queries.grid(actor, found, on, handed_in=not own_report(request, found))
    context = {
        "report": found,
        "grid": grid,
        "unit": orgs.name(found.unit_id, on),
        "state": shown_state(found),
        "urgency": urgency(found.due_on, on),
        "owing": found.state in ("empty", "draft", "returned"),
        "may_type": types,
        "may_submit": (submits and found.drafts.exists()) or (submits and found.state == "returned"),
        "steps": list(found.round.steps.all()),
        "step": next((one for one in found.round.steps.all() if one.order == step), None) if mine else None,
        "may_return": reports.may_return(actor, found, on) and not is_shut(found, on),
        "may_withdraw": people.may(actor, "figure.withdraw", found.answering_id, on) and counts(found),
        "may_reopen": found.round.locked_at is not None
        and people.may(actor, "round.open", line.keeper(found.round, on), on),
        "duty": orgs.name(found.duty_id, on) if found.duty_id else "",
        "may_see_round": rounds.follows_others(actor, on),
        "changes": queries.changed_since_approval(found),
        "returns": reports.asked_again(found, grid),
        "story": story(found, grid),
        "resubmit_by": calendar.add_working_days(on, 2, calendar.vietnam(on.year)),
        "reopen_until": on + timedelta(days=3),
    }
    return render(request, "indicators/report.html", context)


def own_report(request: HttpRequest, report: Report) -> bool:
    """Whether the reader works for the reporting unit: they see what is typed and not handed in yet."""
    return any(
        people.may(request.actor, verb, report.answering_id, request.today) for verb in ("figure.type", "figure.submit")
    )


def is_shut(report: Report, on: date) -> bool:
    return report.round.locked_at is not None and not reports.is_open(report, on)


def counts(report: Report) -> bool:
    return report.standings.filter(accepted__isnull=False).exists()


def story(report: Report, grid: queries.Grid) -> list[Moment]:
    """Everything that happened to the report, the newest first."""
    lines = [_handed_in(one) for one in reports.submissions_of(report)]
    lines += [_returned(one, grid.words(one.cell_id)) for one in report.returns.all()]
    names = {one.order: one.name for one in report.round.steps.all()}
    for one in report.acceptances.all():
        what = _("Accepted: %(step)s") % {"step": names.get(one.step, str(one.step))}
        lines.append(Moment(one.at, what, reports.who(one), "", GOOD, "badge-check"))
    told = {
        "report.withdraw": (_("Figures withdrawn"), BAD, "undo-2"),
        "report.reopen": (_("Re-opened"), WARN, "lock-open"),
    }
    for event in journal.history(report):
        if event.verb in told:
            what, tone, icon = told[event.verb]
            lines.append(Moment(event.at, what, event.actor_name, event.reason, tone, icon))
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _handed_in(one: Submission) -> Moment:
    number = one.revisions.count()
    what = _("Handed in, time %(no)s: %(n)s cells") % {"no": one.no, "n": number}
    return Moment(one.at, what, reports.who(one), one.note, INFO, "send")


def _returned(one: Return, words: str) -> Moment:
    what = _("Returned: %(cell)s") % {"cell": words} if words else _("Returned whole")
    return Moment(one.at, what, reports.who(one), one.reason, WARN, "undo-2")


@signed_in
def cell(request: HttpRequest, report_id: int, cell_id: int) -> HttpResponse:
    """Who gave which figure when and why, for one cell of a report."""
    found = find(request, report_id)
    shown = next(
        (one for one in queries.grid(request.actor, found, request.today).cells if one.cell_id == cell_id), None
    )
    if shown is None:
        raise Http404
    scale = Cell.objects.select_related("element").get(pk=cell_id).element.scale
    looks = {
        "submitted": (pgettext("a figure", "Handed in"), INFO, "send"),
        "returned": (_("Sent back"), WARN, "undo-2"),
        "accepted": (_("Figure accepted"), GOOD, "badge-check"),
    }
    lines = [
        Moment(one.at, f"{looks[one.what][0]}{_value(one, scale)}", one.who, one.text, *looks[one.what][1:])
        for one in queries.cell_history(found, cell_id)
    ]
    context = {"report": found, "cell": shown, "lines": lines, "unit": orgs.name(found.unit_id, request.today)}
    return render(request, "indicators/cell.html", context)


def _value(line: reports.Line, scale: int) -> str:
    if line.what != "submitted":
        return ""
    return f": {findings.shown(line.value, scale)}" if line.value is not None else ": " + _("no figure")
