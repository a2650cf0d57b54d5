"""Verbs before a meeting: plan it, set its agenda, invite, and answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from giaoban.core import period
from giaoban.core.text import fold
from giaoban.documents import queries as document_queries
from giaoban.documents.models import Document
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.notices import actions as notices
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.work import queries, refusals
from giaoban.work.actions import requests
from giaoban.work.actions.agenda import put_overdue
from giaoban.work.actions.meeting_rules import next_number, require_state, required, run, tell_invited, tell_units
from giaoban.work.actions.papers import tell_asked
from giaoban.work.models import (
    AgendaItem,
    Invitation,
    Meeting,
    MeetingKind,
    MeetingState,
)
from giaoban.work.queries.presets import PlannedItem


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
    online_link: str = "",
    preset: str = "",
    items: Sequence[PlannedItem] = (),
) -> Meeting:
    """Plan a meeting of a unit. What is still open of its earlier conclusions is put on the agenda by itself."""
    with writing(by=by, at=at, verb="meeting.plan", unit_id=unit_id) as entry:
        people.require(by, "meeting.plan", unit_id, timezone.localdate(at))
        meeting = Meeting(
            unit_id=unit_id,
            kind=MeetingKind(kind).value,
            title=required(title, "title"),
            starts_at=starts_at,
            ends_at=ends_at,
            chair_name=required(chair_name, "chair_name"),
            chair_title=chair_title.strip(),
            chair_position_id=chair_position_id,
            place=place.strip(),
            online=online,
            urgent=urgent,
            period_code=period_code,
            requirements=requirements.strip(),
            online_link=online_link.strip(),
            preset=preset,
        )
        _check_times(meeting)
        meeting.previous = queries.previous_meeting(unit_id, meeting.kind, starts_at)
        meeting.fold = _fold(meeting)
        meeting.save()
        AgendaItem.objects.bulk_create(
            AgendaItem(meeting=meeting, order=order, title=each.title, kind=each.kind, minutes=each.minutes)
            for order, each in enumerate(items, start=1)
        )
        carry_over(meeting)
        put_overdue(meeting, timezone.localdate(at))
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
        "online_link",
    ]
)


def amend_meeting(*, by: Actor, at: datetime, meeting: Meeting, **changes: Any) -> Meeting:
    """Change the plan; those already invited are told when time or place moves."""
    unknown = changes.keys() - CHANGEABLE
    if unknown:
        raise TypeError(f"not a part of the plan: {sorted(unknown)}")
    with run(by, at, "meeting.amend", meeting) as (entry, meeting):
        require_state(meeting, MeetingState.PLANNED)
        before = (meeting.starts_at, meeting.place)
        for name, value in changes.items():
            setattr(meeting, name, value)
        _check_times(meeting)
        required(meeting.title, "title")
        required(meeting.chair_name, "chair_name")
        meeting.fold = _fold(meeting)
        meeting.sequence += 1
        meeting.save()
        if before != (meeting.starts_at, meeting.place):
            tell_invited(by, at, meeting, "Thay đổi thời gian, địa điểm họp")
        entry.data["changed"] = sorted(changes)
    return meeting


def cancel_meeting(*, by: Actor, at: datetime, meeting: Meeting, reason: str) -> Meeting:
    """Call a planned meeting off; those invited are told why."""
    with run(by, at, "meeting.cancel", meeting, reason) as (_entry, meeting):
        require_state(meeting, MeetingState.PLANNED)
        words = required(reason, "reason")
        meeting.state = MeetingState.CANCELLED
        meeting.sequence += 1
        meeting.save(update_fields=["state", "sequence"])
        tell_invited(by, at, meeting, "Hoãn họp", words)
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
    with run(by, at, "meeting.agenda", meeting) as (entry, meeting):
        require_state(meeting, MeetingState.PLANNED, MeetingState.HELD)
        if document is not None:
            document = document_queries.document(by, document.pk, timezone.localdate(at))
        if link and (not link.startswith("/") or link.startswith("//")):
            raise refusals.LinkElsewhere()
        item = AgendaItem.objects.create(
            meeting=meeting,
            order=next_number(meeting.agenda, "order"),
            kind=AgendaItem.Kind(kind).value,
            title=required(title, "title"),
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
    with run(by, at, "meeting.agenda", item.meeting) as (entry, meeting):
        require_state(meeting, MeetingState.PLANNED)
        entry.data["removed"] = item.title
        item.delete()


def invite(
    *,
    by: Actor,
    at: datetime,
    meeting: Meeting,
    unit_ids: Iterable[int],
    observer: bool = False,
    person: str = "",
    heads: bool = False,
) -> list[Invitation]:
    """Put units on the list of those invited; who is on it already stays as they are. `heads`: the head in person."""
    with run(by, at, "meeting.invite", meeting) as (entry, meeting):
        require_state(meeting, MeetingState.PLANNED, MeetingState.HELD)
        day = timezone.localdate(meeting.starts_at)
        wanted = dict.fromkeys(unit_ids)
        there = orgs.snapshots(wanted, day)
        for unit_id in wanted:
            if unit_id not in there:
                raise refusals.NotThere(unit=orgs.name(unit_id, day), day=day.strftime("%d/%m/%Y"), field="units")
        have = set(meeting.invitations.values_list("unit_id", flat=True))
        seats = {unit: _head(unit, day) if heads else (None, person.strip()) for unit in wanted}
        added = Invitation.objects.bulk_create(
            Invitation(
                meeting=meeting, unit_id=unit, observer=observer, position_id=seats[unit][0], person=seats[unit][1]
            )
            for unit in wanted
            if unit not in have and unit != meeting.unit_id
        )
        entry.data["units"] = [each.unit_id for each in added]
        entry.skip = not added
    return added


def _head(unit_id: int, on: date) -> tuple[int | None, str]:
    """The seat of the unit's head on the day and who holds it; a unit without one is invited as such."""
    found = people.head(unit_id, on)
    return (found.position_id, found.account.full_name) if found is not None else (None, "")


