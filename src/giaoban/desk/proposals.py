"""What reading a document suggests: marks in its text, and tasks, targets and relations that a person may choose.

Units are resolved as of the document's own day and near the unit that issued it, for "Phòng GD&ĐT" means another office
in another district and year. Nothing is decided here: every reading of a name is offered, the best first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from giaoban.core import period as periods
from giaoban.core.period import Kind
from giaoban.core.refusal import Refused
from giaoban.core.text import fold, nfc
from giaoban.documents import queries as documents
from giaoban.documents.models import Document
from giaoban.indicators import queries as indicators
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.reading import read
from giaoban.work import dues

LETTERS = {"tasks": "V", "figures": "S", "citations": "D", "flags": "M"}
"""The letter before a mark's number: việc, số liệu, dẫn chiếu, mâu thuẫn."""

SURE = 60
PLAIN = 80
OFFERED = 5


@dataclass(frozen=True)
class Mark:
    """One marked passage: its kind, its number among its kind, and where it stands."""

    kind: str
    no: int
    start: int
    end: int

    @property
    def code(self) -> str:
        return f"{LETTERS[self.kind]}{self.no}"


@dataclass(frozen=True)
class Piece:
    """A stretch of the text under the same marks; `starts` are the marks that begin here."""

    text: str
    kinds: tuple[str, ...] = ()
    starts: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Choice:
    """One way to understand a name: one unit, or several that each do their part."""

    value: str
    label: str
    score: int = 0


@dataclass(frozen=True)
class TaskProposal:
    """A sentence that asks for work, and who and when it may mean."""

    mark: Mark
    text: str
    assignees: tuple[str, ...]
    coordinators: tuple[str, ...]
    leads: tuple[Choice, ...]
    partners: tuple[Choice, ...]
    due_text: str
    due_on: date | None
    deliverable: str

    @property
    def sure(self) -> bool:
        """Whether the lead is plain enough to be chosen before anybody looked."""
        return bool(self.leads) and self.leads[0].score >= SURE


