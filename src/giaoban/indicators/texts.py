"""The catalogue as text files: written so that a person can read them, read so that every fault is named at its line.

A file is TOML: `[[dimension]]`, `[[element]]`, `[[indicator]]` and `[[sheet]]`, in the words of the shipped catalogue;
a file of one sheet has the sheet's own fields at the top. A sheet may be written out (`line = […]`, as it is exported)
or in the short form of the shipped sheets (`[[section]]` with `each`). Lists also go through CSV, for Excel.

Taking in goes through the verbs of the room, in one transaction: a dry run does the same and takes it all back.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from giaoban.core.refusal import Invalid, NotAllowed, Refused, sentence
from giaoban.indicators import actions, refusals
from giaoban.indicators.actions import LineSpec, RuleSpec
from giaoban.indicators.loading.catalogue import FIRST_DAY, LEVELS, source_of
from giaoban.indicators.loading.sheets import expand
from giaoban.indicators.models import Sheet
from giaoban.indicators.queries import catalogue as asking
from giaoban.indicators.queries import texts
from giaoban.indicators.queries.texts import DIMENSION, ELEMENT, INDICATOR, KINDS, SHEET, Row
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor

LARGEST = 5_000_000  # bytes: the whole catalogue of 10,000 elements is well below
NEW, CHANGED, SAME, REFUSED = "new", "changed", "same", "refused"


class BadFile(Refused):
    sentence = sentence("The file cannot be read as a catalogue: %(why)s.")
    field = "file"


class FileTooLarge(Refused):
    sentence = sentence("The file is larger than %(most)s MB.")
    field = "file"


class NothingInFile(Refused):
    sentence = sentence("The file has no dimension, element, indicator or sheet.")
    field = "file"


class UnknownField(Refused):
    sentence = sentence("“%(name)s” is not a field of this kind of text.")


class FieldNeeded(Refused):
    sentence = sentence("The field “%(name)s” is missing.")


class BadField(Refused):
    sentence = sentence("The field “%(name)s” cannot be “%(value)s”.")


class TextTwice(Refused):
    sentence = sentence("“%(code)s” stands twice in the file; it first stands in line %(line)s.")


class NotTaken(Refused):
    sentence = sentence("The file has %(n)s faults; nothing was taken in.")
    field = "file"


# Writing


def toml(found: Mapping[str, Sequence[Row]], heading: str = "") -> str:
    """The rows as one TOML file."""
    parts = [_comment(heading)] if heading else []
    for kind in KINDS:
        parts += [f"[[{kind}]]\n{_fields(row)}" for row in found.get(kind, ())]
    return "\n".join(parts)


def sheet_toml(row: Row) -> str:
    """One sheet as a file of its own."""
    return _fields(row)


def _comment(text: str) -> str:
    return "".join(f"# {line}\n" for line in text.splitlines())


def _fields(row: Mapping[str, Any]) -> str:
    return "".join(
        f"{_key(name)} = {_listed(value) if _is_rows(value) else _value(value)}\n" for name, value in row.items()
    )


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _listed(value: Sequence[Mapping[str, Any]]) -> str:
    """Lines of a sheet, one under the other."""
    return "[\n" + "".join(f"  {_value(one)},\n" for one in value) + "]"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return (
            "{ " + ", ".join(f"{_key(name)} = {_value(one)}" for name, one in value.items()) + " }" if value else "{}"
        )
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return _quoted(str(value))


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _quoted(name)


def _quoted(text: str) -> str:
    """JSON and TOML write strings alike, but for the last control character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


# Tables for Excel

COLUMNS: Mapping[str, tuple[str, ...]] = {
    DIMENSION: ("dimension", "dimension_name", "member", "member_name"),
    ELEMENT: (
        "code", "name", "unit", "kind", "over_units", "scale", "group", "dimensions", "definition", "source",
        "official_code", "code_system", "retired",
    ),
    INDICATOR: (
        "code", "name", "unit", "direction", "places", "group", "start", "expression", "formula_source", "definition",
        "source", "official_code", "code_system", "retired",
    ),
}  # fmt: skip
"""An indicator has a row for each version of its formula, a dimension one for each member."""


