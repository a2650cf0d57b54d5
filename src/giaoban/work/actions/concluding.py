"""Verbs that conclude a meeting, and issue the notice that makes its tasks bind.

A conclusion that is typed is planned. It binds when the notice is issued (the chair approves the text, the chief of
office signs it word for word; a leader may do both), or earlier when the chair says so at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from giaoban.core.refusal import NotAllowed
from giaoban.core.text import nfc
from giaoban.documents import actions as documents
from giaoban.documents.models import Direction, Document
from giaoban.journal.actions import Entry, writing
from giaoban.journal.actor import Actor
from giaoban.notices import actions as notices
from giaoban.people import queries as people
from giaoban.work import refusals
from giaoban.work.actions.kept_minutes import NEW_CONCLUSION, NEW_WORDING, keep_minutes
from giaoban.work.actions.meeting_rules import next_number, require_state, required, run
from giaoban.work.actions.rewording import follow_wording
from giaoban.work.actions.tasks import NewTask, assign, bind
from giaoban.work.models import (
    AgendaItem,
    Conclusion,
    Meeting,
    MeetingState,
    NoticeText,
    Task,
    Wording,
)
from giaoban.work.wording import notice_subject, notice_text

# Conclusions are typed by who runs the meeting or by the leader; only the leader's notice makes them bind.
TYPES = ("meeting.plan", "meeting.conclude")
SIGNS = ("meeting.conclude", "notice.sign")


def conclude(
    *,
    by: Actor,
    at: datetime,
    meeting: Meeting,
    text: str,
    heading: str = "",
    tasks: Iterable[NewTask] = (),
    item: AgendaItem | None = None,
) -> Conclusion:
    """Type one conclusion and give its tasks. Both are planned until the notice is issued."""
    with run(by, at, "meeting.conclude", meeting, needs=TYPES) as (entry, meeting):
        require_state(meeting, MeetingState.HELD)
        if item is not None and item.meeting_id != meeting.pk:
            raise NotAllowed()
        conclusion = Conclusion.objects.create(
            meeting=meeting,
            no=next_number(meeting.conclusions, "no"),
            heading=nfc(heading).strip(),
            text=required(text, "text"),
            item=item,
        )
        _keep_wording(by, at, conclusion)
        made = [assign(by=by, at=at, unit_id=meeting.unit_id, task=new, conclusion=conclusion) for new in tasks]
        _lapse(meeting, at)
        keep_minutes(by, at, meeting, NEW_CONCLUSION)
        entry.data.update(no=conclusion.no, tasks=[task.pk for task in made])
    return conclusion


def amend_conclusion(
    *, by: Actor, at: datetime, conclusion: Conclusion, text: str, heading: str = "", version: int | None = None
) -> Conclusion:
    """Reword a conclusion before the notice; its tasks take the new words, and their diaries show the old ones.

    `version` is the wording the writer began with: when somebody saved another one meanwhile, this one is refused.
    """
    with run(by, at, "meeting.conclude", conclusion.meeting, needs=TYPES) as (entry, meeting):
        conclusion.refresh_from_db()
        if meeting.state == MeetingState.CONCLUDED:
            raise refusals.ConclusionBinds()
        if conclusion.state == Conclusion.State.BINDING and not _chairs(by, meeting, timezone.localdate(at)):
            raise refusals.ChairBinds()
        words, head = required(text, "text"), nfc(heading).strip()
        if version is not None and version != conclusion.version:
            last = conclusion.wordings.get(version=conclusion.version)
            raise refusals.ChangedMeanwhile(
                who=last.by, no=conclusion.no, when=timezone.localtime(last.at).strftime("%H:%M %d/%m/%Y")
            )
        entry.data.update(no=conclusion.no, reworded=True)
        entry.skip = (words, head) == (conclusion.text, conclusion.heading)
        if not entry.skip:
            before = conclusion.text
            if not conclusion.wordings.exists():  # typed before wordings were kept
                Wording.objects.create(
                    conclusion=conclusion,
                    version=conclusion.version,
                    heading=conclusion.heading,
                    text=before,
                    at=meeting.opened_at or meeting.starts_at,
                    by=meeting.chair_name,
                )
            conclusion.text, conclusion.heading, conclusion.version = words, head, conclusion.version + 1
            conclusion.save(update_fields=["text", "heading", "version"])
            _keep_wording(by, at, conclusion)
            entry.data.update(version=conclusion.version, before=before)
            follow_wording(by=by, at=at, conclusion=conclusion, before=before)
            _lapse(meeting, at)
            keep_minutes(by, at, meeting, NEW_WORDING)
    return conclusion


def bind_now(*, by: Actor, at: datetime, conclusion: Conclusion) -> Conclusion:
    """The chair says that a conclusion binds at once: its tasks count from this day; the notice follows as ever."""
    with _chairing(by, at, "meeting.bind", conclusion.meeting) as (entry, meeting):
        require_state(meeting, MeetingState.HELD)
        _require_planned(conclusion)
        conclusion.state, conclusion.bound_at, conclusion.bound_by = Conclusion.State.BINDING, at, _who(by)
        conclusion.save(update_fields=["state", "bound_at", "bound_by"])
        tasks = list(Task.objects.filter(conclusion=conclusion, parent__isnull=True).order_by("pk"))
        bind(by=by, at=at, tasks=tasks, on=timezone.localdate(at))
        entry.data.update(no=conclusion.no, tasks=[task.pk for task in tasks])
    return conclusion


def remove_conclusion(*, by: Actor, at: datetime, conclusion: Conclusion) -> None:
    """Strike a conclusion that does not bind yet and has no tasks; later ones move up."""
    with run(by, at, "meeting.conclude", conclusion.meeting, needs=TYPES) as (entry, meeting):
        _require_planned(conclusion)
        if conclusion.tasks.exists():
            raise refusals.ConclusionHasTasks()
        entry.data.update(no=conclusion.no, removed=conclusion.text)
        _lapse(meeting, at)
        conclusion.delete()
        for later in meeting.conclusions.filter(no__gt=conclusion.no).order_by("no"):
            later.no -= 1
            later.save(update_fields=["no"])
        keep_minutes(by, at, meeting, NEW_WORDING)


def close_meeting(*, by: Actor, at: datetime, meeting: Meeting) -> Meeting:
    """The meeting ends: its minutes are locked and kept as they stand; the five working days for its notice start."""
    with run(by, at, "meeting.close", meeting, needs=TYPES) as (_entry, meeting):
        require_state(meeting, MeetingState.HELD)
        meeting.closed_at = meeting.closed_at or at
        meeting.save(update_fields=["closed_at"])
        meeting.agenda.filter(began_at__isnull=False, ended_at__isnull=True).update(ended_at=at)
        keep_minutes(by, at, meeting)
    return meeting


def approve_notice_text(*, by: Actor, at: datetime, meeting: Meeting, text: str = "") -> NoticeText:
    """The chair, or a leader of the host, approves the notice word for word; who signs for the chair is told.

    Every conclusion stands in it as it is worded. When a conclusion changes afterwards the approval lapses.
    """
    with _chairing(by, at, "meeting.approve_notice", meeting) as (entry, meeting):
        require_state(meeting, MeetingState.HELD)
        body = _lines(text) or notice_text(meeting)
        _require_whole(meeting, body)
        approved = _approve(by, at, meeting, body)
        entry.data["characters"] = len(body)
        if not people.may(by, "notice.sign", meeting.unit_id, timezone.localdate(at)) or meeting.closed_at:
            notices.send(
                by=by,
                at=at,
                to_unit=meeting.unit_id,
                verb_of_receiver="notice.sign",
                subject=f"Thông báo kết luận chờ ký: {meeting.title}",
                body=f"{_who(by)} đã duyệt nội dung.",
                link=meeting.get_absolute_url(),
            )
    return approved


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

    The chair or a leader may issue it at once, in the words given; the chief of office signs the approved text.
    Each task keeps where its conclusion stands in the text. Later than five working days is shown, not blocked.
    """
    with run(by, at, "meeting.issue_notice", meeting, needs=SIGNS) as (entry, meeting):
        require_state(meeting, MeetingState.HELD)
        conclusions = list(meeting.conclusions.order_by("no"))
        if not conclusions:
            raise refusals.NoConclusion()
        held_on = timezone.localdate(meeting.opened_at or meeting.starts_at)
        if issued_on < held_on:
            raise refusals.NoticeBeforeMeeting(day=held_on.strftime("%d/%m/%Y"))
        body = _text_to_sign(by, at, meeting, text)
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
        bind(by=by, at=at, tasks=[task for task in tasks if task.binds_on is None], on=issued_on)
        meeting.closed_at = meeting.closed_at or at
        meeting.notice, meeting.state = notice, MeetingState.CONCLUDED
        meeting.save(update_fields=["closed_at", "notice", "state"])
        keep_minutes(by, at, meeting)
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


