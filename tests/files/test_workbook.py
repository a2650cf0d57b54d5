"""A workbook as a person meets it: what is locked, what may be typed, and formulas that say what the server says."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from giaoban.core import formula as language
from giaoban.files import excel, workbook
from giaoban.files.workbook import Book, Line, Page, Rule, Usual
from tests.files.calc import computed

LINES = [
    Line("Học sinh", "học sinh", key=1, section="I", value=Decimal(100), help="Đếm ngày 30/9"),
    Line("Nữ", "học sinh", level=1, key=2, section="I", value=Decimal(120)),
    Line("Lớp", "lớp", key=3, section="II", usual=(Usual(Decimal(2), Decimal(5), "thường từ 2 đến 5"),)),
    Line("Kinh phí", "triệu đồng", key=4, section="II", scale=2),
    Line("Cộng", "học sinh", section="II", sums=(1, 2), value=Fraction(220)),
]
RULES = [Rule(language.parse("nu <= hs"), {"nu": [2], "hs": [1]}, "Nữ không nhiều hơn học sinh")]


def page(report: int = 7, lines: list[Line] = LINES, rules: list[Rule] = RULES, tab: str = "Trường A") -> Page:
    return Page(report, tab, "Biểu 1", tab, "Học kỳ I", "20/01/2026", 3, lines, rules)


def book(*pages: Page) -> Book:
    return Book("Biểu 1", 5, "12/01/2026 08:00, Nguyễn Thị Sáu", pages or (page(),))


def opened(made: Book) -> Any:
    return openpyxl.load_workbook(io.BytesIO(workbook.write(made)))


def test_only_what_is_asked_may_be_typed() -> None:
    sheet = opened(book())["Trường A"]
    assert sheet.protection.sheet
    free = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert free == {f"{column}{row}" for column in "EH" for row in (9, 10, 12, 13)}


def test_wrong_typing_is_stopped_by_the_cell() -> None:
    found = opened(book())["Trường A"].data_validations.dataValidation
    kinds = {str(one.sqref): one.type for one in found}
    assert kinds["E9:E10 E12"] == "whole" and kinds["E13"] == "custom"
    assert [one.type for one in found if "H9" in str(one.sqref)] == ["list"]


def test_notes_heads_and_print() -> None:
    sheet = opened(book())["Trường A"]
    assert sheet["C9"].comment.text == "Đếm ngày 30/9"
    assert (sheet.page_setup.paperSize, sheet.freeze_panes) == (9, "D8")
    assert sheet.column_dimensions["A"].hidden and sheet.row_dimensions[6].hidden


def test_the_machine_part_is_hidden_and_whole() -> None:
    made = opened(book())
    rows = [["" if cell is None else cell for cell in row] for row in made["giaoban"].iter_rows(values_only=True)]
    assert made["giaoban"].sheet_state == "veryHidden"
    assert rows[-1][:2] == ["end", workbook.checksum(rows[:-1])]
    assert workbook.checksum([*rows[:2], ["cell", "7", "1", "99"]]) != workbook.checksum(rows[:-1])


def test_the_same_description_gives_the_same_bytes() -> None:
    assert workbook.write(book()) == workbook.write(book())


@pytest.mark.parametrize("name", ["a" * 40, "Trường [A]: số 1/2?", "'", "", "giaoban", "Các đơn vị"])
def test_any_name_makes_a_tab(name: str) -> None:
    made = opened(book(page(7, tab=name), page(8, tab=name)))
    assert len(made.sheetnames) == 6 and all(0 < len(tab) <= 31 for tab in made.sheetnames)


def test_what_is_beside_the_formulas_is_what_they_compute(tmp_path: Path) -> None:
    """A reader that does not compute, such as a phone's, shows the same as one that does."""
    content = workbook.write(book(page(7), page(8, tab="Trường B")))
    stored = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    for name, rows in computed(content, tmp_path).items():
        sheet = stored[name]
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                kept = sheet.cell(number, column).value
                assert (kept if kept is not None else "") == value or kept == pytest.approx(value), (
                    name,
                    number,
                    column,
                )


# Formulas against the server's own evaluation

ROWS = 6
FIRST = 1


@st.composite
def conditions(draw: st.DrawFn, depth: int = 3) -> language.Expression:
    if depth and draw(st.booleans()):
        kind = draw(st.sampled_from(["and", "or", "not"]))
        if kind == "not":
            return language.Not(draw(conditions(depth - 1)))
        return language.Logic(kind, draw(conditions(depth - 1)), draw(conditions(depth - 1)))
    sign = draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">="]))
    return language.Comparison(sign, draw(amounts()), draw(amounts()))


