"""One unit's report: what it asks, what it shows, what it lacks, what happened to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import NamedTuple

from django.db.models import F, Q, QuerySet

from giaoban.core import formula as language
from giaoban.core import period as periods
from giaoban.core.numbers import vi_number, vi_percent, vi_short
from giaoban.core.period import Period
from giaoban.indicators.models import (
    Draft,
    Report,
    Return,
    Revision,
    Round,
    Sheet,
    SheetLine,
    Standing,
    Submission,
    Target,
)
from giaoban.indicators.models.collection import CellState, ReportState, Signed
from giaoban.indicators.queries import catalogue, counted, frozen, line, rounds
from giaoban.indicators.queries.bounds import Bounds
from giaoban.indicators.queries.findings import Finding, environment, judge, shown
from giaoban.indicators.queries.states import NOT_HANDED_IN
from giaoban.journal import prepared
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people

# Which reports


def report_for(actor: Actor, report_id: int, on: date) -> Report:
    """The report, if the actor may see it; Report.DoesNotExist otherwise, so that its existence is not told."""
    found = with_round(prepared.row(Report, report_id))
    if found is None:
        raise Report.DoesNotExist
    if not sees(actor, found, on):
        raise Report.DoesNotExist
    return found


def with_round(report: Report | None) -> Report | None:
    """The report with its round and sheet at hand."""
    if report is not None:
        sheet, around = prepared.row(Sheet, report.sheet_id), prepared.row(Round, report.round_id)
        report.sheet = around.sheet = sheet
        report.round = around
    return report


def sees(actor: Actor, report: Report, on: date) -> bool:
    """`rounds.visible_reports` for one report, without looking at any other."""
    units = [report.unit_id] if report.duty_id is None else [report.unit_id, report.duty_id]
    if any(people.may(actor, "figure.follow", unit, on) for unit in units):
        return True
    if orgs.exists(report.unit_id, on):
        return False
    return people.may(actor, "figure.follow", report.unit_id, on, tree_day=report.round.data_day)


def reports_due(actor: Actor, on: date) -> QuerySet[Report]:
    """Reports of the units for which the actor types or submits, open ones first by their day."""
    typed = people.units_where(actor, "figure.type", on)
    handed = people.units_where(actor, "figure.submit", on)
    found = Report.objects.filter(round__opens_on__lte=on)
    if not actor.is_system:
        found = found.filter(rounds.answered_by(typed)) | found.filter(rounds.answered_by(handed))
    return found.select_related("round", "sheet", "unit").order_by("due_on", "sheet", "unit").distinct()


def still_owed(actor: Actor, on: date) -> QuerySet[Report]:
    """Of those, the ones that still wait for the unit."""
    return reports_due(actor, on).filter(NOT_HANDED_IN, round__locked_at__isnull=True)


def is_open(report: Report, on: date) -> bool:
    """Whether figures may be typed and handed in on the day."""
    if report.round.opens_on > on:
        return False
    return report.round.locked_at is None or (report.reopened_until is not None and report.reopened_until >= on)


def may_type(actor: Actor, report: Report, on: date) -> bool:
    return is_open(report, on) and people.may(actor, "figure.type", report.answering_id, on)


def may_submit(actor: Actor, report: Report, on: date) -> bool:
    return is_open(report, on) and people.may(actor, "figure.submit", report.answering_id, on)


# What it asks


def kind_of(report: Report) -> str:
    """The kind of the unit on the data day decides which lines it is asked."""
    found = orgs.snapshot(report.unit_id, report.round.data_day)
    return found.kind_id if found else ""


def asked(report: Report) -> list[SheetLine]:
    """The lines this report is asked; as `lines_for`, from what the process keeps of a sheet in use."""
    lines = frozen.of(report.round_id, report.sheet_id).lines
    if not any(row.kinds for row in lines):
        return list(lines)
    kind = kind_of(report)
    return [row for row in lines if not row.kinds or kind in row.kinds]


def lines_for(sheet_code: str, kind: str) -> list[SheetLine]:
    """The lines of a sheet that a kind of unit is asked."""
    rows = SheetLine.objects.filter(sheet=sheet_code).select_related("cell__element").order_by("order")
    return [row for row in rows if not row.kinds or kind in row.kinds]


# What it holds


class Saying(NamedTuple):
    """What is typed into a cell, as a `Draft` says it, while it is in no table."""

    cell_id: int
    value: int | None
    note: str
    at: datetime
    actor_name: str


@dataclass(frozen=True)
class Held:
    """Values and notes of a report's own cells: as handed in, as typed, and as they would be handed in now."""

    standings: Mapping[int, Standing]
    drafts: Mapping[int, Draft | Saying]

    def value(self, cell: int) -> int | None:
        if cell in self.drafts:
            return self.drafts[cell].value
        return self.standings[cell].current.value if cell in self.standings else None

    def note(self, cell: int) -> str:
        if cell in self.drafts:
            return self.drafts[cell].note
        return self.standings[cell].current.explanation if cell in self.standings else ""

    def known(self, cell: int) -> bool:
        """Whether the unit has said anything about the cell, be it that there is no figure."""
        return cell in self.drafts or cell in self.standings


