"""From the short form of a shipped sheet to its lines and rules.

The file writes one line for many cells: `each` repeats it for members of dimensions, `at_each` also says which levels
of school each member is asked of, `kinds_each` which kinds. In a cell key `{lop}` becomes the member's code, in words
its name. A line with `owns = false` shows a cell that another sheet asks. `[checks]` names the bounds of unusual values
(queries.bounds).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from giaoban.indicators.actions import LineSpec, RuleSpec

Words = Mapping[str, Mapping[str, str]]
"""{dimension: {member: name}}"""


@dataclass(frozen=True)
class SheetSpec:
    kinds: tuple[str, ...]
    lines: tuple[LineSpec, ...]
    rules: tuple[RuleSpec, ...]
    checks: Mapping[str, Any] = field(default_factory=dict)


def expand(table: Mapping[str, Any], words: Words) -> SheetSpec:
    """The sheet as the verb `publish_sheet` takes it."""
    lines = [
        line
        for section in table["section"]
        for row in section["line"]
        for line in _lines(table, section["name"], row, words)
    ]
    rules = [rule for row in table["rule"] for rule in _rules(row, words)]
    kinds = itertools.chain.from_iterable(table["kinds"].values())
    return SheetSpec(tuple(kinds), tuple(lines), tuple(rules), dict(table.get("checks", {})))


def _lines(table: Mapping[str, Any], section: str, row: Mapping[str, Any], words: Words) -> Iterator[LineSpec]:
    for asked, chosen in _asked(table, row):
        for more in _choices(row.get("each", {})):
            codes = chosen | more
            yield LineSpec(
                cell=_filled(row.get("cell", ""), codes),
                expression=row.get("expression", ""),
                label=_sentence(_filled(row["label"], _named(codes, words))),
                section=section,
                unit=row.get("unit", ""),
                help=row.get("help", ""),
                level=row.get("level", 0),
                owns="cell" in row and row.get("owns", True),
                required=row.get("required", True),
                kinds=tuple(kind for group in asked for kind in table["kinds"][group]),
            )


def _asked(table: Mapping[str, Any], row: Mapping[str, Any]) -> Iterator[tuple[Sequence[str], dict[str, str]]]:
    """Which groups of kinds a line is asked of, with the member that goes with them; no groups means all."""
    if "at_each" in row:
        dimension = row["at_each"]
        for member, level in table["at_each"][dimension].items():
            if level in row.get("at", [level]):
                yield table["levels"][level], {dimension: member}
    elif "kinds_each" in row:
        dimension = row["kinds_each"]
        for member, groups in table["kinds_each"][dimension].items():
            yield groups, {dimension: member}
    elif "at" in row:
        groups = [group for level in row["at"] for group in table["levels"][level]]
        yield list(dict.fromkeys(groups)), {}
    else:
        yield row.get("kinds", []), {}


def _rules(row: Mapping[str, Any], words: Words) -> Iterator[RuleSpec]:
    for codes in _choices(row.get("each", {})):
        yield RuleSpec(
            expression=_filled(row["expression"], codes),
            sentence=_filled(row["sentence"], _named(codes, words)),
            severity=row.get("severity", "hard"),
        )


def _choices(each: Mapping[str, Sequence[str]]) -> Iterator[dict[str, str]]:
    for combination in itertools.product(*each.values()):
        yield dict(zip(each, combination, strict=True))


def _named(codes: Mapping[str, str], words: Words) -> dict[str, str]:
    return {dimension: words.get(dimension, {}).get(code, code) for dimension, code in codes.items()}


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
