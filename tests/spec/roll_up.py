"""Roll-up on maps: one small province known by heart, and what is true of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from giaoban.core import formula, rollup
from giaoban.core.hierarchy import Existence, Link, Tree
from giaoban.core.rollup import Effect, Expected, Lineage, World
from tests.spec import Page, Table

TODAY = date(2026, 1, 29)
PUPILS, GIRLS, ADULTS = 1, 2, 3  # cells
CELLS = {"pupils": [PUPILS], "girls": [GIRLS], "adults": [ADULTS]}

UNITS = [  # unit, name, from, to
    (1, "Việt Nam", "1900-01-01", None),
    (10, "Tỉnh Cũ", "1990-01-01", "2025-07-01"),
    (11, "Tỉnh Bên", "1990-01-01", "2025-07-01"),
    (12, "Tỉnh Mới", "2025-07-01", None),
    (20, "Huyện Núi", "1990-01-01", "2025-07-01"),
    (30, "Xã Suối", "1990-01-01", "2025-07-01"),
    (31, "Xã Đồi", "1990-01-01", "2025-07-01"),
    (32, "Xã Suối Đồi", "2025-07-01", None),
    (33, "Xã Đồi Xa", "2025-07-01", None),
    (40, "Trường Một", "2000-09-01", None),
    (41, "Trường Hai", "2000-09-01", None),
    (42, "Trường Ba", "2000-09-01", "2025-03-01"),
    (43, "Trường Bốn", "2025-09-01", None),
]
LINKS = [  # unit, from, parent
    (10, "1990-01-01", 1),
    (11, "1990-01-01", 1),
    (12, "2025-07-01", 1),
    (20, "1990-01-01", 10),
    (30, "1990-01-01", 20),
    (31, "1990-01-01", 20),
    (32, "2025-07-01", 12),
    (33, "2025-07-01", 12),
    (40, "2000-09-01", 30),
    (40, "2025-07-01", 32),
    (41, "2000-09-01", 31),
    (41, "2025-07-01", 33),
    (42, "2000-09-01", 31),
    (43, "2025-09-01", 33),
]
LINEAGE = [  # predecessor, successor, share
    (10, 12, "1"),
    (11, 12, "1"),
    (30, 32, "1"),
    (31, 32, "1/2"),
    (31, 33, "1/2"),
]
LEDGER = [  # what happened, series, unit, period, cell, value delta, present delta
    ("accepted", "report", 40, "2024-2025.DN", PUPILS, 100, 1),
    ("accepted", "report", 41, "2024-2025.DN", PUPILS, 60, 1),
    ("accepted", "report", 42, "2024-2025.DN", PUPILS, 40, 1),
    ("accepted", "report", 40, "2024-2025.DN", GIRLS, 55, 1),
    ("accepted", "report", 41, "2024-2025.DN", GIRLS, 30, 1),
    ("accepted", "report", 42, "2024-2025.DN", GIRLS, 10, 1),
    ("accepted", "report", 30, "2024-2025.DN", ADULTS, 900, 1),
    ("accepted", "report", 31, "2024-2025.DN", ADULTS, 701, 1),
    ("accepted", "report", 40, "2025-2026.DN", PUPILS, 110, 1),
    ("accepted", "report", 41, "2025-2026.DN", PUPILS, 90, 1),
    ("corrected to 99", "report", 41, "2025-2026.DN", PUPILS, 9, 0),
    ("accepted", "report", 43, "2025-2026.DN", PUPILS, 12, 1),
    ("withdrawn", "report", 43, "2025-2026.DN", PUPILS, -12, -1),
    ("accepted", "report", 40, "2025-2026.DN", GIRLS, 0, 1),
    ("accepted", "report", 32, "2025-2026.DN", ADULTS, 1250, 1),
    ("imported", "gso", 10, "2010", PUPILS, 1000, 1),
    ("imported", "gso", 11, "2010", PUPILS, 500, 1),
    ("imported", "gso", 12, "2025", PUPILS, 1600, 1),
]
ASKED = [  # unit, period, cells
    *((unit, "2024-2025.DN", (PUPILS, GIRLS)) for unit in (40, 41, 42)),
    *((unit, "2024-2025.DN", (ADULTS,)) for unit in (30, 31)),
    *((unit, "2025-2026.DN", (PUPILS, GIRLS)) for unit in (40, 41, 43)),
    *((unit, "2025-2026.DN", (ADULTS,)) for unit in (32, 33)),
]
NAMES = {unit: name for unit, name, *_ in UNITS}
IDS = {name: unit for unit, name in NAMES.items()}


def existences(units: Iterable[tuple[int, str, str, str | None]] = UNITS) -> list[Existence]:
    found = []
    for unit, _, start, end in units:
        found.append(Existence(unit, date.fromisoformat(start)))
        if end:
            found.append(Existence(unit, date.fromisoformat(end), exists=False))
    return found


def world() -> World:
    return World(
        tree=Tree(existences(), [Link(unit, date.fromisoformat(start), parent) for unit, start, parent in LINKS]),
        lineage=[Lineage(a, b, Fraction(s).numerator, Fraction(s).denominator) for a, b, s in LINEAGE],
        effects=[
            Effect(unit, code, cell, value, present, series) for _, series, unit, code, cell, value, present in LEDGER
        ],
        expected=[Expected(unit, code, frozenset(cells)) for unit, code, cells in ASKED],
    )


def chosen(words: str) -> rollup.Map:
    return words if words in (rollup.AS_WAS, rollup.TODAY) else date.fromisoformat(words)


def answer(formula_text: str, name: str, code: str, map_words: str, series: str = "report") -> tuple[object, ...]:
    found = world().answer(formula.parse(formula_text), CELLS, IDS[name], code, chosen(map_words), TODAY, series=series)
    value = f"≈ {found.value}" if found.estimated else found.value
    return value, f"{found.reported} of {found.expected}"


QUESTIONS = [
    ("pupils", "Xã Đồi", "2024-2025.DN", "as_was", 100, "2 of 2"),
    ("pupils", "Huyện Núi", "2024-2025.DN", "as_was", 200, "3 of 3"),
    ("pupils", "Tỉnh Cũ", "2024-2025.DN", "as_was", 200, "3 of 3"),
    ("pupils", "Việt Nam", "2024-2025.DN", "as_was", 200, "3 of 3"),
    ("pupils", "Tỉnh Mới", "2024-2025.DN", "as_was", None, "0 of 0"),
    ("pupils", "Tỉnh Mới", "2024-2025.DN", "today", 200, "3 of 3"),
    ("pupils", "Xã Suối Đồi", "2024-2025.DN", "today", "≈ 120", "2 of 2"),
    ("pupils", "Xã Đồi Xa", "2024-2025.DN", "today", "≈ 80", "2 of 2"),
    ("pupils", "Trường Ba", "2024-2025.DN", "today", None, "0 of 0"),
    ("pupils", "Xã Đồi", "2024-2025.DN", "2025-03-01", 100, "2 of 2"),
    ("girls / pupils", "Huyện Núi", "2024-2025.DN", "as_was", "19/40", "3 of 3"),
    ("girls / pupils", "Xã Đồi Xa", "2024-2025.DN", "today", "≈ 7/16", "2 of 2"),
    ("adults", "Xã Suối Đồi", "2024-2025.DN", "today", "≈ 1251", "2 of 2"),
    ("adults", "Xã Đồi Xa", "2024-2025.DN", "today", "≈ 350", "1 of 1"),
    ("adults", "Tỉnh Mới", "2024-2025.DN", "today", 1601, "2 of 2"),
    ("pupils", "Tỉnh Mới", "2025-2026.DN", "as_was", 209, "2 of 3"),
    ("pupils", "Xã Đồi Xa", "2025-2026.DN", "as_was", 99, "1 of 2"),
    ("girls / pupils", "Tỉnh Mới", "2025-2026.DN", "as_was", "0", "1 of 3"),
    ("girls / pupils", "Xã Đồi Xa", "2025-2026.DN", "as_was", None, "0 of 2"),
    ("pupils", "Huyện Núi", "2025-2026.DN", "2024-09-30", 209, "2 of 3"),
    ("adults", "Xã Suối", "2025-2026.DN", "2024-09-30", None, "0 of 0"),
    ("adults", "Huyện Núi", "2025-2026.DN", "2024-09-30", 1250, "1 of 2"),
]
SERIES = [
    ("pupils", "Tỉnh Cũ", "2010", "as_was", "gso", 1000, "1 of 1"),
    ("pupils", "Tỉnh Mới", "2010", "as_was", "gso", None, "0 of 0"),
    ("pupils", "Tỉnh Mới", "2010", "today", "gso", 1500, "2 of 2"),
    ("pupils", "Tỉnh Mới", "2025", "today", "gso", 1600, "1 of 1"),
    ("pupils", "Tỉnh Cũ", "2025", "2020-01-01", "gso", None, "0 of 0"),
    ("pupils", "Việt Nam", "2025", "2020-01-01", "gso", 1600, "1 of 1"),
    ("pupils", "Việt Nam", "2010", "2020-01-01", "gso", 1500, "2 of 2"),
    ("pupils", "Tỉnh Mới", "2010", "today", "report", None, "0 of 0"),
]


def shares(whole: int, written: str) -> str:
    parts = [Fraction(piece) for piece in written.split(" : ")]
    return " + ".join(map(str, rollup.apportion(whole, dict(enumerate(parts))).values()))


PAGE = Page(
    file="roll-up.md",
    title="Roll-up on maps",
    prose="""
