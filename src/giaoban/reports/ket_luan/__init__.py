"""Thông báo kết luận: what a meeting concluded, with its tasks, signed by order of the chair."""

from __future__ import annotations

from datetime import date

from giaoban.files.official import OfficialDocument
from giaoban.journal.actor import Actor
from giaoban.reports.form import Form
from giaoban.reports.ket_luan import content
from giaoban.reports.ket_luan.facts import gather
from giaoban.reports.letterhead import Letterhead
from giaoban.reports.models import Report


def _compose(report: Report, actor: Actor, on: date, head: Letterhead) -> OfficialDocument:
    assert report.meeting is not None  # a constraint of the table holds it
    return content.compose(report, gather(report.meeting), head)


FORM = Form(
    code="ket-luan",
    label="Thông báo kết luận cuộc họp",
    about="Tình hình, hạn chế và nhiệm vụ đã kết luận, kèm phụ lục phân công; ký thừa lệnh người chủ trì.",
    type_code="TB",
    of_meeting=True,
    compose=_compose,
    slots={
        "tinh_hinh": "Tình hình, đánh giá",
        "han_che": "Hạn chế, rút kinh nghiệm",
        "yeu_cau": "Yêu cầu chung",
    },
)
