"""Take in the signed copy of what was handed in: a digitally signed file, or paper with seal. The acts are append-only.

Figures handed in and signed copy handed in are two states: neither waits for the other, and a correction makes the
copy of an earlier handing-in out of date.
"""

from __future__ import annotations

from datetime import date, datetime

from giaoban.documents import keeping
from giaoban.indicators import refusals
from giaoban.indicators.actions.entry import locked_report
from giaoban.indicators.actions.signing import signed
from giaoban.indicators.models import Report, SignedCopy, SignedForm
from giaoban.indicators.queries import copies, line
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.people import queries as people

SIGNED_PDF = (b"/ByteRange", b"/Sig")  # what every PDF signature leaves; whose it is, its own reader verifies


def receive_copy(
    *,
    by: Actor,
    at: datetime,
    on: date,
    report_id: int,
    form: str,
    code: str,
    file: tuple[str, bytes] | None = None,
    note: str = "",
) -> SignedCopy:
    """Note the copy with the code printed on it. A file comes from the unit or who checks it; paper only the latter."""
    report = locked_report(report_id)
    with writing(by=by, at=at, verb="copy.receive", subject=report, unit_id=report.unit_id) as entry:
        _may(by, report, form, on)
        report = locked_report(report_id, for_update=True)
        if not copies.wanted(report.round):
            raise refusals.NoCopyNeeded()
        if form not in copies.forms_of(report.round):
            raise refusals.NotThisForm()
        newest = report.submissions.order_by("-no").first()
        if newest is None:
            raise refusals.NothingToSign()
        now = copies.check_code(newest)
        if copies.tidy(code) != copies.tidy(now):
            raise refusals.WrongCheckCode(code=code or "—", now=now)
        name, digest = _kept(form, file)
        made = SignedCopy.objects.create(
            report=report,
            submission=newest,
            form=form,
            check_code=now,
            file_name=name,
            file_hash=digest,
            note=note.strip()[:300],
            **signed(by, at),
        )
        entry.data |= {"submission": newest.pk, "form": form, "code": now, "file": digest}
    return made


def _may(by: Actor, report: Report, form: str, on: date) -> None:
    judges = bool(line.my_steps(by, report.round, [report.unit_id], on))
    if form == SignedForm.PAPER and not judges:
        people.require(by, "figure.check", report.answering_id, on)
        raise refusals.NotYourStep(step="", unit=str(report.unit))
    if not judges:
        people.require(by, "figure.submit", report.answering_id, on)


def _kept(form: str, file: tuple[str, bytes] | None) -> tuple[str, str]:
    """(name, hash) of the kept file; nothing for paper."""
    if form == SignedForm.PAPER:
        return "", ""
    name, content = file or ("", b"")
    if not content.startswith(b"%PDF-") or not all(mark in content for mark in SIGNED_PDF):
        raise refusals.NotASignedFile(name=name or "—")
    return name[:255], keeping.keep(name, content)
