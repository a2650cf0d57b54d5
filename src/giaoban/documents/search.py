"""Search in the register: words without accents, newest first, only what the actor may read, in bounded time.

One function, `found`: `wordlist` and `sights` keep what it asks, `places` asks it in the cheapest way. Up to a thousand
the number told is exact; beyond it nothing is counted: "1.000+".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from giaoban.core.text import fold
from giaoban.documents import force, places, wordlist
from giaoban.documents.models import Addressee, Document
from giaoban.journal.actor import Actor
from giaoban.orgs.queries.heirs import made_of, whole_parts
from giaoban.people import queries as people

COUNTED = 1000  # beyond it the number is not told
LOOKED_AT, PART_IN_FORCE = 1000, 100  # documents whose force is worked out for one page, and at once
MOST, LONG = 24, 60  # words of a question, letters of a word: more than anybody types
PART = re.compile(r'"([^"]+)"?|(\S+)')
WORD = re.compile(r"[^\W_]+")
QUOTES = str.maketrans("“”„«»", '"""""')
NEWEST = 2**62


@dataclass(frozen=True)
class Wanted:
    """What is asked of the register; empty values do not narrow."""

    text: str = ""
    direction: str = ""
    type: str = ""  # "state:KH"
    unit_id: int | None = None  # the register of this unit: its own lines and what was sent to it
    issuer_id: int | None = None
    issuer: str = ""  # words of the issuer as printed
    since: date | None = None
    until: date | None = None
    in_force: bool = False
    force_on: date | None = None  # in force on that day; None: today
    prefix: bool = False  # the last word is still being typed

    @property
    def low(self) -> int:
        return wordlist.first_of(self.since) if self.since else 0

    @property
    def high(self) -> int:
        return wordlist.first_of(self.until) + wordlist.DAY - 1 if self.until else NEWEST


@dataclass(frozen=True)
class Found:
    """The newest that fit. `count`: how many there are; with `more` at least so many; None where it was not counted.
    `older`: where the next page starts, None on the last."""

    documents: list[Document]
    count: int | None
    more: bool
    older: int | None


def found(
    actor: Actor, on: date, wanted: Wanted, before: int | None = None, limit: int = 20, counted: bool = True
) -> Found:
    """The first page of what fits, newest first; with `before` the page that follows that place."""
    terms = terms_of(wanted.text, wanted.prefix)
    if wanted.text.strip() and not terms:
        return Found([], 0, False, None)
    search = _Search(actor, on, wanted, terms, min(wanted.high, (before or NEWEST) - 1))
    cut, count, more = None, None, False
    if wanted.in_force:
        fitting, cut = search.in_force(limit)
    elif before or not counted:
        fitting = search.places(limit + 1)
    else:
        fitting = search.places(max(limit, COUNTED) + 1)
        count, more = min(len(fitting), COUNTED), len(fitting) > COUNTED
    page = fitting[:limit]
    older = page[-1] if len(fitting) > limit else cut
    by_key = Document.objects.filter(pk__in=[wordlist.key_of(each) for each in page]).defer("text", "fold").in_bulk()
    documents = [by_key[key] for key in map(wordlist.key_of, page) if key in by_key]
    return Found(documents, count, more, older)


def terms_of(text: str, prefix: bool = False) -> list[tuple[tuple[str, ...], ...]]:
    """What must all occur: each a choice of phrases. Quotes make a phrase, and so does a number as typed: 29-NQ/TW.

    A number typed with a leading zero also finds the one without, and the register keeps both ways of its own number.
    """
    read = []
    for quoted, plain in PART.findall(text.translate(QUOTES))[:MOST]:
        words = tuple(word[:LONG] for word in WORD.findall(fold(quoted or plain))[:MOST])
        if not words:
            continue
        bare = (words[0].lstrip("0") or "0", *words[1:]) if words[0].isdigit() else words
        read.append((words,) if bare == words else (words, bare))
    return read


class _Search:
    """One question while it is being answered."""

    def __init__(self, actor: Actor, on: date, wanted: Wanted, terms: places.Terms, high: int) -> None:
        system, _, code = wanted.type.partition(":")
        self.on, self.wanted = on, wanted
        self.asked = places.Asked(
            terms=terms,
            prefix=wanted.prefix,
            low=wanted.low,
            high=high,
            units=None if actor.is_system else units_read(actor, on),
            register=wanted.unit_id,
            direction=wanted.direction,
            system=system,
            type=code,
            issuer=wanted.issuer_id,
        )

    def places(self, limit: int) -> list[int]:
        return places.newest(self.asked, limit)

    def in_force(self, limit: int) -> tuple[list[int], int | None]:
        """Worked out document by document, in small parts. The second part of the answer: where looking stopped, if it
        did before all was looked at."""
        kept: list[int] = []
        fitting = self.places(LOOKED_AT)
        for start in range(0, len(fitting), PART_IN_FORCE):
            part = fitting[start : start + PART_IN_FORCE]
            lines = Document.objects.filter(pk__in=[wordlist.key_of(each) for each in part]).defer("text", "fold")
            held = _in_force(list(lines), self.wanted.force_on or self.on)
            kept += [each for each in part if wordlist.key_of(each) in held]
            if len(kept) > limit:
                return kept, None
        return kept, fitting[-1] if len(fitting) == LOOKED_AT else None


def _in_force(lines: list[Document], on: date) -> set[int]:
    """Which of them are in force. Asked together are only lines of different documents: two communes may each have a
    12/KH-UBND of one day."""
    held: set[int] = set()
    while lines:
        asked = {line.key or line.pk: line for line in reversed(lines)}
        answers = force.forces(asked.values(), on)
        held |= {line.pk for name, line in asked.items() if answers[name].state is force.State.IN_FORCE}
        lines = [line for line in lines if asked[line.key or line.pk] is not line]
    return held


def units_read(actor: Actor, on: date) -> list[int]:
    """The units whose documents the actor may read: the same as in `readable`, told one by one."""
    units = set(people.units_where(actor, "document.view", on).values_list("descendant_id", flat=True))
    return sorted(units | whole_parts(units))


def readable(actor: Actor, on: date) -> QuerySet[Document]:
    """Documents in a register the actor may read, sent to a unit whose documents they may read, or issued by one.

    A unit made of others has their registers too.
    """
    if actor.is_system:
        return Document.objects.all()
    units = people.units_where(actor, "document.view", on)
    mine = Q(unit_id__in=units) | Q(unit_id__in=made_of(units))
    sent = Addressee.objects.filter(mine, document=OuterRef("pk"))
    own = Q(owner_unit_id__in=units) | Q(owner_unit_id__in=made_of(units))
    issued = Q(issuer_unit_id__in=units) | Q(issuer_unit_id__in=made_of(units))
    return Document.objects.filter(own | issued | Exists(sent))
