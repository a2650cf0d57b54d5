"""The map page: who sees which points, what they say, and that it is light and linkable."""

import re
from datetime import date
from fractions import Fraction

import pytest

from giaoban.core import period as periods
from giaoban.desk import geography, mapping
from giaoban.desk.mapping import COMMUNES, PROVINCES, MapLook
from giaoban.desk.overview import Wanted
from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions as orgs
from giaoban.orgs.models import COUNTRY_ID
from tests.rooms.desk.conftest import TODAY
from tests.rooms.indicators.place import HK1, at
from tests.rooms.ui.markup import check


@pytest.fixture
def mapped(place):
    """Xã Bắc Hà and Sín Chải with codes of real communes, so that they can be drawn; a report of one school counts."""
    for key, code in (("bac_ha", "02947"), ("sin_chai", "02824")):
        orgs.recode(by=SYSTEM, at=at(TODAY), on=date(2025, 7, 1), unit=place.units[key], scheme="gso", code=code)
    place.accept(place.hand_in(place.open(), "na_hoi"))
    return place


def look(place, who="leader", unit="tinh", level=COMMUNES, **changes) -> MapLook:
    unit_id = COUNTRY_ID if unit == "country" else place.unit(unit)
    wanted = {"unit_id": unit_id, "period": periods.parse(HK1), "map": "today", "indicator": "ty_le_bo_hoc"}
    return MapLook(place.actors[who], TODAY, Wanted(**(wanted | changes)), level)


def test_shipped_places_lie_in_the_country():
    ground = geography.ground()
    assert len(ground) == 3321
    assert all(8 < lat < 23.5 and 102 < lon < 115 for lat, lon in ground)


def test_a_commune_stands_at_its_centroid_and_a_province_between_its_communes(mapped):
    units = [mapped.unit("bac_ha"), mapped.unit("sin_chai")]
    spots = geography.communes(units)
    assert set(spots) == set(units) and not any(spot.about for spot in spots.values())
    (province,) = geography.provinces([mapped.unit("tinh")], TODAY).values()
    lats = sorted(spot.lat for spot in spots.values())
    assert lats[0] < province.lat < lats[1]
    assert province.area == sum(spot.area for spot in spots.values())


def test_a_former_commune_is_drawn_where_its_successor_lies(world):
    orgs.recode(by=SYSTEM, at=at(TODAY), on=date(2025, 7, 2), unit=world.binh_minh, scheme="gso", code="02947")
    (spot,) = geography.communes([world["anh_duong"]]).values()
    assert spot.about and spot == geography.Spot(spot.lat, spot.lon, spot.area, about=True)
    assert geography.communes([world["dong_tam"]]) == {}, "nobody knows where that one lies"


def test_only_what_a_person_may_look_at_is_drawn(mapped):
    assert [row.name for row in look(mapped).rows] == ["Xã Bắc Hà"]
    assert [row.name for row in look(mapped, unit="country", level=PROVINCES).rows] == []


def test_a_point_says_its_value_and_how_many_reported(mapped):
    (row,) = look(mapped).rows
    assert (row.answer.text, row.shown.counts, row.found.word) == ("0,60%", "3/500", "trung bình")
    (drawn,) = look(mapped).map.places
    assert (drawn.name, drawn.label, drawn.text, drawn.note) == ("Xã Bắc Hà", "Bắc Hà", "0,60%", "1/3 đã có")
    assert "/tong-quan/" in drawn.href and "chi-tieu=ty_le_bo_hoc" in drawn.href


def test_the_highest_comes_first_and_missing_ones_last():
    class Answer:
        def __init__(self, value, reported=0):
            self.value, self.reported = value, reported

    def row(name, value):
        return mapping.Row(1, name, "", "", Answer(value), None, True)

    rows = [row("B", Fraction(1)), row("A", None), row("C", Fraction(2))]
    assert [one.name for one in mapping.sorted_rows(rows, "")] == ["C", "B", "A"]
    assert [one.name for one in mapping.sorted_rows(rows, "gia-tri")] == ["B", "C", "A"]
    assert [one.name for one in mapping.sorted_rows(rows, "ten")] == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Tỉnh Lào Cai", "Lào Cai"),
        ("Phường 1", "Phường 1"),
        ("Đặc khu Trường Sa", "Trường Sa"),
        ("Việt Nam", "Việt Nam"),
    ],
)
def test_names_on_the_map_are_short(name, shown):
    assert mapping.short(name) == shown


def test_the_page_draws_and_tables_the_same(mapped, browser):
    client = browser("leader")
    answer = client.get("/ban-do/")
    html = answer.content.decode()
    check(html)
    assert 'class="chart map"' in html and 'id="bang"' in html and 'href="#bang"' in html
    assert "0,60%" in html and "3/500" in html
    assert "<script>" not in html.split("</head>")[1] and "style=" not in html
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html), "no other host"


def test_filters_of_the_address_hold_and_what_cannot_be_read_is_said(mapped, browser):
    client = browser("leader")
    html = client.get("/ban-do/", {"ban-do": "ngay", "ngay": "30/06/2025", "ky": HK1}).content.decode()
    assert "30/06/2025" in html
    for bad in ({"ky": "hôm qua"}, {"ban-do": "ngay", "ngay": "x"}, {"don-vi": "abc"}, {"cap": "thon"}, {"trang": "x"}):
        assert client.get("/ban-do/", bad).status_code == 200
    assert client.get("/ban-do/", {"chi-tieu": "khong_co"}).status_code == 200


def test_without_figures_the_page_says_what_belongs_here(place, browser):
    assert "Chưa có số liệu đã duyệt" in browser("leader").get("/ban-do/").content.decode()


def test_too_many_points_are_not_drawn_at_once(mapped, monkeypatch):
    monkeypatch.setattr(mapping, "MOST", 0)
    crowded = look(mapped)
    assert crowded.too_many == 1 and crowded.map is None and crowded.rows == []
