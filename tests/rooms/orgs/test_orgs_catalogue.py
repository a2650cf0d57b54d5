"""The shipped files are whole in themselves, without any database."""

from __future__ import annotations

import filecmp
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from giaoban import catalogue
from giaoban.orgs import spelling
from giaoban.orgs.loading import Plan
from giaoban.orgs.queries.naming import groups

ROOT = Path(__file__).resolve().parents[3]
TABLES = ROOT.parent / "shared" / "data" / "admin"


@pytest.fixture(scope="module")
def plan():
    return Plan()


def test_counts_of_the_files():
    count = {name: sum(1 for _ in catalogue.rows(f"admin/{name}.csv")) for name in ("districts", "communes_before")}
    assert count == {"districts": 696, "communes_before": 10_035}
    after = list(catalogue.rows("admin/communes_2025.csv"))
    assert Counter(row["kind"] for row in after) == {"commune": 2621, "ward": 687, "special_zone": 13}
    assert len({row["province"] for row in after}) == 34


def test_a_commune_alone_on_both_sides_keeps_its_unit():
    kept = [row for row in catalogue.rows("admin/communes_2025.csv") if row["kept"]]
    assert len(kept) == 132
    ended = {row["predecessor"] for row in catalogue.rows("admin/lineage.csv") if row["level"] == "commune"}
    assert not ended & {row["kept"] for row in kept}
    assert len(ended) + len(kept) == 10_035


def test_shares_of_every_predecessor_sum_to_one(plan):
    whole = defaultdict(Fraction)
    for line in plan.lineages:
        whole[line.predecessor, line.on] += Fraction(line.numerator, line.denominator)
    assert set(whole.values()) == {1}
    divided = Counter(
        line.predecessor for line in plan.lineages if line.basis == "equal" and line.predecessor[0][0] != "H"
    )
    assert len([old for old in divided if len(old[0]) == 5]) == 442
    assert all(line.basis == "whole" for line in plan.lineages if line.numerator == line.denominator)
    assert all(sum(one.main for one in group) == 1 for group in _by_predecessor(plan).values())


def _by_predecessor(plan):
    groups = defaultdict(list)
    for line in plan.lineages:
        groups[line.predecessor].append(line)
    return groups


def test_everything_that_ended_by_the_reform_became_something(plan):
    ended = {key for key, unit in plan.units.items() if unit.end}
    assert ended == {line.predecessor for line in plan.lineages}


def test_a_merged_province_is_never_one_of_its_predecessors(plan):
    lines = [line for line in plan.lineages if line.on == date(2025, 7, 1) and len(line.predecessor[0]) == 2]
    assert len(lines) == 52  # 63 provinces before, 11 unchanged
    assert len({line.successor for line in lines}) == 23
    assert all(line.predecessor != line.successor for line in lines)


def test_tien_giang_went_to_dong_thap_only(plan):
    heirs = {line.successor[0] for line in plan.lineages if line.predecessor == ("82", date(1995, 1, 1))}
    assert heirs == {"82"}


def test_wards_with_the_same_name_are_not_mixed_up():
    """The mapping splits "Phường 4" of Tân An with "Phường 4" of Tây Ninh, 91 km away."""
    heirs = [row["successor"] for row in catalogue.rows("admin/lineage.csv") if row["predecessor"] == "27691"]
    assert heirs == ["27694"]
    listed = {row["code"] for row in catalogue.rows("admin/exceptions.csv")}
    assert {"27691", "25462", "31246", "31714"} <= listed


def test_exceptions_say_why_and_what_was_done():
    rows = list(catalogue.rows("admin/exceptions.csv"))
    assert len(rows) == 78
    assert all(row["problem"] and row["treatment"] for row in rows)
    islands = {row["name"] for row in rows if row["code"].startswith("H")}
    assert islands == {f"Huyện {name}" for name in ("Bạch Long Vĩ", "Cồn Cỏ", "Hoàng Sa", "Lý Sơn", "Côn Đảo")}


def test_uncertain_days_are_said_on_the_decision():
    notes = {row["number"]: row["note"] for row in catalogue.rows("admin/decisions.csv")}
    for number in ("36/2026/QH16", "39/2026/QH16", "237/NQ-UBTVQH16", "388/NQ-UBTVQH16"):
        assert "Chưa rõ ngày có hiệu lực" in notes[number]


def test_kinds_groups_and_offices_fit_together():
    table = catalogue.table("kinds.toml")
    codes = [row["code"] for row in table["kind"]]
    assert len(codes) == len(set(codes))
    assert {code for group in table["group"] for code in group.get("kinds", [])} <= set(codes)
    assert {code for group in table["group"] for code in group.get("without", [])} <= set(codes)
    assert {row["kind"] for row in table["office"]} <= set(codes)
    assert all(groups._meant(phrase).kinds for phrase, _ in groups._groups())


def test_no_phrase_means_two_groups():
    meaning = defaultdict(set)
    for number, group in enumerate(catalogue.table("kinds.toml")["group"]):
        for words in group["words"]:
            meaning[spelling.canon(words)].add(number)
    assert {phrase for phrase, groups in meaning.items() if len(groups) > 1} == set()


def test_a_name_cannot_lead_out_of_the_catalogue():
    with pytest.raises(FileNotFoundError):
        catalogue.path("../settings.py")


@pytest.mark.shared
def test_the_files_are_what_the_script_makes_of_the_public_tables(tmp_path):
    if not TABLES.exists():
        pytest.skip("the public tables of ../shared are not at hand")
    script = (ROOT / "scripts" / "build_admin_catalogue.py").read_text(encoding="utf-8")
    copy = tmp_path / "scripts" / "build_admin_catalogue.py"
    copy.parent.mkdir()
    copy.write_text(script, encoding="utf-8")
    subprocess.run([sys.executable, str(copy), str(TABLES)], check=True, env={"PYTHONPATH": str(ROOT / "src")})
    made = tmp_path / "src" / "giaoban" / "catalogue" / "admin"
    shipped = ROOT / "src" / "giaoban" / "catalogue" / "admin"
    names = [path.name for path in made.iterdir()]
    assert len(names) == 8
    assert filecmp.cmpfiles(made, shipped, names, shallow=False) == (names, [], [])
