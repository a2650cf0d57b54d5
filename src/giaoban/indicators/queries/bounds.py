"""What is usual for each cell of a report, as whole numbers: the one source of the browser's and the server's verdict.

Every check of a single value (`core.outliers`) reduces to the first and the last usual value. A value outside one of
them is *unusual*: it is shown, and asks for an explanation where the sheet says so (`Sheet.checks`). With an
explanation it passes; nothing here ever forbids a number.

What a value is held against: what counts for the same unit in earlier periods of the same kind, and what counts for
units of the same kind and about the same size in the period before. All from the ledger, in a number of queries that
does not depend on the number of cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from giaoban.core import outliers
from giaoban.core import period as periods
from giaoban.core.numbers import vi_number
from giaoban.core.outliers import Limits
from giaoban.core.period import Kind, Period
from giaoban.core.refusal import Refused, sentence
from giaoban.indicators.models import REPORT_SERIES, Cell, Effect, Report, SheetLine
from giaoban.indicators.queries import counted
from giaoban.orgs.models import TERRITORY, Closure

CHANGE, ZSCORE, MODIFIED_Z, YEAR_ON_YEAR, PEERS = "change", "zscore", "modified_z", "year_on_year", "peers"
KINDS = (CHANGE, YEAR_ON_YEAR, PEERS, MODIFIED_Z, ZSCORE)
"""In the order in which a reader understands them: the first one broken is told first."""
SAME_PERIOD, PERIOD_BEFORE = "same", "before"  # what a change is measured against
LAST_YEAR, LAST = "nam_truoc", "truoc"  # members of `ky` in a rule between periods
EARLIER = {Kind.MONTH: 13, Kind.QUARTER: 8, Kind.HALF_YEAR: 8}
EARLIER_YEARS = 8
"""How many periods back a unit's own history goes; months reach the same month of last year."""
MOST_PEERS = 40
SIZE_FACTOR = 2
"""Units of about the same size: from half to double."""


class BadChecks(Refused):
    """The checks of a sheet are not written as they must be."""

    sentence = sentence("The checks of the sheet are not understood at “%(place)s”: %(value)s.")
    field = "checks"


# What a sheet asks to be checked


@dataclass(frozen=True)
class Check:
    """One method with its thresholds; `ask` wants words for what lies outside, otherwise it is only shown."""

    ask: bool = False
    least: int = 5
    percent: int = 30  # change
    down: int = 50  # year on year
    up: int = 100
    limit: Fraction = Fraction(3)
    at_least: int = outliers.LEAST_VALUES
    method: str = "quartiles"  # of peers: quartiles or mad
    size: str = ""  # of peers: the element that tells how large a unit is


@dataclass(frozen=True)
class Checks:
    """The methods of a sheet, and the elements none of them is applied to."""

    methods: Mapping[str, Check]
    exempt: frozenset[str] = frozenset()

    def data(self) -> dict[str, Any]:
        """As the sheet stores them."""
        rows: dict[str, Any] = {kind: _written(kind, one) for kind, one in self.methods.items()}
        return rows | ({"except": sorted(self.exempt)} if self.exempt else {})


USED = {
    CHANGE: ("percent", "least", "ask"),
    YEAR_ON_YEAR: ("down", "up", "least", "ask"),
    PEERS: ("method", "limit", "at_least", "least", "size", "ask"),
    MODIFIED_Z: ("limit", "at_least", "least", "ask"),
    ZSCORE: ("limit", "at_least", "least", "ask"),
}
"""Which thresholds a method has."""
TYPICAL = {MODIFIED_Z: {"limit": outliers.MODIFIED_Z_LIMIT}, PEERS: {"at_least": 8}}


def read_checks(data: Mapping[str, Any]) -> Checks:
    """The checks as stored or written in a catalogue file; what is not understood is refused by name."""
    methods: dict[str, Check] = {}
    for kind, given in data.items():
        if kind == "except":
            continue
        if kind not in USED or not isinstance(given, Mapping):
            raise BadChecks(place=kind, value=given)
        methods[kind] = _check(kind, given)
    exempt = data.get("except", ())
    if not all(isinstance(code, str) for code in exempt):
        raise BadChecks(place="except", value=exempt)
    return Checks(methods, frozenset(exempt))


