"""Turn the statistics office's tables into the shipped files of `catalogue/gso` (run once; needs ../shared).

    .venv/bin/python scripts/build_gso_catalogue.py ../shared/data/stats/gso_education_2002_2017.csv

Nothing is corrected in silence: what is no area, what differs from its printed total, what lost its thousands and what
is rounded or preliminary goes into exceptions.csv with what was done.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

CATALOGUE = Path(__file__).resolve().parent.parent / "src/giaoban/catalogue/gso"
COUNTRY = "WHOLE COUNTRY"
FIELDS = ["kind", "table", "area", "year", "category", "printed", "computed", "note"]
LOST = 10  # a province's count below this, where the total says more than a thousand is missing, lost its thousands
YEARS = range(1995, 2017)

Key = tuple[str, str, str, str]  # indicator, category, area, year


def main(source: Path) -> None:
    tables = tomllib.loads((CATALOGUE / "gso.toml").read_text())["table"]
    with (CATALOGUE / "areas.csv").open() as file:
        areas = {row["area"]: row for row in csv.DictReader(file)}
    with source.open() as file:
        rows = list(csv.DictReader(file))
    printed = {(r["indicator"], r["category"], r["area"], r["year"]): Decimal(r["value"]) for r in rows}
    regions = {row["region"] for row in areas.values()}
    known = set(areas) | regions | {COUNTRY}
    exceptions = list(no_areas(rows, known))
    left_out = {key: note for table in tables for key, note in lost_thousands(table, printed)}
    exceptions += [line("không nạp", *key, printed[key], "", note) for key, note in left_out.items()]
    exceptions += [one for table in tables for one in parts_against_total(table, printed, known)]
    exceptions += [one for table in tables for one in provinces_against_printed(table, printed, areas)]
    exceptions += list(second_population(printed, areas))
    exceptions += list(preliminary(rows)) + list(rounded(tables))
    write_exceptions(exceptions)
    write_figures(tables, printed, areas, set(left_out))


def line(kind: str, table: str, category: str, area: str, year: str, printed: object, computed: object, note: str):
    values = (kind, table, area, year, category, str(printed), str(computed), note)
    return dict(zip(FIELDS, values, strict=True))


def no_areas(rows: list[dict[str, str]], known: set[str]) -> Iterator[dict[str, str]]:
    for row in rows:
        if row["area"] not in known:
            yield line(
                "không phải địa phương", row["indicator"], row["category"], row["area"], row["year"], row["value"], "",
                "không gắn được vào đơn vị nào; không nạp",
            )  # fmt: skip


def categories(table: dict) -> dict[str, str]:
    """{printed category: cell key} of a table."""
    element = table["element"]
    if "dimension" in table:
        return {name: f"{element}[{table['dimension']}={member}]" for name, member in table["members"].items()}
    return dict.fromkeys([table["category"], *table.get("also", [])], element)


def lost_thousands(table: dict, printed: dict[Key, Decimal]) -> Iterator[tuple[Key, str]]:
    for (indicator, category, area, year), total in printed.items():
        if indicator != table["indicator"] or category != table.get("total") or "printed_rate" in table:
            continue
        keys = [(indicator, name, area, year) for name in categories(table)]
        missing = total - sum(printed.get(key, Decimal(0)) for key in keys)
        for key in keys:
            if missing > 1000 and printed.get(key, Decimal(LOST)) < LOST:
                yield key, f"bản in mất hàng nghìn (tổng in {total}); không nạp"


def parts_against_total(table: dict, printed: dict[Key, Decimal], known: set[str]) -> Iterator[dict[str, str]]:
    for (indicator, category, area, year), total in printed.items():
        if indicator != table["indicator"] or category != table.get("total") or area not in known:
            continue
        parts = [printed.get((indicator, name, area, year)) for name in categories(table)]
        summed = sum(part for part in parts if part is not None)
        if any(part is not None for part in parts) and summed != total:
            yield line(
                "tổng in khác tổng thành phần", indicator, " + ".join(categories(table)), area, year, total, summed,
                "nạp các thành phần; tổng được tính lại",
            )  # fmt: skip


def provinces_against_printed(table: dict, printed: dict[Key, Decimal], areas: dict) -> Iterator[dict[str, str]]:
    if "printed_rate" in table:
        return
    sums: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    names = [*categories(table), *([table["total"]] if "total" in table else [])]
    for (indicator, category, area, year), value in printed.items():
        if indicator == table["indicator"] and category in names and area in areas:
            for wider in (COUNTRY, areas[area]["region"]):
                sums[category, wider, year] += value
    for (category, wider, year), summed in sorted(sums.items()):
        value = printed.get((table["indicator"], category, wider, year))
        if (
            value is not None
            and value != summed
            and not (category == "Total" and table["element"] == "gso_dan_so_noi_o")
        ):
            yield line(
                "số in cả nước hoặc vùng khác tổng các tỉnh", table["indicator"], category, wider, year, value, summed,
                "nạp số của các tỉnh; số cả nước, vùng không nạp",
            )  # fmt: skip


def second_population(printed: dict[Key, Decimal], areas: dict) -> Iterator[dict[str, str]]:
    """The area table prints the population again; where it differs, the population table is what we keep."""
    again = "Average population (Thous. pers."
    for (indicator, category, area, year), value in printed.items():
        first = printed.get(("population", "Total", area, year))
        if category == again and area in areas and first is not None and first != value:
            yield line("dân số in hai lần khác nhau", indicator, category, area, year, value, first, "dùng bảng dân số")


def preliminary(rows: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    found = {(r["indicator"], r["year"]) for r in rows if r["preliminary"] == "1" or r["category"] == "Pre."}
    for indicator, year in sorted(found):
        yield line("số sơ bộ", indicator, "", "", year, "", "", "bản in ghi là sơ bộ; nạp như đã in")


def rounded(tables: list[dict]) -> Iterator[dict[str, str]]:
    for table in tables:
        if "factor_until" in table:
            note = f"đến năm {table['factor_until']} in theo nghìn; nạp nhân 1.000"
            yield line("số làm tròn", table["indicator"], table["category"], "", "", "", "", note)


def write_exceptions(lines: list[dict[str, str]]) -> None:
    unique = {tuple(one.values()): one for one in lines}
    with (CATALOGUE / "exceptions.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(unique.values())


def write_figures(tables: list[dict], printed: dict[Key, Decimal], areas: dict, left_out: set[Key]) -> None:
    """One line a cell and province; an empty field is a figure the tables do not give."""
    grid: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for table in tables:
        for category, cell in categories(table).items():
            for (indicator, name, area, year), value in printed.items():
                key = (indicator, name, area, year)
                if (indicator, name) == (table["indicator"], category) and area in areas and key not in left_out:
                    grid[cell, areas[area]["code"]][int(year[:4])] = stored(table, int(year[:4]), value)
    names = {row["code"]: row["area"] for row in areas.values()}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["cell", "code", "area", *YEARS])
    for (cell, code), by_year in sorted(grid.items()):
        writer.writerow([cell, code, names[code], *(by_year.get(year, "") for year in YEARS)])
    packed = gzip.compress(text.getvalue().encode(), mtime=0)
    (CATALOGUE / "figures.csv.gz").write_bytes(packed)


def stored(table: dict, year: int, value: Decimal) -> int:
    factor = table.get("factor", 1) if year <= table.get("factor_until", year) else 1
    exact = value * factor
    if exact != exact.to_integral_value():
        raise ValueError(f"{table['element']} {year}: {value} × {factor} is not whole")
    return int(exact)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
