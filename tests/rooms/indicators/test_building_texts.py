"""The catalogue as text: what is exported comes back the same, and every fault of a file is named at its line."""

from __future__ import annotations

import csv
import io
import tomllib
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from giaoban.core.refusal import NotAllowed
from giaoban.indicators import actions, refusals, texts
from giaoban.indicators.actions import LineSpec
from giaoban.indicators.models import (
    Cell,
    Dimension,
    Edition,
    Element,
    FormulaVersion,
    Indicator,
    Member,
    Sheet,
    SheetLine,
    SheetRule,
)
from giaoban.indicators.queries import texts as published
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from tests.rooms.indicators.place import FOUNDED, OPENED, Place, at

ACT = {"by": SYSTEM, "at": at(OPENED)}


def dry(text: str, name: str = "x.toml") -> texts.Taken:
    return texts.take(**ACT, found=texts.read(text.encode(), name), dry=True)


def take(text: str, name: str = "x.toml") -> texts.Taken:
    return texts.take(**ACT, found=texts.read(text.encode(), name), dry=False)


def empty() -> None:
    """Nothing published any more: as a database just made."""
    Sheet.objects.update(supersedes=None)
    for table in (SheetRule, SheetLine, Sheet, FormulaVersion, Indicator, Cell):
        table.objects.all().delete()
    for element in Element.objects.all():
        element.dimensions.clear()
    for table in (Element, Member, Dimension):
        table.objects.all().delete()
    unseal_editions()


def unseal_editions() -> None:
    with connection.cursor() as cursor:
        for name in ("no_update", "no_delete", "no_change"):
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS indicators_edition_{name}")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS indicators_edition_{name} ON indicators_edition")
    Edition.objects.all().delete()


def enrich() -> None:
    """Everything a text can say: codes, retirement, a second formula, a superseded sheet, quotes and line ends."""
    actions.define_element(
        **ACT, code="phong_hoc", name='Phòng "kiên cố"', unit="phòng", stock=True, group="Cơ sở",
        definition="Dòng một\nDòng hai \\ hết", source="Thông tư 13", official_code="0412", code_system="TT 19/2017",
    )  # fmt: skip
    actions.define_element(**ACT, code="cu", name="Cũ", unit="cái", stock=True)
    actions.retire_element(**ACT, code="cu", reason="Không dùng nữa")
    actions.add_formula(
        **ACT, indicator="ty_le_bo_hoc", start=OPENED, expression="bo_hoc[lop=6] / hoc_sinh", source="QĐ 1"
    )
    actions.publish_sheet(
        **ACT, code="hoc_ky_2", name="Báo cáo mới", kinds=["primary"], supersedes="hoc_ky",
        lines=[
            LineSpec(cell="hoc_sinh", help="Cuối kỳ", required=False),
            LineSpec(cell="phong_hoc", kinds=("primary",)),
        ],
        checks={"change": {"percent": 20, "least": 3, "ask": True}},
    )  # fmt: skip


def test_export_and_import_give_the_same_catalogue(place: Place) -> None:
    enrich()
    before = published.whole()
    text = texts.toml(before, "Danh mục")
    assert tomllib.loads(text)["element"]
    empty()
    taken = take(text)
    assert taken.faults == () and taken.stored
    assert published.whole() == before
    assert {one.state for one in taken.outcomes} == {"new"}
    assert Cell.objects.get(key="bo_hoc[lop=6]").label == "Học sinh bỏ học – Lớp 6"
    assert texts.toml(published.whole(), "Danh mục") == text


def test_the_same_file_again_changes_nothing(place: Place) -> None:
    enrich()
    text = texts.toml(published.whole())
    events, editions = Event.objects.count(), Edition.objects.count()
    taken = take(text)
    assert {one.state for one in taken.outcomes} == {"same"} and taken.faults == ()
    assert (Event.objects.count(), Edition.objects.count()) == (events, editions)


@pytest.mark.parametrize("kind", ["dimension", "element", "indicator"])
def test_lists_go_through_excel(place: Place, kind: str) -> None:
    enrich()
    before = published.rows(kind)
    text = texts.table(kind)
    assert text.startswith("\ufeff")
    taken = take(text, "x.csv")
    assert taken.faults == () and {one.state for one in taken.outcomes} == {"same"}
    assert published.rows(kind) == before
    semicolons = io.StringIO()
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    csv.writer(semicolons, delimiter=";").writerows(rows)
    assert {one.state for one in take(semicolons.getvalue(), "x.csv").outcomes} == {"same"}


def test_a_cell_that_looks_like_a_formula_of_excel_is_made_harmless(place: Place) -> None:
    actions.define_element(**ACT, code="la", name="=HYPERLINK(1)", unit="cái", stock=True)
    assert "'=HYPERLINK(1)" in texts.table("element")
    take(texts.table("element"), "x.csv")
    assert Element.objects.get(pk="la").name == "=HYPERLINK(1)"


