"""The tracking sheet of the superior level: three lists of what differs, accepted line by line, and filled in."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from giaoban.core.refusal import NotAllowed
from giaoban.documents import actions as documents
from giaoban.documents.models import Document
from giaoban.files import filling
from giaoban.work import actions
from giaoban.work.actions.tasks.recording import GivenHere, NotAbove, follow_list, record_given
from giaoban.work.exchange import answering, tracking
from giaoban.work.exchange.tracking import Compared, NoDay, NoRegister, NothingChosen
from giaoban.work.models import Progress, Task
from tests.rooms.work.annexes import book
from tests.rooms.work.world import TODAY, World, at

NAME = "theo-doi-tuan-2.xlsx"
HEAD = [
    "TT", "Số, ngày văn bản giao", "Trích yếu", "Nội dung nhiệm vụ", "Đơn vị thực hiện", "Thời hạn", "Tình trạng",
    "Kết quả thực hiện", "Văn bản báo cáo",
]  # fmt: skip
PAPER = "215/UBND-VX ngày 06/01/2026"
FIRST = [1, PAPER, "V/v trường học", "Báo cáo học sinh bỏ học", "UBND xã Suối Thử", date(2026, 1, 25), "Đang thực hiện"]
SECOND = [2, "", "", "Bảo đảm bữa ăn bán trú", "UBND các xã", "Quý I/2026", "Đang thực hiện"]
OTHER = [3, "216/UBND-NC ngày 07/01/2026", "V/v khác", "Việc của xã khác", "UBND xã Đồi Thử", "30/01/2026", ""]


def sheet(*rows: list[Any]) -> bytes:
    return book(("Tuần", [["BẢNG THEO DÕI NHIỆM VỤ UBND TỈNH GIAO"], [], HEAD, *rows]))


def compared(world: World, content: bytes, by: Any = None) -> Compared:
    return tracking.compared(by or world.chuyen_vien, NAME, content, world.suoi, TODAY)


def take(world: World, content: bytes, by: Any = None, **keys: Any) -> tuple[int, int, int]:
    return tracking.take_over(
        by=by or world.chuyen_vien, at=at(), unit_id=world.suoi, name=NAME, content=content, **keys
    )


def taken(world: World, *rows: list[Any]) -> list[Task]:
    content = sheet(*rows)
    take(world, content, new=[row.key for row in compared(world, content).new])
    return list(Task.objects.order_by("pk"))


def test_our_lines_become_tasks_the_province_gave_and_its_papers_enter_the_register(world: World) -> None:
    content = sheet(FIRST, SECOND, OTHER)
    found = compared(world, content)
    assert ([row.line.row.no for row in found.new], found.others) == (["1", "2"], 1)
    assert not Task.objects.exists() and not Document.objects.exists(), "nothing changes by being looked at"
    assert take(world, content, new=[row.key for row in found.new]) == (2, 0, 0)
    first, second = Task.objects.order_by("pk")
    paper = Document.objects.get()
    assert (paper.symbol, paper.issued_on, paper.issuer_unit_id) == ("215/UBND-VX", date(2026, 1, 6), world.province)
    assert (paper.direction, paper.owner_unit_id, paper.subject) == ("IN", world.suoi, "V/v trường học")
    assert (first.assigned_by_id, first.lead_id, first.due_on) == (world.province, world.suoi, date(2026, 1, 25))
    assert (first.document, second.document, first.binds_on) == (paper, paper, TODAY)
    assert (second.due_on, second.relation) == (date(2026, 3, 31), "ASSIGN")


def test_a_registered_paper_is_linked_not_entered_again(world: World) -> None:
    paper = documents.register(
        by=world.van_thu, at=at(), owner_id=world.suoi, direction="IN", symbol="215/UBND-VX", issuer_id=world.province,
        issued_on=date(2026, 1, 6), subject="Đã vào sổ",
    )  # fmt: skip
    (task,) = taken(world, FIRST)
    assert (task.document, Document.objects.count()) == (paper, 1)


def test_the_next_week_changes_nothing_by_itself(world: World) -> None:
    first, second = taken(world, FIRST, SECOND)
    moved = [*FIRST[:5], date(2026, 2, 10), "Đang thực hiện"]
    ended = [*SECOND[:6], "Đã hoàn thành"]
    more = [4, PAPER, "V/v trường học", "Việc mới", "UBND xã Suối Thử", "28/02/2026", ""]
    content = sheet(moved, ended, more)
    found = compared(world, content)
    assert [row.line.row.work for row in found.new] == ["Việc mới"]
    assert [row.task for row in found.redated] == [first]
    assert [row.task for row in found.seen_otherwise] == [second]
    assert take(world, content, new=[found.new[0].key]) == (1, 0, 0)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.due_on == date(2026, 1, 25) and second.completed_on is None, "only what was ticked"
    counts = take(world, content, dates=[found.redated[0].key], done=[found.seen_otherwise[0].key])
    assert counts == (0, 1, 1)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.due_on, first.first_due_on) == (date(2026, 2, 10), date(2026, 1, 25)), "the first day is kept"
    assert first.diary.filter(kind=Progress.Kind.REWORDED, text__contains="25/01/2026").exists()
    assert (second.completed_on, second.percent) == (TODAY, 100)
    again = compared(world, content)
    assert (again.new, again.redated, again.seen_otherwise, again.same) == ([], [], [], 3)
    with pytest.raises(NothingChosen):
        take(world, content, new=["0.3"], dates=["0.3"], done=["0.3"])


def test_a_task_given_within_this_system_is_shown_and_not_moved(world: World) -> None:
    """Its giver works here: a sheet typed elsewhere neither dates nor ends it."""
    paper = documents.register(
        by=world.van_thu, at=at(), owner_id=world.suoi, direction="IN", symbol="215/UBND-VX", issuer_id=world.province,
        issued_on=date(2026, 1, 6), subject="x", addressee_ids=[],
    )  # fmt: skip
    task = actions.assign(
        by=world.chu_tich_tinh, at=at(), unit_id=world.province,
        task=actions.NewTask(text=FIRST[3], due="30/01/2026", lead_id=world.suoi),
    )  # fmt: skip
    Task.objects.filter(pk=task.pk).update(document=paper)
    content = sheet([*FIRST[:6], "Đã hoàn thành"])
    found = compared(world, content)
    assert ([row.task for row in found.redated], found.new) == ([task], [])
    key = found.redated[0].key
    with pytest.raises(NothingChosen):
        take(world, content, dates=[key], done=[key])
    with pytest.raises(GivenHere):
        follow_list(by=world.chuyen_vien, at=at(), task=task, file_name=NAME, done=True)


def test_only_ones_own_unit_is_bound_and_only_by_one_above(world: World) -> None:
    paper = documents.register(
        by=world.van_thu, at=at(), owner_id=world.suoi, direction="IN", symbol="9/UBND", issuer_text="UBND xã Đồi Thử",
        issued_on=TODAY, subject="x",
    )  # fmt: skip
    new = actions.NewTask(text="Việc", due="30/01/2026", lead_id=world.suoi)
    more = {"document": paper, "no": "", "section": "", "file_name": NAME, "at": at()}
    with pytest.raises(NotAbove):
        record_given(by=world.chuyen_vien, giver_id=world.doi, task=new, **more)
    with pytest.raises(NotAbove):
        record_given(by=world.chuyen_vien, giver_id=world.suoi, task=new, **more)
    with pytest.raises(NotAllowed):
        record_given(by=world.chu_tich_doi, giver_id=world.province, task=new, **more)
    with pytest.raises(NotAllowed):
        compared(world, sheet(FIRST), by=world.hieu_truong)
    with pytest.raises(NotAllowed):
        take(world, sheet(FIRST), by=world.chu_tich_doi, new=["0.3"])


def test_faults_are_named_by_their_cells(world: World) -> None:
    rows = [
        [1, "Chỉ đạo miệng", "x", "Việc một", "UBND xã Suối Thử", "30/01/2026", ""],
        [2, "300/UBND-VX", "x", "Việc hai", "UBND xã Suối Thử", "30/01/2026", ""],
        [3, PAPER, "x", "Việc ba", "UBND xã Suối Thử", "chưa rõ", ""],
        [4, PAPER, "x", "Việc bốn", "Tổ công tác 35", "30/01/2026", ""],
    ]
    found = compared(world, sheet(*rows))
    assert [fault.at for row in found.faulty for fault in row.faults] == ["B4", "B5", "F6", "E7"]
    assert isinstance(found.faulty[1].faults[0].why, NoDay)
    assert found.questions == {"Tổ công tác 35": ["E7"]}
    leader = compared(world, sheet(FIRST), by=world.chu_tich)
    assert isinstance(leader.faulty[0].faults[0].why, NoRegister), "a leader keeps no register"


def test_the_sheet_goes_back_with_our_results_in_its_own_columns(world: World) -> None:
    first, _second = taken(world, FIRST, SECOND)
    answer = documents.register(
        by=world.van_thu, at=at(), owner_id=world.suoi, direction="OUT", symbol="18/BC-UBND",
        issued_on=TODAY, subject="Báo cáo",
    )  # fmt: skip
    actions.report_progress(
        by=world.chuyen_vien, at=at(), task=first, text="Đã rà soát 5/6 thôn", percent=80, evidence_document=answer
    )
    content = sheet(FIRST, SECOND, OTHER)
    copy = openpyxl.load_workbook(io.BytesIO(answering.filled(content, compared(world, content), TODAY)))["Tuần"]
    assert [copy.cell(4, column).value for column in (7, 8, 9)] == [
        "Đang thực hiện, trong hạn",
        "Đã rà soát 5/6 thôn (80%)",
        "Báo cáo số 18/BC-UBND ngày 12/1/2026",
    ]
    assert copy["G6"].value in ("", None) and copy["D6"].value == OTHER[3], "another unit's line stays as it was"
    assert (copy["A1"].value, copy["F4"].value.date()) == ("BẢNG THEO DÕI NHIỆM VỤ UBND TỈNH GIAO", date(2026, 1, 25))


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("Công văn số 1234/UBND-VX ngày 05/3/2026", "1234/UBND-VX"),
        ("215/UBND-VX", "215/UBND-VX"),
        ("số: 12/KH-UBND, ngày 5/1/2026", "12/KH-UBND"),
        ("Ý kiến của Chủ tịch", ""),
    ],
)
def test_the_number_in_a_cell(cell: str, number: str) -> None:
    assert tracking.named(cell) == number


def test_filling_keeps_formulas_and_puts_in_cells_that_are_not_there() -> None:
    content = book(("A", [["x", "=1+1"], ["y"]]))
    copy = openpyxl.load_workbook(
        io.BytesIO(
            filling.filled(content, {("A", "B1"): "z", ("A", "D2"): "<b>&", ("A", "C9"): "mới", ("B", "A1"): "?"})
        )
    )["A"]
    assert (copy["B1"].value, copy["D2"].value, copy["C9"].value, copy["A1"].value) == ("=1+1", "<b>&", "mới", "x")
