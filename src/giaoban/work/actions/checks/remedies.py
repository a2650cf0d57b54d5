"""Verbs after the minutes: a task for each finding, or its explanation, and the notice of results."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from giaoban.core.text import nfc
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.queries.heirs import heirs
from giaoban.work import check_refusals as refusals
from giaoban.work.actions.checks.rules import issued, require_run, require_unit, tell, visit_locked, who
from giaoban.work.actions.meeting_rules import required
from giaoban.work.actions.tasks import NewTask, assign
from giaoban.work.models import CheckVisit, Finding, Task
from giaoban.work.queries.checks import is_closed

State = CheckVisit.State
AGREED = (State.SIGNED, State.CONCLUDED)


def give_task(
    *, by: Actor, at: datetime, finding: Finding, text: str, due: str, deliverable: str = "", due_on: date | None = None
) -> Task:
    """What puts the finding right, as a task of the unit checked; confirmed like every task, it closes the finding."""
    visit = finding.visit
    with writing(by=by, at=at, verb="check.remedy", subject=visit, unit_id=visit.host_id) as entry:
        found = _open(by, at, finding)
        if found.task is not None and found.task.called_off_at is None:
            raise refusals.FindingHasTask()
        on = timezone.localdate(at)
        said = required(text, "text")
        new = NewTask(text=said, due=due, due_on=due_on, lead_id=_lead(found.visit, on), deliverable=deliverable)
        found.task = assign(by=by, at=at, unit_id=visit.host_id, task=new, document=found.visit.document)
        found.save(update_fields=["task"])
        entry.data.update(number=found.number, task=found.task.pk)
    return found.task


def explain(*, by: Actor, at: datetime, finding: Finding, text: str) -> Finding:
    """The unit explains a finding instead of mending anything; who checks says whether that is enough."""
    visit = finding.visit
    with writing(by=by, at=at, verb="check.explain", subject=visit, unit_id=visit.unit_id) as entry:
        require_unit(by, visit, at)
        found = _mendable(finding)
        found.explanation, found.explained_at, found.explained_by = required(text, "text"), at, who(by)
        found.accepted, found.judged_at, found.judged_by, found.answer = None, None, "", ""
        found.save()
        entry.data["number"] = found.number
        tell(
            by,
            at,
            [visit.host_id],
            "check.run",
            f"Giải trình: {found}",
            orgs.body_name(visit.unit_id, timezone.localdate(at)),
            found.get_absolute_url(),
        )
    return found


def judge(*, by: Actor, at: datetime, finding: Finding, accepted: bool, answer: str = "") -> Finding:
    """The explanation is enough, and the finding closed; or it is not, and why."""
    visit = finding.visit
    with writing(by=by, at=at, verb="check.judge", subject=visit, unit_id=visit.host_id) as entry:
        require_run(by, visit, at)
        found = _mendable(finding)
        if found.explained_at is None or found.accepted is not None:
            raise refusals.NothingExplained()
        found.answer = nfc(answer).strip()[:500] if accepted else required(answer, "answer")[:500]
        found.accepted, found.judged_at, found.judged_by = accepted, at, who(by)
        found.save()
        entry.data.update(number=found.number, accepted=accepted)
        said = "Chấp nhận giải trình" if accepted else "Chưa chấp nhận giải trình"
        tell(by, at, [visit.unit_id], "check.answer", f"{said}: {found}", found.answer, found.get_absolute_url())
    return found


def conclude_check(
    *, by: Actor, at: datetime, visit: CheckVisit, symbol: str, issued_on: date, text: str
) -> CheckVisit:
    """The notice of results (thông báo kết quả kiểm tra), in words approved by who signs it."""
    with writing(by=by, at=at, verb="check.conclude", subject=visit, unit_id=visit.host_id) as entry:
        require_run(by, visit, at)
        found = visit_locked(visit, State.SIGNED)
        assert found.signed_at is not None
        signed = timezone.localdate(found.signed_at)
        if issued_on < signed:
            raise refusals.ConcludedTooEarly(day=signed.strftime("%d/%m/%Y"))
        found.conclusion = required(text, "text")
        subject = f"Thông báo kết quả kiểm tra: {found}"
        found.document = issued(by, at, visit.host_id, symbol, issued_on, subject, [visit.unit_id], found.conclusion)
        found.state, found.concluded_at, found.concluded_by = State.CONCLUDED, at, who(by)
        found.save()
        entry.data.update(symbol=found.document.symbol, due_on=found.notice_due_on)
        words = f"Văn bản số {found.document.symbol} ngày {issued_on:%d/%m/%Y}."
        tell(by, at, [visit.unit_id], "check.answer", subject, words, found.get_absolute_url())
    return found


def _open(by: Actor, at: datetime, finding: Finding) -> Finding:
    require_run(by, finding.visit, at)
    return _mendable(finding)


def _mendable(finding: Finding) -> Finding:
    """A shortcoming or violation of signed minutes that is not closed, locked."""
    visit_locked(finding.visit, *AGREED)
    found = Finding.objects.select_for_update(of=("self",)).select_related("task", "visit").get(pk=finding.pk)
    if found.kind == Finding.Kind.STRENGTH:
        raise refusals.NothingToMend()
    if is_closed(found):
        raise refusals.FindingClosed()
    return found


def _lead(visit: CheckVisit, on: date) -> int:
    """The unit checked, or the one it has become."""
    return heirs([visit.unit_id], on).get(visit.unit_id, visit.unit_id)
