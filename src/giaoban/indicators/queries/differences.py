"""Before a report is handed in: where it differs from what the unit, or another system, handed in earlier.

Four places are looked at, in this order: the report itself as it was handed in last; another sheet of the unit that
holds the same cell for the same period (a form that was replaced, a quick question); outside series, such as an
export of the ministry's database, for the same cell and period; and stocks of the neighbouring periods of the same
school year, where the difference is larger than the sheet calls usual. Nothing is corrected and nothing is forbidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from giaoban.core import outliers
from giaoban.core import period as periods
from giaoban.core.numbers import vi_number
from giaoban.core.period import SCHOOL_KINDS, Period
from giaoban.indicators.models import REPORT_SERIES, Effect, Report, SheetLine, Standing
from giaoban.indicators.queries import reports
from giaoban.indicators.queries.bounds import CHANGE, checks_of, shown
from giaoban.indicators.queries.reports import Held

OWN, SHEET, SERIES, NEIGHBOUR = "own", "sheet", "series", "neighbour"
ORDER = (SERIES, SHEET, OWN, NEIGHBOUR)
"""What surprises most comes first: another system says otherwise."""


@dataclass(frozen=True)
class Difference:
    """A cell of which two sources say different numbers."""

    cell_id: int
    label: str
    kind: str  # own, sheet, series, neighbour
    value: int | None  # as it would be handed in now
    other: int | None
    scale: int
    source: str  # who says the other number, in words
    note: str = ""  # what the unit says to it

    @property
    def mine(self) -> str:
        return shown(self.value, self.scale)

    @property
    def theirs(self) -> str:
        return shown(self.other, self.scale)

    @property
    def gap(self) -> str:
        """ "+12": by how much the report says more; empty where one of the two says nothing."""
        if self.value is None or self.other is None:
            return ""
        return vi_number(Fraction(self.value - self.other, 10**self.scale), self.scale, sign=True)


def differences_of(report: Report, on: date, *, handed_in: bool = False) -> list[Difference]:
    """Where the report, as it would be handed in on the day, differs from what was handed in before.

    `handed_in` leaves drafts out, for those who judge it.
    """
    lines = [line for line in reports.lines_for(report.sheet_id, reports.kind_of(report)) if line.owns]
    held = reports.held(report)
    if handed_in:
        held = Held(held.standings, {})
    reader = _Reader(report, {line.cell_id: line for line in lines}, held, on)
    found = [*reader.series(), *reader.sheets(), *reader.own(), *reader.neighbours()]
    order = {line.cell_id: line.order for line in lines}
    return sorted(found, key=lambda one: (ORDER.index(one.kind), order[one.cell_id]))


class _Reader:
    """Reads each source once; a number of queries that does not depend on the number of cells."""

    def __init__(self, report: Report, lines: Mapping[int, SheetLine], held: Held, on: date) -> None:
        self.report, self.lines, self.held, self.on = report, lines, held, on
        self.period = periods.parse(report.period_code)
        self.neighbouring = neighbours(self.period, on)
        self._effects: list[tuple[str, str, str, int, int]] | None = None

    def own(self) -> Iterator[Difference]:
        """What was handed in last, where a draft says otherwise."""
        for cell, draft in self.held.drafts.items():
            standing = self.held.standings.get(cell)
            if standing is not None and cell in self.lines and standing.current.value != draft.value:
                made = standing.current.submission
                words = _("handed in on %(day)s by %(who)s") % {"day": f"{made.at:%d/%m/%Y}", "who": made.actor_name}
                yield self._difference(cell, OWN, standing.current.value, words)

    def sheets(self) -> Iterator[Difference]:
        """Another report of the unit that holds the same cell for the same period."""
        rows = Standing.objects.filter(
            report__unit=self.report.unit_id, report__period_code=self.period.code, cell__in=list(self.lines)
        ).exclude(report=self.report)
        for row in rows.select_related("current", "report__sheet").order_by("report"):
            if self._says_otherwise(row.cell_id, row.current.value):
                yield self._difference(row.cell_id, SHEET, row.current.value, row.report.sheet.name)

    def series(self) -> Iterator[Difference]:
        """Outside systems, for the same period."""
        for code, name, period, cell, value in self._counted():
            if code != REPORT_SERIES and period == self.period.code and self._says_otherwise(cell, value):
                yield self._difference(cell, SERIES, value, name)

    def neighbours(self) -> Iterator[Difference]:
        """Stocks of the same school year: the start of year, the semesters, the end, as the unit reported them."""
        labels = {one.code: one.label for one in self.neighbouring}
        check = checks_of(self.report).methods.get(CHANGE)
        percent, least = (check.percent, check.least) if check else (30, 5)
        for code, _name, period, cell, value in self._counted():
            mine = self.held.value(cell)
            if code != REPORT_SERIES or period not in labels or mine is None or value < 0:
                continue
            element = self.lines[cell].cell.element
            if element.stock and outliers.is_large(mine, value, percent, least * 10**element.scale):
                yield self._difference(cell, NEIGHBOUR, value, labels[period])

    def _counted(self) -> Sequence[tuple[str, str, str, int, int]]:
        """(series, its name, period, cell, value) of what counts: other systems now, reports around."""
        if self._effects is None:
            around = [one.code for one in self.neighbouring]
            rows = (
                Effect.objects.filter(unit=self.report.unit_id, cell__in=list(self.lines))
                .filter(
                    Q(period_code=self.period.code) & ~Q(series=REPORT_SERIES)
                    | Q(period_code__in=around, series=REPORT_SERIES)
                )
                .order_by("series", "period_code", "cell")
                .values_list("series_id", "series__name", "period_code", "cell_id")
                .annotate(value=Sum("value_delta"), present=Sum("present_delta"))
            )
            self._effects = [row[:5] for row in rows if row[5]]
        return self._effects

    def _says_otherwise(self, cell: int, value: int | None) -> bool:
        """Both say a number and the two differ; an empty cell contradicts nobody."""
        mine = self.held.value(cell)
        return mine is not None and value is not None and mine != value

    def _difference(self, cell: int, kind: str, other: int | None, source: str) -> Difference:
        line = self.lines[cell]
        return Difference(
            cell, line.words, kind, self.held.value(cell), other, line.cell.element.scale, source, self.held.note(cell)
        )


def neighbours(period: Period, on: date) -> list[Period]:
    """The other periods of the same school year whose figures have closed by the day; none for other kinds."""
    if period.kind not in SCHOOL_KINDS:
        return []
    year = periods.school_year_of(period.last_day)
    around = [periods.school_year(year, kind) for kind in SCHOOL_KINDS if kind is not period.kind]
    return [one for one in around if one.data_day <= on]
