"""Verbs on guests without an account, and the chair's consent to a substitute (QĐ 45/2018/QĐ-TTg)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.crypto import get_random_string

from giaoban.journal.actions import writing
from giaoban.journal.actor import SYSTEM, Actor
from giaoban.notices import actions as notices
from giaoban.work import refusals
from giaoban.work.actions.meeting_rules import require_state, required, run
from giaoban.work.models import Guest, Invitation, Meeting, MeetingState
from giaoban.work.queries.guests import by_token

PAUSE = timedelta(seconds=5)  # between two answers by one link


def add_guest(
    *, by: Actor, at: datetime, meeting: Meeting, name: str, office: str = "", mail: str = "", phone: str = ""
) -> Guest:
    """Somebody without an account is put on the list. Their link opens when it is sent."""
    with run(by, at, "meeting.invite", meeting) as (entry, meeting):
        require_state(meeting, MeetingState.PLANNED, MeetingState.HELD)
        guest = Guest.objects.create(
            meeting=meeting,
            name=required(name, "name")[:200],
            office=office.strip()[:200],
            mail=mail.strip(),
            phone=phone.strip()[:20],
            salt=get_random_string(12),
        )
        entry.data["guest"] = guest.name
    return guest


def remove_guest(*, by: Actor, at: datetime, guest: Guest) -> None:
    """Off the list; their link opens nothing any more."""
    with run(by, at, "meeting.uninvite", guest.meeting) as (entry, meeting):
        require_state(meeting, MeetingState.PLANNED)
        entry.data["guest"] = guest.name
        guest.delete()


def send_to_guest(*, by: Actor, at: datetime, guest: Guest) -> Guest:
    """A link for them, in place of the one sent before: the organiser hands it on by mail, message or on paper."""
    with run(by, at, "meeting.send_invitations", guest.meeting) as (entry, meeting):
        require_state(meeting, MeetingState.PLANNED, MeetingState.HELD)
        guest.sent_at, guest.salt = at, get_random_string(12)
        guest.save(update_fields=["sent_at", "salt"])
        entry.data["guest"] = guest.name
    return guest


def answer_as_guest(*, at: datetime, token: str, answer: str, text: str = "") -> Guest:
    """By the link alone: only the answer of the guest whose link it is."""
    known = by_token(token, at)
    meeting = known.meeting
    with writing(by=SYSTEM, at=at, verb="meeting.answer", subject=meeting, unit_id=meeting.unit_id) as entry:
        guest = Guest.objects.select_for_update().get(pk=known.pk)
        require_state(meeting, MeetingState.PLANNED)
        if guest.answered_at is not None and at < guest.answered_at + PAUSE:
            raise refusals.AnsweredJustNow()
        answer = Invitation.Answer(answer).value
        if answer in (Invitation.Answer.SUBSTITUTE, Invitation.Answer.DECLINES):
            text = required(text, "text")
        guest.answer, guest.answer_text, guest.answered_at = answer, text.strip()[:300], at
        guest.save(update_fields=["answer", "answer_text", "answered_at"])
        entry.data.update(guest=guest.name, answer=answer)
    return guest


def decide_substitute(*, by: Actor, at: datetime, invitation: Invitation, agree: bool, reason: str = "") -> Invitation:
    """The chair agrees that somebody else comes, or not and says why; the unit is told."""
    needs = ("meeting.conclude", "meeting.plan")
    with run(by, at, "meeting.consent", invitation.meeting, reason, needs=needs) as (entry, meeting):
        require_state(meeting, MeetingState.PLANNED, MeetingState.HELD)
        invitation = Invitation.objects.get(pk=invitation.pk)
        if invitation.answer != Invitation.Answer.SUBSTITUTE:
            raise refusals.NoSubstituteAnnounced()
        words = reason.strip() if agree else required(reason, "reason")
        invitation.consent = Invitation.Consent.AGREED if agree else Invitation.Consent.REFUSED
        invitation.consent_text = words[:300]
        invitation.save(update_fields=["consent", "consent_text"])
        entry.data.update(unit=invitation.unit_id, agree=agree)
        notices.send(
            by=by,
            at=at,
            to_unit=invitation.unit_id,
            verb_of_receiver="meeting.answer",
            subject=f"Chủ trì {'đồng ý' if agree else 'không đồng ý'} cử người dự thay: {meeting.title}",
            body=f"{invitation.answer_text}. {words}".strip(),
            link=meeting.get_absolute_url(),
        )
    return invitation
