"""Who works in Tỉnh Mẫu, for the tests of people, notices and journal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.test import Client

from giaoban.journal.actor import SYSTEM, Actor
from giaoban.orgs.models import MANAGEMENT, PROFESSIONAL
from giaoban.people import actions, guards, queries
from giaoban.people.models import Account, Position
from giaoban.people.roles import Role
from tests.world import NOW, REFORM, TODAY, World

PASSWORD = "Con đường làng 2026"

SEATS = {  # user name → name, unit, title, leads, roles (role, over, hierarchy)
    "quantri": ("Đỗ Quản Trị", "province", "Quản trị tỉnh", False, [("administrator", "province", MANAGEMENT)]),
    "quantri.xa": ("Lò Thị Quản", "binh_minh", "Quản trị xã", False, [("administrator", "binh_minh", MANAGEMENT)]),
    "ct.binhminh": (
        "Giàng Seo Phử",
        "binh_minh",
        "Chủ tịch UBND xã",
        True,
        [("leader", "binh_minh", MANAGEMENT), ("approver", "binh_minh", MANAGEMENT)],
    ),
    "cv.binhminh": (
        "Nguyễn Thị Hoa",
        "vhxh_binh_minh",
        "Chuyên viên",
        False,
        [("officer", "binh_minh", MANAGEMENT), ("checker", "binh_minh", MANAGEMENT)],
    ),
    "ht.tieuhoc": ("Vàng A Páo", "tieu_hoc", "Hiệu trưởng", True, [("head", "tieu_hoc", MANAGEMENT)]),
    "pht.tieuhoc": ("Lý Thị Mai", "tieu_hoc", "Phó Hiệu trưởng", False, [("typist", "tieu_hoc", MANAGEMENT)]),
    "cv.so": ("Trần Văn Sở", "phong_pho_thong", "Chuyên viên Sở", False, [("officer", "so", PROFESSIONAL)]),
    "ct.caoson": ("Hoàng Văn Cao", "cao_son", "Chủ tịch UBND xã", True, [("leader", "cao_son", MANAGEMENT)]),
}


@dataclass
class Office:
    """`office.account["ht.tieuhoc"]`, `office.seat[…]`, `office.actor("ht.tieuhoc")`."""

    world: World
    account: dict[str, Account] = field(default_factory=dict)
    seat: dict[str, Position] = field(default_factory=dict)

    def actor(self, name: str, on: date = TODAY) -> Actor:
        return queries.actor(self.account[name], self.seat[name].pk, on)

    def unit(self, name: str) -> int:
        return self.world[name]

    def client(self, name: str) -> Client:
        """A browser signed in as somebody, acting in their seat."""
        client = Client()
        client.force_login(self.account[name], backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session[guards.SESSION_POSITION] = self.seat[name].pk
        session.save()
        return client


def people_the_office(world: World) -> Office:
    office = Office(world)
    for username, (full_name, unit, title, leads, roles) in SEATS.items():
        seat_somebody(office, username, full_name, world[unit], title, leads)
        for role, over, hierarchy in roles:
            actions.grant(
                by=SYSTEM,
                at=NOW,
                on=REFORM,
                position=office.seat[username],
                role=Role(role),
                unit=world[over],
                hierarchy=hierarchy,
            )
    return office


def seat_somebody(
    office: Office, username: str, full_name: str, unit: int, title: str = "Chuyên viên", leads: bool = False
) -> None:
    account = actions.create_account(by=SYSTEM, at=NOW, unit=unit, username=username, full_name=full_name)
    Account.objects.filter(pk=account.pk).update(must_change_password=False)
    account.refresh_from_db()
    office.account[username] = account
    office.seat[username] = actions.create_position(by=SYSTEM, at=NOW, unit=unit, title=title, leads=leads)
    actions.appoint(by=SYSTEM, at=NOW, on=REFORM, position=office.seat[username], account=account)
