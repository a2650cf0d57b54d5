"""Verbs that conclude a meeting, and issue the notice that makes its tasks bind."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from giaoban.core.text import nfc
from giaoban.documents import actions as documents
from giaoban.documents.models import Direction, Document
from giaoban.journal.actor import Actor
from giaoban.work import refusals
from giaoban.work.actions.meeting_rules import next_number, require_state, required, run
from giaoban.work.actions.tasks import NewTask, assign, bind
from giaoban.work.models import (
    Conclusion,
    Meeting,
    MeetingState,
    Task,
)
from giaoban.work.wording import notice_subject, notice_text

# Conclusions are typed by who runs the meeting or by the leader; only the leader's notice makes them bind.
TYPES = ("meeting.plan", "meeting.conclude")


def conclude(
    *, by: Actor, at: datetime, meeting: Meeting, text: str, heading: str = "", tasks: Iterable[NewTask] = ()
) -> Conclusion:
    """Type one conclusion and give its tasks. Both are planned until the leader issues the notice."""
    with run(by, at, "meeting.conclude", meeting, needs=TYPES) as (entry, meeting):
        require_state(meeting, MeetingState.HELD)
        conclusion = Conclusion.objects.create(
            meeting=meeting,
            no=next_number(meeting.conclusions, "no"),
            heading=nfc(heading).strip(),
            text=required(text, "text"),
        )
        made = [assign(by=by, at=at, unit_id=meeting.unit_id, task=new, conclusion=conclusion) for new in tasks]
        entry.data.update(no=conclusion.no, tasks=[task.pk for task in made])
    return conclusion


def amend_conclusion(*, by: Actor, at: datetime, conclusion: Conclusion, text: str, heading: str = "") -> Conclusion:
    """Reword a conclusion that does not bind yet."""
    with run(by, at, "meeting.conclude", conclusion.meeting, needs=TYPES) as (entry, _meeting):
        _require_planned(conclusion)
        conclusion.text, conclusion.heading = required(text, "text"), nfc(heading).strip()
        conclusion.save(update_fields=["text", "heading"])
        entry.data.update(no=conclusion.no, reworded=True)
    return conclusion


def remove_conclusion(*, by: Actor, at: datetime, conclusion: Conclusion) -> None:
    """Strike a conclusion that does not bind yet and has no tasks; later ones move up."""
    with run(by, at, "meeting.conclude", conclusion.meeting, needs=TYPES) as (entry, meeting):
        _require_planned(conclusion)
        if conclusion.tasks.exists():
            raise refusals.ConclusionHasTasks()
        entry.data.update(no=conclusion.no, removed=conclusion.text)
        conclusion.delete()
        for later in meeting.conclusions.filter(no__gt=conclusion.no).order_by("no"):
            later.no -= 1
            later.save(update_fields=["no"])


def close_meeting(*, by: Actor, at: datetime, meeting: Meeting) -> Meeting:
    """The meeting ends; the five working days for its notice start."""
    with run(by, at, "meeting.close", meeting, needs=TYPES) as (_entry, meeting):
        require_state(meeting, MeetingState.HELD)
        meeting.closed_at = meeting.closed_at or at
        meeting.save(update_fields=["closed_at"])
    return meeting


def issue_notice(
    *,
    by: Actor,
    at: datetime,
    meeting: Meeting,
    symbol: str,
    issued_on: date,
    subject: str = "",
    signer: str = "",
    signer_title: str = "",
    text: str = "",
    file: tuple[str, bytes] | None = None,
) -> Document:
    """Issue the notice of the conclusion: an outgoing TB in the host's register, from which the tasks bind.

    Each task keeps where its conclusion stands in the text of the notice. Later than five working days is shown, not
    blocked. `text` may be a worded notice; without it the conclusions are set out in the usual parts.
    """
    with run(by, at, "meeting.issue_notice", meeting, needs=["meeting.conclude"]) as (entry, meeting):
        require_state(meeting, MeetingState.HELD)
        conclusions = list(meeting.conclusions.order_by("no"))
        if not conclusions:
            raise refusals.NoConclusion()
        held_on = timezone.localdate(meeting.opened_at or meeting.starts_at)
        if issued_on < held_on:
            raise refusals.NoticeBeforeMeeting(day=held_on.strftime("%d/%m/%Y"))
        body = text or notice_text(meeting)
        tasks = list(Task.objects.filter(conclusion__in=conclusions, parent__isnull=True).order_by("pk"))
        notice = documents.register(
            by=by,
            at=at,
            owner_id=meeting.unit_id,
            direction=Direction.OUT,
            symbol=symbol,
            subject=subject.strip() or notice_subject(meeting),
            issued_on=issued_on,
            signer=signer or meeting.chair_name,
            signer_title=signer_title or meeting.chair_title,
            addressee_ids=_concerned(meeting, tasks),
            text=body,
            file=file,
        )
        _place(tasks, notice, meeting.chair_position_id or by.position_id)
        meeting.conclusions.update(state=Conclusion.State.BINDING)
        bind(by=by, at=at, tasks=tasks, on=issued_on)
        meeting.closed_at = meeting.closed_at or at
        meeting.notice, meeting.state = notice, MeetingState.CONCLUDED
        meeting.save(update_fields=["closed_at", "notice", "state"])
        entry.data.update(symbol=symbol, tasks=[task.pk for task in tasks])
    return notice


def _concerned(meeting: Meeting, tasks: list[Task]) -> list[int]:
    """Units invited, leads and partners: those whom the notice tells what to do."""
    whole = Q(pk__in=[task.pk for task in tasks]) | Q(parent__in=[task.pk for task in tasks])
    found = set(meeting.invitations.values_list("unit_id", flat=True))
    found |= set(Task.objects.filter(whole, lead__isnull=False).values_list("lead_id", flat=True))
    found |= set(Task.objects.filter(whole, partners__isnull=False).values_list("partners__unit_id", flat=True))
    return sorted(found - {meeting.unit_id})


def _place(tasks: list[Task], notice: Document, position_id: int | None) -> None:
    """Where each task's conclusion stands in the notice, and by whose authority it binds; for its parts too."""
    for task in tasks:
        assert task.conclusion is not None
        start = notice.text.find(task.conclusion.text)
        found: dict[str, Any] = {"document": notice, "assigned_position_id": position_id}
        if start >= 0:
            found |= {"start": start, "end": start + len(task.conclusion.text)}
        Task.objects.filter(Q(pk=task.pk) | Q(parent=task.pk)).update(**found)
        task.refresh_from_db()


def _require_planned(conclusion: Conclusion) -> None:
    conclusion.refresh_from_db(fields=["state"])
    if conclusion.state != Conclusion.State.PLANNED:
        raise refusals.ConclusionBinds()
