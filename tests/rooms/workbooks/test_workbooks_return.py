"""What a returned workbook does: drafts, faults named at their cells, nothing lost silently."""

from __future__ import annotations

import datetime
import io
import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giaoban.core.refusal import NotAllowed
from giaoban.indicators.models import Draft, OnBehalf, Report, Round
from giaoban.workbooks import queries, refusals
from giaoban.workbooks.models import Outcome, State, Upload
from tests.rooms.indicators.place import GOOD, Place
from tests.rooms.workbooks.sheets import (
    VALUE,
    cells,
    edited,
    filled,
    hand_up,
    kinds,
    pages,
    row_of,
    workbook,
    write,
    zipped,
)


@pytest.fixture
def round(place: Place) -> Round:
    return place.open()


@pytest.fixture
def report(place: Place, round: Round) -> Report:
    return place.report(round, "na_hoi")


def drafts(report: Report) -> dict[int, int | None]:
    return dict(Draft.objects.filter(report=report).values_list("cell_id", "value"))


def test_figures_typed_into_the_workbook_become_drafts(place: Place, report: Report) -> None:
    typist = place.actors["na_hoi_typist"]
    pupils, girls, money = cells(place, "hoc_sinh", "hoc_sinh_nu", "kinh_phi")
    book = filled(workbook(typist, report), {pupils: 500, girls: 240, money: 1250.5}, {pupils: "đã đếm lại"})
    upload = hand_up(typist, book)
    assert upload.state == State.READ and drafts(report) == {}
    said = queries.counts(upload)
    assert (said.changed, said.wrong, said.conflicts) == (3, 0, 0)
    write(typist, upload)
    assert drafts(report) == {pupils: 500, girls: 240, money: 12505}
    assert Draft.objects.get(report=report, cell=pupils).note == "đã đếm lại"


def test_the_same_file_twice_changes_nothing(place: Place, report: Report) -> None:
    typist = place.actors["na_hoi_typist"]
    book = filled(workbook(typist, report), {place.cells["hoc_sinh"]: 500})
    write(typist, hand_up(typist, book))
    version = Report.objects.get(pk=report.pk).draft_version
    again = hand_up(typist, book)
    assert queries.counts(again).changed == 0 and again.workbooks.get().answers.get().outcome == Outcome.NOTHING
    with pytest.raises(refusals.NothingToWrite):
        write(typist, again)
    assert Report.objects.get(pk=report.pk).draft_version == version


def test_an_upload_is_written_once(place: Place, report: Report) -> None:
    typist = place.actors["na_hoi_typist"]
    upload = hand_up(typist, filled(workbook(typist, report), {place.cells["hoc_sinh"]: 500}))
    write(typist, upload)
    with pytest.raises(refusals.AlreadyWritten):
        write(typist, upload)


def test_what_was_typed_is_in_the_workbook(place: Place, report: Report) -> None:
    place.type(report, GOOD)
    sheet = pages(openpyxl.load_workbook(io.BytesIO(workbook(place.actors["na_hoi_typist"], report))))[0]
    assert sheet.cell(row_of(sheet, place.cells["hoc_sinh"]), VALUE).value == 500
    assert sheet.cell(row_of(sheet, place.cells["kinh_phi"]), VALUE).value == 1250.5
    assert sheet.protection.sheet and not sheet.cell(row_of(sheet, place.cells["hoc_sinh"]), VALUE).protection.locked
    assert sheet.cell(row_of(sheet, place.cells["hoc_sinh"]), 3).protection.locked


# Wrong cells

WRONG = [
    ("năm trăm", "BadCellNumber"),
    (-5, "NegativeNumber"),
    (2.5, "NotWholeNumber"),
    ("12,5", "NotWholeNumber"),
    (10.0**16, "NumberTooLarge"),
    (True, "NotANumber"),
    (datetime.date(2026, 1, 2), "NotANumber"),
    ("=1/0", "NoResult"),
]


@pytest.mark.parametrize(("value", "kind"), WRONG)
def test_a_wrong_cell_is_named_with_its_place(place: Place, report: Report, value: object, kind: str) -> None:
    typist = place.actors["na_hoi_typist"]
    cell = place.cells["hoc_sinh"]
    upload = hand_up(typist, filled(workbook(typist, report), {cell: value}))
    fault = upload.workbooks.get().answers.get().faults
    assert [row["kind"] for row in fault] == [kind] and fault[0]["at"] == "E9" and fault[0]["label"]


