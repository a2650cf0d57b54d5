"""Names as documents write them, in Tỉnh Mẫu."""

from __future__ import annotations

import pytest

from giaoban.orgs import queries, spelling
from tests.world import EVE, TODAY

UPPER = ["mam_non", "tieu_hoc", "thcs"]
LOWER = ["ban_tru", "tieu_hoc_ha"]


def best(world, text, on, near):
    found = queries.resolve_name(text, on, world[near] if near else None)
    return found[0] if found else None


def named(world, *names):
    return tuple(sorted(world[name] for name in names))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ủy ban nhân dân xã Bắc Hà", "UBND xã Bắc Hà"),
        ("Uỷ ban nhân dân xã Bắc Hà", "UBND xã Bắc Hà"),
        ("Phòng Giáo dục và Đào tạo", "Phòng GD&ĐT"),
        ("Phòng Giáo dục & Đào tạo", "Phòng GDĐT"),
        ("Phòng GD-ĐT", "Phòng GD&ĐT"),
        ("Trường Trung học cơ sở Cao Sơn", "Trường THCS Cao Sơn"),
        ("Trường Phổ thông dân tộc bán trú TH&THCS Đồng Tâm", "Trường PTDTBT Tiểu học và THCS Đồng Tâm"),
        ("Phòng Tài chính – Kế hoạch", "Phòng TC-KH"),
        ("Phòng Văn hóa - Xã hội", "Phòng VH-XH"),
        ("Văn phòng HĐND&UBND", "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân"),
        ("Thành phố Hồ Chí Minh", "TP. Hồ Chí Minh"),
        ("Ban Quản lý dự án", "Ban QLDA"),
        ("Ban chỉ đạo", "BCĐ"),
    ],
)
def test_one_spelling_to_compare_by(one, other):
    assert spelling.canon(one).replace(" va ", " ") == spelling.canon(other).replace(" va ", " ")


@pytest.mark.parametrize(
    ("text", "on", "near", "unit"),
    [
        ("Phòng GD&ĐT", EVE, "huyen_thuong", "phong_gd_thuong"),
        ("Phòng Giáo dục và Đào tạo huyện", EVE, "huyen_thuong", "phong_gd_thuong"),
        ("Phòng Giáo dục và Đào tạo", EVE, "thcs", "phong_gd_thuong"),
        ("Phòng Giáo dục và Đào tạo huyện Hạ", EVE, "huyen_thuong", "phong_gd_ha"),
        ("Giao Phòng Nội vụ", EVE, "huyen_ha", "phong_noi_vu_ha"),
        ("Phòng Tài chính - Kế hoạch", EVE, "huyen_ha", "phong_tckh_ha"),
        ("Sở Giáo dục và Đào tạo", TODAY, "thcs", "so"),
        ("Sở GD&ĐT tỉnh Mẫu", TODAY, None, "so"),
        ("Sở Nội vụ", TODAY, "cao_son", "so_noi_vu"),
        ("Bộ GD&ĐT", TODAY, "so", "bo"),
        ("UBND tỉnh", TODAY, "binh_minh", "province"),
        ("UBND xã", TODAY, "thcs", "cao_son"),
        ("UBND huyện", EVE, "thcs", "huyen_thuong"),
        ("Phòng Văn hóa – Xã hội", TODAY, "cao_son", "vhxh_cao_son"),
        ("Văn phòng HĐND&UBND", TODAY, "vhxh_binh_minh", "van_phong_binh_minh"),
        ("Phòng Kinh tế", TODAY, "phuong_ha", "kinh_te_phuong_ha"),
        ("UBND xã Bình Minh", TODAY, None, "binh_minh"),
        ("xã Bình Minh, tỉnh Mẫu", TODAY, None, "binh_minh"),
        ("UBND xã Bình Minh huyện Thượng", EVE, None, "binh_minh_cu"),
        ("Trường Trung học cơ sở Cao Sơn", TODAY, "province", "thcs"),
        ("Trường THPT Mẫu", TODAY, None, "thpt"),
        ("Đảng ủy xã Bình Minh", TODAY, "binh_minh", "dang_uy"),
        ("Chi bộ Trường Mầm non Hoa Mai", TODAY, None, "chi_bo"),
    ],
)
def test_one_unit_is_meant(world, text, on, near, unit):
    match = best(world, text, on, near)
    assert match is not None
    assert match.unit_id == world[unit], queries.name(match.unit_id or 0, on) + " " + match.why
    assert match.score >= 80


