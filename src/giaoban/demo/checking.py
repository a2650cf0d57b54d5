"""The Sở and the commune plan their checks of 2026, and both mean to go to the same schools."""

from __future__ import annotations

from giaoban.demo import cast
from giaoban.demo.briefing import units_of
from giaoban.demo.play import Tell, moment
from giaoban.work.actions import awards, checks
from giaoban.work.models import Meeting

CODE, YEAR = "02905", 2026


def plan_the_year(tell: Tell) -> None:
    """Two drafts, with two schools that both want to see in March."""
    at, so = moment(2026, 1, 14), cast.department().pk
    officer = cast.acts("cv.so", at)
    checks.plan_line(
        by=officer, at=at, unit_id=so, year=YEAR, subject="Quản lý dạy thêm, học thêm và thu chi đầu năm",
        topic="FINANCE", time="tháng 3/2026", unit_ids=units_of("lower_secondary")[:2], group="Các trường THCS (2)",
    )  # fmt: skip
    at, here = moment(2026, 1, 20), cast.commune(CODE).pk
    officer = cast.acts("cv.baothang", at)
    checks.plan_line(
        by=officer, at=at, unit_id=here, year=YEAR, subject="Thu, chi và công khai tài chính", topic="FINANCE",
        time="tháng 3/2026", unit_ids=units_of("lower_secondary")[:4], group="Các trường THCS (4)",
    )  # fmt: skip
    checks.plan_line(
        by=officer, at=at, unit_id=here, year=YEAR, subject="Tổ chức ăn bán trú", topic="BOARDING",
        time="tháng 4/2026", unit_ids=units_of("preschool")[:5], group="Các trường mầm non (5)",
    )  # fmt: skip


def commend(tell: Tell) -> None:
    """Two schools are commended at the semester review."""
    at, here = moment(2026, 1, 27, 11), cast.commune(CODE).pk
    meeting = Meeting.objects.get(unit_id=here, kind="so_ket")
    officer, chair = cast.acts("cv.baothang", at), cast.acts("ct.baothang", at)
    proposed = [
        awards.propose(
            by=officer, at=at, unit_id=here, kind="giay_khen", to_id=unit, meeting=meeting,
            reason="Thành tích xuất sắc trong duy trì sĩ số học kỳ I năm học 2025-2026",
        )
        for unit in units_of("primary")[1:3]
    ]  # fmt: skip
    awards.give(by=chair, at=at, awards=proposed, symbol="47/QĐ-UBND", decided_on=at.date())
