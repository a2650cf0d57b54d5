"""A unit's own counter: only for one that has no document system; elsewhere numbers come from that system.

State numbers start at 01 each year, per type (NĐ 30/2020 Điều 15); Party numbers run on through the committee's term.
Every number is a row from the moment it is taken, so that none is given twice and gaps can be seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from giaoban.core.refusal import NotAllowed, Refused, sentence
from giaoban.core.text import nfc
from giaoban.documents import types
from giaoban.documents.models import Direction, Document, GivenNumber, OwnCounter, System
from giaoban.documents.sending import lock_register
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.people import queries as people

MOST = 50  # numbers kept at once


class NoCounter(Refused):
    sentence = sentence(
        "This unit takes its numbers from its document system; switch its own counter on first if it has none."
    )


class NoTerm(Refused):
    sentence = sentence("Party numbers run through a term: enter the first day of the committee's term.")
    field = "term_start"


class NotReserved(Refused):
    sentence = sentence("Only a number that is kept for later can be given back; this one was used.")


class NoLetters(Refused):
    sentence = sentence("Enter the letters that stand for the unit in a number, such as UBND.")
    field = "agency"


class TooManyNumbers(Refused):
    sentence = sentence("Keep between 1 and %(most)s numbers at once, and say what for.")
    field = "count"


@dataclass(frozen=True)
class Series:
    """One series of numbers with what is open in it."""

    system: str
    type: str
    series: str
    name: str
    highest: int
    used: int
    gaps: tuple[int, ...]
    reserved: tuple[GivenNumber, ...]
    void: tuple[GivenNumber, ...]


def counter_of(unit_id: int) -> OwnCounter | None:
    return OwnCounter.objects.filter(unit_id=unit_id).first()


def switch_on(
    *, by: Actor, at: datetime, unit_id: int, agency: str, party_agency: str = "", term_start: date | None = None
) -> OwnCounter:
    """From now on this unit's numbers are given here; also how its letters and its Party term are changed."""
    with writing(by=by, at=at, verb="document.counter", unit_id=unit_id) as entry:
        on = timezone.localdate(at)
        people.require(by, "document.register", unit_id, on)
        if not agency.strip() and not party_agency.strip():
            raise NoLetters()
        wanted: dict[str, Any] = {
            "agency": nfc(agency).strip(),
            "party_agency": nfc(party_agency).strip(),
            "term_start": term_start,
        }
        counter, made = OwnCounter.objects.get_or_create(unit_id=unit_id, defaults={**wanted, "since": on})
        if not made:
            OwnCounter.objects.filter(pk=counter.pk).update(**wanted)
            counter.refresh_from_db()
        entry.subject = counter
        entry.data |= wanted
    return counter


def take(
    *, by: Actor, at: datetime, unit_id: int, code: str, system: str = System.STATE, on: date | None = None
) -> GivenNumber:
    """The next number of a series, used for a document that is registered in the same step."""
    with writing(by=by, at=at, verb="document.number", unit_id=unit_id) as entry:
        given = _give(by, at, unit_id, system, code, on or timezone.localdate(at), GivenNumber.State.USED, 1)[0]
        entry.subject = given
        entry.data["symbol"] = given.symbol
    return given


def reserve(
    *, by: Actor, at: datetime, unit_id: int, code: str, count: int, reason: str, system: str = System.STATE
) -> list[GivenNumber]:
    """Keep numbers for documents that are not ready, saying what for."""
    with writing(by=by, at=at, verb="document.number", unit_id=unit_id, reason=reason.strip()) as entry:
        if not 1 <= count <= MOST or not reason.strip():
            raise TooManyNumbers(most=MOST)
        today = timezone.localdate(at)
        kept = _give(by, at, unit_id, system, code, today, GivenNumber.State.RESERVED, count, reason.strip())
        entry.data["symbols"] = [each.symbol for each in kept]
    return kept


def give_up(*, by: Actor, at: datetime, given: GivenNumber, reason: str) -> GivenNumber:
    """A number kept for later is not needed: it stays void, and is never given to another document."""
    with writing(by=by, at=at, verb="document.number", subject=given, unit_id=given.unit_id, reason=reason.strip()):
        people.require(by, "document.register", given.unit_id, timezone.localdate(at))
        lock_register(given.unit_id)
        given = GivenNumber.objects.get(pk=given.pk)
        if given.state != GivenNumber.State.RESERVED:
            raise NotReserved()
        given.state, given.reason = GivenNumber.State.VOID, reason.strip()[:300]
        given.save(update_fields=["state", "reason"])
    return given