@pytest.mark.parametrize("value", ["1.234", "1 234", 1234, 1234.0])
def test_numbers_are_read_however_they_are_written(place: Place, report: Report, value: object) -> None:
    typist = place.actors["na_hoi_typist"]
    write(typist, hand_up(typist, filled(workbook(typist, report), {place.cells["hoc_sinh"]: value})))
    assert drafts(report) == {place.cells["hoc_sinh"]: 1234}


def test_decimals_of_a_spreadsheet_do_not_count_as_decimals(place: Place, report: Report) -> None:
    typist = place.actors["na_hoi_typist"]
    money = place.cells["kinh_phi"]
    write(typist, hand_up(typist, filled(workbook(typist, report), {money: 0.1 + 0.2})))
    assert drafts(report) == {money: 3}


def test_all_faults_are_told_at_once_and_a_report_with_one_is_left_alone(place: Place, report: Report) -> None:
    typist = place.actors["na_hoi_typist"]
    pupils, girls, money = cells(place, "hoc_sinh", "hoc_sinh_nu", "kinh_phi")
    upload = hand_up(typist, filled(workbook(typist, report), {pupils: "x", girls: -1, money: 12}))
    assert sorted(kinds(upload)) == ["BadCellNumber", "NegativeNumber"]
    with pytest.raises(refusals.NothingToWrite):
        write(typist, upload)
    assert drafts(report) == {}
    write(typist, upload, good_cells=True)
    assert drafts(report) == {money: 120}
    assert upload.workbooks.get().answers.get().outcome == Outcome.PART


def test_an_error_of_excel_is_named(place: Place, report: Report) -> None:
    typist = place.actors["na_hoi_typist"]
    content = filled(workbook(typist, report), {place.cells["hoc_sinh"]: 987654})

    def with_error(name: str, part: bytes) -> bytes:
        return part.replace(b'<c r="E9" s=', b'<c r="E9" t="e" s=').replace(b"<v>987654</v>", b"<f>X1</f><v>#REF!</v>")

    upload = hand_up(typist, patched(content, with_error))
    fault = upload.workbooks.get().answers.get().faults[0]
    assert fault["kind"] == "ErrorInCell" and fault["params"]["text"] == "#REF!" and fault["at"] == "E9"


def patched(content: bytes, change: object) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            part = source.read(name)
            if name.startswith("xl/worksheets/"):
                part = part.replace(b' t="n"', b"")
                part = change(name, part)  # type: ignore[operator]
            copy.writestr(name, part)
    return target.getvalue()


# Rows and pages moved about


def test_rows_are_found_by_their_key(place: Place, report: Report) -> None:
    typist = place.actors["na_hoi_typist"]
    pupils, girls = cells(place, "hoc_sinh", "hoc_sinh_nu")

    def swap(book: openpyxl.Workbook) -> None:
        sheet = pages(book)[0]
        first, second = row_of(sheet, pupils), row_of(sheet, girls)
        sheet.cell(first, 1).value, sheet.cell(second, 1).value = girls, pupils
        sheet.cell(first, VALUE).value, sheet.cell(second, VALUE).value = 240, 500
        sheet.title = "Tên khác"
        sheet.insert_cols(3)

    write(typist, hand_up(typist, edited(workbook(typist, report), swap)))
    assert drafts(report) == {pupils: 500, girls: 240}


def test_deleted_unknown_double_and_added_rows_are_named(place: Place, report: Report) -> None:
    typist = place.actors["na_hoi_typist"]
    pupils, girls, money = cells(place, "hoc_sinh", "hoc_sinh_nu", "kinh_phi")

    def spoil(book: openpyxl.Workbook) -> None:
        sheet = pages(book)[0]
        sheet.cell(row_of(sheet, girls), 1).value = pupils
        sheet.cell(row_of(sheet, money), 1).value = 99999
        sheet.cell(40, VALUE).value = 7

    upload = hand_up(typist, edited(workbook(typist, report), spoil))
    assert sorted(kinds(upload)) == ["RowMissing", "RowMissing", "RowTwice", "StrayNumber", "UnknownRow"]


def test_a_merged_cell_is_named(place: Place, report: Report) -> None:
    typist = place.actors["na_hoi_typist"]

    def merge(book: openpyxl.Workbook) -> None:
        pages(book)[0].merge_cells("E9:E10")

    assert kinds(hand_up(typist, edited(workbook(typist, report), merge))) == ["MergedCell"]


