"""The commune's semester review of 27 January 2026, its conclusions, what became of them, and the papers written."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings

from giaoban.analytics import upkeep
from giaoban.demo import cast
from giaoban.demo.play import Tell, moment
from giaoban.demo.story import DATA, WORDS, story
from giaoban.journal.actor import SYSTEM, Actor
from giaoban.orgs.models import Unit
from giaoban.reports import actions as reports
from giaoban.work import actions as work
from giaoban.work.actions import NewTask
from giaoban.work.models import Invitation, Meeting, Task

STORY = story()
PERIOD = "2025-2026.HK1"
SCRIPT = tomllib.loads((DATA / "briefing.toml").read_text(encoding="utf-8"))


def hold(tell: Tell) -> None:
    """Plan, invite, hold, discuss, conclude, issue the notice."""
    unit = cast.commune("02905")
    at = moment(2026, 1, 15)
    officer = cast.acts("cv.baothang", at)
    chair = cast.acts("ct.baothang", at)
    meeting = work.plan_meeting(
        by=officer,
        at=at,
        unit_id=unit.pk,
        kind="so_ket",
        title=SCRIPT["title"],
        starts_at=moment(2026, 1, 27, 8),
        ends_at=moment(2026, 1, 27, 11, 30),
        place=SCRIPT["place"],
        chair_name=chair.name,
        chair_title=chair.title,
        chair_position_id=chair.position_id,
        period_code=PERIOD,
        requirements=SCRIPT["requirements"],
    )
    for item in SCRIPT["item"]:
        work.add_item(by=officer, at=at, meeting=meeting, **item)
    offices = [units_of(name)[0] for name in ("Phòng Văn hóa - Xã hội", "Văn phòng HĐND và UBND", "Phòng Kinh tế")]
    work.invite(by=officer, at=at, meeting=meeting, unit_ids=[*offices, *units_of("schools")])
    work.send_invitations(by=officer, at=moment(2026, 1, 16), meeting=meeting)
    _attend(meeting, officer)
    _discuss(meeting, officer)
    _conclude(meeting, chair)


def _attend(meeting: Meeting, officer: Actor) -> None:
    at = moment(2026, 1, 27, 8)
    work.open_meeting(by=officer, at=at, meeting=meeting)
    meeting.refresh_from_db()
    work.all_present(by=officer, at=at + timedelta(minutes=10), meeting=meeting)
    rows = list(Invitation.objects.filter(meeting=meeting).order_by("pk"))
    exceptions = (
        (rows[-1], {"attendance": "ABSENT", "reason": "Đi công tác theo giấy triệu tập của Sở"}),
        (rows[-2], {"attendance": "SUBSTITUTE", "substitute": "Phó hiệu trưởng"}),
        (rows[5], {"attendance": "LATE"}),
    )
    for row, how in exceptions:
        work.take_attendance(by=officer, at=at + timedelta(minutes=20), invitation=row, **how)


def _discuss(meeting: Meeting, officer: Actor) -> None:
    for number, said in enumerate(SCRIPT["said"]):
        school = next(school for school in STORY.schools if school.key == said["school"])
        work.add_contribution(
            by=officer,
            at=moment(2026, 1, 27, 9, 8 * number),
            meeting=meeting,
            text=said["text"],
            kind=said["kind"],
            unit_id=cast.school_unit(school).pk,
            person="Hiệu trưởng",
        )


def _conclude(meeting: Meeting, chair: Actor) -> None:
    at = moment(2026, 1, 27, 11)
    for one in SCRIPT["conclusion"]:
        work.conclude(by=chair, at=at, meeting=meeting, text=one["text"], heading=one["heading"], tasks=[_task_of(one)])
    work.close_meeting(by=chair, at=moment(2026, 1, 27, 11, 30), meeting=meeting)
    work.issue_notice(
        by=chair,
        at=moment(2026, 1, 28, 14),
        meeting=meeting,
        symbol="15/TB-UBND",
        issued_on=date(2026, 1, 28),
        signer=chair.name,
        signer_title="CHỦ TỊCH",
    )


def _task_of(one: dict[str, Any]) -> NewTask:
    leads, partners = units_of(one["lead"]), units_of(one.get("partners", ""))
    return NewTask(
        text=one["task"],
        due=one["due"],
        lead_id=leads[0] if len(leads) == 1 else None,
        part_ids=leads if len(leads) > 1 else (),
        group=one["heading"] if len(leads) > 1 else "",
        partner_ids=partners,
        deliverable=one.get("deliverable", ""),
    )


def units_of(words: str) -> tuple[int, ...]:
    """All schools, the schools of a kind, or an office of the commune."""
    schools = STORY.commune("02905").schools
    if words == "schools":
        return tuple(cast.school_unit(school).pk for school in schools)
    if words in WORDS:
        return tuple(cast.school_unit(school).pk for school in schools if school.kind == words)
    return (cast.office(cast.commune("02905"), words, STORY.today).pk,) if words else ()


# What became of the tasks


def follow_up(tell: Tell) -> None:
    """Some of September's tasks were done in time, one late, one was given more time, some are overdue."""
    tell("Báo cáo tiến độ, xác nhận, gia hạn")
    for number, task in enumerate(_tasks("trước ngày 15/10/2025")):
        _work_on(task, number)
    _monthly()
    for task in _tasks("trước ngày 23/01/2026"):
        _finish(task, date(2026, 1, 22), "Đã tổng hợp số liệu các trường đã duyệt, trình dự thảo báo cáo.")
    for task in _tasks("trước ngày 20/01/2026"):
        _extend(task)
    tell("Các xã, phường báo cáo việc tỉnh giao")
    for number, task in enumerate(_tasks("trước ngày 30/9/2025", of=cast.province())):
        _commune_answers(task, number)
    for task in _tasks("trước ngày 31/12/2025", of=cast.province()):
        _finish(task, date(2025, 12, 26), "Đã trình UBND tỉnh phương án tuyển dụng.", confirmed_by="pct.tinh")
    for task in _tasks("trước ngày 05/02/2026", of=cast.province()):
        _report(task, 60, date(2026, 1, 28), "Đã có số liệu của các xã duyệt xong; còn chờ một số xã.")


