"""Every change of this room: begin a report, add own words, address it, issue it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from giaoban.core import period as periods
from giaoban.core.refusal import Refused, sentence
from giaoban.core.text import nfc
from giaoban.documents import actions as documents
from giaoban.documents.models import Document
from giaoban.files import docx
from giaoban.files.official import OfficialDocument, text_of, to_json
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.reports import letterhead, queries
from giaoban.reports.form import Form
from giaoban.reports.kinds import form
from giaoban.reports.models import Report, State
from giaoban.work import actions as work
from giaoban.work.models import Meeting, MeetingState

LONGEST_WORDS = 10_000


class AlreadyIssued(Refused):
    """An issued report does not change; a correction is a new report."""

    sentence = sentence("The report is issued and does not change any more; write a new one.")


class NoSuchSlot(Refused):
    """The form has no such place for own words."""

    sentence = sentence("This report has no place “%(slot)s” for own words.")
    field = "slot"


class TooLong(Refused):
    """The words are longer than a report can bear."""

    sentence = sentence("The text has %(length)s characters; at most %(most)s fit here.")
    field = "text"


class NumberNeeded(Refused):
    """A document is issued under a number."""

    sentence = sentence("Give the number under which the document is issued.")
    field = "number"


class DayNeeded(Refused):
    """A document is issued on a day."""

    sentence = sentence("Give the day on which the document is issued.")
    field = "issued_on"


class DayAhead(Refused):
    """A document cannot be issued in the future."""

    sentence = sentence("%(day)s has not come yet; a document is issued today or was issued before.")
    field = "issued_on"


class NoUnitThen(Refused):
    """The unit does not exist on the day."""

    sentence = sentence("%(unit)s does not exist on %(day)s.")
    field = "unit"


class PeriodAhead(Refused):
    """The period has not begun."""

    sentence = sentence("%(period)s has not begun on %(day)s; there is nothing to report yet.")
    field = "period"


class NotHeld(Refused):
    """The meeting has not been held, or concluded nothing."""

    sentence = sentence("“%(meeting)s” has no conclusions yet.")
    field = "meeting"


class OfMeeting(Refused):
    """This form is about a meeting."""

    sentence = sentence("Choose the meeting whose conclusions are announced.")
    field = "meeting"


class OfPeriod(Refused):
    """This form is about a unit and a period."""

    sentence = sentence("Choose the unit and the period of the report.")
    field = "period"


def begin(
    *,
    by: Actor,
    at: datetime,
    form_code: str,
    unit_id: int | None = None,
    period_code: str = "",
    meeting: Meeting | None = None,
) -> Report:
    """Open the draft of a report, or come back to the one being written."""
    kind, today = form(form_code), timezone.localdate(at)
    owner = meeting.unit_id if kind.of_meeting and meeting else unit_id
    with writing(by=by, at=at, verb="report.begin", unit_id=owner, data={"form": form_code}) as entry:
        new = _meeting_report(kind, meeting) if kind.of_meeting else _period_report(kind, unit_id, period_code, today)
        people.require(by, "report.write", new.unit_id, today)
        found = _draft_like(new)
        if found is not None:
            entry.skip = True
            return found
        _address_as_usual(new, kind, today)
        new.begun_at = new.changed_at = at
        new.begun_by = by.name
        new.save()
        entry.subject = new
        entry.data |= {"period": new.period_code, "meeting": new.meeting_id}
    return new


@dataclass(frozen=True)
class Written:
    """A report as it would be printed now: its draft, the document and the DOCX file."""

    report: Report
    document: OfficialDocument
    content: bytes
    name: str


def write(
    *,
    by: Actor,
    at: datetime,
    form: str,
    unit_id: int | None = None,
    period_code: str = "",
    meeting_id: int | None = None,
) -> Written:
    """Begin the report, or come back to it, and print it as it stands: what command and demonstration do."""
    meeting = None if meeting_id is None else Meeting.objects.filter(pk=meeting_id).first()
    draft = begin(by=by, at=at, form_code=form, unit_id=unit_id, period_code=period_code, meeting=meeting)
    return printed(by, draft, timezone.localdate(at))


def printed(by: Actor, report: Report, on: date) -> Written:
    """The report as a file: an issued one as it was kept, a draft as it stands on the day."""
    document = queries.document(by, report, on)
    kept = Report.objects.values_list("file", flat=True).get(pk=report.pk) if report.state == State.ISSUED else None
    content = docx.write(document) if kept is None else bytes(kept)
    return Written(report, document, content, file_name(report))


def _period_report(kind: Form, unit_id: int | None, period_code: str, today: date) -> Report:
    if unit_id is None or not period_code:
        raise OfPeriod()
    period = periods.parse(period_code)
    if period.start > today:
        raise PeriodAhead(period=period.label, day=f"{today:%d/%m/%Y}")
    day = min(period.data_day, today)
    if not orgs.exists(unit_id, day):
        raise NoUnitThen(unit=orgs.name(unit_id, day), day=f"{day:%d/%m/%Y}")
    return Report(form=kind.code, unit_id=unit_id, period_code=period.code)


def _meeting_report(kind: Form, meeting: Meeting | None) -> Report:
    if meeting is None:
        raise OfMeeting()
    if meeting.state not in (MeetingState.HELD, MeetingState.CONCLUDED) or not meeting.conclusions.exists():
        raise NotHeld(meeting=meeting.title)
    return Report(form=kind.code, unit_id=meeting.unit_id, meeting=meeting, period_code=meeting.period_code)


def _draft_like(new: Report) -> Report | None:
    drafts = Report.objects.filter(state=State.DRAFT, form=new.form)
    if new.meeting_id:
        return drafts.filter(meeting=new.meeting_id).first()
    return drafts.filter(unit=new.unit_id, period_code=new.period_code, meeting=None).first()


def _address_as_usual(report: Report, kind: Form, on: date) -> None:
    """Fill in symbol, place, who signs and who receives, as the unit usually has them."""
    head = letterhead.letterhead(report.unit_id, on, kind.type_code)
    lines, signer, recipients = head.signing, head.signer, head.recipients
    if kind.of_meeting:
        lines, signer = letterhead.by_order(report.unit_id, on)
        recipients = ("Như thành phần dự họp", "Lưu: VT")
    report.symbol, report.place, report.signer = head.symbol, head.place, signer
    report.signing, report.recipients = "\n".join(lines), "\n".join(recipients)
    notice = report.meeting.notice if report.meeting else None
    if notice is not None:  # the notice is registered already: the paper bears its number and day
        report.number, report.issued_on = notice.number, notice.issued_on
        report.symbol = notice.symbol.partition("/")[2] or head.symbol


def rewrite(*, by: Actor, at: datetime, report: Report, slot: str, text: str) -> Report:
    """Put own words into a slot; empty text takes them out, and the form says again what it says by itself."""
    with writing(by=by, at=at, verb="report.rewrite", subject=report, unit_id=report.unit_id) as entry:
        kept = _draft(by, at, report)
        if slot not in form(kept.form).slots:
            raise NoSuchSlot(slot=slot)
        words = nfc(text).strip()
        if len(words) > LONGEST_WORDS:
            raise TooLong(length=len(words), most=LONGEST_WORDS)
        before = kept.words.get(slot, "")
        if words == before:
            entry.skip = True
            return kept
        kept.words = {name: kept.words[name] for name in kept.words if name != slot} | ({slot: words} if words else {})
        kept.changed_at = at
        kept.save(update_fields=["words", "changed_at"])
        entry.data |= {"slot": slot, "before": before, "after": words}
    return kept


ADDRESS = ("number", "symbol", "place", "issued_on", "signing", "signer", "recipients")


def address(*, by: Actor, at: datetime, report: Report, values: Mapping[str, Any]) -> Report:
    """Change number, symbol, place, day, who signs and who receives; unknown names are a fault of the program."""
    with writing(by=by, at=at, verb="report.address", subject=report, unit_id=report.unit_id) as entry:
        kept = _draft(by, at, report)
        changed = {name: values[name] for name in ADDRESS if name in values and values[name] != getattr(kept, name)}
        if not changed:
            entry.skip = True
            return kept
        for name, value in changed.items():
            setattr(kept, name, value)
        kept.changed_at = at
        kept.save(update_fields=[*changed, "changed_at"])
        entry.data |= changed
    return kept


def issue(*, by: Actor, at: datetime, report: Report) -> Report:
    """Keep the report for good: content, DOCX and hash; enter it in the register where the actor may.

    A conclusion notice of a meeting that has none yet is issued by the meeting's own verb: its tasks bind from then.
    """
    today = timezone.localdate(at)
    with writing(by=by, at=at, verb="report.issue", subject=report, unit_id=report.unit_id) as entry:
        kept = _draft(by, at, report)
        _require_address(kept, today)
        document = queries.document(by, kept, today)
        file = docx.write(document)
        kept.state, kept.figures_on = State.ISSUED, today
        kept.title = f"{document.kind} {document.subject}"[:400]
        kept.content, kept.file, kept.sha256 = to_json(document), file, hashlib.sha256(file).hexdigest()
        kept.issued_at, kept.issued_by, kept.changed_at = at, by.name, at
        kept.document = _register(by, at, kept, document, file)
        kept.save()
        entry.data |= {"number": kept.number, "symbol": kept.symbol, "sha256": kept.sha256, "title": kept.title}
    return kept


def _register(by: Actor, at: datetime, report: Report, document: OfficialDocument, file: bytes) -> Document | None:
    assert report.number is not None and report.issued_on is not None
    symbol = f"{report.number:02d}/{report.symbol}"
    common: dict[str, Any] = {
        "symbol": symbol,
        "issued_on": report.issued_on,
        "subject": document.subject,
        "signer": report.signer,
        "signer_title": report.signing.splitlines()[-1].capitalize() if report.signing else "",
        "text": text_of(document),
        "file": (file_name(report), file),
    }
    if report.meeting is not None:
        if report.meeting.state != MeetingState.HELD:
            return report.meeting.notice
        return work.issue_notice(by=by, at=at, meeting=report.meeting, **common)
    today = timezone.localdate(at)
    if not any(people.may(by, verb, report.unit_id, today) for verb in ("document.register", "document.issue")):
        return None
    kind = form(report.form)
    return documents.register(
        by=by,
        at=at,
        owner_id=report.unit_id,
        direction="OUT",
        type=kind.type_code,
        issuer_text=document.issuer,
        **common,
    )


def file_name(report: Report) -> str:
    """ "05-BC-UBND-so-ket-2025-2026.HK1.docx": what the downloaded file is called."""
    number = f"{report.number:02d}-{report.symbol}-" if report.number is not None else ""
    about = report.period_code or f"cuoc-hop-{report.meeting_id}"
    return f"{number}{report.form}-{about}.docx".replace("/", "-")


def _draft(by: Actor, at: datetime, report: Report) -> Report:
    """The report's row, locked for the transaction, if the actor may change it."""
    kept = Report.objects.select_for_update().get(pk=report.pk)
    people.require(by, "report.write", kept.unit_id, timezone.localdate(at))
    if kept.state != State.DRAFT:
        raise AlreadyIssued()
    return kept


def _require_address(report: Report, today: date) -> None:
    if report.number is None:
        raise NumberNeeded()
    if report.issued_on is None:
        raise DayNeeded()
    if report.issued_on > today:
        raise DayAhead(day=f"{report.issued_on:%d/%m/%Y}")
