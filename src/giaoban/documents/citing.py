"""Documents that a text names, held against the registers and the list of well-known ones: all of a text at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from giaoban.documents import force, queries, symbols
from giaoban.documents.force import Force, Listed
from giaoban.documents.models import Document
from giaoban.documents.symbols import Symbol
from giaoban.journal.actor import Actor

MOST = 300  # different documents of one text; a longer list is an index

KNOWN, OTHER_DAY, OTHER_NUMBER, UNKNOWN = "known", "other_day", "other_number", "unknown"


@dataclass(frozen=True)
class Cited:
    """One document as a text names it."""

    number: str
    day: date | None


@dataclass(frozen=True)
class Finding:
    """What is known of it: the registered document or the row of the list that is meant, and its force on the day."""

    cited: Cited
    state: str
    document: Document | None = None
    row: Listed | None = None
    force: Force | None = None

    @property
    def number(self) -> str:
        """The number as the register has it."""
        return self.document.symbol if self.document else self.row.number if self.row else self.cited.number

    @property
    def issued_on(self) -> date | None:
        return self.document.issued_on if self.document else self.row.issued_on if self.row else None

    @property
    def subject(self) -> str:
        return self.document.subject if self.document else self.row.subject if self.row else ""

    @property
    def misspelt(self) -> bool:
        """The same document, its number printed otherwise: 85/2016/ND-CP."""
        return self.state == KNOWN and symbols.prepare(self.cited.number) != symbols.prepare(self.number)


def findings(actor: Actor, cited: Sequence[Cited], on: date, day: date) -> dict[Cited, Finding]:
    """Each document named, in the registers the actor may read on `on`; their force on `day`. Three queries for all."""
    wanted = {one: read for one in dict.fromkeys(cited) if (read := symbols.read(one.number)) is not None}
    wanted = dict(list(wanted.items())[:MOST])
    lines = _lines(actor, wanted, on)
    found = {one: _find(one, read, lines) for one, read in wanted.items()}
    targets = [one.document or (one.row.key if one.row else "") for one in found.values() if one.state != UNKNOWN]
    known = force.forces([one for one in targets if one], day)
    return {one: _with_force(finding, known) for one, finding in found.items()}


def _with_force(finding: Finding, known: dict[str | int, Force]) -> Finding:
    document, row = finding.document, finding.row
    name = (document.key or document.pk) if document else row.key if row else ""
    return Finding(finding.cited, finding.state, document, row, known.get(name)) if name else finding


def _lines(actor: Actor, wanted: dict[Cited, Symbol], on: date) -> list[Document]:
    """Everything in the registers that may be meant."""
    if not wanted:
        return []
    asked = Q()
    for one, read in wanted.items():
        dated = read.grammar in symbols.DATED
        asked |= Q(key__startswith=symbols.key(read)) if dated else Q(key=symbols.key(read))
        if one.day:
            asked |= Q(issued_on=one.day, system=read.system, type=read.type)
    return list(queries.for_actor(actor, on).filter(asked).defer("text", "fold").order_by("pk"))


def _find(one: Cited, read: Symbol, lines: Sequence[Document]) -> Finding:
    key, dated = symbols.key(read, one.day), read.grammar in symbols.DATED
    row = force.listed(key)
    same = [line for line in lines if line.key == key and (one.day or not dated)]
    if same:
        return _checked(one, same[0], None)
    alike = [line for line in lines if force.alike(line.key, key)]
    if dated and one.day is None:
        return _only(one, alike)
    if row is not None:
        return _checked(one, None, row)
    slip = next((line for line in alike if _slip(line.issued_on, one.day)), None)
    if slip is not None:
        return Finding(one, OTHER_DAY, slip)
    near = next((each for each in force.near(key) if dated and _slip(each.issued_on, one.day)), None)
    if near is not None:
        return Finding(one, OTHER_DAY, None, near)
    return _renumbered(one, read, lines)


def _checked(one: Cited, line: Document | None, row: Listed | None) -> Finding:
    """The same number; the day printed beside it may still be another."""
    issued = line.issued_on if line else row.issued_on if row and row.sure else None
    state = OTHER_DAY if one.day and issued and issued != one.day else KNOWN
    return Finding(one, state, line, row)


def _only(one: Cited, alike: Sequence[Document]) -> Finding:
    """A number without a day, which comes back each year or term: known only where there is just one."""
    keys = {line.key for line in alike}
    return Finding(one, KNOWN, alike[0]) if len(keys) == 1 else Finding(one, UNKNOWN)


def _slip(issued: date | None, said: date | None) -> bool:
    """Whether two days may be one with a slip of the pen: the same year, or the same day of another year."""
    if issued is None or said is None or issued == said:
        return False
    return issued.year == said.year or (issued.day, issued.month) == (said.day, said.month)


def _renumbered(one: Cited, read: Symbol, lines: Sequence[Document]) -> Finding:
    """Another number of the same body, type and day."""
    if one.day is None:
        return Finding(one, UNKNOWN)
    same = [line for line in lines if line.issued_on == one.day and _same_body(line.key, read)]
    if len({line.key for line in same}) == 1:
        return Finding(one, OTHER_NUMBER, same[0])
    rows = [row for row in force.everything() if row.issued_on == one.day and _same_body(row.key, read)]
    return Finding(one, OTHER_NUMBER, None, rows[0]) if len(rows) == 1 else Finding(one, UNKNOWN)


def _same_body(key: str, read: Symbol) -> bool:
    parts = key.split("|")
    return len(parts) >= 5 and (parts[0], parts[1], parts[4]) == (read.system, read.type, read.agency)