def held(report: Report, *, locked: bool = False) -> Held:
    """Of a report just read under its lock what it says of itself is true: one that was never handed in has nothing
    standing, and one that was never typed into has no drafts.
    """
    standings: Iterable[Standing] = ()
    if not locked or report.first_submitted_at is not None:
        standings = Standing.objects.filter(report=report).select_related("current__submission", "accepted")
    drafts: Iterable[Draft] = report.drafts.all() if not locked or report.draft_version else ()
    return Held({one.cell_id: one for one in standings}, {one.cell_id: one for one in drafts})


def compared_with(report: Report) -> tuple[Period | None, str]:
    """The period the report is held against: the same of last year, or the one before where that has no figures."""
    return Bounds(report, ()).compared_with


def filled_of(report: Report) -> tuple[int, int]:
    """(cells with a figure, cells asked)."""
    values = held(report)
    own = [row.cell_id for row in asked(report) if row.owns]
    return sum(values.value(cell) is not None for cell in own), len(own)


def findings_of(
    report: Report, lines: Sequence[SheetLine], values: Held, bounds: Bounds | None = None
) -> list[Finding]:
    """What needs a look if the report were handed in as it stands; `bounds` where the caller has read them already."""
    cells = [row.cell_id for row in lines if row.cell_id]
    bounds = bounds or Bounds(report, lines)
    return judge(
        lines,
        frozen.of(report.round_id, report.sheet_id).rules,
        shown_values(report, lines, values),
        {cell: values.note(cell) for cell in cells if values.known(cell)},
        bounds.all(),
        bounds.earlier,
    )


def shown_values(report: Report, lines: Sequence[SheetLine], values: Held) -> dict[int, int | None]:
    """Own cells as they would be handed in, and cells of other sheets as they count."""
    own = {row.cell_id: values.value(row.cell_id) for row in lines if row.owns and values.known(row.cell_id)}
    foreign = [row.cell_id for row in lines if row.cell_id and not row.owns]
    if foreign:
        found = counted.figures(unit_ids=[report.unit_id], period_codes=[report.period_code], cell_ids=foreign)
        own |= {one.cell_id: one.value for one in found}
    return own


# The report as a table


