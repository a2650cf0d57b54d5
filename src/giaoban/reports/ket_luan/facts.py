"""What a conclusion notice says, gathered from a meeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from giaoban.orgs import queries as orgs
from giaoban.work.models import AgendaItem, Conclusion, Contribution, Invitation, Meeting, Task

HERE = (Invitation.Attendance.PRESENT, Invitation.Attendance.LATE, Invitation.Attendance.SUBSTITUTE)


@dataclass(frozen=True)
class Assigned:
    """One task of a conclusion in the words of an assignment annex."""

    text: str
    lead: str
    partners: tuple[str, ...]
    due: str
    deliverable: str


@dataclass(frozen=True)
class Concluded:
    no: int
    heading: str
    text: str
    tasks: tuple[Assigned, ...]


@dataclass(frozen=True)
class Facts:
    host: str
    title: str
    day: date
    place: str
    chair: str
    chair_title: str
    present: tuple[str, ...]
    absent: tuple[str, ...]
    reports: tuple[str, ...]
    opinions: tuple[str, ...]
    difficulties: tuple[str, ...]
    conclusions: tuple[Concluded, ...]


def gather(meeting: Meeting) -> Facts:
    """Everything the notice needs, as it was typed in the meeting."""
    day = timezone.localdate(meeting.opened_at or meeting.starts_at)
    invitations = list(meeting.invitations.all())
    contributions = list(meeting.contributions.all())
    names = orgs.names({row.unit_id for row in invitations}, day)
    return Facts(
        host=orgs.body_name(meeting.unit_id, day),
        title=meeting.title,
        day=day,
        place=meeting.place,
        chair=meeting.chair_name,
        chair_title=meeting.chair_title,
        present=tuple(names[row.unit_id] for row in invitations if row.attendance in HERE),
        absent=tuple(names[row.unit_id] for row in invitations if row.attendance == Invitation.Attendance.ABSENT),
        reports=tuple(item.title for item in meeting.agenda.all() if item.kind == AgendaItem.Kind.REPORT),
        opinions=_texts(contributions, Contribution.Kind.OPINION),
        difficulties=_texts(contributions, Contribution.Kind.DIFFICULTY),
        conclusions=_conclusions(meeting, day),
    )


def _texts(contributions: Sequence[Contribution], kind: str) -> tuple[str, ...]:
    return tuple(row.text for row in contributions if row.kind == kind)


def _conclusions(meeting: Meeting, day: date) -> tuple[Concluded, ...]:
    rows = list(meeting.conclusions.prefetch_related("tasks__partners").order_by("no"))
    wholes = [task for row in rows for task in row.tasks.all() if task.parent_id is None]
    units = {task.lead_id for task in wholes if task.lead_id}
    units |= {partner.unit_id for task in wholes for partner in task.partners.all()}
    names = orgs.names(units, day)
    return tuple(_concluded(row, names) for row in rows)


def _concluded(row: Conclusion, names: dict[int, str]) -> Concluded:
    tasks = sorted((task for task in row.tasks.all() if task.parent_id is None), key=lambda task: task.pk)
    return Concluded(row.no, row.heading, row.text, tuple(_assigned(task, names) for task in tasks))


def _assigned(task: Task, names: dict[int, str]) -> Assigned:
    return Assigned(
        text=task.text,
        lead=names.get(task.lead_id or 0, "") or task.group,
        partners=tuple(names[partner.unit_id] for partner in task.partners.all()),
        due=task.due_text or (f"{task.due_on:%d/%m/%Y}" if task.due_on else ""),
        deliverable=task.deliverable,
    )
