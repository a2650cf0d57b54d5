"""Plans of a unit beside what came of them, and how each is shared out to the units below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from django.utils.translation import gettext as _

from giaoban.analytics import naming
from giaoban.analytics import queries as analytics
from giaoban.core import numbers
from giaoban.core import period as periods
from giaoban.core.period import Period
from giaoban.core.refusal import Invalid, NotAllowed, Refused, sentence
from giaoban.core.text import fold, sort_key
from giaoban.desk.context import address
from giaoban.desk.overview import Row, may_look
from giaoban.documents import queries as documents
from giaoban.documents.models import Document
from giaoban.files import tables as files
from giaoban.indicators import queries as indicators
from giaoban.indicators.actions import PlanRow
from giaoban.indicators.models import Indicator, Target
from giaoban.indicators.queries import sharing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import MANAGEMENT, TERRITORY, Snapshot, Unit
from giaoban.people import queries as people

DOCUMENTS = 60
ANSWERING = ("area", "school", "centre")
"""Families of kinds of unit that have figures of their own or of those below."""
EQUALLY, LAST_YEAR, PUPILS, AS_ABOVE = "deu", "nam-truoc", "hoc-sinh", "nhu-tren"
PUPILS_INDICATOR = "so_hoc_sinh"
HEADS = {"chi tieu": "chi_tieu", "don vi": "don_vi", "ky": "ky", "ke hoach": "ke_hoach", "trich cau": "cau"}
NEEDED = ("chi_tieu", "don_vi", "ky", "ke_hoach")


class NoHeads(Refused):
    """A table of plans says what its columns are."""

    sentence = sentence("The first row must name the columns: Chỉ tiêu, Đơn vị, Kỳ, Kế hoạch (and Trích câu).")
    field = "tep"


class BadRow(Refused):
    """One fault of a table of plans."""

    sentence = sentence("Row %(row)s, %(column)s: %(why)s")
    field = "tep"


def read_value(text: str, indicator: Indicator) -> Fraction:
    """A plan as people write it: 46 or 46% of a rate is 46/100."""
    number = Fraction(numbers.parse_number(text.strip().removesuffix("%").strip()))
    return number / 100 if indicator.is_percent else number


def write_value(value: Fraction, indicator: Indicator) -> str:
    """As `read_value` reads it: without needless decimals."""
    shown = value * 100 if indicator.is_percent else value
    return numbers.vi_short(shown, max(indicator.places, 2))


@dataclass(frozen=True)
class PlanLine:
    """One plan of the unit with what came of it so far."""

    target: Target
    row: Row
    period: Period
    href: str
    parts: int
    rest: str
    """What is not shared out yet; empty where nothing is shared out or nothing adds up."""
    over: bool

    @property
    def value(self) -> str:
        return self.row.answer.write(self.target.value)


@dataclass(frozen=True)
class Plans:
    """The plans of one unit in one year."""

    actor: Actor
    on: date
    unit_id: int
    year: str

    @cached_property
    def name(self) -> str:
        return orgs.name(self.unit_id, self.on)

    @cached_property
    def periods(self) -> list[Period]:
        """Where plans of the year may be written: a school year with its parts and the calendar years in it."""
        chosen = periods.parse(self.year)
        if chosen.kind not in periods.SCHOOL_KINDS:
            return [chosen, periods.report_year(chosen.last_day.year)]
        school = [chosen, *(periods.parse(f"{chosen.code}.{part}") for part in ("DN", "HK1", "HK2", "CN"))]
        years = [chosen.start.year, chosen.start.year + 1]
        return [*school, *(made(year) for year in years for made in (periods.report_year, periods.calendar_year))]

    @property
    def may_set(self) -> bool:
        return people.may(self.actor, "target.set", self.unit_id, self.on)

    @cached_property
    def lines(self) -> list[PlanLine]:
        known = {one.code: one for one in self.periods}
        found = sharing.targets_for(self.actor, self.unit_id, known, self.on)
        answers = self._answers(found)
        lines = [self._line(one, known[one.period_code], answers[one.pk]) for one in found]
        order = list(known)
        return sorted(
            lines, key=lambda line: (order.index(line.period.code), line.target.indicator.group, line.row.name)
        )

    def _answers(self, found: Sequence[Target]) -> dict[int, analytics.Answer]:
        answers = {}
        for code in dict.fromkeys(one.period_code for one in found):
            mine = [one for one in found if one.period_code == code]
            table = analytics.table(
                [one.indicator_id for one in mine], [self.unit_id], periods.parse(code), on=self.on, map="today"
            )
            answers |= {one.pk: table.answer(one.indicator_id, self.unit_id) for one in mine}
        return answers

    def _line(self, target: Target, period: Period, answer: analytics.Answer) -> PlanLine:
        parts = sharing.parts_of(target)
        counted = sharing.adds_up(target.indicator, target.period_code)
        rest = sharing.rest_of(target, parts)
        return PlanLine(
            target,
            Row(target.indicator.name, "", answer, target.indicator.direction),
            period,
            address("desk:target", target.pk),
            len(parts),
            answer.write(rest) if parts and counted else "",
            counted and rest < 0,
        )

    @cached_property
    def documents(self) -> list[tuple[str, str]]:
        return document_choices(self.actor, self.on)

    @cached_property
    def catalogue(self) -> list[tuple[str, list[tuple[str, str]]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for one in indicators.indicators().filter(retired=False):
            found.setdefault(one.group or _("Other indicators"), []).append((one.code, f"{one.name} ({one.unit})"))
        return list(found.items())


def document_choices(actor: Actor, on: date) -> list[tuple[str, str]]:
    """The newest documents this person may read."""
    found = documents.for_actor(actor, on).order_by("-issued_on", "-pk")[:DOCUMENTS]
    return [(str(one.pk), f"{one.symbol} – {one.subject}"[:140]) for one in found]


def document(actor: Actor, number: str, on: date) -> Document | None:
    """The document chosen, if this person may read it."""
    if not number.isdecimal():
        return None
    return documents.for_actor(actor, on).filter(pk=int(number)).first()


def plans(actor: Actor, on: date, unit_id: int, year: str) -> Plans:
    if not may_look(actor, unit_id, on, on):
        raise NotAllowed()
    return Plans(actor, on, unit_id, year)


# --- Sharing out ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PartLine:
    """One unit directly below: what it did last year, what it has now, what stands in its box."""

    unit_id: int
    name: str
    last: str
    held: str
    text: str
    mine: bool
    """Whether its plan is a part of this one; another plan it has stays unless a part is given."""
    fault: str = ""


@dataclass(frozen=True)
class Sharing:
    """A plan about to be shared out, or looked at."""

    actor: Actor
    on: date
    target: Target
    by: str = ""
    """How to propose parts: equally, by last year's figures, by pupils; a rate as it is above."""
    hierarchy: str = MANAGEMENT
    typed: Mapping[int, str] | None = None
    faults: Mapping[int, str] | None = None

    @property
    def indicator(self) -> Indicator:
        return self.target.indicator

    @cached_property
    def counted(self) -> bool:
        return sharing.adds_up(self.indicator, self.target.period_code)

    @cached_property
    def period(self) -> Period:
        return periods.parse(self.target.period_code)

    @cached_property
    def name(self) -> str:
        return orgs.name(self.target.unit_id, self.on)

    @property
    def value(self) -> str:
        return write_value(self.target.value, self.indicator)

    @property
    def may_set(self) -> bool:
        return people.may(self.actor, "target.set", self.target.unit_id, self.on)

    @cached_property
    def children(self) -> list[Snapshot]:
        """The areas, schools and centres directly below where this person may set plans; offices answer for nobody."""
        every = orgs.children(self.target.unit_id, self.hierarchy, self.on)
        units = [row.unit_id for row in every]
        held = {unit for _, unit, _ in indicators.targets([self.indicator.code], units, [self.target.period_code])}
        found = [row for row in every if row.kind.family in ANSWERING or row.unit_id in held]
        ids = [row.unit_id for row in found]
        may = Unit.objects.filter(pk__in=people.units_where(self.actor, "target.set", self.on))
        allowed = set(may.filter(pk__in=ids).values_list("pk", flat=True))
        return sorted((row for row in found if row.unit_id in allowed), key=lambda row: sort_key(row.name))

    @cached_property
    def parts(self) -> dict[int, Target]:
        return {one.unit_id: one for one in sharing.parts_of(self.target)}

    @cached_property
    def held(self) -> dict[int, Target]:
        """Every plan the units below have for the same indicator and period, shared from here or not."""
        units = [row.unit_id for row in self.children]
        found = indicators.targets([self.indicator.code], units, [self.target.period_code])
        return {unit: one for (_code, unit, _period), one in found.items()}

    @cached_property
    def last_year(self) -> dict[int, Fraction]:
        before = self.period.same_last_year()
        return self._actual(self.indicator.code, before) if before else {}

    def _actual(self, code: str, when: Period) -> dict[int, Fraction]:
        units = [row.unit_id for row in self.children]
        found = analytics.table([code], units, when, on=self.on, map="today")
        answers = {unit: found.answer(code, unit).value for unit in units}
        return {unit: value for unit, value in answers.items() if value is not None}

    @cached_property
    def proposed(self) -> dict[int, Fraction]:
        """Parts to begin with, by the way chosen; units that do not weigh get none."""
        units = [row.unit_id for row in self.children]
        if self.by == AS_ABOVE and not self.counted:
            return dict.fromkeys(units, self.target.value)
        if not self.counted:
            return {}
        weights: Mapping[int, Fraction] = {
            EQUALLY: lambda: dict.fromkeys(units, Fraction(1)),
            LAST_YEAR: lambda: self.last_year,
            PUPILS: lambda: self.pupils,
        }.get(self.by, dict)()
        return sharing.proposal(self.target, self.indicator.places, weights)

    @cached_property
    def pupils(self) -> dict[int, Fraction]:
        """The newest head count of each unit at the start of a school year."""
        if not indicators.indicators().filter(code=PUPILS_INDICATOR).exists():
            return {}
        year = self.period.code[:9] if self.period.kind in periods.SCHOOL_KINDS else ""
        if not year:
            return {}
        for code in (f"{year}.DN", f"{year}.HK1"):
            if found := self._actual(PUPILS_INDICATOR, periods.parse(code)):
                return found
        before = periods.parse(f"{year}.DN").same_last_year()
        return self._actual(PUPILS_INDICATOR, before) if before else {}

    @cached_property
    def lines(self) -> list[PartLine]:
        found = []
        for row in self.children:
            held, part = self.held.get(row.unit_id), self.parts.get(row.unit_id)
            if self.typed is not None:
                text = self.typed.get(row.unit_id, "")
            elif row.unit_id in self.proposed:
                text = write_value(self.proposed[row.unit_id], self.indicator)
            else:
                text = write_value(part.value, self.indicator) if part else ""
            last = self.last_year.get(row.unit_id)
            found.append(
                PartLine(
                    row.unit_id,
                    row.name,
                    "" if last is None else write_value(last, self.indicator),
                    write_value(held.value, self.indicator) if held else "",
                    text,
                    part is not None,
                    (self.faults or {}).get(row.unit_id, ""),
                )
            )
        return found

    @property
    def shared(self) -> Fraction:
        return sum((one.value for one in self.parts.values()), Fraction(0))

    @property
    def shared_text(self) -> str:
        return write_value(self.shared, self.indicator)

    @property
    def rest(self) -> Fraction:
        return self.target.value - self.shared

    @property
    def rest_text(self) -> str:
        return write_value(self.rest, self.indicator)

    @property
    def ways(self) -> list[tuple[str, str]]:
        """How parts may be proposed."""
        if not self.counted:
            return [(AS_ABOVE, _("the same for all"))]
        found = [(EQUALLY, _("equal parts"))]
        if self.last_year:
            found.append((LAST_YEAR, _("by last year's figures")))
        if self.pupils:
            found.append((PUPILS, _("by pupils")))
        return found

    @property
    def other_hierarchy(self) -> str:
        return TERRITORY if self.hierarchy == MANAGEMENT else MANAGEMENT

    @cached_property
    def versions(self) -> list[tuple[Target, str]]:
        """Every version with its value, the newest first."""
        return [(one, write_value(one.value, self.indicator)) for one in sharing.versions_of(self.target)]

    @property
    def unit_text(self) -> str:
        return str(self.target.unit_id)


