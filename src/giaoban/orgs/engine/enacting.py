"""One act from its steps to the derived tables. The verbs around it ask for rights and write the journal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from giaoban.core.refusal import Invalid, Refused
from giaoban.journal.actor import Actor
from giaoban.orgs import decree as words
from giaoban.orgs import refusals
from giaoban.orgs.derived import rebuild_closure, rebuild_snapshots
from giaoban.orgs.engine.asked import Asked, Decree
from giaoban.orgs.engine.below import hand_over
from giaoban.orgs.engine.checks import Checks
from giaoban.orgs.engine.circles import circles
from giaoban.orgs.engine.record import Record
from giaoban.orgs.engine.rows import Told, Written, write
from giaoban.orgs.models import Change


def enact(
    decrees: Sequence[Decree],
    *,
    by: Actor,
    at: datetime,
    on: date,
    deriving: bool = True,
    say: Told = lambda what, done, of: None,
) -> Written:
    """Do what the decrees ask together, or refuse with every fault (`BadRow`, by step). Inside `journal.writing`."""
    asked = Asked(decrees, on)
    record = Record(on, asked.units())
    record.read_links({*asked.ended, *asked.reopened, *(unit for unit, _ in asked.moves)})
    handed = hand_over(asked, record)
    faults: list[Refused] = [
        refusals.BadRow(item.number, fault) for item, fault in Checks(asked, record, handed).faults()
    ]
    if faults:
        raise Invalid(faults)
    written = write(asked, record, handed, [_change(one, by, at, on) for one in decrees], say)
    _refuse_circles(written, asked, record)
    for change in written.changes:
        if change.altered or change.unplaced:
            change.save(update_fields=["altered", "unplaced"])
    if deriving:
        derive(written.stretches, written.placed)
    return written


def _change(decree: Decree, by: Actor, at: datetime, on: date) -> Change:
    return Change.objects.create(
        decision=decree.decision,
        on=on,
        title=decree.title or (decree.decision.title if decree.decision else ""),
        steps=words.to_json(decree.steps),
        made_at=at,
        made_by=signature(by),
    )


def signature(by: Actor) -> str:
    """Who did it, as it will read for good."""
    return ", ".join(part for part in (by.name, by.title) if part)[:300]


def _refuse_circles(written: Written, asked: Asked, record: Record) -> None:
    faults: list[Refused] = []
    founded = {unit: asked.founded[key].step.name for key, unit in written.founded.items()}
    for found in circles(written.linked, asked.on):
        item = written.linked[found.unit, found.hierarchy]
        unit, parent = (founded.get(one) or record.name(one) for one in (found.unit, found.parent))
        later = refusals.LoopLater(unit=unit, parent=parent, day=found.day)
        fault = later if found.day > asked.on else refusals.Loop(unit=unit, parent=parent)
        faults.append(refusals.BadRow(item.number, fault))
    if faults:
        raise Invalid(faults)


def derive(stretches: Iterable[int], placed: Iterable[int]) -> None:
    """Bring snapshots and closure up to date for these units; of very many, all at once."""
    rebuild_snapshots(set(stretches))
    rebuild_closure(set(placed))