@contextmanager
def _chairing(by: Actor, at: datetime, verb: str, meeting: Meeting) -> Iterator[tuple[Entry, Meeting]]:
    """What only the chair does, or a leader of the host."""
    with writing(by=by, at=at, verb=verb, subject=meeting, unit_id=meeting.unit_id) as entry:
        found = Meeting.objects.select_for_update().get(pk=meeting.pk)
        if not _chairs(by, found, timezone.localdate(at)):
            raise NotAllowed()
        yield entry, found


def _chairs(by: Actor, meeting: Meeting, on: date) -> bool:
    sits = meeting.chair_position_id is not None and meeting.chair_position_id == by.position_id and people.sits(by, on)
    return sits or people.may(by, "meeting.conclude", meeting.unit_id, on)


def _text_to_sign(by: Actor, at: datetime, meeting: Meeting, text: str) -> str:
    """The words of the notice: a leader's own are approved by signing them, others sign those that were approved."""
    approved = NoticeText.objects.filter(meeting=meeting, lapsed_at__isnull=True).first()
    words = _lines(text)
    if _chairs(by, meeting, timezone.localdate(at)):
        body = words or (approved.text if approved else notice_text(meeting))
        if approved is None or approved.text != body:
            _approve(by, at, meeting, body)
        return body
    if approved is None:
        raise refusals.TextNotApproved()
    if words and words != approved.text:
        raise refusals.TextDiffers()
    return approved.text


