"""Báo cáo sơ kết học kỳ: the review of a unit's semester, written from approved figures, tasks and conclusions."""

from __future__ import annotations

from datetime import date

from giaoban.core import period as periods
from giaoban.files.official import OfficialDocument
from giaoban.journal.actor import Actor
from giaoban.reports.form import Form
from giaoban.reports.letterhead import Letterhead
from giaoban.reports.models import Report
from giaoban.reports.so_ket import content
from giaoban.reports.so_ket.facts import gather, outline


def _compose(report: Report, actor: Actor, on: date, head: Letterhead) -> OfficialDocument:
    facts = gather(actor, report.unit_id, periods.parse(report.period_code), on)
    return content.compose(report, facts, head)


FORM = Form(
    code="so-ket",
    label="Báo cáo sơ kết học kỳ",
    about="Số liệu đã duyệt so với kế hoạch và cùng kỳ, nhiệm vụ theo trạng thái, đơn vị chưa nộp, kết luận còn mở.",
    type_code="BC",
    of_meeting=False,
    compose=_compose,
    slots={
        "mo_dau": "Mở đầu",
        **{section["slot"]: section["title"] for section in outline()["section"]},
        "nhiem_vu": "Nhận xét về thực hiện nhiệm vụ",
        "bao_cao": "Nhận xét về chế độ báo cáo",
        "han_che": "Hạn chế khác và nguyên nhân",
        "phuong_huong": "Phương hướng, nhiệm vụ bổ sung",
        "kien_nghi": "Đề xuất, kiến nghị",
    },
)
