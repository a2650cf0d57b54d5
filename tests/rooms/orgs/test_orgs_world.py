"""Tỉnh Mẫu stands as its docstring says."""

from giaoban.orgs import queries
from giaoban.orgs.models import MANAGEMENT, PROFESSIONAL, TERRITORY
from tests.world import EVE, REFORM, TODAY


def test_communes_before_and_after(world):
    before = queries.descendants(world["province"], TERRITORY, EVE, kinds=["commune", "ward", "township"])
    after = queries.children(world["province"], TERRITORY, REFORM).filter(kind__level="commune")
    after = after.exclude(kind__family="office")
    assert len(before) == 6
    assert [row.name for row in after] == ["Xã Bình Minh", "Xã Cao Sơn", "Xã Yên Lập", "Phường Hạ"]


def test_school_through_its_hierarchies(world):
    school = world["thcs"]
    assert queries.parent(school, TERRITORY, EVE) == world["cao_son_cu"]
    assert queries.parent(school, TERRITORY, TODAY) == world["cao_son"]
    assert queries.parent(school, MANAGEMENT, EVE) == world["huyen_thuong"]
    assert queries.parent(school, MANAGEMENT, TODAY) == world["cao_son"]
    assert queries.parent(school, PROFESSIONAL, EVE) == world["phong_gd_thuong"]
    assert queries.parent(school, PROFESSIONAL, TODAY) == world["so"]
    assert queries.path_text(school, TODAY) == "Xã Cao Sơn, Tỉnh Mẫu"
