"""A sheet while it is built: plain data and the steps that change it, without a database.

The data: name, source, kinds, bounds, `sections` (names in order), `lines` and `rules` (each with an id that stays),
`next` (the next id). Lines stand in the order of their sections; a line knows its section by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from giaoban.core.refusal import Refused, sentence

Data = dict[str, Any]
Line = dict[str, Any]
LINE_FIELDS = ("cell", "expression", "label", "unit", "help", "level", "required", "kinds")
MOST_LINES = 2000
DEEPEST = 3


class NoSuchLine(Refused):
    sentence = sentence("This line is no longer there.")


class NoSuchSection(Refused):
    sentence = sentence("There is no section “%(name)s”.")
    field = "section"


class SectionTwice(Refused):
    sentence = sentence("There is already a section “%(name)s”.")
    field = "name"


class SectionFull(Refused):
    sentence = sentence("The section “%(name)s” still has lines: move them first.")


class TooManyLines(Refused):
    sentence = sentence("A sheet has at most %(most)s lines.")


def blank(name: str, source: str, kinds: Sequence[str]) -> Data:
    """A sheet with nothing on it."""
    heading = {"name": name, "source": source, "kinds": list(kinds), "change_percent": 30, "change_least": 5}
    return heading | {"checks": {}, "sections": [], "lines": [], "rules": [], "next": 1}


def of_row(row: Mapping[str, Any]) -> Data:
    """A published sheet, or one of a text file, to be built on."""
    data = blank(row["name"], row.get("source", ""), row.get("kinds", ()))
    data |= {name: row[name] for name in ("change_percent", "change_least", "checks") if name in row}
    for line in row.get("line", ()):
        section = line.get("section", "")
        if section not in data["sections"]:
            data["sections"].append(section)
        data["lines"].append(_line(data, section, line))
    for rule in row.get("rule", ()):
        data["rules"].append({"id": _next(data), "severity": "hard"} | dict(rule))
    settle(data)
    return data


def _line(data: Data, section: str, given: Mapping[str, Any]) -> Line:
    empty: Line = {"cell": "", "expression": "", "label": "", "unit": "", "help": "", "level": 0, "required": True}
    kept = {name: given[name] for name in LINE_FIELDS if name in given}
    return {"id": _next(data), "section": section} | empty | {"kinds": []} | kept


def _next(data: Data) -> int:
    found = data["next"]
    data["next"] = found + 1
    return int(found)


def settle(data: Data) -> None:
    """Lines in the order of their sections."""
    places = {name: place for place, name in enumerate(data["sections"])}
    data["lines"].sort(key=lambda line: places[line["section"]])


# Lines


def add_lines(data: Data, section: str, lines: Iterable[Mapping[str, Any]]) -> list[int]:
    """More lines at the end of a section, which is made when there is none of that name; their ids."""
    if section not in data["sections"]:
        data["sections"].append(section)
    made = [_line(data, section, line) for line in lines]
    if len(data["lines"]) + len(made) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    data["lines"] += made
    settle(data)
    return [line["id"] for line in made]


def line(data: Data, line_id: int) -> Line:
    for found in data["lines"]:
        if found["id"] == line_id:
            return found
    raise NoSuchLine()


def change_line(data: Data, line_id: int, fields: Mapping[str, Any], section: str | None = None) -> None:
    found = line(data, line_id)
    found |= {name: value for name, value in fields.items() if name in LINE_FIELDS}
    if section is not None and section != found["section"]:
        place_line(data, line_id, section, None)


def drop_line(data: Data, line_id: int) -> None:
    data["lines"].remove(line(data, line_id))


def move_line(data: Data, line_id: int, step: int) -> None:
    """One place up (-1) or down (+1); over the edge of a section it goes into the next one."""
    found = line(data, line_id)
    lines, sections = data["lines"], data["sections"]
    here = lines.index(found)
    inside = [other for other in lines if other["section"] == found["section"]]
    place = inside.index(found) + step
    if 0 <= place < len(inside):
        there = lines.index(inside[place])
        lines[here], lines[there] = lines[there], lines[here]
        return
    over = sections.index(found["section"]) + step
    if 0 <= over < len(sections):
        lines.remove(found)
        found["section"] = sections[over]
        if step > 0:
            lines.insert(0, found)  # the first of the next section once settled
        else:
            lines.append(found)
        settle(data)


def place_line(data: Data, line_id: int, section: str, before: int | None) -> None:
    """Into a section, before another line of it or at its end: where it was dropped."""
    if section not in data["sections"]:
        raise NoSuchSection(name=section)
    found = line(data, line_id)
    if before == line_id:
        return
    data["lines"].remove(found)
    found["section"] = section
    if before is None:
        data["lines"].append(found)
    else:
        data["lines"].insert(data["lines"].index(line(data, before)), found)
    settle(data)


def shift_line(data: Data, line_id: int, step: int) -> None:
    """Deeper (+1, "of which") or less deep (-1)."""
    found = line(data, line_id)
    found["level"] = min(DEEPEST, max(0, found["level"] + step))


# Sections


def add_section(data: Data, name: str) -> None:
    if name in data["sections"]:
        raise SectionTwice(name=name)
    data["sections"].append(name)


def rename_section(data: Data, name: str, new: str) -> None:
    _section(data, name)
    if new == name:
        return
    if new in data["sections"]:
        raise SectionTwice(name=new)
    data["sections"][data["sections"].index(name)] = new
    for found in data["lines"]:
        if found["section"] == name:
            found["section"] = new


def move_section(data: Data, name: str, step: int) -> None:
    here = _section(data, name)
    there = here + step
    if 0 <= there < len(data["sections"]):
        sections = data["sections"]
        sections[here], sections[there] = sections[there], sections[here]
        settle(data)


def drop_section(data: Data, name: str) -> None:
    _section(data, name)
    if any(found["section"] == name for found in data["lines"]):
        raise SectionFull(name=name)
    data["sections"].remove(name)


def _section(data: Data, name: str) -> int:
    if name not in data["sections"]:
        raise NoSuchSection(name=name)
    return int(data["sections"].index(name))


# Rules


def rule(data: Data, rule_id: int) -> dict[str, Any]:
    for found in data["rules"]:
        if found["id"] == rule_id:
            return found
    raise NoSuchLine()


def put_rule(data: Data, rule_id: int | None, *, expression: str, sentence: str, severity: str) -> None:
    """A new rule at the end, or another wording of one."""
    fields = {"expression": expression, "sentence": sentence, "severity": severity}
    if rule_id is None:
        data["rules"].append({"id": _next(data)} | fields)
    else:
        rule(data, rule_id).update(fields)


def drop_rule(data: Data, rule_id: int) -> None:
    data["rules"].remove(rule(data, rule_id))


# To a text


def as_row(data: Data, code: str, supersedes: str, shown: Callable[[str], bool]) -> dict[str, Any]:
    """The sheet as a catalogue file holds it; `shown` tells which cells another sheet asks."""
    lines = []
    for one in data["lines"]:
        row = {name: one[name] for name in LINE_FIELDS if one.get(name) and name != "required"}
        row["section"] = one["section"]
        if not one["required"]:
            row["required"] = False
        if one["cell"] and shown(one["cell"]):
            row["shown"] = True
        lines.append(row)
    rules = [{name: one[name] for name in ("expression", "sentence", "severity")} for one in data["rules"]]
    heading = {name: data[name] for name in ("name", "source", "kinds", "change_percent", "change_least", "checks")}
    return {"code": code} | heading | {"supersedes": supersedes, "line": lines, "rule": rules}
