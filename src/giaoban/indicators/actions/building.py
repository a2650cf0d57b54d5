"""Build a sheet in the browser: a draft nobody is asked by, changed step by step, published whole.

A page says which version of the draft it showed; what somebody else has changed since is not overwritten. Steps of a
draft leave no event, as typing does; beginning, publishing and discarding do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from giaoban.core.refusal import Refused, sentence
from giaoban.core.text import nfc
from giaoban.indicators import drafting, refusals
from giaoban.indicators.actions import editions
from giaoban.indicators.actions.catalogue import CODE, LineSpec, RuleSpec, _checked, publish_sheet, sheet_faults
from giaoban.indicators.models import Sheet, SheetDraft
from giaoban.indicators.queries import building
from giaoban.indicators.queries import catalogue as asking
from giaoban.indicators.queries import texts as published
from giaoban.journal.actions import writing
from giaoban.journal.actor import SYSTEM, Actor
from giaoban.people import queries as people


class DraftChanged(Refused):
    sentence = sentence("%(who)s has changed this sheet since the page was opened. Look at it again.")


class CodeTaken(Refused):
    sentence = sentence("This code is already in use.")
    field = "code"


class DraftExists(Refused):
    sentence = sentence("“%(sheet)s” is already being built: go on with that one.")


class KindsNeeded(Refused):
    sentence = sentence("Say which kinds of unit are asked.")
    field = "kinds"


class DayPassed(Refused):
    sentence = sentence("The day from which the sheet holds must not lie in the past.")
    field = "publish_on"


def begin_sheet(
    *, by: Actor, at: datetime, on: date, code: str, name: str, kinds: Sequence[str], source: str = ""
) -> SheetDraft:
    """An empty sheet of the acting unit."""
    return _begin(by, at, on, code, drafting.blank(nfc(name), nfc(source), kinds))


def begin_from(*, by: Actor, at: datetime, on: date, sheet: str) -> SheetDraft:
    """Go on with a published sheet: itself while no round has used it, otherwise a new version that takes its place."""
    row = published.row(published.SHEET, sheet)
    if row is None:
        raise refusals.UnknownSheet(code=sheet)
    found = Sheet.objects.get(pk=sheet)
    if found.retired:
        raise refusals.SheetRetired(sheet=found.name)
    data = drafting.of_row(row)
    if found.rounds.exists():
        return _begin(by, at, on, _next_code(sheet), data, supersedes=found)
    return _begin(by, at, on, sheet, data, sheet=found)


def begin_copy(*, by: Actor, at: datetime, on: date, sheet: str) -> SheetDraft:
    """Another sheet like a published one: what that one asks is shown here."""
    row = published.row(published.SHEET, sheet)
    if row is None:
        raise refusals.UnknownSheet(code=sheet)
    return _begin(by, at, on, _next_code(sheet), drafting.of_row(row))


def _begin(
    by: Actor, at: datetime, on: date, code: str, data: drafting.Data, *, sheet: Sheet | None = None,
    supersedes: Sheet | None = None,
) -> SheetDraft:  # fmt: skip
    with writing(by=by, at=at, verb="sheet.begin", unit_id=by.unit_id, data={"sheet": code}) as entry:
        people.require(by, "sheet.manage", by.unit_id or 0, on)
        for other in filter(None, (sheet, supersedes)):
            editions.require(by, at, published.SHEET, other.pk)
            _not_yet_built(other)
        _checked(code, CODE)
        if sheet is None and (Sheet.objects.filter(pk=code).exists() or SheetDraft.objects.filter(code=code).exists()):
            raise CodeTaken()
        if not data["name"].strip():
            raise refusals.NameNeeded()
        entry.subject = made = SheetDraft.objects.create(
            unit_id=by.unit_id,
            code=code,
            sheet=sheet,
            supersedes=supersedes,
            data=data,
            made_at=at,
            made_by=by.name,
            changed_at=at,
            changed_by=by.name,
        )
    return made


def _not_yet_built(sheet: Sheet) -> None:
    for draft in (SheetDraft.objects.filter(sheet=sheet), SheetDraft.objects.filter(supersedes=sheet)):
        if draft.exists():
            raise DraftExists(sheet=sheet.name)


def _next_code(code: str) -> str:
    """truong_hoc_ky_1 → truong_hoc_ky_1_b2, then _b3."""
    stem, mark, number = code.rpartition("_b")
    base, n = (stem, int(number)) if mark and number.isdigit() else (code, 1)
    taken = set(Sheet.objects.filter(pk__startswith=base).values_list("pk", flat=True))
    taken |= set(SheetDraft.objects.filter(code__startswith=base).values_list("code", flat=True))
    while (found := f"{base[:50]}_b{n + 1}") in taken:
        n += 1
    return found


def change_draft(
    *, by: Actor, at: datetime, on: date, draft_id: int, change: Callable[[drafting.Data], Any], seen: int | None = None
) -> SheetDraft:
    """One step: `change` works on the draft's data. Nothing is kept when it refuses."""
    with writing(by=by, at=at, verb="sheet.build", data={"draft": draft_id}) as entry:
        found = _locked(by, on, draft_id, seen)
        change(found.data)
        _keep(found, by, at)
        entry.skip = True
    return found


