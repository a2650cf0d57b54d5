"""What the lead and its partners do: take up, report progress, answer, report as done."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from giaoban.core.text import nfc
from giaoban.documents.models import Document
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.work import refusals, refusals_tasks
from giaoban.work.actions.tasks.rules import lead_of, officer_of, open_task, require_lead, required
from giaoban.work.actions.tasks.telling import attach, tell, tell_assigner, write_down
from giaoban.work.models import Drafting, Partner, Progress, Task


def take_up(*, by: Actor, at: datetime, task: Task, officer_id: int | None = None, leader: str | None = None) -> Task:
    """The lead unit takes the task up and says who in it directs the work and which position does it.

    Also how it changes hands. `leader` None leaves the name as it is.
    """
    with writing(by=by, at=at, verb="task.take_up", subject=task, unit_id=task.lead_id) as entry:
        on = timezone.localdate(at)
        task = open_task(task)
        if not people.may(by, "task.assign", lead_of(task), on):
            require_lead(by, task, on)
        changed = ["taken_up_at"]
        task.taken_up_at = task.taken_up_at or at
        words = ""
        if officer_id is not None:
            position = officer_of(officer_id, lead_of(task), on)
            task.officer = position
            changed.append("officer")
            words = position.title
            if position.pk != by.position_id:
                tell(by, at, task, "Được phân công", position_id=position.pk)
        if leader is not None and nfc(leader).strip() != task.leader:
            task.leader = nfc(leader).strip()[:200]
            changed.append("leader")
            words = "; ".join(each for each in (words, task.leader) if each)
        task.save(update_fields=changed)
        write_down(by, at, task, Progress.Kind.TAKEN_UP, words)
        entry.data["officer"] = officer_id
    return task


def report_progress(
    *,
    by: Actor,
    at: datetime,
    task: Task,
    text: str,
    percent: int | None = None,
    evidence_text: str = "",
    evidence_document: Document | None = None,
    file: tuple[str, bytes] | None = None,
    replaces: int | None = None,
) -> Progress:
    """A note of the lead on how far it is, with evidence: words, a registered document, a file."""
    with writing(by=by, at=at, verb="task.report", subject=task, unit_id=task.lead_id) as entry:
        on = timezone.localdate(at)
        task = open_task(task)
        require_lead(by, task, on)
        if percent is not None and not 0 <= percent <= 100:
            raise refusals.BadPercent()
        note = write_down(by, at, task, Progress.Kind.NOTE, required(text, "text"), percent)
        attach(by, note, evidence_text, evidence_document, file, on, replaces)
        task.taken_up_at = task.taken_up_at or at
        task.percent = task.percent if percent is None else percent
        task.save(update_fields=["taken_up_at", "percent"])
        entry.data["percent"] = percent
    return note


def answer_as_partner(*, by: Actor, at: datetime, task: Task, unit_id: int, answer: str) -> Partner:
    """A partner says what it has done of its part."""
    with writing(by=by, at=at, verb="task.answer", subject=task, unit_id=unit_id):
        people.require(by, "task.report", unit_id, timezone.localdate(at))
        task = open_task(task)
        partner = task.partners.filter(unit_id=unit_id).first()
        if partner is None:
            raise refusals.NotAPartner()
        partner.answer, partner.answered_at = required(answer, "answer"), at
        partner.save(update_fields=["answer", "answered_at"])
    return partner


def propose_done(
    *,
    by: Actor,
    at: datetime,
    task: Task,
    text: str,
    evidence_text: str = "",
    evidence_document: Document | None = None,
    file: tuple[str, bytes] | None = None,
    replaces: int | None = None,
) -> Task:
    """The lead reports the task as done. This day is its completion day if the assigner confirms."""
    with writing(by=by, at=at, verb="task.propose", subject=task, unit_id=task.lead_id):
        on = timezone.localdate(at)
        task = open_task(task)
        require_lead(by, task, on)
        if task.proposed_at is not None:
            raise refusals.AlreadyProposed()
        if Drafting.objects.filter(task=task).exists():
            raise refusals_tasks.DoneWhenIssued()
        note = write_down(by, at, task, Progress.Kind.PROPOSED, required(text, "text"), 100)
        attach(by, note, evidence_text, evidence_document, file, on, replaces)
        task.proposed_at, task.percent = at, 100
        task.taken_up_at = task.taken_up_at or at
        task.save(update_fields=["proposed_at", "percent", "taken_up_at"])
        tell_assigner(by, at, task, "Báo cáo hoàn thành", "task.confirm")
    return task
