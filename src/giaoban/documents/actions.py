"""Verbs of the register."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from giaoban.core.refusal import Refused, sentence
from giaoban.core.text import fold, nfc
from giaoban.documents import keeping, numbering, queries, symbols, types
from giaoban.documents.handling import AlreadyNoted as AlreadyNoted
from giaoban.documents.handling import NothingProposed as NothingProposed
from giaoban.documents.handling import NotInThisRegister as NotInThisRegister
from giaoban.documents.handling import note as note
from giaoban.documents.handling import propose as propose
from giaoban.documents.models import Direction, Document, Relation, RelationKind, System
from giaoban.documents.sending import DueBeforeIssue as DueBeforeIssue
from giaoban.documents.sending import Level as Level
from giaoban.documents.sending import NotAddressed as NotAddressed
from giaoban.documents.sending import NotInForce as NotInForce
from giaoban.documents.sending import address as address
from giaoban.documents.sending import enter_addressees, lock_register, next_arrival, redate, require_register
from giaoban.documents.sending import receive as receive
from giaoban.documents.sending import send_down as send_down
from giaoban.documents.studying import Heads as Heads
from giaoban.documents.studying import record_study as record_study
from giaoban.files import secrecy as marks
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs


class Secret(Refused):
    """The document bears a secrecy mark."""

    sentence = sentence(
        "The document is marked “%(mark)s”. Documents with a secrecy mark may not be kept in this system; "
        "register it in the paper register for secret documents."
    )
    field = "secrecy"


class Duplicate(Refused):
    """The register of this unit has the same document."""

    sentence = sentence("This register has %(symbol)s already (entered on %(day)s: %(subject)s).")
    field = "symbol"


class UnknownSymbol(Refused):
    """The number follows none of the grammars."""

    sentence = sentence(
        "“%(symbol)s” is not a document number; "
        "write for example 157/KH-UBND, 30/2020/NĐ-CP, 29-NQ/TW or 1277/BGDĐT-QLCL."
    )
    field = "symbol"


class UnknownType(Refused):
    """No such type of document on the day of issue."""

    sentence = sentence("There is no document type “%(type)s” on %(day)s.")
    field = "type"


class NoIssuer(Refused):
    """Nobody is named who issued it."""

    sentence = sentence("Name the body that issued the document.")
    field = "issuer_text"


class Required(Refused):
    """A field is empty."""

    sentence = sentence("This field must be filled in.")


class TextKept(Refused):
    """Tasks point into the text."""

    sentence = sentence(
        "The text is kept as it was registered, because tasks point into it; register the corrected document."
    )
    field = "text"


class IssuedLater(Refused):
    """Received, or registered, before it was issued."""

    sentence = sentence("A document issued on %(issued)s cannot have been received on %(received)s.")
    field = "received_on"


class ParentLater(Refused):
    """A document is dated before the one it is said to follow."""

    sentence = sentence(
        "%(source)s (%(source_day)s) is dated before %(target)s (%(target_day)s); it cannot follow from it."
    )
    field = "target"


class Circle(Refused):
    """The relation would close a circle."""

    sentence = sentence("%(target)s already follows from %(source)s; the relation would close a circle.")
    field = "target"


class UnknownParent(Refused):
    """The number names no registered document, or several."""

    sentence = sentence(
        "No document number %(symbol)s is registered where you can see it, or several are; link it on its page."
    )
    field = "implements"


class AlreadyLinked(Refused):
    """The same relation is there."""

    sentence = sentence("This relation is registered already.")
    field = "target"


def register(
    *,
    by: Actor,
    at: datetime,
    owner_id: int,
    direction: str,
    symbol: str,
    subject: str,
    issued_on: date | None,
    issuer_id: int | None = None,
    issuer_text: str = "",
    type: str = "",
    signer: str = "",
    signer_title: str = "",
    urgency: str = "",
    recipients_text: str = "",
    addressee_ids: Iterable[int] = (),
    received_on: date | None = None,
    arrival_number: int | None = None,
    reply_due_on: date | None = None,
    plan_due_on: date | None = None,
    effective_on: date | None = None,
    expires_on: date | None = None,
    pages: int | None = None,
    language: str = "",
    copies: int | None = None,
    case_code: str = "",
    case_ordinal: int | None = None,
    remark: str = "",
    text: str = "",
    file: tuple[str, bytes] | None = None,
    secrecy: str = "",
    again: bool = False,
) -> Document:
    """Enter a document in a unit's register: incoming by văn thư or an officer, outgoing also by who issues it.

    `type` is a code of types.csv and is read from the symbol when left out. The same key in the same register refuses
    unless `again` (NĐ 30/2020, Phụ lục VI: the system warns of a repeated number, symbol and body). `text` is what a
    reader sees; `file` (name, content) is kept under its SHA-256.
    """
    with writing(by=by, at=at, verb="document.register", unit_id=owner_id) as entry:
        today = timezone.localdate(at)
        require_register(by, owner_id, direction, today)
        lock_register(owner_id)
        refuse_secret(secrecy, subject, text)
        written = nfc(symbol).strip()
        read = _read(written, issued_on)
        system, code = _type_of(read, type, issued_on or today)
        if direction == Direction.OUT and issuer_id is None:
            issuer_id = owner_id
        issuer_text = issuer_text.strip() or (orgs.body_name(issuer_id, issued_on or today) if issuer_id else "")
        if not issuer_text:
            raise NoIssuer()
        if not subject.strip():
            raise Required(field="subject")
        incoming = direction == Direction.IN
        received = (received_on or today) if incoming else None
        if received and issued_on and received < issued_on:
            raise IssuedLater(issued=issued_on.strftime("%d/%m/%Y"), received=received.strftime("%d/%m/%Y"))
        key = symbols.key(read, issued_on)
        if key and not again:
            _refuse_duplicate(owner_id, key, issuer_id)
        name, content = file or ("", b"")
        document = Document(
            owner_unit_id=owner_id,
            direction=direction,
            system=system,
            type=code,
            number=read.number if read else None,
            symbol=written,
            key=key,
            issued_on=issued_on,
            issuer_unit_id=issuer_id,
            issuer_text=nfc(issuer_text),
            subject=nfc(subject).strip(),
            signer=nfc(signer).strip(),
            signer_title=nfc(signer_title).strip(),
            urgency=urgency,
            recipients_text=recipients_text.strip(),
            pages=pages,
            language=language.strip(),
            copies=copies,
            case_code=case_code.strip(),
            case_ordinal=case_ordinal,
            remark=nfc(remark).strip(),
            arrival_number=(arrival_number or next_arrival(owner_id, received)) if received else None,
            received_on=received,
            reply_due_on=reply_due_on,
            plan_due_on=plan_due_on,
            effective_on=effective_on,
            expires_on=expires_on,
            text=text,
            file_name=name[-255:],
            file_hash=keeping.keep(name, content) if file else "",
            registered_at=at,
        )
        document.fold = _fold(document)
        document.save()
        numbering.bind(document, at, by)
        entry.subject = document
        entry.data.update(symbol=written, direction=direction, key=key, file=document.file_hash)
        enter_addressees(document, addressee_ids, must_issue=plan_due_on is not None, at=at, by=by)
    return document


def register_and_link(
    *, by: Actor, at: datetime, implements: str = "", clause: str = "", numbered: str = "", **line: Any
) -> Document:
    """Register, and say in the same step which registered document this one implements (its number as written).

    `numbered` ("state:TB") takes the next number of the unit's own counter: kept only if all of it is.
    """
    with writing(by=by, at=at, verb="document.register") as entry:
        entry.skip = True  # the verbs inside write their own events
        if numbered:
            system, _colon, code = numbered.partition(":")
            line["symbol"] = numbering.take(
                by=by, at=at, unit_id=line["owner_id"], system=system, code=code, on=line["issued_on"]
            ).symbol
        document = register(by=by, at=at, **line)
        if implements.strip():
            target = queries.cited(by, implements, None, timezone.localdate(at))
            if target is None:
                raise UnknownParent(symbol=implements.strip())
            link(by=by, at=at, source=document, target=target, kind=RelationKind.IMPLEMENTS, clause=clause)
    return document


CORRECTABLE = frozenset(
    {
        *("symbol", "issued_on", "issuer_text", "subject", "signer", "signer_title"),
        *("urgency", "plan_due_on", "reply_due_on", "effective_on", "expires_on", "recipients_text", "text"),
        *("pages", "language", "copies", "case_code", "case_ordinal", "remark"),
    }
)


def correct(*, by: Actor, at: datetime, document: Document, reason: str, **changes: Any) -> Document:
    """Put a wrong entry right, with a reason. The text may be added where there is none; kept text never changes, since
    tasks point into it."""
    unknown = changes.keys() - CORRECTABLE
    if unknown:
        raise TypeError(f"not a field that can be corrected: {sorted(unknown)}")
    with writing(
        by=by, at=at, verb="document.correct", subject=document, unit_id=document.owner_unit_id, reason=reason.strip()
    ) as entry:
        today = timezone.localdate(at)
        require_register(by, document.owner_unit_id, document.direction, today)
        lock_register(document.owner_unit_id)
        document = Document.objects.get(pk=document.pk)
        for name, value in [("reason", reason), *changes.items()]:
            if name in ("reason", "symbol", "subject", "issuer_text") and not str(value).strip():
                raise Required(field=name)
        if document.text and changes.get("text", document.text) != document.text:
            raise TextKept()
        changed = {name: value for name, value in changes.items() if getattr(document, name) != value}
        entry.data["before"] = {name: getattr(document, name) for name in changed if name != "text"}
        entry.data["after"] = {name: value for name, value in changed.items() if name != "text"}
        due_before = document.plan_due_on
        for name, value in changed.items():
            setattr(document, name, nfc(value).strip() if isinstance(value, str) and name != "text" else value)
        _recheck(document)
        document.save()
        if "plan_due_on" in changed:
            redate(document, due_before)
    return document


def _recheck(document: Document) -> None:
    """What held when it was registered holds again: number, type, key, dates and relations."""
    refuse_secret("", document.subject, document.text)
    read = _read(document.symbol, document.issued_on)
    if read is not None and (read.system, read.type) != (document.system, document.type):
        same_letters = types.get(document.system, document.type)
        if same_letters is None or read.system != document.system or same_letters.printed != read.type:
            document.system, document.type = _type_of(read, "", document.issued_on or date.max)
    document.number = read.number if read else None
    key = symbols.key(read, document.issued_on)
    if key != document.key and key:
        _refuse_duplicate(document.owner_unit_id, key, document.issuer_unit_id)
    document.key = key
    if document.received_on and document.issued_on and document.received_on < document.issued_on:
        raise IssuedLater(
            issued=document.issued_on.strftime("%d/%m/%Y"), received=document.received_on.strftime("%d/%m/%Y")
        )
    for relation in document.relations_out.select_related("target"):
        relation.source = document
        _refuse_earlier(relation.source, relation.target)
    for relation in document.relations_in.select_related("source"):
        _refuse_earlier(relation.source, document)
    document.fold = _fold(document)


def _refuse_earlier(source: Document, target: Document) -> None:
    """A document may not be dated before the one it follows (cascade.md §3); a draft has no day yet."""
    if source.issued_on and target.issued_on and source.issued_on < target.issued_on:
        raise ParentLater(
            source=source.symbol,
            source_day=source.issued_on.strftime("%d/%m/%Y"),
            target=target.symbol,
            target_day=target.issued_on.strftime("%d/%m/%Y"),
        )


def _fold(document: Document) -> str:
    """What search looks in."""
    bare = (
        document.symbol.lstrip("0") if document.symbol.startswith("0") else ""
    )  # 05/KH-UBND is also asked as 5/KH-UBND
    said = [
        document.symbol,
        bare,
        document.issuer_text,
        document.subject,
        document.signer,
        document.type_name,
        document.case_code,
        document.remark,
        document.text,
    ]
    return fold(" ".join(said))


def link(
    *,
    by: Actor,
    at: datetime,
    source: Document,
    target: Document,
    kind: str,
    clause: str = "",
    basis: str = "",
    from_on: date | None = None,
) -> Relation:
    """Say that one document implements, amends, replaces, cites or reports on another (cascade.md §3).

    The later one may not be dated before the one it follows; a plan may have several parents, but no circle.
    """
    kind = RelationKind(kind).value
    with writing(by=by, at=at, verb="document.link", subject=source, unit_id=source.owner_unit_id) as entry:
        on = timezone.localdate(at)
        require_register(by, source.owner_unit_id, source.direction, on)
        queries.document(by, target.pk, on)
        _refuse_earlier(source, target)
        if source.pk == target.pk or source.pk in queries.above(target):
            raise Circle(source=source.symbol, target=target.symbol)
        try:
            with transaction.atomic():
                relation = Relation.objects.create(
                    source=source, target=target, kind=kind, clause=clause.strip(), basis=basis.strip(), from_on=from_on
                )
        except IntegrityError:
            raise AlreadyLinked() from None
        entry.data.update(target=target.pk, kind=kind, clause=clause)
    return relation


def unlink(*, by: Actor, at: datetime, relation: Relation, reason: str) -> None:
    """Take back a relation entered by mistake; the journal keeps it with the reason."""
    source = relation.source
    with writing(
        by=by, at=at, verb="document.unlink", subject=source, unit_id=source.owner_unit_id, reason=reason.strip()
    ) as entry:
        require_register(by, source.owner_unit_id, source.direction, timezone.localdate(at))
        if not reason.strip():
            raise Required(field="reason")
        entry.data.update(target=relation.target_id, kind=relation.kind, clause=relation.clause)
        relation.delete()


def keep_file(name: str, content: bytes) -> str:
    """Keep a file for another room's row (evidence of a task) and return its SHA-256."""
    return keeping.keep(name, content)


