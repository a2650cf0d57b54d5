"""Rates that the statistics office printed without their counts: shown for their province, never added up."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from giaoban.core import period as periods
from giaoban.core.numbers import vi_number
from giaoban.core.text import sort_key
from giaoban.indicators import queries as indicators
from giaoban.indicators.loading.catalogue import GSO_SERIES
from giaoban.indicators.models import Element
from giaoban.indicators.models.catalogue import OverUnits
from giaoban.orgs import queries as orgs


@dataclass(frozen=True)
class Rate:
    code: str
    name: str
    unit: str
    definition: str


@dataclass(frozen=True)
class RateTable:
    """Rows of provinces as they were called last, columns of periods; "—" where nothing was printed."""

    rate: Rate
    periods: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def rates() -> list[Rate]:
    """The printed rates of the catalogue."""
    found = Element.objects.filter(over_units=OverUnits.NONE).order_by("name")
    return [Rate(one.code, one.name.partition(" (")[0], one.unit, one.definition) for one in found]


def table(code: str) -> RateTable | None:
    """One printed rate by province and period; None when there is no such rate."""
    rate = next((one for one in rates() if one.code == code), None)
    if rate is None:
        return None
    cell = indicators.cells_of(code)[0]
    figures = indicators.figures(GSO_SERIES, cell_ids=[cell.pk])
    chosen = sorted({figure.period_code for figure in figures})
    values = {(figure.unit_id, figure.period_code): figure.value for figure in figures}
    days = {code: periods.parse(code).data_day for code in chosen}
    scale = cell.element.scale
    names: dict[int, str] = {}
    for period in chosen:
        names |= orgs.names({unit for unit, at in values if at == period}, days[period])
    rows = [
        (name, tuple(_text(values.get((unit, period)), scale) for period in chosen)) for unit, name in names.items()
    ]
    return RateTable(rate, tuple(chosen), tuple(sorted(rows, key=lambda row: sort_key(row[0]))))


def _text(value: int | None, scale: int) -> str:
    return vi_number(None if value is None else Fraction(value, 10**scale), scale)
