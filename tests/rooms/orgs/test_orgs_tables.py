"""Units from a CSV table: all or none, every fault with its row and column."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from giaoban.core.refusal import Invalid
from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions, queries, refusals
from giaoban.orgs.models import MANAGEMENT, TERRITORY, Alias, Unit
from tests.world import NOW

ON = date(2026, 8, 1)
HEAD = "loai,ten,ma_truong,dia_ban,quan_ly,chuyen_mon,cach_viet_khac\n"


def load(text, encoding="utf-8"):
    return actions.establish_from_table(by=SYSTEM, at=NOW, on=ON, content=text.encode(encoding))


def test_rows_become_units_under_the_codes_written(world):
    made = load(
        HEAD
        + "preschool,Trường Mầm non Mới,99003009,99003,gso:99003,,MN Mới; Mầm non số 2\n"
        + ",,,,,,\n"
        + "Điểm trường,Điểm trường Trên,,moet:99001002,99001002,,\n",
        encoding="utf-8-sig",  # as a spreadsheet saves it
    )
    school, site = (unit.pk for unit in made)
    assert queries.parent(school, TERRITORY, ON) == queries.parent(school, MANAGEMENT, ON) == world["cao_son"]
    assert queries.parent(site, TERRITORY, ON) == world["tieu_hoc"]
    assert set(Alias.objects.filter(unit=school).values_list("text", flat=True)) == {"MN Mới", "Mầm non số 2"}


def test_faults_name_row_and_column_and_nothing_is_stored(world):
    before = Unit.objects.count()
    with pytest.raises(Invalid) as refused:
        load(HEAD + "preschool,Trường Mầm non Mới,,99003,,,\nprimary,Trường,,00000,,xyz,\n")
    assert [(fault.row, fault.params["column"]) for fault in refused.value.faults] == [
        (3, "dia_ban"),
        (3, "chuyen_mon"),
    ]
    with pytest.raises(Invalid) as refused:
        load(HEAD + "preschool,Trường Mầm non Mới,,99003,,,\ncastle,,99001001,99003,,,\n")
    assert [(fault.row, fault.params["column"]) for fault in refused.value.faults] == [
        (3, "loai"),
        (3, "ten"),
        (3, "ma_truong"),
    ]
    assert Unit.objects.count() == before


def test_a_table_needs_its_columns_and_must_be_one(world):
    with pytest.raises(refusals.MissingColumn, match="loai"):
        load("ten\nTrường\n")
    with pytest.raises(refusals.NotATable):
        actions.establish_from_table(by=SYSTEM, at=NOW, on=ON, content=b"\xff\xfe\x00k")
    with pytest.raises(refusals.NotATable):
        load("loai,ten\nprimary,Trường,thừa một ô\n")


def test_the_command_says_every_fault_in_vietnamese(world, tmp_path, capsys):
    file = tmp_path / "truong.csv"
    file.write_text(HEAD + "castle,Trường,,00000,,,\n", encoding="utf-8")
    with pytest.raises(CommandError, match="Dòng 2, cột dia_ban: Không có đơn vị nào mang mã 00000"):
        call_command("establish_units", str(file), "--on", "2026-08-01")
    file.write_text(HEAD + "TH,Trường Tiểu học Mới,,99003,99003,,\n", encoding="utf-8")
    call_command("establish_units", str(file), "--on", "2026-08-01")
    assert "1 đơn vị" in capsys.readouterr().out