def test_a_dry_run_says_what_would_become_of_it_and_stores_nothing(place: Place) -> None:
    text = """
[[element]]
code = "hoc_sinh"
name = "Số học sinh"
unit = "học sinh"
kind = "stock"

[[element]]
code = "lop_ghep"
name = "Lớp ghép"
unit = "lớp"
kind = "stock"
"""
    events = Event.objects.count()
    taken = dry(text)
    assert [(one.code, one.state) for one in taken.outcomes] == [("hoc_sinh", "changed"), ("lop_ghep", "new")]
    assert [(one.field, one.old, one.new) for one in taken.outcomes[0].differences] == [
        ("name", "Học sinh", "Số học sinh")
    ]
    assert not Element.objects.filter(pk="lop_ghep").exists() and Event.objects.count() == events
    assert take(text).stored and Element.objects.get(pk="hoc_sinh").name == "Số học sinh"


def test_all_faults_are_named_at_their_line_and_nothing_is_stored(place: Place) -> None:
    place.hand_in(place.open(), "na_hoi")
    text = """[[element]]
code = "hoc_sinh"
name = "Học sinh"
unit = "em"
kind = "stock"

[[element]]
code = "tot"
name = "Tốt"
unit = "cái"
kind = "sometimes"
mau = "x"

[[element]]
code = "moi"
name = "Mới"
unit = "cái"
kind = "stock"

[[indicator]]
code = "ty_le"
name = "Tỷ lệ"
unit = "%"
expression = "moi / khong_co"

[[sheet]]
code = "bieu"
name = "Biểu"
kinds = ["primary"]
line = [
  { cell = "moi" },
  { cell = "moi" },
  { cell = "hoc_sinh" },
]
rule = [{ expression = "moi <= hoc_sinh_nu", sentence = "Không quá." }]
"""
    taken = take(text)
    assert not taken.stored
    said = {(one.line, one.code, one.field, type(one.refused)) for one in taken.faults}
    assert said == {
        (2, "hoc_sinh", "unit", refusals.MeaningFixed),
        (8, "tot", "kind", texts.BadField),
        (8, "tot", "mau", texts.UnknownField),
        (21, "ty_le", "expression", refusals.UnknownName),
        (27, "bieu", "lines.2", refusals.CellTwice),
        (27, "bieu", "lines.3", refusals.CellOwned),
        (27, "bieu", "rules.1", refusals.NotInSheet),
    }
    assert not Element.objects.filter(pk="moi").exists()


@pytest.mark.parametrize(
    ("content", "name", "refused"),
    [
        (b"\xff\xfe", "x.toml", texts.BadFile),
        (b"[[element", "x.toml", texts.BadFile),
        (b"a = 1", "x.toml", texts.NothingInFile),
        (b"a,b\n1,2\n", "x.csv", texts.BadFile),
        (b"x" * (texts.LARGEST + 1), "x.toml", texts.FileTooLarge),
    ],
)
def test_what_is_no_catalogue_is_refused(content: bytes, name: str, refused: type) -> None:
    with pytest.raises(refused):
        texts.read(content, name)


def test_a_text_twice_in_a_file(place: Place) -> None:
    one = '[[dimension]]\ncode = "x"\nname = "X"\nmembers = { a = "A" }\n'
    assert [type(fault.refused) for fault in texts.read((one + one).encode()).faults] == [texts.TextTwice]


def test_the_short_form_of_the_shipped_sheets_is_read_too(place: Place) -> None:
    text = """
code = "ngan"
name = "Biểu ngắn"
source = "x"
levels = {}
[kinds]
th = ["primary"]
[[section]]
name = "I"
line = [{ cell = "lop_x[lop={lop}]", label = "Lớp {lop}", each = { lop = ["6", "7"] } }]
[[rule]]
each = { lop = ["6", "7"] }
expression = "lop_x[lop={lop}] <= 9"
sentence = "Không quá 9 lớp ở {lop}."
"""
    actions.define_element(**ACT, code="lop_x", name="Lớp", unit="lớp", stock=True, dimensions=["lop"])
    assert take(text).faults == ()
    assert [line.words for line in Sheet.objects.get(pk="ngan").lines.all()] == ["Lớp Lớp 6", "Lớp Lớp 7"]
    assert Sheet.objects.get(pk="ngan").rules.count() == 2


def test_only_who_manages_sheets_takes_a_file_in(place: Place) -> None:
    found = texts.read(b'[[dimension]]\ncode = "x"\nname = "X"\nmembers = { a = "A" }\n')
    with pytest.raises(NotAllowed):
        texts.take(by=place.actors["leader"], at=at(OPENED), found=found)
    assert texts.take(by=place.actors["officer"], at=at(OPENED), found=found, dry=False).stored


def test_commands_write_and_read_files(place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("export_catalogue", str(tmp_path / "a.toml"))
    call_command("export_catalogue", str(tmp_path / "b.toml"), sheet="hoc_ky")
    call_command("load_catalogue", str(tmp_path / "b.toml"), dry_run=True)
    assert "1" in capsys.readouterr().out
    (tmp_path / "c.toml").write_text('[[element]]\ncode = "x"\n', encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("load_catalogue", str(tmp_path / "c.toml"))
    call_command("export_catalogue", table="element")
    assert "hoc_sinh_nu" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("export_catalogue", sheet="khong_co")
    assert FOUNDED
