"""A document on a day, article by article; and the archive's fields of Phụ lục VI of NĐ 30/2020."""

from __future__ import annotations

from datetime import date

import pytest

from giaoban.documents import actions, articles, importing, queries
from giaoban.documents.models import Document
from giaoban.journal.actor import SYSTEM
from tests.rooms.work.world import TODAY, World, at, client

TEXT = "QUYẾT ĐỊNH\nĐiều 1. Phạm vi\nnhư trên\nĐiều 2. Tổ chức thực hiện\nĐiều 3. Thi hành\n"


def enter(world: World, symbol: str, day: date, **more: object) -> Document:
    given = {"owner_id": world.suoi, "direction": "OUT", "symbol": symbol, "subject": "Quy chế", "issued_on": day}
    return actions.register(by=SYSTEM, at=at(), **{**given, **more})


@pytest.mark.parametrize(
    ("clause", "named"),
    [
        ("Điều 3", ["3"]),
        ("khoản 2 Điều 5", ["5"]),
        ("các Điều 7, 8 và 9", ["7", "8", "9"]),
        ("Điều 3 đến Điều 5; điểm a khoản 1 Điều 12a", ["3", "4", "5", "12a"]),
        ("mục II.2", []),
    ],
)
def test_articles_are_read_out_of_a_clause(clause: str, named: list[str]) -> None:
    assert articles.numbers(clause) == named


@pytest.fixture
def changed(world: World) -> Document:
    base = enter(world, "10/QĐ-UBND", date(2025, 9, 1), text=TEXT)
    ending = enter(world, "20/QĐ-UBND", date(2025, 11, 1))
    partly = enter(world, "30/QĐ-UBND", date(2025, 12, 1))
    actions.link(by=SYSTEM, at=at(), source=ending, target=base, kind="repeals", clause="Điều 3")
    actions.link(
        by=SYSTEM,
        at=at(),
        source=partly,
        target=base,
        kind="replaces",
        clause="khoản 1 Điều 2",
        from_on=date(2026, 1, 1),
    )
    return base


def states(found: Document, day: date) -> list[str]:
    return [article.state for article in articles.on_day(found, day).articles]


def test_each_article_stands_until_the_day_a_later_document_reaches_it(changed: Document) -> None:
    assert states(changed, date(2025, 10, 31)) == ["stands", "stands", "stands"]
    assert states(changed, date(2025, 11, 1)) == ["stands", "stands", "ended"]
    assert states(changed, date(2025, 12, 31)) == ["stands", "stands", "ended"]
    assert states(changed, date(2026, 1, 1)) == ["stands", "changed", "ended"]
    seen = articles.on_day(changed, date(2025, 12, 31))
    assert ([each.by.number for each in seen.so_far], [each.by.number for each in seen.later]) == (
        ["20/QĐ-UBND"],
        ["30/QĐ-UBND"],
    )
    assert seen.touched == 1


def test_the_page_shows_the_day_asked_for(world: World, changed: Document) -> None:
    browser = client(world.chu_tich)
    address = f"{changed.get_absolute_url()}hieu-luc/"
    now = browser.get(address).content.decode()
    assert "20/QĐ-UBND" in now and "hết hiệu lực" in now and "đã được sửa một phần" in now
    before = browser.get(address, {"ngay": "2025-10-01"}).content.decode()
    assert "đã được sửa một phần" not in before and 'class="bad"' not in before and "Thay đổi sau ngày đó" in before
    assert client(world.van_thu_doi).get(address).status_code == 404


def test_the_register_is_searched_for_what_was_in_force_on_a_day(world: World, changed: Document) -> None:
    whole = enter(world, "40/QĐ-UBND", date(2026, 1, 10))
    actions.link(by=SYSTEM, at=at(), source=whole, target=changed, kind="replaces")

    def found(day: date | None) -> bool:
        wanted = queries.Wanted(text="10/QĐ-UBND", in_force=True, force_on=day)
        return changed.pk in [each.pk for each in queries.found(world.chu_tich, TODAY, wanted).documents]

    assert (found(None), found(date(2026, 1, 9)), found(date(2026, 1, 10))) == (False, True, False)


def test_fields_of_the_archive_are_kept_corrected_searched_and_taken_in(world: World) -> None:
    line = enter(
        world, "50/QĐ-UBND", date(2026, 1, 5), copies=12, case_code="000.00.A1", case_ordinal=3, remark="Bản sao y"
    )
    assert (line.copies, line.case_code, line.case_ordinal, line.remark) == (12, "000.00.A1", 3, "Bản sao y")
    assert [each.pk for each in queries.found(world.chu_tich, TODAY, queries.Wanted(text="sao y")).documents] == [
        line.pk
    ]
    actions.correct(by=SYSTEM, at=at(), document=line, reason="Gõ nhầm", copies=15, language="Tiếng Anh")
    line.refresh_from_db()
    assert (line.copies, line.language) == (15, "Tiếng Anh")
    content = (
        "Số ký hiệu,Ngày văn bản,Trích yếu,Cơ quan ban hành,Số bản,Mã hồ sơ,Ghi chú\n"
        "60/BC-UBND,05/01/2026,Báo cáo,UBND xã,7,HS.01,Gửi lại\n"
    ).encode()
    taken = importing.take_in(by=SYSTEM, at=at(), unit_id=world.suoi, direction="OUT", name="so.csv", content=content)
    assert (taken.entered, taken.faults) == (1, [])
    entered = Document.objects.get(symbol="60/BC-UBND")
    assert (entered.copies, entered.case_code, entered.remark) == (7, "HS.01", "Gửi lại")
