"""An assignment annex taken in: what each row becomes, each fault at its cell, nothing twice, all or nothing."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from giaoban.core.refusal import NotAllowed
from giaoban.documents import actions as documents
from giaoban.documents.models import Document
from giaoban.files import opening
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from giaoban.orgs import actions as orgs
from giaoban.orgs.models import MANAGEMENT, TERRITORY, Unit
from giaoban.work import actions
from giaoban.work.exchange import layouts, lines, marking, taking
from giaoban.work.exchange.lines import NoColumns, TooManyRows
from giaoban.work.exchange.taking import CannotBeGiven, NothingNew, Source
from giaoban.work.models import TableLayout, Task
from giaoban.work.refusals import NoLead
from tests.rooms.work.annexes import OFFICES, ROOMS, book, paper
from tests.rooms.work.world import TODAY, World, at

NAME = "phu-luc.xlsx"
FIRST = [1, "Rà soát học sinh bỏ học", "Trường THCS Suối Thử", "Phòng Văn hóa - Xã hội", date(2026, 1, 30), "Báo cáo"]
SECOND = [2, "Tổng hợp kinh phí năm học", "Phòng Kinh tế", "", "Quý II/2026", "Tờ trình", "Đ/c Nguyễn Văn Suối"]


@pytest.fixture
def plan(world: World) -> Document:
    return documents.register(
        by=world.van_thu,
        at=at(),
        owner_id=world.suoi,
        direction="OUT",
        symbol="12/KH-UBND",
        issued_on=date(2026, 1, 5),
        subject="Kế hoạch năm học",
        text="Giao các đơn vị:\n1. Rà soát học sinh bỏ học\n2. Việc khác",
    )


def tried(world: World, content: bytes, name: str = NAME, **source: Any) -> taking.Trial:
    return taking.tried(by=world.chuyen_vien, at=at(), name=name, content=content, source=Source(world.suoi, **source))


def taken(world: World, content: bytes, name: str = NAME, **source: Any) -> list[Task]:
    return taking.take_in(
        by=world.chuyen_vien, at=at(), name=name, content=content, source=Source(world.suoi, **source)
    )


def test_every_row_becomes_a_task_of_the_document(world: World, plan: Document) -> None:
    made = taken(world, book(("Phụ lục", [["PHỤ LỤC PHÂN CÔNG"], [], OFFICES, FIRST, SECOND])), document=plan)
    first, second = made
    assert (first.text, first.lead_id, first.due_on, first.deliverable) == (
        FIRST[1],
        world.thcs,
        date(2026, 1, 30),
        "Báo cáo",
    )
    assert [partner.unit_id for partner in first.partners.all()] == [world.vhxh]
    assert plan.text[first.start : first.end] == first.text, "the sentence of the document that says it"
    assert (second.lead_id, second.due_kind, second.due_on) == (world.kinhte, "QUARTER", date(2026, 6, 30))
    assert (second.leader, second.due_text, second.document) == ("Đ/c Nguyễn Văn Suối", "Quý II/2026", plan)
    assert second.start is None, "the text does not say it"
    assert {task.binds_on for task in made} == {TODAY} and {task.assigned_by_id for task in made} == {world.suoi}
    event = Event.objects.get(verb="task.import")
    assert event.data["tasks"] == [first.pk, second.pk]


def test_the_other_column_set_with_spans_of_time(world: World) -> None:
    rows = [
        ROOMS,
        [1, "Kiểm kê thiết bị", "Đ/c Phó Chủ tịch", "Phòng Kinh tế", "nt", "01/02/2026 - 15/3/2026", "Biên bản"],
        [2, "Sơ kết học kỳ", "nt", "Phòng Văn hóa - Xã hội", "Trường THCS Suối Thử", "Quý I – II/2026", ""],
        [3, "Trực ban", "nt", "Phòng Kinh tế", "", "Thường xuyên", ""],
    ]
    first, second, third = taken(world, book(("T", rows)))
    assert (first.due_on, first.due_text, first.deliverable) == (
        date(2026, 3, 15),
        "01/02/2026 - 15/3/2026",
        "Biên bản",
    )
    assert (second.due_on, second.leader) == (date(2026, 6, 30), "Đ/c Phó Chủ tịch")
    assert (third.due_kind, third.due_on) == ("CONTINUOUS", None)


def test_a_word_file_says_the_same(world: World, plan: Document) -> None:
    rows = [OFFICES, ["1", FIRST[1], FIRST[2], FIRST[3], "30/01/2026", "Báo cáo", ""]]
    wrong = tried(world, paper([*rows, ["2", "Việc lỗi", "Phòng Kinh tế", "", "bao giờ", "", ""]]), "a.docx")
    assert [fault.at for row in wrong.rows for fault in row.faults] == ["dòng 3, cột 5"], "Word has no addresses"
    assert not wrong.file.marks
    (made,) = taken(world, paper(rows), "phu-luc.docx", document=plan)
    assert (made.lead_id, made.due_on) == (world.thcs, date(2026, 1, 30))


def test_a_group_and_several_leads_fan_out(world: World) -> None:
    rows = [
        OFFICES,
        [1, "Báo cáo sĩ số", "Các trường học", "", "31/01/2026"],
        [
            2,
            "Trực Tết",
            "Phòng Kinh tế\nPhòng Văn hóa - Xã hội",
            "Trường THCS Suối Thử; Trường Tiểu học Suối Thử",
            "15/02/2026",
        ],
    ]
    group, several = taken(world, book(("T", rows)))
    assert group.group == "Các trường học" and group.has_parts
    assert set(group.parts.values_list("lead_id", flat=True)) == {world.mam_non, world.tieu_hoc, world.thcs}
    assert set(several.parts.values_list("lead_id", flat=True)) == {world.kinhte, world.vhxh}
    assert {partner.unit_id for partner in several.parts.first().partners.all()} == {world.thcs, world.tieu_hoc}


def test_sections_are_kept_and_name_who_leads_below_them(world: World) -> None:
    rows = [OFFICES, ["I", "Phòng Kinh tế"], [1, "Lập dự toán", "", "", "30/01/2026"], ["II", "Công tác khác"], FIRST]
    first, second = taken(world, book(("T", rows)))
    assert (first.lead_id, first.table_row.section) == (world.kinhte, "I Phòng Kinh tế")
    assert (second.lead_id, second.table_row.section, second.table_row.no) == (world.thcs, "II Công tác khác", "1")


def test_every_fault_is_named_by_its_cell_at_once(world: World) -> None:
    rows = [
        ["PHỤ LỤC"],
        OFFICES,
        FIRST,
        [2, "Việc không rõ ai", "Phòng Kế toán vũ trụ", "", "30/01/2026"],
        [3, "Việc không rõ hạn", "Phòng Kinh tế", "Trường Không Có", "lúc nào rảnh"],
        [4, "Việc không ai làm", "", "", "30/01/2026"],
        [5, "Việc không hạn", "Phòng Kinh tế", "", ""],
        [6, "Sản phẩm dài", "Phòng Kinh tế", "", "30/01/2026", "x" * 301],
    ]
    content = book(("Phân công", rows))
    trial = tried(world, content)
    assert [fault.at for row in trial.rows for fault in row.faults] == ["C4", "D5", "E5", "C6", "E7", "F8"]
    assert [row.line.row.no for row in trial.new] == ["1"]
    assert trial.questions == {"Phòng Kế toán vũ trụ": ["C4"], "Trường Không Có": ["D5"]}
    assert not Task.objects.exists(), "a trial keeps nothing"
    copy = openpyxl.load_workbook(io.BytesIO(marking.annotated(content, trial)))
    assert "lúc nào rảnh" in copy["Phân công"]["E5"].comment.text
    assert copy["Phân công"]["B5"].value == "Việc không rõ hạn", "it is the person's own file"


def test_a_name_said_once_is_known_from_then_on(world: World) -> None:
    rows = [OFFICES, [1, "Báo cáo", "Tổ một cửa", "", "30/01/2026"]]
    assert tried(world, book(("T", rows))).questions == {"Tổ một cửa": ["C2"]}
    orgs.remember_name(
        by=world.chuyen_vien, at=at(), text="Tổ một cửa", unit_ids=[world.kinhte], near_id=world.suoi, since=TODAY
    )
    (made,) = taken(world, book(("T", rows)))
    assert made.lead_id == world.kinhte


def test_the_same_file_twice_gives_only_what_is_new(world: World, plan: Document) -> None:
    taken(world, book(("T", [OFFICES, FIRST, SECOND])), document=plan)
    again = book(("T", [OFFICES, SECOND, FIRST, [3, "Việc thêm", "Phòng Kinh tế", "", "30/01/2026"]]))
    trial = tried(world, again, document=plan)
    assert ([row.line.row.no for row in trial.new], len(trial.known)) == (["3"], 2)
    assert len(taken(world, again, document=plan)) == 1
    with pytest.raises(NothingNew):
        taken(world, again, document=plan)
    assert len(tried(world, again).new) == 3, "of another document, or none, they are other tasks"
    twice = book(("T", [OFFICES, FIRST, [2, FIRST[1], "Trường Tiểu học Suối Thử", "", "30/01/2026"]]))
    (row,) = tried(world, twice, document=plan).new
    assert row.lead.units == (world.tieu_hoc,), "the same words for somebody else are one more task"


def test_a_task_called_off_can_be_given_again(world: World, plan: Document) -> None:
    (made,) = taken(world, book(("T", [OFFICES, FIRST])), document=plan)
    actions.call_off(by=world.chu_tich, at=at(), task=made, reason="Giao nhầm")
    assert len(tried(world, book(("T", [OFFICES, FIRST])), document=plan).new) == 1


def test_only_chosen_rows_are_given(world: World) -> None:
    content = book(("T", [OFFICES, FIRST, SECOND]))
    key = tried(world, content).rows[1].key
    made = taking.take_in(
        by=world.chuyen_vien, at=at(), name=NAME, content=content, source=Source(world.suoi), keys={key}
    )
    assert [task.text for task in made] == [SECOND[1]]


def test_one_row_that_cannot_be_given_stops_all(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal nobody could foresee names its row, and nothing is kept."""
    content = book(("T", [OFFICES, FIRST, [2, "Việc xấu", "Phòng Kinh tế", "", "30/01/2026"]]))
    give = actions.assign

    def assign(**given: Any) -> Task:
        if given["task"].text == "Việc xấu":
            raise NoLead()
        return give(**given)

    monkeypatch.setattr(taking.actions, "assign", assign)
    (fault,) = [fault for row in tried(world, content).rows for fault in row.faults]
    assert (fault.at, type(fault.why)) == ("C3", NoLead), "the trial meets it already"
    with pytest.raises(CannotBeGiven) as refused:
        taken(world, content)
    assert refused.value.params["cell"] == "T C3"
    assert not Task.objects.exists() and not Event.objects.filter(verb="task.import").exists()


