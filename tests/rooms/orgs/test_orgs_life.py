"""The page of a unit: its life with decisions and links, what it is recognised as, the groups it belongs to."""

from __future__ import annotations

import re
from datetime import date

from django.test import Client

from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions, pages
from giaoban.orgs.models import TERRITORY
from tests.rooms.ui.markup import check
from tests.world import NOW, REFORM, TODAY


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_latest_comes_first_and_says_what_it_was_made_of(world):
    page = pages.unit_page(world["cao_son"], TERRITORY, TODAY, TODAY)
    (founded,) = page.events
    assert (founded.day, founded.decision) == (REFORM, world.decision)
    assert [(one.name, one.share, one.estimated) for one in founded.came_from] == [
        ("Xã Cao Sơn", "1/2", True),
        ("Xã Đồng Tâm", "", False),
    ]
    old = pages.unit_page(world["cao_son_cu"], TERRITORY, REFORM, TODAY)
    assert [one.name for one in old.events[0].became] == ["Xã Bình Minh", "Xã Cao Sơn"]
    assert old.events[0].icon == "circle-x"
    assert [one.day for one in old.events] == sorted([one.day for one in old.events], reverse=True)


def test_a_planned_change_is_marked_and_its_day_is_a_link(signed_in: Client, world):
    later = date(2099, 9, 1)
    actions.rename(by=SYSTEM, at=NOW, on=later, unit=world.mam_non, name="Trường Mầm non Hoa Đào")
    answer = signed_in.get(f"/don-vi/{world['mam_non']}-truong-mam-non-hoa-mai/?ngay=2026-01-29")
    assert "01/09/2099 Dự kiến" in text_of(answer)
    assert "ngay=2099-09-01" in answer.content.decode()
    planned, *others = pages.unit_page(world["mam_non"], TERRITORY, TODAY, TODAY).events
    assert planned.planned and not any(one.planned for one in others)


def test_what_a_unit_is_recognised_as_with_where_it_comes_from(signed_in: Client, world):
    mark = {"by": SYSTEM, "at": NOW, "attribute": "zone", "decision": world.decision}
    actions.mark(**mark, on=REFORM, unit=world.binh_minh, value="III")
    actions.mark(**mark, on=TODAY, unit=world.binh_minh, value="II")
    page = pages.unit_page(world["binh_minh"], TERRITORY, TODAY, TODAY)
    assert [(one.value, one.of) for one in page.marks] == [("Khu vực II", "")]
    school = pages.unit_page(world["mam_non"], TERRITORY, TODAY, TODAY)
    assert [(one.value, one.of) for one in school.marks] == [("Khu vực II", "Xã Bình Minh")]
    shown = text_of(signed_in.get(f"/don-vi/{world['binh_minh']}-xa-binh-minh/?ngay=2026-01-29"))
    assert "Khu vực III" in shown, "the timeline remembers what it was before"
    assert "Khu vực II" in text_of(signed_in.get(f"/don-vi/{world['mam_non']}-truong-mam-non-hoa-mai/?ngay=2026-01-29"))


def test_groups_are_told_apart_from_places(signed_in: Client, world):
    hierarchy = actions.name_hierarchy(by=SYSTEM, at=NOW, code="CLUSTER", name="Cụm chuyên môn")
    group = actions.establish(by=SYSTEM, at=NOW, on=REFORM, kind="cluster", name="Cụm trường số 1")
    for name in ("mam_non", "tieu_hoc"):
        actions.move(by=SYSTEM, at=NOW, on=REFORM, unit=world.units[name], hierarchy=hierarchy.pk, parent=group.pk)
    page = pages.unit_page(world["mam_non"], TERRITORY, TODAY, TODAY)
    assert [(place.name, place.steps[-1][0]) for place in page.memberships] == [("Cụm chuyên môn", "Cụm trường số 1")]
    assert "CLUSTER" not in [place.hierarchy for place in page.standings]
    members = pages.unit_page(group.pk, "CLUSTER", TODAY, TODAY)
    assert sorted(node.name for found in members.groups for node in found.nodes) == [
        "Trường Mầm non Hoa Mai",
        "Trường Tiểu học Ánh Dương",
    ]
    shown = signed_in.get(f"/don-vi/{world['mam_non']}-truong-mam-non-hoa-mai/?ngay=2026-01-29")
    check(shown.content.decode())
    assert "Thuộc các nhóm" in text_of(shown)


def test_figures_are_fetched_with_a_plain_link_behind(signed_in: Client, world):
    page = signed_in.get(f"/don-vi/{world['binh_minh']}-xa-binh-minh/?ngay=2026-01-29").content.decode()
    assert f'hx-get="/so-lieu-don-vi/{world["binh_minh"]}/?phan=1"' in page
    assert f'<a href="/so-lieu-don-vi/{world["binh_minh"]}/">' in page
