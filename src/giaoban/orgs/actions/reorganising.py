"""Merger, division and the general case of both: they always found new units (decision 0003)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from giaoban.core.refusal import Invalid, Refused
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries, refusals
from giaoban.orgs.actions.decreeing import may_do
from giaoban.orgs.actions.founding import step_of
from giaoban.orgs.decree import Become, Move, Step
from giaoban.orgs.engine import Decree, enact
from giaoban.orgs.founding import Became, Founding, Part
from giaoban.orgs.models import Closure, Decision, Lineage, Link, Unit


def merge(
    *,
    by: Actor,
    at: datetime,
    on: date,
    predecessors: Sequence[Unit],
    kind: str,
    name: str,
    body_name: str = "",
    short_name: str = "",
    parents: Mapping[str, int] | None = None,
    codes: Mapping[str, str] | None = None,
    aliases: Iterable[str] = (),
    decision: Decision | None = None,
) -> Unit:
    """Found one unit in the place of several on a day. What stood under them stands under it; they end that day."""
    gone = list({unit.pk: unit for unit in predecessors}.values())
    if len(gone) < 2:
        raise refusals.NothingToMerge()
    founding = Founding(kind, name, body_name, short_name, parents or {}, codes or {}, tuple(aliases))
    became = [Became(unit, 0) for unit in gone]
    return reorganise(by=by, at=at, on=on, foundings=[founding], became=became, decision=decision)[0]


def divide(
    *,
    by: Actor,
    at: datetime,
    on: date,
    unit: Unit,
    parts: Sequence[Part],
    basis: str = Lineage.DECIDED,
    decision: Decision | None = None,
) -> list[Unit]:
    """Found several units in the place of one. Every unit below must be named by the part it goes to."""
    if len(parts) < 2:
        raise refusals.NothingToDivide()
    became = [Became(unit, number, part.share) for number, part in enumerate(parts)]
    children = {child: number for number, part in enumerate(parts) for child in part.children}
    foundings = [part.founding for part in parts]
    return reorganise(
        by=by, at=at, on=on, foundings=foundings, became=became, children=children, basis=basis, decision=decision
    )


def reorganise(
    *,
    by: Actor,
    at: datetime,
    on: date,
    foundings: Sequence[Founding],
    became: Sequence[Became],
    children: Mapping[int, int] | None = None,
    basis: str = Lineage.DECIDED,
    decision: Decision | None = None,
) -> list[Unit]:
    """The general case, as resolutions write it: these units end, those are founded, with who became what.

    What stood under a unit that went to one successor goes there too; under a divided one `children` says for each unit
    below which founding (its place in the list) it goes to. A share's basis is written only where it is not whole.
    """
    with writing(by=by, at=at, verb="unit.reorganise") as entry:
        steps: list[Step] = [step_of(founding, str(number)) for number, founding in enumerate(foundings)]
        shares = sorted(became, key=lambda row: row.successor)
        steps += [Become(row.predecessor.pk, str(row.successor), row.share, basis) for row in shares]
        steps += _moves(became, children or {}, on)
        may_do(by, at, on, steps)
        try:
            written = enact([Decree(steps, decision)], by=by, at=at, on=on)
        except Invalid as refused:
            raise _plain(refused, len(foundings)) from None
        if written.changes[0].unplaced:
            raise _left(written.changes[0].unplaced, on)
        new = written.units
        entry.subject, entry.unit_id = new[0], new[0].pk
        entry.data.update(
            on=on,
            founded=[[unit.pk, founding.name] for unit, founding in zip(new, foundings)],
            became=[[row.predecessor.pk, new[row.successor].pk, str(row.share)] for row in became],
        )
    return new


def _moves(became: Sequence[Became], children: Mapping[int, int], on: date) -> list[Step]:
    """Where the units named in `children` go, in each hierarchy in which they stand under a unit that ends."""
    gone = {row.predecessor.pk for row in became}
    below = Closure.objects.filter(ancestor__in=gone, descendant__in=children, depth=1, start__lte=on, end__gt=on)
    rows = sorted(set(below.values_list("descendant_id", "hierarchy_id")))
    return [Move(child, hierarchy, str(children[child])) for child, hierarchy in rows if child not in gone]


def _plain(refused: Invalid, foundings: int) -> Refused:
    """Faults of several foundings name their rows; any other fault is raised as it is."""
    faults = [fault for fault in refused.faults if isinstance(fault, refusals.BadRow)]
    rows: list[Refused] = [fault for fault in faults if fault.row <= foundings]
    if len(rows) == len(faults) > 0 and foundings > 1:
        return Invalid(rows)
    return next(fault.fault for fault in [*faults[len(rows) :], *faults])


def _left(unplaced: Sequence[list[Any]], on: date) -> Refused:
    """What stands below a divided unit and was given no place."""
    children = {row[0] for row in unplaced}
    example = min(children)
    above = Link.objects.filter(unit=example, start__lt=on).order_by("-start").first()
    called = queries.name(above.parent_id, on) if above and above.parent_id else ""
    return refusals.StillHasChildren(unit=called, count=len(children), example=queries.name(example, on))
