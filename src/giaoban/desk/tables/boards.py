"""One table of any indicators and any units: actual, plan, gap, previous, change, who is in; all of it in the address.

Either units stand in the rows and indicators in the columns, or the other way round. Only what is shown on a page is
turned into words; sorting and filtering go over the columns as `analytics.queries.table` gives them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from giaoban.analytics import queries as analytics
from giaoban.analytics.queries import Answer, Map, Table
from giaoban.core import numbers
from giaoban.core.period import Period
from giaoban.core.text import fold, sort_key
from giaoban.desk import overview
from giaoban.desk.context import address
from giaoban.desk.overview import Row
from giaoban.indicators.models import REPORT_SERIES, Indicator
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import TERRITORY, Snapshot
from giaoban.people import queries as people
from giaoban.ui import drawing
from giaoban.ui.looks import LOOKS

VALUE, PLAN, GAP, BEFORE, CHANGE, IN = "gia-tri", "ke-hoach", "chenh", "ky-truoc", "thay-doi", "da-nop"
COLUMNS = (VALUE, PLAN, GAP, BEFORE, CHANGE, IN)
USUAL = (VALUE, PLAN, GAP, CHANGE, IN)
CHILDREN, ITSELF = "con", "chinh"
EVERY_GROUP = "tat-ca"
ROWS, ACROSS = 100, 16
"""How many rows a page has, and how many columns of figures stand across it: what a sheet of paper holds."""
SILENT = ("office", "party", "union", "board", "place")
"""Families of kinds of unit that no figures are asked of."""

NUMBERS = {VALUE: "printed", PLAN: "target", GAP: "gap", BEFORE: "previous", CHANGE: "change", IN: "reported"}
STATES = ("not_met", "met", "unknown")


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    unit_id: int
    period: Period
    map: Map
    codes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    text: str = ""
    """Words of which every indicator shown has all."""
    units: str = CHILDREN
    """The units in the table: those directly below, the unit itself, or all below of a kind."""
    holding: tuple[tuple[str, str], ...] = ()
    """Only units that hold these attributes."""
    named: str = ""
    """Words of which every unit shown has all in its name."""
    columns: tuple[str, ...] = USUAL
    turned: bool = False
    """Indicators in the rows, units across."""
    total: bool = True
    state: str = ""
    sort: str = ""
    series: str = REPORT_SERIES
    hierarchy: str = TERRITORY
    page: int = 1
    across: int = 1

    def query(self, **changes: object) -> str:
        one = replace(self, **changes)
        shown = {
            "don-vi": one.unit_id,
            "ky": one.period.code,
            "ban-do": overview.write_map(one.map),
            "chi-tieu": ",".join(one.codes),
            "nhom": list(one.groups),
            "tim": one.text,
            "gom": "" if one.units == CHILDREN else one.units,
            "co": ",".join(f"{attribute}:{value}" for attribute, value in one.holding),
            "ten": one.named,
            "cot": "" if one.columns == USUAL else list(one.columns),
            "xoay": "1" if one.turned else "",
            "tong": "" if one.total else "0",
            "muc": one.state,
            "xep": one.sort,
            "nguon": "" if one.series == REPORT_SERIES else one.series,
            "he": "" if one.hierarchy == TERRITORY else one.hierarchy,
            "trang": one.page if one.page > 1 else "",
            "ngang": one.across if one.across > 1 else "",
        }
        return urlencode({name: value for name, value in shown.items() if value}, doseq=True)


@dataclass(frozen=True)
class Field:
    """One field as it is shown in one column."""

    text: str
    state: str = ""
    note: str = ""
    """a/b of a rate, or why there is nothing."""
    href: str = ""
    missing: bool = False
    estimated: bool = False
    tone: str = ""

    @property
    def mark(self) -> SafeString:
        """The state as a shape beside the number, with its word for who cannot see it or points at it."""
        return _mark(self.state)

    @property
    def estimate_mark(self) -> SafeString:
        return _mark("estimated")


def _mark(state: str) -> SafeString:
    look = LOOKS[state]
    return format_html(
        '<span class="mark {}" title="{}">{}<span class="unseen">{}</span></span>',
        look.tone,
        look.word,
        drawing.icon(look.icon, 15),
        look.word,
    )


@dataclass(frozen=True)
class Line:
    """One row of the table."""

    name: str
    href: str
    fields: tuple[Field, ...]
    total: bool = False
    group: str = ""
    measure: str = ""


@dataclass(frozen=True)
class Head:
    """What stands across: its name over its columns."""

    name: str
    href: str
    measure: str
    columns: tuple[tuple[str, str, str, str], ...]
    """Word, unit, sort key in the address ("" where it does not sort), and how it is sorted now."""


@dataclass(frozen=True)
class Board:
    """One view of the table."""

    actor: Actor
    on: date
    asked: Asked

    # what stands in it

    @property
    def day(self) -> date:
        if self.asked.map == analytics.AS_WAS:
            return min(self.asked.period.data_day, self.on)
        return self.on if self.asked.map == analytics.TODAY else self.asked.map

    @cached_property
    def look(self) -> overview.Look:
        """The same unit, period and map as the overview shows them."""
        asked = self.asked
        wanted = overview.Wanted(
            asked.unit_id, asked.period, asked.map, "", series=asked.series, hierarchy=asked.hierarchy
        )
        return overview.look(self.actor, self.on, wanted)

    @cached_property
    def chosen(self) -> list[Indicator]:
        """The indicators of the table; where none are named, those with a plan and then those with figures."""
        asked, catalogue = self.asked, self.look.catalogue
        if asked.codes or asked.groups or asked.text:
            words = fold(asked.text).split()
            every = EVERY_GROUP in asked.groups or not (asked.codes or asked.groups)
            picked = [
                one
                for one in catalogue.values()
                if (every or one.code in asked.codes or one.group in asked.groups)
                and all(word in one.fold for word in words)
            ]
            return picked
        planned = set(self.look.with_plans)
        found = self.look.with_figures
        return [catalogue[code] for code in sorted(found, key=lambda code: code not in planned)]

    @cached_property
    def rows_of_units(self) -> list[Snapshot]:
        """The units of the table as far as this person may look at them, by name; the unit itself stands first."""
        asked = self.asked
        if asked.units == ITSELF:
            found = []
        elif asked.units == CHILDREN:
            below = orgs.children(asked.unit_id, asked.hierarchy, self.day)
            found = [row for row in below if row.kind.family not in SILENT]
        else:
            below = orgs.descendants(asked.unit_id, asked.hierarchy, self.day, kinds=[asked.units])
            found = list(orgs.living(self.day).filter(unit__in=below).select_related("kind"))
        for attribute, value in asked.holding:
            holders = set(orgs.having(attribute, value, self.day))
            found = [row for row in found if row.unit_id in holders]
        words = fold(asked.named).split()
        found = [row for row in found if all(word in row.fold for word in words)]
        seen = people.in_sight(self.actor, "figure.view", [row.unit_id for row in found], self.on, self.day)
        return sorted((row for row in found if row.unit_id in seen), key=lambda row: sort_key(row.name))

    @cached_property
    def names(self) -> dict[int, str]:
        return {self.asked.unit_id: self.look.name, **{row.unit_id: row.name for row in self.rows_of_units}}

    @cached_property
    def units(self) -> list[int]:
        """In the order shown: sorted and filtered, without the unit itself."""
        units = [row.unit_id for row in self.rows_of_units if row.unit_id != self.asked.unit_id]
        if self.asked.state:
            units = [unit for unit in units if self._has_state([(code, unit) for code in self._codes])]
        return self._sorted(units)

    @cached_property
    def shown_indicators(self) -> list[Indicator]:
        """Filtered by state where indicators stand in the rows."""
        if not (self.asked.turned and self.asked.state):
            return self.chosen
        units = [row.unit_id for row in self.rows_of_units] or [self.asked.unit_id]
        return [one for one in self.chosen if self._has_state([(one.code, unit) for unit in units])]

    @property
    def _codes(self) -> list[str]:
        return [one.code for one in self.chosen]

    # asking

    def table(self, codes: Sequence[str], units: Sequence[int]) -> Table:
        asked = self.asked
        return analytics.table(
            codes, units, asked.period, on=self.on, map=asked.map, series=asked.series, hierarchy=asked.hierarchy
        )

    @cached_property
    def whole(self) -> Table:
        """All of it: for filters by state and for exports."""
        return self.table(self._codes, [self.asked.unit_id, *(row.unit_id for row in self.rows_of_units)])

    @cached_property
    def _states(self) -> dict[tuple[str, int], str]:
        found: dict[tuple[str, int], str] = {}
        for one in self.chosen:
            values, gaps = self.whole.numbers("printed", one.code), self.whole.numbers("gap", one.code)
            for unit, value, gap in zip(self.whole.units, values, gaps, strict=True):
                found[one.code, unit] = state_of(value, gap, one.direction)
        return found

    def _has_state(self, pairs: Sequence[tuple[str, int]]) -> bool:
        return any(self._states[pair] == self.asked.state for pair in pairs)

    def _sorted(self, units: list[int]) -> list[int]:
        """By a column of one indicator ("ty_le.gia-tri", "-ty_le.gia-tri"); missing values stay at the end."""
        code, _dot, column = self.asked.sort.removeprefix("-").rpartition(".")
        down = self.asked.sort.startswith("-")
        if self.asked.sort in ("ten", "-ten"):
            return units[::-1] if down else units
        if column not in NUMBERS or code not in self.look.catalogue:
            return units
        by = dict(zip(units, self.table([code], units).numbers(NUMBERS[column], code), strict=True)) if units else {}
        known = sorted((unit for unit in units if by[unit] is not None), key=lambda unit: by[unit], reverse=down)
        return [*known, *(unit for unit in units if by[unit] is None)]

    # showing

    @cached_property
    def rows_page(self) -> Page:
        return Paginator(self._down, ROWS).get_page(self.asked.page)

    @cached_property
    def across_page(self) -> Page:
        return Paginator(self._over, max(ACROSS // len(self.asked.columns), 1)).get_page(self.asked.across)

    @property
    def _down(self) -> Sequence[object]:
        return self.shown_indicators if self.asked.turned else self.units

    @property
    def _over(self) -> Sequence[object]:
        if not self.asked.turned:
            return self.chosen
        return [*([self.asked.unit_id] if self._with_total else []), *self.units]

    @property
    def _with_total(self) -> bool:
        """The unit itself is shown as well: first, as the total of those below."""
        return self.asked.total or self.asked.units == ITSELF

    @cached_property
    def heads(self) -> list[Head]:
        return [self._head(one) for one in self.across_page]

    def _head(self, one: object) -> Head:
        if isinstance(one, Indicator):
            differences = _("percentage points") if one.is_percent else one.unit
            href = address("indicators:indicator", one.code)
            units = {GAP: differences, CHANGE: differences, IN: _("units")}
            columns = tuple(
                (word(column), units.get(column, one.unit), *self._sorting(one.code, column))
                for column in self.asked.columns
            )
            return Head(one.name, href, one.unit, columns)
        columns = tuple((word(column), "", "", "") for column in self.asked.columns)
        return Head(self.names[int(str(one))], self.href(unit_id=one, page=1, across=1), "", columns)

    def _sorting(self, code: str, column: str) -> tuple[str, str]:
        """The address that sorts by a column, the largest first, and how it is sorted now."""
        key = f"{code}.{column}"
        order = {key: "ascending", f"-{key}": "descending"}.get(self.asked.sort, "none")
        return self.href(sort=key if order == "descending" else f"-{key}", page=1), order

    @cached_property
    def lines(self) -> list[Line]:
        """The page shown: one question for what stands on it."""
        over = list(self.across_page)
        if self.asked.turned:
            found = self.table([one.code for one in self.rows_page], [int(str(unit)) for unit in over])
            return [self._indicator_line(found, one, over) for one in self.rows_page]
        units = [*([self.asked.unit_id] if self._with_total else []), *self.rows_page]
        found = self.table([one.code for one in over], units)
        return [self._unit_line(found, unit, over) for unit in units]

    def _unit_line(self, found: Table, unit: int, over: Sequence[Indicator]) -> Line:
        fields = [field for one in over for field in self.fields(found, one, unit)]
        total = unit == self.asked.unit_id
        href = "" if total else self.href(unit_id=unit, page=1, across=1)
        return Line(self.names[unit], href, tuple(fields), total=total)

    def _indicator_line(self, found: Table, one: Indicator, over: Sequence[int]) -> Line:
        fields = [field for unit in over for field in self.fields(found, one, unit)]
        return Line(
            one.name, address("indicators:indicator", one.code), tuple(fields), group=one.group, measure=one.unit
        )

    def fields(self, found: Table, one: Indicator, unit: int) -> Iterator[Field]:
        answer = found.answer(one.code, unit)
        row = Row(self.names[unit], "", answer, one.direction)
        for column in self.asked.columns:
            yield FIELDS[column](self, row)

    def source(self, answer: Answer) -> str:
        """From the number to where it comes from."""
        return self.look.source(answer)

    # addresses

    def href(self, **changes: object) -> str:
        return f"{address('desk:table')}?{self.asked.query(**changes)}"

    @property
    def narrowed(self) -> bool:
        """Whether the table was narrowed by something that should be seen at once."""
        asked, usual = self.asked, Asked(self.asked.unit_id, self.asked.period, analytics.TODAY)
        names = ("map", "holding", "named", "state", "series", "hierarchy")
        return any(getattr(asked, name) != getattr(usual, name) for name in names)

    @property
    def charts_href(self) -> str:
        """The same indicators drawn, as many as can be looked at."""
        asked = self.asked
        shown = {
            "don-vi": asked.unit_id,
            "ky": asked.period.code,
            "ban-do": overview.write_map(asked.map),
            "cac": ",".join(one.code for one in self.chosen[:12]) if asked.codes or asked.groups or asked.text else "",
        }
        return f"{address('desk:charts')}?{urlencode({name: value for name, value in shown.items() if value})}"

    @property
    def by_name(self) -> str:
        return self.href(sort="-ten" if self.asked.sort in ("", "ten") else "ten", page=1)

    @property
    def width(self) -> int:
        return 1 + sum(len(head.columns) for head in self.heads)

    @property
    def legend(self) -> SafeString:
        """What the shapes mean."""
        pairs = ((_mark(state), LOOKS[state].word) for state in ("met", "not_met", "estimated"))
        return format_html_join(" · ", '<span class="wide">{}{}</span>', pairs)

    @property
    def units_words(self) -> str:
        if self.asked.units == CHILDREN:
            return _("units directly below")
        if self.asked.units == ITSELF:
            return _("the unit itself")
        return next((kind.name for kind in orgs.kinds() if kind.code == self.asked.units), self.asked.units)

    @cached_property
    def kinds_below(self) -> list[tuple[str, str]]:
        """The kinds of unit below, for choosing."""
        below = orgs.descendants(self.asked.unit_id, self.asked.hierarchy, self.day)
        found = set(orgs.living(self.day).filter(unit__in=below).order_by().values_list("kind", flat=True).distinct())
        return [(kind.code, kind.name) for kind in orgs.kinds() if kind.code in found]

    @cached_property
    def groups(self) -> list[tuple[str, list[Indicator]]]:
        """The catalogue by subject, for choosing."""
        found: dict[str, list[Indicator]] = {}
        for one in self.look.catalogue.values():
            found.setdefault(one.group, []).append(one)
        return list(found.items())


def state_of(value: int | None, gap: int | None, direction: str) -> str:
    """As `Row.state` says it, from columns."""
    if value is None:
        return "unknown"
    if gap is None or direction == "none":
        return ""
    return "met" if (gap >= 0 if direction == "up" else gap <= 0) else "not_met"


def word(column: str) -> str:
    return {
        VALUE: _("Value"),
        PLAN: _("Plan"),
        GAP: _("Against plan"),
        BEFORE: _("Before"),
        CHANGE: _("Up or down"),
        IN: _("Reported"),
    }[column]


def signed(answer: Answer, difference: object) -> str:
    return numbers.vi_number(difference, answer.places, sign=True)


def _value(board: Board, row: Row) -> Field:
    answer = row.answer
    if answer.value is None:
        return Field("—", "", row.reason, board.source(answer) if answer.expected else "", missing=True)
    return Field(answer.text, row.state, row.counts, board.source(answer), estimated=answer.estimated)


def _plan(board: Board, row: Row) -> Field:
    if not row.target:
        return Field("—", note=_("no plan set"), missing=True)
    return Field(row.target)


def _gap(board: Board, row: Row) -> Field:
    if row.answer.gap is None:
        return Field("—", note=_("no plan set") if not row.target else row.reason, missing=True)
    return Field(signed(row.answer, row.answer.gap), note="", tone="")


def _before(board: Board, row: Row) -> Field:
    if not row.previous:
        return Field("—", note=_("no figure of the period before"), missing=True)
    return Field(row.previous, estimated=row.answer.previous_estimated)


def _change(board: Board, row: Row) -> Field:
    if row.answer.change is None:
        return Field(
            "—", note=row.reason if row.answer.value is None else _("no figure of the period before"), missing=True
        )
    return Field(signed(row.answer, row.answer.change), note=row.partial, tone=row.better)


def _in(board: Board, row: Row) -> Field:
    answer = row.answer
    if not answer.expected:
        return Field("—", note=_("no unit was asked for this figure"), missing=True)
    return Field(f"{numbers.vi_short(answer.reported)}/{numbers.vi_short(answer.expected)}")


FIELDS = {VALUE: _value, PLAN: _plan, GAP: _gap, BEFORE: _before, CHANGE: _change, IN: _in}


def board(actor: Actor, on: date, asked: Asked) -> Board:
    """The table, if the actor may read figures of the unit."""
    found = Board(actor, on, asked)
    found.look  # noqa: B018 (refuses who may not look)
    return found
