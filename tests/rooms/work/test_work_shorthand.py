"""The line typed in a working session: "@" names who, "#" until when, the rest is the sentence of the notice."""

from __future__ import annotations

from datetime import date

import pytest

from giaoban.documents.naming import Circle, below
from giaoban.work import shorthand
from tests.rooms.work.world import TODAY, World


def read(world: World, text: str) -> shorthand.Line:
    return shorthand.read(text, Circle(TODAY, world.suoi, below(world.suoi, TODAY)), TODAY)


def test_lead_due_and_sentence_are_read_from_one_line(world: World) -> None:
    line = read(world, "@Trường THCS Suối Thử rà soát hồ sơ tuyển sinh #15/3/2026")
    assert line.lead is not None
    assert line.lead.unit_ids == (world.thcs,)
    assert line.due is not None
    assert line.due.on == date(2026, 3, 15)
    assert line.text == "Trường THCS Suối Thử rà soát hồ sơ tuyển sinh trước ngày 15/3/2026"
    assert line.is_task
    (task,) = line.tasks()
    assert (task.lead_id, task.text) == (world.thcs, line.text)


@pytest.mark.parametrize(
    ("said", "kind", "on", "text"),
    [
        (
            "@Phòng Kinh tế xã Suối Thử lập dự toán #quý II/2026.",
            "QUARTER",
            date(2026, 6, 30),
            "lập dự toán quý II/2026.",
        ),
        ("@Phòng Kinh tế xã Suối Thử báo cáo #hằng tháng", "RECURRING", None, "báo cáo hằng tháng"),
        ("@Phòng Kinh tế xã Suối Thử #20/02 nộp báo cáo", "DATE", date(2026, 2, 20), "trước ngày 20/02 nộp báo cáo"),
    ],
)
def test_due_in_words_ends_with_its_sentence_and_a_day_with_itself(
    world: World, said: str, kind: str, on: date | None, text: str
) -> None:
    line = read(world, said)
    assert line.due is not None
    assert (line.due.kind, line.due.on) == (kind, on)
    assert line.text == f"Phòng Kinh tế xã Suối Thử {text}"


def test_further_names_are_partners_and_a_group_leads_in_parts(world: World) -> None:
    line = read(world, "@Các trường học phối hợp với @Phòng Kinh tế xã Suối Thử kiểm kê #28/2/2026")
    assert line.lead is not None
    assert set(line.lead.unit_ids) == {world.mam_non, world.tieu_hoc, world.thcs}
    (task,) = line.tasks()
    assert set(task.part_ids) == {world.mam_non, world.tieu_hoc, world.thcs}
    assert task.partner_ids == (world.kinhte,)
    assert task.group == "Các trường học"


def test_names_without_tones_are_read(world: World) -> None:
    line = read(world, "@truong thcs suoi thu kiểm tra điện nước #31/1/2026")
    assert line.lead is not None
    assert line.lead.unit_ids == (world.thcs,)


def test_what_names_nothing_is_said_and_no_task_is_made(world: World) -> None:
    line = read(world, "@Trường Không Có Thật rà soát #ngày đẹp trời")
    assert not line.is_task
    assert len(line.unknown) == 2
    assert line.tasks() == []


def test_plain_words_are_a_conclusion_without_a_task_and_half_a_task_asks_for_the_rest(world: World) -> None:
    plain = read(world, "Đánh giá cao kết quả học kỳ I.")
    assert (plain.text, plain.tasks(), plain.asks) == ("Đánh giá cao kết quả học kỳ I.", [], ())
    assert read(world, "@Trường THCS Suối Thử rà soát").asks == ("due",)
    assert read(world, "Rà soát #15/3/2026").asks == ("lead",)
    mail = read(world, "Gửi về phonggd@suoithu.gov.vn")
    assert (mail.text, mail.lead, mail.unknown) == ("Gửi về phonggd@suoithu.gov.vn", None, ())
