"""Questions to the register. What an actor may not see is not found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Prefetch, Q, QuerySet, prefetch_related_objects

from giaoban.documents import keeping, symbols, types
from giaoban.documents.articles import on_day as on_day
from giaoban.documents.cascading import Branch as Branch
from giaoban.documents.cascading import Cascade as Cascade
from giaoban.documents.cascading import Duty as Duty
from giaoban.documents.cascading import Part as Part
from giaoban.documents.cascading import above as above
from giaoban.documents.cascading import cascade as cascade
from giaoban.documents.cascading import follows as follows
from giaoban.documents.cascading import lines as lines
from giaoban.documents.force import CHANGING as CHANGING
from giaoban.documents.force import Force as Force
from giaoban.documents.force import forces as forces
from giaoban.documents.force import in_force as in_force
from giaoban.documents.handling import Waiting as Waiting
from giaoban.documents.handling import comes_in as comes_in
from giaoban.documents.handling import handlings as handlings
from giaoban.documents.handling import inbox as inbox
from giaoban.documents.handling import unit_for as unit_for
from giaoban.documents.models import Addressee, Direction, Document
from giaoban.documents.search import Found as Found
from giaoban.documents.search import Wanted as Wanted
from giaoban.documents.search import found as found
from giaoban.documents.search import readable
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.reading import read

READ_AT_MOST = 200_000  # characters


def for_actor(actor: Actor, on: date) -> QuerySet[Document]:
    """What the actor may read: `search.readable` says why."""
    return readable(actor, on)


def document(actor: Actor, document_id: int, on: date) -> Document:
    """One document; Document.DoesNotExist when it is not there or not for this actor."""
    return for_actor(actor, on).get(pk=document_id)


def search(actor: Actor, text: str, on: date, limit: int = 20) -> list[Document]:
    """For the search of the whole product, while one types; nothing for no words."""
    if not text.strip():
        return []
    return found(actor, on, Wanted(text=text, prefix=True), limit=limit, counted=False).documents


def key_of(symbol: str, issued_on: date | None = None) -> str:
    """The key of a number as written, "" when it cannot be read."""
    return symbols.key(symbols.read(symbol), issued_on)


def by_key(key: str) -> QuerySet[Document]:
    """Every register's line of the same document."""
    return Document.objects.filter(key=key) if key else Document.objects.none()


def same_key(key: str, issuer_id: int | None) -> QuerySet[Document]:
    """The same, but not another unit's document that happens to bear the number: every commune has a 12/BC-UBND."""
    found = by_key(key)
    return found.filter(Q(issuer_unit_id=issuer_id) | Q(issuer_unit__isnull=True)) if issuer_id else found


def duplicates(actor: Actor, symbol: str, issued_on: date | None, on: date) -> list[Document]:
    """What the actor can already see under this number; with the day missing, of any day."""
    read = symbols.read(symbol)
    if read is None:
        return []
    key = symbols.key(read, issued_on)
    found = (
        for_actor(actor, on).filter(key__startswith=key) if issued_on is None else for_actor(actor, on).filter(key=key)
    )
    return list(found.defer("text", "fold")[:5])


def cited(actor: Actor, symbol: str, issued_on: date | None, on: date) -> Document | None:
    """The registered document that a citation names, if the actor can see it."""
    found = duplicates(actor, symbol, issued_on, on)
    return found[0] if len({each.key for each in found}) == 1 else None


def cited_each(actor: Actor, named: Sequence[tuple[str, date | None]], on: date) -> list[Document | None]:
    """`cited` for every number of a text (symbol, day of issue), in one question for each fifty."""
    keys = [key_of(symbol, issued_on) for symbol, issued_on in named]
    asked = {key: issued_on is None for key, (_symbol, issued_on) in zip(keys, named) if key}
    found: list[Document] = []
    wanted = list(asked)
    for start in range(0, len(wanted), 50):
        fits = Q(key__in=[key for key in wanted[start : start + 50] if not asked[key]])
        for key in wanted[start : start + 50]:
            fits = fits | Q(key__startswith=key) if asked[key] else fits
        found += for_actor(actor, on).filter(fits).defer("text", "fold")
    meant: list[Document | None] = []
    for key in keys:
        same = [one for one in found if key and (one.key.startswith(key) if asked[key] else one.key == key)]
        meant.append(same[0] if len({one.key for one in same}) == 1 else None)
    return meant


