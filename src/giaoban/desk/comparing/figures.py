"""A figure that a text states, held against what the system holds: approved figures, and apart, those handed in only.

"Văn bản ghi 52,11%, số liệu đã duyệt là 52,10%." Equal means equal once the held value is rounded half up to the
decimals the text prints; a last digit that was merely cut is said more mildly. An incomplete total decides nothing, and
says how many units of how many it is made of. What a person may not look at is not compared for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from giaoban.analytics import queries as analytics
from giaoban.analytics.queries import AS_WAS, ELEMENT, Answer, Map
from giaoban.core import numbers
from giaoban.core import period as periods
from giaoban.core.period import Period
from giaoban.core.refusal import Refused, sentence
from giaoban.desk import provenance
from giaoban.desk.comparing import pending
from giaoban.desk.comparing.matching import Guess, Matcher, Offer
from giaoban.desk.comparing.said import Question, Said
from giaoban.documents import quoted
from giaoban.documents.models import Document, QuotedFigure
from giaoban.indicators import queries as indicators
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people

EQUAL, CUT, DIFFERS, PARTS, INCOMPLETE, MISSING, HIDDEN = (
    "equal", "cut", "differs", "parts", "incomplete", "missing", "hidden",
)  # fmt: skip
"""How a figure stands to what is held: PARTS: the rate agrees, its a/b does not."""


class UnknownFigure(Refused):
    """What the figure is said to be of is in no catalogue."""

    sentence = sentence("There is no indicator and no element called “%(code)s”.")
    field = "indicator"


@dataclass(frozen=True)
class Comparison:
    """What is found: `words` say it, `notes` what one must know to believe it, `apart` what is handed in only."""

    degree: str
    words: str
    held: Answer | None = None
    notes: tuple[str, ...] = ()
    apart: str = ""
    name: str = ""
    unit: str = ""
    period: str = ""
    href: str = ""
    right: str = ""  # the held value as the text would print it

    @property
    def agrees(self) -> bool | None:
        """None where nothing can be said."""
        if self.degree in (INCOMPLETE, MISSING, HIDDEN):
            return None
        return self.degree == EQUAL

    @property
    def mild(self) -> bool:
        return self.degree == CUT


@dataclass(frozen=True)
class FigureFromSentence:
    """A figure as it is attached when proposals are adopted, or from the page of a registered document."""

    said: Said
    code: str
    unit_id: int
    period_code: str


@dataclass(frozen=True)
class Shown:
    """An attached figure on a page, with what it comes to today."""

    quoted: QuotedFigure
    comparison: Comparison
    may_withdraw: bool = False


# Offers


def offers(reading: Any) -> dict[int, Offer]:
    """For the figures of a reading, by the number of their mark, what each may be about."""
    said = said_of(reading)
    matcher = Matcher(
        text=reading.text,
        said=list(said.values()),
        day=reading.day,
        near=reading.near,
        issued=reading.issuer is not None,
        head=reading.heading.subject,
    )
    return dict(zip(said, matcher.offers(), strict=True))


def said_of(reading: Any) -> dict[int, Said]:
    """The figures of a reading by the number of their mark."""
    read = {no: Said.read(one) for no, one in enumerate(reading.found.get("figures", []), start=1)}
    return {no: said for no, said in read.items() if said is not None}


def best(offer: Offer) -> dict[str, str]:
    """What the offer comes to when nobody changes it, as a form keeps it."""
    code, unit, period = offer.best
    return {"indicator": code, "unit": str(unit), "period": period}


def for_values(reading: Any, proposal: Any, values: Mapping[str, Any], on: date) -> Comparison | None:
    """The comparison of one proposal under the values a form holds; None where they do not name a number yet."""
    return for_all(reading, [(proposal, values)], on)[0]


def for_all(reading: Any, wanted: Sequence[tuple[Any, Mapping[str, Any]]], on: date) -> list[Comparison | None]:
    """The same for many proposals of one reading at once."""
    made = [from_values(reading, proposal, values) for proposal, values in wanted]
    asked = [
        Question(one.code, one.unit_id, periods.parse(one.period_code), one.said) for one in made if one is not None
    ]
    known = _titles(asked)
    asked = [one for one in asked if one.code in known]
    found = iter(compare_all(reading.actor, asked, on, day=reading.day))
    return [next(found) if one is not None and one.code in known else None for one in made]


def from_values(reading: Any, proposal: Any, values: Mapping[str, Any]) -> FigureFromSentence | None:
    """What a form holds for a proposal, as it is attached; None where it does not name a number."""
    one = said_of(reading).get(proposal.mark.no)
    code, unit, period = (str(values.get(name) or "") for name in ("indicator", "unit", "period"))
    if one is None or not (code and unit.isdigit()):
        return None
    try:
        return FigureFromSentence(one, code, int(unit), periods.parse(period).code)
    except Refused:
        return None


# Comparing


def compare(
    actor: Actor, code: str, unit_id: int, period: Period, said: Said, on: date, *, day: date | None = None
) -> Comparison:
    """One figure against what is held. `day` is the document's: it tells which map is meant for a unit of its time."""
    return compare_all(actor, [Question(code, unit_id, period, said)], on, day=day)[0]


