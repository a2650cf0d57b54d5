"""When a unit ends: what was sent to it and not received yet, and what waits for its leader, goes to its successor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from giaoban.core.refusal import NotAllowed, Refused, sentence
from giaoban.documents.models import Addressee, Document, Handling
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs.models import Change
from giaoban.orgs.queries.heirs import succession
from giaoban.people import queries as people

Record = dict[str, Any]


@dataclass(frozen=True)
class Followed:
    record: Record
    open: Mapping[int, tuple[int, ...]] = field(default_factory=dict)  # ended unit → what was sent to it


class NewerDocuments(Refused):
    sentence = sentence(
        "%(count)s documents of or for the new units were registered or received since, such as “%(example)s”."
    )


def follow(*, by: Actor, at: datetime, change: Change) -> Followed:
    """Documents not received yet go to the one unit that the addressee became."""
    change.refresh_from_db()
    if change.undone_at is not None:
        raise NotAllowed()
    told = succession(change)
    undecided: dict[int, list[int]] = {}
    passing: dict[int, list[Addressee]] = {}
    with writing(by=by, at=at, verb="document.follow", subject=change) as entry:
        for sent in Addressee.objects.filter(unit__in=told.ended, received_at__isnull=True).order_by("pk"):
            heir = told.whole.get(sent.unit_id)
            if heir is None:
                undecided.setdefault(sent.unit_id, []).append(sent.pk)
            else:
                passing.setdefault(heir, []).append(sent)
        record: Record = {"sent": [row for heir, rows in passing.items() for row in _send_on(rows, heir)]}
        record["handled"] = _hand_on(told.whole)
        entry.data["rows"] = len(record["sent"]) + len(record["handled"])
        entry.skip = not (record["sent"] or record["handled"])
    return Followed(record, {unit: tuple(found) for unit, found in undecided.items()})


def send_on(*, by: Actor, at: datetime, on: date, sent_ids: Sequence[int], unit_id: int) -> Record:
    """A person decides which unit receives what was sent to one that was divided or closed."""
    people.require(by, "unit.manage", unit_id, timezone.localdate(at), tree_day=on)
    with writing(by=by, at=at, verb="document.follow", unit_id=unit_id) as entry:
        rows = list(Addressee.objects.filter(pk__in=list(sent_ids), received_at__isnull=True).order_by("pk"))
        record: Record = {"sent": _send_on(rows, unit_id)}
        entry.data["rows"] = len(record["sent"])
    return record


def take_back(*, by: Actor, at: datetime, change: Change, records: Sequence[Record]) -> None:
    change.refresh_from_db()
    if change.undone_at is None:
        raise NotAllowed()
    rows = [row for record in reversed(records) for row in record["sent"]]
    handled = [row for record in reversed(records) for row in record.get("handled", ())]
    with writing(by=by, at=at, verb="document.take_back", subject=change) as entry:
        for key, unit in rows:
            Addressee.objects.filter(pk=key).update(unit=unit)
        for key, unit in handled:
            Handling.objects.filter(pk=key).update(unit=unit)
        entry.data["rows"] = len(rows) + len(handled)
        entry.skip = not (rows or handled)


def resting(records: Sequence[Record], founded: Sequence[int]) -> list[Refused]:
    """Documents of the new units, and what passed to them and was received since."""
    units = list(founded)
    passed = [key for record in records for key, _ in record["sent"]]
    own = Document.objects.filter(Q(owner_unit__in=units) | Q(issuer_unit__in=units)).order_by("pk")
    sent = Addressee.objects.filter(Q(unit__in=units)).exclude(pk__in=passed)
    received = Addressee.objects.filter(pk__in=passed, received_at__isnull=False)
    found = [*own[:100], *(one.document for one in [*sent[:100], *received[:100]])]
    return [NewerDocuments(count=len(found), example=str(found[0]))] if found else []


def _hand_on(whole: Mapping[int, int]) -> list[list[int]]:
    """[row, unit it was of] of proposals that still wait for a leader's note; the heir's leader notes them. The heir
    keeps its own handling where it has one of the same document."""
    gone = []
    for one in Handling.objects.filter(unit__in=list(whole), noted_at__isnull=True).order_by("pk"):
        heir = whole[one.unit_id]
        if not Handling.objects.filter(document_id=one.document_id, unit_id=heir).exists():
            gone.append([one.pk, one.unit_id])
            Handling.objects.filter(pk=one.pk).update(unit=heir)
    return gone


def _send_on(rows: Sequence[Addressee], heir: int) -> list[list[int]]:
    """[row, unit it was sent to] of those that now go to the heir; what the heir has already stays where it was."""
    have = set(
        Addressee.objects.filter(unit=heir, document__in=[one.document_id for one in rows]).values_list(
            "document_id", flat=True
        )
    )
    gone = []
    for one in rows:
        if one.document_id not in have:
            have.add(one.document_id)
            gone.append(one)
    before = [[one.pk, one.unit_id] for one in gone]
    Addressee.objects.filter(pk__in=[one.pk for one in gone]).update(unit=heir)
    return before
