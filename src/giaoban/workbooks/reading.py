"""Returned pages held against their reports: what would change, what stays, what is wrong. Writes nothing.

Three values decide about a cell: what the page was filled with (*was*), what the report says now (*now*), what the page
says (*given*). Left as it was filled, a cell says nothing, whatever has been typed elsewhere since. Changed on both
sides it is a conflict, and a person decides. Rows are found by their key, pages by the number of their report.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from giaoban.core.refusal import Refused
from giaoban.core.text import nfc
from giaoban.files import returned
from giaoban.files.package import column_name
from giaoban.indicators import refusals as figures
from giaoban.indicators.actions.entry import LARGEST, parse_cell
from giaoban.indicators.models import Draft, Report, SheetLine, SheetRule, Standing
from giaoban.indicators.queries import behalf, bounds, counted, reports, rounds
from giaoban.indicators.queries.findings import RULE, judge
from giaoban.indicators.queries.reports import Held
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.workbooks import describing, refusals
from giaoban.workbooks.models import Answer, CellChange, Outcome

NOT_ASKED = "-"
LONGEST_NOTE = 500
SIGNIFICANT = 15  # digits a spreadsheet keeps


class Sheets:
    """Lines and rules of sheets, read once a run: a sheet that a round uses is frozen."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str], list[SheetLine]] = {}
        self._rules: dict[str, list[SheetRule]] = {}

    def lines(self, sheet: str, kind: str) -> list[SheetLine]:
        if (sheet, kind) not in self._lines:
            self._lines[sheet, kind] = reports.lines_for(sheet, kind)
        return self._lines[sheet, kind]

    def rules(self, sheet: str) -> list[SheetRule]:
        if sheet not in self._rules:
            self._rules[sheet] = describing.rules_of(sheet)
        return self._rules[sheet]


class Known:
    """What some dozens of pages need of the database, in a number of queries that does not grow with them."""

    def __init__(self, by: Actor, on: date, report_ids: Iterable[int], sheets: Sheets) -> None:
        self.by, self.on, self.sheets = by, on, sheets
        found = rounds.visible_reports(by, on).filter(pk__in=set(report_ids))
        self.reports = {one.pk: one for one in found.select_related("round", "sheet").distinct()}
        units = {one.unit_id for one in self.reports.values()}
        self.names = orgs.names(units, on)
        self.typing = self._units("figure.type")
        self.kinds: dict[int, str] = {}
        for day in {one.round.data_day for one in self.reports.values()}:
            here = [one for one in self.reports.values() if one.round.data_day == day]
            snapshots = orgs.snapshots([one.unit_id for one in here], day)
            self.kinds |= {one.pk: snapshots[one.unit_id].kind_id if one.unit_id in snapshots else "" for one in here}
        self.standings: dict[int, dict[int, Standing]] = defaultdict(dict)
        for standing in Standing.objects.filter(report__in=self.reports).select_related("current"):
            self.standings[standing.report_id][standing.cell_id] = standing
        self.drafts: dict[int, dict[int, Draft]] = defaultdict(dict)
        for draft in Draft.objects.filter(report__in=self.reports):
            self.drafts[draft.report_id][draft.cell_id] = draft
        self.foreign = self._foreign()
        self.bounds = bounds.of_many(self.reports, {pk: self.lines(one) for pk, one in self.reports.items()})

    def _units(self, verb: str) -> set[int]:
        answering = {one.answering_id for one in self.reports.values()}
        if self.by.is_system:
            return answering
        return set(
            people.units_where(self.by, verb, self.on)
            .filter(descendant__in=answering)
            .values_list("descendant_id", flat=True)
        )

    def lines(self, report: Report) -> list[SheetLine]:
        return self.sheets.lines(report.sheet_id, self.kinds[report.pk])

    def rules(self, report: Report) -> list[SheetRule]:
        return self.sheets.rules(report.sheet_id)

    def _foreign(self) -> dict[tuple[int, str], dict[int, int | None]]:
        """{(unit, period): {cell: value}} of cells that other sheets own."""
        sheets = {(one.sheet_id, self.kinds[one.pk]) for one in self.reports.values()}
        lines = [row for key in sheets for row in self.sheets.lines(*key)]
        cells = {row.cell_id for row in lines if row.cell_id and not row.owns}
        found: dict[tuple[int, str], dict[int, int | None]] = defaultdict(dict)
        if cells:
            rows = counted.figures(
                unit_ids=[one.unit_id for one in self.reports.values()],
                period_codes=list({one.period_code for one in self.reports.values()}),
                cell_ids=list(cells),
            )
            for row in rows:
                found[row.unit_id, row.period_code][row.cell_id] = row.value
        return found

    def held(self, report: Report, *, for_unit: bool) -> Held:
        return Held(self.standings[report.pk], {} if for_unit else self.drafts[report.pk])