def compare_all(
    actor: Actor, questions: Sequence[Question], on: date, *, day: date | None = None, apart: bool = True
) -> list[Comparison]:
    """Many figures: the number of queries grows with their units and periods at most, not with the figures."""
    if not questions:
        return []
    day = day or on
    units = {one.unit_id for one in questions}
    seen = people.in_sight(actor, "figure.view", units, on, day)
    follow = people.in_sight(actor, "figure.follow", units, on, day) if apart else set()
    asked = [one for one in questions if one.unit_id in seen]
    held = _held(asked, on, day)
    waits = pending.apart([one for one in asked if one.unit_id in follow], held) if follow else {}
    names, titles = _unit_names(questions, on), _titles(questions)
    return [
        _one(one, held.get(one.key), waits.get(one, ""), names.get(one.unit_id, ""), titles.get(one.code, one.code))
        for one in questions
    ]


def _held(questions: Sequence[Question], on: date, day: date) -> dict[tuple[str, int, str], Answer]:
    """One question to the figures for each map that is needed: mostly one."""
    maps: dict[Map, list[Question]] = {}
    there = _standing(questions)
    for one in questions:
        own: Map = AS_WAS if one.unit_id in there[one.period.code] else day
        maps.setdefault(own, []).append(one)
    found: dict[tuple[str, int, str], Answer] = {}
    for own, some in maps.items():
        spans = list(dict.fromkeys(one.period for one in some))
        wanted = list(dict.fromkeys(one.code for one in some))
        units = list(dict.fromkeys(one.unit_id for one in some))
        for answer in analytics.ask(wanted, units, spans, on=on, map=own):
            found[answer.indicator, answer.unit_id, answer.period.code] = answer
    return found


def _standing(questions: Sequence[Question]) -> dict[str, set[int]]:
    """Of each period the units that stood on its data day."""
    units: dict[Period, set[int]] = {}
    for one in questions:
        units.setdefault(one.period, set()).add(one.unit_id)
    return {span.code: set(orgs.snapshots(some, span.data_day)) for span, some in units.items()}


def _unit_names(questions: Sequence[Question], on: date) -> dict[int, str]:
    return orgs.names({one.unit_id for one in questions}, on)


def _titles(questions: Sequence[Question]) -> dict[str, str]:
    """Names of indicators and elements by code."""
    found = dict(indicators.indicators().filter(code__in={one.code for one in questions}).values_list("code", "name"))
    named = {one.code: one.code.removeprefix(ELEMENT) for one in questions if one.code.startswith(ELEMENT)}
    cells = indicators.cells_of_names(named.values()) if named else {}
    for code, name in named.items():
        some = cells.get(name, [])
        if some:
            found[code] = some[0].label if len(some) == 1 else some[0].element.name
    return found


def _one(one: Question, held: Answer | None, apart: str, unit: str, title: str) -> Comparison:
    told = {"name": title, "unit": unit, "period": one.period.label}
    if held is None:
        return Comparison(HIDDEN, _("Figures of this unit are not yours to look at."), **told)
    plain = one.code.startswith(ELEMENT)
    wanted = None if plain else provenance.Wanted(one.code, one.unit_id, one.period, held.map)
    told["href"] = provenance.href(wanted) if wanted else ""
    if held.value is None:
        words = _("The document says %(said)s; no approved figure is held.") % {"said": one.said.text}
        return Comparison(MISSING, words, held, tuple(_about(held)), apart, **told)
    degree = judged(one.said, held)
    told["right"] = _held_text(one.said, held)
    return Comparison(degree, _words(degree, one.said, held), held, tuple(_notes(one.said, held)), apart, **told)


def judged(said: Said, held: Answer) -> str:
    """How the figure stands to the answer."""
    assert held.value is not None
    mine, theirs = _printed(said.value, said), held.value / said.scaled(held.measure)
    counted = _counts_differ(said, held)
    if _printed(theirs, said) == mine:
        return PARTS if counted else EQUAL
    if held.reported < held.expected:
        return INCOMPLETE
    return CUT if _cut(theirs, said) == mine else DIFFERS


def _printed(value: Fraction, said: Said) -> Fraction:
    """At the decimals of the text, half up."""
    return Fraction(numbers.rounded(value * 100 if said.percent else value, said.places))


def _cut(value: Fraction, said: Said) -> Fraction:
    """With the further digits left off."""
    shown = value * 100 if said.percent else value
    return Fraction(int(shown * 10**said.places), 10**said.places)


def _counts_differ(said: Said, held: Answer) -> bool:
    if said.part is None or held.numerator is None or held.denominator is None:
        return False
    return (Fraction(said.part), Fraction(said.whole or 0)) != (held.numerator, held.denominator)


def _words(degree: str, said: Said, held: Answer) -> str:
    value = {"said": said.text, "held": _held_text(said, held)}
    if degree == EQUAL:
        return _("The document says %(said)s, as the approved figures do.") % value
    if degree == CUT:
        return (
            _("The document says %(said)s, the approved figures give %(held)s: the last digit was cut, not rounded.")
            % value
        )
    if degree == PARTS:
        return _("The document says %(said)s, as the approved figures do, but from other counts.") % value
    return _("The document says %(said)s, the approved figures give %(held)s.") % value