def read_parts(texts: Mapping[int, str], indicator: Indicator) -> tuple[dict[int, Fraction | None], dict[int, str]]:
    """What was typed as parts, an empty box as none; and what cannot be read, in words."""
    parts: dict[int, Fraction | None] = {}
    faults: dict[int, Refused] = {}
    for unit, text in texts.items():
        try:
            parts[unit] = read_value(text, indicator) if text.strip() else None
        except Refused as refused:
            faults[unit] = refused
    return parts, {unit: said(fault) for unit, fault in faults.items()}


# --- A table of plans -------------------------------------------------------------------------------------------------


def read_table(name: str, content: bytes, on: date) -> list[PlanRow]:
    """The plans of a CSV or XLSX, or every fault of it by row and column."""
    rows = files.rows(name, content)
    place = next((place for place, row in enumerate(rows) if row), 0)
    heads = {HEADS[fold(head)]: column for column, head in enumerate(rows[place]) if fold(head) in HEADS}
    if any(head not in heads for head in NEEDED):
        raise NoHeads()
    catalogue = {one.code: one for one in indicators.indicators()}
    by_name = {fold(one.name): one for one in catalogue.values()}
    found, faults = [], []
    for number, row in enumerate(rows[place + 1 :], start=place + 2):
        cells = {head: row[column].strip() if column < len(row) else "" for head, column in heads.items()}
        if not any(cells.values()):
            continue
        try:
            found.append(_plan_row(number, cells, catalogue, by_name, on))
        except Invalid as several:
            faults += several.faults
    if faults:
        raise Invalid(faults)
    return found


