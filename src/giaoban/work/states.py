"""The four states of QĐ 42/2014/QĐ-TTg, computed from dates and never typed; and the fifth column, "không thời hạn".

The due day itself is in term. A task is completed on the day its lead proposed it, once that was confirmed; until then,
and on any day before it, the task is open. Workflow (taken up, proposed, called off …) is another axis and not here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class State(StrEnum):
    DONE_ON_TIME = "DONE_ON_TIME"
    DONE_LATE = "DONE_LATE"
    OPEN_IN_TERM = "OPEN_IN_TERM"
    OPEN_OVERDUE = "OPEN_OVERDUE"
    NO_DEADLINE = "NO_DEADLINE"


@dataclass(frozen=True)
class Dates:
    """What the state is computed from."""

    due_on: date | None
    completed_on: date | None = None

    def completed(self, on: date) -> bool:
        return self.completed_on is not None and self.completed_on <= on


def state(dates: Dates, on: date) -> State:
    """The state on a day."""
    if dates.due_on is None:
        return State.NO_DEADLINE
    if dates.completed(on):
        assert dates.completed_on is not None
        return State.DONE_ON_TIME if dates.completed_on <= dates.due_on else State.DONE_LATE
    return State.OPEN_IN_TERM if on <= dates.due_on else State.OPEN_OVERDUE


def due_soon(dates: Dates, on: date, days: int) -> bool:
    """The warning inside OPEN_IN_TERM: the due day is at most `days` ahead."""
    return state(dates, on) is State.OPEN_IN_TERM and (dates.due_on - on).days <= days  # type: ignore[operator]


def days_late(dates: Dates, on: date) -> int:
    """Days past the due day: until completion, or until `on` while open; 0 in term and without a due day."""
    if dates.due_on is None:
        return 0
    reached = dates.completed_on if dates.completed(on) else on
    return max(0, (reached - dates.due_on).days)  # type: ignore[operator]


def bucket(late: int, bounds: tuple[int, ...]) -> int:
    """Which bucket of overdue days: 0 = 1…bounds[0], … , len(bounds) = more than the last bound."""
    return sum(late > bound for bound in bounds)


@dataclass(frozen=True)
class Counts:
    """How many tasks stand in each state; `soon` is a part of `open_in_term`.

    `asked` are requests (đề nghị) to a unit that cannot be ordered: they have a day and an answer, and stand in none.
    """

    done_on_time: int = 0
    done_late: int = 0
    open_in_term: int = 0
    open_overdue: int = 0
    no_deadline: int = 0
    soon: int = 0
    asked: int = 0

    @property
    def done(self) -> int:
        return self.done_on_time + self.done_late

    @property
    def open(self) -> int:
        return self.open_in_term + self.open_overdue

    @property
    def dated(self) -> int:
        return self.done + self.open

    @property
    def total(self) -> int:
        return self.dated + self.no_deadline

    def of(self, which: State) -> int:
        return int(getattr(self, which.value.lower()))

    def __add__(self, other: Counts) -> Counts:
        names = self.__dataclass_fields__
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in names})


def count(tasks: Iterable[Dates], on: date, warning_days: int = 0) -> Counts:
    """The table of QĐ 42/2014 for many tasks, the slow and obvious way."""
    found = dict.fromkeys(State, 0)
    soon = 0
    for dates in tasks:
        found[state(dates, on)] += 1
        soon += due_soon(dates, on, warning_days)
    return Counts(**{which.value.lower(): n for which, n in found.items()}, soon=soon)
