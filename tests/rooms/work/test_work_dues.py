"""Due times in the words of real plans (calendar.md §6)."""

from __future__ import annotations

from datetime import date

import pytest

from giaoban.work import dues

ON = date(2026, 1, 12)


@pytest.mark.parametrize(
    ("words", "kind", "last"),
    [
        ("trước ngày 15/3/2027", "DATE", date(2027, 3, 15)),
        ("ngày 05 tháng 02 năm 2026", "DATE", date(2026, 2, 5)),
        ("Chậm nhất 30/4", "DATE", date(2026, 4, 30)),
        ("trước 10/01", "DATE", date(2027, 1, 10)),  # already past this year
        ("15/3 năm 2027", "DATE", date(2027, 3, 15)),
        ("trong 05 ngày làm việc", "DATE", date(2026, 1, 19)),
        ("trong vòng 10 ngày", "DATE", date(2026, 1, 22)),
        ("tháng 4/2027", "MONTH", date(2027, 4, 30)),
        ("trong tháng 4 năm 2021", "MONTH", date(2021, 4, 30)),
        ("tháng 2", "MONTH", date(2026, 2, 28)),
        ("Tháng 02/2028", "MONTH", date(2028, 2, 29)),
        ("Quý III/2026", "QUARTER", date(2026, 9, 30)),
        ("Quý IV năm 2027", "QUARTER", date(2027, 12, 31)),
        ("quý 1", "QUARTER", date(2026, 3, 31)),
        ("6 tháng đầu năm 2027", "HALF", date(2027, 6, 30)),
        ("sáu tháng cuối năm", "HALF", date(2026, 12, 31)),
        ("năm 2027", "YEAR", date(2027, 12, 31)),
        ("trong năm", "YEAR", date(2026, 12, 31)),
        ("học kỳ I năm học 2018-2019", "DATE", date(2019, 1, 15)),
        ("học kỳ II năm học 2025-2026", "DATE", date(2026, 5, 31)),
        ("năm học 2018-2019", "DATE", date(2019, 5, 31)),
        ("Thường xuyên", "CONTINUOUS", None),
        ("từ tháng 9/2025", "CONTINUOUS", None),
        ("Theo Thông tư mới", "EVENT", None),
        ("khi có hướng dẫn của Sở", "EVENT", None),
        ("sau khi nghị quyết được ban hành", "EVENT", None),
        ("hằng tháng", "RECURRING", None),
        ("định kỳ quý", "RECURRING", None),
        ("hàng năm", "RECURRING", None),
        ("ngày 20 hằng tháng", "RECURRING", None),
    ],
)
def test_words_give_kind_and_last_day(words: str, kind: str, last: date | None) -> None:
    due = dues.read(words, ON)
    assert (due.kind, due.on) == (kind, last)
    assert due.text == words  # the words as written are kept


@pytest.mark.parametrize(
    ("words", "cycle"),
    [
        ("hằng tuần", "WEEK"),
        ("hàng tháng", "MONTH"),
        ("định kỳ hằng quý", "QUARTER"),
        ("định kỳ 6 tháng", "HALF"),
        ("hằng năm", "YEAR"),
        ("mỗi tháng", "MONTH"),
    ],
)
def test_recurring_words_name_their_cycle(words: str, cycle: str) -> None:
    assert dues.read(words, ON).cycle == cycle


@pytest.mark.parametrize("words", ["trong hè", "sớm", "", "31/02/2026", "tháng 13/2026"])
def test_words_that_name_no_time_are_refused_and_quoted(words: str) -> None:
    with pytest.raises(dues.BadDue) as refused:
        dues.read(words, ON)
    assert f"“{words}”" in str(refused.value)


def test_cycles_are_calendar_cycles() -> None:
    day = date(2026, 2, 11)
    assert dues.cycle_end("WEEK", day) == date(2026, 2, 15)
    assert dues.cycle_end("MONTH", day) == date(2026, 2, 28)
    assert dues.cycle_end("QUARTER", day) == date(2026, 3, 31)
    assert dues.cycle_end("HALF", day) == date(2026, 6, 30)
    assert dues.cycle_end("YEAR", day) == date(2026, 12, 31)
    assert dues.cycle_label("QUARTER", day) == "quý I/2026"


def test_a_day_of_the_month_is_due_on_that_day() -> None:
    due = dues.read("trước ngày 20 hằng tháng", ON)
    assert dues.cycle_due(due, date(2026, 2, 3)) == date(2026, 2, 20)
    assert dues.cycle_due(dues.read("ngày 31 hằng tháng", ON), date(2026, 2, 3)) == date(2026, 2, 28)
    assert dues.cycle_due(dues.read("hằng tháng", ON), date(2026, 2, 3)) == date(2026, 2, 28)
