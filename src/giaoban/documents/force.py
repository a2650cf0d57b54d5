"""Is a document in force on a day? What the register knows, and else a small list of well-known documents.

The register knows by dates of effect and by relations: a later document *replaces* or *repeals* this one as a whole,
or a clause of it, or *amends* it, from a day. Where it says nothing, `catalogue/documents/force.csv` is asked, which
names its source and how sure it is; what is known from memory only never says more than "perhaps".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from django.utils.translation import gettext as _

from giaoban.catalogue import rows
from giaoban.documents import symbols
from giaoban.documents.models import Document, Relation, RelationKind

ENDING = (RelationKind.REPLACES.value, RelationKind.REPEALS.value)
CHANGING = (*ENDING, RelationKind.AMENDS.value)
SURE = ("V", "V2")


class State(StrEnum):
    IN_FORCE = "in_force"
    NOT_YET = "not_yet"
    ENDED = "ended"
    DOUBTFUL = "doubtful"  # said to have ended, but by memory or on a day not known
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Other:
    """The later document that changed this one. `document` only where it is in a register."""

    number: str
    issued_on: date | None = None
    subject: str = ""
    document: Document | None = None

    @property
    def label(self) -> str:
        return f"{self.number} ngày {_day(self.issued_on)}" if self.issued_on else self.number


@dataclass(frozen=True)
class Change:
    """A clause that ended, or an amendment: the document stands, but not word for word."""

    kind: str
    by: Other
    since: date | None
    clause: str = ""

    @property
    def word(self) -> str:
        """What the later document does to it."""
        return {
            RelationKind.AMENDS.value: _("amended"),
            RelationKind.REPLACES.value: _("replaced"),
            RelationKind.REPEALS.value: _("repealed"),
        }[self.kind]


@dataclass(frozen=True)
class Force:
    """Whether a document is in force on a day. `until` is the first day on which it no longer is."""

    state: State
    since: date | None = None
    until: date | None = None
    how: str = ""  # replaces | repeals | expired
    by: Other | None = None
    clause: str = ""
    changes: tuple[Change, ...] = ()
    basis: str = ""  # register | catalogue
    note: str = ""
    source: str = ""

    @property
    def words(self) -> str:
        """The answer as a sentence."""
        if self.state is State.UNKNOWN:
            return _("Nothing is known about whether it is in force.")
        if self.state is State.NOT_YET:
            return _("Not in force before %(day)s.") % {"day": _day(self.since)} if self.since else _("Not issued yet.")
        if self.state is State.IN_FORCE:
            return _("In force since %(day)s.") % {"day": _day(self.since)} if self.since else _("In force.")
        if self.state is State.DOUBTFUL:
            return _("Perhaps no longer in force: see %(by)s.") % {"by": self.by.label if self.by else ""}
        if self.by is None:
            return _("No longer in force since %(day)s.") % {"day": _day(self.until)}
        named = {"day": _day(self.until), "by": self.by.label}
        if self.how == RelationKind.REPEALS:
            return _("No longer in force since %(day)s: repealed by %(by)s.") % named
        return _("No longer in force since %(day)s: replaced by %(by)s.") % named


@dataclass(frozen=True)
class Listed:
    """A row of the list of well-known documents."""

    number: str
    key: str
    issued_on: date | None
    issuer: str
    subject: str
    effective: date | None
    ended: date | None
    how: str
    by: Other | None
    sure: bool
    end_sure: bool
    note: str
    source: str

    def force(self, on: date) -> Force:
        since = self.effective or self.issued_on
        told = {"since": since, "basis": "catalogue", "note": self.note, "source": self.source}
        if since and on < since:
            return Force(State.NOT_YET if self.sure else State.UNKNOWN, **told)
        if self.how == RelationKind.AMENDS and self.by:
            reached = self.by.issued_on is None or self.by.issued_on <= on
            changes = (Change(self.how, self.by, self.by.issued_on),) if reached else ()
            return Force(State.IN_FORCE, **told, changes=changes)
        if not self.how or not self._reached(on):
            return Force(State.IN_FORCE if self.sure else State.UNKNOWN, **told)
        state = State.ENDED if self.end_sure and self.ended else State.DOUBTFUL
        return Force(state, until=self.ended, how=self.how, by=self.by, **told)

    def _reached(self, on: date) -> bool:
        """Whether the end has come; without its day, once the later document was there."""
        start = self.ended or (self.by.issued_on if self.by else None)
        return start is None or start <= on


def in_force(found: Document | str, on: date) -> Force:
    """Of a document, or of the key of one."""
    return forces([found], on)[_name(found)]


def changes_of(found: Document) -> list[tuple[date, Change]]:
    """Everything that later documents change in this one, by the day it takes effect."""
    lines = _lines([found])[_name(found)]
    relations = _relations([line.pk for line in lines])
    changes = (_change(each) for line in lines for each in relations.get(line.pk, []))
    return sorted(changes, key=lambda pair: (pair[0], pair[1].kind))


def forces(wanted: Iterable[Document | str], on: date) -> dict[str | int, Force]:
    """Of many at once, by key (a document without one: by its number in the register); two queries for all."""
    asked = list(wanted)
    lines = _lines(asked)
    relations = _relations([line.pk for group in lines.values() for line in group])
    return {_name(one): _of(one, lines[_name(one)], relations, on) for one in asked}


def listed(key: str) -> Listed | None:
    """The row of a well-known document. Numbers that come back each year or term need their day."""
    return _list().get(key)


def near(key: str) -> list[Listed]:
    """Rows of the same kind, number and agency with another day."""
    return [row for row in _list().values() if row.key != key and alike(row.key, key)]


def everything() -> list[Listed]:
    """The whole list of well-known documents."""
    return list(_list().values())


def alike(one: str, other: str) -> bool:
    """Whether two keys name the same kind, number and agency, leaving the day aside."""
    return one.split("|")[:5] == other.split("|")[:5]


def _name(found: Document | str) -> str | int:
    return found if isinstance(found, str) else found.key or found.pk


def _lines(asked: Sequence[Document | str]) -> dict[str | int, list[Document]]:
    """The lines of all registers for each; a key that several issuers use tells of none of them."""
    keys = {str(_name(one)) for one in asked if isinstance(_name(one), str) and _name(one)}
    same: dict[str, list[Document]] = defaultdict(list)
    for line in Document.objects.filter(key__in=keys).defer("text", "fold").order_by("pk"):
        same[line.key].append(line)
    found: dict[str | int, list[Document]] = {}
    for one in asked:
        if isinstance(one, str):
            issuers = {line.issuer_unit_id for line in same[one]} - {None}
            found[one] = same[one] if len(issuers) <= 1 else []
        else:
            twins = [line for line in same.get(one.key, []) if _compatible(line, one)]
            found[_name(one)] = list({line.pk: line for line in [one, *twins]}.values())
    return found


def _compatible(one: Document, other: Document) -> bool:
    return None in (one.issuer_unit_id, other.issuer_unit_id) or one.issuer_unit_id == other.issuer_unit_id


def _relations(ids: Sequence[int]) -> dict[int, list[Relation]]:
    found: dict[int, list[Relation]] = defaultdict(list)
    rows_ = Relation.objects.filter(target__in=ids, kind__in=CHANGING, source__issued_on__isnull=False)
    for one in rows_.select_related("source").defer("source__text", "source__fold").order_by("pk"):
        found[one.target_id].append(one)
    return found


def _of(one: Document | str, lines: Sequence[Document], relations: dict[int, list[Relation]], on: date) -> Force:
    key = one if isinstance(one, str) else one.key
    row = listed(key)
    if not lines:
        return row.force(on) if row else Force(State.UNKNOWN)
    changes = sorted(
        (_change(each) for line in lines for each in relations.get(line.pk, [])),
        key=lambda pair: (pair[0], pair[1].kind),
    )
    told = Register(lines, changes)
    if row and not told.knows:
        return row.force(on)
    return told.force(on, row)


def _change(relation: Relation) -> tuple[date, Change]:
    source = relation.source
    assert source.issued_on is not None  # drafts change nothing, and were not fetched
    start = relation.from_on or source.effective_on or source.issued_on
    by = Other(source.symbol or source.subject[:80], source.issued_on, source.subject, source)
    return start, Change(relation.kind, by, start, relation.clause)


@dataclass(frozen=True)
class Register:
    """What the registers' lines of one document say."""

    lines: Sequence[Document]
    changes: Sequence[tuple[date, Change]]

    @property
    def knows(self) -> bool:
        """Whether anybody entered anything about its force."""
        return bool(self.changes) or any(line.effective_on or line.expires_on for line in self.lines)

    def force(self, on: date, row: Listed | None) -> Force:
        since = next((line.effective_on for line in self.lines if line.effective_on), None)
        since = since or (row.effective if row else None) or self.lines[0].issued_on
        if since is None or on < since:
            return Force(State.NOT_YET, since=since, basis="register")
        ends = [(start, one) for start, one in self.changes if one.kind in ENDING and not one.clause]
        expires = min((line.expires_on for line in self.lines if line.expires_on), default=None)
        first = min(ends, key=lambda pair: pair[0], default=None)
        if expires and expires <= on and (first is None or expires <= first[0]):
            return Force(State.ENDED, since, expires, "expired", basis="register")
        if first and first[0] <= on:
            start, one = first
            return Force(State.ENDED, since, start, one.kind, one.by, basis="register")
        kept = tuple(one for start, one in self.changes if start <= on and (one.clause or one.kind not in ENDING))
        return Force(State.IN_FORCE, since, changes=kept, basis="register")


@cache
def _list() -> dict[str, Listed]:
    found = (_listed(row) for row in rows("documents/force.csv"))
    return {one.key: one for one in found}


def _listed(row: dict[str, str]) -> Listed:
    issued = _date(row["issued"])
    return Listed(
        number=row["number"],
        key=symbols.key(symbols.read(row["number"]), issued),
        issued_on=issued,
        issuer=row["issuer"],
        subject=row["subject"],
        effective=_date(row["effective"]),
        ended=_date(row["ended"]),
        how=row["how"],
        by=Other(row["by"], _date(row["by_issued"])) if row["by"] else None,
        sure=row["confidence"] in SURE,
        end_sure=row["ended_confidence"] in SURE,
        note=row["note"],
        source=row["source"],
    )


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
