"""Merger, division and the general case of both: they always found new units (decision 0003)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

from giaoban.core.refusal import Invalid, Refused
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import refusals, rights
from giaoban.orgs.actions.changing import close_unit
from giaoban.orgs.actions.checks import Seen, code_fault, faults_of, may_found, there
from giaoban.orgs.actions.founding import found_units
from giaoban.orgs.derived import rebuild_closure, rebuild_snapshots
from giaoban.orgs.founding import Became, Founding, Part
from giaoban.orgs.models import (
    Closure,
    Code,
    Decision,
    Lineage,
    Link,
    Unit,
)


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
    gone = {row.predecessor.pk: row.predecessor for row in became}
    with writing(by=by, at=at, verb="unit.reorganise") as entry:
        for unit in gone.values():
            rights.require(by, "unit.manage", unit.pk, at=at, on=on)
            there(unit, on)
        may_found(by, at, on, foundings)
        _check_foundings([_without_codes(founding) for founding in foundings], on)
        _check_shares(became)
        new = found_units([_without_codes(founding) for founding in foundings], on, decision)
        _hand_children(list(gone), _targets(became, children or {}, new, on), on, decision)
        for unit in gone.values():
            close_unit(unit, on, decision)
        for founding, unit in zip(foundings, new):
            _give_codes(unit, founding.codes, on, decision)
        Lineage.objects.bulk_create(_lineages(became, new, on, basis, decision))
        entry.subject, entry.unit_id = new[0], new[0].pk
        entry.data.update(
            on=on,
            founded=[[unit.pk, founding.name] for unit, founding in zip(new, foundings)],
            became=[[row.predecessor.pk, new[row.successor].pk, str(row.share)] for row in became],
        )
    return new


def _check_foundings(foundings: Sequence[Founding], on: date) -> None:
    seen = Seen()
    faults = [
        [refusals.BadRow(row, fault) for fault in faults_of(one, on, seen)] for row, one in enumerate(foundings, 1)
    ]
    found: list[Refused] = [fault for row in faults for fault in row]
    if len(foundings) == 1 and found:
        raise faults[0][0].fault
    if found:
        raise Invalid(found)


def _check_shares(became: Sequence[Became]) -> None:
    whole: dict[int, Fraction] = {}
    for row in became:
        whole[row.predecessor.pk] = whole.get(row.predecessor.pk, Fraction(0)) + row.share
    for total in whole.values():
        if total != 1 or any(row.share <= 0 for row in became):
            raise refusals.BadShares(sum=str(total))


def _targets(became: Sequence[Became], children: Mapping[int, int], new: Sequence[Unit], on: date) -> dict[int, int]:
    """Each unit below → the new unit it goes to; those of a divided unit only where they were named."""
    target: dict[int, int] = {}
    successors: dict[int, list[int]] = {}
    for row in became:
        successors.setdefault(row.predecessor.pk, []).append(new[row.successor].pk)
    for old, found in successors.items():
        if len(found) == 1:
            target.update(dict.fromkeys(_children(old, on), found[0]))
    target.update({child: new[number].pk for child, number in children.items()})
    return {child: parent for child, parent in target.items() if child not in successors}


def _lineages(
    became: Sequence[Became], new: Sequence[Unit], on: date, basis: str, decision: Decision | None
) -> list[Lineage]:
    largest: dict[int, Fraction] = {}
    rows = []
    for row in sorted(became, key=lambda one: (-one.share, one.successor)):
        main = row.predecessor.pk not in largest
        largest.setdefault(row.predecessor.pk, row.share)
        rows.append(
            Lineage(
                predecessor=row.predecessor,
                successor=new[row.successor],
                on=on,
                numerator=row.share.numerator,
                denominator=row.share.denominator,
                basis=Lineage.WHOLE if row.share == 1 else basis,
                main=main,
                decision=decision,
            )
        )
    return rows


def _without_codes(founding: Founding) -> Founding:
    """The new unit often takes the code of the old one, which is free only after the old one has ended."""
    return replace(founding, codes={})


def _give_codes(unit: Unit, codes: Mapping[str, str], on: date, decision: Decision | None) -> None:
    for scheme, code in codes.items():
        if fault := code_fault(scheme, code, on, owner=unit.pk):
            raise fault
        Code.objects.create(unit=unit, scheme=scheme, code=code, start=on, decision=decision)
    if codes:
        rebuild_snapshots([unit.pk])


def _children(unit_id: int, on: date) -> list[int]:
    below = Closure.objects.filter(ancestor=unit_id, depth=1, end__gt=on)
    return list(below.values_list("descendant_id", flat=True).distinct())


def _hand_children(gone: Sequence[int], target: Mapping[int, int], on: date, decision: Decision | None) -> None:
    """Links under a unit that ends lead to the child's target: from the day on, or from the later day they start."""
    planned = list(Link.objects.filter(parent__in=gone, start__gte=on, unit__in=target))
    for link in planned:
        link.parent_id = target[link.unit_id]
    Link.objects.bulk_update(planned, ["parent"])
    now = Closure.objects.filter(ancestor__in=gone, depth=1, start__lt=on, end__gt=on, descendant__in=target)
    done = {(link.unit_id, link.hierarchy_id) for link in planned if link.start == on}
    rows = sorted(set(now.values_list("descendant_id", "hierarchy_id")) - done)
    Link.objects.bulk_create(
        [
            Link(unit_id=child, hierarchy_id=hierarchy, start=on, parent_id=target[child], decision=decision)
            for child, hierarchy in rows
        ]
    )
    rebuild_closure(target)
