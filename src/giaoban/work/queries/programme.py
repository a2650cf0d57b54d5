"""The work programme of a unit: its items of a year or a month, and how far they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.work.models import Adoption, ProgrammeItem


@dataclass(frozen=True)
class Programme:
    """Items of one unit and time, in the order of their dates; `adopted` is the year's or the month's adoption."""

    unit_id: int
    year: int
    month: int | None
    items: Sequence[ProgrammeItem]
    adopted: Adoption | None

    @property
    def standing(self) -> list[ProgrammeItem]:
        return [item for item in self.items if item.called_off_at is None]

    def done(self, on: date) -> int:
        """Items whose task is done; said as done a/b, never alone."""
        return sum(1 for item in self.standing if _done(item, on))

    def late(self, on: date) -> int:
        """Items past their day and not done."""
        return sum(1 for item in self.standing if not _done(item, on) and item.due_on < on)


def programme(actor: Actor, unit_id: int, year: int, month: int | None, on: date) -> Programme:
    """The programme of a unit whose documents the actor may read; NotAllowed otherwise."""
    if not people.may(actor, "document.view", unit_id, on):
        raise NotAllowed()
    found = items(unit_id, year, month).select_related("task", "basis")
    return Programme(unit_id, year, month, list(found), adoption(unit_id, year, month))


def items(unit_id: int, year: int, month: int | None = None) -> QuerySet[ProgrammeItem]:
    """Items of a year, or of one month of it."""
    found = ProgrammeItem.objects.filter(unit_id=unit_id, year=year)
    return found if month is None else found.filter(due_on__month=month)


def adoption(unit_id: int, year: int, month: int | None) -> Adoption | None:
    """What makes the items of this time bind: the month's adoption, else the year's."""
    when = Q(month__isnull=True) if month is None else Q(month__isnull=True) | Q(month=month)
    return Adoption.objects.filter(when, unit_id=unit_id, year=year).order_by("-month").first()


def item(actor: Actor, item_id: int, on: date) -> ProgrammeItem:
    """One item of a unit whose documents the actor may read; ProgrammeItem.DoesNotExist otherwise."""
    found = ProgrammeItem.objects.select_related("task").get(pk=item_id)
    if not people.may(actor, "document.view", found.unit_id, on):
        raise ProgrammeItem.DoesNotExist
    return found


def _done(item: ProgrammeItem, on: date) -> bool:
    return item.task is not None and item.task.completed_on is not None and item.task.completed_on <= on