def refuse_secret(secrecy: str, subject: str, text: str) -> None:
    """Luật Bảo vệ bí mật nhà nước: nothing with a mark is kept here, whether it was declared or stands in the text."""
    if secrecy.strip():
        raise Secret(mark=secrecy.strip())
    mark = marks.mark(subject) or marks.mark(text)
    if mark:
        raise Secret(mark=mark)


def _read(written: str, issued_on: date | None) -> symbols.Symbol | None:
    """What the number says. A draft has none yet; a thư công never has one and is entered without."""
    if not written:
        return None
    read = symbols.read(written)
    if read is None and (issued_on is not None or re.search(r"\d", written)):
        raise UnknownSymbol(symbol=written)
    return read


def _type_of(read: symbols.Symbol | None, code: str, day: date) -> tuple[str, str]:
    """System and type: from the number, unless the person chose between types that print the same letters."""
    system = read.system if read else System.STATE.value
    chosen = code or (read.type if read else "CV")
    found = types.get(system, chosen)
    if found is None or not found.holds(day):
        raise UnknownType(type=chosen, day=day.strftime("%d/%m/%Y"))
    return system, chosen


def _refuse_duplicate(owner_id: int, key: str, issuer_id: int | None) -> None:
    twin = queries.same_key(key, issuer_id).filter(owner_unit_id=owner_id).first()
    if twin is not None:
        raise Duplicate(
            symbol=twin.symbol, day=timezone.localdate(twin.registered_at).strftime("%d/%m/%Y"), subject=twin.subject
        )
