"""Báo cáo tổng hợp hội nghị: the conferences of a unit over a period in one document, with what came of them."""

from __future__ import annotations

from datetime import date

from giaoban.core import period as periods
from giaoban.core.period import Kind
from giaoban.files.official import OfficialDocument
from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.reports.form import Form
from giaoban.reports.hoi_nghi import content
from giaoban.reports.letterhead import Letterhead
from giaoban.reports.models import Report
from giaoban.work.queries.digest import digest


def _compose(report: Report, actor: Actor, on: date, head: Letterhead) -> OfficialDocument:
    people.require(actor, "meeting.view", report.unit_id, on)
    found = digest(report.unit_id, periods.parse(report.period_code), on)
    return content.compose(report, found, head)


FORM = Form(
    code="tong-hop-hoi-nghi",
    label="Báo cáo tổng hợp hội nghị",
    about="Các cuộc họp, hội nghị đã tổ chức: lượt dự, kết luận và nhiệm vụ, kiến nghị, khó khăn, khen thưởng.",
    type_code="BC",
    of_meeting=False,
    compose=_compose,
    slots={
        "mo_dau": "Mở đầu",
        "danh_gia": "Đánh giá chung",
        "kien_nghi": "Đề xuất, kiến nghị",
    },
    periods=(Kind.SEMESTER_1, Kind.SEMESTER_2, Kind.SCHOOL_YEAR, Kind.QUARTER, Kind.CALENDAR_YEAR),
)
