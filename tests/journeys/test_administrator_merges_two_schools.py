"""An administrator looks at a merger before it happens, applies it, finds it wrong, and takes it back."""

from __future__ import annotations

from tests.journeys.conftest import Visit

NEW = "Trường Tiểu học Minh họa Liên Sơn"


def test_a_merger_is_previewed_applied_decided_upon_and_undone(visit: Visit) -> None:
    page = visit.enter("quantri", "/sap-xep/").page
    visit.click("Nhập Trường Tiểu học Minh họa số 2 Sơn Hà")
    draft = page.url
    visit.sees("Chưa có gì thay đổi").sees("Ai đứng đầu đơn vị mới?")
    assert not _stands(visit, "2026-08-01"), "looking changes nothing"

    page.goto(draft)
    visit.click("Áp dụng")
    page.get_by_role("dialog").get_by_role("button", name="Áp dụng").click()
    visit.sees("Ai đứng đầu đơn vị mới?")  # two heads, one seat: a person decides
    page.get_by_role("combobox", name="Ai đứng đầu đơn vị mới?").select_option(index=1)
    page.get_by_role("main").get_by_role("button", name="Quyết định", exact=True).click()
    visit.sees("Hiệu trưởng minh họa")
    assert _stands(visit, "2026-08-01"), "from its day on the new school stands"
    assert not _stands(visit, "2026-07-31")

    page.goto(draft)
    visit.click("Hoàn tác", exact=True)
    page.get_by_role("textbox", name="lý do").or_(page.locator("textarea")).first.fill("Tỉnh chưa đồng ý chủ trương")
    page.get_by_role("main").get_by_role("button", name="Hoàn tác").click()
    visit.sees("Đã hoàn tác").sees("Tỉnh chưa đồng ý chủ trương")
    assert not _stands(visit, "2026-08-01"), "as if it had never been"


def _stands(visit: Visit, day: str) -> bool:
    """Whether the search for units of the day finds the new school."""
    visit.page.goto(f"{visit.base}/don-vi/tim/?q=tieu+hoc+minh+hoa+lien+son&ngay={day}")
    return visit.page.get_by_role("main").get_by_role("link", name=NEW, exact=True).count() > 0