def _held_text(said: Said, held: Answer) -> str:
    """At the decimals of the text, or more where the difference would not show otherwise."""
    assert held.value is not None
    value = held.value / said.scaled(held.measure)
    shown = value * 100 if said.percent else value
    places = said.places
    if numbers.rounded(shown, places) == numbers.rounded(said.value * 100 if said.percent else said.value, places):
        places = max(places, held.places)
    written = numbers.vi_number(shown, places)
    return f"{written}%" if said.percent else f"{written} {said.measure}".strip()


def _notes(said: Said, held: Answer) -> Iterable[str]:
    if _counts_differ(said, held):
        mine = f"{numbers.vi_number(said.part)}/{numbers.vi_number(said.whole)}"
        yield _("The document counts %(said)s, the approved figures %(held)s.") % {"said": mine, "held": _ratio(held)}
    change = _change(said, held)
    if change:
        yield change
    yield from _about(held)


def _about(held: Answer) -> Iterable[str]:
    if held.reported < held.expected:
        yield _("Only %(reported)s of %(expected)s units have reported.") % {
            "reported": numbers.vi_number(held.reported),
            "expected": numbers.vi_number(held.expected),
        }
    if held.estimated:
        yield _("Partly an estimate: figures of divided units were shared out.")
    yield _("Units as they were on %(day)s.") % {"day": f"{held.day:%d/%m/%Y}"}


def _ratio(held: Answer) -> str:
    return f"{_count(held.numerator)}/{_count(held.denominator)}"


def _count(value: Fraction | None) -> str:
    places = 0 if value is None or value.denominator == 1 else 2
    return numbers.vi_number(value, places)


def _change(said: Said, held: Answer) -> str:
    """A change from last time that the figures do not show. What is said against the plan sets a target instead."""
    if said.change is None or said.against != "previous" or held.change is None:
        return ""
    mine, theirs = Fraction(said.change), Fraction(held.change)
    if mine == theirs:
        return ""
    written = {"said": _signed(mine, said), "held": _signed(theirs, said)}
    return _("The document says it changed by %(said)s, the approved figures by %(held)s.") % written


def _signed(value: Fraction, said: Said) -> str:
    number = numbers.vi_number(value, max(said.places, 2) if value.denominator != 1 else 0, sign=True)
    return f"{number} điểm %" if said.percent else f"{number} {said.measure}".strip()


# Attaching


def attach(*, by: Actor, at: datetime, document: Document, figure: FigureFromSentence) -> QuotedFigure:
    """Keep what a figure of a registered document is of; the catalogue must know it."""
    said, code = figure.said, figure.code
    period = periods.parse(figure.period_code)
    if not _titles([Question(code, figure.unit_id, period, said)]):
        raise UnknownFigure(code=code.removeprefix(ELEMENT))
    element = code.startswith(ELEMENT)
    return quoted.attach(
        by=by,
        at=at,
        document=document,
        figure=quoted.Figure(
            start=said.start,
            end=said.end,
            words=said.words,
            unit_id=figure.unit_id,
            period_code=period.code,
            value=said.value,
            indicator="" if element else code,
            element=code.removeprefix(ELEMENT) if element else "",
            places=said.places,
            measure=said.measure,
            part=said.part,
            whole=said.whole,
        ),
    )


def of_document(actor: Actor, document: Document, on: date) -> list[Shown]:
    """The attached figures of a document, each compared with what is held now."""
    found = quoted.of(document)
    questions = [question(one) for one in found]
    compared = compare_all(actor, questions, on, day=document.issued_on or on)
    keeps = people.may(actor, quoted.VERB, document.owner_unit_id, on)
    return [
        Shown(one, result, keeps or (actor.account_id is not None and one.attached_by_id == actor.account_id))
        for one, result in zip(found, compared, strict=True)
    ]


def question(one: QuotedFigure) -> Question:
    """An attached figure as it is asked about."""
    said = Said(one.start, one.end, one.words, one.value, one.places, one.measure, one.part, one.whole)
    code = one.indicator or f"{ELEMENT}{one.element}"
    return Question(code, one.unit_id, periods.parse(one.period_code), said)


def saying(actor: Actor, on: date, *, indicator: str, unit_id: int, period: Period) -> QuerySet[QuotedFigure]:
    """Where a number is quoted: for its own page."""
    return quoted.saying(actor, on, unit_id=unit_id, period_codes=[period.code], indicator=indicator)


@dataclass(frozen=True)
class Choices:
    """What a form offers for one figure: the best first, then all the catalogue."""

    indicators: list[tuple[str, str]] = field(default_factory=list)
    units: list[tuple[str, str]] = field(default_factory=list)
    periods: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, offer: Offer) -> Choices:
        return cls(_pairs(offer.indicators), _pairs(offer.units), _pairs(offer.periods))


def _pairs(guesses: Sequence[Guess]) -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in guesses]
