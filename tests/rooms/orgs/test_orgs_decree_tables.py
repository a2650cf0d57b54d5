"""A decree in a table: every work, every fault by row and column, and files that are no tables."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from fractions import Fraction

import pytest
import xlsxwriter

from giaoban.core.refusal import Invalid
from giaoban.files import opening, tables
from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions, queries, refusals
from giaoban.orgs.decree import Become, Close, Establish, Mark, Move, Reclassify, Recode, Rename, Reopen
from giaoban.orgs.models import MANAGEMENT, PROFESSIONAL, TERRITORY
from tests.world import NOW

NEXT = date(2026, 8, 1)
HEAD = ["Việc", "don_vi", "khoa", "thanh", "ty_le", "can_cu", "loai", "cap_tren", "he", "ma", "thuoc_tinh", "gia_tri"]


def table(rows, delimiter=",", head=HEAD):
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows(
        [head, *([row.get(column, "") for column in head] for row in rows)]
    )
    return written.getvalue().encode()


def workbook(rows, head=HEAD):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    book.add_worksheet("Ghi chú")
    sheet = book.add_worksheet("Quyết định")
    sheet.write_row(1, 0, head)
    for number, row in enumerate(rows, start=2):
        sheet.write_row(number, 0, [row.get(column, "") for column in head])
    book.close()
    return stream.getvalue()


def works(world):
    return [
        {
            "Việc": "thành lập", "don_vi": "Xã Cao Sơn", "loai": "xã", "cap_tren": 99, "ma": 99003,
            "thuoc_tinh": "zone", "gia_tri": "Khu vực II",
        },
        {"Việc": "Nhập", "don_vi": "gso:99003", "thanh": "xã cao sơn"},
        {"Việc": "sáp nhập", "don_vi": "Xã Yên Lập, Tỉnh Mẫu", "thanh": "Xã Cao Sơn"},
        {"Việc": "chia", "don_vi": "99002", "thanh": "dong", "ty_le": "60%", "can_cu": "dân số"},
        {"Việc": "chia", "don_vi": "99002", "thanh": "tay", "ty_le": "2/5", "can_cu": "dân số"},
        {"Việc": "thành lập", "don_vi": "Xã Bình Minh", "khoa": "dong", "loai": "commune", "cap_tren": "99"},
        {"Việc": "thành lập", "don_vi": "Xã Bình Minh", "khoa": "tay", "loai": "commune", "cap_tren": "99"},
        {"Việc": "chuyển", "don_vi": "99001001", "cap_tren": "dong"},
        {"Việc": "chuyển", "don_vi": "99001002", "cap_tren": "không", "he": "Hướng dẫn chuyên môn"},
        {"Việc": "đổi tên", "don_vi": "Phường Hạ", "thanh": "Phường Hạ Long"},
        {"Việc": "đổi loại", "don_vi": f"#{world['thcs']}", "loai": "THPT"},
        {"Việc": "đổi mã", "don_vi": "99001003", "ma": "99001333"},
        {"Việc": "giải thể", "don_vi": "Điểm trường Suối Ba"},
        {"Việc": "thuộc tính", "don_vi": "99005", "thuoc_tinh": "Biên giới", "gia_tri": "dat_lien"},
        {"Việc": "lập lại", "don_vi": "H99.01", "cap_tren": "99", "he": "địa bàn"},
    ]  # fmt: skip


def expected(world):
    area = {TERRITORY: world["province"], MANAGEMENT: world["province"]}
    return [
        Establish("Xã Cao Sơn", "commune", "Xã Cao Sơn", "UBND xã Cao Sơn", "", area, {"gso": "99003"}, {"zone": "II"}),
        Become(world["cao_son"], "Xã Cao Sơn"),
        Become(world["yen_lap"], "Xã Cao Sơn"),
        Establish("dong", "commune", "Xã Bình Minh", "UBND xã Bình Minh", "", area),
        Establish("tay", "commune", "Xã Bình Minh", "UBND xã Bình Minh", "", area),
        Move(world["mam_non"], TERRITORY, "dong"),
        Move(world["mam_non"], MANAGEMENT, "dong"),
        Move(world["tieu_hoc"], PROFESSIONAL, None),
        Rename(world["phuong_ha"], "Phường Hạ Long", "UBND phường Hạ Long"),
        Reclassify(world["thcs"], "upper_secondary"),
        Recode(world["thcs"], "moet", "99001333"),
        Close(world["diem_truong"]),
        Mark(world["phuong_ha"], "border", "dat_lien"),
        Reopen(world["huyen_thuong"], {TERRITORY: world["province"]}),
        Become(world["binh_minh"], "dong", Fraction(3, 5), "population"),
        Become(world["binh_minh"], "tay", Fraction(2, 5), "population"),
    ]


def test_a_table_says_every_work(world):
    rows = works(world)
    assert actions.steps_from_table(table(rows), "quyet-dinh.csv", NEXT) == expected(world)
    assert actions.steps_from_table(table(rows, ";"), "quyet-dinh.csv", NEXT) == expected(world)
    assert actions.steps_from_table(workbook(rows), "quyet-dinh.xlsx", NEXT) == expected(world)


def test_its_steps_can_be_carried_out(world):
    rows = [row for row in works(world) if row["Việc"] not in ("giải thể", "lập lại")]
    steps = actions.steps_from_table(table(rows), "quyet-dinh.csv", NEXT)
    change = actions.carry_out(by=SYSTEM, at=NOW, on=NEXT, steps=steps)
    merged, east, west = queries.founded_by(change)
    assert queries.by_code("99003", NEXT).pk == merged
    assert queries.became(change)[world["binh_minh"]] == [(east, Fraction(3, 5)), (west, Fraction(2, 5))]
    assert queries.parent(world["mam_non"], TERRITORY, NEXT) == east


def test_parts_without_shares_are_equal(world):
    rows = [{"Việc": "chia", "don_vi": "99002", "thanh": text} for text in ("99003", "99005", "99006")]
    steps = actions.steps_from_table(table(rows), "a.csv", NEXT)
    assert {(step.share, step.basis) for step in steps} == {(Fraction(1, 3), "equal")}


def test_all_faults_at_once_by_row_and_column(world):
    actions.rename(by=SYSTEM, at=NOW, on=NEXT, unit=world.thpt, name="Trường THCS Cao Sơn")
    rows = [
        {"Việc": "nhảy", "don_vi": "99002"},
        {"Việc": "thành lập", "loai": "lâu đài", "cap_tren": "77"},
        {"Việc": "đổi tên", "don_vi": "Xã Không Có"},
        {"Việc": "chuyển", "don_vi": "Trường THCS Cao Sơn", "he": "gia phả", "cap_tren": "99"},
        {"Việc": "chia", "don_vi": "99002", "thanh": "99003", "ty_le": "nửa", "can_cu": "bốc thăm"},
        {"Việc": "thuộc tính", "don_vi": "99002", "thuoc_tinh": "zone", "gia_tri": "IX"},
        {"Việc": "chuyển", "don_vi": "99001001"},
    ]
    with pytest.raises(Invalid) as refused:
        actions.steps_from_table(table(rows), "a.csv", NEXT)
    found = [(fault.row, fault.params["column"], type(fault.fault)) for fault in refused.value.faults]
    assert found == [
        (2, "viec", refusals.UnknownVerb),
        (3, "don_vi", refusals.EmptyCell),
        (3, "loai", refusals.UnknownKind),
        (3, "cap_tren", refusals.UnknownUnitWritten),
        (4, "don_vi", refusals.UnknownUnitWritten),
        (4, "thanh", refusals.EmptyCell),
        (5, "don_vi", refusals.SeveralUnits),
        (5, "he", refusals.UnknownHierarchy),
        (6, "ty_le", refusals.BadShare),
        (6, "can_cu", refusals.UnknownBasis),
        (7, "gia_tri", refusals.UnknownValue),
        (8, "cap_tren", refusals.EmptyCell),
    ]


def test_columns_must_be_known(world):
    with pytest.raises(Invalid) as refused:
        actions.steps_from_table(table([], head=["viec", "mau_sac"]), "a.csv", NEXT)
    assert [type(getattr(fault, "fault", fault)) for fault in refused.value.faults] == [
        refusals.UnknownColumn,
        refusals.MissingColumn,
    ]


# Files


def test_cells_come_back_as_they_read():
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["02947", 3.0, 1.5, True, "  Xã Bắc Hà "])
    sheet.write_datetime(1, 0, datetime(2026, 8, 1), book.add_format({"num_format": "dd/mm/yyyy"}))
    book.close()
    assert tables.rows("a.xlsx", stream.getvalue()) == [["02947", "3", "1.5", "TRUE", "Xã Bắc Hà"], ["2026-08-01"]]


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("a.csv", b"  \n", opening.Empty),
        ("a.xls", opening.OLE + bytes(100), tables.NotATable),
        ("a.pdf", b"%PDF-1.7 ...", tables.NotATable),
        ("a.xlsx", b"PK\x03\x04broken", opening.Damaged),
        ("a.xlsm", b"PK\x03\x04", opening.Macros),
        ("a.csv", bytes(range(256)) * 4, tables.NotATable),
        ("a.csv", b"x" * (11 * 2**20), opening.TooLarge),
        ("a.csv", b"," * 300 + b"x", tables.TooManyRows),
    ],
)
def test_what_is_no_table_is_refused(name, content, refusal):
    with pytest.raises(refusal):
        tables.rows(name, content)


def test_a_workbook_that_unpacks_without_end_is_refused():
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "viec")
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    with pytest.raises(opening.NotOpened):
        tables.rows("a.xlsx", stream.getvalue())
