"""The checks on the statistics office's real series: what they point at did happen."""

from __future__ import annotations

from giaoban import catalogue
from giaoban.core import outliers

HA_NOI, LAI_CHAU, DAK_LAK, CAN_THO = "01", "12", "66", "92"


def series(cell: str) -> dict[str, tuple[list[int], list[int | None]]]:
    """{province code: (years, values)} of one cell of the shipped figures."""
    found = {}
    for row in catalogue.rows("gso/figures.csv.gz"):
        if row["cell"] == cell:
            years = sorted(int(name) for name in row if name.isdecimal())
            found[row["code"]] = years, [int(row[str(year)]) if row[str(year)] else None for year in years]
    return found


def jumps(cell: str) -> list[tuple[str, int, bool]]:
    return [
        (code, years[jump.index], jump.up)
        for code, (years, values) in series(cell).items()
        for jump in outliers.jumps(values)
    ]


def test_the_jumps_of_primary_pupils_are_the_reforms_of_provinces() -> None:
    """2008: Hà Tây joined Hà Nội. 2004: Lai Châu, Đắk Lắk and Cần Thơ had each been divided."""
    assert sorted(jumps("gso_hoc_sinh[cap_pt=th]")) == [
        (HA_NOI, 2008, True),
        (LAI_CHAU, 2004, False),
        (DAK_LAK, 2004, False),
        (CAN_THO, 2004, False),
    ]


def test_levels_of_a_growing_population_are_not_called_unusual() -> None:
    """Judged by its changes the population of a province seldom leaps; the few leaps are the divided provinces."""
    found = jumps("gso_dan_so")
    assert len(found) <= 6
    assert {LAI_CHAU, DAK_LAK, CAN_THO, HA_NOI} & {code for code, _, _ in found}