def test_who_may_not_assign_may_not_even_try(world: World) -> None:
    content = book(("T", [OFFICES, FIRST]))
    for actor in (world.hieu_truong, world.chu_tich_doi, world.van_thu):
        with pytest.raises(NotAllowed):
            taking.tried(by=actor, at=at(), name=NAME, content=content, source=Source(world.suoi))
        with pytest.raises(NotAllowed):
            taking.take_in(by=actor, at=at(), name=NAME, content=content, source=Source(world.suoi))


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        (NAME, b"", opening.Empty),
        (NAME, b"PK\x03\x04 xl/workbook.xml broken", opening.Damaged),
        ("phu-luc.pdf", b"%PDF-1.4", opening.NotATable),
        ("phu-luc.txt", "Giao Phòng Kinh tế".encode(), opening.NotATable),
        ("phu-luc.xlsm", b"PK\x03\x04", opening.Macros),
        ("phu-luc.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", opening.OldOffice),
        (NAME, book(("T", [["MẬT"], OFFICES, FIRST])), opening.Marked),
        (NAME, book(("T", [["Họ tên", "Ngày sinh", "Lớp"], ["A", "B", "C"]])), NoColumns),
        (NAME, book(("T", [OFFICES])), NoColumns),
    ],
)  # fmt: skip
def test_broken_and_hostile_files_are_refused_by_name(world: World, name: str, content: bytes, refusal: type) -> None:
    with pytest.raises(refusal):
        tried(world, content, name)