def _approve(by: Actor, at: datetime, meeting: Meeting, body: str) -> NoticeText:
    said = {"text": body, "approved_at": at, "approved_by": _who(by), "position_id": by.position_id, "lapsed_at": None}
    return NoticeText.objects.update_or_create(meeting=meeting, defaults=said)[0]


def _lapse(meeting: Meeting, at: datetime) -> None:
    NoticeText.objects.filter(meeting=meeting, lapsed_at__isnull=True).update(lapsed_at=at)


def _require_whole(meeting: Meeting, body: str) -> None:
    conclusions = list(meeting.conclusions.order_by("no"))
    if not conclusions:
        raise refusals.NoConclusion()
    for each in conclusions:
        if _lines(each.text) not in body:
            raise refusals.ConclusionLeftOut(no=each.no)


def _lines(text: str) -> str:
    """As kept: one way to end a line."""
    return nfc(text).replace("\r\n", "\n").strip()


def _keep_wording(by: Actor, at: datetime, conclusion: Conclusion) -> None:
    Wording.objects.create(
        conclusion=conclusion,
        version=conclusion.version,
        heading=conclusion.heading,
        text=conclusion.text,
        at=at,
        by=_who(by),
    )


def _who(by: Actor) -> str:
    return (f"{by.name}, {by.title}" if by.title else by.name)[:200]
