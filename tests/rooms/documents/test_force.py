"""In force on a day: dates of effect, relations, and the list of well-known documents where the register is silent."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from giaoban.catalogue import rows
from giaoban.documents import actions, force, queries, symbols
from giaoban.documents.citing import KNOWN, OTHER_DAY, OTHER_NUMBER, UNKNOWN, Cited, findings
from giaoban.documents.force import State
from giaoban.documents.models import Document, Relation
from giaoban.journal.actor import SYSTEM
from tests.rooms.work.world import TODAY, World, at


def issue(world: World, symbol: str, day: date, **changes: Any) -> Document:
    line = {"owner_id": world.province, "direction": "OUT", "subject": f"Văn bản {symbol}", **changes}
    return actions.register(by=SYSTEM, at=at(), symbol=symbol, issued_on=day, **line)


def later(source: Document, target: Document, kind: str, **more: Any) -> Relation:
    return actions.link(by=SYSTEM, at=at(), source=source, target=target, kind=kind, **more)


def test_it_is_in_force_from_its_day_of_effect_or_of_issue(world: World) -> None:
    plain = issue(world, "11/QĐ-UBND", date(2025, 3, 1))
    assert queries.in_force(plain, date(2025, 3, 1)).state is State.IN_FORCE
    dated = issue(world, "12/QĐ-UBND", date(2025, 3, 1), effective_on=date(2025, 4, 1))
    assert queries.in_force(dated, date(2025, 3, 31)).state is State.NOT_YET
    assert queries.in_force(dated, date(2025, 4, 1)).since == date(2025, 4, 1)


def test_it_ends_on_the_day_it_gives_itself(world: World) -> None:
    one = issue(world, "13/QĐ-UBND", date(2025, 3, 1), expires_on=date(2026, 1, 1))
    assert queries.in_force(one, date(2025, 12, 31)).state is State.IN_FORCE
    ended = queries.in_force(one, date(2026, 1, 1))
    assert (ended.state, ended.how, ended.until) == (State.ENDED, "expired", date(2026, 1, 1))


@pytest.mark.parametrize("kind", ["replaces", "repeals"])
def test_a_later_document_ends_it_from_the_day_named_or_else_its_own_effect(world: World, kind: str) -> None:
    old = issue(world, "14/QĐ-UBND", date(2025, 3, 1))
    new = issue(world, "15/QĐ-UBND", date(2025, 6, 1), effective_on=date(2025, 7, 1))
    later(new, old, kind)
    assert queries.in_force(old, date(2025, 6, 30)).state is State.IN_FORCE
    found = queries.in_force(old, date(2025, 7, 1))
    assert (found.state, found.how, found.by.number) == (State.ENDED, kind, "15/QĐ-UBND")
    assert "15/QĐ-UBND ngày 01/06/2025" in found.words
    Relation.objects.update(from_on=date(2025, 9, 1))
    assert queries.in_force(old, date(2025, 8, 31)).state is State.IN_FORCE


def test_a_clause_that_is_replaced_leaves_the_rest_in_force(world: World) -> None:
    old = issue(world, "16/QĐ-UBND", date(2025, 3, 1))
    new = issue(world, "17/QĐ-UBND", date(2025, 6, 1))
    later(new, old, "replaces", clause="Điều 3")
    found = queries.in_force(old, date(2025, 6, 1))
    assert (found.state, [(one.kind, one.clause) for one in found.changes]) == (
        State.IN_FORCE,
        [("replaces", "Điều 3")],
    )
    assert not queries.in_force(old, date(2025, 5, 31)).changes


def test_what_only_cites_or_rests_on_it_changes_nothing(world: World) -> None:
    old = issue(world, "18/QĐ-UBND", date(2025, 3, 1))
    for number, kind in enumerate(("cites", "legal_basis", "implements", "reports_on"), start=40):
        later(issue(world, f"{number}/QĐ-UBND", date(2025, 6, 1)), old, kind)
    found = queries.in_force(old, TODAY)
    assert found.state is State.IN_FORCE and not found.changes


def test_a_draft_ends_nothing(world: World) -> None:
    old = issue(world, "19/QĐ-UBND", date(2025, 3, 1))
    draft = issue(world, "", None, type="QĐ")  # type: ignore[arg-type]
    later(draft, old, "replaces")
    assert queries.in_force(old, TODAY).state is State.IN_FORCE


def test_registers_that_keep_the_same_document_say_it_together(world: World) -> None:
    ours = issue(world, "20/QĐ-UBND", date(2025, 3, 1))
    theirs = issue(
        world, "20/QĐ-UBND", date(2025, 3, 1), owner_id=world.suoi, direction="IN", issuer_id=world.province,
        received_on=date(2025, 3, 2),
    )  # fmt: skip
    later(issue(world, "21/QĐ-UBND", date(2025, 6, 1)), ours, "replaces")
    assert queries.in_force(theirs, TODAY).state is State.ENDED


def test_another_units_document_of_the_same_number_is_not_meant(world: World) -> None:
    day = date(2025, 3, 1)
    ours = issue(world, "22/QĐ-UBND", day)
    other = issue(world, "22/QĐ-UBND", day, owner_id=world.suoi)
    later(issue(world, "23/QĐ-UBND", date(2025, 6, 1)), other, "replaces")
    assert queries.in_force(ours, TODAY).state is State.IN_FORCE
    assert queries.in_force(ours.key, TODAY).state is State.UNKNOWN  # the key alone does not say whose


def test_the_list_answers_where_the_register_does_not_know(world: World) -> None:
    key = queries.key_of("12/2020/TT-BGDĐT")
    assert queries.in_force(key, date(2025, 7, 23)).state is State.IN_FORCE
    found = queries.in_force(key, date(2025, 7, 24))
    assert (found.state, found.by.number, found.basis) == (State.ENDED, "15/2025/TT-BGDĐT", "catalogue")
    assert found.source
    entered = issue(world, "12/2020/TT-BGDĐT", date(2020, 5, 22), direction="IN", issuer_text="Bộ GD&ĐT")
    assert queries.in_force(entered, date(2025, 7, 24)).state is State.ENDED
    actions.correct(by=SYSTEM, at=at(), document=entered, reason="Văn bản tự nêu thời hạn", expires_on=date(2027, 1, 1))
    entered.refresh_from_db()
    assert queries.in_force(entered, date(2025, 7, 24)).state is State.IN_FORCE  # now the register knows


def test_what_is_known_from_memory_is_only_doubted() -> None:
    key = queries.key_of("24/2018/TT-BGDĐT")
    assert force.listed(key).force(date(2024, 12, 24)).state is State.IN_FORCE
    assert force.listed(key).force(date(2024, 12, 25)).state is State.DOUBTFUL


def test_an_amended_document_of_the_list_says_by_what() -> None:
    found = force.listed(queries.key_of("43/2019/QH14")).force(date(2026, 1, 29))
    assert found.state is State.IN_FORCE and found.changes[0].by.number == "123/2025/QH15"


def test_nothing_is_known_of_what_nobody_named(world: World) -> None:
    assert queries.in_force("state|TT|1|1999|BGDĐT", TODAY).state is State.UNKNOWN


def test_every_row_of_the_list_can_be_read_and_names_its_source() -> None:
    keys = set()
    for row in rows("documents/force.csv"):
        assert symbols.read(row["number"]) is not None, row
        assert row["source"] and row["confidence"] in ("V", "V2", "M", "U"), row
        assert not row["how"] or (row["by"] and symbols.read(row["by"]) is not None), row
        assert row["how"] in ("", "replaces", "repeals", "amends"), row
        effective, ended = row["effective"] or row["issued"], row["ended"]
        assert not (effective and ended) or effective < ended, row
        keys.add(row["number"])
    assert len(keys) == len(force.everything()) > 60


def test_many_are_asked_with_as_many_queries_as_one(world: World, django_assert_num_queries: Any) -> None:
    wanted = [issue(world, f"{number}/QĐ-UBND", date(2025, 3, 1)) for number in range(60, 80)]
    with django_assert_num_queries(2):
        assert len(force.forces(wanted, TODAY)) == 20


# Documents as a text names them


def find(world: World, number: str, day: date | None) -> Any:
    one = Cited(number, day)
    return findings(world.chuyen_vien, [one], TODAY, TODAY)[one]


def test_a_number_is_found_and_a_slip_in_its_day_is_named(world: World) -> None:
    issue(world, "29-NQ/TW", date(2013, 11, 4), direction="IN", issuer_text="Trung ương", owner_id=world.suoi)
    assert find(world, "29-NQ/TW", date(2013, 11, 4)).state == KNOWN
    slip = find(world, "29-NQ/TW", date(2013, 11, 14))
    assert (slip.state, slip.issued_on) == (OTHER_DAY, date(2013, 11, 4))
    assert find(world, "29-NQ/TW", date(2023, 11, 4)).state == OTHER_DAY  # another year, the same day
    assert find(world, "29-NQ/TW", date(2018, 5, 2)).state == UNKNOWN  # the number of another term


def test_another_number_of_the_same_day_is_named(world: World) -> None:
    issue(world, "29-NQ/TW", date(2013, 11, 4), direction="IN", issuer_text="Trung ương", owner_id=world.suoi)
    found = find(world, "28-NQ/TW", date(2013, 11, 4))
    assert (found.state, found.number) == (OTHER_NUMBER, "29-NQ/TW")


def test_a_law_with_a_wrong_day_or_spelling(world: World) -> None:
    assert find(world, "30/2020/NĐ-CP", date(2020, 3, 15)).state == OTHER_DAY
    assert find(world, "30/2020/ND-CP", date(2020, 3, 5)).misspelt
    assert find(world, "31/2020/NĐ-CP", date(2020, 3, 6)).state == UNKNOWN


def test_what_the_actor_may_not_read_is_not_found(world: World) -> None:
    day = date(2025, 9, 1)
    issue(world, "77/KH-UBND", day, owner_id=world.doi)
    assert find(world, "77/KH-UBND", day).state == UNKNOWN


def test_a_whole_text_is_looked_up_at_once(world: World) -> None:
    from django.db import connection

    cited = [Cited(f"{number}/KH-UBND", date(2025, 9, 1)) for number in range(1, 60)]
    with CaptureQueriesContext(connection) as few:
        findings(world.chuyen_vien, cited[:1], TODAY, TODAY)
    with CaptureQueriesContext(connection) as many:
        findings(world.chuyen_vien, cited, TODAY, TODAY)
    assert len(many) <= len(few) + 2
