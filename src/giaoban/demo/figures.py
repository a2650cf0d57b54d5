"""Made-up figures of made-up schools. They follow from the school and the year alone, so that every play of the
demonstration shows the same; they keep the rules of the sheet, and tell the small story of `story.toml`."""

from __future__ import annotations

from random import Random

from giaoban.demo.story import School

# kind → stages (cap), staff stages (bac), kind of school in the catalogue (loai_truong)
STAGES = {
    "preschool": (("nha_tre", "mau_giao"), ("mn",), "mn"),
    "primary": (("th",), ("th",), "th"),
    "lower_secondary": (("thcs",), ("thcs",), "thcs"),
    "primary_lower_secondary": (("th", "thcs"), ("th", "thcs"), "th_thcs"),
    "upper_secondary": (("thpt",), ("thpt",), "thpt"),
    "boarding_lower_upper_secondary": (("thcs", "thpt"), ("thcs", "thpt"), "thpt"),
}
GRADES = {"th": range(1, 6), "thcs": range(6, 10), "thpt": range(10, 13)}
DAYS = 85  # days of school in semester I


class Drift:
    """What is so at a school, and how it wavers from year to year: little, so that a real jump stands out."""

    def __init__(self, school: School, year: int) -> None:
        self.base = Random(f"giaoban:{school.number}")  # noqa: S311 - figures, not secrets
        self.year = Random(f"giaoban:{school.number}:{year}")  # noqa: S311

    def near(self, least: int, most: int, percent: int = 6) -> int:
        """A number of the school's own, give or take some percent, never below nought."""
        own = self.base.randint(least, most)
        waver = max(1, own * percent // 100)
        return max(0, own + self.year.randint(-waver, waver))

    def share(self, whole: int, least: int, most: int) -> int:
        """A part of the whole, in permille of the school's own, a little better or worse each year."""
        own = self.base.randint(least, most)
        return min(whole, max(0, whole * (own + self.year.randint(-8, 8)) // 1000))

    def chance(self, permille: int) -> bool:
        """Something that happens in one year and not in another."""
        return self.year.randint(0, 999) < permille

    def kept(self, permille: int) -> bool:
        """Something that is so at the school in every year."""
        return self.base.randint(0, 999) < permille


def invent(school: School, year: int) -> dict[str, int]:
    """Cell key → value for semester I of the school year that opens in `year`."""
    figures: dict[str, int] = {}
    stages, staff_stages, kind = STAGES[school.kind]
    drift = Drift(school, year)
    figures[f"truong[loai_truong={kind}]"] = 1
    figures["diem_truong"] = drift.base.randint(0, 3)
    size = drift.base.randint(28, 74)
    for stage in stages:
        _pupils(figures, stage, size, drift, year)
    for stage in staff_stages:
        _staff(figures, stage, drift, year)
    _standards(figures, kind, drift, year)
    _school(figures, stages, drift)
    return figures


def _pupils(figures: dict[str, int], stage: str, size: int, drift: Drift, year: int) -> None:
    """Pupils by grade and sex; start of year, moves and dropouts balance with the end of the semester."""
    total = 0
    if stage == "nha_tre":
        total = figures["tre_nha_tre"] = drift.near(20, 45, 4)
    elif stage == "mau_giao":
        for age in ("t3", "t4", "t5"):
            figures[f"tre_mau_giao[tuoi={age}]"] = size + drift.year.randint(-2, 3)
            total += figures[f"tre_mau_giao[tuoi={age}]"]
    else:
        for grade in GRADES[stage]:
            pupils = size + drift.year.randint(-2, 2)
            boys = pupils // 2 + drift.base.randint(-2, 2)
            figures[f"hoc_sinh[gioi=nam,lop={grade}]"] = boys
            figures[f"hoc_sinh[gioi=nu,lop={grade}]"] = pupils - boys
            total += pupils
        _results(figures, stage, total, drift, year)
    classes = max(1, -(-total // (24 if stage in ("nha_tre", "mau_giao") else 30)))
    came, left = drift.near(1, 3), drift.near(1, 3)
    dropouts = _dropouts(stage, drift, year)
    sessions = total * DAYS
    figures |= {
        f"lop_hoc[cap={stage}]": classes,
        f"hoc_sinh_chuyen_den[cap={stage}]": came,
        f"hoc_sinh_chuyen_di[cap={stage}]": left,
        f"hoc_sinh_bo_hoc[cap={stage}]": dropouts,
        f"hoc_sinh_dau_nam[cap={stage}]": total - came + left + dropouts,
        f"hoc_sinh_dtts[cap={stage}]": drift.share(total, 550, 920),
        f"hoc_sinh_hoa_nhap[cap={stage}]": drift.near(0, 2),
        f"luot_phai_hoc[cap={stage}]": sessions,
        f"luot_di_hoc[cap={stage}]": drift.share(sessions, 962, 988),
        f"lop_hai_buoi[cap={stage}]": classes if stage != "thcs" else drift.share(classes, 500, 990),
        f"lop_du_thiet_bi[cap={stage}]": max(1, classes - drift.base.randint(0, 2)),
    }


def _dropouts(stage: str, drift: Drift, year: int) -> int:
    if stage in ("thcs", "thpt"):
        return max(0, drift.base.randint(0, 2) + (1 if year == 2024 and drift.chance(500) else 0))
    return 1 if drift.chance(60) else 0


def _results(figures: dict[str, int], stage: str, total: int, drift: Drift, year: int) -> None:
    figures[f"hoc_sinh_danh_gia[cap_pt={stage}]"] = total
    figures[f"hoc_sinh_dat_yeu_cau[cap_pt={stage}]"] = drift.share(total, 975, 992)
    for grade in GRADES[stage]:
        pupils = figures[f"hoc_sinh[gioi=nam,lop={grade}]"] + figures[f"hoc_sinh[gioi=nu,lop={grade}]"]
        figures[f"lop_ctgdpt_2018[lop={grade}]"] = -(-pupils // 30)
    if stage == "th":
        third = figures["hoc_sinh[gioi=nam,lop=3]"] + figures["hoc_sinh[gioi=nu,lop=3]"]
        figures["hoc_sinh_lop3_tieng_anh"] = third
        figures["hoc_sinh_lop3_tin_hoc"] = third if drift.kept(850) else third * 3 // 4
        far = figures["hoc_sinh_diem_truong"] = drift.near(12, 40, 4)
        figures["hoc_sinh_ve_trung_tam"] = drift.share(far, 700, 800) + (far // 8 if year > 2024 else 0)


def _staff(figures: dict[str, int], stage: str, drift: Drift, year: int) -> None:
    teachers = drift.base.randint(14, 34)
    leaders, others = drift.base.randint(2, 3), drift.base.randint(2, 5)
    ready = teachers - (1 if drift.chance(400 if year == 2024 else 150) else 0)
    english = drift.base.randint(1, 3)
    figures |= {
        f"nhan_su[bac={stage},chuc_danh=cbql]": leaders,
        f"nhan_su[bac={stage},chuc_danh=gv]": teachers,
        f"nhan_su[bac={stage},chuc_danh=nv]": others,
        f"nhan_su_dat_chuan[bac={stage},chuc_danh=cbql]": leaders,
        f"nhan_su_dat_chuan[bac={stage},chuc_danh=gv]": ready,
        f"nhan_su_dat_chuan[bac={stage},chuc_danh=nv]": others - (1 if drift.kept(80) else 0),
        f"nhan_su_tren_chuan[bac={stage},chuc_danh=gv]": drift.share(ready, 80, 260),
        f"gv_dinh_muc[bac={stage}]": teachers + drift.base.randint(0, 4),
    }
    if stage != "mn":
        figures[f"gv_tieng_anh[bac={stage}]"] = english
        figures[f"gv_tieng_anh_dat[bac={stage}]"] = english - (1 if drift.chance(350 if year == 2024 else 200) else 0)


def _standards(figures: dict[str, int], kind: str, drift: Drift, year: int) -> None:
    """Reaching a standard is not lost from one year to the next, and a few schools reach it each year."""
    place = drift.base.randint(0, 999)
    reached = place < (560 if year == 2024 else 660)
    figures |= {
        f"truong_chuan_quoc_gia[loai_truong={kind},muc_do=md1]": int(reached and place >= 120),
        f"truong_chuan_quoc_gia[loai_truong={kind},muc_do=md2]": int(reached and place < 120),
        "truong_chuan_csvc": int(place < (740 if year == 2024 else 850)),
        "truong_thu_vien": int(drift.kept(720)),
        "truong_y_te": int(drift.kept(900)),
        "truong_tu_danh_gia": int(drift.chance(900 if year == 2024 else 970)),
        "truong_an_toan": int(drift.chance(970)),
        "truong_du_chuong_trinh": 1,
    }


def _school(figures: dict[str, int], stages: tuple[str, ...], drift: Drift) -> None:
    staff = sum(value for key, value in figures.items() if key.startswith("nhan_su["))
    classes = sum(value for key, value in figures.items() if key.startswith("lop_hoc["))
    party, poor, meetings = staff * 6 // 10, drift.near(14, 60), drift.near(9, 18)
    trained = staff - 2 - (1 if drift.chance(100) else 0)
    figures |= {
        "hoat_dong_trai_nghiem": drift.near(2, 9),
        "chu_de_stem": drift.near(1, 6),
        "vien_chuc": staff,
        "vien_chuc_tin_hoc": staff - drift.base.randint(0, 3),
        "boi_duong_phai": staff - 2,
        "boi_duong_da": trained,
        "buoi_shcm": meetings,
        "buoi_shcm_hieu_truong": drift.share(meetings, 500, 900),
        "phong_hoc[ket_cau=kien_co]": drift.share(classes, 650, 950),
        "phong_hoc[ket_cau=ban_kien_co]": drift.share(classes, 80, 250),
        "phong_hoc[ket_cau=tam]": 1 if drift.kept(200) else 0,
        "kinh_phi_xa_hoi_hoa[muc_chi_xhh=hs_kho_khan]": drift.near(6, 60, 12),
        "kinh_phi_xa_hoi_hoa[muc_chi_xhh=csvc]": drift.near(10, 90, 12),
        "hoc_sinh_kho_khan": poor,
        "hoc_sinh_duoc_ho_tro": poor - drift.base.randint(0, 3),
        "bao_luc_hoc_duong": 1 if drift.chance(30) else 0,
        "hoc_sinh_tao_hon": 1 if "thcs" in stages and drift.chance(120) else 0,
        "dang_vien_hoc_tap_phai": party,
        "dang_vien_hoc_tap": party - (1 if drift.chance(120) else 0),
    }
    for level, most in (("xa", 16), ("tinh", 7)):
        entered = drift.near(3, most)
        figures[f"hoc_sinh_du_thi_hsg[cap_thi={level}]"] = entered
        figures[f"hoc_sinh_giai_hsg[cap_thi={level}]"] = drift.share(entered, 300, 600)
        figures[f"du_an_khkt_giai[cap_thi={level}]"] = drift.near(0, 1) if "thcs" in stages else 0
    figures["huy_chuong_the_thao[cap_thi=tinh,huy_chuong=vang]"] = drift.near(0, 1)
