"""Who and what the demonstration is made of, read from `data/story.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"

# kind of school → how its name begins
WORDS = {
    "preschool": "Trường Mầm non",
    "primary": "Trường Tiểu học",
    "lower_secondary": "Trường THCS",
    "primary_lower_secondary": "Trường TH&THCS",
}


@dataclass(frozen=True)
class School:
    """A made-up school: where it lay before and after 1 July 2025."""

    key: str  # "02905:primary:1": how story.toml names it
    kind: str
    name: str
    commune: str  # code of the commune of today
    old_commune: str  # code of the commune before 1 July 2025
    number: int  # its place in the demonstration; everything invented about it follows from this


@dataclass(frozen=True)
class Commune:
    code: str
    old_codes: tuple[str, ...]
    schools: tuple[School, ...]
    full: bool  # has its offices and people


@dataclass(frozen=True)
class Person:
    user: str
    name: str
    unit: str
    title: str
    over: str
    leads: bool
    roles: tuple[str, ...]
    hint: str


@dataclass(frozen=True)
class Stop:
    """One stop of the walk round the loop: who to be, where to go, what to look at."""

    user: str
    path: str
    title: str
    text: str


@dataclass(frozen=True)
class Story:
    today: date
    province: str
    communes: tuple[Commune, ...]
    upper: tuple[School, ...]
    people: tuple[Person, ...]
    stops: tuple[Stop, ...]

    @property
    def schools(self) -> tuple[School, ...]:
        return tuple(school for commune in self.communes for school in commune.schools)

    def commune(self, code: str) -> Commune:
        return next(commune for commune in self.communes if commune.code == code)


def document(name: str) -> str:
    """The text of a made-up document of `data/`."""
    return (DATA / f"{name}.txt").read_text(encoding="utf-8")


@cache
def story() -> Story:
    raw = tomllib.loads((DATA / "story.toml").read_text(encoding="utf-8"))
    numbers = iter(range(1, 10_000))
    return Story(
        today=raw["today"],
        province=raw["province"],
        communes=tuple(_commune(row, numbers) for row in raw["commune"]),
        upper=tuple(_upper(row, numbers) for row in raw["upper"]),
        people=tuple(_person(row) for row in raw["person"]),
        stops=tuple(Stop(**row) for row in raw["stop"]),
    )


def _commune(row: dict[str, Any], numbers: Iterator[int]) -> Commune:
    schools = []
    for kind, count in row["schools"].items():
        for no in range(1, count + 1):
            old_code, old_name = row["old"][(no - 1) % len(row["old"])]
            serial = (no - 1) // len(row["old"]) + 1
            name = f"{WORDS[kind]} Minh họa số {serial} {old_name}"
            schools.append(School(f"{row['code']}:{kind}:{no}", kind, name, row["code"], old_code, next(numbers)))
    return Commune(
        code=row["code"],
        old_codes=tuple(code for code, _ in row["old"]),
        schools=tuple(schools),
        full=row.get("full", False),
    )


def _upper(row: dict[str, Any], numbers: Iterator[int]) -> School:
    number = next(numbers)
    return School(f"{row['commune']}:{row['kind']}:1", row["kind"], row["name"], row["commune"], row["old"], number)


def _person(row: dict[str, Any]) -> Person:
    return Person(
        user=row["user"],
        name=row["name"],
        unit=row["unit"],
        title=row["title"],
        over=row.get("over", row["unit"]),
        leads=row.get("leads", False),
        roles=tuple(row["roles"]),
        hint=row["hint"],
    )