def lines_of(found: Document) -> list[Document]:
    """Every register's line of the same document, with its text."""
    return list(Document.objects.filter(pk__in=[each.pk for each in lines([found])]).order_by("pk"))


def file_content(found: Document) -> bytes:
    """The kept file of a document that the actor has already been shown."""
    return keeping.content(found.file_name, found.file_hash)


def kept_content(name: str, digest: str) -> bytes:
    """The kept file of another room's row."""
    return keeping.content(name, digest)


def addressee(actor: Actor, found: Document, on: date) -> Addressee | None:
    """The document as sent to one of the actor's own units, the one still to be received first."""
    sent = list(found.addressees.filter(unit_id__in=people.own_units(actor, on)))
    return min(sent, key=lambda one: (one.received_at is not None, one.unit_id != actor.unit_id), default=None)


def unreceived(actor: Actor, on: date) -> QuerySet[Addressee]:
    """Sent to the actor's unit, or the one it is an office of, and not received yet; never to units below."""
    units = people.acts_for(actor, "document.receive", on)
    return (
        Addressee.objects.filter(unit_id__in=units, received_at__isnull=True)
        .select_related("document")
        .order_by("document__issued_on", "pk")
    )


# Numbers to come


def next_number(owner_id: int, system: str, code: str, on: date) -> int:
    """State numbers start at 01 each year (NĐ 30/2020 Đ15); the Party counts on through the term."""
    given = Document.objects.filter(owner_unit_id=owner_id, direction=Direction.OUT, system=system, type=code)
    if system == "state":
        given = given.filter(issued_on__year=on.year)
    return (given.aggregate(top=Max("number"))["top"] or 0) + 1


def next_symbol(owner_id: int, code: str, on: date, system: str = "state") -> str:
    """The number a new outgoing document would get; the agency's letters as in this register's last document."""
    number = next_number(owner_id, system, code, on)
    kind = types.get(system, code)
    agency = _agency(owner_id, system, on)
    letters = "-".join(part for part in (kind.printed if kind else "", agency) if part)
    return f"{number:02d}-{kind.printed if kind else ''}/{agency}" if system == "party" else f"{number:02d}/{letters}"


def _agency(owner_id: int, system: str, on: date) -> str:
    last = (
        Document.objects.filter(owner_unit_id=owner_id, direction=Direction.OUT, system=system, number__isnull=False)
        .order_by("-issued_on", "-id")
        .values_list("symbol", flat=True)
        .first()
    )
    read = symbols.read(last) if last else None
    if read:
        return read.agency
    snapshot = orgs.snapshot(owner_id, on)
    return "UBND" if snapshot and snapshot.body_name.startswith("UBND") and system == "state" else ""


@dataclass(frozen=True)
class Naming:
    """A document named in another's text: its number as written, and its line in a register the actor may read."""

    number: str
    day: date | None
    document: Document | None


def named_in(actor: Actor, found: Document, on: date) -> list[Naming]:
    """Every other document that the text names, in its order, each once: what it may follow from."""
    if not found.text:
        return []
    keys: dict[str, Naming] = {}
    for cited in read(found.text[:READ_AT_MOST])["citations"]:
        key = symbols.key(symbols.read(cited["number"]), date.fromisoformat(cited["date"]) if cited["date"] else None)
        if key and key != found.key and key not in keys:
            keys[key] = Naming(cited["number"], date.fromisoformat(cited["date"]) if cited["date"] else None, None)
    registered = {each.key: each for each in for_actor(actor, on).filter(key__in=keys).defer("text", "fold")}
    return [Naming(each.number, each.day, registered.get(key)) for key, each in keys.items()]


def with_addressees(found: list[Document], units: Iterable[int]) -> list[Document]:
    """The list page's documents as sent to these units, in one more query: not the 3,500 others of each."""
    sent = Addressee.objects.filter(unit_id__in=list(units)).order_by("pk")
    prefetch_related_objects(found, Prefetch("addressees", sent, to_attr="sent_here"))
    return found
