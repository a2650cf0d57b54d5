"""Who a document is from: names as documents write them, symbol, place, who signs and who receives."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from giaoban.orgs import queries as orgs
from giaoban.orgs.models import MANAGEMENT, PROFESSIONAL, TERRITORY, Snapshot
from giaoban.people import queries as people
from giaoban.people.models import Holding, Manner

AREA, SCHOOL, CENTRE = "area", "school", "centre"


@dataclass(frozen=True)
class Letterhead:
    """Head and foot of a document of a unit on a day."""

    parent_issuer: str
    issuer: str
    symbol: str
    place: str
    signing: tuple[str, ...]
    signer: str
    recipients: tuple[str, ...]


def letterhead(unit_id: int, on: date, type_code: str) -> Letterhead:
    """The letterhead by which a unit signs a document of a type ("BC") in its own name."""
    unit = orgs.path(unit_id, TERRITORY, on)[-1]
    parent = orgs.parent(unit_id, MANAGEMENT, on)
    lines, signer = _signing(unit, on)
    return Letterhead(
        parent_issuer="" if _is_area(unit) or parent is None else spelled_out(orgs.body_name(parent, on)),
        issuer=issuer(unit),
        symbol=f"{type_code}-{_agency(unit)}",
        place=place(unit_id, on),
        signing=lines,
        signer=signer,
        recipients=_recipients(unit_id, parent, on),
    )


def by_order(unit_id: int, on: date) -> tuple[tuple[str, ...], str]:
    """How a notice is signed "thừa lệnh": by the head of the host's office, by order of the host's head."""
    unit = orgs.path(unit_id, TERRITORY, on)[-1]
    offices = [row for row in orgs.children(unit_id, MANAGEMENT, on) if row.kind_id in OFFICES]
    holding = people.head(offices[0].unit_id, on) if offices else None
    title = _short_title(holding.position.title) if holding else _table()["kinds"][OFFICES[0]]["head"]
    return (f"TL. {_head_title(unit, on)}", title), holding.account.full_name if holding else ""


OFFICES = ("commune_office", "province_office")


def issuer(unit: Snapshot) -> str:
    """ "Ủy ban nhân dân xã Bắc Hà", "Sở Giáo dục và Đào tạo", "Trường Tiểu học Hạ"."""
    if not _is_area(unit) and unit.kind.family not in (SCHOOL, CENTRE) and unit.name.startswith(unit.kind.name):
        return unit.kind.name
    return spelled_out(unit.body_name or unit.name)


def spelled_out(name: str) -> str:
    """Abbreviations of screens written out, as the head of a document has them."""
    for short, long in _table()["spelled_out"].items():
        name = re.sub(rf"\b{short}\b", long, name)
    return name


def place(unit_id: int, on: date) -> str:
    """Địa danh: the commune for what is of a commune, the province for what is of a province, without the kind word."""
    for row in reversed(orgs.path(unit_id, TERRITORY, on)):
        if _is_area(row):
            return row.name.removeprefix(f"{row.kind.name} ").removeprefix("Thành phố ")
    return ""


def _signing(unit: Snapshot, on: date) -> tuple[tuple[str, ...], str]:
    holding = people.head(unit.unit_id, on)
    title = _head_title(unit, on)
    lines = [_rule(unit)["signs"]] if "signs" in _rule(unit) else []
    if holding is None:
        return (*lines, title), ""
    if holding.manner == Manner.HOLDS:
        return (*lines, title), holding.account.full_name
    return (*lines, f"KT. {title}", _own_title(holding, on)), holding.account.full_name


def _head_title(unit: Snapshot, on: date) -> str:
    holding = people.head(unit.unit_id, on)
    return _short_title(holding.position.title) if holding else _rule(unit)["head"]


def _own_title(acting: Holding, on: date) -> str:
    """The acting person's own title in the same unit: "Phó Chủ tịch"."""
    own = [row for row in people.positions_of(acting.account, on) if row.manner == Manner.HOLDS]
    here = [row for row in own if row.position.unit_id == acting.position.unit_id] or own
    return _short_title(here[0].position.title) if here else _short_title(acting.position.title)


def _short_title(title: str) -> str:
    """ "Chủ tịch UBND xã Bắc Hà" signs as "Chủ tịch"."""
    return re.split(r"\s+(?:UBND|Ủy ban nhân dân)\b", title)[0]


def _recipients(unit_id: int, parent: int | None, on: date) -> tuple[str, ...]:
    above = [parent, orgs.parent(unit_id, PROFESSIONAL, on)]
    found = [orgs.body_name(one, on) for one in dict.fromkeys(above) if one and one != orgs.COUNTRY_ID]
    return (*found, "Các đơn vị trực thuộc", "Lưu: VT")


def _agency(unit: Snapshot) -> str:
    rule = _rule(unit)
    if "agency" in rule:
        return str(rule["agency"])
    words = re.findall(r"[A-ZĐÀ-Ỹ]\w*", unit.name)
    return "".join(word if word.isupper() else word[0] for word in words).upper()[:12]


def _rule(unit: Snapshot) -> Mapping[str, Any]:
    table = _table()
    if _is_area(unit):
        return table["areas"]  # type: ignore[no-any-return]
    group = {SCHOOL: "schools", CENTRE: "centres"}.get(unit.kind.family, "others")
    return table["kinds"].get(unit.kind_id, table[group])  # type: ignore[no-any-return]


def _is_area(unit: Snapshot) -> bool:
    return unit.kind.family == AREA


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "letterhead.toml").read_text(encoding="utf-8"))