def test_a_hidden_row_is_read_and_said(place: Place, report: Report) -> None:
    typist = place.actors["na_hoi_typist"]

    def hide(book: openpyxl.Workbook) -> None:
        sheet = pages(book)[0]
        sheet.cell(9, VALUE).value = 500
        sheet.row_dimensions[9].hidden = True

    upload = hand_up(typist, edited(workbook(typist, report), hide))
    answer = upload.workbooks.get().answers.get()
    assert answer.changed == 1 and [row["kind"] for row in answer.looks] == ["HiddenRow"]


def test_a_broken_rule_is_a_look_and_no_fault(place: Place, report: Report) -> None:
    typist = place.actors["na_hoi_typist"]
    pupils, girls = cells(place, "hoc_sinh", "hoc_sinh_nu")
    answer = hand_up(typist, filled(workbook(typist, report), {pupils: 10, girls: 20})).workbooks.get().answers.get()
    assert answer.outcome == Outcome.READY and {row["kind"] for row in answer.looks} == {"RuleNotKept"}


# Conflicts


def test_typed_on_both_sides_a_person_decides(place: Place, report: Report) -> None:
    typist = place.actors["na_hoi_typist"]
    pupils, girls = cells(place, "hoc_sinh", "hoc_sinh_nu")
    place.type(report, {"hoc_sinh": "500"})
    book = workbook(typist, report)
    place.type(report, {"hoc_sinh": "510", "hoc_sinh_nu": "200"})
    upload = hand_up(typist, filled(book, {pupils: 520}))
    answer = upload.workbooks.get().answers.get()
    change = answer.cell_changes[0]
    assert (change.was, change.now, change.given, change.conflict) == (500, 510, 520, True)
    assert answer.conflicts == 1 and answer.changed == 0
    write(typist, upload, theirs=[f"{answer.pk}-{pupils}"])
    assert drafts(report) == {pupils: 510, girls: 200}
    upload = hand_up(typist, filled(book, {pupils: 520}))
    write(typist, upload)
    assert drafts(report)[pupils] == 510, "an undecided conflict stays"
    assert upload.workbooks.get().answers.get().outcome == Outcome.PART
    upload = hand_up(typist, filled(book, {pupils: 520}))
    write(typist, upload, mine=[f"{upload.workbooks.get().answers.get().pk}-{pupils}"])
    assert drafts(report) == {pupils: 520, girls: 200}


def test_a_cell_left_as_it_was_filled_says_nothing(place: Place, report: Report) -> None:
    typist = place.actors["na_hoi_typist"]
    book = workbook(typist, report)
    place.type(report, {"hoc_sinh": "510"})
    assert queries.counts(hand_up(typist, book)).changed == 0


def test_typed_between_the_dry_run_and_writing_is_refused(place: Place, report: Report) -> None:
    typist = place.actors["na_hoi_typist"]
    pupils = place.cells["hoc_sinh"]
    upload = hand_up(typist, filled(workbook(typist, report), {pupils: 520}))
    place.type(report, {"hoc_sinh": "510"})
    write(typist, upload)
    answer = upload.workbooks.get().answers.get()
    assert answer.outcome == Outcome.REFUSED and answer.refusal and drafts(report) == {pupils: 510}


# Rights


def test_a_workbook_of_another_unit_is_refused_by_name(place: Place, report: Report) -> None:
    book = filled(workbook(place.actors["na_hoi_typist"], report), {place.cells["hoc_sinh"]: 5})
    upload = hand_up(place.actors["ban_pho_typist"], book)
    assert kinds(upload) == ["ReportUnknown"] and queries.counts(upload).changed == 0


def test_who_types_nowhere_hands_up_nothing(place: Place) -> None:
    with pytest.raises(NotAllowed):
        hand_up(place.actors["viewer"], b"x")


def test_an_upload_is_seen_by_who_made_it(place: Place, report: Report) -> None:
    upload = hand_up(place.actors["na_hoi_typist"], workbook(place.actors["na_hoi_typist"], report))
    with pytest.raises(Upload.DoesNotExist):
        queries.upload_for(place.actors["ban_pho_typist"], upload.pk)


