"""Questions about tasks. What an actor may not see is not found; every day asked about is named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from giaoban.core.text import fold
from giaoban.documents.models import Document
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.queries.heirs import whole_parts
from giaoban.people import queries as people
from giaoban.work import limits
from giaoban.work.models import (
    Extension,
    Partner,
    Passage,
    Relation,
    Task,
)
from giaoban.work.queries.names import names, within
from giaoban.work.queries.standing import counted, in_state, is_open, overdue_by, soon
from giaoban.work.states import Counts, State

ORDERED = ~Q(relation=Relation.ASK)
FEW = 300  # units whose ids are written out


def visible_tasks(actor: Actor, on: date) -> QuerySet[Task]:
    """Tasks that the actor's units lead, share in or gave; the planned ones only on the giver's side.

    What a unit's predecessors had finished is seen with it; what was open has passed to it.
    """
    if actor.is_system:
        return Task.objects.all()
    units = people.units_where(actor, "task.view", on)
    shares = Partner.objects.filter(within("unit_id", units), task=OuterRef("pk"))
    given = within("assigned_by_id", units)
    theirs = within("lead_id", units) | Exists(shares) | Q(officer_id=actor.position_id)
    parts = Task.objects.filter(within("lead_id", units), parent=OuterRef("pk"))
    return Task.objects.filter(given | (Q(binds_on__lte=on) & (theirs | Exists(parts))))


def counted_tasks(actor: Actor, on: date) -> QuerySet[Task]:
    """Those of the visible tasks that count on the day: what every table, board, map and league is made of.

    The same rule said shorter, for what counts binds and is no whole. Few units are asked for by their ids, which the
    database looks up in its indexes; a province's thousands stay a question inside the question, and only those that
    became one of them, whole, are written out.
    """
    if actor.is_system:
        return Task.objects.filter(counted(on))
    units = people.units_where(actor, "task.view", on)
    ids = set(units.values_list("descendant_id", flat=True))
    few = ids | whole_parts(ids)

    def one_of(name: str) -> Q:
        if len(few) <= FEW:
            return Q(**{f"{name}__in": few})
        return Q(**{f"{name}__in": units}) | Q(**{f"{name}__in": few - ids})

    shares = Partner.objects.filter(one_of("unit_id")).values("task_id")
    mine = one_of("lead_id") | one_of("assigned_by_id") | Q(pk__in=shares) | Q(officer_id=actor.position_id)
    return Task.objects.filter(counted(on)).filter(mine)


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
    found = counted_tasks(actor, on).filter(of_view(actor, view, on))
    if state:
        found = found.filter(chosen(state, on))
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


def of_view(actor: Actor, view: str, on: date) -> Q:
    if view == "mine":
        return Q(officer_id=actor.position_id) | Q(officer_id__isnull=True, lead_id=actor.unit_id)
    if view == "unit":
        shares = Partner.objects.filter(task=OuterRef("pk"), unit_id=actor.unit_id)
        return Q(lead_id=actor.unit_id) | Q(Exists(shares))
    if view == "given":
        return Q(assigned_by_id__in={actor.unit_id, *people.acts_for(actor, "task.assign", on)})
    return Q()


def chosen(state: str, on: date) -> Q:
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
    row = bare.aggregate(**sums(on))
    return Counts(**row)


def sums(on: date) -> dict[str, Count]:
    """The four states, "không thời hạn" and the warning; requests (đề nghị) are counted apart, in `asked` alone."""
    sums = {state.value.lower(): Count("pk", filter=in_state(state, on) & ORDERED) for state in State}
    return {**sums, "soon": Count("pk", filter=soon(on) & ORDERED), "asked": Count("pk", filter=~ORDERED)}


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
    rows = list(tasks.order_by().select_related(None).values("lead_id").annotate(**sums(on)))
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


Bucket = tuple[int, int | None, int]


def overdue_buckets(tasks: QuerySet[Task], on: date) -> list[Bucket]:
    """How many are overdue by 1–30, 31–60, 61–120 and more than 120 days: (from, to or None, how many)."""
    return counts_and_buckets(tasks, on)[1]


def counts_and_buckets(tasks: QuerySet[Task], on: date) -> tuple[Counts, list[Bucket]]:
    """The four states and the days overdue of the tasks asked about, in one pass over them."""
    bounds = limits.overdue_bounds()
    late = {f"late{place}": Count("pk", filter=overdue_by(place, on) & ORDERED) for place in range(len(bounds) + 1)}
    row = tasks.order_by().select_related(None).aggregate(**sums(on), **late)
    found = [row.pop(name) for name in late]
    return Counts(**row), [(low + 1, high, n) for low, high, n in zip((0, *bounds), (*bounds, None), found)]


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


def progress(whole: Task) -> int:
    """How far the parts are on the whole, in percent, rounded down: done when every one is."""
    parts = Task.objects.filter(Q(parent=whole) | Q(parent__parent=whole), has_parts=False, called_off_at__isnull=True)
    sums = parts.aggregate(all=Count("pk"), percent=Sum("percent"))
    return (sums["percent"] or 0) // sums["all"] if sums["all"] else 0


def parts_of(whole: Task) -> QuerySet[Task]:
    return Task.objects.filter(Q(parent=whole) | Q(parent__parent=whole), has_parts=False).order_by("due_on", "pk")


def open_extension(found: Task) -> Extension | None:
    return found.extensions.filter(granted__isnull=True).first()


def part_numbers(wholes: Iterable[int]) -> dict[int, int]:
    """How many parts each task given to many has."""
    rows = Task.objects.filter(parent__in=list(wholes)).order_by().values("parent_id").annotate(n=Count("pk"))
    return {row["parent_id"]: row["n"] for row in rows}


def tasks_of_text(actor: Actor, document: Document, on: date) -> QuerySet[Task]:
    """Whole tasks that were given from a passage of the document's text, in its order."""
    more = Passage.objects.filter(task=OuterRef("pk"), document=document)
    said = Q(document=document, start__isnull=False) | Exists(more)
    return (
        visible_tasks(actor, on)
        .filter(said, parent__isnull=True, called_off_at__isnull=True)
        .prefetch_related("passages")
        .order_by("start", "pk")
    )


