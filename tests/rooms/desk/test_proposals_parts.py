"""Two works or two dates in one item; rows of an annex; likeness of items."""

from __future__ import annotations

from datetime import date

import pytest

from giaoban.desk import proposals
from giaoban.desk.proposals import annex, likeness, splitting
from giaoban.desk.proposals.tasks import TaskProposal
from tests.rooms.desk.conftest import TODAY
from tests.rooms.desk.test_proposals_roles import HEAD

DAY = date(2026, 1, 20)


def cut(text: str) -> list[tuple[str, date | None]]:
    found = splitting.parts(text, {"start": 0, "end": len(text)}, DAY)
    return [(part.text, part.due_on) for part in found]


def test_a_date_binds_only_the_clause_it_stands_in() -> None:
    text = "Rà soát đội ngũ giáo viên tiếng Anh trước ngày 15/3/2026 và báo cáo kết quả tuyển dụng trước ngày 30/6/2026"
    assert cut(text) == [
        ("Rà soát đội ngũ giáo viên tiếng Anh trước ngày 15/3/2026", date(2026, 3, 15)),
        ("báo cáo kết quả tuyển dụng trước ngày 30/6/2026", date(2026, 6, 30)),
    ]


def test_two_sentences_are_two_works() -> None:
    text = "Rà soát đội ngũ giáo viên tiếng Anh. Báo cáo kết quả về xã trước ngày 15/3/2026"
    assert cut(text) == [
        ("Rà soát đội ngũ giáo viên tiếng Anh", None),
        ("Báo cáo kết quả về xã trước ngày 15/3/2026", date(2026, 3, 15)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Rà soát đội ngũ giáo viên tiếng Anh, tin học và báo cáo UBND xã trước ngày 15/3/2026",
        "Tổ chức thi giáo viên giỏi; trong đó lưu ý các trường vùng cao còn nhiều khó khăn",
        "Thực hiện Kế hoạch số 12/KH-UBND ngày 15/3/2026 và Quyết định số 13/QĐ-UBND ngày 16/3/2026",
        "Làm việc với TP. Lào Cai về việc chuyển trường của học sinh",
        "Nộp báo cáo. Hạn 15/3/2026",
    ],
)
def test_one_work_is_not_parted(text: str) -> None:
    assert cut(text) == []


def test_the_parts_the_reader_found_are_taken() -> None:
    text = "Rà soát giáo viên, tuyển dụng viên chức xong trong tháng 5"
    one = {
        "start": 0,
        "end": len(text),
        "parts": [
            {"start": 0, "end": 17, "due_text": None, "due": None},
            {"start": 19, "end": len(text), "due_text": "trong tháng 5", "due": "2026-05-31"},
        ],
    }
    first, second = splitting.parts(text, one, DAY)
    assert (first.text, first.due_on) == ("Rà soát giáo viên", None)
    assert (second.due_text, second.due_on) == ("trong tháng 5", date(2026, 5, 31))


def test_offsets_of_parts_point_at_their_words_in_decomposed_text() -> None:
    import unicodedata

    text = unicodedata.normalize(
        "NFD", "Rà soát đội ngũ giáo viên trước ngày 15/3/2026; báo cáo kết quả về xã trước ngày 30/6/2026"
    )
    for part in splitting.parts(text, {"start": 0, "end": len(text)}, DAY):
        assert text[part.start : part.end] == part.text and part.due_on


def test_a_part_has_its_own_time_and_inherits_who_leads(place) -> None:
    text = (
        HEAD + "1. Trường Tiểu học Na Hối\n"
        "- Rà soát đội ngũ giáo viên tiếng Anh trước ngày 15/3/2026; "
        "báo cáo kết quả tuyển dụng về xã trước ngày 30/6/2026.\n"
    )
    reading = proposals.of(text, place.actors["officer"], TODAY)
    (whole,) = reading.tasks
    first, second = (reading.part(whole, part.start, part.end) for part in whole.split)
    assert not whole.sure  # two dates: a person parts it
    assert (first.due_text, second.due_text) == ("trước ngày 15/3/2026", "trước ngày 30/6/2026")
    assert first.leads == second.leads == whole.leads
    assert text[second.mark.start : second.mark.end] == second.text
    assert all(whole.mark.start < place < whole.mark.end for place in reading.clauses(whole))


def test_a_part_that_names_others_is_theirs(place) -> None:
    text = (
        HEAD + "1. Trường Tiểu học Na Hối\n"
        "- Rà soát đội ngũ giáo viên tiếng Anh của trường. "
        "Phối hợp với Trường Tiểu học Bản Phố tổ chức hội thi trong tháng 5/2026.\n"
    )
    reading = proposals.of(text, place.actors["officer"], TODAY)
    (whole,) = reading.tasks
    first, second = (reading.part(whole, part.start, part.end) for part in whole.split)
    assert first.leads[0].units == (place.unit("na_hoi"),) and not first.partners
    assert second.roles[0].lead.units == (place.unit("ban_pho"),) and second.open