def answers(read: returned.Read, name: str, known: Known) -> tuple[list[dict[str, Any]], list[Answer]]:
    """(what is wrong with the file as a whole, an answer for each page)."""
    if not read.ours:
        return [refusals.kept(refusals.NotOurs(name=name))], []
    if not read.whole:
        return [refusals.kept(refusals.Harmed(name=name))], []
    faults = []
    present = {page.report for page in read.pages}
    for report, filled in read.filled.items():
        if report not in present:
            faults.append(refusals.kept(refusals.PageMissing(tab=filled.tab)))
    if not read.pages:
        faults = [refusals.kept(refusals.NoPages(name=name))]
    first: dict[int | None, str] = {}
    found = []
    for page in read.pages:
        if page.report in first:
            answer = _refused(page, refusals.PageTwice(first=first[page.report]), known)
        else:
            first[page.report] = page.tab
            answer = _answer(page, read.filled, known)
        found.append(answer)
    return faults, found


def _answer(page: returned.Page, filled: Mapping[int, returned.Filled], known: Known) -> Answer:
    report = known.reports.get(page.report or 0)
    if report is None or page.report not in filled:
        return _refused(page, refusals.ReportUnknown(report=str(page.report)), known)
    for_unit = False
    try:
        _check_open(report, known.on)
        if report.answering_id not in known.typing:
            for_unit = behalf.may_enter(known.by, report, known.on)
            if not for_unit:
                raise refusals.NotYours(unit=known.names.get(report.unit_id, ""))
        if page.value_column is None:
            raise refusals.PageBroken()
    except Refused as refused:
        return _refused(page, refused, known)
    return _Holding(page, report, filled[report.pk], known, for_unit).answer()


def _check_open(report: Report, on: date) -> None:
    if report.round.opens_on > on:
        raise figures.NotOpenYet(opens=f"{report.round.opens_on:%d/%m/%Y}")
    if not reports.is_open(report, on):
        raise figures.Locked()


def _refused(page: returned.Page, refused: Refused, known: Known) -> Answer:
    """A page of which nothing is taken."""
    report = known.reports.get(page.report or 0)
    return Answer(
        report=report,
        tab=page.tab,
        unit_name=known.names.get(report.unit_id, "") if report else "",
        faults=[refusals.kept(refused)],
        wrong=1,
        outcome=Outcome.FAULTY,
    )


