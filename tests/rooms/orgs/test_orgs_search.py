"""Search finds exactly what fits, on every day, and knows of a change at once."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from giaoban.core.text import fold
from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions, queries
from giaoban.orgs.actions import Founding
from giaoban.orgs.models import TERRITORY, Alias, Snapshot
from giaoban.orgs.queries import lexicon
from giaoban.orgs.queries.lexicon import Lexicon, Wording
from tests.world import EVE, NOW, REFORM, TODAY

NAMES = ("so", "son", "bac", "ha", "ban", "th", "thcs", "truong", "a", "1", "12")
names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map(" ".join)
texts = st.lists(st.sampled_from((*NAMES, "s", "b", "t", "xyz")), min_size=1, max_size=3).map(" ".join)


def fits(name: str, text: str) -> bool:
    """The rule, said once more and slowly: each word of the text begins some word of the name."""
    return all(any(word.startswith(part) for word in name.split()) for part in text.split())


@pytest.fixture(scope="module", autouse=True)
def no_kinds(django_db_setup, django_db_blocker):
    """Lexicons made by hand ask only for the order of kinds."""
    lexicon.forget()
    yield
    lexicon.forget()


@settings(max_examples=150, deadline=None)
@given(st.lists(names, min_size=1, max_size=12), texts)
def test_words_are_found_as_the_slow_rule_says(found_names, text):
    words = lexicon.Words(found_names)
    wording = Wording(text, tuple(text.split()))
    among = {row for rows in words.rarest(wording) for row in rows}
    found = {row for row in among if wording.everywhere(found_names[row])}
    assert found == {row for row, name in enumerate(found_names) if fits(name, text)}


@settings(max_examples=150, deadline=None)
@given(st.lists(names, min_size=1, max_size=12), texts)
def test_beginnings_are_found_as_the_slow_rule_says(found_names, text):
    ordered = lexicon.Ordered(found_names, range(len(found_names)))
    wording = Wording(text, tuple(text.split()))
    assert set(ordered.beginning(wording)) == {row for row, name in enumerate(found_names) if name.startswith(text)}
    assert set(ordered.called(text)) == {row for row, name in enumerate(found_names) if name == text}


@given(st.sets(st.integers(0, 99)))
def test_marks_come_out_in_order(rows):
    marks = lexicon.Marks(100)
    marks.add(rows)
    assert list(marks) == sorted(rows)


@settings(max_examples=100, deadline=None)
@given(names, texts)
def test_a_closed_word_is_a_whole_word(name, text):
    words = tuple(text.split())
    closed = Wording(text, words, frozenset(words))
    assert closed.everywhere(name) == set(words).issubset(name.split())
    assert closed.inside(name) == (f" {text} " in f"{name} ")
    assert closed.begins(name) == f"{name} ".startswith(f"{text} ")


def called(text: str, on: date = TODAY, **more: object) -> list[str]:
    return [hit.name for hit in queries.search(text, on, **more)]


def test_an_abbreviation_written_out_is_not_the_beginning_of_another_word(world):
    assert all("Tiểu học" in name for name in called("tiểu học"))
    assert "Thị trấn Hạ" in called("th", EVE)  # typed short, it may be the beginning of anything


@pytest.mark.parametrize("text", ["cao", "xa", "truong", "thcs", "hoa mai", "tieu hoc", "ha", "a", "99001003", "suoi"])
@pytest.mark.parametrize("on", [EVE, REFORM, TODAY])
def test_every_unit_that_fits_is_found_and_no_other(world, text, on):
    living = Snapshot.objects.filter(start__lte=on, end__gt=on)
    expected = {
        row.unit_id
        for row in living
        if fits(row.fold, fold(text)) or text == row.code or (text != "tieu hoc" and fits(row.canon, text))
    }
    expected |= set(
        Alias.objects.filter(fold__startswith=text, unit__in=living.values("unit")).values_list("unit", flat=True)
    )
    assert {hit.unit_id for hit in queries.search(text, on, limit=500)} == expected


def test_a_change_is_found_at_once_and_the_past_stays(world):
    assert called("hoa dao") == []
    actions.rename(by=SYSTEM, at=NOW, on=TODAY, unit=world.mam_non, name="Trường Mầm non Hoa Đào")
    assert called("hoa dao") == ["Trường Mầm non Hoa Đào"]
    assert called("hoa mai", kinds=["preschool"]) == []
    assert called("hoa mai", TODAY - timedelta(days=1), kinds=["preschool"]) == ["Trường Mầm non Hoa Mai"]
    actions.establish(
        by=SYSTEM,
        at=NOW,
        on=TODAY,
        kind="preschool",
        name="Trường Mầm non Hoa Đào 2",
        parents={TERRITORY: world["cao_son"]},
    )
    assert called("hoa dao") == ["Trường Mầm non Hoa Đào", "Trường Mầm non Hoa Đào 2"]
    assert called("hoa dao", under=world["cao_son"]) == ["Trường Mầm non Hoa Đào 2"]


def test_a_row_that_went_without_a_newer_one_does_not_crowd_out_the_rest(world):
    """An undone founding takes its snapshots away; nothing newer says so."""
    many = [
        Founding("preschool", f"Trường Mầm non Kim Đồng {no}", parents={TERRITORY: world["cao_son"]}) for no in range(3)
    ]
    units = actions.establish_many(by=SYSTEM, at=NOW, on=TODAY, foundings=many)
    assert len(called("kim dong")) == 3
    Snapshot.objects.filter(unit__in=units[:2]).delete()
    assert called("kim dong", limit=1) == ["Trường Mầm non Kim Đồng 2"]


def test_outside_a_transaction_only_what_was_written_since_is_read(world, monkeypatch):
    """Every request reads so; a renewed lexicon is equal to one read anew."""
    monkeypatch.setattr(lexicon, "_in_transaction", lambda: False)
    lexicon.forget()
    held = lexicon.lexicon()
    assert lexicon.lexicon() is held
    actions.rename(by=SYSTEM, at=NOW, on=TODAY, unit=world.mam_non, name="Trường Mầm non Hoa Đào")
    asked: list[int] = []
    read = lexicon._read
    monkeypatch.setattr(lexicon, "_read", lambda rows: asked.append(rows.count()) or read(rows))
    renewed = lexicon.lexicon()
    assert asked == [Snapshot.objects.filter(unit=world.mam_non).count()]
    whole = Lexicon(renewed.version, read(Snapshot.objects.all()), Alias.objects.values_list("fold", "unit_id"))
    assert renewed.rows == whole.rows
    lexicon.forget()


def test_the_number_of_questions_to_the_record_does_not_grow(world, django_assert_max_num_queries):
    queries.search("truong", TODAY)
    with django_assert_max_num_queries(9):
        assert len(queries.search("truong", TODAY, limit=60)) > 5


def test_signs_of_like_and_of_markup_are_plain_text(world):
    for text in ("%", "_", "'", '"', "\\", "<!>", "  ", ""):
        assert called(text) == []
    assert not re.search("[<>]", "".join(called("cao")))