@dataclass(frozen=True)
class FigureProposal:
    """A measured quantity; with a change against the plan it says what the plan was."""

    mark: Mark
    text: str
    shown: str
    target: Fraction | None
    percent: bool
    sentence: str
    period: str = ""
    indicators: tuple[Choice, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether the indicator is plain enough to be chosen before anybody looked."""
        return bool(self.indicators) and self.indicators[0].score >= PLAIN


@dataclass(frozen=True)
class CitationProposal:
    """A document named in the text, and the registered one it may be."""

    mark: Mark
    text: str
    number: str
    issued_on: date | None
    known: Document | None


@dataclass(frozen=True)
class Flag:
    """Where the document contradicts itself."""

    mark: Mark
    text: str
    kind: str
    why: str


@dataclass(frozen=True)
class Heading:
    """What the head of the document says about itself; proposals for the register."""

    symbol: str = ""
    issued_on: date | None = None
    issuer: str = ""
    subject: str = ""

    @property
    def complete(self) -> bool:
        return bool(self.symbol and self.issued_on and self.issuer and self.subject)


@dataclass(frozen=True)
class Reading:
    """A read document: its text, what was found, and what can be made of it by this person."""

    text: str
    actor: Actor
    on: date
    found: dict[str, Any] = field(repr=False)
    document: Document | None = None

    @cached_property
    def heading(self) -> Heading:
        if self.document is not None:
            known = self.document
            return Heading(known.symbol, known.issued_on, known.issuer_text, known.subject)
        return heading(self.text)

    @property
    def meeting(self) -> dict[str, Any] | None:
        return self.found.get("meeting")

    @cached_property
    def day(self) -> date:
        """The document's own day, by which names are understood."""
        if self.heading.issued_on:
            return self.heading.issued_on
        days = [date.fromisoformat(day) for day in (self.meeting or {}).get("dates", [])]
        return min(max(days), self.on) if days else self.on

    @cached_property
    def issuer(self) -> int | None:
        """The unit that issued the document, where the name at its head is plain."""
        if self.document is not None:
            return self.document.issuer_unit_id
        if not self.heading.issuer:
            return None
        matches = orgs.resolve_name(self.heading.issuer, self.day, near=self.actor.unit_id)
        return matches[0].unit_id if matches and matches[0].score >= SURE else None

    @property
    def issuer_name(self) -> str:
        """Its name in ordinary letters; a masthead is printed in capitals."""
        return orgs.body_name(self.issuer, self.day) if self.issuer else self.heading.issuer

    @property
    def near(self) -> int | None:
        """The unit from which names are understood: who issued the document, or else who reads it."""
        return self.issuer or self.actor.unit_id

    @cached_property
    def registered(self) -> Document | None:
        """The same document in a register this person can see, so that it is not entered twice."""
        if self.document is not None or not self.heading.symbol:
            return None
        return documents.cited(self.actor, self.heading.symbol, self.heading.issued_on, self.on)

    @cached_property
    def marks(self) -> dict[str, list[Mark]]:
        return {
            kind: [Mark(kind, no, one["start"], one["end"]) for no, one in enumerate(self.found.get(kind, []), start=1)]
            for kind in LETTERS
        }

    @cached_property
    def pieces(self) -> list[Piece]:
        return cut(self.text, [mark for marks in self.marks.values() for mark in marks])

    @cached_property
    def tasks(self) -> list[TaskProposal]:
        return [self._task(mark, one) for mark, one in zip(self.marks["tasks"], self.found["tasks"], strict=True)]

    @cached_property
    def figures(self) -> list[FigureProposal]:
        return [self._figure(mark, one) for mark, one in zip(self.marks["figures"], self.found["figures"], strict=True)]

    @cached_property
    def targets(self) -> list[FigureProposal]:
        return [one for one in self.figures if one.target is not None]

    @cached_property
    def citations(self) -> list[CitationProposal]:
        """Each document once, however often the text names it."""
        seen: dict[str, CitationProposal] = {}
        for mark, one in zip(self.marks["citations"], self.found["citations"], strict=True):
            issued_on = date.fromisoformat(one["date"]) if one.get("date") else None
            known = documents.cited(self.actor, one["number"], issued_on, self.on)
            seen.setdefault(fold(one["number"]), CitationProposal(mark, one["text"], one["number"], issued_on, known))
        return list(seen.values())

    @cached_property
    def flags(self) -> list[Flag]:
        return [
            Flag(mark, one["text"], one["kind"], one.get("why", ""))
            for mark, one in zip(self.marks["flags"], self.found["flags"], strict=True)
        ]

    def _task(self, mark: Mark, one: dict[str, Any]) -> TaskProposal:
        assignees, coordinators = tuple(one.get("assignees", ())), tuple(one.get("coordinators", ()))
        due_text = one.get("due_text") or ""
        due_on = date.fromisoformat(one["due"]) if one.get("due") else None
        return TaskProposal(
            mark=mark,
            text=one["text"],
            assignees=assignees,
            coordinators=coordinators,
            leads=self._leads(assignees),
            partners=tuple(dict.fromkeys(choice for name in coordinators for choice in self._named(name)[:1])),
            due_text=due_text,
            due_on=due_on if due_on and not understood(due_text, self.day) else None,
            deliverable=one.get("deliverable") or "",
        )

    def _leads(self, names: tuple[str, ...]) -> tuple[Choice, ...]:
        """All of them, each for its part, when several are named; then every reading of every name."""
        each = [self._named(name) for name in names]
        single = [choice for choices in each for choice in choices]
        best = [choices[0] for choices in each if choices]
        if len(best) < 2:
            return tuple(dict.fromkeys(single))[:OFFERED]
        together = Choice(
            ",".join(dict.fromkeys(part for choice in best for part in choice.value.split(","))),
            "; ".join(dict.fromkeys(choice.label for choice in best)),
            min(choice.score for choice in best),
        )
        return (together, *dict.fromkeys(single))[: OFFERED + 2]

    def _named(self, name: str) -> list[Choice]:
        return list(self._resolved(nfc(name)))

    @cached_property
    def _resolved(self):
        """Readings of one name; a document repeats its names, so each is resolved once."""

        @cache
        def resolve(name: str) -> tuple[Choice, ...]:
            return tuple(choices(orgs.resolve_name(name, self.day, near=self.near)[:OFFERED], self.day, self.on))

        return resolve

    def _figure(self, mark: Mark, one: dict[str, Any]) -> FigureProposal:
        change = one.get("change")
        percent = one.get("unit") == "%"
        target = None
        lead_in = fold(self.text[self.text.rfind("\n", 0, mark.start) + 1 : mark.end])
        if change and change.get("against") == "target":
            target = exact(one["value"]) - exact(change["value"])
        elif not change and _AIMS.search(lead_in) and one.get("value") is not None:
            target = exact(one["value"])
        if target is not None and percent:
            target /= 100
        sentence = sentence_around(self.text, mark.start, mark.end)
        return FigureProposal(
            mark=mark,
            text=one["text"],
            shown=shown(one),
            target=target,
            percent=percent,
            sentence=sentence,
            period=meant(lead_in, self.day) if target is not None else "",
            indicators=tuple(likely(named(one["text"], sentence), percent)) if target is not None else (),
        )


def of(text: str, actor: Actor, on: date, document: Document | None = None) -> Reading:
    """Read the text for this person today."""
    return Reading(text=text, actor=actor, on=on, found=read(text), document=document)


# ---- units ------------------------------------------------------------------------------------------------------


def choices(matches: Iterable[Any], day: date, on: date) -> Iterable[Choice]:
    """Readings of a name as choices; units that have ended since are offered by what they became."""
    for match in matches:
        units = (match.unit_id,) if match.unit_id else tuple(match.unit_ids)
        if not units:
            continue
        living = tuple(dict.fromkeys(unit for one in units for unit in today(one, on)))
        if not living:
            continue
        label = label_of(match, units, living, day, on)
        yield Choice(",".join(map(str, living)), label, match.score)


def today(unit_id: int, on: date) -> tuple[int, ...]:
    """The unit itself while it stands; else its heir: one that took it over, alone or chiefly."""
    if orgs.exists(unit_id, on):
        return (unit_id,)
    for row in orgs.successors(unit_id):
        return today(row.successor_id, on) if row.on <= on else ()
    return ()


def label_of(match: Any, units: tuple[int, ...], living: tuple[int, ...], day: date, on: date) -> str:
    if len(living) > 1 or match.group:
        return _("%(group)s (%(n)s units)") % {"group": match.group or match.why, "n": len(living)}
    now = orgs.body_name(living[0], on)
    above = [place for place in orgs.path_text(living[0], on).split(", ") if fold(place) not in fold(now)]
    then = "" if units == living else _("replaces %(name)s") % {"name": orgs.body_name(units[0], day)}
    return ", ".join(part for part in (now, *above, then) if part)


# ---- figures ----------------------------------------------------------------------------------------------------


def exact(value: object) -> Fraction:
    """A number of the reader as printed: 46.0 and 6.11 are decimals, never binary fractions."""
    return Fraction(Decimal(str(value)))


_AIMS = re.compile(r"\b(muc tieu|chi tieu|phan dau|ke hoach giao)\b")


def meant(words: str, day: date) -> str:
    """The period a sentence speaks of: the semester it names, or else the school year of the document."""
    if re.search(r"\bhoc (ky|ki) (i|1)\b", words):
        return periods.on_day(Kind.SEMESTER_1, day).code
    if re.search(r"\bhoc (ky|ki) (ii|2)\b", words):
        first = periods.on_day(Kind.SEMESTER_1, day)
        return periods.school_year(first.start.year, Kind.SEMESTER_2).code
    return periods.on_day(Kind.SCHOOL_YEAR, day).code


def shown(one: dict[str, Any]) -> str:
    number = f"{Decimal(str(one['value'])).normalize():f}".replace(".", ",") if one.get("value") is not None else "—"
    unit = one.get("unit") or ""
    counts = f" ({one['numerator']}/{one['denominator']})" if one.get("denominator") else ""
    return f"{number}{'' if unit == '%' else ' '}{unit}{counts}".strip()


def named(text: str, sentence: str) -> str:
    """What a figure is about: its own passage, or the sentence where the passage is little more than the number."""
    return text if len([word for word in text.split() if word.isalpha()]) > 2 else sentence


_COMMON = frozenset(["ty", "le", "ti", "so", "cac", "cua", "va", "theo", "tren", "co", "duoc"])


def likely(words: str, percent: bool) -> list[Choice]:
    """Indicators most of whose telling words stand in the passage."""
    there = set(fold(words).split())
    scored = []
    for one in indicators.indicators():
        own = [word for word in fold(one.name).split() if word not in _COMMON]
        if one.is_percent == percent and own:
            scored.append((sum(word in there for word in own) / len(own), one))
    scored.sort(key=lambda pair: (-pair[0], -len(pair[1].name), pair[1].code))
    return [Choice(one.code, one.name, round(score * 100)) for score, one in scored[:OFFERED] if score >= 0.6]


# ---- text -------------------------------------------------------------------------------------------------------


def cut(text: str, marks: list[Mark]) -> list[Piece]:
    """The text in pieces between the borders of marks; marks may overlap and lie in one another."""
    borders = sorted({0, len(text), *(mark.start for mark in marks), *(mark.end for mark in marks)})
    ordered = sorted(marks, key=lambda mark: (mark.start, -mark.end))
    pieces = []
    for start, end in pairwise(borders):
        over = [mark for mark in ordered if mark.start <= start and end <= mark.end]
        pieces.append(
            Piece(
                text[start:end],
                tuple(dict.fromkeys(mark.kind for mark in over)),
                tuple(mark for mark in over if mark.start == start),
            )
        )
    return pieces


def sentence_around(text: str, start: int, end: int) -> str:
    """The sentence that holds a passage."""
    before = max((match.end() for match in re.finditer(r"[.;!?]\s|\n", text[:start])), default=0)
    after = re.search(r"[.;!?](?:\s|$)|\n", text[end:])
    return text[before : end + (after.start() if after else len(text) - end)].strip()


def understood(due: str, day: date) -> bool:
    """Whether the words of a due time can be read by the room that keeps tasks."""
    try:
        dues.read(due, day)
    except Refused:
        return False
    return True


_SYMBOL = re.compile(r"^\W*Số\s*:?\s*(\d{1,5}\s*[/-]\s*[A-ZĐ][\w&ĐÐđ/-]+)", re.MULTILINE | re.IGNORECASE)
_DAY = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
_MOTTO = re.compile(r"CỘNG HÒA|CỘNG HOÀ|ĐỘC LẬP|ĐẢNG CỘNG SẢN VIỆT NAM")
_PEOPLES_COMMITTEE = ("ỦY BAN NHÂN DÂN", "UỶ BAN NHÂN DÂN", "HỘI ĐỒNG NHÂN DÂN")
_HEAD = 1500


def heading(text: str) -> Heading:
    """Symbol, day, issuer and subject, where the head of the document prints them as NĐ 30/2020 lays down."""
    head = nfc(text[:_HEAD])
    symbol = _SYMBOL.search(head)
    issued = next((day for day in map(_date, _DAY.finditer(head)) if day), None) if symbol else None
    return Heading(
        symbol=re.sub(r"\s", "", symbol[1]) if symbol else "",
        issued_on=issued,
        issuer=_issuer(head[: symbol.start()]) if symbol else "",
        subject=_subject(head),
    )


def _issuer(above: str) -> str:
    """The left column above the number: the body over it first, then who issues (NĐ 30/2020, Phụ lục I, cell 2)."""
    left = [re.split(r"\t| {3,}", line.strip(" *-–—"))[0].strip() for line in above.splitlines()]
    lines = [line for line in left if line and line == line.upper() and not _MOTTO.search(line)]
    if len(lines) > 1 and lines[-2] in _PEOPLES_COMMITTEE:
        return " ".join(lines[-2:])
    return lines[-1] if lines else ""


def _date(match: re.Match[str]) -> date | None:
    try:
        return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None


_KIND = re.compile(r"^\W*(KẾ HOẠCH|THÔNG BÁO|CHỈ THỊ|QUYẾT ĐỊNH|CÔNG VĂN|KẾT LUẬN|CHƯƠNG TRÌNH|BÁO CÁO|NGHỊ QUYẾT)\W*$")


def _subject(head: str) -> str:
    """The lines under the name of the type, "V/v …", or else the first line."""
    lines = [line.strip(" *#") for line in head.splitlines() if line.strip(" *#")]
    for number, line in enumerate(lines):
        about = re.match(r"V/v:?\s*(.+)", line, re.IGNORECASE)
        if about:
            return about[1][:300]
        if _KIND.match(line.upper()) and number + 1 < len(lines):
            return lines[number + 1][:300]
    return lines[0][:300] if lines else ""
