"""Commendations: who may give what, a decision for many, corrected and revoked with a reason, printed."""

from __future__ import annotations

import io
from datetime import date, timedelta

import docx
import pytest

from giaoban.core.refusal import NotAllowed
from giaoban.documents import actions as documents
from giaoban.documents.models import Document
from giaoban.files import certificate
from giaoban.journal.actor import SYSTEM
from giaoban.notices.models import Message
from giaoban.orgs import actions as orgs
from giaoban.orgs.models import MANAGEMENT, PROFESSIONAL, TERRITORY, Change, Unit
from giaoban.work import actions as work
from giaoban.work import award_print, refusals, refusals_awards
from giaoban.work.actions import awards as actions
from giaoban.work.actions import following
from giaoban.work.models import Award, Meeting, MinutesCopy
from giaoban.work.queries import awards as queries
from tests.rooms.work.world import TODAY, World, at, client

SCHOOL = "Có thành tích xuất sắc trong học kỳ I năm học 2025-2026"


def review(world: World) -> Meeting:
    meeting = work.plan_meeting(
        by=world.chuyen_vien,
        at=at(),
        unit_id=world.suoi,
        kind="so_ket",
        title="Hội nghị sơ kết học kỳ I",
        starts_at=at(),
        chair_name="Nguyễn Văn Suối",
        chair_title="Chủ tịch UBND xã",
    )
    work.invite(by=world.chuyen_vien, at=at(), meeting=meeting, unit_ids=[world.thcs, world.tieu_hoc])
    return work.open_meeting(by=world.chuyen_vien, at=at(), meeting=meeting)


def put_forward(world: World, meeting: Meeting | None = None, kind: str = "giay_khen", **more: object) -> Award:
    said: dict[str, object] = {"to_id": world.thcs, "reason": SCHOOL, **more}
    return actions.propose(
        by=world.chuyen_vien,
        at=at(),
        unit_id=world.suoi,
        kind=kind,
        meeting=meeting,
        **said,  # type: ignore[arg-type]
    )


def give(world: World, *awards: Award, symbol: str = "05/QĐ-UBND", **more: object) -> list[Award]:
    return actions.give(
        by=world.chu_tich,
        at=at(),
        awards=awards,
        symbol=symbol,
        decided_on=TODAY,
        signer="Nguyễn Văn Suối",
        signer_title="Chủ tịch",
        **more,  # type: ignore[arg-type]
    )


def test_every_form_names_its_law_and_who_gives_it() -> None:
    kinds = queries.award_kinds()
    assert {"giay_khen", "bang_khen", "co_thi_dua"} <= set(kinds)
    for kind in kinds.values():
        assert kind.source
        assert kind.who
        assert kind.givers
        assert isinstance(kind.since, date)
        assert kind.units or kind.persons
        assert kind.read in ("V", "M")


def test_a_commune_gives_a_certificate_of_merit_but_not_what_the_province_gives(world: World) -> None:
    kinds = queries.award_kinds()
    assert queries.may_be_given_by(kinds["giay_khen"], world.suoi, TODAY)
    assert not queries.may_be_given_by(kinds["bang_khen"], world.suoi, TODAY)
    assert queries.may_be_given_by(kinds["bang_khen"], world.province, TODAY)
    assert not queries.may_be_given_by(kinds["giay_khen"], world.thcs, TODAY)
    assert queries.may_be_given_by(kinds["thu_khen"], world.thcs, TODAY)
    before_the_law = kinds["giay_khen"].since - timedelta(days=1)
    assert not queries.may_be_given_by(kinds["giay_khen"], world.suoi, before_the_law)
    proposed = put_forward(world, kind="bang_khen")
    with pytest.raises(refusals_awards.NotTheirAward):
        give(world, proposed)
    proposed.refresh_from_db()
    assert proposed.state == Award.State.PROPOSED


