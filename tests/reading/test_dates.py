"""How time is written in Vietnamese, and the conventions by which it gets its last day."""

from datetime import date

import pytest

from giaoban.reading import dates


@pytest.mark.parametrize(
    ("text", "kind", "first", "last"),
    [
        ("ngày 22 tháng 01 năm 2018", dates.DAY, "2018-01-22", "2018-01-22"),
        ("ngày 04/11/2013", dates.DAY, "2013-11-04", "2013-11-04"),
        ("14.5.2018", dates.DAY, "2018-05-14", "2018-05-14"),
        ("08-11-2024", dates.DAY, "2024-11-08", "2024-11-08"),
        ("mùng 3 tháng 2 năm 2026", dates.DAY, "2026-02-03", "2026-02-03"),
        ("từ ngày 13 - 15/9/2023", dates.RANGE, "2023-09-13", "2023-09-15"),
        ("ngày 25, 26/9/2019", dates.RANGE, "2019-09-25", "2019-09-26"),
        ("từ ngày 25/12 đến ngày 10/01/2025", dates.RANGE, "2024-12-25", "2025-01-10"),
        ("ngày 25 và 26 tháng 9 năm 2019", dates.RANGE, "2019-09-25", "2019-09-26"),
        ("tháng 4 năm 2021", dates.MONTH, "2021-04-01", "2021-04-30"),
        ("tháng 2/2024", dates.MONTH, "2024-02-01", "2024-02-29"),
        ("quý ii/2024", dates.QUARTER, "2024-04-01", "2024-06-30"),
        ("quý iv năm 2025", dates.QUARTER, "2025-10-01", "2025-12-31"),
        ("6 tháng đầu năm 2024", dates.HALF, "2024-01-01", "2024-06-30"),
        ("6 tháng cuối năm 2024", dates.HALF, "2024-07-01", "2024-12-31"),
        ("học kỳ i năm học 2018-2019", dates.SEMESTER, "2018-09-05", "2019-01-15"),
        ("học kỳ ii năm học 2018 - 2019", dates.SEMESTER, "2019-01-16", "2019-05-31"),
        ("năm học 2025-2026", dates.SCHOOL_YEAR, "2025-09-05", "2026-05-31"),
        ("năm học 2025 2026", dates.SCHOOL_YEAR, "2025-09-05", "2026-05-31"),
        ("giai đoạn 2021-2025", dates.PHASE, "2021-01-01", "2025-12-31"),
        ("năm 2023", dates.YEAR, "2023-01-01", "2023-12-31"),
    ],
)
def test_written_times(text, kind, first, last):
    (time,) = dates.find(text)
    assert (time.kind, time.first, time.last) == (kind, date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", ["68/73 trường", "9/12 trường", "5-10%", "24/24 giờ", "1.234.567 đồng", "2 buổi/ngày"])
def test_what_is_no_time(text):
    assert dates.find(text) == []


@pytest.mark.parametrize(
    "text", ["Sáng 11.8, các đại biểu", "ngày 11.8, sở", "sáng nay (11/8), tại trường", "chiều qua, 11-8, tại"]
)
def test_days_as_newspapers_write_them(text):
    assert [(time.day, time.month) for time in dates.find(text.lower())] == [(11, 8)]


def test_a_day_without_a_year_gets_it_later():
    (time,) = dates.find("sáng 22/02, tại")
    assert time.last is None
    assert time.in_year(2024).last == date(2024, 2, 22)


@pytest.mark.parametrize(
    ("text", "wrong"), [("ngày 31/4/2025", True), ("ngày 29/02/2023", True), ("29/02/2024", False)]
)
def test_days_that_the_calendar_does_not_have(text, wrong):
    (time,) = dates.find(text)
    assert time.wrong == wrong


def test_a_range_that_runs_backwards():
    (time,) = dates.find("từ ngày 20/5 đến ngày 10/5/2025")
    assert time.wrong


def test_school_year_of_a_day():
    assert dates.school_year(date(2026, 1, 29)) == (2025, 2026)
    assert dates.school_year(date(2025, 9, 5)) == (2025, 2026)
    assert dates.year_in((2025, 2026), 3) == 2026
