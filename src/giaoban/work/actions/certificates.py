"""Verbs on certificates of a training: given to who attended enough, numbered by the host, withdrawn with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone

from giaoban.documents.models import OwnCounter
from giaoban.journal.actor import Actor
from giaoban.notices import actions as notices
from giaoban.orgs.models import Unit
from giaoban.work import refusals_conference as refusals
from giaoban.work.actions.meeting_rules import require_state, required, run
from giaoban.work.models import Certificate, Meeting, MeetingKind, MeetingState
from giaoban.work.queries.certificates import topic_of
from giaoban.work.queries.training import learners

CERTIFIES = ("training.certify",)


def certify(
    *,
    by: Actor,
    at: datetime,
    meeting: Meeting,
    who: Sequence[tuple[str, str]],
    issued_on: date,
    signer: str,
    signer_title: str = "",
) -> list[Certificate]:
    """Certificates for these (who, name): "i12" or "g3" as on the list; who has one already keeps that one.

    All of them or none: somebody who lacks sessions or is not named refuses the whole list, by name.
    """
    with run(by, at, "training.certify", meeting, needs=CERTIFIES) as (entry, meeting):
        if meeting.kind != MeetingKind.TRAINING:
            raise refusals.NotATraining()
        require_state(meeting, MeetingState.HELD, MeetingState.CONCLUDED)
        names = {mark: name.strip() for mark, name in who}
        asked = [
            each
            for each in learners(meeting, timezone.localdate(meeting.starts_at))
            if each.who in names and each.certificate is None
        ]
        if not asked:
            raise refusals.NobodyToCertify()
        short = [each.name for each in asked if not each.due]
        if short:
            raise refusals.CertificateNotDue(names=", ".join(short))
        unnamed = [each.name for each in asked if not (names[each.who] or each.person)]
        if unnamed:
            raise refusals.CertificateUnnamed(names=", ".join(unnamed))
        signed = required(signer, "signer")[:200]
        number, letters = _next_number(meeting.unit_id, issued_on), _letters(meeting.unit_id)
        made = Certificate.objects.bulk_create(
            Certificate(
                meeting=meeting,
                unit_id=meeting.unit_id,
                invitation_id=int(each.who[1:]) if each.who[0] == "i" else None,
                guest_id=int(each.who[1:]) if each.who[0] == "g" else None,
                year=issued_on.year,
                number=number + place,
                symbol=f"{number + place:02d}/{letters}" if letters else f"{number + place:02d}/{issued_on.year}/GCN",
                name=(names[each.who] or each.person)[:200],
                office=(each.note if each.who[0] == "g" else each.name)[:300],
                topic=topic_of(meeting),
                attended=each.attended,
                sessions=len(each.marks),
                issued_on=issued_on,
                signer=signed,
                signer_title=signer_title.strip()[:200],
                at=at,
                by=by.name[:200],
            )
            for place, each in enumerate(asked)
        )
        entry.data.update(certificates=[each.symbol for each in made], people=[each.name for each in made])
        _tell(by, at, meeting, made)
    return made


def withdraw(*, by: Actor, at: datetime, certificate: Certificate, reason: str) -> Certificate:
    """It no longer holds, and says why; its number is given to nobody else, its line stays."""
    with run(by, at, "training.withdraw", certificate.meeting, reason, needs=CERTIFIES) as (entry, _meeting):
        words = required(reason, "reason")
        certificate = Certificate.objects.select_for_update().get(pk=certificate.pk)
        if certificate.withdrawn_at is not None:
            raise refusals.CertificateIsWithdrawn()
        certificate.withdrawn_at, certificate.withdrawn_by, certificate.reason = at, by.name[:200], words[:300]
        certificate.save(update_fields=["withdrawn_at", "withdrawn_by", "reason"])
        entry.data.update(certificate=certificate.symbol, name=certificate.name)
    return certificate


def _next_number(unit_id: int, on: date) -> int:
    """From 01 each year, one series a unit; withdrawn ones keep their number."""
    Unit.objects.select_for_update().get(pk=unit_id)  # one at a time: no number is given twice
    top = Certificate.objects.filter(unit_id=unit_id, year=on.year).aggregate(top=Max("number"))["top"]
    return (top or 0) + 1


def _letters(unit_id: int) -> str:
    """Of the unit's own counter, where it has one; elsewhere the number names its year."""
    counter = OwnCounter.objects.filter(unit_id=unit_id).first()
    return f"GCN-{counter.agency}" if counter is not None and counter.agency else ""


def _tell(by: Actor, at: datetime, meeting: Meeting, made: Sequence[Certificate]) -> None:
    """Each unit is told whom of its people the certificate was given."""
    of: dict[int, list[str]] = {}
    units = dict(meeting.invitations.values_list("pk", "unit_id"))
    guests = dict(meeting.guests.values_list("pk", "unit_id"))
    for each in made:
        unit = units.get(each.invitation_id or 0) or guests.get(each.guest_id or 0)
        if unit:
            of.setdefault(unit, []).append(f"{each.name} ({each.symbol})")
    for unit, lines in of.items():
        notices.send(
            by=by,
            at=at,
            to_unit=unit,
            verb_of_receiver="meeting.answer",
            subject=f"Đã cấp {len(lines)} giấy chứng nhận: {meeting.title}",
            body="; ".join(lines),
            link=meeting.get_absolute_url(),
        )
