"""Working days of state agencies."""

from __future__ import annotations

from datetime import date

from giaoban.core import calendar
from tests.spec import Page, Table


def _worked(day: str) -> bool:
    found = date.fromisoformat(day)
    return calendar.is_working_day(found, calendar.vietnam(found.year))


def _after(day: str, n: int) -> date:
    found = date.fromisoformat(day)
    return calendar.add_working_days(found, n, calendar.vietnam(found.year))


def _invitation(day: str) -> tuple[date, date]:
    found = date.fromisoformat(day)
    return calendar.invitation_days(found, calendar.vietnam(found.year))


def _next(day: str) -> date:
    found = date.fromisoformat(day)
    return calendar.next_working_day(found, calendar.vietnam(found.year))


PAGE = Page(
    file="working-days.md",
    title="Working days",
    prose="""
State agencies work Monday to Friday, less public holidays, days in lieu and days swapped for a worked Saturday. Lunar
dates and most swaps come from the `holidays` package; rows of `catalogue/working_days.csv`, each with its source, stand
over it.
""",
    tables=[
        Table(
            "Is it worked?",
            ("day", "worked", "why"),
            [
                ("2026-01-01", False, "Tết Dương lịch"),
                ("2026-01-02", False, "swapped for Saturday 10/01/2026"),
                ("2026-01-10", True, "a Saturday worked for 02/01/2026"),
                ("2026-02-16", False, "Tết Nguyên đán"),
                ("2026-02-20", False, "Tết Nguyên đán"),
                ("2026-02-23", True, "the first day after Tết"),
                ("2026-04-27", False, "in lieu of Giỗ Tổ, Sunday 26/4/2026"),
                ("2026-04-30", False, "Ngày Chiến thắng"),
                ("2026-05-01", False, "Quốc tế lao động"),
                ("2026-08-22", True, "a Saturday worked for 31/8/2026"),
                ("2026-08-31", False, "swapped for Saturday 22/8/2026"),
                ("2026-09-02", False, "Quốc khánh"),
                ("2026-11-24", False, "Ngày Văn hóa Việt Nam (NQ 28/2026/QH16)"),
                ("2025-11-24", True, "the year before that resolution"),
                ("2026-11-21", False, "a plain Saturday"),
                ("2025-05-02", False, "swapped for Saturday 26/4/2025"),
                ("2025-04-26", True, "a Saturday worked for 02/5/2025"),
            ],
            lambda day: (_worked(day), REASONS[day]),
        ),
        Table(
            "So many working days after an event",
            ("event", "working days", "last day"),
            [
                ("2026-10-08", 5, "2026-10-15"),
                ("2026-11-19", 5, "2026-11-27"),
                ("2026-12-30", 3, "2027-01-05"),
                ("2026-02-13", 1, "2026-02-23"),
                ("2026-08-21", 1, "2026-08-22"),
                ("2026-10-08", -3, "2026-10-05"),
            ],
            _after,
            inputs=2,
            prose="The day of the event is not counted (BLDS 2015 Điều 147). A conclusion notice is due 5 working days "
            "after the meeting (QĐ 45/2018/QĐ-TTg).",
        ),
        Table(
            "Last day to send an invitation",
            ("meeting", "strict", "lenient"),
            [("2026-10-08", "2026-10-02", "2026-10-05"), ("2026-11-26", "2026-11-19", "2026-11-20")],
            _invitation,
            prose='"At least 03 working days before" can be read two ways; we warn on the stricter, block on neither.',
        ),
        Table(
            "A term that ends on a rest day",
            ("last day", "ends on"),
            [("2026-04-26", "2026-04-28"), ("2026-10-10", "2026-10-12"), ("2026-10-12", "2026-10-12")],
            _next,
            prose="It ends with the next working day (BLDS 2015 Điều 148 khoản 5).",
        ),
        Table(
            "Terms in months",
            ("from", "months", "to"),
            [
                ("2026-01-31", 1, "2026-02-28"),
                ("2028-01-31", 1, "2028-02-29"),
                ("2026-03-15", 3, "2026-06-15"),
                ("2026-12-31", 2, "2027-02-28"),
                ("2026-11-30", 1, "2026-12-30"),
            ],
            lambda day, months: calendar.add_months(date.fromisoformat(day), months),
            inputs=2,
        ),
    ],
)
REASONS = {row[0]: row[2] for row in PAGE.tables[0].rows}