def passages(found: Task) -> list[tuple[int, int, int]]:
    """(document, start, end) of every passage that says this task, the first one first; a part has its whole's."""
    whole = top_of(found)
    first = [(whole.document_id, whole.start, whole.end)] if whole.document_id and whole.start is not None else []
    return [*first, *((one.document_id, one.start, one.end) for one in whole.passages.all())]


def passages_of(actor: Actor, document_ids: Iterable[int], on: date) -> list[tuple[int, int, int, int]]:
    """(task, document, start, end) of every passage of these documents from which a standing task was given."""
    ids = list(document_ids)
    standing = visible_tasks(actor, on).filter(parent__isnull=True, called_off_at__isnull=True)
    first = standing.filter(document__in=ids, start__isnull=False).values_list("pk", "document_id", "start", "end")
    more = Passage.objects.filter(document__in=ids, task__in=standing.values("pk"))
    return [*first.order_by("pk"), *more.order_by("pk").values_list("task_id", "document_id", "start", "end")]


def leads(tasks: QuerySet[Task], on: date) -> list[tuple[int, str]]:
    """Units that lead one of the tasks, by name: what the table can be narrowed to."""
    found = names(tasks.order_by().select_related(None).values_list("lead_id", flat=True).distinct(), on)
    return sorted(found.items(), key=lambda pair: fold(pair[1]))


def top_of(found: Task) -> Task:
    """The whole that a part, or a part's instance, belongs to."""
    while found.parent is not None:
        found = found.parent
    return found
