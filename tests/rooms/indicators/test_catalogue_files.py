"""The shipped catalogue as files: complete, consistent, and true to the five documents it was read from."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from giaoban import catalogue
from giaoban.core import formula
from giaoban.core.text import nfc
from giaoban.indicators.loading.catalogue import LEVELS, SHEETS, SUBJECTS, source_of

ROOT = Path(__file__).resolve().parents[3]
SEEDS = ROOT.parent / "shared" / "seeds"
ROW = re.compile(r'^\| (\d{3}) \| "(.+?)" \| (.+?) \| (.+?) \|$', re.MULTILINE)
PERIODS = {"HK1", "DN", "năm học", "năm"}


def rows(kind: str) -> list[dict[str, Any]]:
    return [row for subject in SUBJECTS for row in catalogue.table(f"indicators/{subject}.toml")[kind]]


ELEMENTS = {row["code"]: row for row in rows("element")}
INDICATORS = {row["code"]: row for row in rows("indicator")}
DIMENSIONS = {row["code"]: row["members"] for row in catalogue.table("indicators/dimensions.toml")["dimension"]}
TABLE = ROW.findall((ROOT / "docs/explanation/seed-figures.md").read_text(encoding="utf-8"))


def test_every_element_says_what_it_is_and_where_it_comes_from() -> None:
    for code, row in ELEMENTS.items():
        assert row["name"] and row["unit"], code
        assert row["kind"] in ("stock", "flow"), code
        assert row["level"] in LEVELS, code
        assert 0 < len(source_of(row)) <= 300, code
        assert set(row.get("dimensions", [])) <= set(DIMENSIONS), code


def test_every_indicator_says_which_way_is_good_and_where_it_comes_from() -> None:
    for code, row in INDICATORS.items():
        assert row["name"] and row["unit"], code
        assert row["direction"] in ("up", "down", "none"), code
        assert 0 < len(source_of(row)) <= 300, code


def test_codes_are_given_once() -> None:
    assert len(rows("element")) == len(ELEMENTS)
    assert len(rows("indicator")) == len(INDICATORS)
    assert not set(ELEMENTS) & set(INDICATORS)


def test_formulas_name_elements_and_members_that_exist() -> None:
    for code, row in INDICATORS.items():
        for text in [row["expression"], *(version["expression"] for version in row.get("formula", []))]:
            for node in formula.name_nodes(formula.parse(text)):
                assert node.element in ELEMENTS, (code, node.key)
                for dimension, member in node.members:
                    assert dimension in ELEMENTS[node.element].get("dimensions", []), (code, node.key)
                    assert member in DIMENSIONS[dimension], (code, node.key)


def test_percentages_come_from_counts_only() -> None:
    """No element is a percentage, but for the rates that the statistics office prints without counts."""
    assert {code for code, row in ELEMENTS.items() if row["unit"] == "%"} == {
        "gso_in_tot_nghiep_thpt",
        "gso_in_biet_chu",
        "gso_in_ngheo",
    }
    for code, row in INDICATORS.items():
        if row["unit"] == "%":
            assert formula.ratio(formula.parse(row["expression"]))[1] is not None, code


def test_the_table_of_the_documents_names_only_codes_that_exist() -> None:
    assert len(TABLE) > 100
    for document, quote, codes, period in TABLE:
        found = re.findall(r"`(\w+)`", codes)
        assert found, (document, quote)
        assert period in PERIODS, (document, quote)
        for code in found:
            assert code in ELEMENTS or code in INDICATORS, (document, code)


def test_the_table_names_every_element_that_the_documents_gave() -> None:
    """An element that says it comes from one of the documents stands in the table; so does each of its indicators."""
    named = {code for _, _, codes, _ in TABLE for code in re.findall(r"`(\w+)`", codes)}
    seeds = {"a_luoi", "vinh_long", "bac_kan", "si_ma_cai", "bao_thang"}
    ours = {code for code, row in (ELEMENTS | INDICATORS).items() if seeds & set(row["sources"])}
    assert sorted(ours - named) == []


@pytest.mark.shared
@pytest.mark.skipif(not SEEDS.is_dir(), reason="../shared is not at hand")
def test_every_quote_stands_in_its_document() -> None:
    texts = {file.name[:3]: words(file.read_text(encoding="utf-8")) for file in SEEDS.glob("*.txt")}
    missing = [(document, quote) for document, quote, _, _ in TABLE if words(quote) not in texts[document]]
    assert missing == []


def words(text: str) -> str:
    """The text with one space between words: the pages are full of double ones."""
    return " ".join(nfc(text).split())


def test_sheets_are_of_a_size_a_school_can_fill() -> None:
    from giaoban.indicators.loading.sheets import expand

    sheet = expand(catalogue.table("indicators/sheets/truong_hoc_ky_1.toml"), DIMENSIONS)
    for kind in ("preschool", "primary", "lower_secondary", "upper_secondary"):
        asked = [line for line in sheet.lines if line.cell and (not line.kinds or kind in line.kinds)]
        assert 40 <= len(asked) <= 65, kind
        assert len({line.section for line in asked}) >= 6


@pytest.mark.parametrize("code", SHEETS)
def test_no_sentence_or_label_keeps_a_place_unfilled(code: str) -> None:
    from giaoban.indicators.loading.sheets import expand

    sheet = expand(catalogue.table(f"indicators/sheets/{code}.toml"), DIMENSIONS)
    for text in [line.cell + line.label for line in sheet.lines] + [r.expression + r.sentence for r in sheet.rules]:
        assert "{" not in text
    assert all(rule.sentence.endswith(".") for rule in sheet.rules)
    cells = [line.cell for line in sheet.lines if line.cell]
    assert len(cells) == len(set(cells))
