"""Workbooks that people fill in without a line: one page a unit, prefilled, locked, checking itself.

A `Book` is a plain description; `write` gives its bytes. A page finds its way home by three hidden things: the number
of the report in A1, the words `value` and `note` over their columns, and the number of a cell at the start of its row.
So rows may be moved, columns inserted, pages renamed. A hidden worksheet keeps what the pages were filled with, closed
by a checksum: what has changed since is told from it. Nothing here is secret and nothing of it gives a right.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]

from giaoban.core import formula as language
from giaoban.core.text import nfc
from giaoban.files.excel import TooLong, Writer, page_ref, quoted

VERSION = 1
MADE = datetime(2026, 1, 1)  # the same description gives the same bytes
MACHINE = "giaoban"
MARK = "giaoban:"
REASONS = "lydo"
NOT_ASKED = "-"  # stands for a key where a line is shown or added up
LARGEST = 10**15

KEY, NUMBER, LABEL, UNIT, VALUE, BEFORE, PLAN, NOTE, CHECK = range(9)
WIDTHS = {KEY: 4, NUMBER: 5, LABEL: 52, UNIT: 12, VALUE: 14, BEFORE: 13, PLAN: 13, NOTE: 34, CHECK: 44}
CODES_ROW, HEAD_ROW, FIRST_ROW = 5, 6, 7
VALUE_COLUMN, NOTE_COLUMN, CHECK_COLUMN = "E", "H", "I"

WRONG, EXPLAINED, LOOK, UNUSUAL, NOT_A_NUMBER = "SAI", "Sai, đã giải trình", "Cần xem", "Khác thường", "Phải là số"
HOLDS, NOT_YET = "Đúng", "Chưa đủ số"
REASON_LIST = (
    "Không phát sinh",
    "Đơn vị không có đối tượng này",
    "Chưa thống kê được",
    "Đúng thực tế, đã kiểm tra lại",
    "Do sáp nhập, chia tách",
    "Do chuyển đi, chuyển đến",
)


@dataclass(frozen=True)
class Usual:
    """From where to where a number is usual, as printed numbers; `words` say why."""

    low: Decimal | None
    high: Decimal | None
    words: str


@dataclass(frozen=True)
class Line:
    """One line. With `key` it is filled in; with `sums` or `expression` it is added up; else it is only shown."""

    label: str
    unit: str = ""
    level: int = 0
    section: str = ""
    help: str = ""
    key: int = 0  # the number of the cell to fill in
    shown: int = 0  # the number of a cell of another sheet
    scale: int = 0
    required: bool = True
    value: Decimal | Fraction | None = None
    note: str = ""
    before: Decimal | Fraction | None = None
    plan: Decimal | Fraction | None = None
    usual: tuple[Usual, ...] = ()
    sums: tuple[int, ...] = ()  # numbers of cells
    expression: language.Expression | None = None
    names: Mapping[str, Sequence[int]] = field(default_factory=dict)

    @property
    def cell(self) -> int:
        return self.key or self.shown

    @property
    def percent(self) -> bool:
        return not self.cell and self.unit == "%"

    @property
    def looks(self) -> str:
        if self.percent:
            return "0.00%"
        places = self.scale if self.cell else 2 if self.expression is not None and _divides(self.expression) else 0
        return "#,##0" + ("." + "0" * places if places else "")


@dataclass(frozen=True)
class Rule:
    """What must hold between the numbers of a page; `names` give the numbers of the cells each name adds up."""

    expression: language.Expression
    names: Mapping[str, Sequence[int]]
    sentence: str
    hard: bool = True


@dataclass(frozen=True)
class Page:
    """One unit's form."""

    report: int
    tab: str
    title: str
    unit: str
    period: str
    due: str
    version: int  # of what was typed when the page was made
    lines: Sequence[Line]
    rules: Sequence[Rule] = ()


@dataclass(frozen=True)
class Book:
    title: str
    round: int
    made: str  # "12/10/2025 08:30, Nguyễn Thị Sáu"
    pages: Sequence[Page]
    before: str = "Kỳ trước"  # what the column of the earlier period is called


def write(book: Book) -> bytes:
    """The workbook as bytes."""
    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as file:
        file.set_properties({"title": book.title, "created": MADE})
        file.set_calc_mode("auto")
        _Writing(book, file).all()
    return target.getvalue()