How figures are added up, shown on one small province; docs/explanation/roll-up.md says why. The slow engine in
`giaoban.core.rollup` and the fast one in `giaoban.analytics` are both run on these tables.

A value after ≈ is estimated: a figure that stood at a unit divided since is in it only in part. "n of N" says how many
of the units asked gave something for every name of the formula. Today is 2026-01-29.
""",
    tables=[
        Table("Units", ("unit", "name", "exists from", "until, exclusive"), UNITS),
        Table(
            "Who lies where",
            ("unit", "from", "under"),
            [(NAMES[unit], start, NAMES[parent]) for unit, start, parent in LINKS],
            prose="A row holds until the next row of the same unit.",
        ),
        Table(
            "What became of whom",
            ("predecessor", "successor", "share"),
            [(NAMES[a], NAMES[b], share) for a, b, share in LINEAGE],
        ),
        Table(
            "The ledger",
            ("what happened", "series", "unit", "period", "cell", "value", "present"),
            [
                (
                    what,
                    series,
                    NAMES[unit],
                    code,
                    {PUPILS: "pupils", GIRLS: "girls", ADULTS: "adults"}[cell],
                    value,
                    present,
                )
                for what, series, unit, code, cell, value, present in LEDGER
            ],
            prose="Each change of what counts is one row: a first value (+v, +1), a correction (new − old, 0), a "
            "withdrawal (−v, −1).",
        ),
        Table(
            "Answers",
            ("formula", "unit", "period", "map", "value", "reported"),
            QUESTIONS,
            answer,
            inputs=4,
            prose="Trường Ba ended without a successor, so its pupils stay with its commune, Xã Đồi, and are divided "
            "as it was. Nobody knows how the adults of Xã Suối Đồi divide over the two communes it was made of: on an "
            "old map they stay at the district that held both.",
        ),
        Table(
            "Answers from one series",
            ("formula", "unit", "period", "map", "series", "value", "reported"),
            SERIES,
            answer,
            inputs=5,
            prose="A question reads one series; two are compared, never added.",
        ),
        Table(
            "Dividing in whole numbers",
            ("whole", "shares", "parts"),
            [
                (100, "1/3 : 1/3 : 1/3", "34 + 33 + 33"),
                (701, "1/2 : 1/2", "351 + 350"),
                (10, "1/4 : 3/4", "3 + 7"),
                (1, "1/3 : 2/3", "0 + 1"),
                (0, "1/2 : 1/2", "0 + 0"),
                (-5, "1/2 : 1/2", "-2 + -3"),
                (7, "1/2 : 1/4 : 1/4", "3 + 2 + 2"),
            ],
            shares,
            inputs=2,
            prose="Largest remainder; of equal remainders the first comes first. The parts always add up to the whole.",
        ),
    ],
)
