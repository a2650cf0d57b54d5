"""A document is pasted and read: its marks, its contradiction, its tasks with lead, partner and day.

The clerk keeps the register and gives no tasks (docs/decisions/0004-rights.md): she reads and registers, the officer
gives the tasks from what was read, and the unit that leads finds the very sentence.
"""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import Visit

FIRST = (
    "Chủ trì, phối hợp với Phòng Kinh tế lập danh sách trẻ đủ tuổi vào lớp 1, "
    "trình Chủ tịch UBND xã trước ngày 20/3/2026"
)
SECOND = "Rà soát phòng học, nhà vệ sinh cần sửa chữa trước năm học mới, báo cáo Chủ tịch UBND xã trước ngày 15/4/2026"
TEXT = f"""ỦY BAN NHÂN DÂN                                CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
XÃ BẢO THẮNG                                          Độc lập - Tự do - Hạnh phúc

Số: 21/KH-UBND                                  Bảo Thắng, ngày 29 tháng 01 năm 2026

KẾ HOẠCH
Chuẩn bị tuyển sinh đầu cấp năm học 2026-2027 trên địa bàn xã

Thực hiện Kế hoạch số 412/KH-UBND ngày 19 tháng 9 năm 2025 của Ủy ban nhân dân tỉnh Lào Cai, Ủy ban nhân dân xã \
Bảo Thắng ban hành kế hoạch như sau:

I. TÌNH HÌNH

Đến hết học kỳ I có 20/25 trường đã rà soát trẻ trong độ tuổi (đạt 85%).

II. NHIỆM VỤ

1. Phòng Văn hóa - Xã hội

- {FIRST}.

2. Phòng Kinh tế

- {SECOND}./.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

Hoàng Thị Minh
"""


def test_clerk_reads_officer_assigns_lead_finds_the_sentence(visit: Visit) -> None:
    _clerk_reads_and_registers(visit)
    _officer_gives_the_tasks(visit)
    visit.enter("cv.baothang", "/viec/")  # his office leads the first of the two
    row = visit.page.get_by_role("row").filter(
        has=visit.page.get_by_role("link", name="lập danh sách trẻ đủ tuổi vào lớp 1")
    )
    expect(row).to_contain_text("Phòng Văn hóa - Xã hội")
    expect(row).to_contain_text("Phòng Kinh tế")
    expect(row).to_contain_text("20/03/2026")


def _clerk_reads_and_registers(visit: Visit) -> None:
    page = visit.enter("vt.baothang", "/doc/").page
    page.get_by_label("Nội dung văn bản").fill(TEXT)
    page.get_by_role("main").get_by_role("button", name="Đọc văn bản").click()
    text = page.get_by_role("article", name="Văn bản đã đánh dấu")
    for mark in ("V1", "V2", "S1", "D1", "M1"):
        expect(text.get_by_role("link", name=mark, exact=True)).to_be_visible()
    visit.click("Mâu thuẫn").sees("20/25 = 80,00%, làm tròn là 80%, không phải 85%.")
    visit.click("Dẫn chiếu").sees("412/KH-UBND")
    expect(page.get_by_role("button", name="Nối văn bản")).to_be_visible()  # it is in the register
    visit.click("Sang bản tổng hợp")
    visit.click("Vào sổ", exact=True).sees("Kế hoạch số 21/KH-UBND ngày 29/1/2026")
    assert "/van-ban/" in page.url


def _officer_gives_the_tasks(visit: Visit) -> None:
    page = visit.page
    visit.enter("cv.baothang", "/van-ban/").click("Chuẩn bị tuyển sinh đầu cấp năm học 2026-2027 trên địa bàn xã")
    visit.click("Đọc và đề xuất")
    first = page.locator("#V1")
    expect(first.locator(".lead-unit")).to_contain_text("Phòng Văn hóa - Xã hội")
    expect(first).to_contain_text("Phòng Kinh tế")
    expect(first).to_contain_text("20/03/2026")
    visit.click("Nhận hết 2 việc chắc chắn")
    expect(page.locator(".item.is-accepted")).to_have_count(2)
    visit.click("Tiếp tục với 2 việc").click("Giao việc", exact=True).sees("2 việc")
    page.locator("#text").get_by_role("link", name=FIRST).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("lập danh sách trẻ đủ tuổi vào lớp 1")
    main = page.get_by_role("main")
    expect(main).to_contain_text("Nguyên văn trong Kế hoạch số 21/KH-UBND")
    expect(main.locator("mark").first).to_have_text(FIRST)
    expect(main).to_contain_text("Phòng Kinh tế xã Bảo Thắng")
    expect(main).to_contain_text("20/03/2026")