def test_a_file_of_too_many_rows_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST", 1)
    with pytest.raises(TooManyRows):
        tried(world, book(("T", [OFFICES, FIRST, SECOND])))


def test_other_columns_are_pointed_at_once_and_remembered(world: World) -> None:
    odd = ["Mã", "Đầu việc", "Bên nhận", "Mốc", "Ra cái gì"]
    rows = [["Bảng của phòng"], odd, ["V1", "Sửa cổng trường", "Phòng Kinh tế", "30/01/2026", "Nghiệm thu"]]
    with pytest.raises(NoColumns):
        tried(world, book(("T", rows)))
    (table,) = lines.opened(NAME, book(("T", rows)), "annex").tables
    assert (table.likely_head, table.names(1)) == (1, odd)
    columns = {"no": 0, "work": 1, "lead": 2, "due": 3, "deliverable": 4}
    point = {"by": world.chuyen_vien, "at": at(), "unit_id": world.suoi, "kind": "annex", "table": table}
    with pytest.raises(layouts.NotEnough):
        layouts.point(**point, head=1, columns={"no": 0, "work": 1, "note": 2})
    with pytest.raises(layouts.Nameless):
        layouts.point(**point, head=0, columns=columns)
    layouts.point(**point, head=1, columns=columns)
    layouts.point(**point, head=1, columns=columns)
    assert TableLayout.objects.count() == 1
    other = book(("Khác", [odd, ["V2", "Sơn cổng", "Phòng Kinh tế", "31/01/2026", ""]]))
    (made,) = taken(world, other)
    assert (made.text, made.lead_id, made.due_on) == ("Sơn cổng", world.kinhte, date(2026, 1, 31))
    with pytest.raises(NoColumns):
        taking.tried(by=world.chu_tich_doi, at=at(), name=NAME, content=other, source=Source(world.doi))


def test_columns_pointed_at_pass_to_what_the_unit_became(world: World) -> None:
    odd = [["Mã", "Đầu việc", "Bên nhận", "Mốc"], ["V1", "Sửa cổng", "Phòng Kinh tế", "30/01/2026"]]
    (table,) = lines.opened(NAME, book(("T", odd)), "annex").tables
    columns = {"work": 1, "lead": 2, "due": 3}
    layouts.point(by=world.chuyen_vien, at=at(), unit_id=world.suoi, kind="annex", table=table, head=0, columns=columns)
    heir = orgs.merge(
        by=SYSTEM,
        at=at(),
        on=TODAY,
        predecessors=list(Unit.objects.filter(pk__in=[world.suoi, world.doi])),
        kind="commune",
        name="Xã Suối Đồi",
        parents={TERRITORY: world.province, MANAGEMENT: world.province},
    )
    assert layouts.remembered(heir.pk, "annex")(lines.signature(odd[0])) == columns
    assert layouts.remembered(world.so, "annex")(lines.signature(odd[0])) is None
