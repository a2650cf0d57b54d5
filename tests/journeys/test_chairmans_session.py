"""A chairman's working session with five addressees: concluded on one screen, noticed, done by five, confirmed."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.seats import signed_in, sit

TITLE = "Làm việc của Chủ tịch với năm trường về bảo đảm an toàn trường học"
WORK = {
    "ht.mh0001": ("Trường Mầm non Minh họa số 1 Phố Lu", "rà soát thiết bị đồ chơi ngoài trời"),
    "ht.mh0013": ("Trường Tiểu học Minh họa số 1 Thái Niên", "sửa lan can dãy nhà hai tầng"),
    "ht.mh0021": ("Trường THCS Minh họa số 1 Phố Lu", "kiểm tra đường điện phòng thực hành"),
    "ht.mh0029": ("Trường TH&THCS Minh họa số 1 Phố Lu", "cắt tỉa cây lớn trong sân trường"),
    "ht.mh0014": ("Trường Tiểu học Minh họa số 1 Sơn Hải", "ký cam kết an toàn với cha mẹ học sinh"),
}


def test_from_the_plan_to_the_last_confirmed_task(visit: Visit, home_of_site: Path) -> None:
    _plan_and_open(visit)
    _conclude_on_one_screen(visit)
    meeting = _issue(visit)
    keys = signed_in(home_of_site, list(WORK))
    for user, (_school, task) in WORK.items():
        sit(visit, keys[user])
        visit.page.get_by_role("link", name=task).first.click()
        visit.click("Báo cáo hoàn thành")
        dialog = visit.page.get_by_role("dialog")
        dialog.get_by_label("Kết quả").fill(f"Đã xong: {task}.")
        dialog.get_by_role("button", name="Báo cáo hoàn thành").click()
        expect(visit.page.locator(".page-head")).to_contain_text("Chờ xác nhận")
    visit.enter("ct.baothang")
    for _school, task in WORK.values():
        visit.page.goto(meeting)
        visit.page.locator("#conclusions li", has_text=task).locator(".given-tasks a").first.click()
        visit.click("Xác nhận hoàn thành")
        visit.page.get_by_role("dialog").get_by_role("button", name="Xác nhận hoàn thành").click()
        expect(visit.page.locator(".page-head")).to_contain_text("Hoàn thành đúng hạn")
    visit.page.goto(f"{visit.base}/hop/tong-hop/")
    row = visit.page.locator("#cuoc-hop tr", has_text=TITLE)
    expect(row).to_contain_text("5/5")
    expect(row.get_by_role("link", name="5/5").last).to_have_attribute(
        "href", "/viec/?xem=tat-ca&hop=" + _number(meeting)
    )


def _plan_and_open(visit: Visit) -> None:
    visit.enter("cv.baothang", "/hop/moi/")
    page = visit.page
    page.get_by_label("Loại cuộc họp").select_option("lam_viec")
    page.get_by_label("Tên cuộc họp").fill(TITLE)
    page.get_by_label("Bắt đầu").fill("08:00 29/01/2026")
    page.get_by_role("textbox", name="Chủ trì", exact=True).fill("Hoàng Thị Minh")
    page.get_by_label("Đơn vị được mời").fill("; ".join(school for school, _task in WORK.values()))
    page.get_by_label("Họp gấp").check()
    visit.click("Lập kế hoạch họp", exact=True).sees("Dự kiến")
    visit.click("Khai mạc").sees("Đang họp")


def _conclude_on_one_screen(visit: Visit) -> None:
    visit.enter("ct.baothang", "/hop/")
    visit.click(TITLE).click("Trang chủ trì").sees("Kết luận hôm nay")
    for number, (school, task) in enumerate(WORK.values(), start=1):
        line = visit.page.get_by_label("Kết luận một dòng")
        line.fill(f"@{school} {task} #10/02/2026")
        visit.click("Ghi kết luận và giao việc")
        expect(visit.page.locator("#live .given-tasks li")).to_have_count(number)


def _issue(visit: Visit) -> str:
    """The notice stands ready when the meeting ends."""
    visit.page.goto(f"{visit.base}/hop/")
    visit.click(TITLE)
    meeting = visit.page.url
    visit.click("Kết thúc họp").click("Ban hành thông báo").sees("Khi ban hành, 5 nhiệm vụ bắt đầu có hiệu lực")
    text = visit.page.get_by_label("Nội dung thông báo").input_value()
    assert all(task in text for _school, task in WORK.values())
    visit.page.get_by_label("Số, ký hiệu").fill("45/TB-UBND")
    visit.page.get_by_role("main").get_by_role("button", name="Ban hành thông báo").click()
    visit.page.goto(meeting)
    expect(visit.page.locator("#conclusions .given-tasks li")).to_have_count(5)
    expect(visit.page.locator("#conclusions .given-tasks").first).not_to_contain_text("Chờ thông báo")
    return meeting


def _number(address: str) -> str:
    return address.rsplit("/", 2)[-2].partition("-")[0]
