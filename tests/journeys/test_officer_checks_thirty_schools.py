"""A commune officer without a teacher's training checks a round of thirty schools, chases the late, has the report.

Every click and every text typed is counted; the table of docs/explanation/journeys.md must say the same.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from tests.journeys.conftest import Visit

DOCS = Path(__file__).parents[2] / "docs" / "explanation" / "journeys.md"
ROUND = "Báo cáo học kỳ I của trường, Học kỳ I năm học 2025-2026"
ODD = "Trường THCS Minh họa số 2 Thái Niên"  # eleven dropouts where two were last year
LATE = ("Trường Mầm non Minh họa số 3 Sơn Hải", "Trường THCS Minh họa số 2 Sơn Hà", "Trường THCS Minh họa số 2 Sơn Hải")
AT_MOST = 16
"""Fifteen minutes for thirty schools leave about a minute a click: the rest is reading."""


def test_officer_checks_chases_and_reports(visit: Visit, tmp_path: Path) -> None:
    stages = [
        ("Open the round from the home page", _open_the_round),
        ("Open the school that stands first, and see why", _open_what_needs_attention),
        ("Return one figure with a reason", _return_one_figure),
        ("Accept the rest that waits, in bulk", _accept_the_rest),
        ("Remind the late schools, and copy the text for the chat group", _remind_the_late),
        ("Write the semester review of the commune", _write_the_review),
    ]
    visit.enter("cv.baothang")
    counted: list[tuple[str, int]] = []
    for name, stage in stages:
        before = len(visit.steps)
        stage(visit)
        counted.append((name, len(visit.steps) - before))
    before = len(visit.steps)
    _download_the_review(visit, tmp_path)
    counted.append(("Download it as DOCX", len(visit.steps) - before))
    total = sum(clicks for _, clicks in counted)
    assert total == len(visit.steps) <= AT_MOST, visit.steps
    assert _documented() == [*counted, ("All", total)]
    visit.enter("ht.thcs", "/thong-bao/")
    visit.sees("Chậm nộp: Báo cáo học kỳ I của trường")


def _open_the_round(visit: Visit) -> None:
    visit.click(ROUND).sees("3 đơn vị chậm nộp").sees("1 đơn vị chưa nộp lại")
    assert visit.page.get_by_role("row").filter(has=visit.page.get_by_role("link", name="Mở")).count() == 30


def _open_what_needs_attention(visit: Visit) -> None:
    first = visit.page.locator("#units tbody tr").first
    assert ODD in first.inner_text()
    assert "tăng gấp 5,5 lần so với cùng kỳ (2 → 11)" in first.inner_text()
    visit.click(f"Mở {ODD}").sees("Có 1 điểm cần xem")


def _return_one_figure(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("checkbox", name="Trả lại Bỏ học trong kỳ, THCS").check()
    visit.steps.append("tick the figure")
    visit.click("Trả lại …")
    page.get_by_label("Lý do, gửi cho đơn vị", exact=True).fill("Đề nghị rà soát: số bỏ học tăng từ 2 lên 11 em.")
    visit.steps.append("type the reason")
    visit.click("Trả lại các ô đã chọn").sees(f"Đã trả lại {ODD}; đơn vị đã được báo.")


def _accept_the_rest(visit: Visit) -> None:
    visit.click("Duyệt tất cả 4 báo cáo không có cảnh báo").sees("Đã duyệt 4 báo cáo.")


def _remind_the_late(visit: Visit) -> None:
    visit.click("Nhắc đơn vị chậm").sees("4 đơn vị đã nhận thông báo.")
    text = visit.page.get_by_label("Lời nhắn").input_value()
    assert all(school in text for school in LATE)
    assert "hạn 20/01/2026" in text
    visit.click("Chép").sees("Đã chép")


def _write_the_review(visit: Visit) -> None:
    """The form offers unit and period; only what is not offered already has to be chosen."""
    visit.click("Báo cáo", exact=True)
    for label, wanted in (("^Đơn vị báo cáo", "UBND xã Bảo Thắng"), ("^Kỳ", "Học kỳ I năm học 2025-2026")):
        choice = visit.page.get_by_role("combobox", name=re.compile(label))
        if choice.locator("option:checked").inner_text() != wanted:
            choice.select_option(label=wanted)
            visit.steps.append(f"choose {wanted}")
    visit.click("Soạn văn bản").sees("Sơ kết học kỳ I năm học 2025-2026")


def _download_the_review(visit: Visit, folder: Path) -> None:
    shown = visit.page.locator("article.paper").first.inner_text()
    percentages = set(re.findall(r"\d+,\d+%", shown))
    with visit.page.expect_download() as download:
        visit.click("Tải DOCX")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    assert path.suffix == ".docx"
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        xml = archive.read("word/document.xml").decode("utf-8")
    words = re.sub(r"<[^>]+>", "", xml.replace("</w:p>", " "))
    assert "BÁO CÁO" in words
    assert percentages
    assert percentages <= set(re.findall(r"\d+,\d+%", words))


def _documented() -> list[tuple[str, int]]:
    rows = re.findall(r"^\| ([^|]+?) \| (\d+) \|$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    return [(what, int(clicks)) for what, clicks in rows]
