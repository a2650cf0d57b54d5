"""Tỉnh Mẫu: a made-up province that every test may know by heart.

Before 1 July 2025                          From 1 July 2025
  huyện Thượng (Phòng GD&ĐT, Nội vụ, TC-KH)
    xã Ánh Dương, xã Bình Minh      →         xã Bình Minh  (both, and half of the old xã Cao Sơn)
    xã Cao Sơn (divided in halves)  →         xã Cao Sơn    (the other half, and xã Đồng Tâm)
  huyện Hạ (Phòng GD&ĐT, …)
    xã Đồng Tâm                     →         xã Cao Sơn
    thị trấn Hạ                     →         phường Hạ     (the same unit: other name, kind and parent)
    xã Yên Lập                      →         xã Yên Lập    (the same unit: other parent)

Six schools and one site, standing since 2020; the THPT is directed by the Sở. All made by the public verbs.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions
from giaoban.orgs.actions import Became, Founding
from giaoban.orgs.models import (
    COUNTRY_ID,
    MANAGEMENT,
    PARTY,
    PROFESSIONAL,
    TERRITORY,
    Alias,
    Attribute,
    Change,
    Classing,
    Closure,
    Code,
    Decision,
    Existence,
    Hierarchy,
    Holds,
    Kind,
    Lineage,
    Link,
    Name,
    Snapshot,
    Unit,
)

SINCE = date(2020, 1, 1)
REFORM = date(2025, 7, 1)
EVE = date(2025, 6, 30)
TODAY = date(2026, 1, 29)
NOW = datetime(2026, 1, 29, 8, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))

SCHOOLS = {  # name of the attribute → kind, name, school code, old commune, new commune
    "mam_non": ("preschool", "Trường Mầm non Hoa Mai", "99001001", "binh_minh_cu", "binh_minh"),
    "tieu_hoc": ("primary", "Trường Tiểu học Ánh Dương", "99001002", "anh_duong", "binh_minh"),
    "thcs": ("lower_secondary", "Trường THCS Cao Sơn", "99001003", "cao_son_cu", "cao_son"),
    "ban_tru": (
        "semi_boarding_primary_lower_secondary",
        "Trường PTDTBT Tiểu học và THCS Đồng Tâm",
        "99002001",
        "dong_tam",
        "cao_son",
    ),
    "tieu_hoc_ha": ("primary", "Trường Tiểu học Hạ", "99002002", "phuong_ha", "phuong_ha"),
    "thpt": ("upper_secondary", "Trường THPT Mẫu", "99000001", "phuong_ha", "phuong_ha"),
}


@dataclass
class World:
    """The units by name: `world.binh_minh.pk`, or `world["binh_minh"]` for the number."""

    units: dict[str, Unit] = field(default_factory=dict)
    decision: Decision | None = None

    def __getattr__(self, name: str) -> Unit:
        try:
            return self.__dict__["units"][name]
        except KeyError:
            raise AttributeError(f"Tỉnh Mẫu has no {name}") from None

    def __getitem__(self, name: str) -> int:
        return self.units[name].pk

    def __iter__(self) -> Iterator[str]:
        return iter(self.units)

    @property
    def schools(self) -> list[Unit]:
        return [self.units[name] for name in SCHOOLS]


TABLES = [
    Kind, Hierarchy, Attribute, Decision, Change, Unit, Existence, Name, Classing, Code, Link, Holds, Lineage, Alias,
    Snapshot, Closure,
]  # fmt: skip
_kept: list[tuple[World, dict[type[Model], list[Model]]]] = []


def quick() -> World:
    """The province of `build`, whose rows were kept from the first time; the journal is empty then."""
    if Unit.objects.exists():
        return build()
    if not _kept:
        world = build()
        _kept.append((world, {table: list(table.objects.all()) for table in TABLES}))
        return world
    world, rows = _kept[0]
    for table, found in rows.items():
        table.objects.bulk_create(found)
    with connection.cursor() as cursor:  # PostgreSQL does not notice numbers that were given by hand
        for statement in connection.ops.sequence_reset_sql(no_style(), TABLES):
            cursor.execute(statement)
    return copy.deepcopy(world)


def build() -> World:
    """Enact the province: as it stood since 2020, then the reorganisation of 1 July 2025."""
    actions.load_kinds(by=SYSTEM, at=NOW)
    world = World()
    _since_2020(world)
    _reform(world)
    return world


def _both(parent: int) -> dict[str, int]:
    return {TERRITORY: parent, MANAGEMENT: parent}


def _found(world: World, on: date, foundings: dict[str, Founding]) -> None:
    units = actions.establish_many(by=SYSTEM, at=NOW, on=on, foundings=list(foundings.values()))
    world.units.update(zip(foundings, units))


def _area(kind: str, name: str, parent: int, code: str, scheme: str = "gso") -> Founding:
    body = f"UBND {name[0].lower()}{name[1:]}"
    return Founding(kind, name, body, parents=_both(parent), codes={scheme: code})


def _since_2020(world: World) -> None:
    _found(
        world,
        SINCE,
        {
            "province": _area("province", "Tỉnh Mẫu", COUNTRY_ID, "99"),
            "bo": Founding(
                "ministry", "Bộ Giáo dục và Đào tạo", short_name="Bộ GD&ĐT", parents={MANAGEMENT: COUNTRY_ID}
            ),
        },
    )
    province = world["province"]
    offices = actions.establish_offices(by=SYSTEM, at=NOW, on=SINCE, unit=world.province)
    world.units["so"] = offices["Sở GD&ĐT"]
    world.units["so_noi_vu"] = offices["Sở Nội vụ"]
    actions.move(by=SYSTEM, at=NOW, on=SINCE, unit=world.so, hierarchy=PROFESSIONAL, parent=world["bo"])
    _found(
        world,
        SINCE,
        {
            "huyen_thuong": _area("district", "Huyện Thượng", province, "H99.01", "giaoban"),
            "huyen_ha": _area("district", "Huyện Hạ", province, "H99.02", "giaoban"),
            "phong_pho_thong": Founding(
                "education_department_office",
                "Phòng Giáo dục Phổ thông",
                parents=_both(world["so"]) | {PROFESSIONAL: world["so"]},
            ),
            "tinh_uy": Founding("province_party", "Tỉnh ủy Mẫu", parents={PARTY: COUNTRY_ID, TERRITORY: province}),
        },
    )
    for name, short in (("huyen_thuong", "thuong"), ("huyen_ha", "ha")):
        found = actions.establish_offices(by=SYSTEM, at=NOW, on=SINCE, unit=world.units[name])
        world.units[f"phong_gd_{short}"] = found["Phòng GD&ĐT"]
        world.units[f"phong_noi_vu_{short}"] = found["Phòng Nội vụ"]
        world.units[f"phong_tckh_{short}"] = found["Phòng TC-KH"]
        office = world.units[f"phong_gd_{short}"]
        actions.move(by=SYSTEM, at=NOW, on=SINCE, unit=office, hierarchy=PROFESSIONAL, parent=world["so"])
    _found(
        world,
        SINCE,
        {
            "anh_duong": _area("commune", "Xã Ánh Dương", world["huyen_thuong"], "99001"),
            "binh_minh_cu": _area("commune", "Xã Bình Minh", world["huyen_thuong"], "99002"),
            "cao_son_cu": _area("commune", "Xã Cao Sơn", world["huyen_thuong"], "99003"),
            "dong_tam": _area("commune", "Xã Đồng Tâm", world["huyen_ha"], "99004"),
            "phuong_ha": _area("township", "Thị trấn Hạ", world["huyen_ha"], "99005"),
            "yen_lap": _area("commune", "Xã Yên Lập", world["huyen_ha"], "99006"),
        },
    )
    _found(world, SINCE, {name: _school(world, name) for name in SCHOOLS})
    site = Founding("school_site", "Điểm trường Suối Ba", parents=_both(world["tieu_hoc"]))
    _found(world, SINCE, {"diem_truong": site})


def _school(world: World, name: str) -> Founding:
    kind, called, code, commune, _ = SCHOOLS[name]
    upper = commune in ("anh_duong", "binh_minh_cu", "cao_son_cu")
    district, office = ("huyen_thuong", "phong_gd_thuong") if upper else ("huyen_ha", "phong_gd_ha")
    if name == "thpt":
        district = office = "so"
    parents = {TERRITORY: world[commune], MANAGEMENT: world[district], PROFESSIONAL: world[office]}
    return Founding(kind, called, parents=parents, codes={"moet": code})


def _reform(world: World) -> None:
    decision = actions.record_decision(
        by=SYSTEM,
        at=NOW,
        number="1/NQ-MẪU",
        date=date(2025, 6, 16),
        issuer="Ủy ban Thường vụ Quốc hội",
        title="Về việc sắp xếp các đơn vị hành chính cấp xã của tỉnh Mẫu",
    )
    world.decision = decision
    province = world["province"]
    new = actions.reorganise(
        by=SYSTEM,
        at=NOW,
        on=REFORM,
        foundings=[
            _area("commune", "Xã Bình Minh", province, "99002"),
            _area("commune", "Xã Cao Sơn", province, "99003"),
        ],
        became=[
            Became(world.anh_duong, 0),
            Became(world.binh_minh_cu, 0),
            Became(world.cao_son_cu, 0, Fraction(1, 2)),
            Became(world.cao_son_cu, 1, Fraction(1, 2)),
            Became(world.dong_tam, 1),
        ],
        children={world["thcs"]: 1},
        basis="equal",
        decision=decision,
    )
    world.units.update(binh_minh=new[0], cao_son=new[1])
    for kept in ("phuong_ha", "yen_lap"):
        for hierarchy in (TERRITORY, MANAGEMENT):
            actions.move(
                by=SYSTEM,
                at=NOW,
                on=REFORM,
                unit=world.units[kept],
                hierarchy=hierarchy,
                parent=province,
                decision=decision,
            )
    ha = {"by": SYSTEM, "at": NOW, "on": REFORM, "unit": world.phuong_ha, "decision": decision}
    actions.rename(**ha, name="Phường Hạ", body_name="UBND phường Hạ")
    actions.reclassify(**ha, kind="ward")
    moves = [(world[name], MANAGEMENT, world[row[4]]) for name, row in SCHOOLS.items() if name != "thpt"]
    moves += [(world[name], PROFESSIONAL, world["so"]) for name in SCHOOLS if name != "thpt"]
    actions.move_many(by=SYSTEM, at=NOW, on=REFORM, moves=moves, decision=decision)
    for name in list(world.units):
        if name.startswith(("phong_gd_", "phong_noi_vu_", "phong_tckh_")):
            actions.close(by=SYSTEM, at=NOW, on=REFORM, unit=world.units[name], decision=decision)
    for name in ("huyen_thuong", "huyen_ha"):
        actions.close(by=SYSTEM, at=NOW, on=REFORM, unit=world.units[name], decision=decision)
    for name in ("binh_minh", "cao_son", "phuong_ha", "yen_lap"):
        found = actions.establish_offices(by=SYSTEM, at=NOW, on=REFORM, unit=world.units[name], decision=decision)
        world.units[f"vhxh_{name}"] = found["Phòng Văn hóa - Xã hội"]
        world.units[f"van_phong_{name}"] = found["Văn phòng HĐND và UBND"]
        world.units[f"kinh_te_{name}"] = found["Phòng Kinh tế"]
    party = Founding(
        "commune_party", "Đảng ủy xã Bình Minh", parents={PARTY: world["tinh_uy"], TERRITORY: world["binh_minh"]}
    )
    _found(world, REFORM, {"dang_uy": party})
    cell = Founding("party_cell", "Chi bộ Trường Mầm non Hoa Mai", parents={PARTY: world["dang_uy"]})
    _found(world, REFORM, {"chi_bo": cell})
