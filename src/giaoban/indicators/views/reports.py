"""One report, read by its unit or by who judges it; and the history of one of its cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from giaoban.core import calendar
from giaoban.indicators import queries
from giaoban.indicators.models import Cell, OnBehalf, Report, Return, SignedCopy, Submission
from giaoban.indicators.queries import behalf, copies, differences, findings, line, remarks, reports, rounds
from giaoban.indicators.views.entry import find
from giaoban.indicators.views.home import cluster_of, shown_state, urgency
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
    judged = set(line.my_steps(actor, found.round, [found.unit_id], on))  # the steps that are the reader's
    step = rounds.waiting_step(found)
    own = own_report(request, found)
    grid = queries.grid(actor, found, on, handed_in=not own)
    newest = found.submissions.order_by("-no").first()
    signed = copies.state_of(found)
    context = {
        "report": found,
        "grid": grid,
        "unit": orgs.name(found.unit_id, on),
        "state": shown_state(found),
        "urgency": "late" if rounds.is_late(found, found.round, on, request.now) else urgency(found.due_on, on),
        "own": own,
        "newest": newest,
        "code": copies.check_code(newest) if newest else "",
        "copy": signed,
        "copy_forms": _copy_forms(request, found, bool(judged)) if newest and signed.state != "received" else (),
        "copies": list(copies.copies_of(found)),
        "behalf": _behalf(found),
        "answers_behalf": own
        and behalf.waiting_of(found) is not None
        and people.may(actor, "figure.submit", found.answering_id, on),
        "may_behalf": not own
        and bool(judged)
        and reports.is_open(found, on)
        and people.may(actor, "figure.behalf", found.answering_id, on),
        "joined": [orgs.name(one.round.opener_id, on) for one in found.joinings.select_related("round")],
        "cluster": cluster_of(found),
        "differences": differences.differences_of(found, on, handed_in=True) if not own and newest else (),
        "owing": found.state in ("empty", "draft", "returned"),
        "may_type": types,
        "may_submit": (submits and found.drafts.exists()) or (submits and found.state == "returned"),
        "steps": list(found.round.steps.all()),
        "step": next((one for one in found.round.steps.all() if one.order == step), None) if step in judged else None,
        "may_return": bool(judged)
        and found.state not in ("empty", "draft")
        and people.may(actor, "figure.return", found.answering_id, on)
        and not is_shut(found, on),
        "may_withdraw": people.may(actor, "figure.withdraw", found.answering_id, on) and counts(found),
        "may_reopen": found.round.locked_at is not None
        and people.may(actor, "round.open", line.keeper(found.round, on), on),
        "duty": orgs.name(found.duty_id, on) if found.duty_id else "",
        "may_see_round": rounds.follows_others(actor, on),
        "changes": queries.changed_since_approval(found),
        "returns": reports.asked_again(found, grid),
        "waiting_remarks": remarks.waiting_in(found),
        "story": story(found, grid),
        "resubmit_by": calendar.add_working_days(on, 2, calendar.vietnam(on.year)),
        "reopen_until": on + timedelta(days=3),
    }
    return render(request, "indicators/report.html", context)


def _behalf(report: Report) -> dict[str, object] | None:
    """Of figures entered on behalf: source, by whom, what the head said; None when the unit handed in itself."""
    newest = next(iter(behalf.of_report(report)), None)
    if newest is None or report.submissions.filter(no__gt=newest.submission.no).exists():
        return None
    return {"row": newest, "state": behalf.state_of(newest), "who": reports.who(newest.submission)}


def _copy_forms(request: HttpRequest, report: Report, judges: bool) -> list[str]:
    """The forms in which the reader may hand over or note a copy: paper only who checks it."""
    forms = copies.forms_of(report.round)
    hands_in = bool(forms) and people.may(request.actor, "figure.submit", report.answering_id, request.today)
    return [form for form in forms if judges or (hands_in and form == "digital")]


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
    entered = {one.submission_id: one for one in behalf.of_report(report)}
    lines = [_handed_in(one, entered.get(one.pk)) for one in reports.submissions_of(report)]
    lines += [moment for one in entered.values() for moment in _answered(one)]
    lines += [_signed(one) for one in copies.copies_of(report)]
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


def _handed_in(one: Submission, entered: OnBehalf | None) -> Moment:
    number = one.revisions.count()
    if entered is not None:
        what = _("Entered on behalf of the unit, time %(no)s: %(n)s cells") % {"no": one.no, "n": number}
        note = _("Source: %(source)s") % {"source": entered.source}
        return Moment(one.at, what, reports.who(one), note, WARN, "user-pen")
    what = _("Handed in, time %(no)s: %(n)s cells") % {"no": one.no, "n": number}
    return Moment(one.at, what, reports.who(one), one.note, INFO, "send")


def _answered(one: OnBehalf) -> Iterator[Moment]:
    """What the head said to figures entered on behalf."""
    if one.confirmed_at is not None:
        who = ", ".join(filter(None, [one.confirmed_name, one.confirmed_title]))
        yield Moment(one.confirmed_at, _("Confirmed by the unit"), who, "", GOOD, "badge-check")
    elif one.objected_at is not None:
        yield Moment(one.objected_at, _("The unit objected"), "", one.objection, BAD, "message-square-warning")


def _signed(one: SignedCopy) -> Moment:
    words = {
        "digital": _("Signed file received, of time %(no)s"),
        "paper": _("Signed paper received, of time %(no)s"),
    }
    note = " · ".join(filter(None, [one.check_code, one.file_name, one.note]))
    return Moment(one.at, words[one.form] % {"no": one.submission.no}, reports.who(one), note, GOOD, "stamp")


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
    entered = {one.submission.at: one for one in behalf.of_report(found)}
    lines = [
        Moment(
            one.at,
            f"{looks[one.what][0]}{_value(one, scale)}",
            one.who,
            _behalf_note(one, entered),
            *looks[one.what][1:],
        )
        for one in queries.cell_history(found, cell_id)
    ]
    context = {"report": found, "cell": shown, "lines": lines, "unit": orgs.name(found.unit_id, request.today)}
    context |= {
        "thread": remarks.threads(found).get(cell_id),
        "may_remark": shown.own and bool(remarks.side_of(request.actor, found, request.today)),
    }
    return render(request, "indicators/cell.html", context)


def _behalf_note(line: reports.Line, entered: Mapping[datetime, OnBehalf]) -> str:
    """The explanation of a figure; where it was entered on behalf of the unit, that and its source first."""
    row = entered.get(line.at) if line.what == "submitted" else None
    if row is None:
        return line.text
    words = _("Entered on behalf of the unit")
    return " · ".join(filter(None, [words, _("Source: %(source)s") % {"source": row.source}, line.text]))


def _value(line: reports.Line, scale: int) -> str:
    if line.what != "submitted":
        return ""
    return f": {findings.shown(line.value, scale)}" if line.value is not None else ": " + _("no figure")
