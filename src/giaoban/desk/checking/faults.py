"""One's own text before it is issued: where it contradicts itself, the figures, the register, the law and the map.

Nothing is changed and nothing is kept. Every fault says where it stands, what is wrong, how bad it is, and where that
can be said, what to write instead. Only what can be shown is called a fault; what is merely likely is offered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from giaoban.core import period as periods
from giaoban.desk import comparing, proposals
from giaoban.desk.checking.clearness import has_authority, unclear
from giaoban.desk.checking.former import Former, former
from giaoban.desk.comparing import CUT, DIFFERS, INCOMPLETE, PARTS, Comparison, Question
from giaoban.desk.comparing.matching import Matcher, Offer
from giaoban.desk.comparing.places import Place
from giaoban.desk.proposals import Reading
from giaoban.documents import citing
from giaoban.documents.citing import KNOWN, OTHER_DAY, OTHER_NUMBER, UNKNOWN, Cited, Finding
from giaoban.documents.force import Force, State
from giaoban.journal.actor import Actor

SERIOUS, WARN, MILD, OFFER = "serious", "warn", "mild", "offer"
ORDER = {SERIOUS: 0, WARN: 1, MILD: 2, OFFER: 3}
KINDS = ("contradiction", "figure", "citation", "unit", "task")

CUT_DIGIT = 0.85  # the reader's confidence in a contradiction that is only a cut last digit lies below


@dataclass(frozen=True)
class Fault:
    """One thing to look at before issuing. `missing` are the points of "6 rõ" that a task lacks."""

    kind: str
    start: int
    end: int
    words: str
    severity: str = WARN
    suggestion: str = ""
    notes: tuple[str, ...] = ()
    href: str = ""
    missing: tuple[str, ...] = ()


def check(text: str, actor: Actor, on: date, *, reading: Reading | None = None) -> list[Fault]:
    """Every fault of the text, in its order. The number of queries does not depend on its length."""
    read = _Checked(reading or proposals.of(text, actor, on))
    every = [*read.contradictions(), *read.figures(), *read.citations(), *read.units(), *read.tasks()]
    return sorted(every, key=lambda one: (one.start, ORDER[one.severity], one.end, one.kind, one.words))


@dataclass(frozen=True)
class _Checked:
    """A text with what is asked about it."""

    reading: Reading

    @property
    def text(self) -> str:
        return self.reading.text

    @property
    def day(self) -> date:
        """The day by which it is judged: its own, or today for a draft without one."""
        return self.reading.heading.issued_on or self.reading.on

    @cached_property
    def matcher(self) -> Matcher:
        said = comparing.said_of(self.reading)
        return Matcher(
            text=self.text,
            said=list(said.values()),
            day=self.day,
            near=self.reading.near,
            issued=self.reading.issuer is not None,
            head=self.reading.heading.subject,
        )

    # Contradictions

    def contradictions(self) -> Iterator[Fault]:
        for one in self.reading.found["flags"]:
            sure = one.get("confidence", 1.0) >= CUT_DIGIT
            yield Fault("contradiction", one["start"], one["end"], one.get("why", ""), SERIOUS if sure else MILD)

    # Figures

    def figures(self) -> Iterator[Fault]:
        """Compared where indicator, unit and period are plain; offered where only the indicator is."""
        offers = [one for one in self.matcher.offers() if one.likely and one.indicators[0].sure]
        questions = [_question(one) for one in offers]
        found = comparing.compare_all(self.reading.actor, questions, self.reading.on, day=self.day, apart=False)
        for offer, comparison in zip(offers, found, strict=True):
            fault = _figure(offer, comparison)
            if fault is not None:
                yield fault

    # Documents named

    def citations(self) -> Iterator[Fault]:
        spoken = [(one, Cited(one["number"], _date(one.get("date")))) for one in self.reading.found["citations"]]
        found = citing.findings(self.reading.actor, [cited for _one, cited in spoken], self.reading.on, self.day)
        named = {each.number for each in found.values()}
        seen: set[Cited] = set()
        for one, cited in spoken:
            finding = found.get(cited)
            if finding is None or cited in seen:
                continue
            seen.add(cited)
            ending = bool(_ENDING.search(self._sentence(one["start"], one["end"])))
            for fault in _citation(finding, self.day, named, ending):
                yield Fault("citation", one["start"], one["end"], *fault, href=_href(finding))

    # Units

    def units(self) -> Iterator[Fault]:
        """Names of what no longer stands on the day, unless the sentence speaks of the past."""
        places = self.matcher.places
        gone = [one for one in places.gone if not self._past(one.start, one.end, one.ended.end if one.ended else None)]
        words = [one for one in former(self.text, self.day) if not self._past(one.start, one.end, one.on)]
        joined = {one.start: place for one in words for place in gone if 0 <= place.start - one.end <= 1}
        for one in words:
            if not any(place.start <= one.start and one.end <= place.end for place in gone):
                yield self._former(one, joined.get(one.start))
        for place in gone:
            if place not in joined.values():
                yield self._gone(place)

    def _former(self, one: Former, place: Place | None) -> Fault:
        """ "Phòng GD&ĐT", with the district that follows it if one does."""
        end = place.end if place else one.end
        what = self.text[one.start : end]
        words = _("“%(what)s” no longer exists since %(day)s.") % {"what": what, "day": _vi(one.on)}
        heirs = self._heirs(place) if place else ""
        return Fault("unit", one.start, end, words, WARN, heirs or one.now, (one.source,))

    def _gone(self, place: Place) -> Fault:
        assert place.ended is not None
        named = {"what": place.ended.name, "day": _vi(place.ended.end)}
        words = _("%(what)s no longer exists since %(day)s.") % named
        return Fault("unit", place.start, place.end, words, WARN, self._heirs(place))

    def _heirs(self, place: Place | None) -> str:
        if place is None or not place.heirs:
            return ""
        names = [self.matcher.places.name(unit) for unit in place.heirs]
        return ", ".join(names[:6]) + ("…" if len(names) > 6 else "")

    # Tasks

    def tasks(self) -> Iterator[Fault]:
        """What a task leaves open of "6 rõ"; by whose authority is asked once, of the whole text."""
        if self.reading.found["tasks"] and not has_authority(self.text, self.reading.found, self.reading.heading):
            one = self.reading.found["tasks"][0]
            words = _("Nothing says who gives these tasks: no issuer at the head, no chair, no signature.")
            yield Fault("task", one["start"], one["end"], words, MILD, missing=("authority",))
        for one in self.reading.found["tasks"]:
            points = unclear(one)
            if points:
                severity = SERIOUS if any(point.vital for point in points) else MILD
                words = _("Not clear: %(points)s.") % {"points": ", ".join(point.name for point in points)}
                yield Fault(
                    "task", one["start"], one["end"], words, severity,
                    " ".join(point.suggestion for point in points if point.suggestion),
                    missing=tuple(point.code for point in points),
                )  # fmt: skip

    # Sentences

    def _sentence(self, start: int, end: int) -> str:
        return proposals.sentence_around(self.text, start, end)

    def _past(self, start: int, end: int, on: date | None) -> bool:
        """Whether the sentence speaks of the time before: by its words, by a year, by the document it names."""
        first, last = self._bounds(start, end)
        said = self.text[first:last]
        if _BEFORE.search(said):
            return True
        if on is None:
            return False
        for one in self.reading.found["citations"]:
            if not first <= one["start"] < last:
                continue
            day = _date(one.get("date"))
            of = _OF.fullmatch(self.text[one["end"] : start]) if one["end"] <= start else None
            if of and (day is None or day <= on):
                return True
            said = said.replace(self.text[one["start"] : one["end"]], " ")
        days = [_spoken(hit) for hit in _DAY.finditer(said)]
        years = [int(year) for year in _YEAR.findall(_DAY.sub(" ", said))]
        return any(day <= on for day in days if day) or any(year < on.year for year in years)

    def _bounds(self, start: int, end: int) -> tuple[int, int]:
        said = self._sentence(start, end)
        first = self.text.rfind(said, 0, end + len(said)) if said else start
        return (first, first + len(said)) if 0 <= first <= start else (start, end)


_ENDING = re.compile(
    r"thay thế|thay cho|bãi bỏ|hết hiệu lực|ngưng hiệu lực|được sửa đổi|sửa đổi, bổ sung", re.IGNORECASE
)
_BEFORE = re.compile(
    r"\(cũ\)|\bcũ\b|trước đây|nguyên là|trước khi|sáp nhập|hợp nhất|trên cơ sở|chấm dứt|giải thể|kết thúc hoạt động|"
    r"không còn|sau sắp xếp|sắp xếp đơn vị",
    re.IGNORECASE,
)
_OF = re.compile(r"\s*,?\s*(?:của|do)\s[^.;\n]{0,40}", re.IGNORECASE)
_DAY = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)|ngày (\d{1,2}) tháng (\d{1,2}) năm (\d{4})")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


def _question(offer: Offer) -> Question:
    code, unit, period = offer.best
    return Question(code, unit, periods.parse(period), offer.said)


def _figure(offer: Offer, found: Comparison) -> Fault | None:
    said = offer.said
    what = f"{found.name}, {found.unit}, {found.period}"
    if found.degree not in (DIFFERS, PARTS, CUT, INCOMPLETE):
        return None
    if offer.sure and found.degree != INCOMPLETE:
        severity = MILD if found.degree == CUT else SERIOUS
        suggestion = found.right if found.degree != PARTS else ""
        return Fault(
            "figure", said.start, said.end, found.words, severity, suggestion, (what, *found.notes), found.href
        )
    if found.degree in (CUT, PARTS):
        return None  # of an unsure match a small difference says nothing
    words = _("Perhaps “%(what)s”. %(found)s") % {"what": what, "found": found.words}
    return Fault("figure", said.start, said.end, words, OFFER, "", found.notes, found.href)


def _citation(finding: Finding, day: date, named: set[str], ending: bool) -> Iterator[tuple[str, str, str]]:
    """(words, severity, suggestion) of what is wrong with one document named."""
    cited = finding.cited
    if finding.state == UNKNOWN:
        yield _("%(number)s is not in the register; look at its number and date.") % {"number": cited.number}, MILD, ""
        return
    right = {"number": finding.number, "day": _vi(finding.issued_on), "said": _vi(cited.day), "cited": cited.number}
    if finding.state == OTHER_DAY:
        words = _("%(number)s is dated %(day)s; the text says %(said)s.") % right
        yield words, SERIOUS, f"{finding.number} ngày {_vi(finding.issued_on)}"
    elif finding.state == OTHER_NUMBER:
        words = _("The document of %(said)s is number %(number)s in the register; the text says %(cited)s.") % right
        yield words, WARN, f"{finding.number} ngày {_vi(finding.issued_on)}"
    elif finding.misspelt and finding.state == KNOWN:
        yield _("Its number is written %(number)s.") % right, MILD, finding.number
    if finding.state != OTHER_NUMBER and finding.force is not None and not ending:
        yield from _forced(finding.number, finding.force, day, named)


def _forced(number: str, force: Force, day: date, named: set[str]) -> Iterator[tuple[str, str, str]]:
    by = force.by.label if force.by else ""
    if force.state is State.ENDED:
        yield f"{number}: {force.words}", SERIOUS, by
    elif force.state is State.DOUBTFUL:
        yield f"{number}: {force.words}", MILD, by
    elif force.state is State.NOT_YET:
        yield f"{number}: {force.words}", WARN, ""
    elif force.state is State.IN_FORCE:
        for one in force.changes:
            if one.by.number not in named:
                told = {"number": number, "by": one.by.label, "clause": one.clause}
                words = (
                    _("%(number)s was changed by %(by)s (%(clause)s).")
                    if one.clause
                    else _("%(number)s was changed by %(by)s.")
                )
                yield words % told, MILD, _("(amended by %(by)s)") % told


def _href(finding: Finding) -> str:
    return finding.document.get_absolute_url() if finding.document else ""


def _spoken(hit: re.Match[str]) -> date | None:
    day, month, year = (int(hit[place] or hit[place + 3]) for place in (1, 2, 3))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _date(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


def _vi(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
