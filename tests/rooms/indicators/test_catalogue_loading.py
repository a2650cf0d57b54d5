"""Loading the shipped catalogue: through the verbs, whole, and again without a trace."""

from __future__ import annotations

from datetime import date

import pytest

from giaoban import catalogue
from giaoban.indicators import loading, queries
from giaoban.indicators.loading.catalogue import SHEETS, SUBJECTS
from giaoban.indicators.models import Cell, Dimension, Element, FormulaVersion, Indicator, Series, Sheet, SheetLine
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from tests.world import NOW, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(world: World) -> loading.Loaded:
    return loading.load_catalogue(by=SYSTEM, at=NOW)


def test_everything_in_the_files_is_published(loaded: loading.Loaded) -> None:
    tables = [catalogue.table(f"indicators/{subject}.toml") for subject in SUBJECTS]
    assert {row["code"] for table in tables for row in table["element"]} == set(
        Element.objects.values_list("code", flat=True)
    )
    assert Indicator.objects.count() == loaded.indicators == sum(len(table["indicator"]) for table in tables)
    assert Sheet.objects.count() == loaded.sheets == len(SHEETS)
    assert set(Series.objects.values_list("code", flat=True)) == {"report", "gso"}


def test_a_cell_has_a_number_that_stays(loaded: loading.Loaded) -> None:
    before = dict(Cell.objects.values_list("key", "id"))
    loading.load_catalogue(by=SYSTEM, at=NOW)
    assert dict(Cell.objects.values_list("key", "id")) == before
    assert queries.cell("hoc_sinh[lop=6,gioi=nu]").label == "Học sinh đang học – nữ, lớp 6"


def test_loading_again_writes_nothing(loaded: loading.Loaded) -> None:
    tables = [Dimension, Element, Cell, Indicator, FormulaVersion, Sheet, SheetLine]
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    events = Event.objects.count()
    assert loading.load_catalogue(by=SYSTEM, at=NOW) == loaded
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before
    assert Event.objects.count() == events


def test_a_formula_may_change_on_a_day(loaded: loading.Loaded) -> None:
    """The district contest became the commune's on 1 July 2025: one indicator, two formulas."""
    before = queries.formula("hoc_sinh_giai_hsg_co_so", date(2025, 6, 30))
    after = queries.formula("hoc_sinh_giai_hsg_co_so", date(2025, 7, 1))
    assert before is not None and before.expression == "hoc_sinh_giai_hsg[cap_thi=huyen]"
    assert after is not None and after.expression == "hoc_sinh_giai_hsg[cap_thi=xa]"


def test_a_line_is_asked_of_the_kinds_that_have_it(loaded: loading.Loaded) -> None:
    kinds = {
        line.cell.key: set(line.kinds)
        for line in SheetLine.objects.filter(sheet="truong_hoc_ky_1", cell__isnull=False).select_related("cell")
    }
    assert "primary" in kinds["hoc_sinh[gioi=nam,lop=1]"]
    assert "lower_secondary" not in kinds["hoc_sinh[gioi=nam,lop=1]"]
    assert "primary_lower_secondary" in kinds["hoc_sinh[gioi=nam,lop=1]"] & kinds["hoc_sinh[gioi=nam,lop=6]"]
    assert kinds["tre_nha_tre"] == {"nursery", "kindergarten", "preschool"}
    assert kinds["phong_hoc[ket_cau=kien_co]"] == set()


def test_progress_has_a_count_and_an_end(world: World) -> None:
    said: list[tuple[int, int]] = []
    loading.load_catalogue(by=SYSTEM, at=NOW, progress=lambda done, of: said.append((done, of)))
    assert said[-1][0] == said[-1][1] and [done for done, _ in said] == sorted(done for done, _ in said)


FOUND_BY = {
    "chuyen can": "ty_le_chuyen_can_thang",
    "bao giam": "cn_bao_giam",
    "tao hon": "cn_tao_hon",
    "luu ban": "dn_luu_ban",
    "ban tru": "dn_ban_tru",
    "dinh muc": "dn_gv_dinh_muc",
    "nha ve sinh": "ve_sinh",
    "bao hiem y te": "yt_bhyt",
    "chuyen doi so": "truong_so",
    "phan luong": "ty_le_phan_luong_gdnn",
    "khao sat": "ks_du",
    "2105": "dn_so_hoc_sinh_th",
}


def test_topics_are_found_without_accents(loaded: loading.Loaded) -> None:
    for text, code in FOUND_BY.items():
        found = [*queries.elements(text), *queries.indicators(text)]
        assert code in {one.code for one in found}, text


def test_official_codes_and_checks_are_kept(loaded: loading.Loaded) -> None:
    pupils = queries.indicator("dn_so_hoc_sinh_th")
    assert (pupils.official_code, pupils.code_system) == ("2105", "TT 19/2017/TT-BGDĐT (đến 03/5/2024)")
    checks = Sheet.objects.get(code="dau_nam_th").checks
    assert checks["change"] == {"percent": 30, "least": 10, "ask": True} and checks["peers"]["size"] == "dn_hoc_sinh"


def test_a_shown_line_is_typed_elsewhere(loaded: loading.Loaded) -> None:
    line = SheetLine.objects.get(sheet="doi_ngu_dau_nam", cell__key="dn_lop[lop=1]")
    assert not line.owns
    assert SheetLine.objects.get(cell=line.cell, owns=True).sheet_id == "dau_nam_th"
