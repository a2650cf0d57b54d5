"""Where a number comes from: its formula, the units it is made of, and the cells of one unit with all their past."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from giaoban.analytics import queries as analytics
from giaoban.analytics.queries import Giver, Map, Sources
from giaoban.core import formula as language
from giaoban.core import numbers
from giaoban.core.period import Period
from giaoban.core.refusal import Refused, sentence
from giaoban.core.text import slug
from giaoban.desk import overview
from giaoban.desk.context import address
from giaoban.desk.overview import Row
from giaoban.documents import quoted
from giaoban.documents.models import QuotedFigure
from giaoban.files import sheets
from giaoban.files.sheets import Cell as SheetCell
from giaoban.files.sheets import Number
from giaoban.indicators import queries as indicators
from giaoban.indicators.models import REPORT_SERIES, Cell, Element, FormulaVersion, Indicator
from giaoban.indicators.queries import provenance
from giaoban.indicators.queries.provenance import Moment, Story
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import TERRITORY
from giaoban.orgs.queries.search import paths_of
from giaoban.people import queries as people
from giaoban.ui import parts
from giaoban.ui.looks import BAD, GOOD, INFO, QUIET, WARN

PAGE = 100
QUOTED = 20  # documents that state the number


class NoSuchIndicator(Refused):
    """The address names no indicator."""

    sentence = sentence("There is no indicator with the code “%(code)s”.")
    field = "chi-tieu"


@dataclass(frozen=True)
class Wanted:
    """Which number: all of it stands in the address."""

    indicator: str
    unit_id: int
    period: Period
    map: Map
    series: str = REPORT_SERIES
    hierarchy: str = TERRITORY

    def query(self, **changes: object) -> str:
        one = replace(self, **changes)
        shown = {
            "chi-tieu": one.indicator,
            "don-vi": one.unit_id,
            "ky": one.period.code,
            "ban-do": overview.write_map(one.map),
            "nguon": "" if one.series == REPORT_SERIES else one.series,
            "he": "" if one.hierarchy == TERRITORY else one.hierarchy,
        }
        return urlencode({name: value for name, value in shown.items() if value})


def href(wanted: Wanted) -> str:
    return f"{address('desk:source')}?{wanted.query()}"


@dataclass(frozen=True)
class Term:
    """A name of the formula: what it is called, its cells, and its total."""

    name: str
    label: str
    unit: str
    scale: int
    cells: tuple[int, ...]
    total: int | None

    @property
    def written(self) -> str:
        return self.write(self.total)

    def write(self, value: int | None) -> str:
        return numbers.vi_number(None if value is None else Fraction(value, 10**self.scale), self.scale)


@dataclass(frozen=True)
class Line:
    """One unit with what it gave; `values` in the order of the terms."""

    unit_id: int
    name: str
    path: str
    values: tuple[str, ...]
    share: str
    part: bool
    href: str


@dataclass(frozen=True)
class Told:
    """One cell of the unit as the page shows it."""

    held: provenance.Held
    moments: tuple[parts.Moment, ...]
    report_href: str


@dataclass(frozen=True)
class Provenance:
    """One number taken apart."""

    actor: Actor
    on: date
    wanted: Wanted
    page: int = 1

    @property
    def day(self) -> date:
        return self.look.day

    @cached_property
    def look(self) -> overview.Look:
        """The same unit, period and map as the overview shows them; refuses who may not look."""
        one = self.wanted
        seen = overview.Wanted(
            one.unit_id, one.period, one.map, one.indicator, series=one.series, hierarchy=one.hierarchy
        )
        return overview.look(self.actor, self.on, seen)

    @cached_property
    def indicator(self) -> Indicator:
        found = self.look.catalogue.get(self.wanted.indicator)
        if found is None:
            raise NoSuchIndicator(code=self.wanted.indicator)
        return found

    @cached_property
    def sources(self) -> Sources:
        one = self.wanted
        return analytics.sources(
            self.indicator.code,
            one.unit_id,
            one.period,
            on=self.on,
            map=one.map,
            series=one.series,
            hierarchy=one.hierarchy,
        )

    @cached_property
    def row(self) -> Row:
        return Row(self.indicator.name, "", self.sources.answer, self.indicator.direction)

    # the formula

    @cached_property
    def formula(self) -> FormulaVersion | None:
        return indicators.formula(self.indicator.code, self.sources.answer.formula_version or self.on)

    @cached_property
    def formula_until(self) -> date | None:
        """The day the next version came into force, where there is one."""
        start = self.sources.answer.formula_version
        versions = indicators.formula_versions([self.indicator.code]).get(self.indicator.code, [])
        return next((one.start for one in versions if start and one.start > start), None)

    @cached_property
    def terms(self) -> list[Term]:
        names = self.sources.names
        known = {cell.pk: cell for cells in indicators.cells_of_names(names).values() for cell in cells}
        return [self._term(name, [known[pk] for pk in cells if pk in known]) for name, cells in names.items()]

    def _term(self, name: str, cells: Sequence[Cell]) -> Term:
        """A whole element goes by its name; part of it by its cells' own labels."""
        if not cells:
            return Term(name, name, "", 0, (), None)
        element: Element = cells[0].element
        parsed = language.parse(name)
        whole = isinstance(parsed, language.Name) and not parsed.members
        label = element.name if whole or len(cells) > 1 else cells[0].label
        if not whole and len(cells) > 1 and isinstance(parsed, language.Name):
            label = f"{element.name} ({', '.join(member for _dimension, member in parsed.members)})"
        return Term(
            name, label, element.unit, element.scale, tuple(cell.pk for cell in cells), self.sources.total(name)
        )

    @cached_property
    def in_words(self) -> str:
        """The formula with the names people use."""
        text = self.sources.expression
        for term in sorted(self.terms, key=lambda term: -len(term.name)):
            text = text.replace(term.name, f"«{term.label}»")
        return text.replace(" / ", " : ").replace(" * ", " × ").replace("«", "").replace("»", "")

    @cached_property
    def in_numbers(self) -> str:
        """The formula with what was added up."""
        text = self.sources.expression
        for place, term in sorted(enumerate(self.terms), key=lambda pair: -len(pair[1].name)):
            text = text.replace(term.name, f"\x00{place}\x00")
        for place, term in enumerate(self.terms):
            text = text.replace(f"\x00{place}\x00", term.write(term.total))
        return text.replace(" / ", " : ").replace(" * ", " × ")

    # the units

    @cached_property
    def _parted(self) -> tuple[list[Giver], list[Giver]]:
        """Units this person may look at, and the others."""
        units = [giver.unit_id for giver in self.sources.givers]
        seen = people.in_sight(self.actor, "figure.view", units, self.on, self.day)
        mine = [giver for giver in self.sources.givers if giver.unit_id in seen]
        return mine, [giver for giver in self.sources.givers if giver.unit_id not in seen]

    @cached_property
    def givers(self) -> Page:
        return Paginator(self._parted[0], PAGE).get_page(self.page)

    @cached_property
    def lines(self) -> list[Line]:
        return list(self._lines(list(self.givers)))

    def _lines(self, givers: Sequence[Giver]) -> Iterator[Line]:
        units = [giver.unit_id for giver in givers]
        names, above = self.names(units), self._above(units)
        whole = self.terms[0].total if self.terms else None
        for giver in givers:
            values = tuple(term.write(giver.totals.get(term.name)) for term in self.terms)
            own = giver.totals.get(self.terms[0].name) if self.terms else None
            share = numbers.vi_percent(own, whole, 1) if whole and own is not None else ""
            further = giver.unit_id != self.wanted.unit_id
            way = href(replace(self.wanted, unit_id=giver.unit_id)) if further else ""
            name, path = names[giver.unit_id], above.get(giver.unit_id, "")
            yield Line(giver.unit_id, name, path, values, share, giver.part, way)

    @cached_property
    def others(self) -> Line | None:
        """What units this person may not look at gave, in one line: so that the lines add up."""
        hidden = self._parted[1]
        if not hidden:
            return None
        name = _("units that are not yours to look at: %(n)s") % {"n": len(hidden)}
        values = tuple(term.write(_sum(hidden, term)) for term in self.terms)
        return Line(0, name, "", values, "", any(giver.part for giver in hidden), "")

    def names(self, units: Sequence[int]) -> dict[int, str]:
        """As they were called on the data day: they may have ended since."""
        return orgs.names(units, min(self.wanted.period.data_day, self.on))

    def _above(self, units: Sequence[int]) -> dict[int, str]:
        return {unit: path[0] for unit, path in paths_of(list(units), self.day).items() if path}

    # the cells of the unit itself

    @cached_property
    def story(self) -> Story | None:
        """Only of a unit that gave figures itself, or was asked to."""
        mine = any(giver.unit_id == self.wanted.unit_id for giver in self.sources.givers)
        if not mine and self.sources.givers:
            return None
        cells = [cell for term in self.terms for cell in term.cells]
        found = provenance.story(
            self.actor,
            self.wanted.unit_id,
            self.wanted.period.code,
            list(dict.fromkeys(cells)),
            self.on,
            series=self.wanted.series,
            day=self.day,
        )
        return found if any(held.history for held in found.cells) else None

    @cached_property
    def told(self) -> list[Told]:
        if self.story is None:
            return []
        may_read = self.story.named
        return [
            Told(
                held,
                tuple(self._moment(one, held.unit) for one in held.history),
                address("indicators:report", held.report.pk) if held.report and may_read else "",
            )
            for held in self.story.cells
            if held.history
        ]

    def _moment(self, one: Moment, unit: str) -> parts.Moment:
        what, tone, icon = {
            "submitted": (pgettext("source", "Handed in: %(value)s"), INFO, "send"),
            "behalf": (pgettext("source", "Entered on the unit's behalf"), WARN, "hand-helping"),
            "confirmed": (pgettext("source", "Confirmed by the unit"), GOOD, "badge-check"),
            "objected": (pgettext("source", "The unit says it is not its figure"), BAD, "circle-x"),
            "returned": (pgettext("source", "Returned"), WARN, "undo-2"),
            "accepted": (pgettext("source", "Approved: %(step)s"), GOOD, "badge-check"),
            "counted": (pgettext("source", "Counts from here on: %(value)s"), GOOD, "sigma"),
            "replaced": (pgettext("source", "What counts changed to %(value)s"), GOOD, "sigma"),
            "withdrawn": (pgettext("source", "Taken out of all totals"), BAD, "circle-minus"),
            "taken": (pgettext("source", "Taken from another system: %(value)s"), QUIET, "database"),
        }[one.what]
        value = one.value or _("no figure")
        step = one.step or _("step %(n)s") % {"n": one.no}
        words = what % {"value": f"{value} {unit}" if one.value else value, "step": step}
        return parts.Moment(one.at, words, one.who, one.text, tone, icon)

    # where documents say it

    @cached_property
    def quoted(self) -> list[QuotedFigure]:
        """Documents that state this number, as far as this person may read them."""
        one = self.wanted
        return list(
            quoted.saying(
                self.actor, self.on, unit_id=one.unit_id, period_codes=[one.period.code], indicator=one.indicator
            )[:QUOTED]
        )

    # taking it along

    def sheet(self) -> sheets.Table:
        """All units with what they gave, as a table for spreadsheets; the sums stand in the last row."""
        answer = self.sources.answer
        above = [
            f"{self.indicator.name}: {answer.text}",
            f"{self.look.name}, {self.wanted.period.label} · {self.look.map_words}",
            self.in_words,
            self.in_numbers,
        ]
        heads = [_("Unit"), _("Belongs to"), *(f"{one.label} ({one.unit})" for one in self.terms), _("Estimate or not")]
        return sheets.Table(above[0], above, heads, self._sheet_rows())

    def _sheet_rows(self) -> Iterator[list[SheetCell]]:
        givers, hidden = self._parted
        for start in range(0, len(givers), PAGE):
            some = givers[start : start + PAGE]
            for giver, line in zip(some, self._lines(some), strict=True):
                cells = [_count(giver.totals.get(one.name), one) for one in self.terms]
                yield [line.name, line.path, *cells, _("estimate") if line.part else ""]
        if self.others is not None:
            yield [self.others.name, "", *(_count(_sum(hidden, one), one) for one in self.terms), ""]
        yield [_("Total"), "", *(_count(one.total, one) for one in self.terms), ""]

    @property
    def file_name(self) -> str:
        return f"nguon-{slug(self.indicator.code)}-{slug(self.look.name)}-{slug(self.wanted.period.code)}"


def _sum(givers: Sequence[Giver], term: Term) -> int | None:
    given = [giver.totals[term.name] for giver in givers if term.name in giver.totals]
    return sum(given) if given else None


def _count(value: int | None, term: Term) -> Number | None:
    return None if value is None else Number(Decimal(value).scaleb(-term.scale), term.scale)
