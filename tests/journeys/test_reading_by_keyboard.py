"""A notice becomes tracked tasks by keyboard alone, from the file to the lead's list of tasks.

Each press counts as one move; docs/guide/doc-van-ban.md says how many it takes, and this journey holds it.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit

NOTICE = """ỦY BAN NHÂN DÂN                                CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
XÃ BẢO THẮNG                                          Độc lập - Tự do - Hạnh phúc

Số: 24/TB-UBND                                  Bảo Thắng, ngày 28 tháng 01 năm 2026

THÔNG BÁO
Kết luận của Chủ tịch UBND xã tại Hội nghị giao ban giáo dục tháng 01 năm 2026

Ngày 27 tháng 01 năm 2026, đồng chí Hoàng Thị Minh, Chủ tịch UBND xã chủ trì Hội nghị giao ban. \
Chủ tịch UBND xã kết luận như sau:

I. ĐÁNH GIÁ CHUNG

Đến hết học kỳ I có 20/25 trường đã rà soát trẻ trong độ tuổi (đạt 85%).

II. NHIỆM VỤ

1. Phòng Văn hóa - Xã hội

- Chủ trì, phối hợp với Phòng Kinh tế lập danh sách trẻ đủ tuổi vào lớp 1, trình Chủ tịch UBND xã trước ngày 20/3/2026.

- Ban hành kế hoạch tuyển sinh năm học 2026-2027 trước ngày 28/02/2026; tổ chức tập huấn phần mềm tuyển sinh cho các \
trường trước ngày 15/3/2026.

- Rà soát nhu cầu sửa chữa phòng học của các trường, báo cáo Chủ tịch UBND xã trước ngày 31/3/2026.

2. Phòng Kinh tế

- Bố trí kinh phí hỗ trợ bữa ăn bán trú cho học sinh các điểm trường lẻ trước ngày 10/02/2026.

3. Tổ công nghệ số cộng đồng

- Hướng dẫn phụ huynh sử dụng học bạ số trước ngày 30/4/2026.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

Hoàng Thị Minh
"""
MOVES = 13


class Keys:
    """Presses keys on the reading page, waits until the server has kept the decision, and counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.moves = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.page.locator("#reader:not([aria-busy])").wait_for(timeout=30_000)
            self.moves += 1

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)
        self.moves += 1

    @property
    def here(self) -> str:
        return self.page.locator(".item[aria-current]").get_attribute("id") or ""


def test_a_notice_is_given_as_tasks_without_the_mouse(visit: Visit, tmp_path: Path) -> None:
    page = _upload(visit, tmp_path)
    keys = Keys(page)
    assert keys.here == "V1"
    expect(page.locator("#doc .m.here").first).to_contain_text("lập danh sách trẻ đủ tuổi vào lớp 1")
    _decide(page, keys)
    _confirm(page, keys)
    assert keys.moves <= MOVES, keys.moves
    _lead_finds_it(visit)
    _reading_again_proposes_the_rest(visit)


def _upload(visit: Visit, tmp_path: Path) -> Page:
    file = tmp_path / "thong-bao-24.txt"
    file.write_text(NOTICE, encoding="utf-8")
    page = visit.enter("cv.baothang", "/doc/").page
    page.get_by_label("hoặc một tệp").set_input_files(file)
    page.get_by_role("main").get_by_role("button", name="Đọc văn bản").press("Enter")
    expect(page.locator("#V1")).to_be_visible()
    return page


def _decide(page: Page, keys: Keys) -> None:
    keys.press("A")  # all that are plain
    accepted = page.locator(".item.is-accepted")
    expect(accepted).to_have_count(3)
    assert keys.here == "V2"  # two works and two days: it waits
    page.locator("#V2").get_by_role("button", name="Tách thành từng việc").focus()
    keys.press("Enter")
    assert keys.here == "V2a"
    keys.press("a", "a")
    expect(accepted).to_have_count(5)
    assert keys.here == "V5"
    keys.press("a")  # nobody known leads: the page asks instead of accepting
    expect(page.locator("#said")).to_contain_text("V5")
    expect(page.locator("#V5 .ask input[type=text]")).to_be_focused()
    keys.type("phong van hoa - xa hoi xa bao thang")
    keys.press("Enter")
    expect(accepted).to_have_count(6)
    keys.press("u")  # a slip is taken back
    expect(accepted).to_have_count(5)
    keys.press("e")
    keys.type("phong van hoa - xa hoi xa bao thang")
    keys.press("Control+Enter")
    expect(accepted).to_have_count(6)


def _confirm(page: Page, keys: Keys) -> None:
    page.keyboard.press("g")
    expect(page.get_by_role("heading", level=1)).to_contain_text("6 nhiệm vụ")
    page.get_by_role("button", name="Vào sổ và giao việc").press("Enter")
    keys.moves += 2
    expect(page.get_by_text("Thông báo số 24/TB-UBND").first).to_be_visible()
    page.locator("#text").get_by_role("link", name="tổ chức tập huấn phần mềm tuyển sinh").first.press("Enter")
    main = page.get_by_role("main")
    expect(main.locator("mark").first).to_contain_text("tổ chức tập huấn phần mềm tuyển sinh")
    expect(main).to_contain_text("15/03/2026")


def _lead_finds_it(visit: Visit) -> None:
    page = visit.enter("cv.baothang", "/viec/").page
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="lập danh sách trẻ đủ tuổi vào lớp 1"))
    expect(row.first).to_contain_text("20/03/2026")


def _reading_again_proposes_the_rest(visit: Visit) -> None:
    visit.enter("cv.baothang", "/van-ban/").click("Kết luận của Chủ tịch UBND xã tại Hội nghị giao ban giáo dục")
    visit.click("Đọc và đề xuất")
    expect(visit.page.locator(".item.is-open")).to_have_count(0)
    expect(visit.page.locator(".item.is-stands")).to_have_count(6)
