"""One word for one thing: every table and role of the product stands in GLOSSARY.md, with its Vietnamese."""

import re
from pathlib import Path

from django.apps import apps

from giaoban.people.roles import Role

ROOT = Path(__file__).resolve().parents[2]


def rows() -> dict[str, tuple[str, str]]:
    """Term in code → (Vietnamese, meaning) from the tables of the glossary."""
    found = {}
    for line in (ROOT / "GLOSSARY.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) >= 3 and not set(cells[0]) <= {"-"} and cells[0] != "word":
            found[cells[0].strip("`").casefold()] = (cells[1], cells[2])
    return found


def words(name: str) -> str:
    """`FormulaVersion` → `formula version`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).casefold()


def test_every_table_has_its_word():
    known = rows()
    models = [model for model in apps.get_models() if model.__module__.startswith("giaoban.")]
    missing = sorted({words(model.__name__) for model in models} - known.keys())
    assert not missing, f"not in GLOSSARY.md: {missing}"


def test_every_role_has_its_word():
    known = rows()
    assert not [role.name.lower() for role in Role if role.name.lower() not in known]


def test_every_word_has_vietnamese_and_a_meaning():
    for term, (vietnamese, meaning) in rows().items():
        assert vietnamese and len(meaning) > 8, f"{term} is not explained"


def test_one_vietnamese_word_for_one_thing():
    seen: dict[str, str] = {}
    for term, (vietnamese, _) in rows().items():
        assert seen.setdefault(vietnamese.casefold(), term) == term, f"{vietnamese!r} stands for two things"
