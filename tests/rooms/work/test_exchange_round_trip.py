"""What is written as an annex reads back to the same tasks: days, units, groups, both column sets and kinds of file."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giaoban.documents import actions as documents
from giaoban.documents.models import Document
from giaoban.work import actions
from giaoban.work.actions import NewTask
from giaoban.work.exchange import taking, times, writing_out
from giaoban.work.exchange.taking import Source
from giaoban.work.models import Task
from tests.rooms.work.annexes import OFFICES, book
from tests.rooms.work.world import TODAY, World, at

COLUMNS = [writing_out.OFFICES, writing_out.ROOMS]
FILES = ["xlsx", "docx"]


def register(world: World, number: int) -> Document:
    return documents.register(
        by=world.van_thu,
        at=at(),
        owner_id=world.suoi,
        direction="OUT",
        symbol=f"{number}/KH-UBND",
        issued_on=date(2026, 1, 5),
        subject="Kế hoạch",
    )


def give(world: World, document: Document, **new: Any) -> Task:
    return actions.assign(by=world.chu_tich, at=at(), unit_id=world.suoi, document=document, task=NewTask(**new))


def written(tasks: list[Task], columns: str, kind: str, world: World) -> bytes:
    sheet = writing_out.sheet(tasks, columns, TODAY, world.suoi, "(Kèm theo Kế hoạch số 12/KH-UBND)")
    return sheet.xlsx() if kind == "xlsx" else sheet.docx()


def back(world: World, content: bytes, kind: str, document: Document) -> list[Task]:
    return taking.take_in(
        by=world.chuyen_vien,
        at=at(),
        name=f"phu-luc.{kind}",
        content=content,
        source=Source(world.suoi, document),
    )


def said(task: Task) -> tuple[Any, ...]:
    """What a task is, to whoever does it."""
    leads = {task.lead_id} if task.lead_id else set(task.parts.values_list("lead_id", flat=True))
    return (
        " ".join(task.text.split()),
        task.due_on,
        task.cycle,
        task.due_on is None and task.due_kind,
        frozenset(leads),
        frozenset(task.partners.values_list("unit_id", flat=True)),
        " ".join(task.deliverable.split()),
        " ".join(task.leader.split()),
    )


UNITS = ["vhxh", "kinhte", "mam_non", "tieu_hoc", "thcs", "suoi", "thcs_doi", "so"]
GROUPS = {
    "Các trường học": ("mam_non", "tieu_hoc", "thcs"),
    "Các phòng": ("vhxh", "kinhte"),
    "": ("thcs", "vhxh", "thcs_doi"),
}
letters = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=0, max_size=40)
works = st.builds(
    lambda start, more: f"{start} {' '.join(more.split())}".strip(),
    st.sampled_from(
        ["Rà soát học sinh", "=Tổng hợp", "Báo cáo; kết quả", "I. Trình đề án", "Kiểm tra 3/4 số trường", "-"]
    ),
    letters,
).filter(lambda text: any(letter.isalpha() for letter in text))
words_due = st.sampled_from(
    [
        "30/01/2026", "trước ngày 15/3/2026", "ngày 05 tháng 02 năm 2026", "tháng 4", "Tháng 4/2026", "Quý II/2026",
        "quý I", "6 tháng đầu năm 2026", "năm 2026", "trong 05 ngày làm việc", "hằng tháng", "ngày 20 hằng tháng",
        "thường xuyên", "khi có Thông tư mới", "học kỳ II", "31/12/2026",
    ]
)  # fmt: skip
plain = st.sampled_from(["", "Báo cáo", "Tờ trình, dự thảo Quyết định", "01 danh sách (kèm tệp)"])
leaders = st.sampled_from(["", "Đ/c Phó Chủ tịch UBND xã", "Nguyễn Văn Suối"])


@st.composite
def assignments(draw: st.DrawFn) -> dict[str, Any]:
    group = draw(st.sampled_from([None, *GROUPS]))
    lead = draw(st.sampled_from(UNITS[:6]))
    partners = draw(st.lists(st.sampled_from(UNITS), unique=True, max_size=3))
    return {
        "text": draw(works),
        "due": draw(words_due),
        "deliverable": draw(plain),
        "leader": draw(leaders),
        "lead": None if group is not None else lead,
        "parts": GROUPS[group] if group is not None else (),
        "group": group or "",
        "partners": [one for one in partners if one != lead],
    }


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("kind", FILES)
def test_generated_tasks_come_back(world: World, columns: str, kind: str) -> None:
    numbers = iter(range(1, 10_000))

    @settings(
        max_examples=6, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.lists(assignments(), min_size=1, max_size=6))
    def check(made: list[dict[str, Any]]) -> None:
        first, second = register(world, next(numbers)), register(world, next(numbers))
        tasks = [
            give(
                world,
                first,
                text=one["text"],
                due=one["due"],
                deliverable=one["deliverable"],
                leader=one["leader"],
                lead_id=world.units[one["lead"]] if one["lead"] else None,
                part_ids=tuple(world.units[unit] for unit in one["parts"]),
                group=one["group"],
                partner_ids=tuple(world.units[unit] for unit in one["partners"]),
            )
            for one in made
        ]
        content = written(tasks, columns, kind, world)
        again = back(world, content, kind, second)
        assert [said(task) for task in again] == [said(task) for task in tasks]
        trial = taking.tried(
            by=world.chuyen_vien, at=at(), name=f"a.{kind}", content=content, source=Source(world.suoi, first)
        )
        assert not trial.new and not trial.questions, "taken in for its own document it is known, row by row"

    check()


def test_a_workbook_is_ready_to_print(world: World) -> None:
    plan = register(world, 1)
    one = give(world, plan, text="Rà soát", due="30/01/2026", lead_id=world.thcs)
    two = give(world, plan, text="Tổng hợp", due="Quý II/2026", lead_id=world.kinhte)
    sheet = openpyxl.load_workbook(io.BytesIO(written([one, two], writing_out.OFFICES, "xlsx", world))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0] == "PHỤ LỤC PHÂN CÔNG NHIỆM VỤ" and "12/KH-UBND" in rows[1][0]
    assert rows[3] == OFFICES
    assert sheet["E5"].value.date() == date(2026, 1, 30) and sheet["E5"].number_format == "dd/mm/yyyy"
    assert sheet["E6"].value == "Quý II/2026"
    assert sheet["B5"].alignment.wrap_text and sheet["B5"].font.name == "Times New Roman"
    assert sheet.print_title_rows == "$4:$4"
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)


def test_a_word_file_lies_across_the_page(world: World) -> None:
    task = give(world, register(world, 1), text="Rà soát", due="30/01/2026", lead_id=world.thcs)
    content = written([task], writing_out.ROOMS, "docx", world)
    body = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    assert 'w:orient="landscape"' in body and "<w:tblHeader" in body and "PHÂN CÔNG NHIỆM VỤ" in body
    assert written([task], writing_out.ROOMS, "docx", world) == content, "the same tasks give the same bytes"


@pytest.mark.parametrize("kind", FILES)
def test_sections_go_out_and_come_back(world: World, kind: str) -> None:
    rows = [
        OFFICES,
        ["I", "Công tác chuyên môn"],
        [1, "Rà soát", "Trường THCS Suối Thử", "", "30/01/2026"],
        ["Việc khác"],
        [2, "Tổng hợp", "Phòng Kinh tế", "", "30/01/2026"],
    ]
    first, second = register(world, 1), register(world, 2)
    content = book(("T", rows), merged=["A4:G4"])
    tasks = back(world, content, "xlsx", first)
    assert [task.table_row.section for task in tasks] == ["I Công tác chuyên môn", "Việc khác"]
    again = back(world, written(tasks, writing_out.OFFICES, kind, world), kind, second)
    assert [task.table_row.section for task in again] == ["I. Công tác chuyên môn", "Việc khác"]


def test_a_recurring_task_is_one_row_and_a_group_too(world: World) -> None:
    plan = register(world, 1)
    recurring = give(world, plan, text="Báo cáo tháng", due="hằng tháng", lead_id=world.thcs)
    group = give(
        world, plan, text="Sĩ số", due="30/01/2026", part_ids=(world.thcs, world.tieu_hoc, world.mam_non),
        group="Các trường học",
    )  # fmt: skip
    shown = [*recurring.parts.all(), *group.parts.all()]
    assert writing_out.wholes(shown) == [recurring, group]
    part = group.parts.first()
    assert writing_out.wholes([part]) == [part], "only a part was asked for"
    lead = writing_out.sheet(shown, writing_out.OFFICES, TODAY, world.suoi).rows[1].cells["lead"]
    assert lead == "Các trường học"


def test_many_units_are_written_by_the_group_they_are(world: World) -> None:
    schools = (world.mam_non, world.tieu_hoc, world.thcs)
    task = give(
        world, register(world, 1), text="Tết", due="30/01/2026", lead_id=world.vhxh,
        partner_ids=(*schools, world.kinhte),
    )  # fmt: skip
    cells = writing_out.sheet([task], writing_out.OFFICES, TODAY, world.suoi).rows[0].cells
    assert cells["partners"] == "Các trường học; Phòng Kinh tế xã Suối Thử"


def test_a_day_that_was_moved_goes_out_as_the_day(world: World) -> None:
    task = give(world, register(world, 1), text="Đề án", due="Tháng 2/2026", lead_id=world.thcs)
    assert writing_out.due_words(task, TODAY) == "Tháng 2/2026"
    task.due_on = date(2026, 3, 10)
    assert writing_out.due_words(task, TODAY) == date(2026, 3, 10)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("01/02/2026 - 15/3/2026", date(2026, 3, 15)),
        ("từ 01/02/2026 đến 15/3/2026", date(2026, 3, 15)),
        ("01/02–15/3/2026", date(2026, 3, 15)),
        ("01/02-15/3/2026", date(2026, 3, 15)),
        ("Tháng 2 - tháng 4/2026", date(2026, 4, 30)),
        ("Quý I – II/2026", date(2026, 6, 30)),
        ("15-3-2026", date(2026, 3, 15)),
        ("trước 15/3/2026", date(2026, 3, 15)),
        ("Quý II/2026", date(2026, 6, 30)),
    ],
)
def test_a_span_ends_at_its_end(words: str, day: date) -> None:
    assert times.read(words, TODAY).on == day