def uninvite(*, by: Actor, at: datetime, invitation: Invitation) -> None:
    """Take a unit off the list; when its invitation was sent, it is told."""
    with run(by, at, "meeting.uninvite", invitation.meeting) as (entry, meeting):
        require_state(meeting, MeetingState.PLANNED)
        entry.data["unit"] = invitation.unit_id
        if invitation.sent_at is not None:
            tell_units(by, at, meeting, [invitation.unit_id], "Không mời họp nữa")
        invitation.delete()


def send_invitations(*, by: Actor, at: datetime, meeting: Meeting) -> int:
    """Send the invitations not sent yet. Sent late it is only warned of (`queries.invitation_terms`), never blocked."""
    with run(by, at, "meeting.send_invitations", meeting) as (entry, meeting):
        require_state(meeting, MeetingState.PLANNED, MeetingState.HELD)
        if not meeting.invitations.exists():
            raise refusals.NobodyInvited()
        unsent = list(meeting.invitations.filter(sent_at__isnull=True))
        units = [each.unit_id for each in unsent]
        meeting.invitations.filter(pk__in=[each.pk for each in unsent]).update(sent_at=at)
        if meeting.invited_at is None:
            meeting.invited_at = at
            meeting.save(update_fields=["invited_at"])
        tell_units(by, at, meeting, units, "Giấy mời họp", meeting.requirements)
        tell_asked(by, at, meeting, units)
        entry.data["units"] = units
        entry.skip = not units
    return len(units)


def answer_invitation(*, by: Actor, at: datetime, invitation: Invitation, answer: str, text: str = "") -> Invitation:
    """The unit says whether its head comes, sends a substitute or cannot come (QĐ 45/2018: the chair consents)."""
    meeting = invitation.meeting
    with writing(by=by, at=at, verb="meeting.answer", subject=meeting, unit_id=invitation.unit_id) as entry:
        people.require(by, "meeting.answer", invitation.unit_id, timezone.localdate(at))
        require_state(meeting, MeetingState.PLANNED)
        answer = Invitation.Answer(answer).value
        if answer in (Invitation.Answer.SUBSTITUTE, Invitation.Answer.DECLINES):
            text = required(text, "text")
        asks = answer == Invitation.Answer.SUBSTITUTE
        invitation.answer, invitation.answer_text = answer, text.strip()[:300]
        invitation.consent = Invitation.Consent.ASKED if asks else Invitation.Consent.NONE
        invitation.consent_text = ""
        invitation.save(update_fields=["answer", "answer_text", "consent", "consent_text"])
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


def carry_over(meeting: Meeting) -> None:
    """Requests to answer open the agenda; open conclusions of earlier meetings stand at its end, each once."""
    have = set(meeting.agenda.exclude(conclusion=None).values_list("conclusion_id", flat=True))
    order = next_number(meeting.agenda, "order")
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
    requests.put_first(meeting)


def _fold(meeting: Meeting) -> str:
    return fold(" ".join([meeting.title, meeting.get_kind_display(), meeting.chair_name, meeting.place]))


def _check_times(meeting: Meeting) -> None:
    if meeting.period_code:
        period.parse(meeting.period_code)
    if meeting.ends_at is not None and meeting.ends_at < meeting.starts_at:
        raise refusals.EndsBeforeStart()
