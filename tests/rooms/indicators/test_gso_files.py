"""The shipped figures of the statistics office: every printed line is either a figure or listed as an exception."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from giaoban import catalogue
from giaoban.indicators.loading.gso import FIGURES

SOURCE = Path(__file__).resolve().parents[4] / "shared/data/stats/gso_education_2002_2017.csv"
TABLES = catalogue.table("gso/gso.toml")["table"]
AREAS = {row["area"]: row for row in catalogue.rows("gso/areas.csv")}
EXCEPTIONS = list(catalogue.rows("gso/exceptions.csv"))
EDUCATION = [table["element"] for table in TABLES if table["period"] == "school_year_start"]


def figures(element: str) -> dict[tuple[str, str, int], int]:
    """{(cell, code, year): value}"""
    return {
        (row["cell"], row["code"], int(year)): int(value)
        for row in catalogue.rows(FIGURES)
        if row["cell"].partition("[")[0] == element
        for year, value in row.items()
        if year.isdecimal() and value
    }


def test_pupils_stand_for_the_provinces_of_each_day() -> None:
    """61 provinces in 2002 and 2003, 64 until Hà Tây joined Hà Nội on 1 August 2008, then 63."""
    counted = Counter((cell, year) for cell, _, year in figures("gso_hoc_sinh"))
    for (_, year), number in counted.items():
        assert number == (61 if year < 2004 else 64 if year < 2008 else 63)
    assert {year for _, year in counted} == set(range(2002, 2017))


def test_pupils_of_the_whole_country_are_the_printed_ones_but_for_what_is_listed() -> None:
    totals: dict[tuple[str, int], int] = defaultdict(int)
    for (cell, _, year), value in figures("gso_hoc_sinh").items():
        totals[cell, year] += value
    assert totals["gso_hoc_sinh[cap_pt=th]", 2016] == 7_801_560  # as printed for 2016-2017
    assert (
        totals["gso_hoc_sinh[cap_pt=thpt]", 2002] == 2_454_163 - 5_555
    )  # pupils in universities belong to no province
    listed = [row for row in EXCEPTIONS if row["table"] == "pupils" and row["area"] == "Pupils in universities"]
    assert {row["printed"] for row in listed if row["year"] == "2002"} == {"5555.0"}


def test_thousands_that_the_print_lost_are_left_out_and_listed() -> None:
    left_out = [row for row in EXCEPTIONS if row["kind"] == "không nạp"]
    assert {(row["area"], row["year"], row["table"]) for row in left_out} == {
        ("Quang Ninh", "2009", "teachers"),
        ("Ha Noi", "2011", "pupils_ethnic_minority"),
        ("Vinh Phuc", "2011", "pupils_ethnic_minority"),
        ("Quang Ninh", "2011", "pupils_ethnic_minority"),
    }
    assert ("gso_giao_vien[cap_pt=th]", "22", 2009) not in figures("gso_giao_vien")


def test_every_exception_says_what_was_done() -> None:
    assert all(row["kind"] and row["table"] and row["note"] for row in EXCEPTIONS)
    keys = [tuple(row.values()) for row in EXCEPTIONS]
    assert len(keys) == len(set(keys))


def test_printed_rates_never_go_up_the_tree() -> None:
    rates = {table["element"] for table in TABLES if table.get("printed_rate")}
    elements = {row["code"]: row for row in catalogue.table("indicators/nien_giam.toml")["element"]}
    assert rates == {code for code, row in elements.items() if row.get("over_units") == "none"}
    for table in TABLES:
        scale = elements[table["element"]].get("scale", 0)
        if table.get("printed_rate"):
            assert table["factor"] == 10**scale
    indicators = catalogue.table("indicators/nien_giam.toml")["indicator"]
    assert not any(rate in row["expression"] for row in indicators for rate in rates)


@pytest.mark.shared
@pytest.mark.skipif(not SOURCE.is_file(), reason="../shared is not at hand")
def test_every_printed_line_is_a_figure_or_listed() -> None:
    """Nothing was dropped in silence: 38,193 lines are figures, wider totals, or exceptions."""
    kept = {element: figures(element) for element in {table["element"] for table in TABLES}}
    regions = {row["region"] for row in AREAS.values()} | {"WHOLE COUNTRY"}
    no_area = {row["area"] for row in EXCEPTIONS if row["kind"] == "không phải địa phương"}
    left_out = {(r["table"], r["category"], r["area"], r["year"]) for r in EXCEPTIONS if r["kind"] == "không nạp"}
    with SOURCE.open() as file:
        for row in csv.DictReader(file):
            if row["area"] in regions | no_area:
                continue
            if (row["indicator"], row["category"], row["area"], row["year"]) in left_out:
                continue
            if row["category"] in ("Total", "Average population (Thous. pers.") and row["indicator"] != "population":
                continue  # a total of parts, or the population printed again: compared, and listed where it differs
            assert any(_agrees(table, row, kept) for table in TABLES), row


def _agrees(table: dict, row: dict[str, str], kept: dict[str, dict[tuple[str, str, int], int]]) -> bool:
    if table["indicator"] != row["indicator"]:
        return False
    member = table.get("members", {}).get(row["category"])
    if member is None and row["category"] not in [table.get("category"), *table.get("also", [])]:
        return False
    cell = table["element"] + (f"[{table['dimension']}={member}]" if member else "")
    year = int(row["year"][:4])
    factor = table.get("factor", 1) if year <= table.get("factor_until", year) else 1
    return kept[table["element"]].get((cell, AREAS[row["area"]]["code"], year)) == Decimal(row["value"]) * factor
