"""Verbs on meetings: plan and invite, hold and note down, conclude, and issue the notice that makes the tasks bind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone

from giaoban.core import period
from giaoban.core.refusal import NotAllowed
from giaoban.core.text import fold, nfc
from giaoban.documents import actions as documents
from giaoban.documents import queries as document_queries
from giaoban.documents.models import Direction, Document
from giaoban.journal.actions import Entry, writing
from giaoban.journal.actor import Actor
from giaoban.notices import actions as notices
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.work import queries, refusals
from giaoban.work.actions.tasks import NewTask, assign, bind
from giaoban.work.models import (
    AgendaItem,
    Conclusion,
    Contribution,
    Invitation,
    Meeting,
    MeetingKind,
    MeetingState,
    Task,
)
from giaoban.work.wording import notice_subject, notice_text


def plan_meeting(
    *,
    by: Actor,
    at: datetime,
    unit_id: int,
    kind: str,
    title: str,
    starts_at: datetime,
    chair_name: str,
    chair_title: str = "",
    chair_position_id: int | None = None,
    ends_at: datetime | None = None,
    place: str = "",
    online: bool = False,
    urgent: bool = False,
    period_code: str = "",
    requirements: str = "",
) -> Meeting:
    """Plan a meeting of a unit. What is still open of its earlier conclusions is put on the agenda by itself."""
    with writing(by=by, at=at, verb="meeting.plan", unit_id=unit_id) as entry:
        people.require(by, "meeting.plan", unit_id, timezone.localdate(at))
        meeting = Meeting(
            unit_id=unit_id,
            kind=MeetingKind(kind).value,
            title=_words(title, "title"),
            starts_at=starts_at,
            ends_at=ends_at,
            chair_name=_words(chair_name, "chair_name"),
            chair_title=chair_title.strip(),
            chair_position_id=chair_position_id,
            place=place.strip(),
            online=online,
            urgent=urgent,
            period_code=period_code,
            requirements=requirements.strip(),
        )
        _check_times(meeting)
        meeting.previous = queries.previous_meeting(unit_id, meeting.kind, starts_at)
        meeting.fold = _fold(meeting)
        meeting.save()
        _carry_over(meeting)
        entry.subject = meeting
        entry.data.update(kind=meeting.kind, starts_at=starts_at)
    return meeting


def plan_and_invite(*, by: Actor, at: datetime, unit_id: int, unit_ids: Iterable[int], **plan: Any) -> Meeting:
    """Plan a meeting and put the units on its list in one step: both, or neither."""
    with writing(by=by, at=at, verb="meeting.plan", unit_id=unit_id) as entry:
        entry.skip = True  # the verbs inside write their own events
        meeting = plan_meeting(by=by, at=at, unit_id=unit_id, **plan)
        invite(by=by, at=at, meeting=meeting, unit_ids=unit_ids)
    return meeting


# Conclusions are typed by who runs the meeting or by the leader; only the leader's notice makes them bind.
TYPES = ("meeting.plan", "meeting.conclude")

CHANGEABLE = frozenset(
    [
        "title",
        "kind",
        "starts_at",
        "ends_at",
        "place",
        "online",
        "urgent",
        "chair_name",
        "chair_title",
        "chair_position_id",
        "period_code",
        "requirements",
    ]
)


def amend_meeting(*, by: Actor, at: datetime, meeting: Meeting, **changes: Any) -> Meeting:
    """Change the plan; those already invited are told when time or place moves."""
    unknown = changes.keys() - CHANGEABLE
    if unknown:
        raise TypeError(f"not a part of the plan: {sorted(unknown)}")
    with _run(by, at, "meeting.amend", meeting) as (entry, meeting):
        _require_state(meeting, MeetingState.PLANNED)
        before = (meeting.starts_at, meeting.place)
        for name, value in changes.items():
            setattr(meeting, name, value)
        _check_times(meeting)
        _words(meeting.title, "title")
        _words(meeting.chair_name, "chair_name")
        meeting.fold = _fold(meeting)
        meeting.save()
        if before != (meeting.starts_at, meeting.place):
            _tell_invited(by, at, meeting, "Thay đổi thời gian, địa điểm họp")
        entry.data["changed"] = sorted(changes)
    return meeting


def cancel_meeting(*, by: Actor, at: datetime, meeting: Meeting, reason: str) -> Meeting:
    """Call a planned meeting off; those invited are told why."""
    with _run(by, at, "meeting.cancel", meeting, reason) as (_entry, meeting):
        _require_state(meeting, MeetingState.PLANNED)
        words = _words(reason, "reason")
        meeting.state = MeetingState.CANCELLED
        meeting.save(update_fields=["state"])
        _tell_invited(by, at, meeting, "Hoãn họp", words)
    return meeting


def add_item(
    *,
    by: Actor,
    at: datetime,
    meeting: Meeting,
    title: str,
    kind: str = "REPORT",
    presenter: str = "",
    presenter_unit_id: int | None = None,
    minutes: int | None = None,
    document: Document | None = None,
    link: str = "",
) -> AgendaItem:
    """One more item of the agenda, with who presents it, how long, and its report, document or figures."""
    with _run(by, at, "meeting.agenda", meeting) as (entry, meeting):
        _require_state(meeting, MeetingState.PLANNED, MeetingState.HELD)
        if document is not None:
            document = document_queries.document(by, document.pk, timezone.localdate(at))
        if link and (not link.startswith("/") or link.startswith("//")):
            raise refusals.LinkElsewhere()
        item = AgendaItem.objects.create(
            meeting=meeting,
            order=_next(meeting.agenda, "order"),
            kind=AgendaItem.Kind(kind).value,
            title=_words(title, "title"),
            presenter=presenter.strip(),
            presenter_unit_id=presenter_unit_id,
            minutes=minutes,
            document=document,
            link=link,
        )
        entry.data["added"] = item.title
    return item


def remove_item(*, by: Actor, at: datetime, item: AgendaItem) -> None:
    """Strike an item off the agenda of a meeting that is not held yet."""
    with _run(by, at, "meeting.agenda", item.meeting) as (entry, meeting):
        _require_state(meeting, MeetingState.PLANNED)
        entry.data["removed"] = item.title
        item.delete()


def invite(
    *, by: Actor, at: datetime, meeting: Meeting, unit_ids: Iterable[int], observer: bool = False, person: str = ""
) -> list[Invitation]:
    """Put units on the list of those invited; who is on it already stays as they are."""
    with _run(by, at, "meeting.invite", meeting) as (entry, meeting):
        _require_state(meeting, MeetingState.PLANNED, MeetingState.HELD)
        day = timezone.localdate(meeting.starts_at)
        wanted = dict.fromkeys(unit_ids)
        there = orgs.snapshots(wanted, day)
        for unit_id in wanted:
            if unit_id not in there:
                raise refusals.NotThere(unit=orgs.name(unit_id, day), day=day.strftime("%d/%m/%Y"), field="units")
        have = set(meeting.invitations.values_list("unit_id", flat=True))
        added = Invitation.objects.bulk_create(
            Invitation(meeting=meeting, unit_id=unit, observer=observer, person=person.strip())
            for unit in wanted
            if unit not in have and unit != meeting.unit_id
        )
        entry.data["units"] = [each.unit_id for each in added]
        entry.skip = not added
    return added


def uninvite(*, by: Actor, at: datetime, invitation: Invitation) -> None:
    """Take a unit off the list; when its invitation was sent, it is told."""
    with _run(by, at, "meeting.uninvite", invitation.meeting) as (entry, meeting):
        _require_state(meeting, MeetingState.PLANNED)
        entry.data["unit"] = invitation.unit_id
        if invitation.sent_at is not None:
            _tell_units(by, at, meeting, [invitation.unit_id], "Không mời họp nữa")
        invitation.delete()


def send_invitations(*, by: Actor, at: datetime, meeting: Meeting) -> int:
    """Send the invitations not sent yet. Sent late it is only warned of (`queries.invitation_terms`), never blocked."""
    with _run(by, at, "meeting.send_invitations", meeting) as (entry, meeting):
        _require_state(meeting, MeetingState.PLANNED, MeetingState.HELD)
        if not meeting.invitations.exists():
            raise refusals.NobodyInvited()
        unsent = list(meeting.invitations.filter(sent_at__isnull=True))
        units = [each.unit_id for each in unsent]
        meeting.invitations.filter(pk__in=[each.pk for each in unsent]).update(sent_at=at)
        if meeting.invited_at is None:
            meeting.invited_at = at
            meeting.save(update_fields=["invited_at"])
        _tell_units(by, at, meeting, units, "Giấy mời họp", meeting.requirements)
        entry.data["units"] = units
        entry.skip = not units
    return len(units)


def answer_invitation(*, by: Actor, at: datetime, invitation: Invitation, answer: str, text: str = "") -> Invitation:
    """The unit says whether its head comes, sends a substitute or cannot come (QĐ 45/2018: the chair consents)."""
    meeting = invitation.meeting
    with writing(by=by, at=at, verb="meeting.answer", subject=meeting, unit_id=invitation.unit_id) as entry:
        people.require(by, "meeting.answer", invitation.unit_id, timezone.localdate(at))
        _require_state(meeting, MeetingState.PLANNED)
        answer = Invitation.Answer(answer).value
        if answer in (Invitation.Answer.SUBSTITUTE, Invitation.Answer.DECLINES):
            text = _words(text, "text")
        invitation.answer, invitation.answer_text = answer, text.strip()[:300]
        invitation.save(update_fields=["answer", "answer_text"])
        entry.data["answer"] = answer
        if answer != Invitation.Answer.COMES:
            name = orgs.body_name(invitation.unit_id, timezone.localdate(at))
            notices.send(
                by=by,
                at=at,
                to_unit=meeting.unit_id,
                verb_of_receiver="meeting.plan",
                subject=f"{invitation.get_answer_display()}: {name}",
                body=f"{meeting.title}. {text}".strip(),
                link=meeting.get_absolute_url(),
            )
    return invitation


def open_meeting(*, by: Actor, at: datetime, meeting: Meeting) -> Meeting:
    """The meeting begins; conclusions that are still open today join the agenda."""
    with _run(by, at, "meeting.open", meeting) as (_entry, meeting):
        _require_state(meeting, MeetingState.PLANNED)
        _carry_over(meeting)
        meeting.state, meeting.opened_at = MeetingState.HELD, at
        meeting.save(update_fields=["state", "opened_at"])
    return meeting


def take_attendance(
    *, by: Actor, at: datetime, invitation: Invitation, attendance: str, substitute: str = "", reason: str = ""
) -> Invitation:
    """Present, late, a named substitute, or absent with a reason."""
    attendance = Invitation.Attendance(attendance).value
    with _run(by, at, "meeting.attendance", invitation.meeting) as (entry, meeting):
        _require_state(meeting, MeetingState.HELD)
        if attendance == Invitation.Attendance.SUBSTITUTE and not substitute.strip():
            raise refusals.SubstituteUnnamed()
        if attendance == Invitation.Attendance.ABSENT and not reason.strip():
            raise refusals.AbsenceUnexplained()
        invitation.attendance = attendance
        invitation.substitute = substitute.strip() if attendance == Invitation.Attendance.SUBSTITUTE else ""
        invitation.reason = reason.strip()
        invitation.save(update_fields=["attendance", "substitute", "reason"])
        entry.data.update(unit=invitation.unit_id, attendance=attendance)
    return invitation


def all_present(*, by: Actor, at: datetime, meeting: Meeting) -> int:
    """Mark present everybody of whom nothing was noted, and as substitutes those announced so."""
    with _run(by, at, "meeting.attendance", meeting) as (entry, meeting):
        _require_state(meeting, MeetingState.HELD)
        rest = meeting.invitations.filter(attendance="")
        units = list(rest.values_list("unit_id", flat=True))
        for each in rest.filter(answer=Invitation.Answer.SUBSTITUTE).exclude(answer_text=""):
            each.attendance, each.substitute = Invitation.Attendance.SUBSTITUTE, each.answer_text[:200]
            each.save(update_fields=["attendance", "substitute"])
        rest.filter(attendance="").update(attendance=Invitation.Attendance.PRESENT)
        entry.data["units"] = units
        entry.skip = not units
    return len(units)


def add_contribution(
    *,
    by: Actor,
    at: datetime,
    meeting: Meeting,
    text: str,
    unit_id: int | None = None,
    person: str = "",
    kind: str = "OPINION",
    item: AgendaItem | None = None,
) -> Contribution:
    """What somebody said: an opinion, a difficulty, a petition, an answer."""
    with _run(by, at, "meeting.note", meeting) as (entry, meeting):
        _require_state(meeting, MeetingState.HELD)
        if item is not None and item.meeting_id != meeting.pk:
            raise NotAllowed()
        said = Contribution.objects.create(
            meeting=meeting,
            item=item,
            unit_id=unit_id,
            person=person.strip(),
            kind=Contribution.Kind(kind).value,
            text=_words(text, "text"),
            at=at,
        )
        entry.data["kind"] = said.kind
    return said


def conclude(
    *, by: Actor, at: datetime, meeting: Meeting, text: str, heading: str = "", tasks: Iterable[NewTask] = ()
) -> Conclusion:
    """Type one conclusion and give its tasks. Both are planned until the leader issues the notice."""
    with _run(by, at, "meeting.conclude", meeting, needs=TYPES) as (entry, meeting):
        _require_state(meeting, MeetingState.HELD)
        conclusion = Conclusion.objects.create(
            meeting=meeting,
            no=_next(meeting.conclusions, "no"),
            heading=nfc(heading).strip(),
            text=_words(text, "text"),
        )
        made = [assign(by=by, at=at, unit_id=meeting.unit_id, task=new, conclusion=conclusion) for new in tasks]
        entry.data.update(no=conclusion.no, tasks=[task.pk for task in made])
    return conclusion


def amend_conclusion(*, by: Actor, at: datetime, conclusion: Conclusion, text: str, heading: str = "") -> Conclusion:
    """Reword a conclusion that does not bind yet."""
    with _run(by, at, "meeting.conclude", conclusion.meeting, needs=TYPES) as (entry, _meeting):
        _require_planned(conclusion)
        conclusion.text, conclusion.heading = _words(text, "text"), nfc(heading).strip()
        conclusion.save(update_fields=["text", "heading"])
        entry.data.update(no=conclusion.no, reworded=True)
    return conclusion


def remove_conclusion(*, by: Actor, at: datetime, conclusion: Conclusion) -> None:
    """Strike a conclusion that does not bind yet and has no tasks; later ones move up."""
    with _run(by, at, "meeting.conclude", conclusion.meeting, needs=TYPES) as (entry, meeting):
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
    with _run(by, at, "meeting.close", meeting, needs=TYPES) as (_entry, meeting):
        _require_state(meeting, MeetingState.HELD)
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
    with _run(by, at, "meeting.issue_notice", meeting, needs=["meeting.conclude"]) as (entry, meeting):
        _require_state(meeting, MeetingState.HELD)
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


# What the verbs share


@contextmanager
def _run(
    by: Actor, at: datetime, verb: str, meeting: Meeting, reason: str = "", needs: Iterable[str] = ("meeting.plan",)
) -> Iterator[tuple[Entry, Meeting]]:
    """One verb on one meeting: journal, one of the rights needed at its host, and the meeting as it is now, locked."""
    with writing(by=by, at=at, verb=verb, subject=meeting, unit_id=meeting.unit_id, reason=reason.strip()) as entry:
        on = timezone.localdate(at)
        if not any(people.may(by, each, meeting.unit_id, on) for each in needs):
            raise NotAllowed()
        yield entry, Meeting.objects.select_for_update().get(pk=meeting.pk)


def _require_state(meeting: Meeting, *states: MeetingState) -> None:
    if meeting.state in states:
        return
    raise _STATE_REFUSALS[MeetingState(meeting.state)]()


_STATE_REFUSALS = {
    MeetingState.PLANNED: refusals.MeetingNotOpen,
    MeetingState.HELD: refusals.MeetingHeld,
    MeetingState.CONCLUDED: refusals.MeetingOver,
    MeetingState.CANCELLED: refusals.MeetingCancelled,
}


def _require_planned(conclusion: Conclusion) -> None:
    conclusion.refresh_from_db(fields=["state"])
    if conclusion.state != Conclusion.State.PLANNED:
        raise refusals.ConclusionBinds()


def _carry_over(meeting: Meeting) -> None:
    """Open conclusions of the host's earlier meetings, once each, at the end of the agenda."""
    have = set(meeting.agenda.exclude(conclusion=None).values_list("conclusion_id", flat=True))
    order = _next(meeting.agenda, "order")
    for conclusion in queries.open_conclusions(meeting.unit_id, meeting.starts_at):
        if conclusion.pk in have:
            continue
        AgendaItem.objects.create(
            meeting=meeting,
            order=order,
            kind=AgendaItem.Kind.CARRIED,
            title=conclusion.text[:500],
            conclusion=conclusion,
        )
        order += 1


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


