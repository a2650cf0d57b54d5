"""Tỉnh Mẫu at work: its people, the shipped catalogue, and figures put straight into the ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from giaoban.indicators import actions as indicators
from giaoban.indicators import loading
from giaoban.indicators.models import Cell, Effect
from giaoban.journal.actor import SYSTEM, Actor
from giaoban.orgs.models import MANAGEMENT
from giaoban.people import actions as people
from giaoban.people import queries as people_queries
from giaoban.people.models import Account
from giaoban.people.roles import Role
from giaoban.work import actions as work
from giaoban.work.actions import NewTask
from giaoban.work.models import Meeting
from tests.world import NOW, REFORM, TODAY, World

HK1 = "2025-2026.HK1"
LAST_YEAR = "2024-2025.HK1"
SEATS = {  # actor → unit, title, leads, roles
    "chu_tich": ("binh_minh", "Chủ tịch UBND xã", True, [Role.LEADER]),
    "chuyen_vien": ("vhxh_binh_minh", "Chuyên viên", False, []),
    "chanh_van_phong": ("van_phong_binh_minh", "Chánh Văn phòng", True, []),
    "giam_doc": ("so", "Giám đốc", True, [Role.LEADER]),
    "hieu_truong": ("tieu_hoc", "Hiệu trưởng", True, [Role.HEAD]),
    "doc": ("binh_minh", "Người xem", False, [Role.VIEWER]),
    "xa_khac": ("cao_son", "Chủ tịch UBND xã", True, [Role.LEADER]),
}
NAMES = {
    "chu_tich": "Lê Thị Bình",
    "chuyen_vien": "Trần Văn Viên",
    "chanh_van_phong": "Đỗ Văn Phòng",
    "giam_doc": "Phạm Thị Đốc",
    "hieu_truong": "Vũ Thị Trường",
    "doc": "Ngô Văn Xem",
    "xa_khac": "Giàng A Sơn",
}


@dataclass
class Desk:
    world: World
    actors: dict[str, Actor] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)

    def unit(self, name: str) -> int:
        return self.world[name]

    def put(self, unit: str, figures: dict[str, int], period: str = HK1) -> None:
        """Figures that count, as if a round had been accepted."""
        cells = dict(Cell.objects.filter(key__in=figures).values_list("key", "pk"))
        Effect.objects.bulk_create(
            Effect(
                series_id="report",
                unit_id=self.unit(unit),
                period_code=period,
                cell_id=cells[key],
                value_delta=value,
                present_delta=1,
                at=NOW,
            )
            for key, value in figures.items()
        )

    def plan(self, unit: str, indicator: str, value: Fraction | int, period: str = HK1) -> None:
        indicators.set_target(
            by=SYSTEM, at=NOW, indicator=indicator, unit_id=self.unit(unit), period_code=period, value=value
        )

    def briefing(self) -> Meeting:
        """A briefing of the commune with two conclusions, held and not yet announced."""
        by, day = self.actors["chu_tich"], moment(date(2026, 1, 22), 8)
        officer = self.actors["chuyen_vien"]
        meeting = work.plan_meeting(
            by=officer,
            at=moment(date(2026, 1, 15), 8),
            unit_id=self.unit("binh_minh"),
            kind="giao_ban",
            title="Hội nghị giao ban công tác giáo dục học kỳ I",
            starts_at=day,
            chair_name="Lê Thị Bình",
            chair_title="Chủ tịch UBND xã",
            place="Hội trường UBND xã",
            period_code=HK1,
        )
        work.invite(by=officer, at=day, meeting=meeting, unit_ids=[self.unit("tieu_hoc"), self.unit("mam_non")])
        meeting.refresh_from_db()
        work.open_meeting(by=officer, at=day, meeting=meeting)
        for row in meeting.invitations.all():
            work.take_attendance(by=officer, at=day, invitation=row, attendance="PRESENT")
        work.add_contribution(
            by=officer,
            at=day,
            meeting=meeting,
            text="Sĩ số được duy trì",
            kind="OPINION",
            unit_id=self.unit("tieu_hoc"),
        )
        work.add_contribution(
            by=officer, at=day, meeting=meeting, text="Thiếu giáo viên tiếng Anh", kind="DIFFICULTY",
            unit_id=self.unit("tieu_hoc"),
        )  # fmt: skip
        partners = (self.unit("kinh_te_binh_minh"),)
        work.conclude(
            by=by, at=day, meeting=meeting, heading="Phòng Văn hóa - Xã hội",
            text="Rà soát cơ sở vật chất các trường trước khi vào học kỳ II",
            tasks=[NewTask(text="Rà soát cơ sở vật chất các trường", due="trước ngày 15/3/2026", partner_ids=partners,
                           lead_id=self.unit("vhxh_binh_minh"), deliverable="báo cáo rà soát")],
        )  # fmt: skip
        work.conclude(
            by=by, at=day, meeting=meeting, heading="Các trường học", text="Tăng cường duy trì chuyên cần",
            tasks=[NewTask(text="Duy trì tỷ lệ chuyên cần", due="thường xuyên", lead_id=self.unit("tieu_hoc"))],
        )  # fmt: skip
        meeting.refresh_from_db()
        return work.close_meeting(by=officer, at=moment(date(2026, 1, 22), 11), meeting=meeting)


def moment(day: date, hour: int) -> datetime:
    return NOW.replace(year=day.year, month=day.month, day=day.day, hour=hour)


def build(world: World) -> Desk:
    desk = Desk(world)
    loading.load_catalogue(by=SYSTEM, at=NOW)
    start = moment(REFORM, 8)
    for name, (unit, title, leads, roles) in SEATS.items():
        account = people.create_account(
            by=SYSTEM, at=start, unit=world[unit], username=name.replace("_", "."), full_name=NAMES[name],
            password="một câu đủ dài 2026", must_change_password=False,
        )  # fmt: skip
        position = people.create_position(by=SYSTEM, at=start, unit=world[unit], title=title, leads=leads)
        for role in roles:
            people.grant(by=SYSTEM, at=start, position=position, role=role, hierarchy=MANAGEMENT)
        if name == "chuyen_vien":
            area = world["binh_minh"]
            people.grant(by=SYSTEM, at=start, position=position, role=Role.OFFICER, unit=area, hierarchy=MANAGEMENT)
        people.appoint(by=SYSTEM, at=start, position=position, account=account)
        desk.accounts[name] = account
        desk.actors[name] = people_queries.actor(account, position.pk, TODAY)
    return desk
