"""Several sites at once: who belongs where, looked over before the start, check-in and a of b at each and in all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actor import SYSTEM
from giaoban.notices.models import Message
from giaoban.orgs import actions as orgs
from giaoban.orgs.models import MANAGEMENT, PROFESSIONAL, TERRITORY, Change, Unit
from giaoban.work import actions, refusals, refusals_conference
from giaoban.work.actions import following, papers, sites
from giaoban.work.actions.checkin import Arrival, check_in, check_in_self
from giaoban.work.models import CheckIn, Invitation, Meeting, Site, SiteCheck
from giaoban.work.queries import checkin as checkin_queries
from giaoban.work.queries import sites as queries
from tests.rooms.work.world import TODAY, World, at, client

pytestmark = pytest.mark.usefixtures("today")
DAY = TODAY + timedelta(7)


def by(world: World) -> dict[str, Any]:
    return {"by": world.giam_doc, "at": at()}


def planned(world: World) -> tuple[Meeting, Site, Site]:
    """Sở holds it at its own house and at xã Đồi; schools of both communes are invited."""
    meeting = actions.plan_and_invite(
        **by(world),
        unit_id=world.so,
        kind="trien_khai",
        title="Triển khai nhiệm vụ học kỳ II",
        starts_at=at(DAY, 8),
        ends_at=at(DAY, 11),
        chair_name="Lê Văn Sở",
        unit_ids=[world.thcs, world.tieu_hoc, world.thcs_doi],
    )
    main = sites.add_site(**by(world), meeting=meeting, name="Sở", place="Hội trường Sở")
    doi = sites.add_site(
        **by(world), meeting=meeting, name="Xã Đồi Thử", unit_id=world.doi, person="Lò Văn Đồi",
        link="https://hop.example.vn/doi",
    )  # fmt: skip
    sites.assign_nearest(**by(world), meeting=meeting)
    actions.send_invitations(**by(world), meeting=meeting)
    meeting.refresh_from_db()
    return meeting, main, doi


def seat(meeting: Meeting, unit: Any) -> Invitation:
    return meeting.invitations.get(unit_id=unit)


def arrives(meeting: Meeting, unit: Any, site: Site | None) -> Arrival:
    return Arrival(uuid4(), f"i{seat(meeting, unit).pk}", at(DAY, 8), "LIST", None, site.pk if site else None)


def test_each_belongs_to_the_nearest_site_or_the_main_one(world: World) -> None:
    meeting, main, doi = planned(world)
    assert main.main and not doi.main
    where = {each.unit_id: each.site_id for each in meeting.invitations.all()}
    assert where == {world.thcs: main.pk, world.tieu_hoc: main.pk, world.thcs_doi: doi.pk}
    page = client(world.giam_doc)
    address = reverse("work:sites-assign", args=[meeting.pk])
    page.post(address, {"who": f"i{seat(meeting, world.tieu_hoc).pk}", "site": doi.pk})
    assert seat(meeting, world.tieu_hoc).site_id == doi.pk
    with pytest.raises(refusals_conference.SiteHasPeople):
        sites.remove_site(**by(world), site=doi)
    with pytest.raises(refusals_conference.SiteThere):
        sites.add_site(**by(world), meeting=meeting, name="Sở")
    with pytest.raises(NotAllowed):
        sites.add_site(by=world.hieu_truong, at=at(), meeting=meeting, name="Trường")
    changed = sites.change_site(**by(world), site=doi, name="UBND xã Đồi Thử", unit_id=world.doi, main=True)
    main.refresh_from_db()
    assert changed.main and not main.main


def test_sites_are_set_up_on_the_page_and_the_invited_see_theirs(world: World) -> None:
    meeting, *_ = planned(world)
    page = client(world.giam_doc)
    sent = {"name": "Trực tuyến", "link": "https://hop.example.vn/phong"}
    assert page.post(reverse("work:sites", args=[meeting.pk]), sent).status_code == 302
    assert Site.objects.get(name="Trực tuyến").link == "https://hop.example.vn/phong"
    shown = client(world.hieu_truong_doi).get(meeting.get_absolute_url()).content.decode()
    assert "Điểm cầu của bạn" in shown and "https://hop.example.vn/doi" in shown
    listed = client(world.hieu_truong_doi).get(reverse("work:sites", args=[meeting.pk])).content.decode()
    assert "0/3" in listed and "Thêm điểm cầu" not in listed


def test_a_site_is_looked_over_before_the_start_by_its_own_unit(world: World) -> None:
    meeting, _, doi = planned(world)
    with pytest.raises(NotAllowed):
        sites.look_over(by=world.hieu_truong, at=at(), site=doi, part="SOUND", ready=True)
    with pytest.raises(refusals_conference.NotReadyUnexplained):
        sites.look_over(by=world.van_thu_doi, at=at(), site=doi, part="SOUND", ready=False)
    page = client(world.van_thu_doi)
    address = reverse("work:site-ready", args=[meeting.pk, doi.pk])
    assert page.post(address, {"part": "LINE", "ready": "0", "note": "Mạng yếu"}).status_code == 302
    assert SiteCheck.objects.get().note == "Mạng yếu"
    assert page.post(address, {"part": "KHAC", "ready": "1"}).status_code == 404
    for part in SiteCheck.Part.values:
        sites.look_over(by=world.van_thu_doi, at=at(), site=doi, part=part, ready=True)
    found = queries.standings(meeting)
    assert (found.ready, len(found.sites)) == (1, 2)
    assert [each.site.name for each in found.not_ready] == ["Sở"]
    assert "1/2 sẵn sàng" in client(world.giam_doc).get(meeting.get_absolute_url()).content.decode()
    assert SiteCheck.objects.filter(site=doi).count() == 5  # the last look at each part


def test_attendance_is_told_for_each_site_and_in_all(world: World) -> None:
    meeting, main, _ = planned(world)
    actions.open_meeting(**{**by(world), "at": at(DAY, 8)}, meeting=meeting)
    arrivals = [arrives(meeting, world.thcs, None), arrives(meeting, world.thcs_doi, main)]
    check_in(by=world.giam_doc, at=at(DAY, 8), meeting=meeting, arrivals=arrivals)
    found = queries.standings(meeting)
    rows = {each.site.name: (each.came, each.expected, each.elsewhere, each.visitors) for each in found.sites}
    assert rows == {"Sở": (1, 2, 0, 1), "Xã Đồi Thử": (1, 1, 1, 0)}
    assert (found.came, found.expected) == (2, 3)
    assert CheckIn.objects.get(invitation__unit_id=world.thcs).site == main  # their own, where no other was named
    shown = client(world.giam_doc).get(reverse("work:sites", args=[meeting.pk])).content.decode()
    assert "2/3" in shown and "+1 từ điểm cầu khác" in shown


def test_who_keeps_a_site_checks_in_its_own_people_and_no_others(world: World) -> None:
    meeting, main, doi = planned(world)
    keeper = {"by": world.van_thu_doi, "at": at(DAY, 8), "meeting": meeting}
    outcome = check_in(**keeper, arrivals=[arrives(meeting, world.thcs_doi, doi), arrives(meeting, world.thcs, doi)])
    assert len(outcome.taken) == 1
    assert isinstance(next(iter(outcome.refused.values())), refusals_conference.OtherSite)
    for wrong in (main, None):
        with pytest.raises(NotAllowed):
            check_in(**keeper, arrivals=[arrives(meeting, world.thcs_doi, wrong)])
    with pytest.raises(NotAllowed):
        check_in(**{**keeper, "by": world.hieu_truong_doi}, arrivals=[arrives(meeting, world.thcs_doi, doi)])
    page = client(world.van_thu_doi).get(reverse("work:check-in", args=[meeting.pk])).content.decode()
    assert "Trường THCS Đồi Thử" in page and "Trường THCS Suối Thử" not in page
    assert client(world.hieu_truong).get(reverse("work:check-in", args=[meeting.pk])).status_code == 403


def test_each_site_shows_a_code_of_its_own(world: World) -> None:
    meeting, main, doi = planned(world)
    codes = {each: checkin_queries.room_code(meeting, at(DAY, 8), each.pk) for each in (main, doi)}
    assert len({*codes.values(), checkin_queries.room_code(meeting, at(DAY, 8))}) == 3
    given = {"by": world.hieu_truong, "at": at(DAY, 8), "meeting": meeting, "key": uuid4()}
    check_in_self(**given, code=codes[doi])
    assert CheckIn.objects.get().site == doi  # where they stand, not where they belong
    with pytest.raises(refusals.CodeOver):
        check_in_self(**{**given, "at": at(DAY, 9), "by": world.hieu_truong_doi}, code=codes[doi])
    screen = client(world.van_thu_doi).get(reverse("work:check-in-screen", args=[meeting.pk]))
    assert "Xã Đồi Thử" in screen.content.decode()


# A reform before the meeting


def became_another(world: World, unit: Any) -> tuple[Change, Any]:
    """Together with the kindergarten it is one new school."""
    heir = orgs.merge(
        by=SYSTEM,
        at=at(),
        on=TODAY,
        predecessors=list(Unit.objects.filter(pk__in=[unit, world.mam_non])),
        kind="lower_secondary",
        name="Trường Liên cấp Suối Thử",
        parents={TERRITORY: world.suoi, MANAGEMENT: world.suoi, PROFESSIONAL: world.so},
    )
    return Change.objects.latest("pk"), heir.pk


def test_a_seat_a_site_and_a_paper_go_to_the_heir_and_come_back(world: World) -> None:
    meeting, *_ = planned(world)
    site = sites.add_site(**by(world), meeting=meeting, name="Trường", unit_id=world.thcs)
    paper = papers.ask_paper(**by(world), meeting=meeting, title="Tham luận", presenter_unit_id=world.thcs)
    invitation = seat(meeting, world.thcs)
    Invitation.objects.filter(pk=invitation.pk).update(position_id=world.hieu_truong.position_id)
    change, heir = became_another(world, world.thcs)
    followed = following.follow(by=SYSTEM, at=at(), change=change, seats={})
    for each in (invitation, site, paper):
        each.refresh_from_db()
    assert (invitation.unit_id, invitation.position_id) == (heir, None)
    assert (site.unit_id, paper.presenter_unit_id) == (heir, heir)
    Change.objects.filter(pk=change.pk).update(undone_at=at(), undone_why="Nhầm")
    following.take_back(by=SYSTEM, at=at(), change=change, records=[followed.record])
    for each in (invitation, site, paper):
        each.refresh_from_db()
    assert (invitation.unit_id, invitation.position_id) == (world.thcs, world.hieu_truong.position_id)
    assert (site.unit_id, paper.presenter_unit_id) == (world.thcs, world.thcs)


def test_the_host_is_told_when_an_invited_unit_closes_without_an_heir(world: World) -> None:
    planned(world)
    orgs.close(by=SYSTEM, at=at(), on=TODAY, unit=Unit.objects.get(pk=world.tieu_hoc))
    following.follow(by=SYSTEM, at=at(), change=Change.objects.latest("pk"), seats={})
    told = Message.objects.filter(subject__startswith="Đơn vị được mời không còn", unit=world.so)
    assert told.exists() and "Triển khai nhiệm vụ học kỳ II" in told[0].body