def test_what_the_province_gave_is_handed_on_by_its_decision(world: World) -> None:
    """The decision of the level above has come in: with its number the commune records what was given."""
    proposed = put_forward(world, kind="bang_khen")
    came_in = documents.register(
        by=world.van_thu,
        at=at(),
        owner_id=world.suoi,
        direction="IN",
        symbol="112/QĐ-UBND",
        subject="Tặng Bằng khen",
        issued_on=TODAY,
        issuer_id=world.province,
        signer="Phạm Thị Tỉnh",
    )
    (given,) = actions.give(by=world.chuyen_vien, at=at(), awards=[proposed], symbol="112/QĐ-UBND", decided_on=TODAY)
    assert given.document == came_in
    assert given.signer == "Phạm Thị Tỉnh"
    assert award_print.certificate(given).given_by == "Chủ tịch Ủy ban nhân dân tỉnh Thử Nghiệm"


def test_one_decision_for_many_is_registered_and_told(world: World) -> None:
    meeting = review(world)
    school = put_forward(world, meeting)
    teacher = put_forward(world, meeting, person="Vàng Thị Nhập", office="Giáo viên", reason="Dạy giỏi")
    given = give(world, school, teacher, register=True)
    decision = Document.objects.get(symbol="05/QĐ-UBND", owner_unit=world.suoi)
    assert {each.document_id for each in given} == {decision.pk}
    assert "Vàng Thị Nhập, Giáo viên, Trường THCS Suối Thử" in decision.text
    assert {each.state for each in Award.objects.all()} == {Award.State.GIVEN}
    told = Message.objects.filter(unit=world.thcs, subject__startswith="Được khen thưởng")
    assert told.count() == 2
    assert [each.pk for each in queries.awards(world.hieu_truong, TODAY)] == [teacher.pk, school.pk]
    with pytest.raises(refusals_awards.NotProposedAward):
        give(world, school, symbol="06/QĐ-UBND")


def test_another_communes_decision_of_the_same_number_and_day_is_not_taken_for_ours(world: World) -> None:
    documents.register(
        by=world.van_thu,
        at=at(),
        owner_id=world.suoi,
        direction="IN",
        symbol="05/QĐ-UBND",
        subject="Khen thưởng",
        issued_on=TODAY,
        issuer_id=world.doi,
    )
    (given,) = give(world, put_forward(world), register=True)
    assert given.document is not None
    assert given.document.issuer_unit_id == world.suoi


def test_without_registering_the_number_alone_stands(world: World) -> None:
    (given,) = give(world, put_forward(world))
    assert given.document is None
    assert queries.decision_words(given) == "Quyết định số 05/QĐ-UBND ngày 12/01/2026"
    assert not Document.objects.filter(symbol="05/QĐ-UBND").exists()


def test_whom_a_form_is_for(world: World) -> None:
    with pytest.raises(refusals_awards.OnlyUnits):
        put_forward(world, kind="co_thi_dua", person="Vàng Thị Nhập")
    with pytest.raises(refusals_awards.OnlyPersons):
        put_forward(world, kind="lao_dong_tien_tien")
    with pytest.raises(refusals_awards.UnknownAward):
        put_forward(world, kind="huy_hieu")
    with pytest.raises(refusals.Required):
        put_forward(world, reason=" ")


def test_the_same_is_not_put_forward_twice(world: World) -> None:
    meeting = review(world)
    first = put_forward(world, meeting)
    with pytest.raises(refusals_awards.AwardThere):
        put_forward(world, meeting)
    put_forward(world, meeting, kind="thu_khen")
    actions.drop(by=world.chuyen_vien, at=at(), award=first, reason="Chưa đủ hồ sơ")
    put_forward(world, meeting)  # dropped: it may be put forward anew
    put_forward(world)
    with pytest.raises(refusals_awards.AwardThere):
        put_forward(world)


