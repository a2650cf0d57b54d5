"""Questions about meetings. What an actor may not see is not found; every day asked about is named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from giaoban.core import calendar
from giaoban.core.text import fold
from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.work import limits
from giaoban.work.models import (
    AgendaItem,
    Conclusion,
    Invitation,
    Meeting,
    MeetingState,
    Site,
    Task,
)
from giaoban.work.queries.names import within
from giaoban.work.queries.standing import counted, in_state, is_open
from giaoban.work.queries.tasks import counts, sums
from giaoban.work.states import Counts, State


def meetings_for(actor: Actor, on: date) -> QuerySet[Meeting]:
    """Meetings that the actor's units host, to which their invitation was sent, or a site of which they keep."""
    if actor.is_system:
        return Meeting.objects.all()
    units = people.units_where(actor, "meeting.view", on)
    invited = Invitation.objects.filter(within("unit_id", units), meeting=OuterRef("pk"), sent_at__isnull=False)
    sites = Site.objects.filter(within("unit_id", units), meeting=OuterRef("pk"), meeting__invited_at__isnull=False)
    return Meeting.objects.filter(within("unit_id", units) | Exists(invited) | Exists(sites))


def meeting_for(actor: Actor, meeting_id: int, on: date) -> Meeting:
    """One meeting; Meeting.DoesNotExist when it is not there or not for this actor."""
    return meetings_for(actor, on).select_related("notice", "previous").get(pk=meeting_id)


def meetings(
    actor: Actor, on: date, *, text: str = "", kind: str = "", unit_id: int | None = None
) -> QuerySet[Meeting]:
    """The list of meetings, narrowed."""
    found = meetings_for(actor, on).select_related("notice")
    if kind:
        found = found.filter(kind=kind)
    if unit_id is not None:
        found = found.filter(unit_id=unit_id)
    for word in fold(text).split():
        found = found.filter(fold__contains=word)
    return found


def live() -> Q:
    """Planned, or in session."""
    return Q(state=MeetingState.PLANNED) | Q(state=MeetingState.HELD, closed_at__isnull=True)


def upcoming(actor: Actor, on: date) -> QuerySet[Meeting]:
    """Planned, or in session; the next first."""
    return meetings_for(actor, on).filter(live()).order_by("starts_at", "pk")


def meeting_counts(meeting: Meeting, on: date) -> Counts:
    """How the tasks of a meeting's conclusions stand."""
    return counts(Task.objects.filter(counted(on), conclusion__meeting=meeting), on)


def with_counts(meetings: Iterable[Meeting], on: date) -> list[tuple[Meeting, Counts]]:
    """Meetings of a page with how their tasks stand, in one query."""
    wanted = list(meetings)
    rows = (
        Task.objects.filter(counted(on), conclusion__meeting__in=[each.pk for each in wanted])
        .order_by()
        .values("conclusion__meeting_id")
        .annotate(**sums(on))
    )
    found = {row.pop("conclusion__meeting_id"): Counts(**row) for row in rows}
    return [(each, found.get(each.pk, Counts())) for each in wanted]


@dataclass(frozen=True)
class Carried:
    """How a conclusion carried over stands: tasks not done yet (without a due day too), of all, and overdue."""

    undone: int
    all: int
    overdue: int


def carried_counts(item: AgendaItem, on: date) -> Carried | None:
    """None for items that are not carried over."""
    if item.conclusion_id is None:
        return None
    tasks = Task.objects.filter(counted(on), conclusion=item.conclusion_id)
    sums = {
        "undone": Count("pk", filter=is_open(on)),
        "all": Count("pk"),
        "overdue": Count("pk", filter=in_state(State.OPEN_OVERDUE, on)),
    }
    return Carried(**tasks.order_by().aggregate(**sums))


def conclusions_for(actor: Actor, meeting: Meeting, on: date) -> QuerySet[Conclusion]:
    """Those invited read what was issued; the host's side also what is being typed."""
    found = meeting.conclusions.all()
    if people.may(actor, "meeting.view", meeting.unit_id, on):
        return found
    return found.filter(state=Conclusion.State.BINDING)


def doubtful_tasks(meeting: Meeting) -> list[Task]:
    """Tasks about to bind that name no deliverable: shown before the notice goes out, blocked never."""
    tasks = Task.objects.filter(conclusion__meeting=meeting, parent__isnull=True).order_by("conclusion__no", "pk")
    return [each for each in tasks if not each.deliverable]


def without_notice(actor: Actor, on: date) -> QuerySet[Meeting]:
    """Held by units where the actor concludes, and their notice still to be issued; the longest waiting first."""
    units = people.units_where(actor, "meeting.conclude", on)
    return Meeting.objects.filter(unit_id__in=units, state=MeetingState.HELD, closed_at__isnull=False).order_by(
        "closed_at"
    )


def unanswered(actor: Actor, on: date) -> QuerySet[Invitation]:
    """Invitations that a unit of the actor's has not answered."""
    units = people.units_where(actor, "meeting.answer", on)
    return (
        Invitation.objects.filter(
            unit_id__in=units, sent_at__isnull=False, answer="", meeting__state=MeetingState.PLANNED
        )
        .select_related("meeting")
        .order_by("meeting__starts_at", "pk")
    )


def previous_meeting(unit_id: int, kind: str, before: datetime) -> Meeting | None:
    """The last one of the same kind that the unit held."""
    return (
        Meeting.objects.filter(unit_id=unit_id, kind=kind, starts_at__lt=before)
        .exclude(state=MeetingState.CANCELLED)
        .order_by("-starts_at", "-pk")
        .first()
    )


def open_conclusions(unit_id: int, before: datetime) -> QuerySet[Conclusion]:
    """Binding conclusions of the unit's earlier meetings, some task of which is still open; the oldest first."""
    undone = Task.objects.filter(
        conclusion=OuterRef("pk"), has_parts=False, completed_on__isnull=True, called_off_at__isnull=True
    )
    return (
        Conclusion.objects.filter(
            Exists(undone),
            state=Conclusion.State.BINDING,
            meeting__unit_id=unit_id,
            meeting__starts_at__lt=before,
        )
        .select_related("meeting")
        .order_by("meeting__starts_at", "no")
    )


@dataclass(frozen=True)
class InvitationTerms:
    """Last day to send invitations: the strict reading (n full working days between) and the lenient one."""

    strict: date
    lenient: date
    late: bool  # sent, or to be sent on the day asked about, after the strict day


def invitation_terms(meeting: Meeting, on: date) -> InvitationTerms | None:
    """QĐ 45/2018: at least three working days before; urgent meetings excepted. Warned of on the stricter reading."""
    if meeting.urgent:
        return None
    day = timezone.localdate(meeting.starts_at)
    strict, lenient = calendar.invitation_days(day, calendar.vietnam(day.year), limits.invitation_days())
    sent = timezone.localdate(meeting.invited_at) if meeting.invited_at else on
    return InvitationTerms(strict, lenient, sent > strict)


def notice_due(meeting: Meeting) -> date | None:
    """Five working days after the meeting ended (QĐ 45/2018); None while it has not ended."""
    if meeting.closed_at is None:
        return None
    ended = timezone.localdate(meeting.closed_at)
    return calendar.add_working_days(ended, limits.notice_days(), calendar.vietnam(ended.year))
