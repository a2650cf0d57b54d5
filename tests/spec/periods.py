"""Reporting periods, as the law cuts them."""

from __future__ import annotations

from datetime import date

from giaoban.core import period
from tests.spec import Page, Table


def _dates(code: str) -> tuple[str, date, date, date]:
    found = period.parse(code)
    assert found.code == code, "a code round-trips"
    return found.label, found.start, found.last_day, found.data_day


def _neighbours(code: str) -> tuple[object, object]:
    found = period.parse(code)
    return found.previous(), found.same_last_year()


def _of_day(kind: str, day: str) -> period.Period:
    return period.on_day(period.Kind(kind), date.fromisoformat(day))


def _due(words: str) -> date:
    known = {
        "tháng 4/2027": period.month_end(2027, 4),
        "tháng 2/2028": period.month_end(2028, 2),
        "Quý III/2026": period.quarter_end(2026, 3),
        "6 tháng đầu năm 2027": period.half_end(2027, 1),
        "năm 2027": period.year_end(2027),
        "học kỳ I năm học 2026-2027": period.semester_end(2026, 1),
        "năm học 2026-2027": period.semester_end(2026, 2),
    }
    return known[words]


PAGE = Page(
    file="periods.md",
    title="Reporting periods",
    prose="""
A period is a value: a kind, a first day, a last day, and the *data day* on which its figures close. Every period ends
with its data day, and the map of the data day is what "as it was" means. Kinds are never converted into one another.
""",
    tables=[
        Table(
            "Codes and windows",
            ("code", "label", "first day", "last day", "data day"),
            [
                ("2025-2026", "Năm học 2025-2026", "2025-08-01", "2026-05-31", "2026-05-31"),
                ("2025-2026.DN", "Đầu năm học 2025-2026", "2025-06-01", "2025-09-30", "2025-09-30"),
                ("2025-2026.HK1", "Học kỳ I năm học 2025-2026", "2025-08-01", "2026-01-15", "2026-01-15"),
                ("2025-2026.HK2", "Học kỳ II năm học 2025-2026", "2026-01-16", "2026-05-31", "2026-05-31"),
                ("2025-2026.CN", "Cuối năm học 2025-2026", "2025-10-01", "2026-05-31", "2026-05-31"),
                ("2026-01", "Tháng 1/2026", "2025-12-15", "2026-01-14", "2026-01-14"),
                ("2026-03", "Tháng 3/2026", "2026-02-15", "2026-03-14", "2026-03-14"),
                ("2026-Q1", "Quý I/2026", "2025-12-15", "2026-03-14", "2026-03-14"),
                ("2026-Q2", "Quý II/2026", "2026-03-15", "2026-06-14", "2026-06-14"),
                ("2026-Q3", "Quý III/2026", "2026-06-15", "2026-09-14", "2026-09-14"),
                ("2026-Q4", "Quý IV/2026", "2026-09-15", "2026-12-14", "2026-12-14"),
                ("2026-H1", "6 tháng đầu năm 2026", "2025-12-15", "2026-06-14", "2026-06-14"),
                ("2026-H2", "6 tháng cuối năm 2026", "2026-06-15", "2026-12-14", "2026-12-14"),
                ("2026-BC", "Năm báo cáo 2026", "2025-12-15", "2026-12-14", "2026-12-14"),
                ("2026", "Năm 2026", "2026-01-01", "2026-12-31", "2026-12-31"),
                ("2026-03-15..2026-03-20", "Từ 15/3/2026 đến 20/3/2026", "2026-03-15", "2026-03-20", "2026-03-20"),
            ],
            _dates,
            prose="Months, quarters, halves and report years are those of NĐ 09/2019/NĐ-CP Điều 12; the start and end "
            "of the school year close on 30/9 and 31/5 (TT 25/2024/TT-BGDĐT). Cut-offs never move to a working day.",
        ),
        Table(
            "The period before, and the same period of last year",
            ("code", "previous", "last year"),
            [
                ("2025-2026", "2024-2025", "2024-2025"),
                ("2025-2026.HK1", "2024-2025.HK1", "2024-2025.HK1"),
                ("2026-01", "2025-12", "2025-01"),
                ("2026-Q1", "2025-Q4", "2025-Q1"),
                ("2026-H2", "2026-H1", "2025-H2"),
                ("2026-BC", "2025-BC", "2025-BC"),
                ("2026", "2025", "2025"),
                ("2026-03-15..2026-03-20", None, None),
            ],
            _neighbours,
            prose="Both stay inside the kind: the semester before a first semester is the first semester of last year.",
        ),
        Table(
            "The period a day belongs to",
            ("kind", "day", "period"),
            [
                ("SCHOOL_YEAR", "2025-08-01", "2025-2026"),
                ("SCHOOL_YEAR", "2026-07-15", "2025-2026"),
                ("SEMESTER_1", "2026-01-29", "2025-2026.HK1"),
                ("SEMESTER_2", "2026-01-29", "2025-2026.HK2"),
                ("MONTH", "2026-03-14", "2026-03"),
                ("MONTH", "2026-03-15", "2026-04"),
                ("MONTH", "2026-12-15", "2027-01"),
                ("QUARTER", "2026-12-15", "2027-Q1"),
                ("CALENDAR_YEAR", "2026-12-31", "2026"),
            ],
            _of_day,
            inputs=2,
            prose="It is the latest one of the kind that has started.",
        ),
        Table(
            "The latest day ministries and UBND tỉnh report to the Government",
            ("code", "latest day"),
            [("2026-03", "2026-03-25"), ("2026-Q3", "2026-09-25"), ("2026-BC", "2026-12-25"), ("2025-2026.HK1", None)],
            lambda code: period.parse(code).latest_submission,
            prose="NĐ 09/2019/NĐ-CP Điều 13 khoản 1: day 25 of the last month of the period.",
        ),
        Table(
            "Due dates follow the plain calendar",
            ("words", "due on"),
            [
                ("tháng 4/2027", "2027-04-30"),
                ("tháng 2/2028", "2028-02-29"),
                ("Quý III/2026", "2026-09-30"),
                ("6 tháng đầu năm 2027", "2027-06-30"),
                ("năm 2027", "2027-12-31"),
                ("học kỳ I năm học 2026-2027", "2027-01-15"),
                ("năm học 2026-2027", "2027-05-31"),
            ],
            _due,
        ),
        Table(
            "Several at once",
            ("written", "periods"),
            [
                ("2025, 2026", "2025 2026"),
                ("2014:2016", "2014 2015 2016"),
                ("2025-11:2026-02", "2025-11 2025-12 2026-01 2026-02"),
                ("2024-2025.HK1:2025-2026.HK1", "2024-2025.HK1 2025-2026.HK1"),
            ],
            lambda written: " ".join(found.code for found in period.parse_many(written)),
        ),
        Table(
            "What is no period",
            ("written", "refusal"),
            [
                (written, period.BadPeriod.sentence % {"text": written})
                for written in ("2025-2027", "2025-2026.HK3", "2026-13", "2026-Q5", "2026-02-30..2026-03-01", "năm nay")
            ],
            period.parse,
        ),
    ],
)
