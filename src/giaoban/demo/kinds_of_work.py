"""Work of other kinds than a plain task: a draft for another's signature, work handed down, a group half done."""

from __future__ import annotations

from datetime import datetime

from giaoban.demo import cast
from giaoban.demo.briefing import units_of
from giaoban.demo.play import Tell, moment
from giaoban.demo.story import story
from giaoban.journal.actor import Actor
from giaoban.work import actions as work
from giaoban.work.actions import NewTask
from giaoban.work.models import Task

STORY = story()
CODE = "02905"
FIRST = """KẾ HOẠCH
Phổ cập giáo dục, xóa mù chữ năm 2026 trên địa bàn xã (dự thảo lần 1)

1. Huy động trẻ 6 tuổi vào lớp 1 đạt 100%.
2. Duy trì kết quả phổ cập giáo dục mầm non cho trẻ 5 tuổi.
"""
SECOND = (
    FIRST.replace("lần 1", "lần 2") + "3. Huy động trẻ 5 tuổi ra lớp đạt 99,9%; kinh phí bồi dưỡng theo quy định.\n"
)


def do_other_work(tell: Tell) -> None:
    tell("Tham mưu văn bản")
    _draft()
    tell("Giao lại cho các trường")
    _hand_down()
    tell("Việc của nhóm")
    _group()


def _draft() -> None:
    """The office drafts the commune's plan; two of three schools have said what they think of it."""
    at, here = moment(2026, 1, 12), cast.commune(CODE).pk
    chair, officer = cast.acts("ct.baothang", at), cast.acts("cv.baothang", at)
    office, schools = units_of("Phòng Văn hóa - Xã hội")[0], units_of("lower_secondary")[:3]
    task = work.assign(
        by=chair, at=at, unit_id=here,
        task=NewTask(
            text="Tham mưu Kế hoạch phổ cập giáo dục, xóa mù chữ năm 2026 của UBND xã", due="28/02/2026",
            lead_id=office, deliverable="Kế hoạch phổ cập giáo dục, xóa mù chữ năm 2026", issuer_id=here,
            leader="Trưởng phòng Văn hóa - Xã hội", report="hằng tuần",
        ),
    )  # fmt: skip
    _version(task, officer, moment(2026, 1, 15), FIRST, "Bản đầu")
    at = moment(2026, 1, 16)
    work.ask_comments(by=officer, at=at, task=task, unit_ids=schools, due_on=moment(2026, 1, 23).date())
    words = ("", "Đề nghị bổ sung chỉ tiêu huy động trẻ 5 tuổi ra lớp và kinh phí bồi dưỡng.")
    for day, (school, said) in enumerate(zip(schools, words, strict=False)):
        at = moment(2026, 1, 20 + day)
        head = cast.acts(cast.answerable(school), at)
        work.comment(by=head, at=at, task=task, unit_id=school, agrees=not said, text=said)
    _version(task, officer, moment(2026, 1, 26), SECOND, "Tiếp thu ý kiến các trường")


def _version(task: Task, officer: Actor, at: datetime, text: str, note: str) -> None:
    name = f"KH-pho-cap-2026-{at:%d-%m}.txt"
    work.add_version(by=officer, at=at, task=task, file=(name, text.encode()), note=note)


def _hand_down() -> None:
    """The province's task: the commune gives its schools theirs, with an earlier day, and reports every month."""
    at, here = moment(2026, 1, 10), cast.commune(CODE).pk
    task = work.assign(
        by=cast.acts("pct.tinh", at), at=at, unit_id=cast.province().pk,
        task=NewTask(
            text="Rà soát, báo cáo cơ sở vật chất trường học trên địa bàn", due="31/3/2026", lead_id=here,
            deliverable="Báo cáo của UBND xã", report="ngày 20 hằng tháng",
        ),
    )  # fmt: skip
    at = moment(2026, 1, 13)
    below = NewTask(
        text="Rà soát cơ sở vật chất của trường", due="15/3/2026", part_ids=units_of("schools"), group="Các trường học"
    )
    work.hand_down(by=cast.acts("ct.baothang", at), at=at, task=task, new=below)


def _group() -> None:
    """Every school hands in a list; some have, and wait to be confirmed at once."""
    at, here = moment(2026, 1, 12), cast.commune(CODE).pk
    task = work.assign(
        by=cast.acts("ct.baothang", at), at=at, unit_id=here,
        task=NewTask(
            text="Nộp danh sách học sinh nghỉ học dài ngày", due="25/01/2026", part_ids=units_of("schools"),
            group="Các trường học", deliverable="Danh sách",
        ),
    )  # fmt: skip
    at = moment(2026, 1, 22)
    for part in list(task.parts.order_by("pk"))[:12]:
        assert part.lead_id is not None
        who = cast.acts(cast.answerable(part.lead_id), at)
        work.propose_done(by=who, at=at, task=part, text="Đã nộp danh sách.")