def _check(kind: str, given: Mapping[str, Any]) -> Check:
    values: dict[str, Any] = dict(TYPICAL.get(kind, {}))
    for name, value in given.items():
        if name not in USED[kind]:
            raise BadChecks(place=f"{kind}.{name}", value=value)
        values[name] = _threshold(kind, name, value)
    return Check(**values)


def _threshold(kind: str, name: str, value: Any) -> Any:
    known = {"ask": isinstance(value, bool), "method": value in ("quartiles", "mad"), "size": isinstance(value, str)}
    if name in known:
        if known[name]:
            return value
    elif name == "limit" and isinstance(value, (str, int)) and not isinstance(value, bool):
        try:
            limit = Fraction(value)
        except ValueError:
            limit = Fraction(0)
        if limit > 0:
            return limit
    elif isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10**9:
        return value
    raise BadChecks(place=f"{kind}.{name}", value=value)


def _written(kind: str, check: Check) -> dict[str, Any]:
    row = {name: getattr(check, name) for name in USED[kind]}
    return row | ({"limit": str(row["limit"])} if "limit" in row else {})


def checks_of(report: Report) -> Checks:
    """What the report's sheet asks; one that says nothing shows large changes and asks no words."""
    sheet = report.sheet
    if sheet.checks:
        return read_checks(sheet.checks)
    return Checks({CHANGE: Check(percent=sheet.change_percent, least=sheet.change_least)})


# What is usual


@dataclass(frozen=True)
class Bound:
    """First and last usual value of a cell by one check, as stored (None: no limit on that side)."""

    kind: str
    low: int | None
    high: int | None
    needs_words: bool = False
    scale: int = 0
    before: int | None = None  # of a change: what it is measured from
    against: str = ""
    schools: bool = True  # of peers: whether they are schools

    def holds(self, value: int | None) -> bool:
        """Whether the value is usual; none is not judged."""
        return value is None or ((self.low is None or self.low <= value) and (self.high is None or value <= self.high))

    @property
    def usual(self) -> str:
        """The stretch as a reader sees it: 20–40, up to 40, from 20."""
        if self.low is None:
            return _("at most %(high)s") % {"high": shown(self.high, self.scale)}
        if self.high is None:
            return _("at least %(low)s") % {"low": shown(self.low, self.scale)}
        if self.low == self.high:
            return shown(self.low, self.scale)
        return f"{shown(self.low, self.scale)}–{shown(self.high, self.scale)}"

    @property
    def words(self) -> str:
        """What is usual and where that is known from."""
        return _WORDS[self._reason]() % {"usual": self.usual}

    @property
    def above(self) -> str:
        return _ABOVE[self._reason]() % {"usual": self.usual}

    @property
    def below(self) -> str:
        return _BELOW[self._reason]() % {"usual": self.usual}

    def said_of(self, value: int) -> str:
        """Why this value is unusual, in words."""
        return self.above if self.high is not None and value > self.high else self.below

    @property
    def _reason(self) -> str:
        if self.kind == PEERS:
            return "schools" if self.schools else "units"
        if self.kind in (ZSCORE, MODIFIED_Z):
            return "history"
        return "before" if self.against == PERIOD_BEFORE else "year"


