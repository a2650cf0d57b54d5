"""Two days side by side: what changed, counted once, inside one unit, linkable; and the tree of Tỉnh Mẫu as witness."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.test import Client

from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions, queries
from giaoban.orgs.models import COUNTRY_ID, MANAGEMENT, TERRITORY
from giaoban.orgs.queries import between
from giaoban.orgs.queries.between import ENDED, FOUNDED, MOVED, RECLASSIFIED, RENAMED
from tests.rooms.ui.markup import check
from tests.world import EVE, NOW, REFORM, SINCE, TODAY

PAGE = "/don-vi/so-sanh/"


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def plain(first, second, hierarchy=TERRITORY) -> dict[int, set[str]]:
    """The rule, slowly: look at every unit on both days."""
    was, now = ({row.unit_id: row for row in queries.living(day)} for day in (first, second))
    found: dict[int, set[str]] = {}
    for unit in was.keys() | now.keys():
        one, other = was.get(unit), now.get(unit)
        if one is None or other is None:
            found[unit] = {ENDED if one else FOUNDED}
            continue
        told = {
            RENAMED: one.name != other.name,
            RECLASSIFIED: one.kind_id != other.kind_id,
            MOVED: queries.parent(unit, hierarchy, first) != queries.parent(unit, hierarchy, second),
        }
        if any(told.values()):
            found[unit] = {what for what, so in told.items() if so}
    return found


@pytest.mark.parametrize("hierarchy", [TERRITORY, MANAGEMENT])
@pytest.mark.parametrize("days", [(EVE, REFORM), (SINCE, EVE), (SINCE - timedelta(days=1), TODAY), (REFORM, TODAY)])
def test_what_changed_is_what_a_look_at_every_unit_finds(world, days, hierarchy):
    found = between.between(*days, hierarchy)
    assert len({one.unit_id for one in found}) == len(found)
    assert {one.unit_id: set(one.what) for one in found} == plain(*days, hierarchy)


def test_both_sides_are_told(world):
    found = {one.unit_id: one for one in between.between(EVE, REFORM)}
    ward = found[world["phuong_ha"]]
    assert ward.what == {RENAMED, RECLASSIFIED, MOVED}
    assert (ward.was.name, ward.now.name) == ("Thị trấn Hạ", "Phường Hạ")
    assert (ward.parent_was, ward.parent_now) == (world["huyen_ha"], world["province"])
    assert found[world["cao_son_cu"]].now is None and found[world["cao_son"]].was is None


def test_inside_a_unit_that_stood_on_one_of_the_days_only(world):
    before, after = between.scope(world["binh_minh"], EVE, REFORM)
    assert before == {world["binh_minh"], world["anh_duong"], world["binh_minh_cu"], world["cao_son_cu"]}
    assert after == {world["binh_minh"]}
    assert world["tieu_hoc"] in between.inside(before, EVE)


def test_the_whole_is_counted_by_province(world):
    found = between.between(EVE, REFORM)
    counts = between.by_child(found, COUNTRY_ID, EVE, REFORM)
    assert set(counts) == {world["province"]}
    inside = between.inside({world["province"]}, EVE) | between.inside({world["province"]}, REFORM)
    assert counts[world["province"]] == Counter(what for one in found if one.unit_id in inside for what in one.what)


def test_totals_of_both_days(world):
    assert between.totals(EVE, REFORM) == [("province", 1, 1), ("district", 2, 0), ("commune", 6, 4)]


def test_the_page_lists_what_was_founded_with_what_it_was_made_of(signed_in: Client, world):
    answer = signed_in.get(PAGE, {"trong": world["province"]})
    check(answer.content.decode())
    page = text_of(answer)
    assert "Tỉnh Mẫu: 30/06/2025 và 01/07/2025" in page
    assert re.search(r"Xã Ánh Dương .*Xã Bình Minh .*Xã Cao Sơn 1/2 ước tính .*Thành lập", page)
    assert "1/NQ-MẪU" in page
    assert f"/don-vi/{world['anh_duong']}-xa-anh-duong/?ngay=2025-06-30" in answer.content.decode()


def test_each_sort_of_change_has_its_address(signed_in: Client, world):
    renamed = text_of(signed_in.get(PAGE, {"loai": "doi-ten"}))
    assert "Thị trấn Hạ" in renamed and "Phường Hạ" in renamed and "Xã Yên Lập" not in renamed
    moved = text_of(signed_in.get(PAGE, {"loai": "chuyen"}))
    assert "Xã Yên Lập" in moved
    ended = text_of(signed_in.get(PAGE, {"loai": "ket-thuc"}))
    assert re.search(r"Huyện Hạ .* Kết thúc", ended)


def test_a_quiet_time_says_so_and_links_keep_the_days(signed_in: Client, world):
    page = signed_in.get(PAGE, {"tu": "2025-07-02", "den": "29/01/2026"}).content.decode()
    assert "Không có thay đổi giữa hai ngày này" in page
    page = signed_in.get(PAGE, {"tu": "2025-06-30", "den": "2026-01-29", "trong": world["province"]}).content.decode()
    assert "tu=2025-06-30&amp;den=2026-01-29" in page and f"trong={world['province']}" in page


@pytest.mark.parametrize(
    "query",
    [
        {"tu": "2025-07-01", "den": "2025-06-30"},
        {"tu": "hôm qua"},
        {"den": "9999-12-31"},
        {"he": "FAMILY"},
        {"loai": "gi-do"},
        {"trang": "x"},
    ],
)
def test_what_cannot_be_read_is_said_and_the_usual_days_are_shown(signed_in: Client, world, query):
    answer = signed_in.get(PAGE, query)
    assert answer.status_code == 200
    assert "30/06/2025" in answer.content.decode()


def test_no_such_unit(signed_in: Client, world):
    assert signed_in.get(PAGE, {"trong": "999999"}).status_code == 404


def test_the_page_takes_as_few_queries_for_many_as_for_one(signed_in: Client, world, django_assert_max_num_queries):
    actions.rename(by=SYSTEM, at=NOW, on=TODAY, unit=world.thcs, name="Trường THCS Cao Sơn 1")
    for query in (
        {"tu": "2026-01-28", "den": "2026-01-29"},
        {"tu": "2025-06-30", "den": "2026-01-29", "loai": "chuyen"},
    ):
        with django_assert_max_num_queries(38):
            signed_in.get(PAGE, query)


def test_the_tree_leads_there(signed_in: Client, world):
    assert 'href="/don-vi/so-sanh/"' in signed_in.get("/don-vi/").content.decode()
