"""A figure of a text: what it may be about, and what it comes to against what is held."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from giaoban.core import period as periods
from giaoban.core.refusal import NotAllowed
from giaoban.desk import comparing, proposals
from giaoban.desk.comparing import CUT, DIFFERS, EQUAL, HIDDEN, INCOMPLETE, MISSING, PARTS, FigureFromSentence
from giaoban.desk.comparing.matching import mentioned
from giaoban.desk.comparing.said import Question, Said, printed
from giaoban.documents import actions as documents
from giaoban.documents import quoted
from giaoban.documents.models import Document, QuotedFigure
from giaoban.journal.actor import SYSTEM, Actor
from giaoban.journal.models import Event
from tests.rooms.desk.conftest import TODAY
from tests.rooms.indicators.place import HK1, at
from tests.rooms.ui.markup import check as well_formed

HEAD = """ỦY BAN NHÂN DÂN XÃ BẮC HÀ
Số: 15/BC-UBND
Bắc Hà, ngày 27 tháng 01 năm 2026
BÁO CÁO
Sơ kết học kỳ I năm học 2025-2026

"""
PERIOD = periods.parse(HK1)
SCHOOLS = ("na_hoi", "ban_pho", "thai_giang")


@pytest.fixture
def counted(place):
    """All three schools of the commune: 9 of 1500 pupils have left, 0,6 %. Approved at the first step, so it counts."""
    round = place.open()
    reports = [place.hand_in(round, school) for school in SCHOOLS]
    place.accept(reports)
    return place


def read(place, body: str, who: str = "officer") -> proposals.Reading:
    return proposals.of(HEAD + body, place.actors[who], TODAY)


def offer(place, body: str) -> comparing.Offer:
    return next(iter(comparing.offers(read(place, body)).values()))


def said(
    words: str, value: str, places: int, measure: str = "%", part: int | None = None, whole: int | None = None
) -> Said:
    number = Fraction(value)
    return Said(0, len(words), words, number / 100 if measure == "%" else number, places, measure, part, whole)


def compared(place, one: Said, code: str = "ty_le_bo_hoc", unit: str = "bac_ha", who: str = "officer"):
    return comparing.compare(place.actors[who], code, place.unit(unit), PERIOD, one, TODAY)


# What a text says


def test_a_printed_nought_at_the_end_is_a_decimal() -> None:
    assert printed("đạt 52,10%", Fraction("52.1")) == 2
    assert printed("14.068 học sinh", Fraction(14068)) == 0
    one = Said.read({"start": 0, "end": 10, "text": "đạt 52,10%", "value": 52.1, "unit": "%"})
    assert one is not None and (one.value, one.places, one.text) == (Fraction(521, 1000), 2, "52,10%")


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("học kỳ I năm học 2025-2026", ["2025-2026.HK1"]),
        ("Học kì 2", ["2025-2026.HK2"]),
        ("đầu năm học 2024-2025", ["2024-2025.DN"]),
        ("năm học 2024 – 2025", ["2024-2025"]),
        ("tháng 3/2026 và quý II năm 2026", ["2026-03", "2026-Q2"]),
        ("ngày 15 tháng 3 năm 2026", ["2026-03"]),
        ("năm 2025", ["2025"]),
        ("tháng 13/2026", []),
    ],
)
def test_periods_a_text_names(words: str, codes: list[str]) -> None:
    assert [one.code for one in mentioned(words, TODAY)] == codes


# Offers


def test_a_plain_figure_is_offered_whole(counted) -> None:
    one = offer(counted, "Tỷ lệ bỏ học toàn xã là 0,6%.\n")
    assert one.sure and one.best == ("ty_le_bo_hoc", counted.unit("bac_ha"), HK1)


def test_the_unit_named_in_the_sentence_comes_before_the_issuer(counted) -> None:
    one = offer(counted, "Trường THCS Thải Giàng có tỷ lệ bỏ học 0,6%.\n")
    assert one.best[1] == counted.unit("thai_giang") and one.units[0].sure


def test_a_name_nobody_knows_makes_the_unit_unsure(counted) -> None:
    one = offer(counted, "Trường THCS Nơi Khác có tỷ lệ bỏ học 0,6%.\n")
    assert one.best[1] == counted.unit("bac_ha") and not one.sure


def test_the_period_of_the_sentence_comes_before_that_of_the_title(counted) -> None:
    one = offer(counted, "Học kỳ II năm học 2024-2025 tỷ lệ bỏ học là 0,6%.\n")
    assert "2024-2025.HK2" in [each.value for each in one.periods] and not one.sure  # no figure of it counts


def test_a_count_is_no_percentage(counted) -> None:
    one = offer(counted, "Toàn xã có 1.500 học sinh.\n")
    assert one.indicators[0].value == "=hoc_sinh" and all(each.value.startswith("=") for each in one.indicators)


def test_the_same_text_gives_the_same_offers(counted) -> None:
    body = "Tỷ lệ bỏ học 0,6%; số học sinh 1.500 học sinh; xã Sín Chải 1,2%.\n"
    assert comparing.offers(read(counted, body)) == comparing.offers(read(counted, body))


def test_a_long_text_is_matched_with_as_many_queries_as_a_short_one(counted) -> None:
    line = "Tỷ lệ bỏ học toàn xã là 0,6%.\n"
    texts = [read(counted, line), read(counted, line * 60)]
    for text in texts:
        text.near  # noqa: B018 - who issued it is asked once, before
    spent = []
    for text in texts:
        with CaptureQueriesContext(connection) as queries:
            comparing.offers(text)
        spent.append(len(queries))
    assert spent[0] == spent[1]


# Comparing


def test_half_up_at_the_printed_decimals_is_equal(counted) -> None:
    assert compared(counted, said("0,6%", "0.6", 1)).degree == EQUAL
    assert compared(counted, said("0,60%", "0.60", 2)).degree == EQUAL
    assert compared(counted, said("1%", "1", 0)).degree == EQUAL  # 0,6 rounds up


def test_a_cut_last_digit_is_a_milder_note(counted) -> None:
    found = compared(counted, said("0%", "0", 0))
    assert (found.degree, found.mild, found.agrees) == (CUT, True, False)


def test_another_value_differs_and_both_are_said(counted) -> None:
    found = compared(counted, said("0,75%", "0.75", 2))
    assert (found.degree, found.agrees) == (DIFFERS, False)
    assert "0,75%" in found.words and "0,60%" in found.words and found.right == "0,60%"
    assert any("15/01/2026" in note for note in found.notes)  # the map of the day


def test_other_counts_behind_the_same_rate_are_named(counted) -> None:
    found = compared(counted, said("6/1000 (0,6%)", "0.6", 1, part=6, whole=1000))
    assert (found.degree, found.agrees) == (PARTS, False)
    assert any("6/1.000" in note and "9/1.500" in note for note in found.notes)


def test_an_incomplete_total_decides_nothing_and_says_how_many_reported(place) -> None:
    round = place.open()
    reports = [place.hand_in(round, school) for school in SCHOOLS]
    place.accept(reports[:2])
    found = compared(place, said("0,75%", "0.75", 2))
    assert (found.degree, found.agrees) == (INCOMPLETE, None)
    assert any("2/3" in note for note in found.notes)


def test_what_is_handed_in_but_not_approved_stands_apart(place) -> None:
    round = place.open()
    reports = [place.hand_in(round, school) for school in SCHOOLS[:2]]
    place.accept(reports)
    place.hand_in(round, "thai_giang", **{"bo_hoc[lop=6]": "20"})
    found = compared(place, said("0,6%", "0.6", 1))
    assert found.degree == EQUAL  # 6 of 1000 count
    assert "1,80%" in found.apart  # (6 + 21) of 1500
    assert compared(place, said("0,6%", "0.6", 1), unit="na_hoi").apart == ""


def test_many_figures_cost_as_many_queries_as_one(place) -> None:
    round = place.open()
    place.accept([place.hand_in(round, school) for school in SCHOOLS[:2]])
    place.hand_in(round, "thai_giang", **{"bo_hoc[lop=6]": "20"})
    asked = [Question("ty_le_bo_hoc", place.unit("bac_ha"), PERIOD, said(f"0,{n}%", f"0.{n}", 1)) for n in range(1, 8)]
    spent = []
    for some in (asked[:1], asked):
        with CaptureQueriesContext(connection) as queries:
            found = comparing.compare_all(place.actors["officer"], some, TODAY)
        assert all("1,80%" in one.apart for one in found)
        spent.append(len(queries))
    assert spent[0] == spent[1]


def test_without_any_figure_nothing_is_compared(place) -> None:
    assert compared(place, said("0,6%", "0.6", 1)).degree == MISSING


def test_what_one_may_not_look_at_is_not_compared(counted) -> None:
    found = compared(counted, said("0,6%", "0.6", 1), who="sin_chai_officer")
    assert (found.degree, found.held, found.agrees) == (HIDDEN, None, None)
    assert "0,6" not in found.words


def test_an_element_is_compared_as_an_indicator_is(counted) -> None:
    found = compared(counted, said("1.500 học sinh", "1500", 0, "học sinh"), code="=hoc_sinh")
    assert (found.degree, found.name) == (EQUAL, "Học sinh")
    assert compared(counted, said("6 học sinh", "6", 0, "học sinh"), code="=bo_hoc[lop=6]").degree == EQUAL


def test_money_is_compared_whatever_unit_it_is_said_in(counted) -> None:
    found = compared(counted, said("3,75 tỷ đồng", "3.75", 2, "tỷ đồng"), code="=kinh_phi")
    assert found.degree == EQUAL  # 3 × 1.250,5 triệu đồng
    assert compared(counted, said("3,74 tỷ đồng", "3.74", 2, "tỷ đồng"), code="=kinh_phi").right == "3,75 tỷ đồng"


def test_a_change_that_the_figures_do_not_show_is_named(counted) -> None:
    one = Said(0, 4, "0,6%", Fraction(6, 1000), 1, "%", against="previous", change=Fraction(2))
    assert compared(counted, one).degree == EQUAL  # nothing held from last time: nothing to say


# Attaching


@pytest.fixture
def registered(counted) -> Document:
    text = HEAD + "Tỷ lệ bỏ học toàn xã là 0,75%. Số còn lại ra lớp đầy đủ.\n"
    return documents.register(
        by=SYSTEM, at=at(TODAY), owner_id=counted.unit("bac_ha"), direction="OUT", symbol="15/BC-UBND",
        subject="Sơ kết học kỳ I", issued_on=date(2026, 1, 27), text=text,
    )  # fmt: skip


def put(place, document: Document, who: str = "officer", **changes: object) -> QuotedFigure:
    actor: Actor = place.actors[who]
    reading = proposals.of(document.text, actor, TODAY, document)
    values = comparing.best(comparing.offers(reading)[1]) | changes
    figure = comparing.from_values(reading, reading.figures[0], values)
    return comparing.attach(by=actor, at=at(TODAY), document=document, figure=figure)


def test_an_attached_figure_is_kept_exactly_and_compared_on_every_view(counted, registered) -> None:
    kept = put(counted, registered)
    assert (kept.value, kept.places, kept.indicator, kept.period_code) == (Fraction(75, 10000), 2, "ty_le_bo_hoc", HK1)
    assert registered.text[kept.start : kept.end] == kept.words
    (shown,) = comparing.of_document(counted.actors["officer"], registered, TODAY)
    assert shown.comparison.degree == DIFFERS
    event = Event.objects.get(verb="document.attach_figure")
    assert event.data["of"] == "ty_le_bo_hoc"


def test_it_is_attached_once_and_withdrawn_never_deleted(counted, registered) -> None:
    kept = put(counted, registered)
    with pytest.raises(quoted.AlreadyAttached):
        put(counted, registered)
    officer = counted.actors["officer"]
    with pytest.raises(quoted.ReasonMissing):
        quoted.withdraw(by=officer, at=at(TODAY), quoted=kept, reason=" ")
    quoted.withdraw(by=officer, at=at(TODAY), quoted=kept, reason="Nhầm chỉ tiêu")
    assert quoted.of(registered) == [] and QuotedFigure.objects.get().withdrawn_why == "Nhầm chỉ tiêu"
    with pytest.raises(quoted.AlreadyWithdrawn):
        quoted.withdraw(by=officer, at=at(TODAY), quoted=kept, reason="Lại")
    put(counted, registered)  # attached anew


def test_only_who_sees_the_document_and_reads_documents_attaches(counted, registered) -> None:
    with pytest.raises(Document.DoesNotExist):
        put(counted, registered, who="sin_chai_officer")
    with pytest.raises((NotAllowed, Document.DoesNotExist)):
        put(counted, registered, who="viewer")


def test_what_is_in_no_catalogue_and_words_that_are_not_there_are_refused(counted, registered) -> None:
    with pytest.raises(comparing.UnknownFigure):
        put(counted, registered, indicator="khong_co")
    one = Said(0, 5, "0,99%", Fraction(99, 10000), 2, "%")
    figure = FigureFromSentence(one, "ty_le_bo_hoc", counted.unit("bac_ha"), HK1)
    with pytest.raises(quoted.PassageMissing):
        comparing.attach(by=counted.actors["officer"], at=at(TODAY), document=registered, figure=figure)
    assert not QuotedFigure.objects.exists()


def test_the_number_leads_back_to_the_sentence(counted, registered, browser) -> None:
    put(counted, registered)
    address = f"/so-lieu/nguon/?chi-tieu=ty_le_bo_hoc&don-vi={counted.unit('bac_ha')}&ky={HK1}&ban-do=luc-do"
    html = browser("officer").get(address).content.decode()
    assert "Số này được nêu trong" in html and registered.symbol in html
    other = browser("viewer").get(address).content.decode()
    assert "Số này được nêu trong" not in other  # a reader of figures reads no documents


# Pages


def test_the_documents_page_shows_attached_figures_and_attaches_the_plain_ones(counted, registered, browser) -> None:
    client = browser("officer")
    address = f"/doc/van-ban/{registered.pk}/so-lieu/"
    page = client.get(address).content.decode()
    well_formed(page)
    assert "Văn bản ghi 0,75%, số liệu đã duyệt là 0,60%." in page
    assert client.post(f"{address}gan/", {"muc": "S1", "doan": "1"}).status_code == 302
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "0,75%" in part and "<html" not in part
    kept = QuotedFigure.objects.get()
    client.post(f"/doc/so-lieu/{kept.pk}/rut/", {"reason": "Nhầm"})
    assert quoted.of(registered) == []


def test_another_indicator_unit_and_period_can_be_chosen(counted, registered, browser) -> None:
    client = browser("officer")
    page = client.get(f"/doc/van-ban/{registered.pk}/so-lieu/?sua=S1").content.decode()
    well_formed(page)
    data = {
        "muc": "S1", "s1-indicator": "=hoc_sinh", "s1-unit": "", "s1-unit_name": "Trường THCS Thải Giàng",
        "s1-period": HK1,
    }  # fmt: skip
    assert client.post(f"/doc/van-ban/{registered.pk}/so-lieu/gan/", data).status_code == 302
    kept = QuotedFigure.objects.get()
    assert (kept.element, kept.unit_id) == ("hoc_sinh", counted.unit("thai_giang"))
    wrong = client.post(f"/doc/van-ban/{registered.pk}/so-lieu/gan/", {"muc": "S1", "s1-indicator": "khong_co"})
    assert wrong.status_code in (404, 422)


def test_strangers_find_neither_page_nor_figure(counted, registered, browser) -> None:
    kept = put(counted, registered)
    client = browser("sin_chai_officer")
    assert client.get(f"/doc/van-ban/{registered.pk}/so-lieu/").status_code == 404
    assert client.post(f"/doc/so-lieu/{kept.pk}/rut/", {"reason": "x"}).status_code == 404
    assert quoted.of(registered)