def machine_rows(book: Book, names: Sequence[str]) -> list[list[str]]:
    """What the hidden worksheet holds: a report a row, then a cell a row with what it was filled with."""
    rows: list[list[str]] = [[MARK + "book", str(VERSION), str(book.round), book.made]]
    for page, name in zip(book.pages, names, strict=True):
        rows.append(["page", str(page.report), str(page.version), name])
        for line in page.lines:
            if line.key:
                rows.append(["cell", str(page.report), str(line.key), plain(line.value), line.note])
    return rows


def checksum(rows: Iterable[Sequence[str]]) -> str:
    """Says that the hidden worksheet is whole; empty cells at the end of a row do not count, nor how letters are put
    together (spreadsheets change both)."""
    trimmed = [_trimmed([nfc(str(cell)).strip() for cell in row]) for row in rows]
    return hashlib.sha256(json.dumps(trimmed, ensure_ascii=False).encode()).hexdigest()[:16]


def _trimmed(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row.pop()
    return row


def plain(value: Decimal | Fraction | None) -> str:
    """A number as a machine keeps it: 12.5."""
    if value is None:
        return ""
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{value.normalize():f}" if value else "0"


def tab_names(wanted: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Names for worksheets: at most 31 signs, none of []:*?/\\, each once whatever its capitals."""
    used = {name.casefold() for name in taken}
    found = []
    for text in wanted:
        kept = "".join(" " if sign in "[]:*?/\\'" else sign for sign in text)
        base = " ".join(kept.split())[:31].strip() or "Đơn vị"
        name, number = base, 1
        while name.casefold() in used:
            number += 1
            mark = f" ({number})"
            name = base[: 31 - len(mark)] + mark
        used.add(name.casefold())
        found.append(name)
    return found


class _Writing:
    """One workbook being written."""

    def __init__(self, book: Book, file: xlsxwriter.Workbook) -> None:
        self.book, self.file = book, file
        self.kept: dict[tuple[tuple[str, Any], ...], Any] = {}
        many = len(book.pages) > 1
        taken = [MACHINE, REASONS, *([OVERVIEW, TOTALS] if many else [])]
        self.names = tab_names([page.tab for page in book.pages], taken)

    def all(self) -> None:
        many = len(self.book.pages) > 1
        overview = self.file.add_worksheet(OVERVIEW) if many else None
        totals = self.file.add_worksheet(TOTALS) if many else None
        sheets = [_Sheet(self, page, name) for page, name in zip(self.book.pages, self.names, strict=True)]
        for sheet in sheets:
            sheet.write()
        if overview is not None and totals is not None:
            _overview(self, overview, sheets)
            _totals(self, totals, sheets)
        self._reasons()
        self._machine()
        (overview or sheets[0].sheet).activate()

    def look(self, **wanted: Any) -> Any:
        key = tuple(sorted(wanted.items()))
        if key not in self.kept:
            self.kept[key] = self.file.add_format({"font_name": "Times New Roman", "font_size": 11, **wanted})
        return self.kept[key]

    def _reasons(self) -> None:
        sheet = self.file.add_worksheet(REASONS)
        for row, reason in enumerate(REASON_LIST):
            sheet.write_string(row, 0, reason)
        sheet.very_hidden()

    def _machine(self) -> None:
        sheet = self.file.add_worksheet(MACHINE)
        rows = machine_rows(self.book, self.names)
        for number, row in enumerate([*rows, ["end", checksum(rows)]]):
            for column, text in enumerate(row):
                if text:
                    sheet.write_string(number, column, text)
        sheet.very_hidden()


class _Sheet:
    """One page being written."""

    def __init__(self, writing: _Writing, page: Page, name: str) -> None:
        self.writing, self.page, self.name = writing, page, name
        self.sheet = writing.file.add_worksheet(name)
        self.row_of: dict[int, int] = {}  # row of a cell, counted from one
        self.row_of_line: dict[int, int] = {}
        row = FIRST_ROW
        section = ""
        for place, line in enumerate(page.lines):
            if line.section and line.section != section:
                row += 1
            section = line.section
            self.row_of_line[place] = row
            if line.cell:
                self.row_of[line.cell] = row + 1
            row += 1
        self.last_row = row  # the first row, counted from nought, below the lines
        self.values = {line.cell: line.value for line in page.lines if line.cell}
        self.notes = {line.key: line.note for line in page.lines if line.key}
        scaled = frozenset(self.row_of[line.cell] for line in page.lines if line.cell and line.scale)
        self.formulas = Writer("$" + VALUE_COLUMN, scaled)
        self.rule_rows = {place: self.last_row + 2 + place for place in range(len(page.rules))}
        self.states = [_state(rule, self.values, self.notes) for rule in page.rules]
        self.rules_at: dict[int, list[int]] = {}
        for place, rule in enumerate(page.rules):
            for cell in _touched(rule, self.notes):
                self.rules_at.setdefault(cell, []).append(place)

    def write(self) -> None:
        self._set_up()
        self._head()
        section = ""
        for place, line in enumerate(self.page.lines):
            if line.section and line.section != section:
                self._section(self.row_of_line[place] - 1, line.section)
            section = line.section
            self._line(self.row_of_line[place], place, line)
        self._rules()
        self._validations()
        self._colours()

    def _set_up(self) -> None:
        sheet = self.sheet
        for column, width in WIDTHS.items():
            sheet.set_column(column, column, width, None, {"hidden": True} if column == KEY else {})
        sheet.set_row(HEAD_ROW, 32)
        sheet.set_row(CODES_ROW, None, None, {"hidden": True})
        sheet.freeze_panes(FIRST_ROW, UNIT)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.4, top=0.6, bottom=0.6)
        sheet.repeat_rows(HEAD_ROW)
        sheet.print_area(0, NUMBER, max(self.last_row, self.last_row + 1 + len(self.page.rules)), CHECK)
        sheet.set_footer("&L&A&RTrang &P/&N")
        sheet.hide_gridlines(2)
        sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})

    def _head(self) -> None:
        page, look, sheet = self.page, self.writing.look, self.sheet
        sheet.write_string(0, KEY, f"{MARK}report:{page.report}", look(font_color="#FFFFFF"))
        sheet.write_string(0, NUMBER, page.title, look(bold=True, font_size=14))
        sheet.write_string(1, NUMBER, page.unit, look(bold=True, font_size=12))
        sheet.write_string(2, NUMBER, f"{page.period}. Nộp chậm nhất {page.due}.", look())
        sheet.write_string(
            3,
            NUMBER,
            "Chỉ nhập vào ô nền vàng. Để trống là chưa có số; không có thì ghi 0. Lưu rồi nộp lại tệp này.",
            look(italic=True, font_color="#505A5F"),
        )
        asked = [line for line in page.lines if line.key]
        rows = [self.row_of[line.key] for line in asked]
        filled = sum(line.value is not None for line in asked)
        if rows:
            span = f"{VALUE_COLUMN}{min(rows)}:{VALUE_COLUMN}{max(rows)}"
            others = [row for cell, row in self.row_of.items() if cell not in self.notes]
            others += [self.row_of_line[place] + 1 for place, line in enumerate(page.lines) if not line.cell]
            inside = [row for row in others if min(rows) <= row <= max(rows)]
            less = "".join(f"-COUNT({VALUE_COLUMN}{row})" for row in inside) if len(inside) <= 60 else ""
            said = f'="Đã nhập "&(COUNT({span}){less})&"/{len(rows)} ô. "&{self._wrong_count()}&" chỗ sai, "'
            said += f'&{self._look_count()}&" chỗ cần xem."'
            wrong = sum(state == WRONG for state in self.states)
            seen = sum(state == LOOK for state in self.states) + sum(bool(_unusual(line)) for line in asked)
            cached = f"Đã nhập {filled}/{len(rows)} ô. {wrong} chỗ sai, {seen} chỗ cần xem."
            sheet.write_formula(4, NUMBER, said, look(bold=True), cached)
        for column, code in ((KEY, "key"), (VALUE, "value"), (NOTE, "note")):
            sheet.write_string(CODES_ROW, column, MARK + code)
        head = look(bold=True, text_wrap=True, valign="vcenter", align="center", border=1, bg_color="#E8EDF2")
        heads = {
            NUMBER: "STT", LABEL: "Chỉ tiêu", UNIT: "Đơn vị tính", VALUE: "Kỳ này", BEFORE: self.writing.book.before,
            PLAN: "Kế hoạch", NOTE: "Giải trình", CHECK: "Kiểm tra",
        }  # fmt: skip
        for column, text in heads.items():
            sheet.write_string(HEAD_ROW, column, text, head)

    def _wrong_count(self) -> str:
        """How many rules are broken, and how many cells hold text."""
        last = self.last_row + 2 + max(len(self.page.rules), 1)
        span = f"{CHECK_COLUMN}{self.last_row + 2}:{CHECK_COLUMN}{last}"
        lines = f"{CHECK_COLUMN}{FIRST_ROW + 1}:{CHECK_COLUMN}{max(self.last_row, FIRST_ROW + 1)}"
        return f"(COUNTIF({span},{quoted(WRONG)})+COUNTIF({lines},{quoted(NOT_A_NUMBER + '*')}))"

    def _look_count(self) -> str:
        last = self.last_row + 2 + max(len(self.page.rules), 1)
        span = f"{CHECK_COLUMN}{self.last_row + 2}:{CHECK_COLUMN}{last}"
        lines = f"{CHECK_COLUMN}{FIRST_ROW + 1}:{CHECK_COLUMN}{max(self.last_row, FIRST_ROW + 1)}"
        return f"(COUNTIF({span},{quoted(LOOK)})+COUNTIF({lines},{quoted('*' + UNUSUAL + '*')}))"

    def _section(self, row: int, text: str) -> None:
        look = self.writing.look(bold=True, border=1, bg_color="#F3F2F1")
        for column in range(NUMBER, CHECK + 1):
            self.sheet.write_blank(row, column, None, look)
        self.sheet.write_string(row, LABEL, text, look)

    def _line(self, row: int, place: int, line: Line) -> None:
        look, sheet = self.writing.look, self.sheet
        heavy: dict[str, Any] = {"border": 1, "valign": "vcenter"} | ({} if line.cell else {"bold": True})
        if line.key:
            sheet.write_number(row, KEY, line.key)
        else:
            sheet.write_string(row, KEY, NOT_ASKED)
        sheet.write_number(row, NUMBER, place + 1, look(**heavy, align="center"))
        sheet.write_string(row, LABEL, line.label, look(**heavy, text_wrap=True, indent=line.level))
        sheet.write_string(row, UNIT, line.unit, look(**heavy, text_wrap=True))
        self._value(row, line, heavy)
        number = look(**heavy, num_format=line.looks, font_color="#505A5F")
        for column, amount in ((BEFORE, line.before), (PLAN, line.plan)):
            if amount is None:
                sheet.write_blank(row, column, None, number)
            else:
                sheet.write_number(row, column, float(amount), number)
        noted = look(border=1, text_wrap=True, valign="vcenter", locked=not line.key)
        if line.note:
            sheet.write_string(row, NOTE, line.note, noted)
        else:
            sheet.write_blank(row, NOTE, None, noted)
        self._check(row, line)
        if line.help:
            sheet.write_comment(row, LABEL, line.help, {"author": "Giao Ban", "x_scale": 2, "font_size": 9})

    def _value(self, row: int, line: Line, heavy: Mapping[str, Any]) -> None:
        look, sheet = self.writing.look, self.sheet
        if line.key:
            look_of = look(border=1, valign="vcenter", num_format=line.looks, locked=False, bg_color="#FFF9E0")
        else:
            look_of = look(**heavy, num_format=line.looks, bg_color="#F3F2F1")
        formula = self._formula(line)
        if formula:
            sheet.write_formula(row, VALUE, formula, look_of, "" if line.value is None else float(line.value))
        elif line.value is None:
            sheet.write_blank(row, VALUE, None, look_of)
        else:
            sheet.write_number(row, VALUE, float(line.value), look_of)

    def _formula(self, line: Line) -> str:
        if line.cell:
            return ""
        try:
            if line.sums:
                return self.formulas.total([self.row_of[cell] for cell in line.sums if cell in self.row_of])
            if line.expression is not None:
                return self.formulas.amount(line.expression, self._places(line.names))
        except TooLong:
            return ""
        return ""

    def _places(self, names: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
        """Rows of the cells of each name; a name with a cell that is not on the page is missing as a whole."""
        return {
            name: [self.row_of[cell] for cell in cells] if all(cell in self.row_of for cell in cells) else []
            for name, cells in names.items()
        }

    def _check(self, row: int, line: Line) -> None:
        look = self.writing.look(border=1, valign="vcenter", font_size=10)
        if not line.key:
            self.sheet.write_blank(row, CHECK, None, look)
            return
        here, note = f"${VALUE_COLUMN}{row + 1}", f"${NOTE_COLUMN}{row + 1}"
        parts, said = [], []
        for place in self.rules_at.get(line.key, ()):
            at = self.rule_rows[place] + 1
            state = f"${CHECK_COLUMN}${at}"
            bad = f'IF(OR({state}={quoted(WRONG)},{state}={quoted(LOOK)}),{state}&": "&$C${at}&" ","")'
            parts.append(bad)
            if self.states[place] in (WRONG, LOOK):
                said.append(f"{self.states[place]}: {self.page.rules[place].sentence} ")
        for usual in line.usual:
            outside = [f"{here}<{plain(usual.low)}"] if usual.low is not None else []
            outside += [f"{here}>{plain(usual.high)}"] if usual.high is not None else []
            if outside:
                words = quoted(f"{UNUSUAL}: {usual.words}. Cần giải trình. ")
                known = quoted(f"{UNUSUAL}, đã giải trình. ")
                parts.append(f'IF(ISNUMBER({here}),IF(OR({",".join(outside)}),IF({note}="",{words},{known}),""),"")')
        said += _unusual(line)
        text = f'IF(ISTEXT({here}),IF(TRIM({here})="","",{quoted(NOT_A_NUMBER + ". ")}),"")'
        formula = "=TRIM(" + "&".join([text, *parts]) + ")"
        if len(formula) > 8000:
            formula = f"=TRIM({text})"
            said = []
        self.sheet.write_formula(row, CHECK, formula, look, " ".join("".join(said).split()))

    def _rules(self) -> None:
        if not self.page.rules:
            return
        look, sheet = self.writing.look, self.sheet
        sheet.write_string(self.last_row + 1, LABEL, "Kiểm tra của biểu", look(bold=True))
        for place, rule in enumerate(self.page.rules):
            row = self.rule_rows[place]
            sheet.write_string(row, LABEL, rule.sentence, look(text_wrap=True, valign="top", font_size=10))
            self._rule_state(row, place, rule)

    def _rule_state(self, row: int, place: int, rule: Rule) -> None:
        look = self.writing.look(valign="top", font_size=10)
        places = self._places(rule.names)
        notes = [f"{NOTE_COLUMN}{self.row_of[cell]}" for cell in _touched(rule, self.notes)]
        try:
            broken = self.formulas.broken(rule.expression, places)
            known = self.formulas.known(rule.expression, places)
            bad = quoted(LOOK)
            explained = (
                f'IF(COUNTIF({notes[0]},"?*")'
                if len(notes) == 1
                else "IF(" + "+".join(f'COUNTIF({note},"?*")' for note in notes[:60])
            )
            if notes:
                wrong = quoted(WRONG) if rule.hard else bad
                bad = f"{explained}>0,{quoted(EXPLAINED)},{wrong})"
            elif rule.hard:
                bad = quoted(WRONG)
            formula = f"=IF({broken},{bad},IF({known},{quoted(HOLDS)},{quoted(NOT_YET)}))"
            if len(formula) > 8000:
                raise TooLong
        except TooLong:
            self.sheet.write_string(row, CHECK, "Máy chủ sẽ kiểm tra", look)
            return
        self.sheet.write_formula(row, CHECK, formula, look, self.states[place])

    def _validations(self) -> None:
        for scale in sorted({line.scale for line in self.page.lines if line.key}):
            rows = [self.row_of[line.key] for line in self.page.lines if line.key and line.scale == scale]
            first, more = _spans(rows)
            self.sheet.data_validation(
                f"{VALUE_COLUMN}{first[0]}:{VALUE_COLUMN}{first[1]}", _numbers(scale, first[0], more)
            )
        rows = [self.row_of[line.key] for line in self.page.lines if line.key]
        if rows:
            first, more = _spans(rows)
            spans = [first, *more]
            self.sheet.data_validation(
                f"{NOTE_COLUMN}{first[0]}:{NOTE_COLUMN}{first[1]}",
                {
                    "validate": "list",
                    "source": f"={REASONS}!$A$1:$A${len(REASON_LIST)}",
                    "show_error": False,
                    "input_title": "Giải trình",
                    "input_message": "Chọn lý do hoặc tự viết. Cần khi để trống, sai quan hệ, số khác thường.",
                    "other_cells": [[a - 1, NOTE, b - 1, NOTE] for a, b in spans[1:]],
                },
            )

    def _colours(self) -> None:
        last = max(self.last_row, FIRST_ROW + 1)
        red = self.writing.file.add_format({"bg_color": "#F6D7D2", "font_color": "#942514", "bold": True})
        amber = self.writing.file.add_format({"bg_color": "#FCE8C8", "font_color": "#594D00"})
        values = f"{VALUE_COLUMN}{FIRST_ROW + 1}:{VALUE_COLUMN}{last}"
        checks = f"{CHECK_COLUMN}{FIRST_ROW + 1}:{CHECK_COLUMN}{last + 2 + len(self.page.rules)}"
        first = f"${CHECK_COLUMN}{FIRST_ROW + 1}"
        is_wrong = (
            f'=OR(LEFT({first},4)="{WRONG}:",{first}="{WRONG}",LEFT({first},{len(NOT_A_NUMBER)})="{NOT_A_NUMBER}")'
        )
        is_odd = f'=OR(ISNUMBER(SEARCH("{LOOK}",{first})),ISNUMBER(SEARCH("{UNUSUAL}:",{first})))'
        for span in (values, checks):
            self.sheet.conditional_format(
                span, {"type": "formula", "criteria": is_wrong, "format": red, "stop_if_true": True}
            )
            self.sheet.conditional_format(span, {"type": "formula", "criteria": is_odd, "format": amber})


# The commune's own pages

OVERVIEW, TOTALS = "Các đơn vị", "Cộng toàn bộ"


def _overview(writing: _Writing, sheet: Any, pages: Sequence[_Sheet]) -> None:
    """A unit a row: where its page is, how far it is, what is wrong there."""
    book, look = writing.book, writing.look
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 1, 48)
    sheet.set_column(2, 5, 14)
    sheet.write_string(0, 0, book.title, look(bold=True, font_size=14))
    sheet.write_string(1, 0, f"Lập lúc {book.made}. Bấm tên đơn vị để mở trang của đơn vị.", look(italic=True))
    head = look(bold=True, text_wrap=True, align="center", border=1, bg_color="#E8EDF2")
    for column, text in enumerate(("STT", "Đơn vị", "Đã nhập (ô)", "Phải nhập (ô)", "Chỗ sai", "Chỗ cần xem")):
        sheet.write_string(3, column, text, head)
    plain_look, number, link = (
        look(border=1),
        look(border=1, num_format="#,##0"),
        look(border=1, font_color="#0B5CAD", underline=1),
    )
    for place, one in enumerate(pages):
        row = 4 + place
        asked = [line for line in one.page.lines if line.key]
        sheet.write_number(row, 0, place + 1, plain_look)
        sheet.write_url(row, 1, f"internal:{page_ref(one.name)}A1", link, one.page.unit)
        there = page_ref(one.name)
        spans = ",".join(
            f"{there}{VALUE_COLUMN}{a}:{VALUE_COLUMN}{b}"
            for a, b in _all_spans([one.row_of[line.key] for line in asked])[:100]
        )
        filled = sum(line.value is not None for line in asked)
        sheet.write_formula(row, 2, f"=COUNT({spans})" if spans else "=0", number, filled)
        sheet.write_number(row, 3, len(asked), number)
        wrong = sum(state == WRONG for state in one.states)
        seen = sum(state == LOOK for state in one.states) + sum(bool(_unusual(line)) for line in asked)
        sheet.write_formula(row, 4, "=" + _there(one._wrong_count(), there), number, wrong)
        sheet.write_formula(row, 5, "=" + _there(one._look_count(), there), number, seen)
    bad = writing.file.add_format({"bg_color": "#F6D7D2", "font_color": "#942514", "bold": True})
    sheet.conditional_format(4, 4, 3 + len(pages), 4, {"type": "cell", "criteria": ">", "value": 0, "format": bad})
    sheet.freeze_panes(4, 2)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)
    sheet.protect("", {"format_columns": True})


def _there(counts: str, there: str) -> str:
    """The counts of a page asked from another one."""
    return counts.replace("COUNTIF(", f"COUNTIF({there}")


def _totals(writing: _Writing, sheet: Any, pages: Sequence[_Sheet]) -> None:
    """A line a row, a unit a column, all of them added up."""
    look = writing.look
    lines: dict[int, Line] = {}
    for one in pages:
        for line in one.page.lines:
            if line.key:
                lines.setdefault(line.key, line)
    sheet.set_column(0, 0, 48)
    sheet.set_column(1, 1, 12)
    sheet.set_column(2, 2 + len(pages), 13)
    sheet.write_string(0, 0, f"{writing.book.title}: cộng các đơn vị", look(bold=True, font_size=14))
    head = look(bold=True, text_wrap=True, align="center", valign="vcenter", border=1, bg_color="#E8EDF2")
    for column, text in enumerate(("Chỉ tiêu", "Đơn vị tính", "Cộng", *(one.page.unit for one in pages))):
        sheet.write_string(2, column, text, head)
    for place, (cell, line) in enumerate(lines.items()):
        row = 3 + place
        sheet.write_string(row, 0, line.label, look(border=1, text_wrap=True, indent=line.level))
        sheet.write_string(row, 1, line.unit, look(border=1))
        number = look(border=1, num_format=line.looks)
        known = [one.values.get(cell) for one in pages]
        present = [value for value in known if value is not None]
        last = xl_col_to_name(2 + len(pages))
        span = f"D{row + 1}:{last}{row + 1}"
        total = float(sum(present)) if present else ""
        sheet.write_formula(
            row, 2, f'=IF(COUNT({span})=0,"",SUM({span}))', look(bold=True, border=1, num_format=line.looks), total
        )
        for column, (one, value) in enumerate(zip(pages, known, strict=True), start=3):
            if cell in one.row_of:
                at = f"{page_ref(one.name)}{VALUE_COLUMN}{one.row_of[cell]}"
                cached = "" if value is None else float(value)
                sheet.write_formula(row, column, f'=IF(ISNUMBER({at}),{at},"")', number, cached)
            else:
                sheet.write_blank(row, column, None, look(border=1, bg_color="#F3F2F1"))
    sheet.freeze_panes(3, 1)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.protect("", {"format_columns": True})


# What holds now: written beside the formulas, for readers that do not compute


def _state(rule: Rule, values: Mapping[int, Any], notes: Mapping[int, str]) -> str:
    held = language.truth(rule.expression, _environment(rule.names, values))
    if held is None:
        return NOT_YET
    if held:
        return HOLDS
    if any(notes.get(cell) for cell in _touched(rule, notes)):
        return EXPLAINED
    return WRONG if rule.hard else LOOK


def _environment(names: Mapping[str, Sequence[int]], values: Mapping[int, Any]) -> dict[str, Fraction | None]:
    found: dict[str, Fraction | None] = {}
    for name, cells in names.items():
        known = [value for cell in cells if (value := values.get(cell)) is not None]
        found[name] = sum((Fraction(one) for one in known), Fraction(0)) if known and len(known) == len(cells) else None
    return found


def _touched(rule: Rule, asked: Mapping[int, str]) -> list[int]:
    """The cells of a rule that are filled in on the page, each once."""
    return [cell for cell in dict.fromkeys(cell for cells in rule.names.values() for cell in cells) if cell in asked]


def _unusual(line: Line) -> list[str]:
    if line.value is None:
        return []
    outside = [
        one for one in line.usual
        if (one.low is not None and line.value < one.low) or (one.high is not None and line.value > one.high)
    ]  # fmt: skip
    return [
        f"{UNUSUAL}, đã giải trình. " if line.note else f"{UNUSUAL}: {one.words}. Cần giải trình. " for one in outside
    ]


def _divides(expression: language.Expression) -> bool:
    if isinstance(expression, language.Arithmetic) and expression.sign == "/":
        return True
    return any(_divides(part) for part in language.parts(expression))


def _all_spans(rows: Sequence[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for row in sorted(rows):
        if found and found[-1][1] + 1 == row:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found


def _spans(rows: Sequence[int]) -> tuple[tuple[int, int], list[tuple[int, int]]]:
    first, *more = _all_spans(rows)
    return first, more


def _numbers(scale: int, first: int, more: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """What may be typed: whole numbers from nought on, or numbers with so many decimals."""
    said = {
        "error_title": "Không ghi được",
        "other_cells": [[a - 1, VALUE, b - 1, VALUE] for a, b in more],
    }
    if not scale:
        return said | {
            "validate": "integer", "criteria": "between", "minimum": 0, "maximum": LARGEST,
            "error_message": "Nhập số nguyên từ 0 trở lên. Để trống nếu chưa có số.",
        }  # fmt: skip
    here = f"{VALUE_COLUMN}{first}"
    return said | {
        "validate": "custom",
        "value": f"=AND(ISNUMBER({here}),{here}>=0,ROUND({here},{scale})={here})",
        "error_message": f"Nhập số từ 0 trở lên, nhiều nhất {scale} chữ số thập phân.",
    }