def change_heading(
    *, by: Actor, at: datetime, on: date, draft_id: int, name: str, kinds: Sequence[str], source: str,
    change_percent: int, change_least: int, code: str = "", seen: int | None = None,
) -> SheetDraft:  # fmt: skip
    """What the sheet is called, who is asked, where it comes from."""
    with writing(by=by, at=at, verb="sheet.build", data={"draft": draft_id}) as entry:
        found = _locked(by, on, draft_id, seen)
        if not name.strip():
            raise refusals.NameNeeded()
        if not kinds:
            raise KindsNeeded()
        if code and code != found.code and found.sheet_id is None:
            _checked(code, CODE)
            if Sheet.objects.filter(pk=code).exists() or SheetDraft.objects.filter(code=code).exists():
                raise CodeTaken()
            found.code = code
        found.data |= {"name": nfc(name), "kinds": list(kinds), "source": nfc(source)}
        found.data |= {"change_percent": change_percent, "change_least": change_least}
        for line in found.data["lines"]:
            line["kinds"] = [kind for kind in line["kinds"] if kind in kinds]
        _keep(found, by, at)
        entry.skip = True
    return found


def _locked(by: Actor, on: date, draft_id: int, seen: int | None) -> SheetDraft:
    asking.sheet_draft(by, draft_id, on)  # raises DoesNotExist for whom it is not
    found = SheetDraft.objects.select_for_update().get(pk=draft_id)
    if seen is not None and seen != found.version:
        raise DraftChanged(who=found.changed_by)
    return found


def _keep(found: SheetDraft, by: Actor, at: datetime) -> None:
    found.version += 1
    found.changed_at, found.changed_by = at, by.name
    found.save()


def discard_draft(*, by: Actor, at: datetime, on: date, draft_id: int) -> None:
    with writing(by=by, at=at, verb="sheet.discard") as entry:
        found = _locked(by, on, draft_id, None)
        entry.unit_id = found.unit_id
        entry.data |= {"sheet": found.code, "lines": len(found.data["lines"])}
        found.delete()


# Publish


def specs(draft: SheetDraft) -> dict[str, Any]:
    """Lines and rules as the verb takes them: a cell another sheet asks is shown here, without being asked twice."""
    row = building.row_of(draft)
    lines = [
        LineSpec(
            cell=line.get("cell", ""),
            expression=line.get("expression", ""),
            label=line.get("label", ""),
            section=line.get("section", ""),
            unit=line.get("unit", ""),
            help=line.get("help", ""),
            level=line.get("level", 0),
            owns=bool(line.get("cell")) and not line.get("shown", False),
            required=line.get("required", True),
            kinds=tuple(line.get("kinds", ())),
        )
        for line in row["line"]
    ]
    return {"lines": lines, "rules": [RuleSpec(**rule) for rule in row["rule"]]}


def draft_faults(draft: SheetDraft) -> list[Refused]:
    """What publishing would refuse, each with its line or rule."""
    found = sheet_faults(code=draft.code, supersedes=draft.supersedes_id or "", **specs(draft))
    return found if draft.data["kinds"] else [KindsNeeded(), *found]


def publish_draft(
    *, by: Actor, at: datetime, on: date, draft_id: int, seen: int | None = None, publish_on: date | None = None
) -> Sheet | None:
    """Publish the sheet, or on a day to come: then it is published that morning, and None comes back now."""
    with writing(by=by, at=at, verb="sheet.build", data={"draft": draft_id}) as entry:
        found = _locked(by, on, draft_id, seen)
        entry.skip = True
        if publish_on is not None and publish_on < on:
            raise DayPassed()
        if publish_on is not None and publish_on > on:
            faults = draft_faults(found)
            if faults:
                raise faults[0]
            entry.skip, entry.verb, entry.unit_id = False, "sheet.schedule", found.unit_id
            entry.data |= {"sheet": found.code, "day": publish_on}
            found.publish_on = publish_on
            _keep(found, by, at)
            return None
        return _publish(by, at, found)


def _publish(by: Actor, at: datetime, found: SheetDraft) -> Sheet:
    if not found.data["kinds"]:
        raise KindsNeeded()
    made = publish_sheet(
        by=by,
        at=at,
        code=found.code,
        name=found.data["name"],
        kinds=found.data["kinds"],
        source=found.data["source"],
        change_percent=found.data["change_percent"],
        change_least=found.data["change_least"],
        checks=found.data["checks"],
        supersedes=found.supersedes_id or "",
        **specs(found),
    )
    found.delete()
    return made


def publish_due(*, at: datetime, on: date) -> tuple[list[Sheet], list[tuple[SheetDraft, Refused]]]:
    """Publish the sheets whose day has come; those that cannot be wait, with what stands against it."""
    done: list[Sheet] = []
    left: list[tuple[SheetDraft, Refused]] = []
    for draft in SheetDraft.objects.filter(publish_on__lte=on).order_by("publish_on", "pk"):
        by = replace(SYSTEM, unit_id=draft.unit_id, name=draft.changed_by)  # the system, on behalf of who set the day
        try:
            with writing(by=by, at=at, verb="sheet.build", data={"draft": draft.pk}) as entry:
                entry.skip = True
                done.append(_publish(by, at, draft))
        except Refused as refused:
            left.append((draft, refused))
    return done, left