_WORDS = {
    "schools": lambda: _("usually %(usual)s in similar schools"),
    "units": lambda: _("usually %(usual)s in similar units"),
    "history": lambda: _("usually %(usual)s in earlier periods"),
    "before": lambda: _("usually %(usual)s, going by the period before"),
    "year": lambda: _("usually %(usual)s, going by the same period last year"),
}
_ABOVE = {
    "schools": lambda: _("This is well above similar schools (usually %(usual)s)."),
    "units": lambda: _("This is well above similar units (usually %(usual)s)."),
    "history": lambda: _("This is well above the earlier periods (usually %(usual)s)."),
    "before": lambda: _("This is well above the period before (usually %(usual)s)."),
    "year": lambda: _("This is well above the same period last year (usually %(usual)s)."),
}
_BELOW = {
    "schools": lambda: _("This is well below similar schools (usually %(usual)s)."),
    "units": lambda: _("This is well below similar units (usually %(usual)s)."),
    "history": lambda: _("This is well below the earlier periods (usually %(usual)s)."),
    "before": lambda: _("This is well below the period before (usually %(usual)s)."),
    "year": lambda: _("This is well below the same period last year (usually %(usual)s)."),
}


def bounds_of(report: Report, lines: Sequence[SheetLine], on: date) -> dict[int, list[Bound]]:
    """{cell: what is usual by each check of the sheet}; cells of which nothing can be said are absent."""
    return Bounds(report, lines).all()


def of_many(reports: Mapping[int, Report], lines: Mapping[int, Sequence[SheetLine]]) -> dict[int, Bounds]:
    """{report: its `Bounds`}, with the history of all units read in one query a period."""
    made = {pk: Bounds(report, lines[pk]) for pk, report in reports.items()}
    of_period: dict[tuple[str, ...], list[Bounds]] = {}
    for one in made.values():
        of_period.setdefault(tuple(one.codes), []).append(one)
    for codes, some in of_period.items():
        asked = {one.report.pk: {line.cell_id for line in one.lines if line.cell_id} for one in some}
        units = {one.report.unit_id for one in some}
        found: dict[int, dict[str, dict[int, int]]] = {unit: {code: {} for code in codes} for unit in units}
        cells = set().union(*asked.values())
        for row in counted.figures(unit_ids=units, period_codes=codes, cell_ids=cells) if codes and cells else ():
            found[row.unit_id][row.period_code][row.cell_id] = row.value
        for one in some:
            mine = asked[one.report.pk]
            one.history = {
                code: values if mine == cells else {cell: value for cell, value in values.items() if cell in mine}
                for code, values in found[one.report.unit_id].items()
            }
    return made