class _Holding:
    """One page held against its report."""

    def __init__(
        self, page: returned.Page, report: Report, filled: returned.Filled, known: Known, for_unit: bool
    ) -> None:
        self.page, self.report, self.filled, self.known, self.for_unit = page, report, filled, known, for_unit
        self.held = known.held(report, for_unit=for_unit)
        self.all_lines = known.lines(report)
        self.lines = {row.cell_id: row for row in self.all_lines if row.owns and row.cell_id}
        self.faults: list[dict[str, Any]] = []
        self.looks: list[dict[str, Any]] = []
        self.changes: list[CellChange] = []
        self.places: dict[int, int] = {}
        self.given: dict[int, tuple[int | None, str]] = {}
        self.same = 0

    def answer(self) -> Answer:
        for row in self.page.rows:
            if row.key != NOT_ASKED:
                self._row(row)
        for number in self.page.stray:
            self.faults.append(refusals.kept(refusals.StrayNumber(), self._at(number)))
        for cell, line in self.lines.items():
            if cell not in self.places and cell in self.filled.cells:
                self.faults.append(refusals.kept(refusals.RowMissing(cell=line.words), label=line.words))
        for cell, number in self.places.items():
            if number in self.page.hidden:
                words = self.lines[cell].words
                self.looks.append(refusals.kept(refusals.HiddenRow(cell=words), self._at(number), words))
        self._judge()
        conflicts = sum(change.conflict for change in self.changes)
        outcome = Outcome.FAULTY if self.faults else Outcome.READY if self.changes else Outcome.NOTHING
        return Answer(
            report=self.report,
            tab=self.page.tab,
            unit_name=self.known.names.get(self.report.unit_id, ""),
            behalf=self.for_unit,
            changes=[change.kept() for change in self.changes],
            faults=self.faults,
            looks=self.looks,
            same=self.same,
            changed=len(self.changes) - conflicts,
            conflicts=conflicts,
            wrong=len(self.faults),
            outcome=outcome,
        )

    def _at(self, number: int, note: bool = False) -> str:
        column = self.page.note_column if note else self.page.value_column
        return f"{column_name(column or 0)}{number}"

    def _row(self, row: returned.Row) -> None:
        cell = int(row.key) if isinstance(row.key, (int, float)) and row.key == int(row.key) else None
        if isinstance(row.key, str) and row.key.isdecimal() and len(row.key) < 12:
            cell = int(row.key)
        line = self.lines.get(cell or 0)
        if line is None or cell is None:
            self.faults.append(refusals.kept(refusals.UnknownRow(key=_text(row.key)), self._at(row.number)))
            return
        if cell in self.places:
            fault = refusals.RowTwice(cell=line.words, first=self.places[cell])
            self.faults.append(refusals.kept(fault, self._at(row.number), line.words))
            return
        self.places[cell] = row.number
        note = nfc(row.note).strip()
        good = True
        try:
            value = number_of(line, row.value)
        except Refused as fault:
            self.faults.append(refusals.kept(fault, self._at(row.number), line.words))
            good = False
        if len(note) > LONGEST_NOTE:
            fault = refusals.NoteTooLong(cell=line.words, most=LONGEST_NOTE)
            self.faults.append(refusals.kept(fault, self._at(row.number, note=True), line.words))
            good = False
        if good:
            self.given[cell] = (value, note)
            self._compare(row.number, cell, line, value, note)

    def _compare(self, number: int, cell: int, line: SheetLine, value: int | None, note: str) -> None:
        scale = line.cell.element.scale
        was, note_was = self._filled(cell, scale)
        now, note_now = self.held.value(cell), self.held.note(cell)
        takes = value != was and value != now
        notes = note != note_was and note != note_now
        if not takes and not notes:
            self.same += 1
            return
        clash = (takes and now != was) or (notes and note_now != note_was)
        draft = self.held.drafts.get(cell)
        who = draft.actor_name if clash and draft else ""
        self.changes.append(
            CellChange(
                cell, self._at(number), line.words, scale, was, now, value, takes,
                note, notes, note_was, note_now, clash, who,
            )
        )  # fmt: skip

    def _filled(self, cell: int, scale: int) -> tuple[int | None, str]:
        """What the page was filled with; of a cell it did not have then, nothing."""
        text, note = self.filled.cells.get(cell, ("", ""))
        if not text:
            return None, nfc(note).strip()
        whole = text.isdecimal() and text.isascii()
        return (int(text) * 10**scale if whole else int(Decimal(text).scaleb(scale))), nfc(note).strip()

    def _judge(self) -> None:
        """What the form would ask if the page were taken: rules that would not hold, values that would be unusual."""
        values: dict[int, int | None] = dict(self.known.foreign.get((self.report.unit_id, self.report.period_code), {}))
        notes: dict[int, str] = {}
        for cell in self.lines:
            values[cell], notes[cell] = self.given.get(cell, (self.held.value(cell), self.held.note(cell)))
        usual = self.known.bounds[self.report.pk]
        rules = self.known.rules(self.report)
        for one in judge(self.all_lines, rules, values, notes, usual.all(), usual.earlier):
            if one.explanation:
                continue
            if one.kind == RULE:
                look: Refused = refusals.RuleNotKept(rule=one.text)
            else:
                look = (refusals.WordsAsked if one.asks else refusals.Unusual)(why=one.sentence.rstrip(".") + ".")
            for cell in one.cells:
                if cell in self.places:
                    self.looks.append(refusals.kept(look, self._at(self.places[cell]), self.lines[cell].words))


def number_of(line: SheetLine, value: Any) -> int | None:
    """The stored integer of what stands in a cell. Empty is missing, never nought."""
    words = line.words
    if isinstance(value, dict):
        odd = {
            "error": lambda: refusals.ErrorInCell(cell=words, text=value.get("text", "")),
            "formula": lambda: refusals.NoResult(cell=words),
            "merged": lambda: refusals.MergedCell(cell=words),
        }
        raise odd.get(value["is"], lambda: refusals.NotANumber(cell=words))()
    if isinstance(value, str):
        return parse_cell(line, nfc(value).replace("\u00a0", " "))
    scale = line.cell.element.scale
    if 0 <= value <= LARGEST and value == int(value) and value * 10**scale <= LARGEST:
        return int(value) * 10**scale
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        raise figures.BadCellNumber(cell=words, text=str(value))
    digits = max(0, SIGNIFICANT - 1 - exact.adjusted()) if exact else 0
    exact = round(exact, min(digits, 12))  # 0.1 + 0.2 is 0.30000000000000004 in a spreadsheet
    named = {"cell": words, "text": _text(value)}
    scaled = exact.scaleb(scale)
    if scaled != scaled.to_integral_value():
        raise figures.TooManyDecimals(places=scale, **named) if scale else figures.NotWholeNumber(**named)
    if scaled < 0:
        raise figures.NegativeNumber(**named)
    if scaled > LARGEST:
        raise figures.NumberTooLarge(**named)
    return int(scaled)


def _text(value: Any) -> str:
    """A number as it reads in a Vietnamese spreadsheet."""
    if isinstance(value, float):
        return f"{int(value)}" if value.is_integer() and abs(value) < 1e15 else repr(value).replace(".", ",")
    return str(value)[:60]


def batches(rows: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
