"""Verbs on votes: put a motion to the vote, count hands or give a vote, close it. A closed vote never changes."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils import timezone

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.work import refusals_awards as refusals
from giaoban.work.actions.meeting_rules import next_number, require_state, required, run
from giaoban.work.models import AgendaItem, Invitation, Meeting, MeetingState, Motion, Voter
from giaoban.work.queries.votes import is_here, my_vote, passes, thresholds

RUNS = ("meeting.plan", "meeting.conclude")
Way, State, Choice = Motion.Way, Motion.State, Voter.Choice


def put_to_vote(
    *,
    by: Actor,
    at: datetime,
    meeting: Meeting,
    text: str,
    way: str,
    per: str = "PERSON",
    threshold: str = "qua_nua_thanh_vien",
    item: AgendaItem | None = None,
    chair_votes: bool = True,
) -> Motion:
    """Open a vote among the members invited (not observers), and the chair where the chair is a member."""
    with run(by, at, "meeting.vote", meeting, needs=RUNS) as (entry, meeting):
        require_state(meeting, MeetingState.HELD)
        if meeting.closed_at is not None:
            raise refusals.VoteOver()
        if item is not None and item.meeting_id != meeting.pk:
            raise NotAllowed()
        needs = thresholds().get(threshold)
        if needs is None:
            raise refusals.UnknownThreshold()
        roll = _roll(meeting, Motion.Per(per), chair_votes)
        if not roll:
            raise refusals.NobodyMayVote()
        motion = Motion.objects.create(
            meeting=meeting,
            item=item,
            no=next_number(meeting.motions, "no"),
            text=required(text, "text"),
            way=Way(way).value,
            per=Motion.Per(per).value,
            threshold=needs.code,
            needs_numerator=needs.numerator,
            needs_denominator=needs.denominator,
            needs_more=needs.more,
            needs_of=needs.of,
            members=len(roll),
            present=sum(each.present for each in roll),
            opened_at=at,
            opened_by=_who(by),
        )
        for each in roll:
            each.motion = motion
        Voter.objects.bulk_create(roll)
        entry.data.update(no=motion.no, way=motion.way, members=motion.members)
    return motion


def _roll(meeting: Meeting, per: str, chair_votes: bool) -> list[Voter]:
    """One line a vote: a person invited, or of each unit one."""
    found: list[Voter] = []
    units: set[int] = set()
    if chair_votes:
        units.add(meeting.unit_id)
        found.append(
            Voter(unit_id=meeting.unit_id, position_id=meeting.chair_position_id, name=meeting.chair_name, present=True)
        )
    for each in meeting.invitations.filter(observer=False).order_by("pk"):
        if per == Motion.Per.UNIT:
            if each.unit_id in units:
                continue
            units.add(each.unit_id)
        voter = Voter(invitation=each, unit_id=each.unit_id, position_id=each.position_id, present=False)
        voter.name = (each.substitute or each.person)[:200]
        if per == Motion.Per.UNIT or each.attendance == Invitation.Attendance.SUBSTITUTE:
            voter.position_id = None  # who came for the unit votes for it
        voter.present = is_here(voter)
        found.append(voter)
    return found


def give_vote(*, by: Actor, at: datetime, motion: Motion, choice: str) -> Voter:
    """One's own vote, once. Of a secret vote only that it was given is kept; what it was goes into the sums alone."""
    # The journal of a secret vote names the meeting, not who voted what; the list of voters bears no time.
    with writing(by=by, at=at, verb="vote.cast", subject=motion.meeting, unit_id=by.unit_id) as entry:
        found = _open(motion)
        if found.way == Way.HANDS:
            raise refusals.CountedByHand()
        seat = my_vote(by, found, timezone.localdate(at))
        if seat is None:
            raise refusals.NotAVoter()
        voter = Voter.objects.select_for_update().get(pk=seat.pk)
        if voter.voted:
            raise refusals.VotedAlready()
        if not is_here(seat):
            raise refusals.VoterAbsent()
        given = Choice(choice)
        if given == Choice.NONE:
            raise refusals.NotCounted(field="choice")
        voter.voted, voter.present = True, True
        voter.choice = "" if found.way == Way.SECRET else given.value
        voter.save(update_fields=["voted", "present", "choice"])
        name = {Choice.FOR: "in_favour", Choice.AGAINST: "against", Choice.ABSTAIN: "abstain"}[given]
        present = found.voters.filter(present=True).count()
        Motion.objects.filter(pk=found.pk).update(**{name: F(name) + 1, "present": present})
        entry.data["no"] = found.no
    return voter


def close_vote(
    *,
    by: Actor,
    at: datetime,
    motion: Motion,
    in_favour: int | None = None,
    against: int | None = None,
    abstain: int | None = None,
) -> Motion:
    """End the vote and say what came out: of a show of hands by the secretary's count, else of the votes given."""
    with run(by, at, "meeting.vote_close", motion.meeting, needs=RUNS) as (entry, _meeting):
        found = _open(motion)
        found.present = _present(found)
        if found.way == Way.HANDS:
            if in_favour is None or against is None or abstain is None:
                raise refusals.NotCounted()
            if min(in_favour, against, abstain) < 0:
                raise refusals.NotCounted()
            if in_favour + against + abstain > found.present:
                raise refusals.MoreThanPresent(sum=in_favour + against + abstain, present=found.present)
            found.in_favour, found.against, found.abstain = in_favour, against, abstain
        elif (in_favour, against, abstain) != (None, None, None):
            raise refusals.VotedByPhone()
        found.state = State.CARRIED if passes(found) else State.REJECTED
        found.closed_at, found.closed_by = at, _who(by)
        found.save(update_fields=["present", "in_favour", "against", "abstain", "state", "closed_at", "closed_by"])
        entry.data.update(no=found.no, state=found.state, result=[found.in_favour, found.against, found.abstain])
    return found


def cancel_vote(*, by: Actor, at: datetime, motion: Motion, reason: str) -> Motion:
    """A vote put wrongly ends without a result; it stays in the minutes with the reason."""
    with run(by, at, "meeting.vote_cancel", motion.meeting, reason, needs=RUNS) as (entry, _meeting):
        found = _open(motion)
        found.cancelled_why = required(reason, "reason")[:300]
        found.state, found.closed_at, found.closed_by = State.CANCELLED, at, _who(by)
        found.save(update_fields=["cancelled_why", "state", "closed_at", "closed_by"])
        entry.data["no"] = found.no
    return found


def _open(motion: Motion) -> Motion:
    found = Motion.objects.select_for_update().get(pk=motion.pk)
    if found.state != State.OPEN:
        raise refusals.VoteOver()
    return found


def _present(motion: Motion) -> int:
    """Those on the list who are in the meeting now: who came late votes too, who has voted was there."""
    rows = list(motion.voters.select_related("invitation"))
    for each in rows:
        each.present = each.voted or is_here(each)
    Voter.objects.bulk_update(rows, ["present"])
    return sum(each.present for each in rows)


def _who(by: Actor) -> str:
    return (f"{by.name}, {by.title}" if by.title else by.name)[:200]