@dataclass
class Bounds:
    """The bounds of one report; what it is held against is read once and shared with what else shows it."""

    report: Report
    lines: Sequence[SheetLine]
    checks: Checks = field(init=False)

    def __post_init__(self) -> None:
        self.checks = checks_of(self.report)

    @cached_property
    def period(self) -> Period:
        return periods.parse(self.report.period_code)

    @cached_property
    def history(self) -> dict[str, dict[int, int]]:
        """{period: {cell: value}} of what counts for the unit in `codes`, the latest first."""
        found: dict[str, dict[int, int]] = {code: {} for code in self.codes}
        if found:
            cells = [line.cell_id for line in self.lines if line.cell_id] or None  # without lines: whatever it has
            for one in counted.figures(unit_ids=[self.report.unit_id], period_codes=found, cell_ids=cells):
                found[one.period_code][one.cell_id] = one.value
        return found

    @cached_property
    def codes(self) -> list[str]:
        """The earlier periods that are read: all of the kind where a check asks for a spread, else the two nearest."""
        if self.checks.methods.keys() & {ZSCORE, MODIFIED_Z}:
            return earlier(self.period)
        near = {one.code for one in (self.period.previous(), self.period.same_last_year()) if one}
        return [code for code in earlier(self.period) if code in near]

    @cached_property
    def compared_with(self) -> tuple[Period | None, str]:
        """The same period of last year, or the one before where that has no figures."""
        same, last = self.period.same_last_year(), self.period.previous()
        if same and not self.history[same.code] and last and self.history[last.code]:
            return last, PERIOD_BEFORE
        return same, SAME_PERIOD

    @cached_property
    def before(self) -> dict[int, int]:
        """What counts for the unit in the period it is compared with."""
        other = self.compared_with[0]
        return self.history[other.code] if other else {}

    def earlier(self, which: str) -> Mapping[int, int]:
        """What counts for the unit in the period a rule names: the same of last year, or the one before."""
        other = {LAST_YEAR: self.period.same_last_year, LAST: self.period.previous}.get(which, lambda: None)()
        return self.history.get(other.code, {}) if other else {}

    def all(self) -> dict[int, list[Bound]]:
        judged = [
            line.cell for line in self.lines
            if line.owns and line.cell_id and line.cell.element_id not in self.checks.exempt
        ]  # fmt: skip
        found: dict[int, list[Bound]] = {}
        for kind in KINDS:
            check = self.checks.methods.get(kind)
            if check is None:
                continue
            for cell, bound in self._by(kind, check, judged):
                found.setdefault(cell, []).append(bound)
        return found

    def _by(self, kind: str, check: Check, cells: Sequence[Cell]) -> Iterable[tuple[int, Bound]]:
        if kind == PEERS:
            return self._against_peers(check, cells)
        if kind in (ZSCORE, MODIFIED_Z):
            return self._against_history(kind, check, cells)
        return self._against_before(kind, check, cells)

    def _against_before(self, kind: str, check: Check, cells: Sequence[Cell]) -> Iterable[tuple[int, Bound]]:
        against = self.compared_with[1]
        for cell in cells:
            before = self.before.get(cell.pk)
            if before is None or before < 0 or (kind == YEAR_ON_YEAR and against != SAME_PERIOD):
                continue
            scale = cell.element.scale
            limits = _change(before, check, scale) if kind == CHANGE else _year_on_year(before, check, scale)
            if limits is not None:
                yield cell.pk, Bound(kind, *limits, check.ask, scale, before, against)

    def _against_history(self, kind: str, check: Check, cells: Sequence[Cell]) -> Iterable[tuple[int, Bound]]:
        rule = outliers.z if kind == ZSCORE else outliers.modified_z
        known = [values for values in self.history.values() if values]
        if len(known) < check.at_least:
            return
        for cell in cells:
            values = [row[cell.pk] for row in known if cell.pk in row]
            usual = rule(values, check.limit, check.at_least)
            if usual is not None:
                limits = _widened(usual.limits(), usual.centre, check, cell.element.scale)
                yield cell.pk, Bound(kind, *limits, check.ask, cell.element.scale)

    def _against_peers(self, check: Check, cells: Sequence[Cell]) -> Iterable[tuple[int, Bound]]:
        other = self.compared_with[0]
        if other is None or not cells:
            return
        schools, values = similar(self.report, other, check, [cell.pk for cell in cells])
        for cell in cells:
            known = values.get(cell.pk, [])
            if check.method == "mad":
                usual: outliers.Usual | None = outliers.modified_z(known, check.limit, check.at_least)
            else:
                usual = outliers.fences(known, check.limit, check.at_least)
            if usual is not None:
                limits = _widened(usual.limits(), outliers.median(known), check, cell.element.scale)
                yield cell.pk, Bound(PEERS, *limits, check.ask, cell.element.scale, schools=schools)


def earlier(period: Period) -> list[str]:
    """Codes of the periods of the kind before this one, the latest first; a one-off has none."""
    codes: list[str] = []
    before = period.previous()
    while before is not None and len(codes) < EARLIER.get(period.kind, EARLIER_YEARS):
        codes.append(before.code)
        before = before.previous()
    return codes


def _change(before: int, check: Check, scale: int) -> Limits | None:
    """Chance is reckoned in whole things; an amount with decimals, such as money, has only the percentage."""
    if scale:
        down = up = check.percent
        usual = outliers.year_on_year(before, down, up)
        return None if usual is None else _widened(usual.limits(), Fraction(before), check, scale)
    return outliers.change(before, check.percent, check.least)


def _year_on_year(before: int, check: Check, scale: int) -> Limits | None:
    usual = outliers.year_on_year(before, check.down, check.up)
    return None if usual is None else _widened(usual.limits(), Fraction(before), check, scale)


