"""From the register to the leader's note: văn thư registers, the office proposes, the leader notes (NĐ 30/2020 Đ23).

The note makes a task; tasks lie a room above, so `work.actions.noting` carries the note out and calls `note` here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from giaoban.core.refusal import Refused, sentence
from giaoban.core.text import nfc
from giaoban.documents.models import Addressee, Direction, Document, Handling
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.notices import actions as notices
from giaoban.people import queries as people

LOOKED_BACK = timedelta(days=60)  # what came in earlier and was never proposed is not asked about any more


class NothingProposed(Refused):
    sentence = sentence("Say how the document is to be handled: what to do, who leads, or that it is only filed.")
    field = "proposal"


class AlreadyNoted(Refused):
    sentence = sentence("The leader has noted this document already (%(by)s, %(day)s).")


class NotInThisRegister(Refused):
    sentence = sentence("The document has not come in to this unit.")


@dataclass(frozen=True)
class Waiting:
    """What the acting unit still has to do with its incoming documents."""

    to_propose: list[Document]
    to_note: list[Handling]


def propose(
    *,
    by: Actor,
    at: datetime,
    document: Document,
    unit_id: int,
    proposal: str,
    lead_id: int | None = None,
    partner_ids: Sequence[int] = (),
    due_text: str = "",
) -> Handling:
    """The chief of office or an officer says how the document should be handled; again, as long as it is not noted."""
    with writing(by=by, at=at, verb="document.propose", subject=document, unit_id=unit_id) as entry:
        on = timezone.localdate(at)
        people.require(by, "document.propose", unit_id, on)
        handling = _open(document, unit_id)
        if not proposal.strip() and lead_id is None:
            raise NothingProposed()
        handling.proposal, handling.lead_id = nfc(proposal).strip(), lead_id
        handling.partners = [each for each in dict.fromkeys(partner_ids) if each != lead_id]
        handling.due_text = nfc(due_text).strip()
        handling.proposed_at, handling.proposed_by = at, by.name
        handling.save()
        entry.data |= {"lead": lead_id, "partners": handling.partners, "due": handling.due_text}
        notices.send(
            by=by,
            at=at,
            to_unit=unit_id,
            verb_of_receiver="document.note",
            subject=f"Xin ý kiến xử lý: {document.symbol} {document.subject}",
            body=handling.proposal,
            link=document.get_absolute_url(),
        )
    return handling


def note(
    *,
    by: Actor,
    at: datetime,
    document: Document,
    unit_id: int,
    opinion: str,
    lead_id: int | None = None,
    partner_ids: Sequence[int] = (),
    due_text: str = "",
    task_id: int | None = None,
) -> Handling:
    """The leader decides: who leads, who helps, by when, with an opinion; or that the document is only filed."""
    with writing(by=by, at=at, verb="document.note", subject=document, unit_id=unit_id) as entry:
        people.require(by, "document.note", unit_id, timezone.localdate(at))
        handling = _open(document, unit_id)
        if not opinion.strip() and lead_id is None:
            raise NothingProposed()
        handling.opinion, handling.lead_id = nfc(opinion).strip(), lead_id
        handling.partners = [each for each in dict.fromkeys(partner_ids) if each != lead_id]
        handling.due_text, handling.task_id = nfc(due_text).strip(), task_id
        handling.noted_at, handling.noted_by = at, by.name
        handling.save()
        entry.data |= {"lead": lead_id, "partners": handling.partners, "due": handling.due_text, "task": task_id}
    return handling


def handlings(document: Document) -> list[Handling]:
    """How each unit handles a document that the actor has already been shown."""
    return list(document.handlings.select_related("lead"))


def inbox(actor: Actor, on: date) -> Waiting:
    """Incoming documents of the actor's own units: waiting for a proposal, and proposed but not noted."""
    may_propose = people.acts_for(actor, "document.propose", on)
    may_note = people.acts_for(actor, "document.note", on)
    units = list(dict.fromkeys([*may_propose, *may_note]))
    waiting = Handling.objects.filter(unit_id__in=units, noted_at__isnull=True, proposed_at__isnull=False)
    return Waiting(
        to_propose=list(_unproposed(actor, units, on)[:50]) if units else [],
        to_note=list(
            waiting.select_related("document").defer("document__text", "document__fold").order_by("proposed_at")
        ),
    )


def _unproposed(actor: Actor, units: list[int], on: date) -> QuerySet[Document]:
    handled = Handling.objects.filter(document=OuterRef("pk"), unit_id__in=units)
    sent = Addressee.objects.filter(
        unit_id__in=units, received_at__isnull=False, received_at__date__gte=on - LOOKED_BACK
    ).values("document_id")
    own = Q(owner_unit_id__in=units, direction=Direction.IN, received_on__gte=on - LOOKED_BACK)
    return (
        Document.objects.filter(own | Q(pk__in=sent))
        .filter(~Exists(handled))
        .defer("text", "fold")
        .order_by("received_on", "pk")
    )


def comes_in(document: Document, unit_id: int) -> bool:
    """Whether it came in to the unit: typed in there, sent to it, or inherited while it waited for a note."""
    if document.owner_unit_id == unit_id and document.direction == Direction.IN:
        return True
    if Handling.objects.filter(document=document, unit_id=unit_id).exists():
        return True
    return Addressee.objects.filter(document=document, unit_id=unit_id).exists()


def unit_for(actor: Actor, document: Document, verb: str, on: date) -> int | None:
    """In whose name the actor may propose or note this document: a unit of theirs to which it came in."""
    return next((unit for unit in people.acts_for(actor, verb, on) if comes_in(document, unit)), None)


def _open(document: Document, unit_id: int) -> Handling:
    if not comes_in(document, unit_id):
        raise NotInThisRegister()
    Document.objects.select_for_update().only("pk").get(pk=document.pk)
    handling = Handling.objects.filter(document=document, unit_id=unit_id).first()
    if handling is not None and handling.noted_at is not None:
        raise AlreadyNoted(by=handling.noted_by, day=timezone.localdate(handling.noted_at).strftime("%d/%m/%Y"))
    return handling or Handling(document=document, unit_id=unit_id)
