"""Half-done readings: a text is kept when it is opened, and so is every decision on what was found in it, at once.

A decision is a row that is only added; undoing marks it. So a reading goes on where it stopped, on another device or
with a colleague of the same unit, and who decides what somebody else decided meanwhile is told instead of overruling.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from giaoban.core.refusal import NotAllowed, Refused, sentence
from giaoban.core.text import nfc
from giaoban.documents import actions, keeping
from giaoban.documents.models import Document, KeptReading, ReadingDecision
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.people import queries as people

VERB = "reading.use"
MOST_DECISIONS = 5_000


class DecidedMeanwhile(Refused):
    """Somebody else decided the same proposal after this page was loaded."""

    sentence = sentence("%(by)s decided this proposal meanwhile; look at it and decide again if you differ.")


class TooManyDecisions(Refused):
    """A reading is no place to store things in."""

    sentence = sentence("This reading has %(n)s decisions; turn what was accepted into tasks first.")


class NothingToUndo(Refused):
    """This person decided nothing that still stands."""

    sentence = sentence("You have decided nothing here that could be undone.")


class AlreadyDone(Refused):
    """What was accepted became tasks already."""

    sentence = sentence("This reading was finished already; read the document again from its page.")


@dataclass(frozen=True)
class Opened:
    """What was opened: a text, and the file it came from if it came from one."""

    text: str
    name: str = ""
    kind: str = ""
    pages: int | None = None
    rows: list[dict[str, Any]] | None = None
    notes: list[str] = field(default_factory=list)
    file: tuple[str, bytes] | None = None


@dataclass(frozen=True)
class Move:
    """One decision to be added: of which proposal, what, and what it holds."""

    key: str
    what: str
    data: Mapping[str, Any] = field(default_factory=dict)


# Questions


def desks(actor: Actor, on: date) -> list[int]:
    """The units at whose readings the actor may work: their own, or the one their office belongs to, first."""
    mine = people.acts_for(actor, VERB, on)
    if not mine and actor.unit_id is not None and people.may_anywhere(actor, VERB, on):
        mine = [actor.unit_id]
    return mine


def for_actor(actor: Actor, on: date) -> QuerySet[KeptReading]:
    """Readings begun by people of the actor's unit."""
    return KeptReading.objects.filter(unit_id__in=desks(actor, on))


def reading(actor: Actor, token: str, on: date) -> KeptReading:
    """One reading; KeptReading.DoesNotExist when it is not there or not for this actor."""
    return for_actor(actor, on).select_related("document").get(token=token)


def half_done(actor: Actor, on: date) -> QuerySet[KeptReading]:
    """What is not finished, the latest first, each with how many decisions stand."""
    standing = Count("decisions", filter=Q(decisions__undone_at__isnull=True))
    return for_actor(actor, on).filter(done_at__isnull=True).defer("text", "rows").annotate(standing=standing)


def standing(found: KeptReading) -> list[ReadingDecision]:
    """The decisions that hold, in the order in which they were made."""
    return list(found.decisions.filter(undone_at__isnull=True).order_by("no"))


def version(found: KeptReading) -> int:
    """The number of the last decision, whether it stands or not."""
    return found.decisions.order_by("-no").values_list("no", flat=True).first() or 0


# Verbs


def keep(*, by: Actor, at: datetime, on: date, opened: Opened, document: Document | None = None) -> KeptReading:
    """Keep a text that is to be read; the same text that lies half-read at this unit is gone on with.

    A text with a secrecy mark is refused before anything of it is kept.
    """
    units = desks(by, on)
    if not units:
        raise NotAllowed()
    with writing(by=by, at=at, verb="reading.keep", unit_id=units[0]) as entry:
        text = opened.text.replace("\r\n", "\n")
        name, content = opened.file or ("", b"")
        actions.refuse_secret("", name.rsplit(".", 1)[0], text)
        hashed = hashlib.sha256(text.encode()).hexdigest()
        found = _same(units, hashed, document)
        if found is not None:
            entry.skip = True
            if found.done_at is not None:
                KeptReading.objects.filter(pk=found.pk).update(done_at=None, touched_at=at)
            return found
        made = KeptReading.objects.create(
            token=secrets.token_urlsafe(12),
            unit_id=units[0],
            document=document,
            name=_name(opened, text, document),
            text=text,
            text_hash=hashed,
            kind=opened.kind,
            pages=opened.pages,
            rows=opened.rows,
            notes=opened.notes,
            file_name=nfc(name)[-255:],
            file_hash=keeping.keep(name, content) if opened.file else "",
            begun_by=_who(by),
            begun_at=at,
            touched_at=at,
        )
        entry.subject = made
        entry.data.update(file=made.file_hash, signs=len(text))
        entry.skip = document is not None  # nothing came in that is not in the register
    return made


