"""A working session on one screen: a typed line becomes an assigned task in at most three actions."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import Visit

TITLE = "Làm việc với các trường về bán trú"
SCHOOL = "Trường Tiểu học Minh họa số 1 Phố Lu"
LINE = f"@{SCHOOL} rà soát hồ sơ bán trú #15/3/2026"


def test_a_line_becomes_a_task_in_three_actions(visit: Visit) -> None:
    visit.enter("cv.baothang", "/hop/moi/")
    page = visit.page
    page.get_by_label("Loại cuộc họp").select_option("lam_viec")
    page.get_by_label("Tên cuộc họp").fill(TITLE)
    page.get_by_label("Bắt đầu").fill("08:00 29/01/2026")
    page.get_by_role("textbox", name="Chủ trì", exact=True).fill("Hoàng Thị Minh")
    page.get_by_label("Đơn vị được mời").fill(SCHOOL)
    page.get_by_label("Họp gấp").check()
    visit.click("Lập kế hoạch họp", exact=True).sees("Dự kiến")
    visit.click("Khai mạc").sees("Đang họp")
    visit.enter("ct.baothang", "/hop/")
    visit.click(TITLE).click("Trang chủ trì").sees("Kết luận hôm nay")
    before = len(visit.steps)
    page.get_by_label("Kết luận một dòng").press_sequentially(LINE, delay=5)
    visit.steps.append("type the line")
    expect(page.locator("#understood")).to_contain_text("15/03/2026")
    visit.click("Ghi kết luận và giao việc")
    given = page.locator("#live .given-tasks li")
    expect(given).to_contain_text(SCHOOL)
    assert len(visit.steps) - before <= 3
    expect(page.locator("#live")).to_contain_text("rà soát hồ sơ bán trú trước ngày 15/3/2026")
