"""Tasks seen together: unit by month, the league of units, by document and meeting, the board, the calendar.

Each is one question grouped by the database, with the states of `standing.py` as its conditions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import CharField, Count, F, Max, Q, QuerySet, prefetch_related_objects
from django.db.models.functions import Cast, Substr

from giaoban.core.text import fold
from giaoban.orgs import queries as orgs
from giaoban.work.models import Relation, Task
from giaoban.work.queries.standing import in_state, is_open, soon
from giaoban.work.queries.tasks import sums
from giaoban.work.states import Counts, State


def bare(tasks: QuerySet[Task]) -> QuerySet[Task]:
    return tasks.order_by().select_related(None)


def states(on: date) -> dict[str, Count]:
    """Every task by its dates alone, requests too: for tables that show them apart by themselves."""
    return {state.value.lower(): Count("pk", filter=in_state(state, on)) for state in State}


# Unit by month


@dataclass(frozen=True)
class Cell:
    """Tasks of a unit due in a month, and of these the late ones: done late, or overdue still."""

    due: int = 0
    late: int = 0


@dataclass(frozen=True)
class HeatRow:
    unit_id: int
    name: str
    cells: tuple[Cell, ...]
    total: Cell
    overdue: int = 0


def months_from(first: date, count: int = 12) -> list[date]:
    """The first days of so many months."""
    place = first.year * 12 + first.month - 1
    return [date((place + n) // 12, (place + n) % 12 + 1, 1) for n in range(count)]


def heat(tasks: QuerySet[Task], on: date, months: Sequence[date]) -> list[HeatRow]:
    """A line a lead unit, those with most overdue first; a cell for each month that a task is due in."""
    after = months_from(months[-1], 2)[1]
    overdue = in_state(State.OPEN_OVERDUE, on)
    late = in_state(State.DONE_LATE, on) | overdue
    some = bare(tasks).filter(lead__isnull=False, due_on__gte=months[0], due_on__lt=after)
    by_month = some.annotate(month=Substr(Cast("due_on", CharField()), 1, 7)).values_list("lead_id", "month")
    counted = by_month.annotate(due=Count("pk"), late=Count("pk", filter=late), overdue=Count("pk", filter=overdue))
    places = {f"{month:%Y-%m}": place for place, month in enumerate(months)}
    cells: dict[int, list[Cell]] = {}
    sums: dict[int, list[int]] = {}
    for lead, month, *figures in counted:
        cells.setdefault(lead, [Cell()] * len(months))[places[month]] = Cell(*figures[:2])
        sums[lead] = [a + b for a, b in zip(sums.get(lead, (0, 0, 0)), figures)]
    names = orgs.names(cells.keys(), on)
    found = [
        HeatRow(lead, names.get(lead, ""), tuple(row), Cell(*sums[lead][:2]), sums[lead][2])
        for lead, row in cells.items()
    ]
    return sorted(found, key=lambda row: (-row.overdue, -row.total.late, -row.total.due, fold(row.name)))


# The league of units


@dataclass(frozen=True)
class Place:
    """A unit's place by what it did on time (a) of what could be judged (b): done, or past its day."""

    unit_id: int
    name: str
    counts: Counts
    rank: int | None = None
    tied: bool = False

    @property
    def judged(self) -> int:
        return self.counts.done + self.counts.open_overdue

    @property
    def of(self) -> tuple[int, int]:
        return self.counts.done_on_time, self.judged

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.counts.done_on_time, self.judged) if self.judged else None


def league(tasks: QuerySet[Task], on: date) -> tuple[list[Place], list[Place]]:
    """Units by their share done on time, exactly; and apart, by name and unranked, what they were asked (đề nghị).

    A unit that was asked and not ordered is not measured by it.
    """
    ordered: dict[int, Counts] = {}
    asked: dict[int, Counts] = {}
    for row in bare(tasks).filter(lead__isnull=False).values("lead_id", "relation").annotate(**states(on)):
        lead, relation = row.pop("lead_id"), row.pop("relation")
        kept = asked if relation == Relation.ASK else ordered
        counts = Counts(**row)
        kept[lead] = kept[lead] + counts if lead in kept else counts
    names = orgs.names(ordered.keys() | asked.keys(), on)
    made = [[Place(lead, names.get(lead, ""), counts) for lead, counts in kept.items()] for kept in (ordered, asked)]
    return ranked(made[0]), sorted(made[1], key=lambda each: fold(each.name))