def table(kind: str) -> str:
    """A list as CSV: a mark for Excel first, so that Vietnamese opens as it is."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.DictWriter(out, COLUMNS[kind], extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    for row in texts.rows(kind):
        writer.writerows(_table_rows(kind, row))
    return out.getvalue()


def _table_rows(kind: str, row: Row) -> Iterator[dict[str, Any]]:
    if kind == DIMENSION:
        for code, name in row["members"].items():
            yield {"dimension": row["code"], "dimension_name": row["name"], "member": code, "member_name": _safe(name)}
        return
    flat = {name: _safe(value) for name, value in row.items() if not isinstance(value, list)}
    if kind == ELEMENT:
        yield flat | {"dimensions": ";".join(row.get("dimensions", []))}
        return
    first_source = row.get("formula_source", row.get("source", ""))
    yield flat | {"formula_source": _safe(first_source)}
    for version in row.get("formula", ()):
        later = {"start": version["start"], "expression": _safe(version["expression"])}
        yield flat | later | {"formula_source": _safe(version.get("source", ""))}


def _safe(value: Any) -> Any:
    """What begins like a formula of Excel gets an apostrophe, which reading takes off again."""
    if value is True:
        return "1"
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value


def _plain(value: str) -> str:
    return value[1:] if value[:1] == "'" and value[1:2] in ("=", "+", "-", "@", "\t", "\r") else value


# Reading


@dataclass(frozen=True)
class Item:
    """One text of a file: what it says and where it stands."""

    kind: str
    code: str
    row: Row
    line: int


@dataclass(frozen=True)
class Fault:
    """What is wrong, at which line of the file, in which text and field."""

    line: int
    code: str
    field: str
    refused: Refused


@dataclass
class Read:
    items: list[Item] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    places: dict[tuple[str, str], int] = field(default_factory=dict)


def read(content: bytes, name: str = "") -> Read:
    """The texts of a TOML or CSV file in the order in which they can be taken in; raises where it is no such file."""
    if len(content) > LARGEST:
        raise FileTooLarge(most=LARGEST // 1_000_000)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise BadFile(why=_("it is not UTF-8 text")) from wrong
    found = _read_table(text) if name.lower().endswith(".csv") else _read_toml(text)
    if not found.items and not found.faults:
        raise NothingInFile()
    return _in_order(found)


def together(parts: Iterable[Read]) -> Read:
    """Several files as one."""
    found = Read()
    for part in parts:
        found.items += part.items
        found.faults += part.faults
    return _in_order(found)


def _in_order(found: Read) -> Read:
    befores = {item.code: item.row.get("supersedes", "") for item in found.items if item.kind == SHEET}
    found.items.sort(key=lambda item: (KINDS.index(item.kind), _turn_of_sheet(item, befores)))
    return found


def _turn_of_sheet(item: Item, befores: Mapping[str, str]) -> tuple[bool, int]:
    """Sheets no longer used come first, the older before the newer: a cell has one living owner at a time."""
    if item.kind != SHEET:
        return False, 0
    depth, code = 0, item.code
    while befores.get(code) and depth <= len(befores):
        depth, code = depth + 1, befores[code]
    return not item.row.get("retired", False), depth


def _read_toml(text: str) -> Read:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise BadFile(why=str(wrong)) from wrong
    found = Read()
    group = data.get("group", "")
    if "code" in data and ("line" in data or "section" in data):
        _add(found, SHEET, data, _next(_places(text, ""), data))
        return found
    for kind in KINDS:
        places = _places(text, kind)
        rows = data.get(kind, [])
        for row in rows if isinstance(rows, list) else []:
            given = {"group": group} | row if group and kind in (ELEMENT, INDICATOR) else row
            _add(found, kind, given, _next(places, row))
    return found


def _next(places: Mapping[str, list[int]], row: Row) -> int:
    """The line of the next text with this code."""
    lines = places.get(str(row.get("code", "")), [])
    return lines.pop(0) if lines else 1


def _places(text: str, kind: str) -> dict[str, list[int]]:
    """{code: lines of the file} of the texts of a kind; without a kind, of the code at the top."""
    places: dict[str, list[int]] = {}
    here = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if head := re.match(r"\s*\[\[?\s*([a-z_]+)", line):
            here = head[1]
        elif here == kind and (code := re.match(r"\s*code\s*=\s*[\"']([^\"']*)", line)):
            places.setdefault(code[1], []).append(number)
    return places


def _add(found: Read, kind: str, row: Row, line: int) -> None:
    code = str(row.get("code", ""))
    first = found.places.setdefault((kind, code), line)
    if first != line:
        found.faults.append(Fault(line, code, "code", TextTwice(code=code, line=first)))
        return
    faults = [Fault(line, code, fault.field or "", fault) for fault in _shape_faults(kind, row)]
    found.faults += faults
    if not faults:
        found.items.append(Item(kind, code, dict(row), line))


def _read_table(text: str) -> Read:
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    columns = [(name or "").strip() for name in reader.fieldnames or []]
    kind = next((one for one in (DIMENSION, INDICATOR, ELEMENT) if set(NEEDED_COLUMNS[one]) <= set(columns)), None)
    if kind is None:
        raise BadFile(why=_("its first row does not name the columns of a list of the catalogue"))
    rows = []
    for record in reader:
        line = reader.line_num
        clean = {
            (key or "").strip(): _plain((value or "").strip())
            for key, value in record.items()
            if isinstance(value, str)
        }
        if any(clean.values()):
            rows.append((line, clean))
    found = Read()
    for line, row in _gathered(kind, rows):
        _add(found, kind, row, line)
    return found


NEEDED_COLUMNS = {
    DIMENSION: ("dimension", "member", "member_name"),
    INDICATOR: ("code", "name", "unit", "expression", "start"),
    ELEMENT: ("code", "name", "unit", "kind"),
}


def _delimiter(text: str) -> str:
    """Excel in Vietnamese writes semicolons."""
    head = text.partition("\n")[0]
    return ";" if head.count(";") > head.count(",") else "," if "\t" not in head else "\t"


def _gathered(kind: str, rows: Sequence[tuple[int, dict[str, str]]]) -> Iterator[tuple[int, Row]]:
    """Rows of one dimension, or of one indicator's versions, put together."""
    if kind == ELEMENT:
        for line, row in rows:
            yield line, _typed(row | {"dimensions": [one for one in row.get("dimensions", "").split(";") if one]})
        return
    known: dict[str, tuple[int, Row]] = {}
    for line, row in rows:
        if kind == DIMENSION:
            _line, made = known.setdefault(
                row["dimension"],
                (
                    line,
                    {"code": row["dimension"], "name": row.get("dimension_name") or row["dimension"], "members": {}},
                ),
            )
            made["members"][row["member"]] = row["member_name"]
        elif row["code"] not in known:
            known[row["code"]] = (line, _typed(row) | {"formula": []})
        else:
            version = {"start": row["start"], "expression": row["expression"], "source": row.get("formula_source", "")}
            known[row["code"]][1]["formula"].append(version)
    yield from known.values()