def _tell_invited(by: Actor, at: datetime, meeting: Meeting, what: str, body: str = "") -> None:
    units = list(meeting.invitations.filter(sent_at__isnull=False).values_list("unit_id", flat=True))
    _tell_units(by, at, meeting, units, what, body)


def _tell_units(by: Actor, at: datetime, meeting: Meeting, units: list[int], what: str, body: str = "") -> None:
    if not units:
        return
    when = timezone.localtime(meeting.starts_at)
    place = f", {meeting.place}" if meeting.place else ""
    notices.send(
        by=by,
        at=at,
        to_units=units,
        verb_of_receiver="meeting.answer",
        subject=f"{what}: {meeting.title}",
        body=f"{when:%H:%M} ngày {when:%d/%m/%Y}{place}. Chủ trì: {meeting.chair_name}. {body}".strip(),
        link=meeting.get_absolute_url(),
    )


def _fold(meeting: Meeting) -> str:
    return fold(" ".join([meeting.title, meeting.get_kind_display(), meeting.chair_name, meeting.place]))


def _check_times(meeting: Meeting) -> None:
    if meeting.period_code:
        period.parse(meeting.period_code)
    if meeting.ends_at is not None and meeting.ends_at < meeting.starts_at:
        raise refusals.EndsBeforeStart()


def _next(rows: Any, name: str) -> int:
    return (rows.aggregate(top=Max(name))["top"] or 0) + 1


def _words(text: str, field: str) -> str:
    words = nfc(text).strip()
    if not words:
        raise refusals.Required(field=field)
    return words
