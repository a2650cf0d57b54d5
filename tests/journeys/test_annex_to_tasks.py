"""An annex out of Excel becomes tasks: tried, one name said, given, exported, and known when it comes again."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.rooms.work.annexes import OFFICES, book

SCHOOL = "Trường Tiểu học Minh họa số 1 Phố Lu"
NEW = "Kiểm tra nước sinh hoạt của khu bán trú"
ASKED = "Cập nhật hồ sơ phổ cập"


def test_an_annex_becomes_tasks_and_comes_back(visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "phu-luc.xlsx"
    rows = [
        ["PHỤ LỤC PHÂN CÔNG NHIỆM VỤ"],
        OFFICES,
        ["I", "Công tác chuyên môn"],
        [1, NEW, SCHOOL, "", "10/02/2026", "Biên bản"],
        [2, ASKED, "Tổ phổ cập", "", "Quý I/2026", "Hồ sơ"],
        [3, "Việc sai hạn", SCHOOL, "", "lúc nào xong"],
    ]
    file.write_bytes(book(("Phụ lục", rows)))
    visit.enter("cv.baothang", "/viec/nhap/")
    page = visit.page
    page.get_by_label("Tệp").set_input_files(file)
    page.get_by_role("button", name="Thử tệp").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("Chưa giao việc nào")
    expect(page.locator("#faults")).to_contain_text("E6")
    page.get_by_label("Tên đầy đủ của đơn vị hoặc nhóm").fill(SCHOOL)
    page.get_by_role("button", name="Nhớ các tên và xem lại").click()
    expect(page.locator("#rows input[type=checkbox]")).to_have_count(2)
    with page.expect_download() as marked:
        page.get_by_role("button", name="Tệp của bạn có đánh dấu lỗi").click()
    assert openpyxl.load_workbook(io.BytesIO(Path(marked.value.path()).read_bytes()))["Phụ lục"]["E6"].comment
    page.get_by_role("button", name="Giao 2 nhiệm vụ đã chọn").click()
    expect(main).to_contain_text("Đã giao 2 nhiệm vụ")
    page.goto(f"{visit.base}/viec/xuat/?xem=giao&q=nuoc+sinh+hoat")
    with page.expect_download() as exported:
        page.get_by_role("button", name="Tải về").click()
    out = Path(exported.value.path()).read_bytes()
    texts = [cell for row in openpyxl.load_workbook(io.BytesIO(out)).active.values for cell in row]
    assert NEW in texts and "I. Công tác chuyên môn" in texts
    page.goto(f"{visit.base}/viec/nhap/")
    page.get_by_label("Tệp").set_input_files({"name": "lai.xlsx", "mimeType": "application/xlsx", "buffer": out})
    page.get_by_role("button", name="Thử tệp").click()
    expect(page.locator("#rows")).to_contain_text("Đã là nhiệm vụ")
    expect(page.get_by_role("button", name="Giao")).to_have_count(0)