def _typed(row: Mapping[str, Any]) -> Row:
    """Numbers and yes/no of a table as TOML has them; empty columns are left out."""
    made: Row = {name: value for name, value in row.items() if value not in ("", [])}
    for name in ("scale", "places"):
        if str(made.get(name, "")).isdigit():
            made[name] = int(made[name])
    if "retired" in made:
        made["retired"] = str(made["retired"]).lower() in ("1", "true", "x", "có")
    if "formula_source" not in made and "expression" in made and "formula_source" in row:
        made["formula_source"] = ""
    return made


Shape = Mapping[str, Callable[[Any], bool]]


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 32_000


def _words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _named(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value) and all(isinstance(one, str) for one in value.values())


def _rows_of(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, Mapping) for one in value)


def _day(value: Any) -> bool:
    if isinstance(value, date):
        return True
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True


def _anything(value: Any) -> bool:
    return True


COMMON: Shape = {
    "code": _text, "name": _text, "unit": _text, "group": _text, "definition": _text, "source": _text,
    "sources": _words, "official_code": _text, "code_system": _text, "retired": _flag, "note": _text,
}  # fmt: skip
FIELDS: Mapping[str, Shape] = {
    DIMENSION: {"code": _text, "name": _text, "members": _named, "source": _text, "sources": _words},
    ELEMENT: COMMON | {
        "kind": lambda value: value in ("stock", "flow"), "over_units": lambda value: value in ("sum", "none"),
        "scale": lambda value: _count(value) and value <= 9, "dimensions": _words, "level": _text,
    },
    INDICATOR: COMMON | {
        "direction": lambda value: value in ("up", "down", "none"), "places": _count, "start": _day,
        "expression": _text, "formula_source": _text, "formula": _rows_of,
    },
    SHEET: {
        "code": _text, "name": _text, "source": _text, "kinds": _anything, "levels": _anything, "at_each": _anything,
        "kinds_each": _anything, "section": _rows_of, "line": _rows_of, "rule": _rows_of, "change_percent": _count,
        "change_least": _count, "checks": lambda value: isinstance(value, Mapping), "supersedes": _text,
        "retired": _flag,
    },
}  # fmt: skip
NEEDED = {
    DIMENSION: ("code", "name", "members"),
    ELEMENT: ("code", "name", "unit", "kind"),
    INDICATOR: ("code", "name", "unit", "expression"),
    SHEET: ("code", "name"),
}
LINE: Shape = {
    "section": _text, "cell": _text, "expression": _text, "label": _text, "unit": _text, "help": _text,
    "level": _count, "shown": _flag, "kinds": _words, "required": _flag,
}  # fmt: skip
RULE: Shape = {
    "expression": _text, "sentence": _text, "severity": lambda value: value in ("hard", "warning"),
    "each": lambda value: isinstance(value, Mapping),
}  # fmt: skip


def _shape_faults(kind: str, row: Mapping[str, Any]) -> Iterator[Refused]:
    """Fields that are missing, unknown, or of the wrong sort."""
    for name in NEEDED[kind]:
        if row.get(name) in (None, "", {}):
            yield FieldNeeded(name=name, field=name)
    yield from _field_faults(FIELDS[kind], row, "")
    if kind == SHEET and "line" in row and _rows_of(row["line"]):
        for order, line in enumerate(row["line"], start=1):
            yield from _field_faults(LINE, line, f"line.{order}.")
    if kind == SHEET and _rows_of(row.get("rule", [])):
        for order, rule in enumerate(row.get("rule", []), start=1):
            yield from _field_faults(RULE, rule, f"rule.{order}.")
            for name in ("expression", "sentence"):
                if not rule.get(name):
                    yield FieldNeeded(name=name, field=f"rule.{order}.{name}")


def _field_faults(shape: Shape, row: Mapping[str, Any], place: str) -> Iterator[Refused]:
    for name, value in row.items():
        if name not in shape:
            yield UnknownField(name=name, field=place + name)
        elif not shape[name](value):
            yield BadField(name=name, value=str(value)[:60], field=place + name)


# Taking in


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