def test_the_commune_enters_for_its_schools_from_a_source(place: Place, round: Round, report: Report) -> None:
    officer = place.actors["officer"]
    pupils, girls = cells(place, "hoc_sinh", "hoc_sinh_nu")
    upload = hand_up(officer, filled(workbook(officer, report), {pupils: 500, girls: 240}))
    assert upload.workbooks.get().answers.get().behalf
    with pytest.raises(refusals.SourceMissing):
        write(officer, upload)
    write(officer, upload, source="Hiệu trưởng gọi điện sáng 19/01")
    assert OnBehalf.objects.get(submission__report=report).source.startswith("Hiệu trưởng")


def test_a_locked_round_takes_nothing(place: Place, round: Round, report: Report) -> None:
    typist = place.actors["na_hoi_typist"]
    book = filled(workbook(typist, report), {place.cells["hoc_sinh"]: 5})
    Round.objects.filter(pk=round.pk).update(locked_at=report.round.at)
    assert kinds(hand_up(typist, book)) == ["Locked"]


# Files


def test_files_that_cannot_be_read_say_why(place: Place, report: Report) -> None:
    typist = place.actors["na_hoi_typist"]
    book = workbook(typist, report)
    plain = io.BytesIO()
    openpyxl.Workbook().save(plain)

    def harm(book: openpyxl.Workbook) -> None:
        book["giaoban"].cell(3, 4).value = "77"

    cases = [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "OldExcel"),
        (b"PK\x03\x04 and then nothing", "Damaged"),
        (book[: len(book) // 2], "Damaged"),
        (b"xin chao", "NotAWorkbook"),
    ]
    for content, kind in cases:
        upload = hand_up(typist, content)
        assert upload.state == State.REFUSED and upload.fault["kind"] == kind
    assert hand_up(typist, book, "so.xlsm").fault["kind"] == "Macros"
    assert kinds(hand_up(typist, plain.getvalue())) == ["NotOurs"]
    assert kinds(hand_up(typist, edited(book, harm))) == ["Harmed"]


def test_of_a_zip_each_file_answers_for_itself(place: Place, round: Round, report: Report) -> None:
    typist = place.actors["na_hoi_typist"]
    good = filled(workbook(typist, report), {place.cells["hoc_sinh"]: 500})
    bomb = zipped([("xl/workbook.xml", b"0" * 5_000_000), ("[Content_Types].xml", b"<Types/>")])
    content = zipped(
        [("a/bom.xlsx", bomb), ("b/trong.zip", zipped([])), ("c.xls", b"\xd0\xcf"), ("d.xlsm", b"PK"),
         ("hỏng.xlsx", good[:900]), ("__MACOSX/x.xlsx", b""), ("tốt.xlsx", good)],
    )  # fmt: skip
    upload = hand_up(typist, content, "nhiều.zip")
    if upload.state == State.READING:
        from giaoban.jobs.working import perform

        perform(upload.read_job)
        upload.refresh_from_db()
    said = {one.name: [row["kind"] for row in one.faults] for one in upload.workbooks.all()}
    assert said == {
        "a/bom.xlsx": ["UnpacksTooLarge"], "b/trong.zip": ["NestedZip"], "c.xls": ["OldExcel"], "d.xlsm": ["Macros"],
        "hỏng.xlsx": ["Damaged"], "tốt.xlsx": [],
    }  # fmt: skip
    assert queries.counts(upload).changed == 1


# Any numbers


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_typed_comes_back(place: Place, data: st.DataObject) -> None:
    from django.db import transaction

    keys = ["hoc_sinh", "hoc_sinh_nu", "bo_hoc[lop=6]", "bo_hoc[lop=7]"]
    whole = st.one_of(st.none(), st.integers(0, 10**14))
    values: dict[int, int | None] = {place.cells[key]: data.draw(whole, key) for key in keys}
    money = data.draw(st.one_of(st.none(), st.integers(0, 10**9)), "money")
    with transaction.atomic():
        typist = place.actors["na_hoi_typist"]
        report = place.report(place.open(), "na_hoi")
        typed = values | {place.cells["kinh_phi"]: None if money is None else money / 10}
        upload = hand_up(typist, filled(workbook(typist, report), typed))
        assert kinds(upload) == []
        wanted = {cell: value for cell, value in values.items() if value is not None}
        wanted |= {} if money is None else {place.cells["kinh_phi"]: money}
        if wanted:
            write(typist, upload)
        assert drafts(report) == wanted
        transaction.set_rollback(True)
