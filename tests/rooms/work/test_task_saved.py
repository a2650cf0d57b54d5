"""Saved views: filters kept under a name, shared with one's unit, begun with; never an address as it came."""

from __future__ import annotations

import pytest
from django.urls import reverse

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions as orgs
from giaoban.orgs.models import MANAGEMENT, PROFESSIONAL, TERRITORY, Change, Unit
from giaoban.people import actions as people
from giaoban.people.models import Holding
from giaoban.work import refusals, refusals_boards
from giaoban.work.actions import following, saved
from giaoban.work.models import FirstView, SavedView
from giaoban.work.queries import saved as queries
from giaoban.work.views.lists.asked import address_of
from tests.rooms.work.world import TODAY, World, at, client

pytestmark = pytest.mark.usefixtures("today")


def keep(world: World, **more: object) -> SavedView:
    given = {"by": world.chu_tich, "name": "Quá hạn của các trường", "page": "TABLE", "asked": {"xem": "giao"}, **more}
    return saved.keep_view(at=at(), **given)  # type: ignore[arg-type]


def test_filters_are_kept_as_they_were_checked(world: World) -> None:
    """What is no filter, or no value of it, is not kept and comes into no address."""
    page = client(world.chu_tich)
    asked = "?trang_xem=HEAT&xem=giao&trang_thai=OPEN_OVERDUE&don_vi=x&quan_he=ASSIGN&next=//xau.vn&q=bỏ%20học"
    response = page.post(reverse("work:views") + asked, {"name": "Quá hạn", "shared": "on", "first": "on"})
    made = SavedView.objects.get()
    assert made.asked == {"xem": "giao", "q": "bỏ học", "trang_thai": "OPEN_OVERDUE", "quan_he": "ASSIGN"}
    assert (made.page, made.shared, made.account_id, made.unit_id) == (
        "HEAT",
        True,
        world.chu_tich.account_id,
        world.suoi,
    )
    assert response["Location"] == address_of(made)
    assert address_of(made).startswith("/viec/theo-thang/?xem=giao&q=")
    SavedView.objects.update(asked={"xem": "//xau", "trang_thai": "<b>", "la": "x"})
    assert address_of(SavedView.objects.get()) == "/viec/theo-thang/?xem=tat-ca"


def test_the_tasks_open_with_the_view_chosen(world: World) -> None:
    page = client(world.chu_tich)
    made = keep(world, page="BOARD")
    assert page.get(reverse("work:tasks")).status_code == 200
    page.post(reverse("work:view-first", args=[made.pk]))
    assert page.get(reverse("work:tasks"))["Location"] == "/viec/bang/?xem=giao"
    assert page.get(reverse("work:tasks"), {"xem": "tat-ca"}).status_code == 200
    page.post(reverse("work:view-first", args=[made.pk]))
    assert page.get(reverse("work:tasks")).status_code == 200
    assert not FirstView.objects.exists()


def test_a_view_is_ones_own_until_it_is_shared_with_the_unit(world: World) -> None:
    made = keep(world)
    assert list(queries.views_of(world.chuyen_vien)) == []
    assert client(world.chuyen_vien).get(reverse("work:view", args=[made.pk])).status_code == 404
    saved.share_view(by=world.chu_tich, at=at(), view=made, shared=True)
    assert list(queries.views_of(world.chuyen_vien)) == [made]
    assert list(queries.views_of(world.hieu_truong)) == [] == list(queries.views_of(world.chu_tich_doi))
    assert client(world.chuyen_vien).get(reverse("work:view", args=[made.pk]))["Location"] == address_of(made)


def test_only_its_owner_shares_or_drops_it(world: World) -> None:
    made = keep(world, shared=True)
    for verb in (lambda: saved.share_view(by=world.chuyen_vien, at=at(), view=made, shared=False),
                 lambda: saved.drop_view(by=world.chuyen_vien, at=at(), view=made)):  # fmt: skip
        with pytest.raises(NotAllowed):
            verb()
    saved.begin_with(by=world.chuyen_vien, at=at(), view=made)
    with pytest.raises(NotAllowed):
        saved.begin_with(by=world.hieu_truong, at=at(), view=made)
    saved.drop_view(by=world.chu_tich, at=at(), view=made)
    assert queries.first_of(world.chuyen_vien) is None


def test_who_began_with_a_view_that_is_shared_no_more_begins_as_before(world: World) -> None:
    made = keep(world, shared=True)
    for actor in (world.chu_tich, world.chuyen_vien):
        saved.begin_with(by=actor, at=at(), view=made)
    saved.share_view(by=world.chu_tich, at=at(), view=made, shared=False)
    assert (queries.first_of(world.chu_tich), queries.first_of(world.chuyen_vien)) == (made, None)


def test_a_name_is_needed_and_taken_once(world: World) -> None:
    keep(world)
    with pytest.raises(refusals_boards.NameTaken):
        keep(world)
    with pytest.raises(refusals.Required):
        keep(world, name="  ")
    assert keep(world, by=world.chuyen_vien).name == "Quá hạn của các trường"


def test_who_no_longer_sits_keeps_nothing(world: World) -> None:
    seat = Holding.objects.get(position_id=world.chu_tich.position_id)
    people.dismiss(by=SYSTEM, at=at(), holding=seat, on=TODAY)
    with pytest.raises(NotAllowed):
        keep(world)


def test_views_go_on_in_the_unit_that_theirs_became(world: World) -> None:
    """Two schools merge; the head's view stands in the new one, and back when the merger is undone."""
    made = keep(world, by=world.hieu_truong, shared=True)
    saved.begin_with(by=world.hieu_truong, at=at(), view=made)
    seat = people.create_position(by=SYSTEM, at=at(), unit=world.tieu_hoc, title="Hiệu trưởng mới").pk
    old = world.hieu_truong.position_id
    heir = orgs.merge(
        by=SYSTEM,
        at=at(),
        on=TODAY,
        predecessors=list(Unit.objects.filter(pk__in=[world.thcs, world.mam_non])),
        kind="lower_secondary",
        name="Trường Liên cấp Suối Thử",
        parents={TERRITORY: world.suoi, MANAGEMENT: world.suoi, PROFESSIONAL: world.so},
    )
    change = Change.objects.latest("pk")
    followed = following.follow(by=SYSTEM, at=at(), change=change, seats={old: seat})
    assert SavedView.objects.get().unit_id == heir.pk
    assert FirstView.objects.get().position_id == seat
    Change.objects.filter(pk=change.pk).update(undone_at=at(), undone_why="Nhầm")
    following.take_back(by=SYSTEM, at=at(), change=change, records=[followed.record])
    assert SavedView.objects.get().unit_id == world.thcs
    assert FirstView.objects.get().position_id == old