@dataclass(frozen=True)
class CellView:
    """One line of the grid, ready to show."""

    order: int
    label: str
    unit: str
    level: int
    help: str
    cell_id: int | None
    own: bool
    required: bool
    text: str  # the figure as it is typed or handed in, "" when there is none
    note: str
    state: str  # "", draft, submitted, returned, accepted, withdrawn, locked
    before: str
    plan: str
    plan_from: str  # what asks it, for the reader who wonders
    change: str  # "+12" against before
    counts: str  # what counts when it differs from what is shown
    step: int
    reason: str  # why it was returned
    sums: tuple[int, ...] = ()  # a plain total: the cells the browser may add up while they are typed
    partial: int = 0  # of a total: cells not filled yet

    @property
    def cell_id_text(self) -> str:
        """The number without separators, for names of fields."""
        return str(self.cell_id)


@dataclass(frozen=True)
class Section:
    title: str
    cells: tuple[CellView, ...]


@dataclass(frozen=True)
class Grid:
    """A report as a table: sections of lines, and what needs a look."""

    report: Report
    period: Period
    before: Period | None
    against: str  # "same" period of last year, or the one "before"
    sections: tuple[Section, ...]
    findings: tuple[Finding, ...]
    filled: int
    asked: int
    changed: int  # drafts not handed in

    @property
    def cells(self) -> list[CellView]:
        return [cell for section in self.sections for cell in section.cells]

    def words(self, cell_id: int | None) -> str:
        """What the sheet calls a cell."""
        return next((cell.label for cell in self.cells if cell.cell_id == cell_id), "")

    @property
    def flagged(self) -> set[int]:
        """Cells some finding is about."""
        return {cell for one in self.findings for cell in one.cells}

    @property
    def has_plans(self) -> bool:
        return any(cell.plan for cell in self.cells)


def grid(actor: Actor, report: Report, on: date, *, handed_in: bool = False) -> Grid:
    """The report as its unit would hand it in now; `handed_in` leaves drafts out, for those who judge it."""
    values = held(report)
    if handed_in:
        values = Held(values.standings, {})
    lines = asked(report)
    bounds = Bounds(report, lines)
    other, against = bounds.compared_with
    maker = _Maker(report, lines, values, bounds.before)
    cells = [maker.view(row) for row in lines]
    own = [cell for cell in cells if cell.own]
    return Grid(
        report=report,
        period=maker.period,
        before=other,
        against=against if other else "",
        sections=_sections(lines, cells),
        findings=tuple(findings_of(report, lines, values, bounds)),
        filled=sum(cell.text != "" for cell in own),
        asked=len(own),
        changed=len(values.drafts),
    )


class _Maker:
    """Turns lines into what is shown; holds what all of them need, read once."""

    def __init__(self, report: Report, lines: list[SheetLine], values: Held, before: Mapping[int, int]) -> None:
        self.report = report
        self.held = values
        self.period = periods.parse(report.period_code)
        self.cells = [row.cell for row in lines if row.cell_id]
        self.values = shown_values(report, lines, values)
        self.before = before
        self.plans = plans_of(report, self.period)
        self.reasons = _open_reasons(report)

    def view(self, row: SheetLine) -> CellView:
        return self._cell(row) if row.cell_id else self._total(row)

    def _cell(self, row: SheetLine) -> CellView:
        element, cell = row.cell.element, row.cell_id
        value, standing = self.values.get(cell), self.held.standings.get(cell)
        accepted = standing.accepted.value if standing and standing.accepted else None
        counting = standing is not None and standing.accepted_id is not None and accepted != value
        plan, source = self.plans.get(row.cell.key, (None, ""))
        return CellView(
            order=row.order,
            label=row.words,
            unit=row.unit or element.unit,
            level=row.level,
            help=row.help,
            cell_id=cell,
            own=row.owns,
            required=row.required,
            text="" if value is None else shown(value, element.scale),
            note=self.held.note(cell) if row.owns else "",
            state=self._state(cell, standing),
            before=shown(self.before[cell], element.scale) if cell in self.before else "",
            plan="" if plan is None else vi_short(plan),
            plan_from=source,
            change=_change(value, self.before.get(cell), element.scale),
            counts=shown(accepted, element.scale) if counting else "",
            step=standing.step if standing else 0,
            reason=self.reasons.get(cell, "") if standing and standing.state == CellState.RETURNED else "",
        )

    def _state(self, cell: int, standing: Standing | None) -> str:
        if cell in self.held.drafts:
            return "draft"
        return standing.state if standing else ""

    def _total(self, row: SheetLine) -> CellView:
        expression = language.parse(row.expression)
        sums = plain_sum(expression, self.cells)
        value, partial = self._amount(expression, sums)
        before = language.amount(expression, environment(expression, self.cells, self.before))
        plan, source = self.plans.get(language.to_text(expression), (None, ""))
        return CellView(
            order=row.order,
            label=row.words,
            unit=row.unit,
            level=row.level,
            help=row.help,
            cell_id=None,
            own=False,
            required=False,
            text=_amount_text(value, row.unit),
            note="",
            state="",
            before=_amount_text(before, row.unit),
            plan=_amount_text(plan, row.unit),
            plan_from=source,
            change="",
            counts="",
            step=0,
            reason="",
            sums=sums,
            partial=partial,
        )

    def _amount(self, expression: language.Expression, sums: tuple[int, ...]) -> tuple[Fraction | None, int]:
        """A plain total shows what is there and how many are not; anything else needs all its parts."""
        if sums:
            known = [self.values[cell] for cell in sums if self.values.get(cell) is not None]
            total = Fraction(sum(known)) if known else None
            return total, len(sums) - len(known)
        return language.amount(expression, environment(expression, self.cells, self.values)), 0


