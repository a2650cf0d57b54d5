"""Search: without accents, and only what the actor may see."""

from giaoban.desk import finding
from giaoban.work import actions as work
from giaoban.work.actions import NewTask
from tests.rooms.desk.conftest import TODAY
from tests.rooms.indicators.place import CHECK, at
from tests.rooms.ui.markup import check


def labels(place, who: str, text: str) -> dict[str, list[str]]:
    return {
        group.title: [hit.label for hit in group.hits]
        for group in finding.find(place.actors[who], text, TODAY, limit=10)
    }


def test_units_are_found_without_accents(place) -> None:
    assert "Trường Tiểu học Na Hối" in labels(place, "viewer", "na hoi")["Đơn vị"]


def test_indicators_and_pages_are_found(place) -> None:
    assert labels(place, "officer", "ty le bo hoc")["Chỉ tiêu"] == ["Tỷ lệ bỏ học"]
    assert labels(place, "officer", "doc van ban")["Trang"] == ["Đọc văn bản"]


def test_a_task_is_found_by_those_it_concerns_only(place) -> None:
    work.assign(
        by=place.actors["leader"],
        at=at(CHECK),
        unit_id=place.unit("bac_ha"),
        task=NewTask(text="Thống kê máy tính xách tay", due="05/02/2026", lead_id=place.unit("na_hoi")),
    )
    assert labels(place, "na_hoi_head", "may tinh xach tay")["Nhiệm vụ"] == ["Thống kê máy tính xách tay"]
    assert "Nhiệm vụ" not in labels(place, "ban_pho_head", "may tinh xach tay")


def test_one_letter_finds_nothing(place) -> None:
    assert finding.find(place.actors["officer"], "n", TODAY, limit=10) == []


def test_the_page_and_the_part_that_shows_while_typing(place, browser) -> None:
    client = browser("officer")
    page = client.get("/tim/", {"q": "bac ha"}).content.decode()
    check(page)
    assert "Xã Bắc Hà" in page
    part = client.get("/tim/", {"q": "bac ha"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "Xã Bắc Hà" in part
    nothing = client.get("/tim/", {"q": "<b>không có</b>"}).content.decode()
    assert "&lt;b&gt;" in nothing and "<b>không có</b>" not in nothing