@st.composite
def amounts(draw: st.DrawFn, depth: int = 2) -> language.Expression:
    kind = draw(st.sampled_from(["name", "name", "number", "sum", "negative"])) if depth else "name"
    if kind == "name":
        return language.Name(draw(st.sampled_from(["a", "b", "c", "ab", "khong"])))
    if kind == "number":
        return language.Number(Fraction(draw(st.integers(0, 9))))
    if kind == "negative":
        return language.Negative(draw(amounts(depth - 1)))
    sign = draw(st.sampled_from(["+", "-", "*", "/"]))
    return language.Arithmetic(sign, draw(amounts(depth - 1)), draw(amounts(depth - 1)))


PLACES = {"a": [1], "b": [2], "c": [3], "ab": [1, 2], "khong": []}
values = st.lists(st.one_of(st.none(), st.integers(0, 9)), min_size=3, max_size=3)


def environment(given_values: list[int | None]) -> dict[str, int | None]:
    a, b, c = given_values
    both = None if a is None or b is None else a + b
    return {"a": a, "b": b, "c": c, "ab": both, "khong": None}


def test_formulas_of_a_spreadsheet_say_what_the_server_says(tmp_path: Path) -> None:
    """Hundreds of generated conditions and amounts over present, missing and nought, computed by LibreOffice."""
    cases: list[tuple[language.Expression, list[int | None]]] = []

    @given(st.lists(st.tuples(st.one_of(conditions(), amounts(3)), values), min_size=400, max_size=400))
    def collect(found: list[tuple[language.Expression, list[int | None]]]) -> None:
        if not cases:
            cases.extend(found)

    from hypothesis import HealthCheck, Phase, settings

    settings(max_examples=1, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck))(collect)()
    content = _cases_book(cases)
    rows = computed(content, tmp_path)["x"]
    for number, ((expression, known), row) in enumerate(zip(cases, rows, strict=True)):
        env = environment(known)
        said = language.evaluate(expression, env)
        told = row[3]
        about = (number, language.to_text(expression), known, said, told)
        if language.is_truth(expression):
            assert bool(told) == (said is False), about
        elif said is None:
            assert told == "", about
        else:
            assert told == pytest.approx(float(said)), about


def _cases_book(cases: list[tuple[language.Expression, list[int | None]]]) -> bytes:
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as file:
        sheet = file.add_worksheet("x")
        for number, (expression, known) in enumerate(cases):
            for column, value in enumerate(known):
                if value is not None:
                    sheet.write_number(number, column, value)
            sheet.write_formula(number, 3, _over_a_row(expression, number + 1))
    return target.getvalue()


def _over_a_row(expression: language.Expression, row: int) -> str:
    """The formula with the three cells of one row in the place of rows 1 to 3 of a column."""
    import re

    writer = excel.Writer("$E")
    said = (
        "=" + writer.broken(expression, PLACES) if language.is_truth(expression) else writer.amount(expression, PLACES)
    )
    said = re.sub(r"\$E1:\$E3", f"$A{row}:$C{row}", said)
    said = re.sub(r"\$E1:\$E2", f"$A{row}:$B{row}", said)
    said = re.sub(r"\$E2:\$E3", f"$B{row}:$C{row}", said)
    return re.sub(r"\$E([123])", lambda found: f"${'ABC'[int(found[1]) - 1]}{row}", said)


def test_a_formula_excel_could_not_hold_is_not_written() -> None:
    expression = language.parse(" + ".join(["a"] * 200))
    with pytest.raises(excel.TooLong):
        excel.Writer("E").amount(expression, {"a": list(range(1, 600, 2))})
    long_rule = Rule(language.parse("a >= 0"), {"a": list(range(1, 1001, 2))}, "Dài")
    lines = [Line(f"Dòng {n}", key=n) for n in range(1, 1001)]
    sheet = opened(book(page(lines=lines, rules=[long_rule])))["Trường A"]
    states = [cell.value for cell in sheet["I"] if cell.value and "Máy chủ" in str(cell.value)]
    assert states == ["Máy chủ sẽ kiểm tra"]


def test_nothing_in_it_is_taken_for_a_formula() -> None:
    made = workbook.write(book(page(lines=[Line('=HYPERLINK("http://x")', key=1, note="=1+1")], rules=[])))
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "HYPERLINK" not in sheet and "<f>1+1</f>" not in sheet
