"""Names as documents really write them: abbreviations, titles of heads, loose groups; all in few questions."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from giaoban.orgs import queries
from giaoban.orgs.queries.naming.wording import asked, ways
from tests.world import EVE, TODAY


@pytest.mark.parametrize(
    ("text", "on", "near", "unit"),
    [
        ("P.GDĐT", EVE, "huyen_thuong", "phong_gd_thuong"),
        ("P. GD&ĐT", EVE, "huyen_thuong", "phong_gd_thuong"),
        ("Phòng GD-ĐT", EVE, "huyen_thuong", "phong_gd_thuong"),
        ("Phòng Giáo dục - Đào tạo huyện Hạ", EVE, "huyen_thuong", "phong_gd_ha"),
        ("Phòng GD huyện Hạ", EVE, "huyen_thuong", "phong_gd_ha"),
        ("PGD&ĐT", EVE, "huyen_thuong", "phong_gd_thuong"),
        ("Sở GD-ĐT", TODAY, "thcs", "so"),
        ("Sở GDĐT", TODAY, "cao_son", "so"),
        ("Sở Giáo dục - Đào tạo", TODAY, "cao_son", "so"),
        ("UBND TT Hạ", EVE, "huyen_ha", "phuong_ha"),
        ("UBND TT. Hạ", EVE, "huyen_ha", "phuong_ha"),
        ("UBND thị trấn Hạ", EVE, "huyen_ha", "phuong_ha"),
        ("UBND X. Cao Sơn", TODAY, "so", "cao_son"),
        ("Ủy ban xã Cao Sơn", TODAY, "so", "cao_son"),
        ("THCS Cao Sơn", TODAY, "cao_son", "thcs"),
        ("trường THCS Cao Sơn", TODAY, "so", "thcs"),
        ("THCS Cao Sơn", TODAY, "province", "thcs"),
        ("PTDTBT TH&THCS Đồng Tâm", TODAY, "cao_son", "ban_tru"),
        ("Trường PTDTBT TH và THCS Đồng Tâm", TODAY, "so", "ban_tru"),
        ("Hiệu trưởng Trường THCS Cao Sơn", TODAY, "so", "thcs"),
        ("đồng chí Hiệu trưởng trường THCS Cao Sơn", TODAY, "so", "thcs"),
        ("Giám đốc Sở Giáo dục và Đào tạo", TODAY, "thcs", "so"),
        ("Trưởng phòng Nội vụ", EVE, "huyen_ha", "phong_noi_vu_ha"),
        ("Trưởng phòng GD&ĐT", EVE, "huyen_ha", "phong_gd_ha"),
        ("Chủ tịch UBND xã", TODAY, "vhxh_cao_son", "cao_son"),
        ("Chủ tịch UBND xã Cao Sơn", TODAY, "so", "cao_son"),
        ("Chánh Văn phòng HĐND&UBND", TODAY, "vhxh_binh_minh", "van_phong_binh_minh"),
    ],
)
def test_one_unit_is_meant(world, text, on, near, unit):
    found = queries.resolve_name(text, on, world[near])
    assert found, asked(text)
    assert found[0].unit_id == world[unit], f"{found[0].why} instead"
    assert found[0].score >= 60


@pytest.mark.parametrize(
    ("text", "on", "near", "units"),
    [
        ("các trường mầm non, tiểu học, THCS trên địa bàn", TODAY, "cao_son", ["thcs", "ban_tru"]),
        ("Hiệu trưởng các trường", TODAY, "cao_son", ["thcs", "ban_tru"]),
        ("Ban giám hiệu các trường tiểu học", TODAY, "binh_minh", ["tieu_hoc"]),
        ("Chủ tịch UBND các xã, phường", TODAY, "province", ["binh_minh", "cao_son", "phuong_ha", "yen_lap"]),
        ("Thủ trưởng các phòng chuyên môn", TODAY, "cao_son", ["vhxh_cao_son", "kinh_te_cao_son", "van_phong_cao_son"]),
    ],
)
def test_a_group_is_meant(world, text, on, near, units):
    found = queries.resolve_name(text, on, world[near])
    assert found and set(found[0].unit_ids) >= {world[name] for name in units}
    assert set(found[0].unit_ids) == {world[name] for name in units}, found[0].why
    assert found[0].score >= 60


def test_bodies_and_units_are_offices_and_schools_directly_below(world):
    """A commune means its own; a province means its departments, and not the schools of its communes."""
    of_commune = set(queries.resolve_name("các cơ quan, đơn vị", TODAY, world["cao_son"])[0].unit_ids)
    assert of_commune > {world[name] for name in ("vhxh_cao_son", "kinh_te_cao_son", "thcs", "ban_tru")}
    of_province = set(queries.resolve_name("các cơ quan, đơn vị", TODAY, world["province"])[0].unit_ids)
    assert world["so"] in of_province and not of_province & of_commune


@pytest.mark.parametrize("text", ["các xã vùng cao", "các trường trọng điểm chất lượng cao", "các cơ quan liên quan"])
def test_which_of_a_group_is_not_guessed(world, text):
    """They are offered below the mark of certainty, so that the page asks."""
    (match, *_rest) = queries.resolve_name(text, TODAY, world["province" if "xã" in text else "cao_son"])
    assert match.unit_id is None and match.unit_ids and match.score < 60
    assert "chưa rõ" in match.why


def test_cases_are_no_schools(world):
    assert queries.resolve_name("các trường hợp vi phạm", TODAY, world["cao_son"]) == []


def test_the_same_name_in_two_provinces_is_the_one_near_the_writer(world):
    """Tỉnh Mẫu has a Xã Bình Minh of its own; who writes elsewhere is offered all, none of them certain."""
    assert queries.resolve_name("UBND xã Bình Minh", TODAY, world["so"])[0].unit_id == world["binh_minh"]


def test_a_title_is_taken_off_and_a_name_is_not():
    assert asked("Trưởng phòng GD&ĐT") == "phong gddt"
    assert asked("Trường THCS Trưng Vương") == "truong thcs trung vuong"
    assert asked("Bà Rịa") == "ba ria"
    assert ways("thcs phu nhuan")[:2] == ("thcs phu nhuan", "truong thcs phu nhuan")


NAMES = [
    "Phòng Văn hóa - Xã hội", "Phòng Kinh tế", "Văn phòng HĐND&UBND", "Sở GD&ĐT", "UBND tỉnh", "Trường THCS Cao Sơn",
    "THCS Cao Sơn", "UBND xã Bình Minh", "UBND xã Đồng Tâm", "Phường Hạ", "Công an xã", "Trạm Y tế", "Đoàn Thanh niên",
    "Hội Khuyến học", "Trường Tiểu học Ánh Dương", "Trường Mầm non Hoa Mai", "Trường THPT Mẫu", "Đảng ủy xã",
    "Hội Phụ nữ", "Công ty Sông Đà",
]  # fmt: skip


def questions(world, names: list[str]) -> int:
    with CaptureQueriesContext(connection) as asked_of:
        queries.resolve_names(names, TODAY, near=world["cao_son"], reader=world["vhxh_cao_son"])
    return len(asked_of)


def test_twenty_names_cost_hardly_more_questions_than_one(world):
    first = questions(world, NAMES[:1])
    assert questions(world, NAMES) <= first + 20


def test_names_asked_together_mean_what_they_mean_alone(world):
    together = queries.resolve_names(NAMES, TODAY, near=world["cao_son"])
    for name in NAMES:
        assert together[name] == queries.resolve_name(name, TODAY, world["cao_son"]), name
