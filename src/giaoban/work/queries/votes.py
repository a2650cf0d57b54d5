"""Questions about votes: thresholds, who may vote and did, and what came out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from giaoban import catalogue
from giaoban.core.numbers import vi_number, vi_percent
from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.work.models import Invitation, Meeting, Motion, Voter

HERE = (Invitation.Attendance.PRESENT, Invitation.Attendance.LATE, Invitation.Attendance.SUBSTITUTE)
MEMBERS = "members"


@dataclass(frozen=True)
class Threshold:
    """How many in favour carry a motion."""

    code: str
    name: str
    numerator: int
    denominator: int
    more: bool
    of: str


def thresholds() -> dict[str, Threshold]:
    return {
        code: Threshold(code, row["name"], row["numerator"], row["denominator"], row["more"], row["of"])
        for code, row in catalogue.table("votes.toml").items()
    }


def carried(in_favour: int, base: int, numerator: int, denominator: int, more: bool) -> bool:
    """Exact, in whole numbers: more than, or at least, the share of the base. Nobody carries nothing."""
    left, right = in_favour * denominator, numerator * base
    return base > 0 and (left > right if more else left >= right)


def base_of(motion: Motion) -> int:
    return motion.members if motion.needs_of == MEMBERS else motion.present


def passes(motion: Motion) -> bool:
    return carried(
        motion.in_favour, base_of(motion), motion.needs_numerator, motion.needs_denominator, motion.needs_more
    )


def is_here(voter: Voter) -> bool:
    """The chair is; who is invited when they were checked in, also late, or their substitute was."""
    return voter.invitation is None or voter.invitation.attendance in HERE


def motions(actor: Actor, meeting: Meeting, on: date) -> QuerySet[Motion]:
    """The votes of a meeting: all for the host's side, for others those where they vote, and what was decided."""
    found = meeting.motions.select_related("item")
    if people.may(actor, "meeting.view", meeting.unit_id, on):
        return found
    mine = Voter.objects.filter(motion__meeting=meeting, unit_id=actor.unit_id).values("motion")
    return found.filter(pk__in=mine)


def motion(actor: Actor, meeting: Meeting, motion_id: int, on: date) -> Motion:
    """One vote; Motion.DoesNotExist where it is not there or not for this actor."""
    return motions(actor, meeting, on).get(pk=motion_id)


def my_vote(actor: Actor, found: Motion, on: date) -> Voter | None:
    """The place on the list from which the actor votes: their own seat, else their unit's."""
    if actor.is_system or not actor.position_id:
        return None
    rows = list(found.voters.select_related("invitation").filter(unit_id=actor.unit_id))
    own = [each for each in rows if each.position_id == actor.position_id]
    free = [each for each in rows if each.position_id is None]
    seat = next(iter([*own, *free]), None)
    if seat is None and found.voters.filter(position_id=actor.position_id).exists():
        seat = found.voters.select_related("invitation").get(position_id=actor.position_id)
    if seat is None or not people.sits(actor, on):
        return None
    if seat.position_id is None and not people.may(actor, "vote.cast", seat.unit_id, on):
        return None
    return seat


@dataclass(frozen=True)
class Line:
    """One number of a result with its share: 12/15 (80%)."""

    word: str
    votes: int
    of: int

    @property
    def share(self) -> str:
        return vi_percent(self.votes, self.of, 1)


def result(motion: Motion) -> list[Line]:
    """In favour, against, abstained, and those present who gave no vote; shares of what the threshold counts."""
    base = base_of(motion)
    given = motion.in_favour + motion.against + motion.abstain
    return [
        Line("Tán thành", motion.in_favour, base),
        Line("Không tán thành", motion.against, base),
        Line("Ý kiến khác, không có ý kiến", motion.abstain, base),
        Line("Có mặt, không biểu quyết", motion.present - given, base),
    ]


def result_words(motion: Motion) -> str:
    """The result in one sentence, for minutes: with what it was counted of."""
    base = base_of(motion)
    of = "tổng số thành viên" if motion.needs_of == MEMBERS else "số có mặt"
    lines = result(motion)
    numbers = "; ".join(f"{each.word.lower()} {vi_number(each.votes)}" for each in lines[:3])
    threshold = thresholds().get(motion.threshold)
    needs = threshold.name[:1].lower() + threshold.name[1:] if threshold else ""
    verdict = "thông qua" if motion.state == Motion.State.CARRIED else "không thông qua"
    return (
        f"{numbers} (có mặt {vi_number(motion.present)}/{vi_number(motion.members)}). Tán thành"
        f" {vi_number(motion.in_favour)}/{vi_number(base)} {of} ({vi_percent(motion.in_favour, base, 1)}),"
        f" cần {needs}: {verdict}."
    )


def way_words(motion: Motion) -> str:
    """How it was voted, as minutes say it."""
    return {
        Motion.Way.HANDS: "biểu quyết bằng giơ tay",
        Motion.Way.PHONE: "biểu quyết công khai trên máy",
        Motion.Way.SECRET: "bỏ phiếu kín trên máy",
    }[Motion.Way(motion.way)]


def voted_counts(found: Sequence[Motion]) -> dict[int, tuple[int, int]]:
    """Of open votes: how many gave theirs, of how many."""
    rows: dict[int, list[bool]] = {each.pk: [] for each in found}
    for motion_id, voted in Voter.objects.filter(motion__in=list(rows)).values_list("motion_id", "voted"):
        rows[motion_id].append(voted)
    return {pk: (sum(marks), len(marks)) for pk, marks in rows.items()}