ROWS = [
    {
        "no": "1", "work": "Rà soát đội ngũ giáo viên", "lead": "Trường Tiểu học Na Hối",
        "partners": "Trường Tiểu học Bản Phố; Trường THCS Thải Giàng", "due": "Quý I/2026", "deliverable": "Báo cáo",
        "leader": "Phó Chủ tịch UBND xã", "start": 0, "end": 0,
    },
]  # fmt: skip


def test_rows_of_an_annex_become_proposals_like_sentences(place) -> None:
    line = "1\tRà soát đội ngũ giáo viên\tTrường Tiểu học Na Hối\tQuý I/2026"
    text = HEAD + line + "\n"
    start = text.index(line)
    row = {**ROWS[0], "start": start, "end": start + len(line), "work_start": start + 2, "work_end": start + 27}
    reading = proposals.of(text, place.actors["officer"], TODAY, rows=[row])
    one: TaskProposal
    (one,) = reading.tasks
    assert text[one.mark.start : one.mark.end] == one.text == "Rà soát đội ngũ giáo viên"
    assert one.leads[0].units == (place.unit("na_hoi"),) and one.sure
    assert {choice.units[0] for choice in one.partners} == {place.unit("ban_pho"), place.unit("thai_giang")}
    assert (one.due_text, one.due_on, one.deliverable, one.leader) == (
        "Quý I/2026", None, "Báo cáo", "Phó Chủ tịch UBND xã",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Phòng Nội vụ", ["Phòng Nội vụ"]),
        ("Phòng Nội vụ, Phòng Kinh tế, các trường", ["Phòng Nội vụ", "Phòng Kinh tế", "các trường"]),
        ("Phòng Kinh tế, Hạ tầng và Đô thị", ["Phòng Kinh tế, Hạ tầng và Đô thị"]),
        ("Sở GD&ĐT; UBND các xã, phường", ["Sở GD&ĐT", "UBND các xã, phường"]),
        ("Phòng Nội vụ và UBND xã", ["Phòng Nội vụ", "UBND xã"]),
        ("Phòng Nội vụ\nPhòng Kinh tế", ["Phòng Nội vụ", "Phòng Kinh tế"]),
        ("", []),
    ],
)
def test_the_units_of_one_cell(cell: str, names: list[str]) -> None:
    assert annex.names(cell) == names


def test_a_heading_row_leads_the_rows_below_it() -> None:
    (one,) = annex.marks([{"work": "Rà soát", "section": "I. Phòng Nội vụ", "start": 0, "end": 7}], "Rà soát đội ngũ")
    assert one["assignees"] == ["Phòng Nội vụ"]


def test_likeness_needs_other_headings_and_most_of_the_telling_words() -> None:
    def item(text: str, whom: str) -> likeness.Item:
        return likeness.item(text, (whom,), (), "")

    plan = item("Chủ trì rà soát quy hoạch mạng lưới trường, lớp học", "Phòng Nội vụ")
    help_ = item("Phối hợp rà soát quy hoạch mạng lưới trường lớp học", "Phòng Kinh tế")
    own = item("Rà soát quy hoạch mạng lưới trường lớp học", "Phòng Nội vụ")
    other = item("Rà soát đội ngũ giáo viên tiếng Anh", "Phòng Kinh tế")
    another = item("Rà soát đội ngũ giáo viên tin học", "Văn phòng")
    assert likeness.earlier([plan, help_, own, other, another]) == [None, 0, 0, None, None]
    assert likeness.earlier([plan, own]) == [None, None]


def test_two_sides_of_one_work_need_fewer_words_in_common() -> None:
    """From a real notice: each office is told to work with the other, one of them with more besides."""
    first = likeness.item(
        "Phối hợp với phòng Nội vụ tham mưu UBND huyện làm tốt công tác quy hoạch cán bộ quản lý; bố trí sắp xếp"
        " đội ngũ hiện có, hợp đồng, điều chuyển giáo viên, lựa chọn con người về làm chuyên môn phòng",
        ("Phòng Giáo dục và Đào tạo",), ("phòng Nội vụ",), "",
    )  # fmt: skip
    words = "tham mưu UBND huyện quy hoạch cán bộ quản lý các trường, sắp xếp bố trí đội ngũ, điều chuyển giáo viên"
    second = likeness.item(f"Phối hợp với phòng GD&ĐT {words}", ("Phòng Nội vụ",), ("phòng GD&ĐT",), "")
    alone = likeness.item(f"Chủ động {words}", ("Phòng Nội vụ",), (), "")
    assert likeness.earlier([first, second]) == [None, 0]
    assert likeness.earlier([first, alone]) == [None, None]