def _widened(limits: Limits, centre: Fraction, check: Check, scale: int) -> Limits:
    return outliers.not_below(outliers.beyond(limits, centre, check.least * 10**scale))


# Similar units


def similar(report: Report, other: Period, check: Check, cells: Sequence[int]) -> tuple[bool, dict[int, list[int]]]:
    """(whether they are schools, {cell: values}) of units of the same kind in the commune, else in the province.

    Where the sheet names the element that tells the size, only units from half to double the own size are taken, those
    of the own commune first and then the nearest in size, at most forty; a unit whose size is not known has none.
    """
    day = report.round.data_day
    place = _place(report.unit_id, day)
    if place is None:
        return True, {}
    near, units = _same_kind(report.unit_id, place, day)
    sizes = _sizes(check.size, [report.unit_id, *units], other) if check.size and units else {}
    chosen = _nearest(report.unit_id, units, near, sizes, check)
    found: dict[int, list[int]] = {}
    if len(chosen) >= check.at_least:
        for one in counted.figures(unit_ids=chosen, period_codes=[other.code], cell_ids=cells):
            found.setdefault(one.cell_id, []).append(one.value)
    return place.is_school, found


@dataclass(frozen=True)
class _Place:
    """What a unit is and where it lies."""

    kind: str
    is_school: bool
    commune: int | None
    province: int | None


def _place(unit_id: int, day: date) -> _Place | None:
    """Its kind, commune and province on the day, in one query; None where it did not stand."""
    rows = Closure.objects.filter(hierarchy=TERRITORY, descendant=unit_id, start__lte=day, end__gt=day)
    rows = rows.filter(ancestor__snapshots__start__lte=day, ancestor__snapshots__end__gt=day).order_by("depth")
    kind = "ancestor__snapshots__kind"
    found = list(rows.values_list("ancestor", "depth", kind, f"{kind}__level", f"{kind}__family"))
    if not found or found[0][1] != 0:
        return None
    by_level = {level: unit for unit, depth, _kind, level, _family in reversed(found) if depth > 0}
    own = found[0]
    return _Place(own[2], own[4] == "school", by_level.get("commune"), by_level.get("province"))


def _same_kind(unit_id: int, place: _Place, day: date) -> tuple[set[int], list[int]]:
    """(those of the same kind in the same commune, all in the same province), without the unit itself."""
    if place.province is None:
        return set(), []
    above = [unit for unit in (place.province, place.commune) if unit is not None]
    rows = Closure.objects.filter(hierarchy=TERRITORY, ancestor__in=above, start__lte=day, end__gt=day, depth__gt=0)
    rows = rows.filter(
        descendant__snapshots__kind=place.kind,
        descendant__snapshots__start__lte=day,
        descendant__snapshots__end__gt=day,
    ).exclude(descendant=unit_id)
    found = list(rows.values_list("descendant", "ancestor"))
    return {unit for unit, area in found if area == place.commune}, sorted({unit for unit, _area in found})


def _sizes(element: str, units: Sequence[int], other: Period) -> dict[int, int]:
    rows = Effect.objects.filter(
        series=REPORT_SERIES, period_code=other.code, unit__in=units, cell__in=Cell.objects.filter(element=element)
    )
    return dict(rows.order_by().values_list("unit").annotate(size=Sum("value_delta")))


def _nearest(unit_id: int, units: Sequence[int], near: set[int], sizes: Mapping[int, int], check: Check) -> list[int]:
    mine = sizes.get(unit_id, 0)
    if check.size:
        units = [one for one in units if mine and mine <= SIZE_FACTOR * sizes.get(one, 0) <= SIZE_FACTOR**2 * mine]
    ordered = sorted(units, key=lambda one: (one not in near, abs(sizes.get(one, 0) - mine), one))
    return ordered[:MOST_PEERS]


def shown(value: int | None, scale: int) -> str:
    """A stored integer as it is printed."""
    return vi_number(None if value is None else Fraction(value, 10**scale), scale)
