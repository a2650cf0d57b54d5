"""The shipped catalogue: dimensions, elements, indicators with their dated formulas, and sheets.

The files are data a domain expert reads and corrects (`catalogue/indicators/*.toml`); every source they name must
stand in `sources.toml`, so that nothing is counted without saying where it comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from giaoban import catalogue
from giaoban.indicators import actions
from giaoban.indicators.loading.sheets import expand
from giaoban.indicators.models import REPORT_SERIES, Dimension
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor

SUBJECTS = (
    "quy_mo",
    "chat_luong",
    "doi_ngu",
    "dieu_kien",
    "chi_dao",
    "nien_giam",
    "dau_nam",
    "cuoi_nam",
    "doi_ngu_nam",
    "co_so",
    "an_toan",
    "tai_chinh",
    "pho_cap",
)
SHEETS = (
    "truong_hoc_ky_1",
    "xa_hoc_ky_1",
    "so_hoc_ky_1",
    "dau_nam_mn",
    "dau_nam_th",
    "dau_nam_thcs",
    "dau_nam_thpt",
    "cuoi_nam_mn",
    "cuoi_nam_th",
    "cuoi_nam_thcs",
    "cuoi_nam_thpt",
    "khao_sat_cuoi_nam",
    "giai_thuong",
    "chuyen_can_thang",
    "an_toan_y_te",
    "co_so_vat_chat",
    "doi_ngu_dau_nam",
    "doi_ngu_cuoi_nam",
    "tai_chinh_chinh_sach",
    "pcgd_xa",
    "xa_duy_tri",
    "so_tuyen_dung",
)
GSO_SERIES = "gso"
FIRST_DAY = date(1995, 1, 1)
"""Formulas without a start of their own hold from the day the oldest figures begin."""

LEVELS = {
    "school": "Thu thập tại trường.",
    "commune": "Thu thập tại xã, phường, đặc khu.",
    "department": "Thu thập tại Sở Giáo dục và Đào tạo.",
    "province": "Theo tỉnh, thành phố của ngày số liệu.",
}


@dataclass(frozen=True)
class Loaded:
    """How much the catalogue holds after loading."""

    dimensions: int
    elements: int
    indicators: int
    sheets: int


def load_catalogue(*, by: Actor, at: datetime, progress: Callable[[int, int], None] | None = None) -> Loaded:
    """Publish the whole catalogue, or what of it differs; all in one transaction."""
    tables = [(subject, catalogue.table(f"indicators/{subject}.toml")) for subject in SUBJECTS]
    steps = len(SUBJECTS) + len(SHEETS) + 1
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, steps)

    with writing(by=by, at=at, verb="catalogue.load") as entry:
        _define_series(by, at)
        dimensions = _define_dimensions(by, at)
        step()
        for _, table in tables:
            for element in table["element"]:
                _define_element(by, at, table["group"], element)
            for indicator in table["indicator"]:
                _define_indicator(by, at, table["group"], indicator)
            step()
        for code in SHEETS:
            _publish_sheet(by, at, catalogue.table(f"indicators/sheets/{code}.toml"))
            step()
        loaded = Loaded(
            dimensions=dimensions,
            elements=sum(len(table["element"]) for _, table in tables),
            indicators=sum(len(table["indicator"]) for _, table in tables),
            sheets=len(SHEETS),
        )
        entry.skip = True  # every verb below writes its own event; a load that changes nothing leaves none
    return loaded


def _define_series(by: Actor, at: datetime) -> None:
    actions.define_series(by=by, at=at, code=REPORT_SERIES, name="Số liệu các đơn vị báo cáo")
    actions.define_series(
        by=by, at=at, code=GSO_SERIES, name="Niên giám thống kê", source="Tổng cục Thống kê (nay là Cục Thống kê)"
    )


def _define_dimensions(by: Actor, at: datetime) -> int:
    rows = catalogue.table("indicators/dimensions.toml")["dimension"]
    for row in rows:
        if _published(row["code"]) != (row["name"], row["members"]):
            actions.define_dimension(by=by, at=at, code=row["code"], name=row["name"], members=row["members"])
    return len(rows)


def _published(code: str) -> tuple[str, Mapping[str, str]] | None:
    found = Dimension.objects.filter(pk=code).first()
    return None if found is None else (found.name, {one.code: one.name for one in found.members.order_by("order")})


def _define_element(by: Actor, at: datetime, group: str, row: Mapping[str, Any]) -> None:
    actions.define_element(
        by=by,
        at=at,
        code=row["code"],
        name=row["name"],
        unit=row["unit"],
        stock=row["kind"] == "stock",
        over_units=row.get("over_units", "sum"),
        scale=row.get("scale", 0),
        group=group,
        definition=f"{row.get('definition', '')} {LEVELS[row['level']]}".strip(),
        source=source_of(row),
        official_code=row.get("official_code", ""),
        code_system=row.get("code_system", ""),
        dimensions=row.get("dimensions", []),
    )
    if row.get("retired"):
        actions.retire_element(by=by, at=at, code=row["code"], reason=row["retired"])


def _define_indicator(by: Actor, at: datetime, group: str, row: Mapping[str, Any]) -> None:
    actions.define_indicator(
        by=by,
        at=at,
        code=row["code"],
        name=row["name"],
        unit=row["unit"],
        expression=row["expression"],
        start=row.get("start", FIRST_DAY),
        places=row.get("places", 2 if row["unit"] == "%" else 0),
        direction=row["direction"],
        group=group,
        definition=row.get("definition", ""),
        source=source_of(row),
        official_code=row.get("official_code", ""),
        code_system=row.get("code_system", ""),
    )
    if row.get("retired"):
        actions.retire_indicator(by=by, at=at, code=row["code"], reason=row["retired"])
    for version in row.get("formula", []):
        actions.add_formula(
            by=by,
            at=at,
            indicator=row["code"],
            start=version["start"],
            expression=version["expression"],
            source=source_of(version),
        )


def _publish_sheet(by: Actor, at: datetime, table: Mapping[str, Any]) -> None:
    words = words_of_members()
    sheet = expand(table, words)
    actions.publish_sheet(
        by=by,
        at=at,
        code=table["code"],
        name=table["name"],
        source=table["source"],
        kinds=sheet.kinds,
        lines=sheet.lines,
        rules=sheet.rules,
        checks=sheet.checks,
        supersedes=table.get("supersedes", ""),
    )


def words_of_members() -> dict[str, Mapping[str, str]]:
    """{dimension: {member: name}} of the shipped dimensions."""
    return {row["code"]: row["members"] for row in catalogue.table("indicators/dimensions.toml")["dimension"]}


def source_of(row: Mapping[str, Any]) -> str:
    """The sources of a row in words, parted by semicolons."""
    known = catalogue.table("indicators/sources.toml")
    return "; ".join(known[key] for key in row["sources"])
