"""Connections with other systems when their unit ends: on to the heir, or paused until a person decides."""

from __future__ import annotations

from datetime import timedelta

import pytest

from giaoban.notices.models import Hook
from giaoban.orgs import queries as orgs
from giaoban.reforms import actions
from tests.rooms.people.office import Office
from tests.rooms.reforms.decrees import applied, division, merger
from tests.world import NOW, TODAY


@pytest.fixture
def hook(office: Office) -> Hook:
    return Hook.objects.create(
        unit_id=office.unit("binh_minh"), name="Điều hành", address="https://x.example/", events=["task.assigned"],
        salt="muối", cursor=0, made_at=NOW, made_by="Quản trị xã",
    )  # fmt: skip


def test_it_goes_to_the_unit_its_unit_became_and_back(office: Office, hook: Hook) -> None:
    reform = applied(office, merger(office, "binh_minh", "cao_son", called="Xã Minh Sơn"))
    hook.refresh_from_db()
    assert orgs.name(hook.unit_id, TODAY) == "Xã Minh Sơn" and hook.paused_at is None
    actions.undo(by=office.actor("quantri"), at=NOW + timedelta(hours=1), reform=reform, why="Nhầm")
    hook.refresh_from_db()
    assert hook.unit_id == office.unit("binh_minh")


def test_of_a_divided_unit_it_pauses(office: Office, hook: Hook) -> None:
    reform = applied(office, division(office, "binh_minh", "Xã Đông", "Xã Tây"))
    hook.refresh_from_db()
    assert hook.unit_id == office.unit("binh_minh") and hook.paused_at is not None and hook.pause_reason
    actions.undo(by=office.actor("quantri"), at=NOW + timedelta(hours=1), reform=reform, why="Nhầm")
    hook.refresh_from_db()
    assert hook.paused_at is None and hook.pause_reason == ""
