"""Votes: who may, how hands are counted, how a secret ballot stays secret, what carries a motion."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giaoban.core.refusal import NotAllowed
from giaoban.journal.models import Event
from giaoban.work import actions as work
from giaoban.work import refusals, refusals_awards
from giaoban.work.actions import votes as actions
from giaoban.work.models import Invitation, Meeting, Motion, Voter
from giaoban.work.queries import votes as queries
from tests.rooms.work.world import TODAY, World, at, client


def council(world: World, come: int = 3) -> Meeting:
    """Three heads of schools are members, an office observes; so many of the three come."""
    meeting = work.plan_meeting(
        by=world.chuyen_vien,
        at=at(),
        unit_id=world.suoi,
        kind="khac",
        title="Hội đồng thi đua, khen thưởng xã",
        starts_at=at(),
        chair_name="Nguyễn Văn Suối",
        chair_position_id=world.chu_tich.position_id,
    )
    members = [world.thcs, world.tieu_hoc, world.mam_non]
    work.invite(by=world.chuyen_vien, at=at(), meeting=meeting, unit_ids=members)
    work.invite(by=world.chuyen_vien, at=at(), meeting=meeting, unit_ids=[world.vhxh], observer=True)
    work.send_invitations(by=world.chuyen_vien, at=at(), meeting=meeting)
    meeting = work.open_meeting(by=world.chuyen_vien, at=at(), meeting=meeting)
    for each in Invitation.objects.filter(meeting=meeting, unit__in=members[:come]):
        arrive(world, each)
    return meeting


def arrive(world: World, invitation: Invitation) -> None:
    work.take_attendance(by=world.chuyen_vien, at=at(), invitation=invitation, attendance="PRESENT")


def put(world: World, meeting: Meeting, way: str = "HANDS", **more: object) -> Motion:
    said: dict[str, object] = {"text": "Đề nghị tặng Bằng khen cho Trường THCS Suối Thử", "way": way, **more}
    return actions.put_to_vote(by=world.chuyen_vien, at=at(), meeting=meeting, **said)  # type: ignore[arg-type]


def vote(actor: object, motion: Motion, choice: str = "FOR") -> Voter:
    return actions.give_vote(by=actor, at=at(), motion=motion, choice=choice)  # type: ignore[arg-type]


def test_thresholds_are_data_and_exact() -> None:
    found = queries.thresholds()
    half, third = found["qua_nua_thanh_vien"], found["hai_phan_ba_co_mat"]
    assert (half.more, half.of, third.more, third.of) == (True, "members", False, "present")
    assert not queries.carried(5, 10, 1, 2, more=True)  # exactly half is not more than half
    assert queries.carried(6, 10, 1, 2, more=True)
    assert queries.carried(6, 9, 2, 3, more=False)  # two thirds to the vote
    assert not queries.carried(5, 9, 2, 3, more=False)
    assert not queries.carried(0, 0, 1, 2, more=True)


@given(st.integers(0, 200), st.integers(1, 200), st.sampled_from([(1, 2), (2, 3), (3, 4)]), st.booleans())
def test_carried_is_the_comparison_of_fractions(votes: int, base: int, share: tuple[int, int], more: bool) -> None:
    part, bound = Fraction(votes, base), Fraction(*share)
    assert queries.carried(votes, base, *share, more=more) == (part > bound if more else part >= bound)


def test_members_and_the_chair_vote_observers_do_not(world: World) -> None:
    motion = put(world, council(world, come=2))
    assert (motion.members, motion.present) == (4, 3)
    assert {each.unit_id for each in motion.voters.all()} == {world.suoi, world.thcs, world.tieu_hoc, world.mam_non}
    alone = put(world, motion.meeting, chair_votes=False)
    assert (alone.members, alone.present) == (3, 2)


def test_hands_cannot_be_more_than_those_present(world: World) -> None:
    motion = put(world, council(world, come=2))
    with pytest.raises(refusals_awards.MoreThanPresent):
        actions.close_vote(by=world.chuyen_vien, at=at(), motion=motion, in_favour=3, against=1, abstain=0)
    with pytest.raises(refusals_awards.NotCounted):
        actions.close_vote(by=world.chuyen_vien, at=at(), motion=motion)
    closed = actions.close_vote(by=world.chuyen_vien, at=at(), motion=motion, in_favour=2, against=1, abstain=0)
    assert closed.state == Motion.State.REJECTED  # 2 of 4 members is not more than half
    by_present = put(world, motion.meeting, threshold="qua_nua_co_mat")
    closed = actions.close_vote(by=world.chuyen_vien, at=at(), motion=by_present, in_favour=2, against=0, abstain=0)
    assert closed.state == Motion.State.CARRIED  # 2 of 3 present
    assert [(each.votes, each.of) for each in queries.result(closed)] == [(2, 3), (0, 3), (0, 3), (1, 3)]
    assert "Tán thành 2/3 số có mặt (66,7%), cần quá nửa số có mặt: thông qua." in queries.result_words(closed)


def test_a_closed_vote_never_changes(world: World) -> None:
    motion = put(world, council(world))
    actions.close_vote(by=world.chuyen_vien, at=at(), motion=motion, in_favour=4, against=0, abstain=0)
    with pytest.raises(refusals_awards.VoteOver):
        actions.close_vote(by=world.chu_tich, at=at(), motion=motion, in_favour=0, against=4, abstain=0)
    with pytest.raises(refusals_awards.VoteOver):
        actions.cancel_vote(by=world.chu_tich, at=at(), motion=motion, reason="Nhầm")


def test_each_votes_once_on_their_own_phone(world: World) -> None:
    motion = put(world, council(world, come=2), way="PHONE")
    vote(world.chu_tich, motion)
    vote(world.hieu_truong, motion)
    vote(world.hieu_truong_th, motion, "AGAINST")
    with pytest.raises(refusals_awards.VotedAlready):
        vote(world.hieu_truong, motion)
    with pytest.raises(refusals_awards.VoterAbsent):
        vote(world.hieu_truong_mn, motion)
    arrive(world, Invitation.objects.get(meeting=motion.meeting, unit=world.mam_non))  # comes late, votes too
    vote(world.hieu_truong_mn, motion, "ABSTAIN")
    for stranger in (world.hieu_truong_doi, world.truong_phong, world.chuyen_vien, world.giao_vien):
        with pytest.raises((refusals_awards.NotAVoter, NotAllowed)):
            vote(stranger, motion)
    with pytest.raises(refusals_awards.VotedByPhone):
        actions.close_vote(by=world.chuyen_vien, at=at(), motion=motion, in_favour=9, against=0, abstain=0)
    closed = actions.close_vote(by=world.chuyen_vien, at=at(), motion=motion)
    assert (closed.in_favour, closed.against, closed.abstain, closed.present) == (2, 1, 1, 4)
    assert closed.state == Motion.State.REJECTED
    assert dict(closed.voters.values_list("unit_id", "choice"))[world.tieu_hoc] == "AGAINST"


def test_of_a_secret_vote_who_voted_is_kept_and_what_is_not(world: World) -> None:
    motion = put(world, council(world), way="SECRET")
    before = Event.objects.count()
    for actor, choice in [(world.chu_tich, "FOR"), (world.hieu_truong, "AGAINST"), (world.hieu_truong_th, "FOR")]:
        vote(actor, motion, choice)
    assert set(motion.voters.filter(voted=True).values_list("choice", flat=True)) == {""}
    assert motion.voters.filter(voted=True).count() == 3
    for event in Event.objects.order_by("pk")[before:]:
        assert not {"FOR", "AGAINST", "in_favour", "against"} & set(str(event.data).replace("'", " ").split())
    closed = actions.close_vote(by=world.chuyen_vien, at=at(), motion=motion)
    assert (closed.in_favour, closed.against, closed.state) == (2, 1, Motion.State.REJECTED)


def test_hands_are_not_voted_by_phone_and_only_while_in_session(world: World) -> None:
    meeting = council(world)
    motion = put(world, meeting)
    with pytest.raises(refusals_awards.CountedByHand):
        vote(world.hieu_truong, motion)
    with pytest.raises(refusals_awards.UnknownThreshold):
        put(world, meeting, threshold="ba_phan_tu")
    with pytest.raises(NotAllowed):
        actions.put_to_vote(by=world.hieu_truong, at=at(), meeting=meeting, text="Khác", way="HANDS")
    work.close_meeting(by=world.chuyen_vien, at=at(), meeting=meeting)
    with pytest.raises(refusals_awards.VoteOver):
        put(world, meeting)


def test_one_vote_a_unit_and_none_without_members(world: World) -> None:
    meeting = work.plan_meeting(
        by=world.chuyen_vien,
        at=at(),
        unit_id=world.suoi,
        kind="khac",
        title="Họp",
        starts_at=at(),
        chair_name="Nguyễn Văn Suối",
    )
    with pytest.raises(refusals.MeetingNotOpen):
        put(world, meeting)
    meeting = work.open_meeting(by=world.chuyen_vien, at=at(), meeting=meeting)
    with pytest.raises(refusals_awards.NobodyMayVote):
        put(world, meeting, chair_votes=False)
    work.invite(by=world.chuyen_vien, at=at(), meeting=meeting, unit_ids=[world.thcs])
    Invitation.objects.create(meeting=meeting, unit_id=world.thcs, position_id=world.giao_vien.position_id)
    assert put(world, meeting, chair_votes=False).members == 2
    assert put(world, meeting, chair_votes=False, per="UNIT").members == 1


def test_a_cancelled_vote_stays_with_its_reason(world: World) -> None:
    motion = put(world, council(world))
    with pytest.raises(refusals.Required):
        actions.cancel_vote(by=world.chuyen_vien, at=at(), motion=motion, reason=" ")
    actions.cancel_vote(by=world.chuyen_vien, at=at(), motion=motion, reason="Sai nội dung")
    motion.refresh_from_db()
    assert (motion.state, motion.cancelled_why) == (Motion.State.CANCELLED, "Sai nội dung")


@pytest.mark.usefixtures("today")
def test_the_pages_of_a_vote(world: World) -> None:
    meeting = council(world)
    office, school = client(world.chuyen_vien), client(world.hieu_truong)
    sent = {"text": "Thông qua danh sách", "way": "SECRET", "per": "PERSON", "threshold": "qua_nua_co_mat"}
    made = office.post(f"/hop/{meeting.pk}/bieu-quyet/", {**sent, "chair_votes": "on"})
    assert made.status_code == 302
    page = school.get(made["Location"]).content.decode()
    assert 'name="choice" value="FOR"' in page
    assert school.post(f"{made['Location']}phieu/", {"choice": "Y"}).status_code == 422
    assert school.post(f"{made['Location']}phieu/", {"choice": "FOR"}).status_code == 302
    assert school.post(f"{made['Location']}phieu/", {"choice": "FOR"}).status_code == 422
    assert 'name="choice"' not in school.get(made["Location"]).content.decode()
    assert 'name="choice"' not in office.get(made["Location"]).content.decode()
    assert office.post(f"{made['Location']}khoa/").status_code == 302
    assert "1/4" in office.get(f"/hop/{meeting.pk}/bieu-quyet/").content.decode()
    assert client(world.hieu_truong_doi).get(made["Location"]).status_code == 404
    hands = put(world, meeting)
    over = {"in_favour": 9, "against": 0, "abstain": 0}
    assert office.post(f"{hands.get_absolute_url()}khoa/", over).status_code == 422
    assert office.post(f"{hands.get_absolute_url()}huy/", {"reason": "Nhầm"}).status_code == 302
    assert queries.motions(world.truong_phong, meeting, TODAY).count() == 0