def plain_sum(expression: language.Expression, cells: Sequence[object]) -> tuple[int, ...]:
    """The cells of an expression that only adds unscaled names; () for any other."""
    parts: list[language.Expression] = [expression]
    found: list[int] = []
    while parts:
        part = parts.pop()
        if isinstance(part, language.Arithmetic) and part.sign == "+":
            parts += [part.right, part.left]
        elif isinstance(part, language.Name):
            named = [
                cell for cell in cells
                if cell.element_id == part.element and dict(part.members).items() <= cell.members.items()
            ]  # fmt: skip
            if any(cell.element.scale for cell in named):
                return ()
            found += [cell.pk for cell in named]
        else:
            return ()
    return tuple(found)


def _sections(lines: list[SheetLine], cells: list[CellView]) -> tuple[Section, ...]:
    found: list[tuple[str, list[CellView]]] = []
    for row, cell in zip(lines, cells, strict=True):
        if not found or found[-1][0] != row.section:
            found.append((row.section, []))
        found[-1][1].append(cell)
    return tuple(Section(title, tuple(rows)) for title, rows in found)


def _amount_text(value: Fraction | None, unit: str) -> str:
    if value is None:
        return ""
    if unit == "%":
        return vi_percent(value.numerator, value.denominator)
    return vi_number(value) if value.denominator == 1 else vi_number(value, 2)


def _change(value: int | None, before: int | None, scale: int) -> str:
    if value is None or before is None:
        return ""
    return vi_number(Fraction(value - before, 10**scale), scale, sign=True)


def plans_of(report: Report, period: Period) -> dict[str, tuple[Fraction, str]]:
    """{expression: (asked value, who asks)}: the unit's targets for indicators that are just this expression."""
    wanted = catalogue.plan_periods(period)
    rows = Target.objects.filter(unit=report.unit_id, period_code__in=[one.code for one in wanted])
    codes = {row.indicator_id for row in rows}
    if not codes:
        return {}
    found = catalogue.targets(codes, [report.unit_id], [one.code for one in wanted])
    plans: dict[str, tuple[Fraction, str]] = {}
    for code, version in catalogue.formulas(period.data_day, codes).items():
        expression = language.to_text(language.from_json(version.tree))
        for one in wanted:
            target = found.get((code, report.unit_id, one.code))
            if target is not None:
                plans.setdefault(expression, (target.value, target.sentence or one.label))
    return plans