def test_a_correction_keeps_what_stood_and_says_why(world: World) -> None:
    (given,) = give(world, put_forward(world, person="Vàng Thị Nhâp"))
    with pytest.raises(refusals.Required):
        actions.correct(by=world.chuyen_vien, at=at(), award=given, reason="", person="Vàng Thị Nhập")
    actions.correct(by=world.chuyen_vien, at=at(), award=given, reason="Sai chính tả", person="Vàng Thị Nhập")
    given.refresh_from_db()
    (change,) = given.changes.all()
    assert (given.person, change.before, change.reason) == (
        "Vàng Thị Nhập",
        {"person": "Vàng Thị Nhâp"},
        "Sai chính tả",
    )
    with pytest.raises(refusals_awards.NotTheirAward):
        actions.correct(by=world.chuyen_vien, at=at(), award=given, reason="Nhầm", kind="bang_khen")


def test_two_correcting_at_once_lose_nothing(world: World) -> None:
    found = put_forward(world)
    actions.correct(by=world.chu_tich, at=at(), award=found, reason="Rõ hơn", achievement="Một", version=1)
    with pytest.raises(refusals_awards.AwardChangedMeanwhile):
        actions.correct(by=world.chuyen_vien, at=at(), award=found, reason="Gọn hơn", achievement="Hai", version=1)
    found.refresh_from_db()
    assert found.reason == "Một"


def test_revoked_stays_on_the_list_and_off_the_count(world: World) -> None:
    (given,) = give(world, put_forward(world))
    actions.revoke(by=world.chu_tich, at=at(), award=given, reason="Kê khai không đúng")
    assert not queries.awards(world.hieu_truong, TODAY).exists()
    assert queries.awards(world.hieu_truong, TODAY, view="ended").get() == given
    assert Message.objects.filter(unit=world.thcs, subject__startswith="Hủy khen thưởng").exists()
    with pytest.raises(refusals_awards.NotGivenAward):
        actions.revoke(by=world.chu_tich, at=at(), award=given, reason="Lần nữa")
    with pytest.raises(refusals_awards.AwardEnded):
        actions.correct(by=world.chu_tich, at=at(), award=given, reason="Sửa", person="Ai đó")


def test_others_neither_give_nor_see_what_is_only_proposed(world: World) -> None:
    found = put_forward(world)
    with pytest.raises(NotAllowed):
        actions.propose(
            by=world.chu_tich_doi, at=at(), unit_id=world.suoi, kind="giay_khen", to_id=world.thcs, reason=SCHOOL
        )
    with pytest.raises(NotAllowed):
        actions.give(by=world.hieu_truong, at=at(), awards=[found], symbol="1/QĐ", decided_on=TODAY)
    for stranger in (world.chu_tich_doi, world.hieu_truong):
        with pytest.raises(Award.DoesNotExist):
            queries.award(stranger, found.pk, TODAY)


def test_what_waits_for_a_decision_goes_to_the_heir_and_comes_back(world: World) -> None:
    """A school that put a teacher forward becomes part of another: that one decides; what was given stays its own."""
    mine = {"by": SYSTEM, "at": at(), "unit_id": world.thcs, "kind": "thu_khen", "to_id": world.thcs}
    waiting = actions.propose(**mine, person="Vàng Thị Nhập", reason="Dạy giỏi")
    done = actions.propose(**mine, person="Lý Thị Trung", reason="Quản lý giỏi")
    actions.give(by=SYSTEM, at=at(), awards=[done], symbol="01/TK", decided_on=TODAY)
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
    followed = following.follow(by=SYSTEM, at=at(), change=change, seats={})
    assert dict(Award.objects.values_list("pk", "unit_id")) == {waiting.pk: heir.pk, done.pk: world.thcs}
    Change.objects.filter(pk=change.pk).update(undone_at=at(), undone_why="Nhầm")
    following.take_back(by=SYSTEM, at=at(), change=change, records=[followed.record])
    assert set(Award.objects.values_list("unit_id", flat=True)) == {world.thcs}


