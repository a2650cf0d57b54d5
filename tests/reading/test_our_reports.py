"""A conclusion notice that our own reports print is read back to the same meeting, tasks, dates and figures."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giaoban.core.numbers import rounded, vi_number
from giaoban.files import docx, opening
from giaoban.files.official import text_of
from giaoban.reading import read
from giaoban.reports.ket_luan import content
from giaoban.reports.ket_luan.facts import Assigned, Concluded, Facts
from giaoban.reports.letterhead import Letterhead
from giaoban.reports.models import Report

HEAD = Letterhead(
    parent_issuer="",
    issuer="Ủy ban nhân dân xã Nà Lốc",
    symbol="TB-UBND",
    place="Nà Lốc",
    signing=("TL. Chủ tịch", "Chánh Văn phòng"),
    signer="Lò Văn Hiên",
    recipients=("Như trên", "Lưu: VT"),
)
UNITS = [
    "Phòng Văn hóa - Xã hội",
    "Phòng Kinh tế",
    "Công an xã",
    "Trường Tiểu học Hoa Đào",
    "Các trường mầm non",
    "Trạm Y tế xã",
]
WORK = [
    "Rà soát cơ sở vật chất các điểm trường",
    "Tổng hợp nhu cầu sửa chữa phòng học tạm",
    "Hướng dẫn các trường công khai các khoản thu",
    "Kiểm tra bếp ăn bán trú và nước sạch",
    "Xây dựng kế hoạch phổ cập giáo dục",
    "Vận động học sinh bỏ học trở lại lớp",
    "Điều tra, cập nhật số liệu người mù chữ",
    "Bố trí kinh phí mua sắm thiết bị dạy học",
    "Tăng cường bảo đảm an ninh khu vực cổng trường",
    "Bồi dưỡng giáo viên dạy tiếng Anh",
    "Lập danh sách học sinh được hỗ trợ",
    "Sắp xếp các lớp ghép ở thôn xa",
]
PEOPLE = ["Vàng Thị Súa", "Lê Thị Bình", "Hoàng Văn Páo", "Nông Đức Thuận"]
MET = date(2026, 1, 22)


@st.composite
def conclusions(draw):
    """Groups of conclusions under their units, each with partners, a due date and a result, or without."""
    works = draw(st.lists(st.sampled_from(WORK), min_size=1, max_size=8, unique=True))
    leads = draw(st.lists(st.sampled_from(UNITS), min_size=1, max_size=3, unique=True))
    rows = []
    for number, work in enumerate(sorted(works, key=lambda work: works.index(work) % len(leads)), start=1):
        lead = leads[works.index(work) % len(leads)]
        partners = draw(st.lists(st.sampled_from([unit for unit in UNITS if unit != lead]), max_size=2, unique=True))
        days = draw(st.none() | st.integers(20, 300))
        due = f"trước ngày {MET + timedelta(days):%d/%m/%Y}" if days else ""
        result = draw(st.sampled_from(["", "Báo cáo", "Kế hoạch"]))
        rows.append(Concluded(number, lead, work, (Assigned(work, lead, tuple(partners), due, result),)))
    return rows


@st.composite
def ratios(draw):
    bottom = draw(st.integers(2, 900))
    return draw(st.integers(1, bottom)), bottom


def notice(rows, chair, counted):
    opinions = [
        f"{top}/{bottom} trường nộp báo cáo đúng hạn, đạt {vi_number(rounded(Fraction(100 * top, bottom), 1), 1)}%"
        for top, bottom in counted
    ]
    facts = Facts(
        host="UBND xã Nà Lốc",
        title="Hội nghị giao ban công tác giáo dục tháng 01 năm 2026",
        day=MET,
        place="Hội trường UBND xã",
        chair=chair,
        chair_title="Chủ tịch UBND xã",
        present=("Phòng Kinh tế", "Trường Tiểu học Hoa Đào"),
        absent=(),
        reports=("Phòng Văn hóa - Xã hội báo cáo",),
        opinions=tuple(opinions),
        difficulties=("Một số điểm trường còn thiếu nước sạch",),
        conclusions=tuple(rows),
    )
    report = Report(
        symbol=HEAD.symbol,
        number=7,
        place=HEAD.place,
        issued_on=date(2026, 1, 26),
        signing="\n".join(HEAD.signing),
        signer=HEAD.signer,
        recipients="\n".join(HEAD.recipients),
        words={},
    )
    return content.compose(report, facts, HEAD)


def said(task):
    return task["assignees"], sorted(task["coordinators"]), task["due"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(conclusions(), st.sampled_from(PEOPLE), st.lists(ratios(), max_size=2), st.booleans())
def test_the_notice_is_read_back(rows, chair, counted, as_file):
    document = notice(rows, chair, counted)
    text = opening.text("thong-bao.docx", docx.write(document)) if as_file else text_of(document)
    found = read(text)
    assert found["meeting"]["kind"] == "giao_ban"
    assert found["meeting"]["dates"] == [MET.isoformat()]
    assert found["meeting"]["chairs"] == [chair]
    wanted = []
    for row in rows:
        [task] = row.tasks
        day = task.due.removeprefix("trước ngày ")
        due = f"{day[6:]}-{day[3:5]}-{day[:2]}" if day else None
        wanted.append((row.text, ([row.heading], sorted(task.partners), due)))
    assert len(found["tasks"]) == len(wanted), [task["text"] for task in found["tasks"]]
    for task, (work, roles) in zip(found["tasks"], wanted, strict=True):
        assert task["text"].startswith(work)
        assert said(task) == roles
    shares = [(mark["numerator"], mark["denominator"]) for mark in found["figures"] if mark.get("denominator")]
    assert shares == counted
    assert found["flags"] == []
