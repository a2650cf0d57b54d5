"""Units through the API: search, one with its life, what stands below, what changed between two days."""

from datetime import timedelta
from fractions import Fraction

import pytest

from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions as orgs
from giaoban.orgs.models import COUNTRY_ID, MANAGEMENT, PROFESSIONAL, TERRITORY
from giaoban.people import middleware
from tests.promises.guarded import Place
from tests.world import EVE, NOW, REFORM, TODAY


@pytest.fixture
def walk(world, monkeypatch):
    """An officer of xã Bình Minh in Tỉnh Mẫu asks."""
    monkeypatch.setattr(middleware, "now", lambda: NOW)
    client = Place(world).client("own")

    def asked(address, **given):
        response = client.get(f"/api/v1/{address}", {name.rstrip("_"): value for name, value in given.items()})
        return response.status_code, response.json()

    return asked


def names(told):
    return [one["name"] for one in told["items"]]


def test_search_needs_no_accents_and_says_where_a_unit_lies(world, walk):
    status, told = walk("units/", q="binh minh")
    assert status == 200
    assert told["items"][0]["id"] == world["binh_minh"]
    assert told["items"][0]["path"] == "Tỉnh Mẫu"
    assert told["total"] == len(told["items"])


def test_units_of_a_day_by_kind_and_place(world, walk):
    then = walk("units/", on=EVE, kind="commune,township", under=world["province"])[1]
    now = walk("units/", kind=["commune", "ward"], under=world["province"])[1]
    assert sorted(names(then)) == [
        "Thị trấn Hạ", "Xã Bình Minh", "Xã Cao Sơn", "Xã Yên Lập", "Xã Ánh Dương", "Xã Đồng Tâm",
    ]  # fmt: skip
    assert sorted(names(now)) == ["Phường Hạ", "Xã Bình Minh", "Xã Cao Sơn", "Xã Yên Lập"]
    assert (then["on"], then["total"]) == ("2025-06-30", 6)


def test_a_long_list_comes_in_pages_that_leave_nothing_out(world, walk):
    whole = names(walk("units/", under=world["province"])[1])
    found, address, given = [], "units/", {"under": world["province"], "limit": 7}
    while address:
        told = walk(address, **given)[1]
        assert len(told["items"]) <= 7 and told["total"] == len(whole)
        found += names(told)
        address, given = (told["next"] or "").removeprefix("/api/v1/"), {}
    assert found == whole


def test_one_unit_tells_its_whole_life(world, walk):
    status, told = walk(f"units/{world['cao_son']}/")
    assert status == 200 and told["exists"]
    assert (told["name"], told["body_name"], told["kind"], told["codes"]) == (
        "Xã Cao Sơn", "UBND xã Cao Sơn", "commune", {"gso": "99003"},
    )  # fmt: skip
    assert (told["first_day"], told["last_day"]) == (REFORM.isoformat(), None)
    places = {one["hierarchy"]: [step["name"] for step in one["path"]] for one in told["places"]}
    assert places == {TERRITORY: ["Việt Nam", "Tỉnh Mẫu"], MANAGEMENT: ["Việt Nam", "Tỉnh Mẫu"]}
    shares = {row["unit"]["name"]: (row["share"], row["basis"], row["estimated"]) for row in told["predecessors"]}
    assert shares == {"Xã Cao Sơn": ("1/2", "equal", True), "Xã Đồng Tâm": ("1", "whole", False)} or shares == {
        "Xã Cao Sơn": ("1/2", "equal", True), "Xã Đồng Tâm": ("1", "equal", True),
    }  # fmt: skip
    assert told["predecessors"][0]["decision"]["number"] == "1/NQ-MẪU"
    assert "exists" in {line["what"] for line in told["timeline"]}


def test_an_ended_unit_is_told_as_of_its_last_day(world, walk):
    told = walk(f"units/{world['cao_son_cu']}/")[1]
    assert (told["exists"], told["last_day"]) == (False, EVE.isoformat())
    assert sum(Fraction(row["share"]) for row in told["successors"]) == 1
    before = walk(f"units/{world['cao_son_cu']}/", on=EVE)[1]
    assert before["exists"]
    assert [step["name"] for step in before["places"][0]["path"]] == ["Việt Nam", "Tỉnh Mẫu", "Huyện Thượng"]


