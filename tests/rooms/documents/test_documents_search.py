"""Search in the register: by words without accents, by numbers as typed, newest first, only what one may read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from giaoban.documents import actions, queries, search, wordlist
from giaoban.documents.models import Document
from giaoban.journal.actor import SYSTEM, Actor
from tests.rooms.work.world import TODAY, World, at


def enter(world: World, symbol: str, subject: str, day: date = TODAY, **changes: Any) -> Document:
    given = {"owner_id": world.suoi, "direction": "OUT", "symbol": symbol, "subject": subject, "issued_on": day}
    return actions.register(by=SYSTEM, at=at(), **{**given, **changes})


def symbols(by: Actor, text: str, **more: Any) -> list[str]:
    return [each.symbol for each in queries.found(by, TODAY, queries.Wanted(text=text, **more)).documents]


@pytest.fixture(params=["narrow", "wide"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Small registers are looked through; large ones are walked and looked up. Both must answer alike."""
    if request.param == "wide":
        monkeypatch.setattr(search, "NARROW", 0)
        monkeypatch.setattr(search, "WALKED", 2)
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
    assert queries.search(some.chu_tich, " ", TODAY) == []
