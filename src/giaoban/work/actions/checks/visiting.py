"""Verbs on a check itself: the decision, what is asked before, the opening, the minutes signed by both sides."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone

from giaoban.core.text import nfc
from giaoban.documents import actions as documents
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.work import check_refusals as refusals
from giaoban.work import check_rules
from giaoban.work.actions.checks.rules import (
    issued,
    line_locked,
    require_run,
    require_unit,
    tell,
    visit_locked,
    who,
)
from giaoban.work.actions.meeting_rules import required
from giaoban.work.models import CheckPaper, CheckPlan, CheckVisit, Finding, PlannedCheck

State = CheckVisit.State
BEFORE = (State.DECIDED, State.OPEN)


def decide(
    *,
    by: Actor,
    at: datetime,
    planned: PlannedCheck,
    symbol: str,
    issued_on: date,
    opens_on: date,
    papers: str = "",
    papers_due_on: date | None = None,
) -> list[CheckVisit]:
    """The decision to check is out: a check of each unit of the line that stands, with what it is to have ready."""
    host = planned.plan.unit_id
    with writing(by=by, at=at, verb="check.decide", subject=planned, unit_id=host) as entry:
        people.require(by, "check.run", host, timezone.localdate(at))
        found = line_locked(planned)
        if found.plan.state != CheckPlan.State.ISSUED:
            raise refusals.PlanNotIssued()
        if found.decided_at is not None:
            raise refusals.LineDecided()
        if not found.members.filter(head=True).exists():
            raise refusals.NoHead()
        if opens_on < issued_on:
            raise refusals.OpensBeforeDecision(day=issued_on.strftime("%d/%m/%Y"))
        targets = list(found.targets.filter(dropped_at__isnull=True, joined__isnull=True).order_by("pk"))
        units = [each.unit_id for each in targets]
        if not units:
            raise refusals.NobodyChecked()
        found.decision = issued(by, at, host, symbol, issued_on, f"Quyết định kiểm tra: {found.subject}", units)
        found.decided_at = at
        found.save(update_fields=["decision", "decided_at"])
        made = [
            CheckVisit.objects.create(
                target=each, host_id=host, unit_id=each.unit_id, opens_on=opens_on, papers_due_on=papers_due_on
            )
            for each in targets
        ]
        wanted = [nfc(line).strip(" -•\t")[:300] for line in papers.splitlines() if line.strip(" -•\t")]
        CheckPaper.objects.bulk_create(
            CheckPaper(visit=visit, title=title, asked_at=at) for visit in made for title in wanted
        )
        entry.data.update(symbol=found.decision.symbol, opens_on=opens_on, units=units, papers=len(wanted))
        for visit in made:
            due = f" Chuẩn bị {len(wanted)} tài liệu" if wanted else ""
            due += f" trước ngày {papers_due_on:%d/%m/%Y}." if wanted and papers_due_on else "." if wanted else ""
            body = f"Quyết định số {found.decision.symbol}; bắt đầu ngày {opens_on:%d/%m/%Y}.{due}"
            tell(by, at, [visit.unit_id], "check.answer", f"Kiểm tra: {found.subject}", body, visit.get_absolute_url())
    return made


def ask_paper(*, by: Actor, at: datetime, visit: CheckVisit, title: str) -> CheckPaper:
    """One more paper the unit is asked for."""
    with writing(by=by, at=at, verb="check.ask_paper", subject=visit, unit_id=visit.host_id) as entry:
        require_run(by, visit, at)
        found = visit_locked(visit, *BEFORE)
        made = CheckPaper.objects.create(visit=found, title=required(title, "title")[:300], asked_at=at)
        entry.data["title"] = made.title
        tell(
            by,
            at,
            [found.unit_id],
            "check.answer",
            f"Đề nghị cung cấp: {made.title}",
            str(found),
            found.get_absolute_url(),
        )
    return made


def give_paper(
    *, by: Actor, at: datetime, paper: CheckPaper, note: str = "", file: tuple[str, bytes] | None = None
) -> CheckPaper:
    """The unit hands in what was asked: a file, or words on where it lies."""
    visit = paper.visit
    with writing(by=by, at=at, verb="check.give_paper", subject=visit, unit_id=visit.unit_id) as entry:
        require_unit(by, visit, at)
        visit_locked(visit, *BEFORE)
        found = CheckPaper.objects.select_for_update().get(pk=paper.pk)
        if found.given_at is not None:
            raise refusals.PaperGiven()
        found.note = nfc(note).strip()[:500] if file else required(note, "note")[:500]
        if file:
            found.file_name, found.file_hash = file[0][-255:], documents.keep_file(*file)
        found.given_at, found.given_by = at, who(by)
        found.save()
        entry.data.update(title=found.title, file=found.file_hash)
    return found


def open_visit(*, by: Actor, at: datetime, visit: CheckVisit) -> CheckVisit:
    """The team is there and reads its decision out."""
    with writing(by=by, at=at, verb="check.open", subject=visit, unit_id=visit.host_id):
        require_run(by, visit, at)
        found = visit_locked(visit, State.DECIDED)
        found.state, found.opened_at = State.OPEN, at
        found.save(update_fields=["state", "opened_at"])
    return found


def write_minutes(*, by: Actor, at: datetime, visit: CheckVisit, present: str, summary: str = "") -> CheckVisit:
    """Who was present, and what the minutes say besides the findings."""
    with writing(by=by, at=at, verb="check.minutes", subject=visit, unit_id=visit.host_id):
        require_run(by, visit, at)
        found = visit_locked(visit, State.OPEN)
        found.present, found.summary = required(present, "present"), nfc(summary).strip()
        found.save(update_fields=["present", "summary"])
    return found


def note_finding(
    *,
    by: Actor,
    at: datetime,
    visit: CheckVisit,
    kind: str,
    topic: str,
    text: str,
    measure: str = "",
    file: tuple[str, bytes] | None = None,
) -> Finding:
    """A strength, shortcoming or violation, with its evidence and what is proposed."""
    with writing(by=by, at=at, verb="check.finding", subject=visit, unit_id=visit.host_id) as entry:
        require_run(by, visit, at)
        found = visit_locked(visit, State.OPEN)
        if topic not in check_rules.topics():
            raise ValueError(f"no topic {topic!r}")
        last = found.findings.aggregate(top=Max("number"))["top"] or 0
        made = Finding.objects.create(
            visit=found,
            number=last + 1,
            kind=Finding.Kind(kind).value,
            topic=topic,
            text=required(text, "text"),
            measure=nfc(measure).strip(),
            file_name=file[0][-255:] if file else "",
            file_hash=documents.keep_file(*file) if file else "",
        )
        entry.data.update(number=made.number, kind=made.kind, file=made.file_hash)
    return made


def remove_finding(*, by: Actor, at: datetime, finding: Finding, reason: str) -> None:
    """Struck out while the minutes are still written; the journal keeps its words and why."""
    visit = finding.visit
    with writing(by=by, at=at, verb="check.remove_finding", subject=visit, unit_id=visit.host_id) as entry:
        require_run(by, visit, at)
        visit_locked(visit, State.OPEN)
        entry.reason = required(reason, "reason")[:300]
        entry.data.update(number=finding.number, kind=finding.kind, text=finding.text)
        finding.delete()


def present_minutes(*, by: Actor, at: datetime, visit: CheckVisit) -> CheckVisit:
    """The head of the team signs; the unit reads the minutes, gives its opinion and signs."""
    with writing(by=by, at=at, verb="check.present", subject=visit, unit_id=visit.host_id) as entry:
        require_run(by, visit, at)
        found = visit_locked(visit, State.OPEN)
        required(found.present, "present")
        if not found.findings.exists():
            raise refusals.NothingFound()
        found.state, found.presented_at, found.presented_by = State.PRESENTED, at, who(by)
        found.save(update_fields=["state", "presented_at", "presented_by"])
        entry.data["findings"] = found.findings.count()
        words = "Đọc biên bản, ghi ý kiến của đơn vị và ký."
        tell(by, at, [found.unit_id], "check.answer", f"Biên bản kiểm tra: {found}", words, found.get_absolute_url())
    return found


def take_minutes_back(*, by: Actor, at: datetime, visit: CheckVisit, reason: str) -> CheckVisit:
    """Before the unit signs the team may take the minutes back to put them right."""
    with writing(by=by, at=at, verb="check.take_back", subject=visit, unit_id=visit.host_id) as entry:
        require_run(by, visit, at)
        found = visit_locked(visit, State.PRESENTED)
        entry.reason = required(reason, "reason")[:300]
        found.state, found.presented_at, found.presented_by = State.OPEN, None, ""
        found.save(update_fields=["state", "presented_at", "presented_by"])
        tell(
            by,
            at,
            [found.unit_id],
            "check.answer",
            f"Rút biên bản để sửa: {found}",
            entry.reason,
            found.get_absolute_url(),
        )
    return found


def sign_minutes(*, by: Actor, at: datetime, visit: CheckVisit, opinion: str) -> CheckVisit:
    """The unit gives its opinion and signs: the minutes stand as they are."""
    with writing(by=by, at=at, verb="check.sign", subject=visit, unit_id=visit.unit_id):
        require_unit(by, visit, at)
        found = visit_locked(visit, State.PRESENTED)
        found.opinion, found.unit_signed_by = required(opinion, "opinion"), who(by)
        _stand(found, at)
        words = f"{orgs.body_name(found.unit_id, timezone.localdate(at))} đã ký biên bản."
        tell(by, at, [found.host_id], "check.run", f"Đã ký biên bản: {found}", words, found.get_absolute_url())
    return found


def close_unsigned(*, by: Actor, at: datetime, visit: CheckVisit, reason: str) -> CheckVisit:
    """The unit does not sign: the team says why, and the minutes stand all the same."""
    with writing(by=by, at=at, verb="check.unsigned", subject=visit, unit_id=visit.host_id) as entry:
        require_run(by, visit, at)
        found = visit_locked(visit, State.PRESENTED)
        found.unsigned_because = entry.reason = required(reason, "reason")[:300]
        _stand(found, at)
        tell(
            by,
            at,
            [found.unit_id],
            "check.answer",
            f"Biên bản lập không có chữ ký của đơn vị: {found}",
            found.unsigned_because,
            found.get_absolute_url(),
        )
    return found


def _stand(found: CheckVisit, at: datetime) -> None:
    found.state, found.signed_at = State.SIGNED, at
    found.notice_due_on = check_rules.notice_due(timezone.localdate(at))
    found.save()