def bind(document: Document, at: datetime, by: Actor) -> None:
    """Registering an outgoing document with a number of the unit's own counter uses that number up.

    Called inside the verb that registers. A number typed beyond the highest leaves a gap, which is shown.
    """
    if document.direction != Direction.OUT or document.number is None or document.issued_on is None:
        return
    counter = counter_of(document.owner_unit_id)
    if counter is None or document.issuer_unit_id != document.owner_unit_id:
        return
    if document.system == System.PARTY and counter.term_start is None:
        return
    series = _series(counter, document.system, document.issued_on)
    given, made = GivenNumber.objects.get_or_create(
        unit_id=document.owner_unit_id,
        system=document.system,
        type=document.type,
        series=series,
        number=document.number,
        defaults={
            "state": GivenNumber.State.USED,
            "symbol": document.symbol,
            "document": document,
            "at": at,
            "by": by.name,
        },
    )
    if not made and given.document_id is None:
        given.state, given.document, given.symbol = GivenNumber.State.USED, document, document.symbol
        given.save(update_fields=["state", "document", "symbol"])


def series_of(actor: Actor, unit_id: int, on: date) -> list[Series]:
    """Each series of a unit in this year and term: its highest number, its gaps, what is kept and what is void."""
    people.require(actor, "document.register", unit_id, on)
    counter = counter_of(unit_id)
    if counter is None:
        return []
    current = {(System.STATE.value, str(on.year))}
    if counter.term_start:
        current.add((System.PARTY.value, counter.term_start.isoformat()))
    groups: dict[tuple[str, str, str], list[GivenNumber]] = {}
    for row in GivenNumber.objects.filter(unit_id=unit_id, series__in=[series for _, series in current]).order_by(
        "system", "type", "number"
    ):
        groups.setdefault((row.system, row.type, row.series), []).append(row)
    return [_told(system, code, series, rows) for (system, code, series), rows in groups.items()]


def _told(system: str, code: str, series: str, rows: list[GivenNumber]) -> Series:
    taken = {row.number for row in rows}
    highest = max(taken)
    of = {state: tuple(row for row in rows if row.state == state) for state in GivenNumber.State}
    return Series(
        system=system,
        type=code,
        series=series,
        name=types.name(system, code),
        highest=highest,
        used=len(of[GivenNumber.State.USED]),
        gaps=tuple(sorted(set(range(1, highest + 1)) - taken)),
        reserved=of[GivenNumber.State.RESERVED],
        void=of[GivenNumber.State.VOID],
    )


def _give(
    by: Actor,
    at: datetime,
    unit_id: int,
    system: str,
    code: str,
    on: date,
    state: str,
    count: int,
    reason: str = "",
) -> list[GivenNumber]:
    people.require(by, "document.register", unit_id, timezone.localdate(at))
    lock_register(unit_id)  # one at a time: the next one is read after the last one was written
    counter = counter_of(unit_id)
    if counter is None:
        raise NoCounter()
    kind = types.get(system, code)
    if kind is None or not kind.holds(on):
        raise NotAllowed()
    agency = counter.party_agency if system == System.PARTY else counter.agency
    if not agency:
        raise NoLetters()
    series = _series(counter, system, on)
    top = GivenNumber.objects.filter(unit_id=unit_id, system=system, type=code, series=series).aggregate(
        top=Max("number")
    )["top"] or _registered(unit_id, system, code, on, counter)
    return GivenNumber.objects.bulk_create(
        GivenNumber(
            unit_id=unit_id,
            system=system,
            type=code,
            series=series,
            number=number,
            state=state,
            symbol=_symbol(number, kind.printed, agency, system),
            reason=reason[:300],
            at=at,
            by=by.name,
        )
        for number in range(top + 1, top + 1 + count)
    )


def _registered(unit_id: int, system: str, code: str, on: date, counter: OwnCounter) -> int:
    """Where a new series goes on: after what this year or term has in the register already."""
    rows = Document.objects.filter(owner_unit_id=unit_id, direction=Direction.OUT, system=system, type=code)
    since = counter.term_start if system == System.PARTY else date(on.year, 1, 1)
    return rows.filter(issued_on__gte=since).aggregate(top=Max("number"))["top"] or 0


def _series(counter: OwnCounter, system: str, on: date) -> str:
    if system != System.PARTY:
        return str(on.year)
    if counter.term_start is None:
        raise NoTerm()
    return counter.term_start.isoformat()


def _symbol(number: int, printed: str, agency: str, system: str) -> str:
    if system == System.PARTY:
        return f"{number:02d}-{printed}/{agency}"
    return f"{number:02d}/{'-'.join(part for part in (printed, agency) if part)}"
