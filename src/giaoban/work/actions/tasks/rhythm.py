"""Reports by rhythm: the assigner says how often, the lead writes each; what is missing is computed from the days."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from giaoban.documents.models import Document
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.work import dues, refusals_tasks, rhythms
from giaoban.work.actions.tasks.rules import open_task, require_lead, required, with_parts
from giaoban.work.actions.tasks.telling import attach, name_of, tell, tell_assigner, write_down
from giaoban.work.models import CycleReport, DueKind, Progress, ReportDuty, Task


def read_rhythm(words: str, on: date) -> dues.Due:
    """ "hằng tháng", "ngày 20 hằng tháng": refuses words that name no rhythm."""
    try:
        due = dues.read(words, on)
    except dues.BadDue:
        raise refusals_tasks.NoRhythm(text=words) from None
    if due.kind != DueKind.RECURRING or not due.cycle:
        raise refusals_tasks.NoRhythm(text=words)
    return due


def set_rhythm(*, by: Actor, at: datetime, task: Task, words: str) -> Task:
    """The assigner asks for reports by a rhythm from today on, changes it, or with no words asks for no more.

    What was written stays. On a task given to many it holds for each part that is still open.
    """
    with writing(by=by, at=at, verb="task.rhythm", subject=task, unit_id=task.assigned_by_id) as entry:
        on = timezone.localdate(at)
        people.require(by, "task.assign", task.assigned_by_id, on)
        task = open_task(task, whole=True)
        if task.due_kind == DueKind.RECURRING:
            raise refusals_tasks.RhythmTwice()
        words = words.strip()
        due = read_rhythm(words, on) if words else None
        for each in with_parts([task]):
            if each.has_parts or each.confirmed_at or each.called_off_at:
                continue
            if due is None:
                ReportDuty.objects.filter(task=each, stopped_on__isnull=True).update(stopped_on=on)
            else:
                put_rhythm(by, [each], due, on)
            write_down(by, at, each, Progress.Kind.DUTY, words)
            tell(by, at, each, "Chế độ báo cáo" if words else "Thôi báo cáo định kỳ", body=words)
        entry.data["words"] = words
    return task


def put_rhythm(by: Actor, tasks: list[Task], due: dues.Due, on: date) -> None:
    """The duty of each task, from a day on."""
    ReportDuty.objects.bulk_create(
        (
            ReportDuty(task=task, cycle=due.cycle, words=due.text, starts_on=on, stopped_on=None, set_by=name_of(by))
            for task in tasks
        ),
        update_conflicts=True,
        unique_fields=["task"],
        update_fields=["cycle", "words", "starts_on", "stopped_on", "set_by"],
    )


def write_report(
    *,
    by: Actor,
    at: datetime,
    task: Task,
    due_on: date,
    text: str,
    percent: int | None = None,
    evidence_text: str = "",
    evidence_document: Document | None = None,
    file: tuple[str, bytes] | None = None,
) -> CycleReport:
    """The lead writes the report of one period; late ones too, and the coming one ahead of its day."""
    with writing(by=by, at=at, verb="task.cycle_report", subject=task, unit_id=task.lead_id) as entry:
        on = timezone.localdate(at)
        task = open_task(task)
        require_lead(by, task, on)
        duty = ReportDuty.objects.filter(task=task).first()
        one = (
            next((each for each in rhythms.occurrences(duty, task, on) if each.due_on == due_on), None)
            if duty
            else None
        )
        if duty is None or one is None:
            raise refusals_tasks.NoSuchReport(day=due_on.strftime("%d/%m/%Y"))
        written = duty.reports.filter(due_on=due_on).select_related("progress").first()
        if written is not None:
            day = timezone.localdate(written.progress.at).strftime("%d/%m/%Y")
            raise refusals_tasks.ReportWritten(label=one.label, day=day)
        note = write_down(by, at, task, Progress.Kind.REPORT, required(text, "text"), percent)
        attach(by, note, evidence_text, evidence_document, file, on)
        made = CycleReport.objects.create(duty=duty, due_on=due_on, label=one.label, progress=note)
        task.taken_up_at = task.taken_up_at or at
        task.percent = task.percent if percent is None else percent
        task.save(update_fields=["taken_up_at", "percent"])
        tell_assigner(by, at, task, f"Báo cáo {one.label}", "task.assign", body=text.strip()[:300])
        entry.data.update(due_on=due_on, percent=percent)
    return made
