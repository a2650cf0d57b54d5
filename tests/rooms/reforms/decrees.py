"""Decrees upon Tỉnh Mẫu, and the open work that they meet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from giaoban.indicators import actions as indicators
from giaoban.indicators.actions import LineSpec, StepSpec
from giaoban.journal.actor import SYSTEM
from giaoban.orgs import decree
from giaoban.orgs.decree import Become, Establish, Step
from giaoban.orgs.models import MANAGEMENT, TERRITORY
from giaoban.people import actions as people
from giaoban.people.roles import Role
from giaoban.reforms import actions
from giaoban.reforms.actions import Heading
from giaoban.reforms.models import Reform
from giaoban.work import actions as work
from giaoban.work.actions import NewTask
from tests.rooms.people.office import Office, seat_somebody
from tests.world import NOW, REFORM, TODAY

ON = date(2026, 1, 20)  # the reforms of these tests take effect shortly before TODAY
BEFORE = datetime(2026, 1, 5, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
PERIOD = "2025-2026.HK1"


def furnish(office: Office) -> None:
    """Open work at units of the province: a round over the schools, tasks, a meeting, a document on its way."""
    world = office.world
    for name, unit, title, leads, roles in (
        ("ht.thcs", "thcs", "Hiệu trưởng", True, [Role.HEAD, Role.TYPIST]),
        ("ht.bantru", "ban_tru", "Hiệu trưởng", True, [Role.HEAD, Role.TYPIST]),
    ):
        seat_somebody(office, name, f"Người {name}", world[unit], title, leads)
        for role in roles:
            people.grant(by=SYSTEM, at=NOW, on=REFORM, position=office.seat[name], role=role)
    system = {"by": SYSTEM, "at": BEFORE}
    indicators.define_element(**system, code="hoc_sinh", name="Học sinh", unit="học sinh", stock=True)
    indicators.publish_sheet(
        **system,
        code="hoc_ky",
        name="Báo cáo học kỳ",
        kinds=["preschool", "primary", "lower_secondary", "semi_boarding_primary_lower_secondary"],
        lines=[LineSpec(cell="hoc_sinh")],
    )
    open_round(office, "2025-2026.DN", BEFORE.date())
    new = NewTask(text="Rà soát trường lớp", due="trước ngày 15/3/2026", lead_id=world["binh_minh"])
    work.assign(by=SYSTEM, at=BEFORE, unit_id=world["province"], task=new)
    partner = NewTask(
        text="Mua sách", due="trước ngày 15/4/2026", lead_id=world["yen_lap"], partner_ids=(world["cao_son"],)
    )
    work.assign(by=SYSTEM, at=BEFORE, unit_id=world["province"], task=partner)
    common = {
        "by": SYSTEM,
        "at": BEFORE,
        "kind": "giao_ban",
        "starts_at": NOW.replace(month=3),
        "chair_name": "Chủ trì",
    }
    work.plan_and_invite(
        **common, unit_id=world["binh_minh"], title="Giao ban xã", unit_ids=[world["tieu_hoc"], world["cao_son"]]
    )


def open_round(office: Office, period: str, on: date, due: date = date(2026, 3, 6)) -> None:
    indicators.open_round(
        by=SYSTEM,
        at=datetime(on.year, on.month, on.day, 9, 0, tzinfo=BEFORE.tzinfo),
        on=on,
        sheet="hoc_ky",
        period_code=period,
        opener_id=office.world["province"],
        hierarchy=TERRITORY,
        due_on=due,
        steps=[StepSpec(name="Xã kiểm tra", where="management", due_on=due + timedelta(days=7))],
    )


def merger(office: Office, *names: str, called: str, kind: str = "commune") -> list[Step]:
    """Several units become one, which stands where the first stood."""
    world = office.world
    from giaoban.orgs import queries as orgs

    above = {
        hierarchy: parent
        for hierarchy in (TERRITORY, MANAGEMENT)
        if (parent := orgs.parent(world[names[0]], hierarchy, ON)) is not None
    }
    body = f"UBND {called[0].lower()}{called[1:]}" if kind == "commune" else ""
    return [
        Establish(key=called, kind=kind, name=called, body_name=body, parents=above),
        *(Become(unit=world[name], successor=called) for name in names),
    ]


def division(office: Office, name: str, *parts: str, kind: str = "commune") -> list[Step]:
    """One unit becomes several, in equal shares, of which nobody said to which what stood below goes."""
    world = office.world
    from giaoban.orgs import queries as orgs

    above = {
        hierarchy: parent
        for hierarchy in (TERRITORY, MANAGEMENT)
        if (parent := orgs.parent(world[name], hierarchy, ON)) is not None
    }
    share = Fraction(1, len(parts))
    return [
        *(Establish(key=part, kind=kind, name=part, parents=above) for part in parts),
        *(Become(unit=world[name], successor=part, share=share, basis="equal") for part in parts),
    ]


def draft(office: Office, steps: Sequence[Step], on: date = ON, by: str = "quantri") -> Reform:
    part = {"act": "quyet-dinh", "data": {"file": "quyet-dinh.csv"}, "steps": decree.to_json(steps)}
    heading = Heading(on=on, title="Sắp xếp", number="12/NQ-HĐND", decided_on=date(2026, 1, 10), issuer="HĐND tỉnh")
    return actions.draft(by=office.actor(by), at=NOW, heading=heading, parts=[part])


def applied(office: Office, steps: Sequence[Step], on: date = ON, by: str = "quantri") -> Reform:
    return actions.apply(by=office.actor(by), at=NOW, reform=draft(office, steps, on, by))


__all__ = ["BEFORE", "ON", "PERIOD", "TODAY", "applied", "division", "draft", "furnish", "merger", "open_round"]
