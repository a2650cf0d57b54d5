"""Search in the register: by words without accents, by numbers as typed, newest first, only what one may read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from giaoban.core.text import fold
from giaoban.documents import actions, places, queries, search, wordlist
from giaoban.documents.models import Addressee, Document
from giaoban.journal.actor import SYSTEM, Actor
from giaoban.orgs.queries.heirs import made_of
from giaoban.people import queries as people
from tests.rooms.work.world import TODAY, World, at


def enter(world: World, symbol: str, subject: str, day: date = TODAY, **changes: Any) -> Document:
    given = {"owner_id": world.suoi, "direction": "OUT", "symbol": symbol, "subject": subject, "issued_on": day}
    return actions.register(by=SYSTEM, at=at(), **{**given, **changes})


def symbols(by: Actor, text: str, **more: Any) -> list[str]:
    return [each.symbol for each in queries.found(by, TODAY, queries.Wanted(text=text, **more)).documents]


@pytest.fixture(params=["walk", "words", "mine", "fields"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """However a search begins, it must answer alike. SQLite gathers the documents of a few units or asks of each."""
    monkeypatch.setattr(places, "FEW", 0 if request.param == "walk" else 20_000)
    monkeypatch.setattr(
        places, "cheapest", lambda ways: next((each for each in ways if each.name == request.param), ways[0])
    )
    return str(request.param)


@pytest.fixture
def some(world: World) -> World:
    enter(world, "05/KH-UBND", "Kế hoạch phổ cập giáo dục mầm non", date(2026, 1, 5), signer="Hoàng Quốc Khánh")
    enter(world, "157/KH-UBND", "Kế hoạch giáo dục phổ thông", date(2026, 1, 8))
    enter(world, "12/BC-UBND", "Báo cáo phòng cháy", date(2026, 1, 2), text="Không có giáo viên nào vắng.")
    enter(world, "1157/UBND-VX", "Về việc dạy thêm, học thêm", date(2025, 12, 1))
    return world


def test_words_are_found_without_accents_and_the_newest_comes_first(some: World, way: str) -> None:
    assert symbols(some.chu_tich, "giao duc") == ["157/KH-UBND", "05/KH-UBND"]
    assert symbols(some.chu_tich, "GIÁO DỤC phổ") == ["157/KH-UBND", "05/KH-UBND"]
    assert symbols(some.chu_tich, "hoàng khánh") == ["05/KH-UBND"]
    assert symbols(some.chu_tich, "giáo") == ["157/KH-UBND", "05/KH-UBND", "12/BC-UBND"]
    assert symbols(some.chu_tich, "giáo đục khoét") == []
    assert len(symbols(some.chu_tich, "")) == 4
    assert symbols(some.chu_tich, "///") == []


def test_quotes_make_a_phrase_and_numbers_are_found_as_typed(some: World, way: str) -> None:
    assert symbols(some.chu_tich, '"giáo dục phổ thông"') == ["157/KH-UBND"]
    assert symbols(some.chu_tich, "“phổ cập giáo dục”") == ["05/KH-UBND"]
    assert symbols(some.chu_tich, "157/KH") == ["157/KH-UBND"]  # not 1157, and not the words apart
    assert symbols(some.chu_tich, "5/KH-UBND") == ["05/KH-UBND"]
    assert symbols(some.chu_tich, "05/KH-UBND") == ["05/KH-UBND"]
    assert symbols(some.chu_tich, "KH/157") == []


def test_only_what_one_may_read_is_found(some: World, way: str) -> None:
    assert symbols(some.van_thu_doi, "giáo dục") == []
    assert symbols(some.chu_tich_tinh, "phổ cập") == ["05/KH-UBND"]
    sent = Document.objects.get(symbol="157/KH-UBND")
    actions.address(by=SYSTEM, at=at(), document=sent, unit_ids=[some.thcs])
    assert symbols(some.hieu_truong, "giáo dục") == ["157/KH-UBND"]


def test_filters_narrow(some: World, way: str) -> None:
    assert symbols(some.chu_tich, "", type="state:BC") == ["12/BC-UBND"]
    assert symbols(some.chu_tich, "", since=date(2026, 1, 3)) == ["157/KH-UBND", "05/KH-UBND"]
    assert symbols(some.chu_tich, "", until=date(2026, 1, 2)) == ["12/BC-UBND", "1157/UBND-VX"]
    assert symbols(some.chu_tich, "giáo", direction="IN") == []
    assert len(symbols(some.chu_tich, "", issuer_id=some.suoi)) == 4
    assert symbols(some.chu_tich, "", issuer_id=some.doi) == []


def test_in_force_leaves_out_what_was_replaced(some: World, way: str) -> None:
    old, new = Document.objects.get(symbol="05/KH-UBND"), Document.objects.get(symbol="157/KH-UBND")
    actions.link(by=SYSTEM, at=at(), source=new, target=old, kind="replaces")
    assert symbols(some.chu_tich, "giáo dục", in_force=True) == ["157/KH-UBND"]


def test_pages_follow_one_another_without_gap(some: World, way: str) -> None:
    seen, before = [], None
    for _ in range(4):
        page = queries.found(some.chu_tich, TODAY, queries.Wanted(), before, limit=1)
        seen += [each.symbol for each in page.documents]
        before = page.older
    assert seen == ["157/KH-UBND", "05/KH-UBND", "12/BC-UBND", "1157/UBND-VX"]
    assert before is None


def test_beyond_a_thousand_it_is_a_thousand_and_more(some: World, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (queries.found(some.chu_tich, TODAY, queries.Wanted(text="giáo")).count) == 3
    monkeypatch.setattr(search, "COUNTED", 2)
    found = queries.found(some.chu_tich, TODAY, queries.Wanted(text="giáo"))
    assert (found.count, found.more) == (2, True)


def test_the_index_keeps_step(some: World) -> None:
    line = Document.objects.get(symbol="157/KH-UBND")
    actions.correct(by=SYSTEM, at=at(), document=line, subject="Kế hoạch bơi lội", reason="Gõ nhầm")
    assert symbols(some.chu_tich, "bơi lội") == ["157/KH-UBND"]
    assert symbols(some.chu_tich, "giáo dục phổ thông") == []
    line.refresh_from_db()
    Document.objects.filter(pk=line.pk).update(issued_on=line.issued_on - timedelta(days=300))
    assert symbols(some.chu_tich, "kế hoạch") == ["05/KH-UBND", "157/KH-UBND"]
    line.delete()
    assert symbols(some.chu_tich, "bơi lội") == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT place FROM documents_words ORDER BY place DESC")
        kept = [place for (place,) in cursor.fetchall()]
    assert kept == [
        wordlist.place_of(each.pk, each.issued_on, each.registered_at)
        for each in Document.objects.order_by("-issued_on")
    ]
    wordlist.refill()
    assert symbols(some.chu_tich, "phổ cập") == ["05/KH-UBND"]


def test_the_last_word_may_be_half_typed_in_the_search_of_everything(some: World, way: str) -> None:
    assert [each.symbol for each in queries.search(some.chu_tich, "phổ cậ", TODAY)] == ["05/KH-UBND"]
    assert [each.symbol for each in queries.search(some.chu_tich, "157/K", TODAY)] == ["157/KH-UBND"]
    assert queries.search(some.chu_tich, "12/K", TODAY) == []
    assert queries.search(some.chu_tich, " ", TODAY) == []


def test_found_and_counted_is_exactly_what_may_be_read(some: World, way: str) -> None:
    """Nobody gets a hit or a number out of a document they may not read, whatever happened to the register since."""
    sent = enter(some, "88/KH-UBND", "Kế hoạch giáo dục gửi trường", date(2026, 1, 9))
    moved = enter(some, "89/KH-UBND", "Kế hoạch giáo dục của phường", date(2026, 1, 10), owner_id=some.doi)
    again = enter(some, "90/KH-UBND", "Kế hoạch giáo dục gửi rồi rút", date(2026, 1, 11))
    for document in (sent, again):
        actions.address(by=SYSTEM, at=at(), document=document, unit_ids=[some.thcs, some.tieu_hoc])
    Addressee.objects.filter(document=again).delete()
    Addressee.objects.filter(document=sent, unit_id=some.tieu_hoc).update(unit_id=some.doi)
    Document.objects.filter(pk=moved.pk).update(issued_on=date(2025, 11, 2))
    Document.objects.filter(pk=sent.pk).update(issued_on=date(2025, 11, 1), issuer_unit_id=some.province)
    askers = [some.chu_tich, some.chu_tich_tinh, some.van_thu_doi, some.hieu_truong, SYSTEM]
    numbers = set()
    for actor in askers:
        fits = [
            each
            for each in search.readable(actor, TODAY).order_by("-issued_on", "-pk")
            if {"giao", "duc"} <= set(fold(each.fold).replace("/", " ").split())
        ]
        found = queries.found(actor, TODAY, queries.Wanted(text="giáo dục"))
        assert [each.pk for each in found.documents] == [each.pk for each in fits], actor.name
        assert (found.count, found.more) == (len(fits), False)
        numbers.add(len(fits))
    assert len(numbers) >= 3  # they do not all see the same


def test_sights_keep_step_with_registers_issuers_and_sendings(some: World) -> None:
    line = Document.objects.get(symbol="157/KH-UBND")
    actions.address(by=SYSTEM, at=at(), document=line, unit_ids=[some.thcs, some.suoi])
    Document.objects.filter(pk=line.pk).update(owner_unit_id=some.doi, issued_on=date(2026, 1, 20))
    Addressee.objects.filter(document=line, unit_id=some.suoi).delete()

    def kept() -> list[tuple[int, int, int]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT unit, place, why FROM documents_sight ORDER BY 1, 2, 3")
            return cursor.fetchall()

    now = kept()
    line.refresh_from_db()
    place = wordlist.place_of(line.pk, line.issued_on, line.registered_at)
    assert {(unit, why) for unit, where, why in now if where == place} == {
        (some.doi, 0),
        (line.issuer_unit_id, 1),
        (some.thcs, 2),
    }
    wordlist.refill()
    assert kept() == now
    line.delete()
    assert all(where != place for _unit, where, _why in kept())


def test_the_part_that_says_who_reads_what_can_be_taken_back_and_made_again(some: World) -> None:
    wordlist.drop_sights(connection)
    enter(some, "91/KH-UBND", "Kế hoạch giáo dục thể chất")
    wordlist.make_sights(connection)
    assert symbols(some.chu_tich, "giáo dục thể chất") == ["91/KH-UBND"]
    assert symbols(some.van_thu_doi, "giáo dục thể chất") == []


def test_units_told_one_by_one_inherit_what_the_rule_says(some: World) -> None:
    for actor in (some.chu_tich, some.chu_tich_tinh, some.hieu_truong):
        units = people.units_where(actor, "document.view", TODAY)
        ruled = {each["descendant_id"] for each in units} | {each["predecessor_id"] for each in made_of(units)}
        assert set(search.units_read(actor, TODAY)) == ruled
