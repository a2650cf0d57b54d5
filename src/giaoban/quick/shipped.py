"""The quick rounds that ship with the product, as data: what commonly has to be known within hours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from giaoban.catalogue import table


@dataclass(frozen=True)
class Asked:
    """One question before it is asked."""

    text: str
    unit: str = ""
    yes_no: bool = False
    element: str = ""


@dataclass(frozen=True)
class Template:
    code: str
    title: str
    about: str
    hours: int
    repeats: bool
    questions: tuple[Asked, ...]


@cache
def templates() -> dict[str, Template]:
    found = {}
    for row in table("quick_rounds.toml")["template"]:
        questions = tuple(Asked(one["text"], one.get("unit", ""), one.get("yes_no", False)) for one in row["question"])
        found[row["code"]] = Template(
            row["code"], row["title"], row["about"], row["hours"], row.get("repeats", False), questions
        )
    return found