def test_the_same_unit_stands_elsewhere_in_another_hierarchy(world, walk):
    told = walk(f"units/{world['tieu_hoc']}/")[1]
    parents = {one["hierarchy"]: one["parent"]["id"] for one in told["places"]}
    assert parents == {TERRITORY: world["binh_minh"], MANAGEMENT: world["binh_minh"], PROFESSIONAL: world["so"]}
    below = walk(f"units/{world['so']}/children/", hierarchy=PROFESSIONAL)[1]
    assert "Trường Tiểu học Ánh Dương" in names(below)
    assert "Trường Tiểu học Ánh Dương" not in names(walk(f"units/{world['so']}/children/")[1])


def test_children_are_those_of_the_day(world, walk):
    assert "Huyện Thượng" in names(walk(f"units/{world['province']}/children/", on=EVE)[1])
    assert "Huyện Thượng" not in names(walk(f"units/{world['province']}/children/")[1])


def test_what_changed_between_two_days(world, walk):
    status, told = walk("changes/", from_=EVE, to=REFORM, under=world["province"])
    assert status == 200
    by_unit = {one["unit"]["id"]: one for one in told["items"]}
    assert by_unit[world["huyen_thuong"]]["what"] == ["ended"]
    founded = by_unit[world["cao_son"]]
    assert (founded["what"], founded["before"]) == (["founded"], None)
    assert {row["unit"]["name"] for row in founded["predecessors"]} == {"Xã Cao Sơn", "Xã Đồng Tâm"}
    ward = by_unit[world["phuong_ha"]]
    assert ward["what"] == ["renamed", "reclassified", "moved"]
    assert (ward["before"]["parent"]["name"], ward["after"]["parent"]["name"]) == ("Huyện Hạ", "Tỉnh Mẫu")
    assert by_unit[world["yen_lap"]]["what"] == ["moved"]
    assert world["province"] not in by_unit and told["total"] == len(by_unit)


def test_days_without_a_change_differ_in_nothing(world, walk):
    assert walk("changes/", from_=REFORM + timedelta(days=1), to=TODAY)[1]["items"] == []


def test_the_difference_is_what_both_lists_say(world, walk):
    """Whoever takes the units of the first day and applies the differences has those of the last."""
    orgs.close(by=SYSTEM, at=NOW, on=TODAY, unit=world.mam_non)
    for hierarchy in (TERRITORY, MANAGEMENT):

        def standing(day, hierarchy=hierarchy):
            told = walk("units/", on=day, under=COUNTRY_ID, hierarchy=hierarchy, limit=1000)[1]
            return {one["id"]: one["name"] for one in told["items"]}

        was, now = standing(EVE), standing(TODAY)
        for one in walk("changes/", from_=EVE, to=TODAY, hierarchy=hierarchy, limit=1000)[1]["items"]:
            if "ended" in one["what"]:
                was.pop(one["unit"]["id"], None)
            elif one["after"]["parent"]:
                was[one["unit"]["id"]] = one["after"]["name"]
        assert was == now


# What cannot be answered is said by name


@pytest.mark.parametrize(
    ("address", "given", "status", "field", "words"),
    [
        ("units/", {"on": "31/02/2026"}, 400, "on", "không phải là ngày"),
        ("units/", {"limit": "0"}, 400, "limit", "quá nhỏ"),
        ("units/", {"limit": "1001"}, 400, "limit", "quá lớn"),
        ("units/", {"hierarchy": "X"}, 400, "hierarchy", "“X”"),
        ("units/", {"under": "999999"}, 404, "unit", "999999"),
        ("units/", {"has": "zone"}, 400, "where", "zone:III"),
        ("units/999999/", {}, 404, "unit", "999999"),
        ("changes/", {"to": "2026-01-01"}, 400, "from", "thiếu"),
        ("changes/", {"from": "2026-01-01", "to": "2026-01-01"}, 400, "to", "sau ngày"),
    ],
)
def test_a_fault_names_its_parameter_in_vietnamese(walk, address, given, status, field, words):
    got, told = walk(address, **given)
    assert (got, told["error"]["field"]) == (status, field)
    assert words in told["error"]["message"]
