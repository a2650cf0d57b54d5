"""A unit's figures through its life: on two maps, with the break named, estimates marked, and how many reported."""

from datetime import date
from decimal import Decimal

import pytest

from giaoban.core import period as periods
from giaoban.desk import lifeline
from giaoban.desk.lifeline import AREA, AS_WAS, Lifeline
from giaoban.desk.lifeline import TODAY as ON_TODAY
from giaoban.indicators import actions
from giaoban.indicators.actions import SeriesRow
from giaoban.indicators.models import Cell
from giaoban.journal.actor import SYSTEM, Actor
from giaoban.people.roles import Role
from giaoban.ui.charts import draw
from tests.rooms.orgs.conftest import appoint
from tests.rooms.ui.markup import check
from tests.world import NOW, REFORM, TODAY, World

BEFORE, AFTER = "2024-2025.HK1", "2025-2026.HK1"


@pytest.fixture
def counted(world: World) -> tuple[World, Actor]:
    """Pupils as the statistics office printed them: of the old communes before the reform, of the new ones after it."""
    system = {"by": SYSTEM, "at": NOW}
    actions.define_element(**system, code="hoc_sinh", name="Học sinh", unit="học sinh", stock=True)
    actions.define_indicator(
        **system,
        code="hoc_sinh",
        name="Học sinh",
        unit="học sinh",
        places=0,
        expression="hoc_sinh",
        start=date(2020, 1, 1),
    )
    actions.define_series(**system, code="gso", name="Niên giám thống kê")
    cell = Cell.objects.get(key="hoc_sinh").pk
    rows = [
        *(SeriesRow(world[unit], BEFORE, cell, value) for unit, value in (("cao_son_cu", 101), ("dong_tam", 40))),
        *(SeriesRow(world[unit], AFTER, cell, value) for unit, value in (("cao_son", 95), ("binh_minh", 300))),
    ]
    actions.import_series(**system, series="gso", rows=rows)
    _account, actor = appoint(world, "cao_son", Role.LEADER, "lanh.dao")
    return world, actor


def life(counted, unit="cao_son", **changes) -> Lifeline:
    world, actor = counted
    return Lifeline(actor, TODAY, world[unit], **({"series": "gso"} | changes))


def points(look: Lifeline):
    (line,) = look.lines
    return {point.label: point for point in line.trend.points}


def points_of(look: Lifeline):
    return {point.label: point for line in look.lines for point in line.trend.points}


def test_on_todays_units_the_years_before_are_restated_and_marked(counted):
    shown = points(life(counted))
    assert [shown["2024-2025"].estimated, shown["2025-2026"].estimated] == [True, False]
    assert shown["2025-2026"].value == 95
    assert abs(shown["2024-2025"].value - (Decimal(101) / 2 + 40)) <= 1
    assert "ước tính" in shown["2024-2025"].note
    (line,) = life(counted).lines
    assert line.estimated == 1


def test_the_break_is_drawn_and_named(counted):
    (line,) = life(counted).lines
    ((first, word),) = [(one.label, one.word) for one in line.trend.breaks]
    assert first == "2025-2026" and word.startswith("1/7/2025")
    html = draw(line.trend)
    assert 'class="break-word"' in html and 'class="dot guess"' in html and ">ước tính</text>" in html


def test_as_it_was_each_unit_keeps_its_own(counted):
    assert list(points(life(counted, map=AS_WAS))) == ["2025-2026"]
    old = life(counted, "cao_son_cu", map=AS_WAS)
    assert points(old)["2024-2025"].value == 101
    assert not old.estimated


def test_a_comparable_area_is_exact_and_seen_only_whole(counted):
    """Half of the old Xã Cao Sơn went to Bình Minh, so the two stand together; who sees but one sees neither."""
    alone = life(counted, map=AREA)
    assert alone.area is None and alone.area_hidden and points_of(alone) == {}
    world, _actor = counted
    _account, both = appoint(world, "province", Role.LEADER, "lanh.dao.tinh")
    look = life((world, both), map=AREA)
    shown = points_of(look)
    assert (shown["2024-2025"].value, shown["2025-2026"].value) == (141, 395)
    assert not any(point.estimated for point in shown.values())
    assert look.area_names == (
        ["Xã Ánh Dương", "Xã Bình Minh", "Xã Cao Sơn", "Xã Đồng Tâm"],
        ["Xã Bình Minh", "Xã Cao Sơn"],
    )


def test_what_it_was_made_of_and_became_lead_on(counted):
    look = life(counted)
    assert [(one.name, one.share, one.estimated) for one in look.came_from] == [
        ("Xã Cao Sơn", "1/2", True),
        ("Xã Đồng Tâm", "", False),
    ]
    old = life(counted, "cao_son_cu")
    assert old.ended == REFORM and [one.name for one in old.became] == ["Xã Bình Minh", "Xã Cao Sơn"]
    assert life(counted, "huyen_ha").became == []


def test_the_page_and_its_part(counted, client):
    world, _actor = counted
    from giaoban.people.models import Account

    client.force_login(Account.objects.get(username="lanh.dao"), backend="django.contrib.auth.backends.ModelBackend")
    address = lifeline.page_address(world["cao_son"])
    html = client.get(address, {"nguon": "gso"}).content.decode()
    check(html)
    assert "Số liệu của Xã Cao Sơn" in html and "có số ước tính" in html
    part = client.get(address, {"phan": "1"}).content.decode()
    assert "<html" not in part and "Toàn bộ số liệu qua các kỳ của Xã Cao Sơn" in part
    for query in (
        {"ban-do": "gi-do"},
        {"ban-do": "vung", "nguon": "gso"},
        {"loai-ky": "gi-do"},
        {"nguon": "gi-do"},
        {"ban-do": "luc-do"},
        {"het": "1"},
    ):
        assert client.get(address, query).status_code == 200
    assert client.get("/so-lieu-don-vi/999999/").status_code == 404


def test_figures_of_others_are_refused_on_the_page_and_silent_in_the_part(counted, client):
    world, _actor = counted
    from giaoban.people.models import Account

    client.force_login(Account.objects.get(username="lanh.dao"), backend="django.contrib.auth.backends.ModelBackend")
    address = lifeline.page_address(world["binh_minh"])
    assert client.get(address).status_code == 403
    part = client.get(address, {"phan": "1"})
    assert (
        part.status_code == 200 and "không xem số liệu" in part.content.decode() and "300" not in part.content.decode()
    )


def test_periods_of_one_kind_stand_on_one_line(counted):
    world, _actor = counted
    row = SeriesRow(world["cao_son"], "2025-2026.DN", Cell.objects.get(key="hoc_sinh").pk, 97)
    actions.import_series(by=SYSTEM, at=NOW, series="gso", rows=[row])
    look = life(counted)
    assert [one.code for one in look.periods] == [BEFORE, AFTER]
    assert [kind for kind, _label in look.kinds] == ["SEMESTER_1", "SCHOOL_YEAR_START"]
    assert [one.code for one in life(counted, kind="SCHOOL_YEAR_START").periods] == ["2025-2026.DN"]
    assert look.map == ON_TODAY and periods.parse(AFTER) in look.periods
