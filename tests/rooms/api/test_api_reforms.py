"""Dated attributes and decrees through the API."""

import pytest

from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions as orgs
from tests.rooms.api.test_api_units import walk  # noqa: F401
from tests.world import EVE, NOW, REFORM, TODAY


@pytest.fixture
def marked(world):
    """Xã Bình Minh is of zone III since the reform; its schools with it."""
    orgs.mark(by=SYSTEM, at=NOW, on=REFORM, unit=world.binh_minh, attribute="zone", value="III")
    return world


def test_units_that_hold_an_attribute_on_the_day(marked, walk):  # noqa: F811
    told = walk("units/", has="zone:III", kind="commune,primary")[1]
    assert {one["id"] for one in told["items"]} == {marked["binh_minh"], marked["tieu_hoc"]}
    assert walk("units/", has="zone:III", on=EVE)[1]["items"] == []
    assert {one["id"] for one in walk("units/", has="zone:III", q="anh duong")[1]["items"]} == {marked["tieu_hoc"]}


def test_a_unit_says_what_it_holds_and_from_whom(marked, walk):  # noqa: F811
    (held,) = walk(f"units/{marked['tieu_hoc']}/")[1]["attributes"]
    assert (held["code"], held["value"], held["value_name"]) == ("zone", "III", "Khu vực III")
    assert held["of"] == marked["binh_minh"]


@pytest.mark.parametrize("text", ["zone:IX", "khong:III"])
def test_what_nothing_can_hold_is_refused(marked, walk, text):  # noqa: F811
    status, told = walk("units/", has=text)
    assert (status, told["error"]["field"]) == (400, "where") and text in told["error"]["message"]


def test_decrees_say_what_they_founded_and_ended(marked, walk):  # noqa: F811
    told = walk("decrees/", from_=REFORM, to=TODAY)[1]
    reform = next(one for one in told["items"] if one["decision"] and one["decision"]["number"] == "1/NQ-MẪU")
    assert reform["on"] == REFORM.isoformat() and not reform["undone"]
    every = [walk(f"decrees/{one['id']}/")[1] for one in told["items"]]
    founded = {unit["id"] for one in every for unit in one["founded"]}
    ended = {unit["id"] for one in every for unit in one["ended"]}
    assert {marked["binh_minh"], marked["cao_son"]} <= founded and marked["huyen_ha"] in ended
    became = {row["unit"]["id"]: row["successors"] for one in every for row in one["became"]}
    assert [part["share"] for part in became[marked["cao_son_cu"]]] == ["1/2", "1/2"]
    assert walk("decrees/999999/")[0] == 404