def _plan_row(
    number: int,
    cells: Mapping[str, str],
    catalogue: Mapping[str, Indicator],
    by_name: Mapping[str, Indicator],
    on: date,
) -> PlanRow:
    faults: list[Refused] = []

    def fault(column: str, why: str) -> None:
        faults.append(BadRow(row=number, column=column, why=why))

    indicator = catalogue.get(cells["chi_tieu"]) or by_name.get(fold(cells["chi_tieu"]))
    if indicator is None:
        fault(_("Indicator"), _("“%(text)s” is no indicator of the catalogue.") % {"text": cells["chi_tieu"]})
    unit, period, value = 0, "", Fraction(0)
    try:
        unit = naming.unit(cells["don_vi"], [on])
    except Refused as refused:
        fault(_("Unit"), said(refused))
    try:
        period = periods.parse(cells["ky"]).code
    except Refused as refused:
        fault(_("Period"), said(refused))
    try:
        if indicator is not None:
            value = read_value(cells["ke_hoach"], indicator)
    except Refused as refused:
        fault(_("Plan"), said(refused))
    if faults or indicator is None:
        raise Invalid(faults)
    return PlanRow(number, indicator.code, unit, period, value, cells.get("cau", ""))


def said(refused: Refused) -> str:
    """A refusal inside another one."""
    words = _(refused.sentence)
    return words % refused.params if refused.params else words
