"""A province known by heart: two communes, an office, four schools, the department, and who works there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.test import Client

from giaoban.journal.actor import SYSTEM, Actor
from giaoban.orgs import actions as orgs
from giaoban.orgs.actions import Founding
from giaoban.orgs.models import MANAGEMENT, PARTY, PROFESSIONAL, TERRITORY
from giaoban.people import actions as people
from giaoban.people import guards
from giaoban.people import queries as people_queries
from giaoban.people.models import Account
from giaoban.people.roles import Role

START = date(2025, 7, 1)
TODAY = date(2026, 1, 12)  # a Monday


def at(day: date = TODAY, hour: int = 8) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@dataclass
class World:
    units: dict[str, int] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    def __getattr__(self, name: str) -> int | Actor:
        for kept in ("units", "actors"):
            found = self.__dict__.get(kept, {})
            if name in found:
                return found[name]
        raise AttributeError(name)


UNITS = [
    ("province", "province", "Tỉnh Thử Nghiệm", "UBND tỉnh Thử Nghiệm", {TERRITORY: "country", MANAGEMENT: "country"}),
    (
        "so",
        "education_department",
        "Sở Giáo dục và Đào tạo Thử Nghiệm",
        "",
        {MANAGEMENT: "province", TERRITORY: "province"},
    ),
    ("suoi", "commune", "Xã Suối Thử", "UBND xã Suối Thử", {TERRITORY: "province", MANAGEMENT: "province"}),
    ("doi", "commune", "Xã Đồi Thử", "UBND xã Đồi Thử", {TERRITORY: "province", MANAGEMENT: "province"}),
    (
        "vhxh",
        "culture_society_office",
        "Phòng Văn hóa - Xã hội xã Suối Thử",
        "",
        {TERRITORY: "suoi", MANAGEMENT: "suoi"},
    ),
    ("kinhte", "economy_office", "Phòng Kinh tế xã Suối Thử", "", {TERRITORY: "suoi", MANAGEMENT: "suoi"}),
    (
        "mam_non",
        "kindergarten",
        "Trường Mầm non Suối Thử",
        "",
        {TERRITORY: "suoi", MANAGEMENT: "suoi", PROFESSIONAL: "so"},
    ),
    (
        "tieu_hoc",
        "primary",
        "Trường Tiểu học Suối Thử",
        "",
        {TERRITORY: "suoi", MANAGEMENT: "suoi", PROFESSIONAL: "so"},
    ),
    (
        "thcs",
        "lower_secondary",
        "Trường THCS Suối Thử",
        "",
        {TERRITORY: "suoi", MANAGEMENT: "suoi", PROFESSIONAL: "so"},
    ),
    (
        "thcs_doi",
        "lower_secondary",
        "Trường THCS Đồi Thử",
        "",
        {TERRITORY: "doi", MANAGEMENT: "doi", PROFESSIONAL: "so"},
    ),
    ("dang_uy", "commune_party", "Đảng ủy xã Suối Thử", "", {TERRITORY: "suoi", PARTY: "country"}),
    ("chi_bo", "party_cell", "Chi bộ Trường THCS Suối Thử", "", {TERRITORY: "suoi", PARTY: "dang_uy"}),
]

PEOPLE = [
    ("chu_tich_tinh", "province", "Phạm Thị Tỉnh", "Chủ tịch UBND tỉnh", [Role.LEADER], MANAGEMENT),
    ("giam_doc", "so", "Lê Văn Sở", "Giám đốc Sở", [Role.LEADER], PROFESSIONAL),
    ("chuyen_vien_so", "so", "Đỗ Thị Chuyên", "Chuyên viên Sở", [Role.OFFICER], PROFESSIONAL),
    ("chu_tich", "suoi", "Nguyễn Văn Suối", "Chủ tịch UBND xã", [Role.LEADER], MANAGEMENT),
    ("chuyen_vien", "suoi", "Trần Thị Xã", "Chuyên viên Phòng Văn hóa - Xã hội", [Role.OFFICER], MANAGEMENT),
    ("van_thu", "suoi", "Hoàng Thị Thư", "Văn thư", [Role.CLERK], MANAGEMENT),
    ("van_thu_doi", "doi", "Lò Văn Đồi", "Văn thư", [Role.CLERK], MANAGEMENT),
    ("chu_tich_doi", "doi", "Giàng A Đồi", "Chủ tịch UBND xã", [Role.LEADER], MANAGEMENT),
    ("truong_phong", "vhxh", "Bùi Văn Hóa", "Trưởng phòng Văn hóa - Xã hội", [Role.OFFICER], MANAGEMENT),
    ("hieu_truong_mn", "mam_non", "Vũ Thị Mầm", "Hiệu trưởng", [Role.HEAD], MANAGEMENT),
    ("hieu_truong_th", "tieu_hoc", "Đặng Văn Tiểu", "Hiệu trưởng", [Role.HEAD], MANAGEMENT),
    ("hieu_truong", "thcs", "Lý Thị Trung", "Hiệu trưởng", [Role.HEAD], MANAGEMENT),
    ("hieu_truong_doi", "thcs_doi", "Sùng A Học", "Hiệu trưởng", [Role.HEAD], MANAGEMENT),
    ("giao_vien", "thcs", "Vàng Thị Nhập", "Giáo viên", [Role.TYPIST], MANAGEMENT),
]


def build() -> World:
    """Enacted through the verbs of orgs and people, as the system."""
    world = World()
    orgs.load_kinds(by=SYSTEM, at=at(START))
    ids = {"country": 1}
    for name, kind, title, body, parents in UNITS:
        founding = Founding(kind=kind, name=title, body_name=body, parents={h: ids[p] for h, p in parents.items()})
        ids[name] = orgs.establish_many(by=SYSTEM, at=at(START), on=START, foundings=[founding])[0].pk
    world.units = ids
    for name, unit, full_name, title, roles, hierarchy in PEOPLE:
        made_account = people.create_account(
            by=SYSTEM,
            at=at(START),
            unit=ids[unit],
            username=name.replace("_", "."),
            full_name=full_name,
            password="một câu đủ dài 2026",
            must_change_password=False,
        )
        position = people.create_position(
            by=SYSTEM, at=at(START), unit=ids[unit], title=title, leads=Role.LEADER in roles
        )
        for role in roles:
            people.grant(
                by=SYSTEM, at=at(START), position=position, role=role, unit=ids[unit], hierarchy=hierarchy, on=START
            )
        people.appoint(by=SYSTEM, at=at(START), position=position, account=made_account, on=START)
        world.actors[name] = people_queries.actor(made_account, position.pk, TODAY)
    return world


def client(actor: Actor) -> Client:
    """A browser signed in as somebody, acting in their seat."""
    browser = Client()
    browser.force_login(Account.objects.get(pk=actor.account_id), backend="django.contrib.auth.backends.ModelBackend")
    session = browser.session
    session[guards.SESSION_POSITION] = actor.position_id
    session.save()
    return browser
