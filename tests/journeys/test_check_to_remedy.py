"""A check from the plan to the last remedy: two plans meet at a school, minutes, a finding, its task, confirmed."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import Visit

SCHOOL = "Trường Tiểu học Minh họa số 1 Phố Lu"
OURS = "Thu, chi và công khai các khoản thu năm học 2025-2026"
THEIRS = "Công tác tài chính, công khai tại trường tiểu học"
FOUND = "Chưa niêm yết công khai dự toán thu chi quý IV/2025"
MENDED = "Niêm yết công khai dự toán thu chi quý IV/2025"


def test_a_finding_is_closed_when_its_task_is_confirmed(visit: Visit) -> None:
    _plan(visit, "cv.so", THEIRS, "tháng 10/2026")
    _plan(visit, "cv.baothang", OURS, "quý I/2026")
    expect(visit.page.get_by_role("main")).to_contain_text(f"“{THEIRS}”, cùng lĩnh vực trong năm")
    visit.enter("cv.so", "/kiem-tra/")
    expect(visit.page.get_by_role("main")).to_contain_text(f"“{OURS}”, cùng lĩnh vực trong năm")
    _approve_and_issue(visit)
    _decide_and_open(visit)
    _write_and_present(visit)
    _the_school_signs(visit)
    _give_a_task(visit)
    _the_school_mends(visit)
    _confirm(visit)
    visit.enter("cv.baothang", "/kiem-tra/?xem=ton-tai").sees("Không còn tồn tại nào")


def _plan(visit: Visit, who: str, subject: str, time: str) -> None:
    visit.enter(who, "/kiem-tra/?nam=2026")
    page = visit.click("Thêm cuộc kiểm tra").page
    page.get_by_label("Nội dung kiểm tra").fill(subject)
    page.get_by_label("Lĩnh vực").select_option("FINANCE")
    page.get_by_label("Đơn vị được kiểm tra").fill(SCHOOL)
    page.get_by_label("Thời gian kiểm tra").fill(time)
    visit.click("Lưu cuộc kiểm tra").sees("trùng kế hoạch khác" if who == "cv.baothang" else SCHOOL)


def _approve_and_issue(visit: Visit) -> None:
    visit.enter("ht.tieuhoc", "/kiem-tra/").sees("Chưa có cuộc kiểm tra nào tại đơn vị")
    visit.enter("ct.baothang", "/kiem-tra/?nam=2026").click("Duyệt kế hoạch")
    page = visit.sees("Ban hành kế hoạch").page
    page.get_by_label("Số, ký hiệu").fill("07/KH-UBND")
    visit.click("Ban hành kế hoạch").sees("07/KH-UBND")
    visit.enter("ht.tieuhoc", "/kiem-tra/").sees(OURS)
    expect(visit.page.get_by_role("main")).not_to_contain_text(THEIRS)  # the department's is a draft still


def _decide_and_open(visit: Visit) -> None:
    visit.enter("cv.baothang", "/kiem-tra/?nam=2026")
    page = visit.click(OURS).page
    page.get_by_label("Họ và tên thành viên").fill("Nguyễn Thị Hoa")
    page.get_by_label("Chức vụ của thành viên").fill("Chuyên viên Phòng Văn hóa - Xã hội")
    visit.click("Thêm vào đoàn").sees("Nguyễn Thị Hoa")
    page.get_by_label("Số, ký hiệu").fill("31/QĐ-UBND")
    page.get_by_label("Tài liệu yêu cầu đơn vị chuẩn bị").fill("Sổ quỹ\nQuyết định công khai")
    visit.click("Quyết định kiểm tra đợt này").sees("31/QĐ-UBND")
    page.get_by_role("main").get_by_role("link", name=SCHOOL).click()
    visit.click("Bắt đầu kiểm tra").sees("Đang kiểm tra")


def _write_and_present(visit: Visit) -> None:
    page = visit.page
    page.get_by_label("Thành phần có mặt").fill("Nguyễn Thị Hoa, trưởng đoàn\nHiệu trưởng nhà trường")
    visit.click("Lưu biên bản")
    page.get_by_label("Loại phát hiện").select_option("SHORTCOMING")
    page.get_by_label("Phát hiện", exact=True).fill(FOUND)
    page.get_by_label("Giải pháp đề xuất").fill(MENDED)
    page.locator("form[action$='/phat-hien/']").get_by_role("button", name="Ghi phát hiện").click()
    visit.sees(FOUND)
    visit.click("Ký và đưa đơn vị ký").sees("Biên bản chờ đơn vị ký")


def _the_school_signs(visit: Visit) -> None:
    visit.enter("ht.tieuhoc", "/kiem-tra/")
    page = visit.click(OURS).page
    expect(page.get_by_role("main")).to_contain_text(FOUND)
    page.get_by_label("Ý kiến của đơn vị").fill("Nhất trí với biên bản")
    visit.click("Ký biên bản").sees("Đã ký biên bản")


def _give_a_task(visit: Visit) -> None:
    visit.enter("ct.baothang", "/kiem-tra/?xem=ton-tai")
    page = visit.click(FOUND).page
    page.get_by_text("Giao việc khắc phục").click()
    page.get_by_label("Thời hạn").fill("10/02/2026")
    visit.click("Giao việc", exact=True)
    expect(page.get_by_role("main").get_by_role("link", name=MENDED)).to_be_visible()


def _the_school_mends(visit: Visit) -> None:
    visit.enter("ht.tieuhoc", "/kiem-tra/?xem=ton-tai").click(FOUND)
    visit.page.get_by_role("main").get_by_role("link", name=MENDED).click()
    visit.sees("Việc này khắc phục phát hiện của cuộc kiểm tra")
    visit.click("Báo cáo hoàn thành")
    dialog = visit.page.get_by_role("dialog")
    dialog.get_by_label("Kết quả").fill("Đã niêm yết tại bảng tin ngày 29/01/2026")
    dialog.get_by_role("button", name="Báo cáo hoàn thành").click()
    expect(visit.page.locator(".page-head")).to_contain_text("Chờ xác nhận")


def _confirm(visit: Visit) -> None:
    visit.enter("ct.baothang", "/kiem-tra/?xem=ton-tai").sees(FOUND)  # reported is not confirmed
    visit.click(FOUND)
    visit.page.get_by_role("main").get_by_role("link", name=MENDED).click()
    visit.click("Xác nhận hoàn thành")
    visit.page.get_by_role("dialog").get_by_role("button", name="Xác nhận hoàn thành").click()
    expect(visit.page.locator(".page-head")).to_contain_text("Hoàn thành đúng hạn")
