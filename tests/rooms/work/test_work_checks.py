"""Checks: the plan of a year and where two plans meet, the check with its minutes, findings until they are closed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from giaoban.core.refusal import NotAllowed
from giaoban.documents.models import Document
from giaoban.journal.queries import events
from giaoban.notices.models import Message
from giaoban.work import check_refusals as refusals
from giaoban.work import check_rules, check_times
from giaoban.work import refusals as work_refusals
from giaoban.work.actions import call_off, checks, confirm, propose_done
from giaoban.work.models import CheckPlan, CheckTarget, CheckVisit, Finding, PlannedCheck
from giaoban.work.queries import checks as queries
from tests.rooms.work.world import TODAY, World, at

pytestmark = pytest.mark.django_db
State = CheckVisit.State


def line(world: World, **changes: Any) -> PlannedCheck:
    given: dict[str, Any] = {
        "by": world.chuyen_vien,
        "at": at(),
        "unit_id": world.suoi,
        "year": 2026,
        "subject": "Thu, chi các khoản đầu năm",
        "topic": "FINANCE",
        "time": "tháng 3/2026",
        "unit_ids": [world.thcs, world.tieu_hoc],
    }
    return checks.plan_line(**{**given, **changes})


def of_so(world: World, **changes: Any) -> PlannedCheck:
    return line(world, by=world.chuyen_vien_so, unit_id=world.so, **{"unit_ids": [world.thcs], **changes})


def issue(world: World, unit: str = "suoi", leader: str = "chu_tich", day: date = TODAY) -> CheckPlan:
    plan = CheckPlan.objects.get(unit_id=getattr(world, unit), year=2026)
    checks.approve_plan(by=getattr(world, leader), at=at(day), plan=plan)
    symbol = "05/KH-UBND" if unit == "suoi" else "12/KH-SGDĐT"
    return checks.issue_plan(by=getattr(world, leader), at=at(day), plan=plan, symbol=symbol, issued_on=day)


def decided(world: World, **changes: Any) -> CheckVisit:
    """The check of the THCS: issued, with a head of the team, decided."""
    planned = line(world, **changes)
    issue(world)
    checks.add_member(by=world.chuyen_vien, at=at(), planned=planned, name="Trần Thị Xã", office="CV", head=True)
    made = checks.decide(
        by=world.chuyen_vien,
        at=at(),
        planned=planned,
        symbol="31/QĐ-UBND",
        issued_on=TODAY,
        opens_on=date(2026, 3, 9),
        papers="- Sổ quỹ\n- Quyết định công khai",
        papers_due_on=date(2026, 3, 5),
    )
    return next(each for each in made if each.unit_id == world.thcs)


def opened(world: World, **changes: Any) -> CheckVisit:
    visit = decided(world, **changes)
    checks.open_visit(by=world.chuyen_vien, at=at(date(2026, 3, 9)), visit=visit)
    checks.write_minutes(by=world.chuyen_vien, at=at(date(2026, 3, 9)), visit=visit, present="Đoàn; Hiệu trưởng")
    return visit


def found(world: World, visit: CheckVisit, **changes: Any) -> Finding:
    given: dict[str, Any] = {
        "by": world.chuyen_vien,
        "at": at(date(2026, 3, 9)),
        "visit": visit,
        "kind": "SHORTCOMING",
        "topic": "FINANCE",
        "text": "Chưa niêm yết công khai",
        "measure": "Niêm yết trong 07 ngày",
    }
    return checks.note_finding(**{**given, **changes})


def signed(world: World, visit: CheckVisit, day: date = date(2026, 3, 10)) -> CheckVisit:
    checks.present_minutes(by=world.chuyen_vien, at=at(day), visit=visit)
    return checks.sign_minutes(by=world.hieu_truong, at=at(day, 15), visit=visit, opinion="Nhất trí")


# Times and rules as data


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("tháng 3", date(2026, 3, 1), date(2026, 3, 31)),
        ("Tháng 3-4/2026", date(2026, 3, 1), date(2026, 4, 30)),
        ("Quý II/2026", date(2026, 4, 1), date(2026, 6, 30)),
        ("16/3/2026", date(2026, 3, 16), date(2026, 3, 16)),
        ("từ 16/3 đến 20/3/2026", date(2026, 3, 16), date(2026, 3, 20)),
        ("16-20/3", date(2026, 3, 16), date(2026, 3, 20)),
    ],
)
def test_times_are_read_as_plans_write_them(words: str, first: date, last: date) -> None:
    assert check_times.read(words, 2026) == (first, last)


@pytest.mark.parametrize("words", ["trong hè", "31/4/2026", "20/3 - 16/3/2026", "tháng 13"])
def test_words_without_a_time_are_refused(words: str) -> None:
    with pytest.raises(check_times.BadTime):
        check_times.read(words, 2026)


def test_rules_are_dated_and_name_their_source() -> None:
    now, before = check_rules.overlap(date(2026, 1, 1)), check_rules.overlap(date(2024, 1, 1))
    assert (now.times, now.days) == (1, 15) and "217/2025/NĐ-CP" in now.source
    assert "20/CT-TTg" in before.source and now.source != before.source
    # fifteen working days from Tuesday 10/3/2026
    assert check_rules.notice_due(date(2026, 3, 10)) == date(2026, 3, 31)


# The plan


def test_only_the_office_and_leaders_plan_and_only_for_their_own(world: World) -> None:
    made = line(world)
    assert (made.starts_on, made.ends_on, made.lead_id) == (date(2026, 3, 1), date(2026, 3, 31), world.suoi)
    for stranger in (world.hieu_truong, world.van_thu, world.chu_tich_doi, world.chuyen_vien_so):
        with pytest.raises(NotAllowed):
            line(world, by=stranger)
    with pytest.raises(refusals.NotToCheck):
        line(world, unit_ids=[world.thcs_doi])  # a school of the other commune
    with pytest.raises(refusals.NotToCheck):
        line(world, unit_ids=[world.suoi])
    with pytest.raises(refusals.NobodyChecked):
        line(world, unit_ids=[])
    with pytest.raises(refusals.TimeOutsideYear):
        line(world, time="tháng 3/2027")


def test_the_department_checks_schools_it_guides_and_communes_of_its_province(world: World) -> None:
    made = of_so(world, unit_ids=[world.thcs, world.thcs_doi, world.suoi], topic="MANAGEMENT")
    assert made.targets.count() == 3
    with pytest.raises(refusals.NotToCheck):
        of_so(world, unit_ids=[world.province])


def test_a_plan_is_approved_by_a_leader_then_issued_and_only_then_seen_by_the_schools(world: World) -> None:
    made = line(world)
    plan = made.plan
    assert not queries.checked(world.hieu_truong, TODAY).exists()
    with pytest.raises(PlannedCheck.DoesNotExist):
        queries.line(world.hieu_truong, made.pk, TODAY)
    with pytest.raises(refusals.PlanNotApproved):
        checks.issue_plan(by=world.chu_tich, at=at(), plan=plan, symbol="05/KH-UBND", issued_on=TODAY)
    with pytest.raises(NotAllowed):
        checks.approve_plan(by=world.chuyen_vien, at=at(), plan=plan)
    checks.approve_plan(by=world.chu_tich, at=at(), plan=plan)
    with pytest.raises(refusals.PlanNotDraft):
        checks.approve_plan(by=world.chu_tich, at=at(), plan=plan)
    assert not queries.checked(world.hieu_truong, TODAY).exists(), "approved is not issued"
    issued = checks.issue_plan(by=world.chuyen_vien, at=at(), plan=plan, symbol="05/KH-UBND", issued_on=TODAY)
    assert issued.document is not None and issued.document.symbol == "05/KH-UBND"
    assert [each.unit_id for each in queries.checked(world.hieu_truong, TODAY)] == [world.thcs]
    made = queries.line(world.hieu_truong, made.pk, TODAY)
    assert [each.unit_id for each in queries.targets_in_sight(world.hieu_truong, made, TODAY)] == [world.thcs]
    assert len(queries.targets_in_sight(world.chuyen_vien, made, TODAY)) == 2
    with pytest.raises(PlannedCheck.DoesNotExist):
        queries.line(world.hieu_truong_mn, made.pk, TODAY)
    with pytest.raises(NotAllowed):
        queries.plan(world.hieu_truong, world.suoi, 2026, TODAY)
    told = Message.objects.filter(subject__startswith="Kế hoạch kiểm tra năm 2026")
    assert {each.position_id for each in told} == {world.hieu_truong.position_id, world.hieu_truong_th.position_id}


def test_a_registered_document_is_not_registered_twice(world: World) -> None:
    line(world)
    issue(world)
    document = Document.objects.get(symbol="05/KH-UBND")
    document.addressees.filter(unit_id=world.thcs).delete()  # as văn thư may have registered it
    other = line(world, subject="Dạy thêm", topic="EXTRA_LESSONS", reason="Theo phản ánh")
    checks.add_member(by=world.chuyen_vien, at=at(), planned=other, name="A", head=True)
    checks.decide(
        by=world.chu_tich, at=at(), planned=other, symbol="05/KH-UBND", issued_on=TODAY, opens_on=date(2026, 3, 9)
    )
    kept = Document.objects.get(symbol="05/KH-UBND")
    assert {each.unit_id for each in kept.addressees.all()} == {world.thcs, world.tieu_hoc}


def test_an_empty_plan_is_not_approved(world: World) -> None:
    made = line(world)
    checks.drop_line(by=world.chuyen_vien, at=at(), planned=made, reason="Không còn cần")
    with pytest.raises(refusals.EmptyPlan):
        checks.approve_plan(by=world.chu_tich, at=at(), plan=made.plan)


def test_a_draft_changes_freely_what_is_approved_moves_with_a_reason(world: World) -> None:
    made = line(world)
    changed = checks.change_line(
        by=world.chuyen_vien, at=at(), planned=made, time="quý II/2026", unit_ids=[world.mam_non], subject="Bán trú"
    )
    assert changed.subject == "Bán trú" and [each.unit_id for each in changed.targets.all()] == [world.mam_non]
    issue(world)
    with pytest.raises(refusals.PlanNotDraft):
        checks.change_line(by=world.chuyen_vien, at=at(), planned=made, time="tháng 5", unit_ids=[world.mam_non])
    with pytest.raises(work_refusals.Required):
        checks.move_line(by=world.chuyen_vien, at=at(), planned=made, time="tháng 5", reason=" ")
    with pytest.raises(refusals.SameTime):
        checks.move_line(by=world.chuyen_vien, at=at(), planned=made, time="quý II", reason="Trùng")
    moved = checks.move_line(by=world.chuyen_vien, at=at(), planned=made, time="tháng 5/2026", reason="Trùng thi")
    kept = moved.moves.get()
    assert (kept.from_starts_on, kept.to_starts_on) == (date(2026, 4, 1), date(2026, 5, 1))
    told = Message.objects.filter(subject__startswith="Điều chỉnh thời gian kiểm tra").get()
    assert told.position_id == world.hieu_truong_mn.position_id


def test_a_line_dropped_stays_with_its_reason_and_does_nothing_more(world: World) -> None:
    made = line(world)
    with pytest.raises(work_refusals.Required):
        checks.drop_line(by=world.chuyen_vien, at=at(), planned=made, reason="")
    checks.drop_line(by=world.chuyen_vien, at=at(), planned=made, reason="Sở đã kiểm tra")
    assert [each.reason for each in queries.lines(made.plan)] == ["Sở đã kiểm tra"]
    with pytest.raises(refusals.LineDropped):
        checks.move_line(by=world.chuyen_vien, at=at(), planned=made, time="tháng 5", reason="x")


def test_what_comes_after_the_issue_needs_a_reason_and_is_marked(world: World) -> None:
    line(world)
    issue(world)
    with pytest.raises(work_refusals.Required):
        line(world, form="SUDDEN", subject="Dạy thêm", topic="EXTRA_LESSONS")
    sudden = line(world, form="SUDDEN", subject="Dạy thêm", topic="EXTRA_LESSONS", reason="Theo phản ánh của báo")
    assert sudden.added_later and sudden.form == PlannedCheck.Form.SUDDEN
    assert Message.objects.filter(subject__startswith="Bổ sung kế hoạch kiểm tra: Dạy thêm").count() == 2


# Where plans meet


def test_both_planners_see_that_they_plan_the_same_school(world: World) -> None:
    ours, theirs = line(world), of_so(world, time="tháng 10/2026")
    mine = queries.overlaps([ours])
    assert list(mine) == [ours.targets.get(unit_id=world.thcs).pk]
    (met,) = next(iter(mine.values()))
    assert (met.host_id, met.same_subject, met.near) == (world.so, True, False)
    (back,) = next(iter(queries.overlaps([theirs]).values()))
    assert (back.host_id, back.same_subject) == (world.suoi, True)


def test_another_subject_meets_only_when_it_is_near(world: World) -> None:
    ours = line(world, time="2/3/2026")
    other = of_so(world, topic="TEACHING", subject="Chương trình", time="16/3/2026")
    (met,) = next(iter(queries.overlaps([ours]).values()))
    assert met.near and not met.same_subject
    checks.move_line(by=world.chuyen_vien_so, at=at(), planned=other, time="17/3/2026", reason="Giãn ra")
    assert queries.overlaps([ours]) == {}, "fifteen days apart is far enough"


def test_the_same_subject_next_year_does_not_meet(world: World) -> None:
    ours = line(world, time="tháng 11/2026")
    of_so(world, year=2027, time="tháng 3/2027")
    assert queries.overlaps([ours]) == {}


def test_other_subjects_are_the_same_only_in_the_same_words(world: World) -> None:
    ours = line(world, topic="OTHER", subject="Thư viện")
    of_so(world, topic="OTHER", subject="Đồng phục", time="tháng 10/2026")
    assert queries.overlaps([ours]) == {}
    of_so(world, topic="OTHER", subject="thư viện", time="tháng 11/2026")
    assert len(queries.overlaps([ours])) == 1


def test_what_is_dropped_meets_nobody(world: World) -> None:
    ours, theirs = line(world), of_so(world)
    checks.drop_line(by=world.chuyen_vien_so, at=at(), planned=theirs, reason="Xã đã có")
    assert queries.overlaps([ours]) == {} == queries.overlaps([theirs])


def test_two_offices_of_one_plan_meet_too(world: World) -> None:
    ours = line(world, unit_ids=[world.thcs])
    line(world, unit_ids=[world.thcs], subject="Thu chi lần hai", lead_id=world.vhxh, time="tháng 9")
    (met,) = next(iter(queries.overlaps([ours]).values()))
    assert met.host_id == world.suoi and met.other.planned.lead_id == world.vhxh


def test_teams_join_one_check_when_the_other_side_agrees(world: World) -> None:
    ours, theirs = line(world), of_so(world)
    checks.add_member(by=world.chuyen_vien, at=at(), planned=ours, name="Trần Thị Xã", office="Chuyên viên", head=True)
    mine, other = ours.targets.get(unit_id=world.thcs), theirs.targets.get()
    with pytest.raises(NotAllowed):
        checks.offer_join(by=world.chuyen_vien_so, at=at(), target=mine, other=other)
    with pytest.raises(refusals.NotOverlapping):
        checks.offer_join(by=world.chuyen_vien, at=at(), target=ours.targets.get(unit_id=world.tieu_hoc), other=other)
    asked = checks.offer_join(by=world.chuyen_vien, at=at(), target=mine, other=other, words="Cùng nội dung")
    with pytest.raises(refusals.JoinOffered):
        checks.offer_join(by=world.chuyen_vien, at=at(), target=mine, other=other)
    assert queries.open_offers(world.so) == [asked]
    with pytest.raises(NotAllowed):
        checks.answer_join(by=world.chuyen_vien, at=at(), join=asked, accepted=True)
    checks.answer_join(by=world.chuyen_vien_so, at=at(), join=asked, accepted=True)
    mine.refresh_from_db()
    assert mine.joined == other and queries.overlaps([ours, theirs]) == {}
    member = theirs.members.get()
    assert (member.name, member.unit_id, member.head) == ("Trần Thị Xã", world.suoi, False)
    with pytest.raises(refusals.JoinAnswered):
        checks.answer_join(by=world.chuyen_vien_so, at=at(), join=asked, accepted=False, answer="Thôi")


def test_who_went_along_has_the_unit_back_when_the_other_check_is_dropped(world: World) -> None:
    ours, theirs = line(world), of_so(world)
    mine = ours.targets.get(unit_id=world.thcs)
    asked = checks.offer_join(by=world.chuyen_vien, at=at(), target=mine, other=theirs.targets.get())
    checks.answer_join(by=world.chuyen_vien_so, at=at(), join=asked, accepted=True)
    checks.drop_line(by=world.chuyen_vien_so, at=at(), planned=theirs, reason="Thôi")
    mine.refresh_from_db()
    assert mine.joined is None
    assert Message.objects.filter(subject__startswith="Không còn ghép đoàn").exists()


def test_a_refusal_to_join_says_why_and_leaves_both(world: World) -> None:
    ours, theirs = line(world), of_so(world)
    asked = checks.offer_join(
        by=world.chuyen_vien, at=at(), target=ours.targets.get(unit_id=world.thcs), other=theirs.targets.get()
    )
    with pytest.raises(work_refusals.Required):
        checks.answer_join(by=world.chuyen_vien_so, at=at(), join=asked, accepted=False)
    checks.answer_join(by=world.chuyen_vien_so, at=at(), join=asked, accepted=False, answer="Khác nội dung")
    assert len(queries.overlaps([ours])) == 1 and not CheckTarget.objects.filter(joined__isnull=False).exists()


# The check


def test_a_check_is_decided_on_an_issued_plan_with_a_head_of_the_team(world: World) -> None:
    planned = line(world)
    given: dict[str, Any] = {
        "by": world.chuyen_vien, "at": at(), "planned": planned, "symbol": "31/QĐ-UBND", "issued_on": TODAY,
        "opens_on": date(2026, 3, 9),
    }  # fmt: skip
    with pytest.raises(refusals.PlanNotIssued):
        checks.decide(**given)
    issue(world)
    with pytest.raises(refusals.NoHead):
        checks.decide(**given)
    member = checks.add_member(by=world.chuyen_vien, at=at(), planned=planned, name="A", head=True)
    with pytest.raises(refusals.HeadThere):
        checks.add_member(by=world.chuyen_vien, at=at(), planned=planned, name="B", head=True)
    checks.remove_member(by=world.chuyen_vien, at=at(), member=member)
    checks.add_member(by=world.chuyen_vien, at=at(), planned=planned, name="B", head=True, part="Sổ quỹ")
    with pytest.raises(refusals.OpensBeforeDecision):
        checks.decide(**{**given, "opens_on": TODAY - timedelta(1)})
    with pytest.raises(NotAllowed):
        checks.decide(**{**given, "by": world.hieu_truong})
    made = checks.decide(**given)
    assert {each.unit_id for each in made} == {world.thcs, world.tieu_hoc}
    with pytest.raises(refusals.LineDecided):
        checks.decide(**given)


def test_the_school_hands_in_what_was_asked(world: World) -> None:
    visit = decided(world)
    first, second = visit.papers.all()
    assert (first.title, visit.papers_due_on) == ("Sổ quỹ", date(2026, 3, 5))
    with pytest.raises(NotAllowed):
        checks.give_paper(by=world.chu_tich, at=at(), paper=first, note="Thay trường")
    with pytest.raises(work_refusals.Required):
        checks.give_paper(by=world.hieu_truong, at=at(), paper=first)
    checks.give_paper(by=world.hieu_truong, at=at(), paper=first, note="Xem tại trường")
    with pytest.raises(refusals.PaperGiven):
        checks.give_paper(by=world.hieu_truong, at=at(), paper=first, note="Lần nữa")
    assert queries.paper(world.chuyen_vien, second.pk, TODAY) == second
    with pytest.raises(type(second).DoesNotExist):
        queries.paper(world.hieu_truong_th, second.pk, TODAY)


def test_steps_go_in_their_order(world: World) -> None:
    visit = decided(world)
    with pytest.raises(refusals.CheckNotAtThisStep):
        found(world, visit)
    checks.open_visit(by=world.chuyen_vien, at=at(date(2026, 3, 9)), visit=visit)
    with pytest.raises(work_refusals.Required):
        checks.present_minutes(by=world.chuyen_vien, at=at(date(2026, 3, 9)), visit=visit)  # nobody present
    checks.write_minutes(by=world.chuyen_vien, at=at(date(2026, 3, 9)), visit=visit, present="Đoàn")
    with pytest.raises(refusals.NothingFound):
        checks.present_minutes(by=world.chuyen_vien, at=at(date(2026, 3, 9)), visit=visit)
    found(world, visit)
    with pytest.raises(refusals.CheckNotAtThisStep):
        checks.sign_minutes(by=world.hieu_truong, at=at(date(2026, 3, 9)), visit=visit, opinion="Nhất trí")
    with pytest.raises(NotAllowed):
        found(world, visit, by=world.hieu_truong)


def test_findings_are_hidden_from_the_school_until_the_team_has_signed_and_from_others_until_both_have(
    world: World,
) -> None:
    visit = opened(world)
    made = found(world, visit)
    assert queries.visit(world.hieu_truong, visit.pk, TODAY) == visit
    with pytest.raises(Finding.DoesNotExist):
        queries.finding(world.hieu_truong, made.pk, TODAY)
    checks.present_minutes(by=world.chuyen_vien, at=at(date(2026, 3, 10)), visit=visit)
    assert queries.finding(world.hieu_truong, made.pk, TODAY) == made
    with pytest.raises(Finding.DoesNotExist):
        queries.finding(world.chuyen_vien_so, made.pk, TODAY)  # guides the school, did not check it
    checks.sign_minutes(by=world.hieu_truong, at=at(date(2026, 3, 10)), visit=visit, opinion="Nhất trí")
    assert queries.finding(world.chuyen_vien_so, made.pk, TODAY) == made
    for stranger in (world.hieu_truong_th, world.chu_tich_doi, world.giao_vien, world.van_thu):
        with pytest.raises(CheckVisit.DoesNotExist):
            queries.visit(stranger, visit.pk, TODAY)


def test_minutes_are_signed_by_the_unit_itself_or_closed_with_the_reason(world: World) -> None:
    visit = opened(world)
    found(world, visit)
    checks.present_minutes(by=world.chuyen_vien, at=at(date(2026, 3, 10)), visit=visit)
    with pytest.raises(refusals.CheckNotAtThisStep):
        found(world, visit)  # nothing is added behind the unit's back
    with pytest.raises(NotAllowed):
        checks.sign_minutes(by=world.chu_tich, at=at(date(2026, 3, 10)), visit=visit, opinion="Thay trường")
    with pytest.raises(work_refusals.Required):
        checks.close_unsigned(by=world.chuyen_vien, at=at(date(2026, 3, 10)), visit=visit, reason="")
    checks.take_minutes_back(by=world.chuyen_vien, at=at(date(2026, 3, 10)), visit=visit, reason="Sửa số liệu")
    found(world, visit, kind="STRENGTH", text="Hồ sơ đầy đủ")
    checks.present_minutes(by=world.chuyen_vien, at=at(date(2026, 3, 10)), visit=visit)
    closed = checks.close_unsigned(
        by=world.chuyen_vien, at=at(date(2026, 3, 10)), visit=visit, reason="Hiệu trưởng không ký, có người chứng kiến"
    )
    assert closed.state == State.SIGNED and closed.unit_signed_by == ""
    assert closed.notice_due_on == date(2026, 3, 31)
    assert (queries.days_left(closed, date(2026, 3, 30)), queries.days_left(closed, date(2026, 4, 1))) == (1, -1)


def test_a_finding_is_struck_out_only_while_the_minutes_are_written(world: World) -> None:
    visit = opened(world)
    first = found(world, visit)
    checks.remove_finding(by=world.chuyen_vien, at=at(date(2026, 3, 9)), finding=first, reason="Nhầm trường")
    kept = found(world, visit)
    event = events().filter(verb="check.remove_finding").get()
    assert event.reason == "Nhầm trường" and event.data["text"] == "Chưa niêm yết công khai"
    signed(world, visit)
    with pytest.raises(refusals.CheckNotAtThisStep):
        checks.remove_finding(by=world.chuyen_vien, at=at(date(2026, 3, 10)), finding=kept, reason="Quá muộn")


def test_a_finding_is_closed_by_its_task_confirmed(world: World) -> None:
    visit = opened(world)
    made, strength = found(world, visit), found(world, visit, kind="STRENGTH", text="Hồ sơ tốt")
    given = {"text": "Niêm yết công khai", "due": "trước ngày 20/3/2026"}
    day = at(date(2026, 3, 11))
    with pytest.raises(refusals.CheckNotAtThisStep):
        checks.give_task(by=world.chu_tich, at=day, finding=made, **given)
    signed(world, visit)
    with pytest.raises(refusals.NothingToMend):
        checks.give_task(by=world.chu_tich, at=day, finding=strength, **given)
    task = checks.give_task(by=world.chu_tich, at=day, finding=made, **given)
    assert (task.lead_id, task.assigned_by_id, task.due_on) == (world.thcs, world.suoi, date(2026, 3, 20))
    with pytest.raises(refusals.FindingHasTask):
        checks.give_task(by=world.chu_tich, at=day, finding=made, **given)
    propose_done(by=world.hieu_truong, at=at(date(2026, 3, 15)), task=task, text="Đã niêm yết")
    assert list(queries.open_findings(world.chuyen_vien, TODAY)) == [made], "reported is not confirmed"
    confirm(by=world.chu_tich, at=at(date(2026, 3, 16)), task=task)
    assert list(queries.open_findings(world.chuyen_vien, TODAY)) == []
    made.refresh_from_db()
    assert queries.is_closed(made)
    with pytest.raises(refusals.FindingClosed):
        checks.explain(by=world.hieu_truong, at=day, finding=made, text="Muộn")


def test_a_task_called_off_leaves_the_finding_open_for_another(world: World) -> None:
    visit = opened(world)
    made = found(world, visit)
    signed(world, visit)
    day = at(date(2026, 3, 11))
    first = checks.give_task(by=world.chu_tich, at=day, finding=made, text="Niêm yết", due="20/3/2026")
    call_off(by=world.chu_tich, at=day, task=first, reason="Giao lại rõ hơn")
    assert list(queries.open_findings(world.hieu_truong, TODAY)) == [made]
    second = checks.give_task(by=world.chu_tich, at=day, finding=made, text="Niêm yết ở bảng tin", due="25/3/2026")
    assert second != first


def test_an_explanation_closes_only_when_the_checker_accepts_it(world: World) -> None:
    visit = opened(world)
    made = found(world, visit)
    signed(world, visit)
    day = at(date(2026, 3, 12))
    with pytest.raises(refusals.NothingExplained):
        checks.judge(by=world.chuyen_vien, at=day, finding=made, accepted=True)
    with pytest.raises(NotAllowed):
        checks.explain(by=world.chuyen_vien, at=day, finding=made, text="Hộ trường")
    checks.explain(by=world.hieu_truong, at=day, finding=made, text="Đã niêm yết từ 01/3, ảnh kèm theo")
    with pytest.raises(work_refusals.Required):
        checks.judge(by=world.chuyen_vien, at=day, finding=made, accepted=False)
    checks.judge(by=world.chuyen_vien, at=day, finding=made, accepted=False, answer="Ảnh không rõ ngày")
    assert list(queries.open_findings(world.chuyen_vien, TODAY)) == [made]
    checks.explain(by=world.hieu_truong, at=day, finding=made, text="Gửi biên bản niêm yết ngày 01/3")
    checks.judge(by=world.chuyen_vien, at=day, finding=made, accepted=True)
    assert list(queries.open_findings(world.chuyen_vien, TODAY)) == []


def test_the_notice_of_results_follows_the_minutes(world: World) -> None:
    visit = opened(world)
    made = found(world, visit)
    given: dict[str, Any] = {
        "by": world.chu_tich, "at": at(date(2026, 3, 20)), "visit": visit, "symbol": "40/TB-UBND",
        "issued_on": date(2026, 3, 20), "text": "Nhà trường khắc phục trước 30/3.",
    }  # fmt: skip
    with pytest.raises(refusals.CheckNotAtThisStep):
        checks.conclude_check(**given)
    signed(world, visit)
    with pytest.raises(refusals.ConcludedTooEarly):
        checks.conclude_check(**{**given, "issued_on": date(2026, 3, 9)})
    done = checks.conclude_check(**given)
    assert done.document is not None and done.document.addressees.get().unit_id == world.thcs
    assert queries.days_left(done, date(2026, 3, 21)) is None
    task = checks.give_task(by=world.chu_tich, at=at(date(2026, 3, 21)), finding=made, text="Niêm yết", due="30/3/2026")
    assert task.document == done.document


def test_the_same_finding_again_is_counted(world: World) -> None:
    first = opened(world)
    found(world, first)
    signed(world, first)
    later = line(world, unit_ids=[world.thcs], time="tháng 9/2026", reason="Kiểm tra lại")
    checks.add_member(by=world.chuyen_vien, at=at(), planned=later, name="A", head=True)
    (second,) = checks.decide(
        by=world.chuyen_vien, at=at(), planned=later, symbol="88/QĐ-UBND", issued_on=TODAY, opens_on=date(2026, 9, 7)
    )
    checks.open_visit(by=world.chuyen_vien, at=at(date(2026, 9, 7)), visit=second)
    same = found(world, second, text="Vẫn chưa niêm yết")
    other = found(world, second, topic="STAFF", text="Thiếu hồ sơ viên chức")
    worse = found(world, second, kind="VIOLATION", text="Thu ngoài quy định")
    assert queries.again([same, other, worse]) == {same.pk: 1}
    assert queries.again(list(first.findings.all())) == {}, "the first time is no repeat"


def test_a_check_that_began_is_carried_through_one_only_decided_is_called_off(world: World) -> None:
    visit = decided(world)
    checks.drop_target(by=world.chuyen_vien, at=at(), target=visit.target, reason="Trường đang thi")
    visit.refresh_from_db()
    assert visit.state == State.CALLED_OFF
    other = CheckVisit.objects.get(unit_id=world.tieu_hoc)
    checks.open_visit(by=world.chuyen_vien, at=at(date(2026, 3, 9)), visit=other)
    with pytest.raises(refusals.CheckStarted):
        checks.drop_line(by=world.chuyen_vien, at=at(), planned=other.target.planned, reason="Thôi")


def test_each_verb_is_in_the_journal(world: World) -> None:
    visit = opened(world)
    found(world, visit)
    signed(world, visit)
    verbs = {each.verb for each in events() if each.verb.startswith("check.")}
    wanted = "plan_line approve issue_plan team decide open minutes finding present sign"
    assert {f"check.{verb}" for verb in wanted.split()} <= verbs