def test_certificates_are_printed_one_a_page_and_the_same_each_time(world: World) -> None:
    meeting = review(world)
    awards = give(
        world,
        put_forward(world, meeting),
        put_forward(world, meeting, person="Vàng Thị Nhập", office="Giáo viên", reason="Dạy giỏi"),
    )
    pages = [award_print.certificate(each) for each in awards]
    content = certificate.write(pages)
    assert content == certificate.write(pages)
    file = docx.Document(io.BytesIO(content))
    text = "\n".join(paragraph.text for paragraph in file.paragraphs)
    assert text.count("GIẤY KHEN") == 2
    assert "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ SUỐI THỬ" in text
    assert "Vàng Thị Nhập\nGiáo viên, Trường THCS Suối Thử" in text
    (left, right) = file.tables[0].rows[0].cells
    assert "Quyết định số 05/QĐ-UBND ngày 12/01/2026" in left.text
    assert "Suối Thử, ngày 12 tháng 01 năm 2026" in right.text
    assert "Nguyễn Văn Suối" in right.text
    listed = award_print.listed(world.suoi, meeting, awards, TODAY)
    (rows,) = [block.rows for block in listed.blocks if hasattr(block, "rows")]
    assert [row[1] for row in rows] == ["Trường THCS Suối Thử", "Vàng Thị Nhập, Giáo viên"]


def test_a_decision_after_the_meeting_was_closed_makes_a_new_copy_of_the_minutes(world: World) -> None:
    meeting = review(world)
    found = put_forward(world, meeting)
    work.close_meeting(by=world.chuyen_vien, at=at(), meeting=meeting)
    give(world, found)
    copies = list(MinutesCopy.objects.filter(meeting=meeting))
    assert [each.no for each in copies] == [1, 2]
    assert "khen thưởng 1 tập thể" in str(copies[1].content)
    assert "khen thưởng 1 tập thể" not in str(copies[0].content)


@pytest.mark.usefixtures("today")
def test_the_pages_from_proposal_to_certificate(world: World) -> None:
    meeting = review(world)
    browser = client(world.chuyen_vien)
    page = browser.get(f"/khen-thuong/de-xuat/?hop={meeting.pk}")
    assert page.status_code == 200
    sent = {"kind": "giay_khen", "to": "Trường THCS Suối Thử", "reason": SCHOOL}
    assert browser.post(f"/khen-thuong/de-xuat/?hop={meeting.pk}", sent).status_code == 302
    again = browser.post(f"/khen-thuong/de-xuat/?hop={meeting.pk}", sent)
    assert again.status_code == 422
    found = Award.objects.get()
    assert "Trường THCS Suối Thử" in browser.get(f"/khen-thuong/?xem=de-nghi&hop={meeting.pk}").content.decode()
    assert browser.post("/khen-thuong/quyet-dinh/", {"chon": found.pk, "hop": meeting.pk}).status_code == 200
    decided = {"chon": found.pk, "hop": meeting.pk, "symbol": "07/QĐ-UBND", "decided_on": "12/01/2026"}
    assert browser.post("/khen-thuong/quyet-dinh/", decided).status_code == 302
    found.refresh_from_db()
    assert found.state == Award.State.GIVEN
    assert browser.get(f"/khen-thuong/{found.pk}/").status_code == 200
    for address in (
        f"/khen-thuong/{found.pk}/giay-khen.docx",
        f"/khen-thuong/giay-khen.docx?hop={meeting.pk}",
        f"/khen-thuong/danh-sach.docx?hop={meeting.pk}",
    ):
        assert browser.get(address).content[:2] == b"PK"
    corrected = {
        "kind": "giay_khen",
        "to": "Trường Tiểu học Suối Thử",
        "reason": SCHOOL,
        "reason_of_change": "Nhầm trường",
        "version": found.version,
    }
    assert browser.post(f"/khen-thuong/{found.pk}/sua/", corrected).status_code == 302
    found.refresh_from_db()
    assert found.to_id == world.tieu_hoc
    assert browser.post(f"/khen-thuong/{found.pk}/thoi/", {"reason_of_change": "Trùng"}).status_code == 302
    assert browser.get(f"/khen-thuong/{found.pk}/giay-khen.docx").status_code == 404
    assert "Nhầm trường" in browser.get(f"/khen-thuong/{found.pk}/").content.decode()
    school = client(world.hieu_truong)
    assert school.get(f"/khen-thuong/{found.pk}/").status_code == 404
    assert school.get("/khen-thuong/").status_code == 200
