"""Importing the statistics office's figures: onto the provinces of the day, once, and never in halves."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from giaoban import catalogue
from giaoban.analytics.queries import AS_WAS, TODAY, Map, ask
from giaoban.core import period as periods
from giaoban.core.refusal import Invalid
from giaoban.indicators import loading
from giaoban.indicators.loading.gso import FIGURES
from giaoban.indicators.models import Cell, Effect
from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions as orgs
from giaoban.orgs import queries as units
from giaoban.orgs.models import Snapshot
from tests.world import NOW

pytestmark = pytest.mark.django_db

ON = date(2026, 1, 29)
LEVELS = ("th", "thcs", "thpt")
YEARS = [periods.parse(f"{year}-{year + 1}.DN") for year in range(2002, 2017)]
PUPILS = "gso_hoc_sinh[cap_pt=th]"


@pytest.fixture
def lao_cai() -> None:
    """Lào Cai of today with the two provinces it was made of, and the catalogue."""
    orgs.load_administrative_units(by=SYSTEM, at=NOW, provinces={"15"})
    loading.load_catalogue(by=SYSTEM, at=NOW)


def csv(tmp_path: Path, *rows: str, head: str = "cell,code,area,2002,2004,2016") -> Path:
    file = tmp_path / "figures.csv"
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return file


def printed() -> dict[tuple[str, str], int]:
    """{(level, period): the country's sum of the shipped table}"""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for row in catalogue.rows(FIGURES):
        for period in YEARS:
            if row["cell"].startswith("gso_hoc_sinh[") and row[period.code[:4]]:
                sums[row["cell"].partition("=")[2].rstrip("]"), period.code] += int(row[period.code[:4]])
    return sums


def provinces(day: date) -> list[int]:
    return [*units.living(day).filter(kind__level="province").values_list("unit_id", flat=True)]


def sums(unit_ids: list[int], asked: list[periods.Period], chosen: Map) -> dict[tuple[str, str], int]:
    """{(level, period): the units together}, asked of the fast engine"""
    codes = [f"gso_so_hoc_sinh_{level}" for level in LEVELS]
    found: dict[tuple[str, str], int] = defaultdict(int)
    for answer in ask(codes, unit_ids, asked, on=ON, map=chosen, series="gso"):
        found[answer.indicator.rpartition("_")[2], answer.period.code] += int(answer.value or 0)
    return found


def test_pupils_sum_to_the_same_on_every_map() -> None:
    """Every year and level: over the provinces of the day, over today's 34, and over those of any day between."""
    orgs.load_administrative_units(by=SYSTEM, at=NOW)
    loading.load_catalogue(by=SYSTEM, at=NOW)
    assert loading.import_gso(by=SYSTEM, at=NOW) > 29_000
    assert loading.import_gso(by=SYSTEM, at=NOW) == 0

    wanted = printed()
    for chosen in (AS_WAS, TODAY, date(2003, 12, 31), date(2025, 6, 30)):
        assert sums([units.COUNTRY_ID], YEARS, chosen) == wanted
    ever = [*Snapshot.objects.filter(kind__level="province").values_list("unit_id", flat=True).distinct()]
    assert sums(ever, YEARS, AS_WAS) == wanted  # who did not stand on the day has nothing
    for chosen, day in ((TODAY, ON), (date(2008, 8, 1), date(2008, 8, 1)), (date(2025, 6, 30), date(2025, 6, 30))):
        assert sums(provinces(day), YEARS, chosen) == wanted

    today = units.living(ON).filter(kind__level="province")
    assert today.count() == 34
    _three_old_provinces_are_one_series(today.get(code="25").unit_id)


def _three_old_provinces_are_one_series(phu_tho: int) -> None:
    """Phú Thọ of today is Phú Thọ, Vĩnh Phúc and Hòa Bình: one exact series back to 2002."""
    wanted: dict[str, int] = defaultdict(int)
    for row in catalogue.rows(FIGURES):
        if row["cell"] == PUPILS and row["code"] in ("25", "26", "17"):
            for period in YEARS:
                wanted[period.code] += int(row[period.code[:4]])
    answers = ask(["gso_so_hoc_sinh_th"], [phu_tho], YEARS, on=ON, map=TODAY, series="gso")
    assert {answer.period.code: answer.value for answer in answers} == wanted
    assert not any(answer.estimated for answer in answers)


def test_the_merged_province_shows_one_series(lao_cai: None, tmp_path: Path) -> None:
    file = csv(tmp_path, f"{PUPILS},10,Lao Cai,95011,71565,75072", f"{PUPILS},15,Yen Bai,89110,76624,75540")
    assert loading.import_gso(by=SYSTEM, at=NOW, file=file) == 6
    merged = units.by_code("15", ON)
    old_yen_bai = units.by_code("15", date(2016, 9, 30))
    assert merged is not None and old_yen_bai is not None and merged.pk != old_yen_bai.pk
    [now] = ask(["gso_so_hoc_sinh_th"], [merged.pk], [YEARS[-1]], on=ON, map=TODAY, series="gso")
    [then] = ask(["gso_so_hoc_sinh_th"], [old_yen_bai.pk], [YEARS[-1]], on=ON, series="gso")
    assert (now.value, now.estimated, then.value) == (75072 + 75540, False, 75540)


def test_a_printed_rate_stays_at_its_province(lao_cai: None, tmp_path: Path) -> None:
    loading.import_gso(by=SYSTEM, at=NOW, file=csv(tmp_path, "gso_in_tot_nghiep_thpt,10,Lao Cai,8874,8927,9627"))
    cell = Cell.objects.get(key="gso_in_tot_nghiep_thpt")
    assert set(Effect.objects.filter(cell=cell).values_list("period_code", flat=True)) == {
        "2002-2003",
        "2004-2005",
        "2016-2017",
    }
    assert cell.element.over_units == "none"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (f"{PUPILS},99,Nowhere,1,2,3", "Row 3, field “code”: no province had the code “99” on 30/09/2002."),
        (f"{PUPILS},10,Lao Cai,1,x,3", "Row 3, field “2004”: “x” is not a whole number."),
        (f"{PUPILS},10,Lao Cai,1,-2,3", "Row 3, field “2004”: “-2” is not a whole number."),
        (
            "gso_hoc_sinh,10,Lao Cai,1,2,3",
            "Row 3, field “cell”: there is no cell “gso_hoc_sinh” in the statistics series.",
        ),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_stored(lao_cai: None, tmp_path: Path, row: str, sentence: str) -> None:
    file = csv(tmp_path, f"{PUPILS},15,Yen Bai,1,2,3", row)
    with pytest.raises(Invalid) as refused:
        loading.import_gso(by=SYSTEM, at=NOW, file=file)
    assert sentence in [str(fault) for fault in refused.value.faults]
    assert not Effect.objects.exists()


def test_a_file_without_the_right_columns_is_refused(lao_cai: None, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="Row 1 must name the columns"):
        loading.import_gso(by=SYSTEM, at=NOW, file=csv(tmp_path, "1,2", head="ma,ten"))
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(Exception, match="not a table"):
        loading.import_gso(by=SYSTEM, at=NOW, file=tmp_path / "picture.csv")


def test_the_command_says_how_many_and_names_bad_rows(lao_cai: None, tmp_path: Path) -> None:
    out = StringIO()
    call_command("import_gso", file=csv(tmp_path, f"{PUPILS},15,Yen Bai,1,2,3"), stdout=out)
    assert "3" in out.getvalue()
    with pytest.raises(CommandError, match="99"):
        call_command("import_gso", file=csv(tmp_path, f"{PUPILS},99,Nowhere,1,2,3"), stdout=out)
    with pytest.raises(CommandError, match="khong-co"):
        call_command("import_gso", file=tmp_path / "khong-co.csv", stdout=out)
