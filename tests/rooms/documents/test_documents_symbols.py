"""Numbers and symbols by the grammars of documents.md §5 and §7."""

from __future__ import annotations

from datetime import date

import pytest

from giaoban.documents import symbols, types
from giaoban.reading import read

DAY = date(2025, 9, 10)


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("29-NQ/TW", "party|NQ|29||TW|2025-09-10"),
        ("21-CTr/HU", "party|CTr|21||HU|2025-09-10"),
        ("06-Ctr/TU", "party|CTr|6||TU|2025-09-10"),
        ("72-NQ-TW", "party|NQ|72||TW|2025-09-10"),
        ("29 – NQ/TW", "party|NQ|29||TW|2025-09-10"),
        ("Số 05-NQ/ĐU", "party|NQ|5||ĐU|2025-09-10"),
        ("43/2019/QH14", "state|QH|43|2019|QH14"),
        ("1211/2016/UBTVQH13", "state|QH|1211|2016|UBTVQH13"),
        ("30/2020/NĐ-CP", "state|NĐ|30|2020|CP"),
        ("85/2016/ND-CP", "state|NĐ|85|2016|CP"),
        ("23/2015/TTLT-BGDĐT-BNV", "state|TTLT|23|2015|BGDĐT-BNV"),
        ("72/VBHN-VPQH", "state|VBHN|72||VPQH"),
        ("12/BC-PGDĐT", "state|BC|12||PGDĐT|2025-09-10"),
        ("281/NQ-CP", "state|NQ|281||CP|2025-09-10"),
        ("1656/NQ-UBTVQH15", "state|NQ|1656||UBTVQH15|2025-09-10"),
        ("4555/BGDĐT-GDPT", "state|CV|4555||BGDĐT-GDPT|2025-09-10"),
        ("3954/UBND-VX", "state|CV|3954||UBND-VX|2025-09-10"),
        ("6791/SNNMT", "state|CV|6791||SNNMT|2025-09-10"),
        ("Số: 05 / KH - UBND", "state|KH|5||UBND|2025-09-10"),
        ("12/BGDDT-QLCL", "state|CV|12||BGDĐT-QLCL|2025-09-10"),
    ],
)
def test_numbers_of_every_grammar_have_their_key(raw: str, key: str) -> None:
    assert symbols.key(symbols.read(raw), DAY) == key


@pytest.mark.parametrize("raw", ["04/11/2013", "2021-2025", "kế hoạch", "", "12/XYZ123/abc"])
def test_what_is_no_number_is_not_read(raw: str) -> None:
    assert symbols.read(raw) is None
    assert symbols.key(None, DAY) == ""


def test_a_normative_number_needs_no_day_and_an_individual_one_does() -> None:
    """The year is the switch: 42/2014/QĐ-TTg is normative, 1671/QĐ-TTg comes again each year."""
    assert symbols.key(symbols.read("42/2014/QĐ-TTg"), DAY) == "state|QĐ|42|2014|TTg"
    assert symbols.key(symbols.read("1671/QĐ-TTg"), DAY) != symbols.key(symbols.read("1671/QĐ-TTg"), date(2026, 9, 10))


def test_the_29_types_of_decree_30_and_what_ended_with_it() -> None:
    now = types.on_day(date(2026, 1, 1), "state", "administrative")
    assert len(now) == 29
    before = {each.name for each in types.on_day(date(2019, 1, 1), "state", "administrative")}
    assert len(before) == 32
    assert before - {each.name for each in now} == {
        "Bản cam kết",
        "Giấy chứng nhận",
        "Giấy đi đường",
        "Giấy biên nhận hồ sơ",
    }
    assert {each.name for each in now} - before == {"Phiếu báo"}


def test_party_types_are_those_of_399() -> None:
    names = {each.name for each in types.on_day(date(2026, 2, 1), "party")}
    expected = (
        "cương lĩnh, điều lệ, chiến lược, nghị quyết, quyết định, chỉ thị, kết luận, quy chế, quy định, thông tri, "
        "hướng dẫn, thông báo, thông cáo, tuyên bố, lời kêu gọi, báo cáo, kế hoạch, quy hoạch, chương trình, đề án, "
        "phương án, dự án, "
        "tờ trình, công văn, biên bản"
    )
    assert {name.lower() for name in names} == set(expected.split(", "))


@pytest.mark.parametrize(
    "raw",
    [
        "29-NQ/TW",
        "06-Ctr/TU",
        "72-NQ-TW",
        "43/2019/QH14",
        "85/2016/ND-CP",
        "12/BC-PGDĐT",
        "4555/BGDĐT-GDPT",
        "6791/SNNMT",
    ],
)
def test_the_register_and_the_reader_know_a_document_by_the_same_key(raw: str) -> None:
    cited = read(f"Thực hiện văn bản số {raw} ngày 10/9/2025 về việc học.")["citations"]
    assert [each["key"] for each in cited] == [symbols.key(symbols.read(raw), DAY)]