def decide(
    *, by: Actor, at: datetime, on: date, token: str, moves: Iterable[Move], seen: int | None = None
) -> list[ReadingDecision]:
    """Add decisions made in one move. `seen` is the version the page showed: what another decided since is not
    overruled unseen. The rows themselves say who and when, so the journal keeps no second copy."""
    wanted = list(moves)
    with writing(by=by, at=at, verb="reading.decide") as entry:
        entry.skip = True
        found = _locked(by, token, on)
        last = version(found)
        if last + len(wanted) > MOST_DECISIONS:
            raise TooManyDecisions(n=last)
        if seen is not None:
            touched = {key for move in wanted for key in (move.key, move.data.get("into")) if key}
            _refuse_unseen(by, found, seen, touched)
        made = ReadingDecision.objects.bulk_create(
            ReadingDecision(
                reading=found,
                no=no,
                batch=last + 1,
                key=move.key,
                what=move.what,
                data=dict(move.data),
                account_id=by.account_id,
                by=_who(by),
                at=at,
            )
            for no, move in enumerate(wanted, start=last + 1)
        )
        KeptReading.objects.filter(pk=found.pk).update(touched_at=at)
    return made


def undo(*, by: Actor, at: datetime, on: date, token: str) -> list[str]:
    """Take back this person's last move; the keys of the proposals it was about."""
    with writing(by=by, at=at, verb="reading.decide") as entry:
        entry.skip = True
        found = _locked(by, token, on)
        mine = found.decisions.filter(undone_at__isnull=True, account_id=by.account_id)
        batch = mine.order_by("-no").values_list("batch", flat=True).first()
        if batch is None:
            raise NothingToUndo()
        taken = mine.filter(batch=batch)
        keys = list(taken.values_list("key", flat=True))
        taken.update(undone_at=at)
        KeptReading.objects.filter(pk=found.pk).update(touched_at=at)
    return keys


def note_line(*, by: Actor, at: datetime, on: date, token: str, line: Mapping[str, Any]) -> None:
    """Keep the line of the register as far as it was typed."""
    with writing(by=by, at=at, verb="reading.decide") as entry:
        entry.skip = True
        found = _locked(by, token, on)
        KeptReading.objects.filter(pk=found.pk).update(line=dict(line), touched_at=at)


def finish(*, by: Actor, at: datetime, on: date, token: str, document: Document) -> None:
    """What was accepted became tasks of this document; its decisions stay for whoever reads it again."""
    with writing(by=by, at=at, verb="reading.decide") as entry:
        entry.skip = True  # adopting has written its own event
        found = _locked(by, token, on)
        KeptReading.objects.filter(pk=found.pk).update(
            document=document, done_at=at, touched_at=at, adopted_no=version(found)
        )


def complete(*, by: Actor, at: datetime, on: date, token: str, opened: Opened) -> None:
    """Put the whole text where only the first page of a scan was known; nothing was decided of it before."""
    with writing(by=by, at=at, verb="reading.keep") as entry:
        found = _locked(by, token, on)
        actions.refuse_secret("", "", opened.text)
        text = opened.text.replace("\r\n", "\n")
        found.text, found.text_hash = text, hashlib.sha256(text.encode()).hexdigest()
        found.name = _name(opened, text, found.document)
        found.kind, found.pages, found.rows, found.notes = opened.kind, opened.pages, opened.rows, opened.notes
        found.job_id, found.touched_at = None, at
        found.save()
        entry.subject, entry.unit_id = found, found.unit_id
        entry.data.update(file=found.file_hash, signs=len(text))


def discard(*, by: Actor, at: datetime, on: date, token: str) -> None:
    """Throw a half-done reading away; what lies in the register stays."""
    with writing(by=by, at=at, verb="reading.discard") as entry:
        found = _locked(by, token, on)
        entry.unit_id = found.unit_id
        entry.data.update(text=str(found), document=found.document_id)
        found.delete()


def _locked(by: Actor, token: str, on: date) -> KeptReading:
    found = for_actor(by, on).select_for_update().filter(token=token).first()
    if found is None:
        raise NotAllowed()
    if found.done_at is not None:
        raise AlreadyDone()
    return found


def _same(units: list[int], hashed: str, document: Document | None) -> KeptReading | None:
    """The same text at this unit: of the same registered document, or not registered yet."""
    same = KeptReading.objects.filter(unit_id__in=units, text_hash=hashed)
    if document is not None:
        return same.filter(document=document).first()
    return same.filter(document__isnull=True, done_at__isnull=True).first()


def _refuse_unseen(by: Actor, found: KeptReading, seen: int, keys: set[str]) -> None:
    since = found.decisions.filter(no__gt=seen, undone_at__isnull=True, key__in=keys).exclude(account_id=by.account_id)
    other = since.order_by("-no").first()
    if other is not None:
        raise DecidedMeanwhile(by=other.by)


def _name(opened: Opened, text: str, document: Document | None) -> str:
    words = document.subject if document else opened.name or text[:300]
    return " ".join(nfc(words).split())[:300]


def _who(by: Actor) -> str:
    return (f"{by.name}, {by.title}" if by.title else by.name)[:200]