@pytest.mark.parametrize(
    ("text", "on", "near", "units"),
    [
        ("các trường", TODAY, "cao_son", ["thcs", "ban_tru"]),
        ("Các trường học trên địa bàn xã", TODAY, "vhxh_cao_son", ["thcs", "ban_tru"]),
        ("các trường", EVE, "phong_gd_thuong", UPPER),
        ("các trường thuộc huyện Hạ", EVE, "phong_gd_thuong", [*LOWER, "thpt"]),
        ("các trường tiểu học", TODAY, "province", ["tieu_hoc", "tieu_hoc_ha", "ban_tru"]),
        ("các trường TH, THCS", TODAY, "province", ["tieu_hoc", "tieu_hoc_ha", "ban_tru", "thcs"]),
        ("Các trường mầm non", TODAY, "binh_minh", ["mam_non"]),
        ("các trường THPT", TODAY, "so", ["thpt"]),
        ("các trường tiểu học", TODAY, "so", ["tieu_hoc", "tieu_hoc_ha", "ban_tru"]),
        ("UBND các xã, phường", TODAY, "province", ["binh_minh", "cao_son", "phuong_ha", "yen_lap"]),
        ("các xã, thị trấn", EVE, "huyen_ha", ["dong_tam", "phuong_ha", "yen_lap"]),
        ("UBND các huyện, thị xã, thành phố", EVE, "so", ["huyen_thuong", "huyen_ha"]),
        ("Các phòng chuyên môn", TODAY, "cao_son", ["vhxh_cao_son", "kinh_te_cao_son", "van_phong_cao_son"]),
        ("các phòng, ban", EVE, "huyen_ha", ["phong_gd_ha", "phong_noi_vu_ha", "phong_tckh_ha"]),
        ("Phòng GD&ĐT các huyện", EVE, "so", ["phong_gd_thuong", "phong_gd_ha"]),
    ],
)
def test_a_group_is_meant(world, text, on, near, units):
    match = best(world, text, on, near)
    assert match is not None and match.unit_id is None
    assert match.unit_ids == named(world, *units)
    assert match.group == text
    assert f"{len(units)} đơn vị" in match.why


def test_a_group_without_members_says_so(world):
    match = best(world, "các nhóm trẻ độc lập tư thục", TODAY, "cao_son")
    assert (match.unit_ids, match.score) == ((), 40)


def test_a_former_name_follows_with_a_note(world):
    divided = best(world, "UBND xã Đồng Tâm", TODAY, "so")
    assert divided.unit_id == world["cao_son"]
    assert "kết thúc ngày 01/07/2025; nay là Xã Cao Sơn" in divided.why
    kept = best(world, "thị trấn Hạ", TODAY, None)
    assert kept.unit_id == world["phuong_ha"]
    assert "tên trước đây" in kept.why


def test_a_district_office_reads_as_the_communes_of_its_district(world):
    match = best(world, "Phòng GD&ĐT huyện Thượng", TODAY, "so")
    assert match.unit_ids == named(world, "binh_minh", "cao_son")
    assert "Phòng Giáo dục và Đào tạo huyện Thượng kết thúc ngày 01/07/2025" in match.why
    lower = best(world, "UBND huyện Hạ", TODAY, "so")
    assert lower.unit_ids == named(world, "cao_son", "phuong_ha", "yen_lap")
    written_in_commune = best(world, "Phòng GD&ĐT", TODAY, "cao_son")
    assert written_in_commune.unit_id == world["cao_son"]
    assert "đọc là UBND xã Cao Sơn" in written_in_commune.why


def test_nothing_is_made_up(world):
    assert queries.resolve_name("Công ty cổ phần Sông Đà", TODAY, world["so"]) == []
    assert queries.resolve_name("", TODAY, world["so"]) == []
    assert queries.resolve_name("các đồng chí", TODAY, world["so"]) == []


def test_search_in_the_world(world):
    assert [hit.name for hit in queries.search("thcs cao son", TODAY)] == ["Trường THCS Cao Sơn"]
    assert queries.search("truong trung hoc co so", TODAY)[0].unit_id == world["thcs"]
    assert queries.search("99001003", TODAY)[0].unit_id == world["thcs"]
    assert queries.search("cao son", TODAY)[0].unit_id == world["cao_son"]  # the commune before its school
    assert queries.search("suoi ba", TODAY)[0].path == "Trường Tiểu học Ánh Dương, Xã Bình Minh, Tỉnh Mẫu"