def plan_next(tell: Tell) -> None:
    """The briefing of February: what the semester review left open is on its agenda by itself."""
    at = moment(2026, 1, 29, 8)
    officer, chair = cast.acts("cv.baothang", at), cast.acts("ct.baothang", at)
    meeting = work.plan_meeting(
        by=officer,
        at=at,
        unit_id=cast.commune("02905").pk,
        kind="giao_ban",
        title="Hội nghị giao ban công tác giáo dục tháng 02/2026",
        starts_at=moment(2026, 2, 24, 8),
        ends_at=moment(2026, 2, 24, 10),
        place=SCRIPT["place"],
        chair_name=chair.name,
        chair_title=chair.title,
        chair_position_id=chair.position_id,
    )
    work.invite(by=officer, at=at, meeting=meeting, unit_ids=units_of("schools"))


def _tasks(due_text: str, of: Unit | None = None) -> list[Task]:
    """Binding tasks given by the commune, or by another unit, with these words for their time, in a fixed order."""
    by = of or cast.commune("02905")
    found = Task.objects.filter(assigned_by=by, due_text__icontains=due_text, has_parts=False)
    return list(found.order_by("pk"))


def _work_on(task: Task, number: int) -> None:
    """Of ten schools seven are in time, one is late, one has reported and waits, one has not answered."""
    if number % 10 == 9:
        return
    if number % 10 == 8:
        _report(task, 60, date(2025, 10, 10), "Đã xây dựng dự thảo, đang lấy ý kiến tổ chuyên môn.")
        return
    done = date(2025, 10, 20) if number % 10 == 7 else date(2025, 10, 13)
    _finish(task, done, "Đã ban hành kế hoạch của trường.")


def _monthly() -> None:
    """The monthly report on attendance: every cycle opens on its day and is answered before the month ends."""
    for year, month in ((2025, 10), (2025, 11), (2025, 12), (2026, 1)):
        work.open_cycles(by=SYSTEM, at=moment(year, month, 2))
    for task in Task.objects.filter(parent__due_kind="RECURRING", completed_on=None, due_on__lt=STORY.today):
        assert task.due_on is not None
        _finish(task, task.due_on - timedelta(days=2), "Đã gửi báo cáo chuyên cần, học sinh bỏ học của tháng.")


def _commune_answers(task: Task, number: int) -> None:
    """Of 99 communes most issued their plan in time, some late, one has reported and waits, some have not answered."""
    if number % 25 == 24:
        return
    if number == 40:
        _report(task, 80, date(2025, 9, 29), "Dự thảo kế hoạch đã xin ý kiến, chờ ký ban hành.")
        return
    done = date(2025, 10, 9) if number % 13 == 12 else date(2025, 9, 26)
    _finish(task, done, "Đã ban hành kế hoạch của địa phương.", confirmed_by="pct.tinh")


def _report(task: Task, percent: int, on: date, text: str) -> None:
    at = moment(on.year, on.month, on.day, 10)
    work.report_progress(by=_lead(task, at), at=at, task=task, text=text, percent=percent)


def _finish(task: Task, on: date, text: str, confirmed_by: str = "ct.baothang") -> None:
    at = moment(on.year, on.month, on.day, 10)
    work.propose_done(by=_lead(task, at), at=at, task=task, text=text, evidence_text="Văn bản lưu tại đơn vị")
    task.refresh_from_db()
    leader = cast.acts(confirmed_by, at)
    work.confirm(by=leader, at=at + timedelta(hours=5), task=task)


def _extend(task: Task) -> None:
    at = moment(2026, 1, 16, 10)
    asked = work.ask_extension(
        by=_lead(task, at), at=at, task=task, to_on=date(2026, 2, 15),
        reason="Chờ kết quả khảo sát của hai trường ở thôn xa.",
    )  # fmt: skip
    decided = moment(2026, 1, 17)
    work.decide_extension(
        by=cast.acts("ct.baothang", decided),
        at=decided,
        extension=asked,
        granted=True,
        answer="Đồng ý, không gia hạn thêm.",
    )


def _lead(task: Task, at: datetime) -> Actor:
    """Who answers for the task's lead: a school's head, an officer of the Sở, or the officer of a commune."""
    assert task.lead_id is not None
    return cast.acts(cast.answerable(task.lead_id), at)


# Papers


def write_reports(tell: Tell) -> None:
    """The analytic store, and the two official papers of the commune as files."""
    tell("Dựng kho phân tích")
    upkeep.rebuild()
    at = moment(2026, 1, 29)
    by = cast.acts("cv.baothang", at)
    tell("Viết báo cáo sơ kết và thông báo kết luận")
    review = reports.begin(by=by, at=at, form_code="so-ket", unit_id=cast.commune("02905").pk, period_code=PERIOD)
    review = reports.address(by=by, at=at, report=review, values={"number": 31, "issued_on": STORY.today})
    notice = reports.begin(by=by, at=at, form_code="ket-luan", meeting=Meeting.objects.get(title=SCRIPT["title"]))
    folder = settings.HOME / "bao-cao"
    folder.mkdir(parents=True, exist_ok=True)
    for report in (review, notice):
        issued = reports.issue(by=by, at=at, report=report)
        (folder / reports.file_name(issued)).write_bytes(bytes(issued.file))
