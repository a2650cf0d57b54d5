"""Carrying out a decree: all its steps in one transaction, or none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import refusals, rights
from giaoban.orgs.decree import Establish, Move, Place, Reopen, Step
from giaoban.orgs.engine import Decree, enact
from giaoban.orgs.models import COUNTRY_ID, MANAGEMENT, TERRITORY, Change, Decision

NAMED = 200  # of so many units the journal says the names' numbers; of more only how many there are


def carry_out(
    *,
    by: Actor,
    at: datetime,
    on: date,
    steps: Sequence[Step],
    decision: Decision | None = None,
    title: str = "",
) -> Change:
    """Do all steps of a decree, effective on a day past, present or to come; every fault names its step.

    Units keep what they reported; what stood below a unit that ends follows it; what stood below a divided one and is
    named by no step waits in `change.unplaced` for `place`. `undo` takes the whole back.
    """
    with writing(by=by, at=at, verb="unit.carry_out") as entry:
        if not steps:
            raise refusals.NothingAsked()
        may_do(by, at, on, steps)
        written = enact([Decree(steps, decision, title)], by=by, at=at, on=on)
        change = written.changes[0]
        entry.subject, entry.unit_id = change, next(iter(sorted(written.lived | written.stretches)), COUNTRY_ID)
        entry.data.update(on=on, steps=len(steps), founded=_some(list(written.founded.values())))
        entry.data.update(decision=decision.number if decision else "", unplaced=len(change.unplaced))
    return change


def _some(units: list[int]) -> list[int] | int:
    return units if len(units) <= NAMED else len(units)


def may_do(by: Actor, at: datetime, on: date, steps: Sequence[Step]) -> None:
    """The right to manage every unit that a step changes, and every unit under which it puts one."""
    rights.require_all(by, "unit.manage", {unit for step in steps for unit in asked_at(step)}, at=at, on=on)


def asked_at(step: Step) -> Iterator[int]:
    if isinstance(step, (Establish, Reopen)):
        above: Place = step.parents.get(MANAGEMENT) or step.parents.get(TERRITORY) or COUNTRY_ID
        if isinstance(above, int):  # else the decree founds it, and its own step is asked about
            yield above
        return
    yield step.unit
    if isinstance(step, Move) and isinstance(step.parent, int):
        yield step.parent
