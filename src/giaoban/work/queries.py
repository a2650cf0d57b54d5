"""Questions about meetings and tasks. What an actor may not see is not found; every day asked about is named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from giaoban.core import calendar
from giaoban.core.text import fold
from giaoban.documents.models import Document
from giaoban.indicators.models import Round, Target
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.queries.heirs import made_of
from giaoban.people import queries as people
from giaoban.work import limits
from giaoban.work.models import (
    AgendaItem,
    Conclusion,
    Extension,
    Invitation,
    Meeting,
    MeetingState,
    Partner,
    Task,
)
from giaoban.work.states import Counts, State

# The four states in the language of the database; tests hold them equal to `states.state`.


def done(on: date) -> Q:
    return Q(completed_on__lte=on)


def is_open(on: date) -> Q:
    return Q(completed_on__isnull=True) | Q(completed_on__gt=on)


def in_state(state: State, on: date) -> Q:
    """Tasks in a state on a day."""
    return {
        State.DONE_ON_TIME: Q(completed_on__lte=F("due_on")) & done(on),
        State.DONE_LATE: Q(completed_on__gt=F("due_on")) & done(on),
        State.OPEN_IN_TERM: Q(due_on__gte=on) & is_open(on),
        State.OPEN_OVERDUE: Q(due_on__lt=on) & is_open(on),
        State.NO_DEADLINE: Q(due_on__isnull=True),
    }[state]


def soon(on: date) -> Q:
    """The warning "sắp đến hạn" inside OPEN_IN_TERM."""
    last = date.fromordinal(on.toordinal() + limits.warning_days())
    return in_state(State.OPEN_IN_TERM, on) & Q(due_on__lte=last)


def counted(on: date) -> Q:
    """What counts on a day: it binds, is no whole made of parts, and is not called off."""
    return Q(has_parts=False, binds_on__lte=on) & (Q(called_off_at__isnull=True) | Q(called_off_at__date__gt=on))


# Tasks


def visible_tasks(actor: Actor, on: date) -> QuerySet[Task]:
    """Tasks that the actor's units lead, share in or gave; the planned ones only on the giver's side.

    What a unit's predecessors had finished is seen with it; what was open has passed to it.
    """
    if actor.is_system:
        return Task.objects.all()
    units = people.units_where(actor, "task.view", on)
    shares = Partner.objects.filter(_within("unit_id", units), task=OuterRef("pk"))
    given = _within("assigned_by_id", units)
    theirs = _within("lead_id", units) | Exists(shares) | Q(officer_id=actor.position_id)
    parts = Task.objects.filter(_within("lead_id", units), parent=OuterRef("pk"))
    return Task.objects.filter(given | (Q(binds_on__lte=on) & (theirs | Exists(parts))))


def _within(name: str, units: QuerySet[Any]) -> Q:
    """One of the units, or one that became, whole, one of them."""
    return Q(**{f"{name}__in": units}) | Q(**{f"{name}__in": made_of(units)})


def task(actor: Actor, task_id: int, on: date) -> Task:
    """One task; Task.DoesNotExist when it is not there or not for this actor."""
    return visible_tasks(actor, on).get(pk=task_id)


def tasks_for(
    actor: Actor,
    on: date,
    *,
    view: str = "all",
    state: str = "",
    unit_id: int | None = None,
    document_id: int | None = None,
    meeting_id: int | None = None,
    parent_id: int | None = None,
    due_from: date | None = None,
    due_to: date | None = None,
    text: str = "",
) -> QuerySet[Task]:
    """The table of tasks. `view`: mine (my position's), unit (my unit leads or shares in), given (my unit gave), all.

    `state` is a State, or "soon", "proposed", "open". Wholes made of parts are not listed: their parts are.
    """
    found = visible_tasks(actor, on).filter(counted(on)).filter(_view(actor, view, on))
    if state:
        found = found.filter(_chosen(state, on))
    if unit_id is not None:
        found = found.filter(lead_id=unit_id)
    if document_id is not None:
        found = found.filter(document_id=document_id)
    if meeting_id is not None:
        found = found.filter(conclusion__meeting_id=meeting_id)
    if parent_id is not None:
        found = found.filter(Q(parent_id=parent_id) | Q(parent__parent_id=parent_id))
    if due_from:
        found = found.filter(due_on__gte=due_from)
    if due_to:
        found = found.filter(due_on__lte=due_to)
    for word in fold(text).split():
        found = found.filter(fold__contains=word)
    return found.select_related("parent", "document", "officer", "conclusion__meeting")


def _view(actor: Actor, view: str, on: date) -> Q:
    if view == "mine":
        return Q(officer_id=actor.position_id) | Q(officer_id__isnull=True, lead_id=actor.unit_id)
    if view == "unit":
        shares = Partner.objects.filter(task=OuterRef("pk"), unit_id=actor.unit_id)
        return Q(lead_id=actor.unit_id) | Q(Exists(shares))
    if view == "given":
        return Q(assigned_by_id__in={actor.unit_id, *people.acts_for(actor, "task.assign", on)})
    return Q()


def _chosen(state: str, on: date) -> Q:
    if state == "soon":
        return soon(on)
    if state == "proposed":
        return Q(proposed_at__isnull=False, confirmed_at__isnull=True)
    if state == "open":
        return is_open(on)
    return in_state(State(state), on)


def counts(tasks: QuerySet[Task], on: date) -> Counts:
    """The table of QĐ 42/2014 for the tasks asked about, in one query."""
    bare = tasks.order_by().select_related(None)
    row = bare.aggregate(**_sums(on))
    return Counts(**row)


def _sums(on: date) -> dict[str, Count]:
    sums = {state.value.lower(): Count("pk", filter=in_state(state, on)) for state in State}
    return {**sums, "soon": Count("pk", filter=soon(on))}


def state_counts(
    unit_id: int,
    on: date,
    hierarchy: str = orgs.MANAGEMENT,
    *,
    since: date | None = None,
    until: date | None = None,
) -> Counts:
    """Tasks led by the unit and those below it on the day; `since`/`until` narrow to tasks that bound in a span."""
    units = orgs.descendants(unit_id, hierarchy, on, include_self=True)
    found = Task.objects.filter(counted(on), lead_id__in=units)
    if since:
        found = found.filter(binds_on__gte=since)
    if until:
        found = found.filter(binds_on__lt=until)
    return counts(found, on)


@dataclass(frozen=True)
class UnitCounts:
    unit_id: int
    unit_name: str
    counts: Counts


def counts_by_lead(tasks: QuerySet[Task], on: date) -> list[UnitCounts]:
    """The same table, one line a lead unit, those with most overdue first."""
    rows = list(tasks.order_by().select_related(None).values("lead_id").annotate(**_sums(on)))
    names = orgs.names([row["lead_id"] for row in rows], on)
    lines = [
        UnitCounts(
            row["lead_id"], names.get(row["lead_id"], ""), Counts(**{k: v for k, v in row.items() if k != "lead_id"})
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (-line.counts.open_overdue, -line.counts.total, fold(line.unit_name)))


def overdue_under(actor: Actor, on: date) -> QuerySet[Task]:
    """Open and past their day, among all the actor sees; the longest overdue first."""
    return tasks_for(actor, on, state=State.OPEN_OVERDUE).order_by("due_on", "pk")


def due_soon(actor: Actor, on: date, view: str = "unit") -> QuerySet[Task]:
    return tasks_for(actor, on, view=view, state="soon").order_by("due_on", "pk")


def overdue_buckets(tasks: QuerySet[Task], on: date) -> list[tuple[int, int | None, int]]:
    """How many are overdue by 1–30, 31–60, 61–120 and more than 120 days: (from, to or None, how many)."""
    bounds = limits.overdue_bounds()
    edges = [0, *bounds]
    overdue = tasks.order_by().select_related(None).filter(in_state(State.OPEN_OVERDUE, on))
    sums = {}
    for place, low in enumerate(edges):
        inside = Q(due_on__lt=date.fromordinal(on.toordinal() - low))
        if place < len(bounds):
            inside &= Q(due_on__gte=date.fromordinal(on.toordinal() - bounds[place]))
        sums[f"b{place}"] = Count("pk", filter=inside)
    row = overdue.aggregate(**sums)
    return [
        (low + 1, bounds[place] if place < len(bounds) else None, row[f"b{place}"]) for place, low in enumerate(edges)
    ]


def waiting_for(actor: Actor, on: date) -> QuerySet[Task]:
    """Tasks that wait for this actor's answer: reported as done, or with more time asked."""
    confirms = people.units_where(actor, "task.confirm", on)
    extends = people.units_where(actor, "task.extend", on)
    asked = Extension.objects.filter(task=OuterRef("pk"), granted__isnull=True)
    return (
        Task.objects.filter(counted(on), confirmed_at__isnull=True)
        .filter(
            Q(proposed_at__isnull=False, assigned_by_id__in=confirms) | (Exists(asked) & Q(assigned_by_id__in=extends))
        )
        .select_related("document", "conclusion__meeting")
        .order_by("due_on", "pk")
    )


def roll_up(whole: Task, on: date) -> Counts:
    """A task given to many counts as its parts."""
    below = Q(parent=whole) | Q(parent__parent=whole)
    parts = Task.objects.filter(below, has_parts=False).filter(
        Q(called_off_at__isnull=True) | Q(called_off_at__date__gt=on)
    )
    return counts(parts, on)


def parts_of(whole: Task) -> QuerySet[Task]:
    return Task.objects.filter(Q(parent=whole) | Q(parent__parent=whole), has_parts=False).order_by("due_on", "pk")


def open_extension(found: Task) -> Extension | None:
    return found.extensions.filter(granted__isnull=True).first()


# Meetings


def meetings_for(actor: Actor, on: date) -> QuerySet[Meeting]:
    """Meetings that the actor's units host, or to which their invitation was sent."""
    if actor.is_system:
        return Meeting.objects.all()
    units = people.units_where(actor, "meeting.view", on)
    invited = Invitation.objects.filter(_within("unit_id", units), meeting=OuterRef("pk"), sent_at__isnull=False)
    return Meeting.objects.filter(_within("unit_id", units) | Exists(invited))


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
        .annotate(**_sums(on))
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


def groups(unit_id: int, hierarchy: str, on: date) -> list[tuple[str, str, int]]:
    """Kinds of the units below a unit and how many of each: (code, name, count), for inviting a whole kind at once."""
    below = orgs.living(on).filter(unit_id__in=orgs.descendants(unit_id, hierarchy, on))
    rows = below.values("kind_id", "kind__name", "kind__order").annotate(n=Count("pk")).order_by("kind__order")
    return [(row["kind_id"], row["kind__name"], row["n"]) for row in rows]


# Everything a document asks


@dataclass(frozen=True)
class Asked:
    """What follows from one document in this system, as far as the actor may see it."""

    tasks: list[Task]
    targets: list[Target]
    rounds: list[Round]
    meetings: list[Meeting]
    counts: Counts

    @property
    def nothing(self) -> bool:
        return not (self.tasks or self.targets or self.rounds or self.meetings)


def asked_by(actor: Actor, document: Document, on: date) -> Asked:
    """Tasks, targets, reporting rounds and meetings that name this document."""
    mine = visible_tasks(actor, on).filter(document=document, called_off_at__isnull=True)
    tops = mine.filter(parent__isnull=True).order_by(Coalesce("start", Value(0)), "pk")
    seen = people.units_where(actor, "figure.view", on)
    items = AgendaItem.objects.filter(meeting=OuterRef("pk"), document=document)
    return Asked(
        tasks=list(tops),
        targets=list(
            Target.objects.filter(document=document, unit_id__in=seen, withdrawn=False).select_related("indicator")[
                :200
            ]
        ),
        rounds=list(Round.objects.filter(document=document, opener_id__in=seen).select_related("sheet")),
        meetings=list(meetings_for(actor, on).filter(Q(notice=document) | Exists(items))),
        counts=counts(mine.filter(counted(on)), on),
    )


def names(unit_ids: Iterable[int | None], on: date) -> dict[int, str]:
    """Names of the bodies concerned ("UBND xã Bắc Hà"), for many units in one query."""
    wanted = {unit_id for unit_id in unit_ids if unit_id is not None}
    found = {row.unit_id: row.body_name or row.name for row in orgs.snapshots(wanted, on).values()}
    missing = wanted - found.keys()
    return found | orgs.names(missing, on) if missing else found


def part_numbers(wholes: Iterable[int]) -> dict[int, int]:
    """How many parts each task given to many has."""
    rows = Task.objects.filter(parent__in=list(wholes)).order_by().values("parent_id").annotate(n=Count("pk"))
    return {row["parent_id"]: row["n"] for row in rows}


def tasks_of_text(actor: Actor, document: Document, on: date) -> QuerySet[Task]:
    """Whole tasks that were given from a passage of the document's text, in its order."""
    return (
        visible_tasks(actor, on)
        .filter(document=document, parent__isnull=True, start__isnull=False, called_off_at__isnull=True)
        .order_by("start", "pk")
    )


def leads(tasks: QuerySet[Task], on: date) -> list[tuple[int, str]]:
    """Units that lead one of the tasks, by name: what the table can be narrowed to."""
    found = names(tasks.order_by().select_related(None).values_list("lead_id", flat=True).distinct(), on)
    return sorted(found.items(), key=lambda pair: fold(pair[1]))


def top_of(found: Task) -> Task:
    """The whole that a part, or a part's instance, belongs to."""
    while found.parent is not None:
        found = found.parent
    return found
