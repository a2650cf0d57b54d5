"""Home: what is due from me, what is late under me, what changed."""

from datetime import date

import pytest

from giaoban.desk import context, home
from giaoban.work import actions as work
from giaoban.work.actions import NewTask
from tests.rooms.desk.conftest import TODAY
from tests.rooms.indicators.place import CHECK, DUE, at
from tests.rooms.ui.markup import check


def test_a_school_sees_its_own_report_and_nothing_of_others(place, browser) -> None:
    place.open()
    found = home.of(place.actors["na_hoi_head"], DUE)
    assert [(one.what, state) for one, state in found.due] == [("Báo cáo", "due_soon")]
    assert not found.looks_down
    html = browser("na_hoi_head").get("/").content.decode()
    check(html)
    assert "Báo cáo học kỳ, Học kỳ I năm học 2025-2026" in html
    assert "Quá hạn ở các đơn vị" not in html


def test_past_its_day_the_report_is_late(place) -> None:
    place.open()
    (one, state), *_rest = home.of(place.actors["na_hoi_head"], TODAY).due
    assert (one.due_on, state) == (DUE, "late")


def test_what_was_handed_in_is_no_longer_due_from_the_school_but_from_the_officer(place) -> None:
    round = place.open()
    place.hand_in(round, "na_hoi")
    assert home.of(place.actors["na_hoi_head"], DUE).due == []
    (one, _state), *rest = home.of(place.actors["officer"], DUE).due
    assert (one.what, one.note, rest) == ("Cần duyệt", "1 báo cáo chờ bước của bạn", [])


def test_the_officer_sees_who_is_late_the_longest_wait_first(place, browser) -> None:
    round = place.open()
    place.hand_in(round, "na_hoi")
    work.assign(
        by=place.actors["leader"],
        at=at(date(2025, 12, 1)),
        unit_id=place.unit("bac_ha"),
        task=NewTask(text="Rà soát cơ sở vật chất", due="15/12/2025", lead_id=place.unit("ban_pho")),
    )
    found = home.of(place.actors["officer"], TODAY)
    assert [(one.unit, one.days) for one in found.late] == [
        ("Trường Tiểu học Bản Phố", 45),
        ("Trường THCS Thải Giàng", 10),
        ("Trường Tiểu học Bản Phố", 10),
    ]
    (running,) = found.rounds
    assert (running.submitted, running.expected, running.late) == (1, 3, 2)
    html = browser("officer").get("/").content.decode()
    check(html)
    assert "Rà soát cơ sở vật chất" in html


def test_another_commune_sees_nothing_of_it(place) -> None:
    place.open()
    found = home.of(place.actors["sin_chai_officer"], TODAY)
    assert (found.due, found.late, found.rounds) == ([], [], [])


def test_a_task_is_due_from_its_lead_and_waits_for_its_assigner_when_proposed(place) -> None:
    task = work.assign(
        by=place.actors["leader"],
        at=at(CHECK),
        unit_id=place.unit("bac_ha"),
        task=NewTask(text="Báo cáo học sinh bỏ học", due="05/02/2026", lead_id=place.unit("na_hoi")),
    )
    assert [one.title for one, _state in home.of(place.actors["na_hoi_head"], TODAY).due] == [task.title]
    work.propose_done(by=place.actors["na_hoi_head"], at=at(TODAY), task=task, text="Đã báo cáo")
    assert home.of(place.actors["na_hoi_head"], TODAY).due == []
    (one, state), *rest = home.of(place.actors["leader"], TODAY).due
    assert (one.title, state, rest) == (task.title, "proposed", [])


def test_every_position_gets_its_home_and_only_its_rooms(place, browser) -> None:
    place.open()
    for name in ("leader", "officer", "na_hoi_head", "na_hoi_typist", "viewer", "admin", "so_officer"):
        response = browser(name).get("/")
        assert response.status_code == 200, name
        check(response.content.decode())
    rooms = {name: {one.href for one in context.rooms(place.actors[name], TODAY, "/")} for name in ("viewer", "admin")}
    assert "/nguoi-dung/" in rooms["admin"] and "/tong-quan/" not in rooms["admin"]
    assert "/tong-quan/" in rooms["viewer"] and "/doc/" not in rooms["viewer"]


def test_who_is_not_signed_in_is_asked_to(client, db) -> None:
    assert client.get("/").headers["Location"].startswith("/vao/")


@pytest.mark.parametrize("path", ["/khen-thuong/", "/kien-nghi/", "/hop/3/bien-ban/"])
def test_pages_under_other_addresses_belong_to_their_room(place, path) -> None:
    assert [one.href for one in context.rooms(place.actors["officer"], TODAY, path) if one.current] == ["/hop/"]
