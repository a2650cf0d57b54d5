"""What must hold before a unit is founded or changed; every fault is a named refusal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from giaoban.core.refusal import Refused
from giaoban.core.span import FAR
from giaoban.journal.actor import Actor
from giaoban.orgs import queries, refusals, rights
from giaoban.orgs.founding import SCHEMES, Founding
from giaoban.orgs.models import (
    COUNTRY_ID,
    MANAGEMENT,
    TERRITORY,
    Closure,
    Hierarchy,
    Kind,
    Snapshot,
    Unit,
)

CODE_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,38}\Z")


def may_found(by: Actor, at: datetime, on: date, foundings: Sequence[Founding]) -> None:
    """The right is asked at whoever will direct the unit, else at whoever it stands under, else at the country."""
    above = {
        founding.parents.get(MANAGEMENT) or founding.parents.get(TERRITORY) or COUNTRY_ID for founding in foundings
    }
    for unit_id in above:
        rights.require(by, "unit.manage", unit_id, at=at, on=on)


class Seen:
    """What is the same for all rows of a table, read once; and the codes that earlier rows have taken."""

    def __init__(self) -> None:
        self.kinds = set(Kind.objects.values_list("code", flat=True))
        self.hierarchies = set(Hierarchy.objects.values_list("code", flat=True))
        self.codes: dict[tuple[str, str], str] = {}
        self.parents: dict[int, Refused | None] = {}


def faults_of(founding: Founding, on: date, seen: Seen) -> list[Refused]:
    """Everything that is wrong with one founding."""
    faults: list[Refused] = []
    if not seen.kinds:
        return [refusals.NotLoaded()]
    if founding.kind not in seen.kinds:
        faults.append(refusals.UnknownKind(kind=founding.kind))
    faults += name_faults(founding.name, founding.body_name, founding.short_name)
    for hierarchy, parent in founding.parents.items():
        if hierarchy not in seen.hierarchies:
            faults.append(refusals.UnknownHierarchy(hierarchy=hierarchy))
            continue
        if parent not in seen.parents:
            seen.parents[parent] = parent_fault(parent, on, FAR)
        if fault := seen.parents[parent]:
            faults.append(fault)
    for scheme, code in founding.codes.items():
        fault = code_fault(scheme, code, on)
        if fault is None and (scheme, code) in seen.codes:
            fault = refusals.CodeTaken(code=code, holder=seen.codes[scheme, code], day=on)
        if fault:
            faults.append(fault)
        seen.codes.setdefault((scheme, code), founding.name)
    return faults


def name_faults(name: str, body_name: str = "", short_name: str = "") -> list[Refused]:
    faults: list[Refused] = []
    if not name.strip():
        faults.append(refusals.EmptyName())
    for label, text, most in (("name", name, 200), ("body_name", body_name, 240), ("short_name", short_name, 120)):
        if len(text) > most:
            faults.append(refusals.LongText(text=text[:30], most=most, field=label))
    return faults


def parent_fault(parent: int, on: date, until: date) -> Refused | None:
    """A parent must exist on the day and for as long as the link will hold."""
    if not Unit.objects.filter(pk=parent).exists():
        return refusals.UnknownParent(parent=parent)
    life = Closure.objects.filter(descendant=parent, depth=0, start__lte=on, end__gt=on).first()
    if life is None:
        return refusals.ParentNotThere(parent=queries.name(parent, on), day=on)
    if life.end < until:
        return refusals.ParentEnds(parent=queries.name(parent, on), day=life.end)
    return None


def code_fault(scheme: str, code: str, on: date, owner: int | None = None) -> Refused | None:
    if scheme not in SCHEMES:
        return refusals.UnknownScheme(scheme=scheme)
    if not CODE_FORM.match(code):
        return refusals.BadCode(code=code, scheme=scheme)
    holder = queries.by_code(code, on, scheme)
    if holder is not None and holder.pk != owner:
        return refusals.CodeTaken(code=code, holder=queries.name(holder.pk, on), day=on)
    return None


def there(unit: Unit, on: date) -> Snapshot:
    found = Snapshot.objects.filter(unit=unit, start__lte=on, end__gt=on).select_related("kind").first()
    if found is None:
        raise refusals.NotThere(unit=queries.name(unit.pk, on), day=on)
    return found


def unchanged(model: type[Any], unit: Unit, on: date, **more: str) -> None:
    if model.objects.filter(unit=unit, start=on, **more).exists():
        raise refusals.AlreadyChanged(unit=queries.name(unit.pk, on), day=on)