def _open_reasons(report: Report) -> dict[int, str]:
    rows = Return.objects.filter(report=report, answered_by__isnull=True, cell__isnull=False).order_by("at")
    return dict(rows.values_list("cell_id", "reason"))


def open_returns(report: Report) -> list[Return]:
    """Returns of the report that no handing-in has answered yet, the newest first."""
    rows = Return.objects.filter(report=report, answered_by__isnull=True).select_related("cell")
    return list(rows.order_by("-at", "-pk"))


@dataclass(frozen=True)
class Asked:
    """An open return in the sheet's words; no cell means the whole report."""

    row: Return
    words: str


def asked_again(report: Report, grid: Grid) -> list[Asked]:
    """The open returns as the page shows them."""
    return [Asked(row, grid.words(row.cell_id) if row.cell_id else "") for row in open_returns(report)]


# What happened


@dataclass(frozen=True)
class Line:
    """One line of a cell's history."""

    at: datetime
    who: str
    what: str  # submitted, returned, accepted
    value: int | None = None
    text: str = ""
    step: int = 0


def cell_history(report: Report, cell_id: int) -> list[Line]:
    """Who gave which figure for the cell when and why, who returned and who accepted it; the newest first."""
    revisions = Revision.objects.filter(submission__report=report, cell=cell_id).select_related("submission")
    returned = Return.objects.filter(Q(cell=cell_id) | Q(cell__isnull=True), report=report)
    lines = [
        *(Line(one.submission.at, who(one.submission), "submitted", one.value, one.explanation) for one in revisions),
        *(Line(one.at, who(one), "returned", text=one.reason) for one in returned),
        *(Line(one.at, who(one), "accepted", step=one.step) for one in report.acceptances.all()),
    ]
    told: list[Line] = []
    for one in sorted(lines, key=lambda one: one.at):
        handed_in = bool(told) and told[-1].what != "returned"
        if one.what == "submitted" or handed_in:
            told.append(one)
    return told[::-1]


def submissions_of(report: Report) -> list[Submission]:
    return list(report.submissions.prefetch_related("revisions__cell__element").order_by("-no"))


@dataclass(frozen=True)
class Difference:
    """A cell of which what was handed in last is not what counts."""

    cell_id: int
    label: str
    counts: str
    handed_in: str
    explanation: str


def changed_since_approval(report: Report) -> list[Difference]:
    """What changed since approval: cells handed in anew after a revision of them was accepted."""
    rows = Standing.objects.filter(report=report, accepted__isnull=False).exclude(current=F("accepted"))
    words = {row.cell_id: row.words for row in asked(report) if row.cell_id}
    return [
        Difference(
            row.cell_id,
            words.get(row.cell_id, row.cell.label),
            shown(row.accepted.value, row.cell.element.scale),
            shown(row.current.value, row.cell.element.scale),
            row.current.explanation,
        )
        for row in rows.select_related("cell__element", "accepted", "current").order_by("cell")
    ]


def who(row: Signed) -> str:
    """Name and title as they were."""
    return f"{row.actor_name}, {row.actor_title}" if row.actor_title else row.actor_name


def next_step(actor: Actor, report: Report, on: date) -> tuple[int, bool]:
    """(the step the report waits for, or 0; whether the actor carries it out)."""
    step = rounds.waiting_step(report)
    if not step:
        return 0, False
    mine = line.my_steps(actor, report.round, [report.unit_id], on)
    return step, step in mine


def may_return(actor: Actor, report: Report, on: date) -> bool:
    """Whether the actor judges this report at any step and may return it."""
    if report.state in (ReportState.EMPTY, ReportState.DRAFT):
        return False
    mine = line.my_steps(actor, report.round, [report.unit_id], on)
    return bool(mine) and people.may(actor, "figure.return", report.answering_id, on)
