"""The shipped catalogue holds what the sector is asked for, and every sheet is sound: rules, owners, sizes, sources."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from fractions import Fraction
from random import Random

import pytest

from giaoban import catalogue
from giaoban.core import formula
from giaoban.indicators.loading.catalogue import SHEETS, SUBJECTS, words_of_members
from giaoban.indicators.loading.sheets import SheetSpec, expand
from giaoban.indicators.queries.bounds import read_checks
from giaoban.indicators.queries.findings import PERIOD

DIMENSIONS = words_of_members()
TABLES = {subject: catalogue.table(f"indicators/{subject}.toml") for subject in SUBJECTS}
ELEMENTS = {row["code"]: row for table in TABLES.values() for row in table["element"]}
INDICATORS = {row["code"]: row for table in TABLES.values() for row in table["indicator"]}
FILES = {code: catalogue.table(f"indicators/sheets/{code}.toml") for code in SHEETS}
SPECS: dict[str, SheetSpec] = {code: expand(table, DIMENSIONS) for code, table in FILES.items()}
KINDS = {row["code"] for row in catalogue.table("kinds.toml")["kind"]}

TOPICS = {
    "start of the year, pre-primary": ["dn_nhom_tre", "dn_lop_mau_giao", "dn_tre_nha_tre", "dn_tre_mau_giao"],
    "start of the year, general": ["dn_lop", "dn_hoc_sinh", "dn_hoc_sinh_dtts", "dn_dung_tuoi"],
    "end of the year": ["cn_hoc_sinh", "cn_tre_mau_giao", "cn_ket_qua_th", "cn_hoc_tap", "cn_ren_luyen"],
    "enrolment 3-36 months": ["tre_trong_do_tuoi[nhom_tuoi=nha_tre]", "tre_ra_lop[nhom_tuoi=nha_tre]"],
    "enrolment 3-5": ["tre_trong_do_tuoi[nhom_tuoi=mau_giao]", "tre_ra_lop[nhom_tuoi=mau_giao]"],
    "enrolment 5": ["tre_trong_do_tuoi[nhom_tuoi=t5]", "tre_ra_lop[nhom_tuoi=t5]"],
    "6 into grade 1": ["tre_ra_lop[nhom_tuoi=t6_lop1]", "dn_dung_tuoi_dau_cap[dau_cap=lop_1]"],
    "enrolment 6-10": ["tre_ra_lop[nhom_tuoi=t6_10]"],
    "11 into grade 6": ["tre_ra_lop[nhom_tuoi=t11_lop6]", "dn_dung_tuoi_dau_cap[dau_cap=lop_6]"],
    "enrolment 11-14": ["tre_ra_lop[nhom_tuoi=t11_14]"],
    "kept to the semester's end": ["huy_dong_giu_den_het_ky"],
    "attendance by month": [
        "th_luot_phai_hoc",
        "th_luot_vang_phep",
        "th_luot_vang_khong_phep",
        "ty_le_chuyen_can_thang",
    ],
    "dropout by reason": ["cn_bo_hoc", "cn_bo_hoc_ly_do"],
    "returned": ["cn_tro_lai", "th_tro_lai"],
    "approved báo giảm": ["cn_bao_giam", "hoc_sinh_bao_giam"],
    "early marriage": ["cn_tao_hon", "hoc_sinh_tao_hon"],
    "repetition": ["dn_luu_ban", "cn_luu_ban", "ty_le_luu_ban"],
    "completion": ["cn_hoan_thanh_th", "cn_hoan_thanh_thcs", "cn_tre_5_hoan_thanh"],
    "graduation": ["tot_nghiep", "du_thi_tot_nghiep", "cn_hoan_thanh_thpt"],
    "admission": ["tuyen_sinh_ke_hoach", "tuyen_sinh_dang_ky", "tuyen_sinh_nhap_hoc"],
    "streaming": ["phan_luong", "ty_le_phan_luong_gdnn"],
    "prizes by level and field": ["giai_linh_vuc", "du_thi_linh_vuc", "giai_hsg"],
    "boarding": ["dn_ban_tru", "dn_noi_tru"],
    "ethnic minorities": ["dn_hoc_sinh_dtts", "dn_dtts_mn"],
    "disabled": ["dn_khuyet_tat", "hoc_sinh_hoa_nhap"],
    "poor": ["dn_ngheo", "dn_can_ngheo"],
    "classes": ["dn_lop", "lop_hoc"],
    "multi-grade classes": ["dn_lop_ghep", "dn_hoc_sinh_lop_ghep"],
    "school sites": ["hs_diem_le", "diem_truong", "dn_lop_diem_le"],
    "two sessions a day": ["dn_hai_buoi", "dn_lop_hai_buoi", "ty_le_hai_buoi_th"],
    "English from grade 3": ["dn_hoc_tieng_anh[lop=3]", "ty_le_tieng_anh_tu_lop_3"],
    "informatics from grade 3": ["dn_hoc_tin_hoc[lop=3]", "ty_le_tin_hoc_tu_lop_3"],
    "STEM": ["dn_clb_stem", "dn_hoc_sinh_stem", "truong_stem", "chu_de_stem"],
    "staff against the norm": ["dn_nhan_su", "dn_gv_dinh_muc", "ty_le_gv_dinh_muc_dau_nam", "dn_gv_mon_can"],
    "staff against the standard": ["dn_gv_trinh_do", "ty_le_gv_chuan_dau_nam", "dn_gv_dang_nang_chuan"],
    "language levels": ["dn_gv_ngoai_ngu", "ty_le_gv_ngoai_ngu_b2"],
    "informatics levels": ["dn_gv_tin_hoc", "ty_le_tin_hoc_co_ban"],
    "recruitment against the quota": ["chi_tieu_tuyen_bac", "da_tuyen_bac", "gv_chi_tieu_tuyen", "gv_da_tuyen"],
    "regular training": ["boi_duong_noi_dung", "boi_duong_phai", "boi_duong_da"],
    "solid rooms": ["phong_hoc_bac[loai_phong_hoc=kien_co]"],
    "semi-solid rooms": ["phong_hoc_bac[loai_phong_hoc=ban_kien_co]"],
    "temporary rooms": ["phong_hoc_bac[loai_phong_hoc=tam]", "ty_le_phong_tam"],
    "borrowed rooms": ["phong_hoc_bac[loai_phong_hoc=nho_muon]", "so_phong_nho_muon"],
    "subject rooms": ["phong_bo_mon_co", "phong_bo_mon_thieu"],
    "staff housing": ["phong_khac[phong_phu=cong_vu]"],
    "toilets": ["ve_sinh", "ve_sinh_dat"],
    "equipment": ["thiet_bi", "bo_thiet_bi_co"],
    "libraries": ["thu_vien_muc", "sach_thu_vien", "truong_thu_vien"],
    "school health": ["yt_kham_suc_khoe", "truong_y_te"],
    "insurance": ["yt_bhyt", "ty_le_bhyt"],
    "incidents": ["su_viec", "su_viec_hoc_sinh", "bao_luc_hoc_duong"],
    "safety and civic education": ["hoat_dong_gd[noi_dung_gd=phap_luat]", "hoat_dong_gd[noi_dung_gd=duoi_nuoc]"],
    "self-assessments": ["truong_tu_danh_gia", "tu_danh_gia_muc", "bao_cao_tdg_cong_khai"],
    "national-standard schools by level": ["truong_chuan_quoc_gia", "ty_le_truong_chuan_quoc_gia"],
    "inputs of universalisation": ["pc_phai", "pc_dat", "xmc_dan_so", "xmc_biet_chu", "pc_phong", "pc_giao_vien"],
    "collections": ["thu_phai", "thu_da"],
    "policies paid": ["cs_doi_tuong", "cs_da_huong", "cs_kinh_phi"],
    "funds and contributions": ["quy_thu", "quy_chi", "kinh_phi_xa_hoi_hoa"],
    "digital transformation": ["truong_so", "hoc_ba_so", "truong_quan_ly_so"],
    "end-of-year quality survey": ["ks_du", "ks_dat", "ty_le_ks_dat_toan"],
}


def named(key: str) -> formula.Name:
    found = formula.parse(key)
    assert isinstance(found, formula.Name)
    return found


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_is_there(topic: str) -> None:
    for key in TOPICS[topic]:
        node = named(key)
        row = ELEMENTS.get(node.element) or INDICATORS.get(node.element)
        assert row is not None, key
        for dimension, member in node.members:
            assert dimension in row["dimensions"] and member in DIMENSIONS[dimension], key


def test_every_element_is_asked_by_a_sheet_or_comes_from_outside() -> None:
    asked = {named(line.cell).element for spec in SPECS.values() for line in spec.lines if line.cell and line.owns}
    assert sorted(code for code in ELEMENTS if code not in asked and not code.startswith("gso_")) == []


def test_no_two_have_the_same_name() -> None:
    for rows in (ELEMENTS, INDICATORS):
        assert [name for name, n in Counter(row["name"] for row in rows.values()).items() if n > 1] == []


def test_official_codes_name_their_system_and_its_end() -> None:
    coded = [row for row in (ELEMENTS | INDICATORS).values() if row.get("official_code")]
    assert len(coded) >= 10
    for row in coded:
        assert re.fullmatch(r"[12]\d{3}", row["official_code"]), row["code"]
        assert "03/5/2024" in row["code_system"], row["code"]


def test_one_sheet_owns_a_cell_and_shows_the_others() -> None:
    owners: dict[str, str] = {}
    shown: dict[str, str] = {}
    for code, spec in SPECS.items():
        for line in spec.lines:
            if line.cell and line.owns:
                assert owners.setdefault(named(line.cell).key, code) == code, line.cell
            elif line.cell:
                shown[named(line.cell).key] = code
    assert shown and set(shown) <= set(owners)


@pytest.mark.parametrize("code", SHEETS)
def test_every_rule_reads_cells_of_its_sheet_and_says_so_in_words(code: str) -> None:
    cells = [named(line.cell) for line in SPECS[code].lines if line.cell]
    for rule in SPECS[code].rules:
        tree = formula.parse(rule.expression)
        assert formula.is_truth(tree) and rule.severity in ("hard", "warning")
        assert 20 <= len(rule.sentence) <= 400 and rule.sentence.endswith("."), rule.sentence
        for node in formula.name_nodes(tree):
            wanted = {one for one in node.members if one[0] != PERIOD}
            assert any(cell.element == node.element and wanted <= set(cell.members) for cell in cells), node.key


@pytest.mark.parametrize("code", SHEETS)
def test_cells_kinds_and_checks_exist(code: str) -> None:
    spec = SPECS[code]
    assert set(spec.kinds) <= KINDS and len(spec.kinds) == len(set(spec.kinds))
    checks = read_checks(spec.checks)
    sized = {check.size for check in checks.methods.values() if check.size}
    assert (checks.exempt | sized) <= set(ELEMENTS)
    for line in spec.lines:
        assert set(line.kinds) <= set(spec.kinds)
        assert 0 < len(line.label) <= 400
        if line.cell:
            node = named(line.cell)
            assert {dimension for dimension, _ in node.members} == set(ELEMENTS[node.element].get("dimensions", []))
            assert all(member in DIMENSIONS[dimension] for dimension, member in node.members), line.cell


@pytest.mark.parametrize("code", SHEETS)
def test_a_sheet_can_be_filled(code: str) -> None:
    """No kind of unit is asked more than 130 cells on one sheet, and none is asked nothing."""
    for kind in SPECS[code].kinds:
        asked = [line for line in SPECS[code].lines if line.owns and (not line.kinds or kind in line.kinds)]
        assert 4 <= len(asked) <= 130, kind


def test_each_level_has_its_forms_of_the_start_and_the_end() -> None:
    for number, level in enumerate(("mn", "th", "thcs", "thpt"), start=1):
        for period, code in (("ĐN", "dau_nam"), ("CN", "cuoi_nam")):
            assert f"0{number}.{period}-{level.upper()}" in FILES[f"{code}_{level}"]["name"]


@pytest.mark.parametrize("code", SHEETS)
def test_a_rule_holds_for_an_empty_school_and_can_be_broken(code: str) -> None:
    """Noughts everywhere break only the lines that always say 1; and no rule is true whatever is typed."""
    chance = Random(20260122)
    for rule in SPECS[code].rules:
        tree = formula.parse(rule.expression)
        names = formula.names(tree)
        holds = formula.evaluate(tree, dict.fromkeys(names, Fraction(0)))
        assert holds is True or rule.expression in ("xa = 1", "hs_truong_loai_hinh = 1")
        tries = ({name: Fraction(chance.choice([0, 1, 7, 60, 3000])) for name in names} for _ in range(400))
        assert any(formula.evaluate(tree, values) is False for values in tries), rule.expression


def test_formulas_change_on_the_day_the_law_does() -> None:
    versions = {code: [one["start"] for one in row["formula"]] for code, row in INDICATORS.items() if "formula" in row}
    assert versions["ty_le_hoan_thanh_thcs"] == [date(2026, 1, 1)]
    assert versions["hoc_sinh_giai_hsg_co_so"] == [date(2025, 7, 1)]
    assert INDICATORS["ty_le_tdg_muc_2"]["start"] == date(2026, 7, 7)


def test_a_cohort_is_followed_from_grade_to_grade() -> None:
    for code in ("dau_nam_th", "dau_nam_thcs", "dau_nam_thpt"):
        assert any("ky=nam_truoc" in rule.expression for rule in SPECS[code].rules)
    assert PERIOD not in DIMENSIONS


def test_parts_and_wholes_are_checked() -> None:
    """Sheets with totals and "of which" lines hold them against one another."""
    for code in SHEETS:
        subsets = sum("<=" in rule.expression for rule in SPECS[code].rules)
        assert subsets >= 2, code
