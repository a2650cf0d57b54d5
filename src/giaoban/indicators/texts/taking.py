"""Taking in what was read, through the verbs of the room: a dry run does the same and takes it all back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from giaoban.core.refusal import Invalid, NotAllowed, Refused
from giaoban.indicators import actions, refusals
from giaoban.indicators.actions import LineSpec, RuleSpec
from giaoban.indicators.loading.catalogue import FIRST_DAY, LEVELS, source_of
from giaoban.indicators.loading.sheets import expand
from giaoban.indicators.models import Sheet
from giaoban.indicators.queries import catalogue as asking
from giaoban.indicators.queries import texts
from giaoban.indicators.queries.texts import DIMENSION, ELEMENT, INDICATOR, SHEET, Row
from giaoban.indicators.texts.reading import Fault, Item, Read
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor

NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"


@dataclass(frozen=True)
class Outcome:
    """What became, or would become, of one text."""

    kind: str
    code: str
    name: str
    line: int
    state: str  # new, changed, same, refused
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Difference:
    """One field of a text, as it was and as it is; empty where there was or is nothing."""

    field: str
    old: str
    new: str


@dataclass(frozen=True)
class Taken:
    outcomes: tuple[Outcome, ...]
    faults: tuple[Fault, ...]
    stored: bool

    def count(self, state: str) -> int:
        return sum(one.state == state for one in self.outcomes)


class _Back(Exception):
    """Ends a dry run: everything is taken back."""


def take(*, by: Actor, at: datetime, found: Read, dry: bool = True) -> Taken:
    """Publish what the file says, all or nothing; a dry run says what would be new, changed or refused."""
    if not asking.may_manage(by, localdate(at)):
        raise NotAllowed()
    outcomes: list[Outcome] = []
    faults = list(found.faults)
    try:
        with writing(by=by, at=at, verb="catalogue.import", data={"texts": len(found.items)}) as entry:
            outcomes += [_take(by, at, item, faults) for item in found.items]
            _turn_all(by, at, found.items, outcomes, faults)
            entry.skip = all(one.state == SAME for one in outcomes)
            if dry or faults:
                raise _Back
    except _Back:
        return Taken(tuple(outcomes), tuple(sorted(faults, key=lambda one: one.line)), False)
    return Taken(tuple(outcomes), (), True)


def _take(by: Actor, at: datetime, item: Item, faults: list[Fault]) -> Outcome:
    before = texts.row(item.kind, item.code)
    name = str(item.row.get("name", item.code))
    if not _tried(item, faults, lambda: TAKING[item.kind](by, at, item.row)):
        return Outcome(item.kind, item.code, name, item.line, REFUSED)
    if before is None:
        return Outcome(item.kind, item.code, name, item.line, NEW)
    told = differences(before, texts.row(item.kind, item.code) or {})
    return Outcome(item.kind, item.code, name, item.line, CHANGED if told else SAME, told)


def _tried(item: Item, faults: list[Fault], work: Callable[[], None]) -> bool:
    """Whether it could be done; otherwise nothing of it stays, and the faults say why."""
    try:
        with transaction.atomic():
            work()
    except Refused as refused:
        for fault in refused.faults if isinstance(refused, Invalid) else [refused]:
            faults.append(Fault(item.line, item.code, fault.field or "", fault))
        return False
    return True


TURNING: Mapping[str, tuple[Callable[..., None], Callable[..., None]]] = {
    ELEMENT: (actions.retire_element, actions.restore_element),
    INDICATOR: (actions.retire_indicator, actions.restore_indicator),
}


def _turn_all(by: Actor, at: datetime, items: Sequence[Item], outcomes: list[Outcome], faults: list[Fault]) -> None:
    """Last, when the sheets that ask them stand: what the file says is retired, and what it no longer says is."""
    retired = {kind: {row["code"] for row in texts.rows(kind) if row.get("retired")} for kind in TURNING}
    for place, item in enumerate(items):
        if item.kind not in TURNING or outcomes[place].state == REFUSED:
            continue
        wanted = bool(item.row.get("retired", False))
        if wanted == (item.code in retired[item.kind]):
            continue
        verb = TURNING[item.kind][0 if wanted else 1]
        given: dict[str, Any] = {"by": by, "at": at, "code": item.code, "reason": _("As the imported file says.")}
        if _tried(item, faults, lambda verb=verb, given=given: verb(**given)):
            told = Difference("retired", _said(not wanted), _said(wanted))
            was = outcomes[place]
            state = CHANGED if was.state == SAME else was.state
            outcomes[place] = replace(was, state=state, differences=(*was.differences, told))
        else:
            outcomes[place] = replace(outcomes[place], state=REFUSED)


def differences(old: Row, new: Row) -> tuple[Difference, ...]:
    """Field by field; lines, rules, members and versions one by one."""
    told: list[Difference] = []
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        if isinstance(before or after, (list, dict)) and name not in ("dimensions", "kinds", "checks"):
            told += _parts(name, _keyed(before), _keyed(after))
        else:
            told.append(Difference(name, _said(before), _said(after)))
    return tuple(told)


def _keyed(value: Any) -> dict[str, Any]:
    """The parts of a list by what they are of: a line by its cell, a rule by its sentence, a version by its day."""
    if isinstance(value, Mapping):
        return dict(value)
    rows = value or []
    keys = [
        str(row.get("cell") or row.get("start") or row.get("sentence") or row.get("label") or row.get("expression"))
        for row in rows
    ]
    return {
        f"{key} ({n})" if keys.index(key) != n else key: row
        for n, (key, row) in enumerate(zip(keys, rows, strict=True))
    }


def _parts(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for key in dict.fromkeys([*old, *new]):
        if old.get(key) != new.get(key):
            yield Difference(f"{name} {key}", _said(old.get(key)), _said(new.get(key)))
    common = [key for key in old if key in new]
    if common != [key for key in new if key in old]:
        yield Difference(f"{name} ", _("in another order"), _("in this order"))


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_said(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(_said(one) for one in value)
    return str(value)


def _take_dimension(by: Actor, at: datetime, row: Row) -> None:
    actions.define_dimension(by=by, at=at, code=row["code"], name=row["name"], members=row["members"])


def _official(row: Row) -> dict[str, str]:
    return {name: row.get(name, "") for name in ("group", "official_code", "code_system")}


def _take_element(by: Actor, at: datetime, row: Row) -> None:
    level = LEVELS.get(row.get("level", ""), "")
    actions.define_element(
        by=by,
        at=at,
        code=row["code"],
        name=row["name"],
        unit=row["unit"],
        stock=row["kind"] == "stock",
        over_units=row.get("over_units", "sum"),
        scale=row.get("scale", 0),
        definition=f"{row.get('definition', '')} {level}".strip(),
        source=source_of(row) if "sources" in row else row.get("source", ""),
        dimensions=row.get("dimensions", []),
        **_official(row),
    )


def _take_indicator(by: Actor, at: datetime, row: Row) -> None:
    actions.define_indicator(
        by=by,
        at=at,
        code=row["code"],
        name=row["name"],
        unit=row["unit"],
        expression=row["expression"],
        start=_as_day(row.get("start", FIRST_DAY)),
        places=row.get("places", 2 if row["unit"] == "%" else 0),
        direction=row.get("direction", "none"),
        definition=row.get("definition", ""),
        source=source_of(row) if "sources" in row else row.get("source", ""),
        formula_source=row.get("formula_source"),
        **_official(row),
    )
    for version in row.get("formula", ()):
        source = source_of(version) if "sources" in version else version.get("source", "")
        start = _as_day(version["start"])
        actions.add_formula(
            by=by, at=at, indicator=row["code"], start=start, expression=version["expression"], source=source
        )


def _as_day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _take_sheet(by: Actor, at: datetime, row: Row) -> None:
    if row.get("retired") and Sheet.objects.filter(pk=row["code"], retired=True).exists():
        if texts.row(SHEET, row["code"]) != _as_stored(row):
            raise refusals.SheetRetired(sheet=row["name"])
        return
    specs = sheet_specs(row)
    actions.publish_sheet(
        by=by,
        at=at,
        code=row["code"],
        name=row["name"],
        source=row.get("source", ""),
        change_percent=row.get("change_percent", 30),
        change_least=row.get("change_least", 5),
        checks=row.get("checks", {}),
        supersedes=row.get("supersedes", ""),
        **specs,
    )
    if row.get("retired"):
        actions.retire_sheet(by=by, at=at, code=row["code"], reason=_("As the imported file says."))


def _as_stored(row: Row) -> Row:
    """A sheet of a file as `texts.row` writes it."""
    made = {name: value for name, value in row.items() if value not in ("", [], {}, False)}
    return made | {"change_percent": row.get("change_percent", 30), "change_least": row.get("change_least", 5)}


def sheet_specs(row: Row) -> dict[str, Any]:
    """Kinds, lines and rules of a sheet, written out or in the short form, as `publish_sheet` takes them."""
    if "section" in row:
        words = {one["code"]: one["members"] for one in texts.rows(DIMENSION)}
        short = expand({"rule": []} | row, words)
        return {"kinds": short.kinds, "lines": short.lines, "rules": short.rules}
    return {
        "kinds": row.get("kinds", []),
        "lines": [line_spec(line) for line in row.get("line", ())],
        "rules": [RuleSpec(**one) for one in row.get("rule", ())],
    }


def line_spec(line: Row) -> LineSpec:
    given = {name: value for name, value in line.items() if name not in ("shown", "kinds")}
    owns = bool(line.get("cell")) and not line.get("shown", False)
    return LineSpec(**given, owns=owns, kinds=tuple(line.get("kinds", ())))


TAKING: Mapping[str, Callable[[Actor, datetime, Row], None]] = {
    DIMENSION: _take_dimension,
    ELEMENT: _take_element,
    INDICATOR: _take_indicator,
    SHEET: _take_sheet,
}
