"""When a unit ends: its open tasks, its part in those of others, and the meetings it holds or is invited to go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from giaoban.core.refusal import NotAllowed, Refused, sentence
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.notices import actions as notices
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import Change
from giaoban.orgs.queries.heirs import Succession, succession
from giaoban.people import queries as people
from giaoban.people.models import Position
from giaoban.work.actions.following_awards import pass_awards, take_awards_back
from giaoban.work.actions.following_checks import pass_checks, resting_checks, take_checks_back
from giaoban.work.actions.following_meetings import pass_gathering, take_gathering_back, tell_hosts
from giaoban.work.actions.following_saved import pass_views, take_views_back
from giaoban.work.actions.following_tasks import pass_drafts, take_drafts_back
from giaoban.work.models import Difficulty, Invitation, Meeting, MeetingState, Partner, Progress, Request, Task

Record = dict[str, Any]
GOING_ON = (MeetingState.PLANNED, MeetingState.HELD)
TASK_FIELDS = ("lead_id", "assigned_by_id", "officer_id")


@dataclass(frozen=True)
class Followed:
    """What went along by rule. `tasks`: of each ended unit the open ones somebody must be found for; `meetings` too."""

    record: Record
    tasks: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    meetings: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


class NewerTasks(Refused):
    sentence = sentence("%(count)s tasks were given by or to the new units since, such as “%(example)s”.")


class NewerProgress(Refused):
    sentence = sentence("%(count)s tasks that passed on were worked on since, such as “%(example)s”.")


class NewerMeetings(Refused):
    sentence = sentence(
        "%(count)s meetings of or with the new units were planned or held since, such as “%(example)s”."
    )


def open_tasks() -> QuerySet[Task]:
    return Task.objects.filter(confirmed_at__isnull=True, called_off_at__isnull=True).order_by("pk")


def follow(*, by: Actor, at: datetime, change: Change, seats: Mapping[int, int]) -> Followed:
    """Open work of units that became one other goes to that one; `seats` is {old position: new position}."""
    change.refresh_from_db()
    if change.undone_at is not None:
        raise NotAllowed()
    told = succession(change)
    mover = _Mover(by, at)
    with writing(by=by, at=at, verb="task.follow", subject=change) as entry:
        mine = Q(lead__in=told.ended) | Q(assigned_by__in=told.ended) | Q(officer__in=list(seats))
        undecided: dict[int, list[int]] = {}
        tasks = list(open_tasks().filter(mine))
        for task in tasks:
            for unit in dict.fromkeys([task.lead_id, task.assigned_by_id]):
                if unit in told.divided or unit in told.closed:
                    undecided.setdefault(unit, []).append(task.pk)
        mover.tasks(tasks, told.whole, seats)
        mover.partners(told.whole)
        meetings: dict[int, list[int]] = {}
        for meeting in Meeting.objects.filter(state__in=GOING_ON, unit__in=told.ended).order_by("pk"):
            if meeting.unit_id in told.whole:
                mover.meeting(meeting, told.whole[meeting.unit_id], seats)
            else:
                meetings.setdefault(meeting.unit_id, []).append(meeting.pk)
        mover.invitations(told.whole)
        mover.record["gathering"] = pass_gathering(told.whole)
        mover.record["told"] = tell_hosts(by, at, [*told.divided, *told.closed])
        mover.requests(_answering(told))
        mover.record["views"] = pass_views(told.whole, seats)
        mover.record["checks"] = pass_checks(told.whole, _answering(told))
        mover.record["awards"] = pass_awards(_answering(told))
        mover.record["drafts"] = pass_drafts(_answering(told))
        mover.tell(entry.data)
        entry.skip = mover.nothing
    return Followed(
        mover.record,
        {unit: tuple(found) for unit, found in undecided.items()},
        {unit: tuple(found) for unit, found in meetings.items()},
    )


def _answering(told: Succession) -> dict[int, int]:
    """Who goes on with requests and difficulties: the heir, of a divided unit its main part, else the unit above."""
    found = dict(told.whole) | {old: parts[0] for old, parts in told.divided.items()}
    for old in told.closed:
        above = orgs.parent(old, orgs.MANAGEMENT, told.on - timedelta(days=1))
        if above is not None:
            found[old] = above
    return found


def pass_on(*, by: Actor, at: datetime, on: date, old: int, task_ids: Sequence[int], unit_id: int) -> Record:
    """A person decides which unit goes on with tasks of one that was divided or closed."""
    people.require(by, "unit.manage", unit_id, timezone.localdate(at), tree_day=on)
    mover = _Mover(by, at)
    with writing(by=by, at=at, verb="task.follow", unit_id=unit_id) as entry:
        mover.tasks(list(open_tasks().filter(pk__in=list(task_ids))), {old: unit_id}, {})
        mover.tell(entry.data)
    return mover.record


def pass_meetings_on(*, by: Actor, at: datetime, on: date, meeting_ids: Sequence[int], unit_id: int) -> Record:
    """A person decides which unit holds the meetings of one that was divided or closed."""
    people.require(by, "unit.manage", unit_id, timezone.localdate(at), tree_day=on)
    mover = _Mover(by, at)
    with writing(by=by, at=at, verb="task.follow", unit_id=unit_id) as entry:
        for meeting in Meeting.objects.filter(pk__in=list(meeting_ids), state__in=GOING_ON).order_by("pk"):
            mover.meeting(meeting, unit_id, {})
        mover.tell(entry.data)
    return mover.record


def take_back(*, by: Actor, at: datetime, change: Change, records: Sequence[Record]) -> None:
    """Everything stands where it stood before a change that was undone."""
    change.refresh_from_db()
    if change.undone_at is None:
        raise NotAllowed()
    with writing(by=by, at=at, verb="task.take_back", subject=change) as entry:
        for record in reversed(records):
            Progress.objects.filter(pk__in=record["notes"]).delete()
            for key, *before in record["tasks"]:
                Task.objects.filter(pk=key).update(**dict(zip(TASK_FIELDS, before)))
            for key, unit in record["partners"]:
                Partner.objects.filter(pk=key).update(unit=unit)
            for key, unit, chair, _ in record["meetings"]:
                Meeting.objects.filter(pk=key).update(unit=unit, chair_position=chair)
            for key, unit, *seat in record["invitations"]:
                Invitation.objects.filter(pk=key).update(unit=unit, position=seat[0] if seat else None)
            for key, unit, to in record.get("requests", []):
                Request.objects.filter(pk=key).update(unit=unit, to=to)
            take_views_back(record.get("views", []))
            take_checks_back(record.get("checks", []))
            take_gathering_back(record.get("gathering", []))
            notices.recall(by=by, at=at, messages=record.get("told", []))
            take_awards_back(record.get("awards", []))
            take_drafts_back(record.get("drafts", []))
            for key, unit, host in record.get("difficulties", []):
                Difficulty.objects.filter(pk=key).update(unit=unit, host=host)
        entry.skip = not any(any(record.values()) for record in records)


def resting(records: Sequence[Record], founded: Sequence[int]) -> list[Refused]:
    """Tasks and meetings of the new units, and what was done since on those that passed to them."""
    units = list(founded)
    found: list[Refused] = []
    passed = {row[0] for record in records for row in record["tasks"]}
    shared = [row[0] for record in records for row in record["partners"]]
    partner = Partner.objects.filter(unit__in=units).exclude(pk__in=shared)
    mine = Q(lead__in=units) | Q(assigned_by__in=units) | Q(pk__in=partner.values("task"))
    newer = Task.objects.filter(mine).exclude(pk__in=passed | set(_tasks_of(shared)))
    if count := newer.count():
        found.append(NewerTasks(count=count, example=str(newer.first())))
    worked = _worked_on(records)
    if worked:
        found.append(NewerProgress(count=len(worked), example=str(worked[0])))
    held = {row[0]: row[3] for record in records for row in record["meetings"]}
    changed = [one.pk for one in Meeting.objects.filter(pk__in=list(held)) if one.state != held[one.pk]]
    invited = [row[0] for record in records for row in record["invitations"]]
    others = Invitation.objects.filter(unit__in=units).exclude(pk__in=invited)
    meetings = Meeting.objects.filter(
        (Q(unit__in=units) & ~Q(pk__in=list(held))) | Q(pk__in=others.values("meeting")) | Q(pk__in=changed)
    )
    if count := meetings.distinct().count():
        found.append(NewerMeetings(count=count, example=str(meetings.first())))
    return found + resting_checks([row for record in records for row in record.get("checks", [])], units)


def _tasks_of(partner_ids: Sequence[int]) -> list[int]:
    return list(Partner.objects.filter(pk__in=list(partner_ids)).values_list("task_id", flat=True))


def _worked_on(records: Sequence[Record]) -> list[Task]:
    """Tasks whose diary goes on after the last note that passed them on."""
    notes: dict[int, int] = {}
    for record in records:
        for row, note in zip(record["tasks"], record["notes"]):
            notes[row[0]] = max(note, notes.get(row[0], 0))
    last = Progress.objects.filter(task__in=list(notes)).order_by("pk").values_list("task_id", "pk")
    changed = [task for task, note in dict(last).items() if note > notes[task]]
    return list(Task.objects.filter(pk__in=changed).order_by("pk"))


class _Mover:
    """Passes rows on and keeps what stood before in them."""

    def __init__(self, by: Actor, at: datetime) -> None:
        self.by, self.at = by, at
        self.record: Record = {"tasks": [], "notes": [], "partners": [], "meetings": [], "invitations": []}
        self.record |= {"requests": [], "difficulties": [], "checks": [], "gathering": [], "awards": [], "drafts": []}
        self.record["told"] = []

    @property
    def nothing(self) -> bool:
        return not any(self.record.values())

    def tell(self, data: dict[str, Any]) -> None:
        """What the journal keeps."""
        data["tasks"] = [row[0] for row in self.record["tasks"]]
        data["meetings"] = [row[0] for row in self.record["meetings"]]

    def tasks(self, tasks: Sequence[Task], whole: Mapping[int, int], seats: Mapping[int, int]) -> None:
        """Lead, assigner and officer of each; what changes is written at once, each with a line in its diary."""
        changed: list[tuple[Task, list[int | None]]] = []
        inside = self._officers_inside([task for task in tasks if task.officer_id], whole)
        for task in tasks:
            before = [getattr(task, name) for name in TASK_FIELDS]
            lead = whole.get(task.lead_id) if task.lead_id else None
            task.assigned_by_id = whole.get(task.assigned_by_id, task.assigned_by_id)
            if task.officer_id in seats:
                task.officer_id = seats[task.officer_id]
            elif lead is not None and (task.officer_id, lead) not in inside:
                task.officer_id = None  # a seat of the unit that ended does nothing more
            task.lead_id = task.lead_id if lead is None else lead
            if [getattr(task, name) for name in TASK_FIELDS] != before:
                changed.append((task, before))
        Task.objects.bulk_update([task for task, _ in changed], ["lead", "assigned_by", "officer"], batch_size=500)
        notes = Progress.objects.bulk_create(self._notes(changed))
        self.record["tasks"] += [[task.pk, *before] for task, before in changed]
        self.record["notes"] += [note.pk for note in notes]

    def _notes(self, changed: Sequence[tuple[Task, list[int | None]]]) -> list[Progress]:
        """One line in the diary of each, with whom it was and is."""
        day = timezone.localdate(self.at)
        units = {unit for task, (was, *_) in changed for unit in (was, task.lead_id) if unit}
        names = {unit: orgs.body_name(unit, day) for unit in units}
        who = f"{self.by.name}, {self.by.title}" if self.by.title else self.by.name
        return [
            Progress(
                task=task,
                kind=Progress.Kind.PASSED_ON,
                at=self.at,
                by=who[:200],
                unit_id=self.by.unit_id,
                text=f"{names[was]} → {names[task.lead_id]}" if was and task.lead_id and was != task.lead_id else "",
            )
            for task, (was, *_) in changed
        ]

    def _officers_inside(self, tasks: Sequence[Task], whole: Mapping[int, int]) -> set[tuple[int | None, int]]:
        """(officer, new lead) where the officer's seat is in the new lead or under it: an office that came along."""
        day = timezone.localdate(self.at)
        leads = {task.officer_id: whole[task.lead_id] for task in tasks if task.lead_id in whole}
        seats = dict(Position.objects.filter(pk__in=list(leads)).values_list("pk", "unit_id"))
        return {
            (officer, lead)
            for officer, lead in leads.items()
            if orgs.is_under(seats[officer], lead, orgs.MANAGEMENT, day)
        }

    def partners(self, whole: Mapping[int, int]) -> None:
        """A partner that ended; where the heir leads or shares in the task already, the line stays as it is."""
        rows = Partner.objects.filter(unit__in=list(whole), task__in=open_tasks()).select_related("task").order_by("pk")
        tasks = [one.task_id for one in rows]
        have = set(Partner.objects.filter(task__in=tasks).values_list("task_id", "unit_id"))
        for one in rows:
            heir = whole[one.unit_id]
            if (one.task_id, heir) not in have and one.task.lead_id != heir:
                have.add((one.task_id, heir))
                self.record["partners"].append([one.pk, one.unit_id])
                Partner.objects.filter(pk=one.pk).update(unit=heir)

    def meeting(self, meeting: Meeting, heir: int, seats: Mapping[int, int]) -> None:
        self.record["meetings"].append([meeting.pk, meeting.unit_id, meeting.chair_position_id, meeting.state])
        chair = seats.get(meeting.chair_position_id, meeting.chair_position_id) if meeting.chair_position_id else None
        Meeting.objects.filter(pk=meeting.pk).update(unit=heir, chair_position=chair)

    def invitations(self, whole: Mapping[int, int]) -> None:
        """Who is invited to a meeting still to be held; an heir who is invited or is the host already is so once."""
        rows = Invitation.objects.filter(unit__in=list(whole), meeting__state=MeetingState.PLANNED)
        rows = rows.select_related("meeting").order_by("pk")
        have = set(
            Invitation.objects.filter(meeting__in=[one.meeting_id for one in rows]).values_list("meeting_id", "unit_id")
        )
        for one in rows:
            heir = whole[one.unit_id]
            if (one.meeting_id, heir) not in have and one.meeting.unit_id != heir:
                have.add((one.meeting_id, heir))
                self.record["invitations"].append([one.pk, one.unit_id, one.position_id])
                Invitation.objects.filter(pk=one.pk).update(unit=heir, position=None)  # its seats went with it

    def requests(self, whole: Mapping[int, int]) -> None:
        """Open requests of and to units that ended, and difficulties; where nobody else would be left they stay."""
        units = list(whole)
        mine = Q(unit__in=units) | Q(to__in=units)
        for asked in Request.objects.filter(mine, closed_at__isnull=True).order_by("pk"):
            unit, to = whole.get(asked.unit_id, asked.unit_id), whole.get(asked.to_id, asked.to_id)
            if unit != to:
                self.record["requests"].append([asked.pk, asked.unit_id, asked.to_id])
                Request.objects.filter(pk=asked.pk).update(unit=unit, to=to)
        open_ones = Difficulty.objects.filter(closed_at__isnull=True)
        for found in open_ones.filter(Q(unit__in=units) | Q(host__in=units)).order_by("pk"):
            unit, host = whole.get(found.unit_id, found.unit_id), whole.get(found.host_id, found.host_id)
            if not open_ones.filter(unit=unit, host=host, fold=found.fold).exists():
                self.record["difficulties"].append([found.pk, found.unit_id, found.host_id])
                Difficulty.objects.filter(pk=found.pk).update(unit=unit, host=host)
