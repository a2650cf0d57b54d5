"""Ask about one cell of a report, and answer: the unit and those who judge it, without returning anything."""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from giaoban.core.refusal import NotAllowed
from giaoban.core.text import nfc
from giaoban.indicators import refusals
from giaoban.indicators.actions.entry import locked_report
from giaoban.indicators.actions.signing import signed
from giaoban.indicators.models import Remark, Report, SheetLine
from giaoban.indicators.queries import remarks, reports
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.notices import actions as notices
from giaoban.orgs import queries as orgs

LONGEST = 1000


def ask(*, by: Actor, at: datetime, on: date, report_id: int, cell_id: int, text: str) -> Remark:
    """Put a question on a cell; the other side is told. The figure and its state stay as they are."""
    report = locked_report(report_id)
    with writing(by=by, at=at, verb="remark.ask", unit_id=report.unit_id) as entry:
        side = _side(by, report, on)
        line = _line(report, cell_id)
        made = Remark.objects.create(
            report=report, cell_id=cell_id, text=_words(text), asks=True, **signed(by, at)
        )  # fmt: skip
        entry.subject = made
        entry.data |= {"report": report.pk, "cell": cell_id}
        _tell_other_side(made, side, line, by, at, on)
    return made


def answer(*, by: Actor, at: datetime, on: date, report_id: int, remark_id: int, text: str) -> Remark:
    """Answer a question; who asked is told. A question is answered once; what more there is to say is a new one."""
    report = locked_report(report_id)
    with writing(by=by, at=at, verb="remark.answer", unit_id=report.unit_id) as entry:
        _side(by, report, on)
        question = Remark.objects.select_for_update().filter(pk=remark_id, report=report, asks=True).first()
        if question is None:
            raise refusals.UnknownQuestion()
        if question.answered_by_id is not None:
            raise refusals.AnsweredAlready()
        made = Remark.objects.create(report=report, cell_id=question.cell_id, text=_words(text), **signed(by, at))
        Remark.objects.filter(pk=question.pk).update(answered_by=made)
        entry.subject = made
        entry.data |= {"report": report.pk, "cell": question.cell_id, "question": question.pk}
        if question.position_id and question.position_id != by.position_id:
            words = _line(report, question.cell_id).words
            subject = _("Answered: %(cell)s (%(unit)s)") % {"cell": words, "unit": orgs.name(report.unit_id, on)}
            notices.send(
                by=by, at=at, to_position=question.position_id, subject=subject, body=made.text, link=_link(made)
            )
    return made


def _side(by: Actor, report: Report, on: date) -> str:
    side = remarks.side_of(by, report, on)
    if not side and not by.is_system:
        raise NotAllowed()
    return side


def _line(report: Report, cell_id: int) -> SheetLine:
    lines = reports.asked(report)
    found = next((row for row in lines if row.owns and row.cell_id == cell_id), None)
    if found is None:
        raise refusals.NotAsked(cell=cell_id)
    return found


def _words(text: str) -> str:
    cleaned = nfc(text).strip()
    if not cleaned:
        raise refusals.RemarkNeedsWords()
    return cleaned[:LONGEST]


def _tell_other_side(made: Remark, side: str, line: SheetLine, by: Actor, at: datetime, on: date) -> None:
    report = made.report
    unit: int | None = report.answering_id
    verb = "figure.type"
    if side == remarks.UNIT:
        unit, verb = remarks.judged_by(report, on)
    if unit is None:
        return
    subject = _("Question: %(cell)s (%(unit)s)") % {"cell": line.words, "unit": orgs.name(report.unit_id, on)}
    notices.send(
        by=by, at=at, to_unit=unit, verb_of_receiver=verb, subject=subject, body=made.text, link=_link(made)
    )  # fmt: skip


def _link(remark: Remark) -> str:
    return reverse("indicators:cell", args=[remark.report_id, remark.cell_id])