def ranked(places: Sequence[Place]) -> list[Place]:
    """1, 2, 2, 4: who shares a share shares a place; within it the one with more tasks stands first, then the name.

    Units with nothing to judge yet have no place and stand last.
    """
    shares = {pair: Fraction(*pair) for pair in {each.of for each in places if each.judged}}
    order = {share: n for n, share in enumerate(sorted(set(shares.values()), reverse=True))}
    steps = {pair: order[share] for pair, share in shares.items()}  # thousands of units have few shares
    judged = [each for each in places if each.judged]
    judged.sort(key=lambda each: (steps[each.of], -each.judged, fold(each.name)))
    count = Counter(steps[each.of] for each in judged)
    first: dict[int, int] = {}
    for place, each in enumerate(judged, start=1):
        first.setdefault(steps[each.of], place)
    found = [
        Place(each.unit_id, each.name, each.counts, first[steps[each.of]], count[steps[each.of]] > 1) for each in judged
    ]
    return [*found, *sorted((each for each in places if not each.judged), key=lambda each: fold(each.name))]


# By document and by meeting


@dataclass(frozen=True)
class Group:
    """Tasks of one document or meeting."""

    key: int
    counts: Counts
    next_due: date | None = None


def by_document(tasks: QuerySet[Task], on: date) -> list[Group]:
    return _grouped(tasks, "document_id", on)


def by_meeting(tasks: QuerySet[Task], on: date) -> list[Group]:
    return _grouped(tasks, "conclusion__meeting_id", on)


def _grouped(tasks: QuerySet[Task], name: str, on: date) -> list[Group]:
    """Those with most overdue first, then those with most open, then the newest."""
    some = bare(tasks).filter(**{f"{name}__isnull": False})
    rows = some.values(key=F(name)).annotate(**sums(on), given=Max("assigned_at"))
    found = sorted(rows, key=lambda row: (row["open_overdue"], row["open_in_term"], row["given"]), reverse=True)
    return [Group(row["key"], Counts(**{k: v for k, v in row.items() if k not in ("key", "given")})) for row in found]


# The board


@dataclass(frozen=True)
class Column:
    """A column of the board: its code, how many tasks stand in it, and the first of them."""

    code: str
    count: int
    tasks: tuple[Task, ...]


def _columns(on: date) -> dict[str, tuple[Q, tuple[str, ...]]]:
    """Where each task stands, in one column only; done ones are those of the last thirty days."""
    reported = Q(proposed_at__isnull=False, confirmed_at__isnull=True)
    going = Q(proposed_at__isnull=True)
    lately = Q(completed_on__gt=date.fromordinal(on.toordinal() - 30))
    undated = in_state(State.NO_DEADLINE, on) & is_open(on)
    return {
        "OPEN_OVERDUE": (in_state(State.OPEN_OVERDUE, on) & going, ("due_on", "pk")),
        "soon": (soon(on) & going, ("due_on", "pk")),
        "OPEN_IN_TERM": (in_state(State.OPEN_IN_TERM, on) & ~soon(on) & going, ("due_on", "pk")),
        "NO_DEADLINE": (undated & going, ("-assigned_at", "pk")),
        "proposed": (reported & is_open(on), ("proposed_at", "pk")),
        "done": (Q(completed_on__lte=on) & lately, ("-completed_on", "pk")),
    }


def board(tasks: QuerySet[Task], on: date, cards: int) -> list[Column]:
    """The columns with their counts, and the first cards of each."""
    columns = _columns(on)
    wanted = {f"n_{code}": Count("pk", filter=where) for code, (where, _order) in columns.items()}
    counted = bare(tasks).aggregate(**wanted)
    shown = tasks.select_related("officer").defer("text", "fold")
    found = [
        Column(code, counted[f"n_{code}"], tuple(shown.filter(where).order_by(*order)[:cards]))
        if counted[f"n_{code}"]
        else Column(code, 0, ())
        for code, (where, order) in columns.items()
    ]
    prefetch_related_objects([task for column in found for task in column.tasks], "partners")
    return found


# The calendar


def days_of(tasks: QuerySet[Task], first: date, last: date) -> dict[date, list[Task]]:
    """The tasks due on each day of a span, without their long texts."""
    found: dict[date, list[Task]] = {}
    inside = tasks.filter(due_on__gte=first, due_on__lte=last).defer("text", "fold")
    for task in inside.order_by("due_on", F("completed_on").asc(nulls_first=True), "pk"):
        found.setdefault(task.due_on, []).append(task)  # type: ignore[arg-type]
    return found
