"""giaoban ask and giaoban analytics, as a person types them."""

from __future__ import annotations

import json
from io import StringIO

import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command

from giaoban.analytics import naming, upkeep
from giaoban.indicators.models import Target
from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions as orgs
from tests.generative import stage
from tests.spec.roll_up import GIRLS, PUPILS, Effect
from tests.world import EVE, NOW, REFORM, TODAY, World

CODE, BEFORE = "2025-2026.DN", "2024-2025.DN"


@pytest.fixture
def figures(world: World, root) -> World:
    """Counts of two schools in two school years, and a plan of the province."""
    staged = stage.catalogue([PUPILS, GIRLS], apart=0)
    rows = [
        Effect(world[school], code, cell, value, 1)
        for school, pupils, girls in (("tieu_hoc", 300, 150), ("thcs", 200, 90))
        for code, more in ((BEFORE, 0), (CODE, 20))
        for cell, value in ((PUPILS, pupils), (GIRLS, girls + more))
    ]
    stage.append(rows, staged)
    indicator = stage.define("girls", "c2 / c1")
    Target.objects.create(indicator=indicator, unit=world.province, period_code=CODE, numerator=46, denominator=100)
    return world


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def ask(*words: str) -> str:
    return run("ask", "girls", "--on", TODAY.isoformat(), *words)


def test_one_unit_by_code_name_without_accents_and_number(figures):
    said = ask("--units", f"99, tinh mau, id:{figures['province']}", "--periods", CODE, "--json")
    [found] = json.loads(said)
    assert found["unit"] == figures["province"] and found["unit_name"] == "Tỉnh Mẫu"
    assert (found["value"], found["numerator"], found["denominator"]) == ("14/25", 280, 500)
    assert (found["printed"], found["gap"], found["change"]) == ("56,00%", "10.00", "8.00")
    assert (found["reported"], found["expected"], found["estimated"]) == (2, 2, False)
    assert (found["map"], found["day"], found["previous_period"]) == ("as_was", "2025-09-30", BEFORE)


def test_the_table_a_person_reads(figures):
    said = ask("--units", "Tỉnh Mẫu", "--periods", f"{BEFORE}:{CODE}")
    assert "Đầu năm học 2025-2026" in said and "56,00%" in said
    assert "+10 điểm %" in said and "+8 điểm %" in said and "2/2" in said


def test_a_name_is_looked_up_on_the_day_of_the_map(figures):
    [old] = json.loads(ask("--units", "Xã Bình Minh", "--periods", BEFORE, "--map", "as-was", "--json"))
    [new] = json.loads(ask("--units", "Xã Bình Minh", "--periods", BEFORE, "--map", "today", "--json"))
    assert (old["unit"], new["unit"]) == (figures["binh_minh_cu"], figures["binh_minh"])
    assert new["value"] == "1/2" and new["day"] == TODAY.isoformat()
    [gone] = json.loads(ask("--units", "99001", "--periods", BEFORE, "--map", EVE.isoformat(), "--json"))
    assert (gone["unit"], gone["value"], gone["map"]) == (figures["anh_duong"], "1/2", EVE.isoformat())


def test_children_stand_for_their_unit(figures):
    said = json.loads(ask("--units", "99", "--children", "--periods", CODE, "--json"))
    assert {figures["binh_minh"], figures["cao_son"]} <= {each["unit"] for each in said}


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["--units", "12345", "--periods", CODE], "12345"),
        (["--units", "id:999999", "--periods", CODE], "id:999999"),
        (["--units", "99", "--periods", "2025-2027"], "2025-2027"),
        (["--units", "99", "--periods", CODE, "--map", "hôm qua"], "hôm qua"),
        (["--units", "99", "--periods", CODE, "--series", "nobody"], "nobody"),
    ],
)
def test_a_fault_is_named(figures, words, fault):
    with pytest.raises(CommandError, match=fault):
        ask(*words)
    with pytest.raises(CommandError, match="nothing_known"):
        run("ask", "nothing_known", "--units", "99", "--periods", CODE)


def test_a_name_that_fits_several_units_is_not_guessed(figures):
    with pytest.raises(naming.SeveralUnits, match="Huyện Thượng") as refusal:
        naming.units(["Phòng Nội vụ"], [EVE])
    assert f"id:{figures['phong_noi_vu_ha']}" in str(refusal.value)


def test_the_copy_is_compacted_verified_and_rebuilt(figures):
    assert "2" in run("analytics", "compact")
    assert run("analytics", "verify")
    with upkeep.store().reading() as manifest:
        [path] = upkeep.store().paths(manifest, {CODE})
    pq.write_table(pq.read_table(path).slice(2), path)
    with pytest.raises(CommandError, match="2"):
        call_command("analytics", "verify", stderr=StringIO())
    run("analytics", "rebuild")
    assert run("analytics", "verify")


def test_only_units_that_hold_an_attribute(figures):
    """The school of the commune alone is counted; what nothing can hold is named."""
    orgs.mark(by=SYSTEM, at=NOW, on=REFORM, unit=figures.tieu_hoc, attribute="zone", value="III")
    [whole] = json.loads(ask("--units", "99", "--periods", CODE, "--map", "today", "--json"))
    [part] = json.loads(ask("--units", "99", "--periods", CODE, "--map", "today", "--where", "zone:III", "--json"))
    assert part["reported"] == 1 < whole["reported"] and part["target"] is None
    for fault in ("zone:IX", "zone"):
        with pytest.raises(CommandError, match=fault):
            ask("--units", "99", "--periods", CODE, "--where", fault)


def test_another_hierarchy(figures):
    [told] = json.loads(ask("--units", f"id:{figures['so']}", "--periods", CODE, "--map", "today", "--json"))
    command = ("--units", f"id:{figures['so']}", "--periods", CODE, "--map", "today", "--hierarchy", "PROFESSIONAL")
    [guided] = json.loads(ask(*command, "--json"))
    assert guided["reported"] > told["reported"]
    with pytest.raises(CommandError, match="X"):
        ask("--units", "99", "--periods", CODE, "--hierarchy", "X")


def test_comparable_areas_before_and_after_the_reform(figures):
    """Bình Minh and Cao Sơn share what was one commune: their ground is one area, Hạ and Yên Lập are areas alone."""
    words = ("--units", "99", "--periods", f"{BEFORE},{CODE}", "--areas", "commune")
    told = json.loads(ask(*words, "--json"))
    names = {tuple(one["names_last"]) for one in told}
    assert names == {("Xã Bình Minh", "Xã Cao Sơn"), ("Phường Hạ",), ("Xã Yên Lập",)}
    both = [one for one in told if one["names_last"][0] == "Xã Bình Minh"]
    assert [one["value"] for one in both] == ["12/25", "14/25"] and not any(one["estimated"] for one in both)
    assert "Xã Bình Minh, Xã Cao Sơn" in ask(*words)
    with pytest.raises(CommandError, match="--where"):
        ask(*words, "--where", "zone:III")
