"""In whose name an office speaks first, and a week that fits one page."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from giaoban.journal.actor import SYSTEM
from giaoban.people import actions as people
from giaoban.people import queries as people_queries
from giaoban.people.models import Account, Position
from giaoban.people.roles import Role
from giaoban.work.actions import week
from giaoban.work.queries.speaking import home_first
from tests.rooms.work.world import TODAY, World, at, client

pytestmark = pytest.mark.django_db


def test_an_office_of_a_commune_speaks_for_it_and_a_department_for_itself(world: World) -> None:
    assert home_first(world.truong_phong, [world.vhxh, world.suoi], TODAY) == [world.suoi, world.vhxh]
    assert home_first(world.chuyen_vien_so, [world.province, world.so], TODAY) == [world.so, world.province]
    assert home_first(world.hieu_truong, [world.thcs], TODAY) == [world.thcs]
    assert home_first(world.chuyen_vien_so, [world.province], TODAY) == [world.province], "nothing is added"


def test_the_week_of_a_department_opens_first_though_the_province_may_be_seen(world: World, today: None) -> None:
    seat = Position.objects.get(pk=world.chuyen_vien_so.position_id)
    people.grant(
        by=SYSTEM, at=at(), position=seat, role=Role.OFFICER, unit=world.province, hierarchy="MANAGEMENT", on=TODAY
    )
    account = Account.objects.get(pk=world.chuyen_vien_so.account_id)
    actor = people_queries.actor(account, seat.pk, TODAY)
    assert people_queries.acts_for(actor, "week.view", TODAY)[0] == world.province
    page = client(actor).get("/lich-tuan/").content.decode()
    assert "<p>Sở Giáo dục và Đào tạo Thử Nghiệm" in page


def test_a_full_week_is_printed_closer_so_that_it_fits_one_page(world: World, today: None) -> None:
    browser, sheet = client(world.chuyen_vien), "/lich-tuan/in/?tuan=2026-01-12"
    _enter(world, 3, 1)
    assert 'class="weeksheet "' in browser.get(sheet).content.decode()
    _enter(world, 22, 4)
    close = browser.get(sheet).content.decode()
    assert 'class="weeksheet clos' in close
    _enter(world, 40, 9)
    assert 'class="weeksheet closest"' in browser.get(sheet).content.decode()


def _enter(world: World, count: int, first: int) -> None:
    for number in range(count):
        begins = at(date(2026, 1, 12) + timedelta(number % 6), first) + timedelta(minutes=number)
        week.enter(
            by=world.chuyen_vien,
            at=at(),
            unit_id=world.suoi,
            starts_at=begins,
            ends_at=begins + timedelta(minutes=30),
            subject=f"Kiểm tra công tác chuẩn bị học kỳ II tại các trường trên địa bàn xã, đợt {number}",
            preparing="Phòng Văn hóa - Xã hội",
        )
