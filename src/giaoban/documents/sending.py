"""Sending a document on: obligations of the units it goes to, the ways it reached them, and their receipts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Min
from django.utils import timezone

from giaoban.core.refusal import NotAllowed, Refused, sentence
from giaoban.documents import cascading, types
from giaoban.documents.models import Addressee, Direction, Document, Line
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.notices import actions as notices
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import MANAGEMENT, PARTY, PROFESSIONAL, Unit
from giaoban.people import queries as people


class NotInForce(Refused):
    """A unit that does not exist on the day of issue gets no obligation (cascade.md §3)."""

    sentence = sentence("%(unit)s does not exist on %(day)s and can be given no duty by this document.")
    field = "addressees"


class NotAddressed(Refused):
    """The unit is not among the addressees."""

    sentence = sentence("The document was not sent to this unit.")


class DueBeforeIssue(Refused):
    """The day set for a level lies before the document itself."""

    sentence = sentence("The plans cannot be due on %(due)s, before the document was issued on %(issued)s.")
    field = "due_on"


@dataclass(frozen=True)
class Level:
    """Every unit of these kinds below the sender, and by when it must have its own plan (None: it need not)."""

    kinds: Sequence[str]
    due_on: date | None = None


def address(
    *,
    by: Actor,
    at: datetime,
    document: Document,
    unit_ids: Iterable[int] = (),
    group_ids: Iterable[int] = (),
    must_issue: bool = False,
    due_on: date | None = None,
) -> list[Addressee]:
    """Send the document to units; they see it in their register, and with `must_issue` owe a plan of their own.

    A unit named in `unit_ids` must exist on the day of issue; of a group (`group_ids`) those that do not are left out.
    """
    with writing(by=by, at=at, verb="document.address", subject=document, unit_id=document.owner_unit_id) as entry:
        on = timezone.localdate(at)
        if not people.may(by, "task.assign", document.owner_unit_id, on):
            require_register(by, document.owner_unit_id, document.direction, on)
        named = list(dict.fromkeys(unit_ids))
        _refuse_missing(document, named, on)
        there = orgs.living(document.issued_on or on).filter(unit_id__in=list(group_ids))
        group = list(there.values_list("unit_id", flat=True).order_by("unit_id"))
        added = oblige(document, [*named, *group], must_issue=must_issue, due_on=due_on, at=at, by=by)
        entry.data["units"] = [each.unit_id for each in added]
        if due_on:
            entry.data["due_on"] = due_on
        entry.skip = not added
    return added


def send_down(*, by: Actor, at: datetime, document: Document, levels: Sequence[Level]) -> list[Addressee]:
    """Send it to every unit of the kinds named that stands below the sender on the day of issue, each level with its
    own day: one transaction, so that nobody is told of half of it."""
    with writing(by=by, at=at, verb="document.send_down", subject=document, unit_id=document.owner_unit_id) as entry:
        entry.skip = True  # the verbs inside write their own events
        day = document.issued_on or timezone.localdate(at)
        sent: list[Addressee] = []
        for level in levels:
            units = {
                unit
                for hierarchy in (MANAGEMENT, PROFESSIONAL, PARTY)
                for unit in orgs.descendants(document.owner_unit_id, hierarchy, day, level.kinds)
            }
            sent += address(
                by=by,
                at=at,
                document=document,
                group_ids=sorted(units),
                must_issue=level.due_on is not None,
                due_on=level.due_on,
            )
    return sent


def receive(*, by: Actor, at: datetime, document: Document, unit_id: int) -> Addressee:
    """Confirm that a document sent to this unit has come in (NĐ 30/2020 Đ21: within the day) and give it its số đến."""
    with writing(by=by, at=at, verb="document.receive", subject=document, unit_id=unit_id) as entry:
        on = timezone.localdate(at)
        people.require(by, "document.receive", unit_id, on)
        lock_register(unit_id)
        found = Addressee.objects.select_for_update().filter(document=document, unit_id=unit_id).first()
        if found is None:
            raise NotAddressed()
        if found.received_at is None:
            found.received_at, found.received_by = at, by.name
            found.arrival_number = next_arrival(unit_id, on)
            found.save(update_fields=["received_at", "received_by", "arrival_number"])
        else:
            entry.skip = True
    return found


# What registering and sending share


def require_register(by: Actor, unit_id: int, direction: str, on: date) -> None:
    """Văn thư and officers register both ways; a leader may issue an outgoing document."""
    if people.may(by, "document.register", unit_id, on):
        return
    if direction != Direction.OUT or not people.may(by, "document.issue", unit_id, on):
        raise NotAllowed()


def lock_register(unit_id: int) -> None:
    """One entry at a time in a register: numbers given do not repeat, and a duplicate is seen."""
    Unit.objects.select_for_update().get(pk=unit_id)


def next_arrival(unit_id: int, on: date) -> int:
    """Số đến: from 01 on 1 January, one series for what văn thư typed in and what was sent within the system."""
    typed = Document.objects.filter(owner_unit_id=unit_id, received_on__year=on.year).aggregate(
        top=Max("arrival_number")
    )
    sent = Addressee.objects.filter(unit_id=unit_id, received_at__year=on.year).aggregate(top=Max("arrival_number"))
    return max(typed["top"] or 0, sent["top"] or 0) + 1


def enter_addressees(
    document: Document, unit_ids: Iterable[int], *, must_issue: bool, at: datetime, by: Actor
) -> list[Addressee]:
    """What registering a document does with the units named on it."""
    named = list(dict.fromkeys(unit_ids))
    _refuse_missing(document, named, timezone.localdate(at))
    return oblige(document, named, must_issue=must_issue, due_on=document.plan_due_on, at=at, by=by)


def _refuse_missing(document: Document, unit_ids: Sequence[int], on: date) -> None:
    day = document.issued_on or on
    there = orgs.snapshots(unit_ids, day)
    for unit_id in unit_ids:
        if unit_id not in there:
            raise NotInForce(unit=orgs.name(unit_id, day), day=day.strftime("%d/%m/%Y"))


def oblige(
    document: Document, unit_ids: Sequence[int], *, must_issue: bool, due_on: date | None, at: datetime, by: Actor
) -> list[Addressee]:
    """One obligation a unit and paper. A unit that has the paper already, from another sender, gets a second line and
    the earlier day; a unit new to it, its obligation. However many units, it takes a fixed number of questions."""
    if due_on and document.issued_on and due_on < document.issued_on:
        raise DueBeforeIssue(due=due_on.strftime("%d/%m/%Y"), issued=document.issued_on.strftime("%d/%m/%Y"))
    twins = [each.pk for each in cascading.lines([document])]
    wanted = list(dict.fromkeys(unit_ids))
    have: dict[int, Addressee] = {}
    for each in Addressee.objects.filter(document__in=twins, unit_id__in=wanted).order_by("pk"):
        have.setdefault(each.unit_id, each)
    added = Addressee.objects.bulk_create(
        Addressee(document=document, unit_id=unit, must_issue=must_issue, due_on=due_on)
        for unit in wanted
        if unit not in have
    )
    rows = Line.objects.filter(document=document, addressee__in=list(have.values()))
    lined = set(rows.values_list("addressee_id", flat=True))
    again = [each for each in have.values() if each.pk not in lined]
    Line.objects.bulk_create(
        Line(addressee=each, document=document, sender_id=document.owner_unit_id, due_on=due_on, sent_at=at)
        for each in [*added, *again]
    )
    _sharpen(document, list(have.values()), must_issue, due_on)
    _tell(document, added, [each for each in again if each.document_id != document.pk], by, at)
    return added


def _sharpen(document: Document, have: Sequence[Addressee], must_issue: bool, due_on: date | None) -> None:
    """Of two days the earlier binds, and who must issue on one line must."""
    changed = []
    for each in have:
        before = (each.must_issue, each.due_on)
        each.must_issue = each.must_issue or must_issue
        each.due_on = min(filter(None, [each.due_on, due_on]), default=None)
        if (each.must_issue, each.due_on) != before:
            changed.append(each)
    Addressee.objects.bulk_update(changed, ["must_issue", "due_on"], batch_size=500)
    if due_on is not None:
        Line.objects.filter(document=document, addressee__in=list(have)).update(due_on=due_on)


def redate(document: Document, before: date | None) -> None:
    """The day was entered wrongly and put right: the lines that bore it bear the new one, and the earliest binds."""
    if before is None:
        return
    Line.objects.filter(document=document, due_on=before).update(due_on=document.plan_due_on)
    sent = Addressee.objects.filter(pk__in=Line.objects.filter(document=document).values("addressee_id"))
    changed = [each for each in sent.annotate(first_due=Min("lines__due_on")) if each.due_on != each.first_due]
    for each in changed:
        each.due_on = each.first_due
    Addressee.objects.bulk_update(changed, ["due_on"], batch_size=500)


def _tell(document: Document, added: Sequence[Addressee], again: Sequence[Addressee], by: Actor, at: datetime) -> None:
    name = types.name(document.system, document.type)
    told = [each.unit_id for each in added if each.unit_id != document.owner_unit_id]
    if told:
        notices.send(
            by=by,
            at=at,
            to_units=told,
            verb_of_receiver="document.receive",
            subject=f"Văn bản đến: {document.symbol} {document.subject}",
            body=f"{document.issuer_text} gửi {name.lower()} này đến đơn vị.",
            link=document.get_absolute_url(),
        )
    first: dict[int, list[int]] = {}
    for each in again:
        first.setdefault(each.document_id, []).append(each.unit_id)
    for document_id, units in first.items():  # the paper they have already: one obligation, not a second document
        notices.send(
            by=by,
            at=at,
            to_units=units,
            verb_of_receiver="document.receive",
            subject=f"Văn bản đã có, gửi thêm: {document.symbol} {document.subject}",
            body=f"{orgs.body_name(document.owner_unit_id, timezone.localdate(at))} cũng gửi {name.lower()} này; "
            "thời hạn sớm hơn được tính.",
            link=Document.objects.only("symbol", "subject").get(pk=document_id).get_absolute_url(),
        )
