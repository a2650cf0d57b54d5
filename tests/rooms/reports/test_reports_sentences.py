"""Sentences in tables: facts on the left, the words on the right."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from giaoban.analytics.queries import Answer
from giaoban.core import period as periods
from giaoban.reports import sentences
from giaoban.reports.sentences import Figure
from giaoban.work.states import Counts

HK1 = periods.parse("2025-2026.HK1")


def answer(
    a: int | None,
    b: int | None = None,
    target: Fraction | int | None = None,
    previous: Fraction | int | None = None,
    *,
    places: int = 2,
    measure: str = "%",
    expected: int = 1,
    reported: int = 1,
    estimated: bool = False,
    previous_estimated: bool = False,
) -> Answer:
    value = None if a is None else Fraction(a, b or 1)
    return Answer(
        indicator="x",
        unit_id=1,
        period=HK1,
        numerator=None if a is None else Fraction(a),
        denominator=None if b is None else Fraction(b),
        value=value,
        target=None if target is None else Fraction(target),
        target_period="2025-2026",
        previous=None if previous is None else Fraction(previous),
        previous_period=HK1.same_last_year(),
        expected=expected,
        reported=reported,
        estimated=estimated,
        previous_estimated=previous_estimated,
        map="as_was",
        day=HK1.data_day,
        formula_version=date(1995, 1, 1),
        is_percent=measure == "%",
        places=places,
        measure=measure,
    )


def percent(text: str) -> Fraction:
    return Fraction(text) / 100


PLANS = [
    # a, b, plan, direction, words
    (222, 426, percent("46"), "up", "vượt 6,11 điểm % so với kế hoạch"),
    (40, 100, percent("46.5"), "up", "thiếu 6,5 điểm % so với kế hoạch"),
    (46, 100, percent("46"), "up", "đạt kế hoạch"),
    (45999, 100000, percent("46"), "up", "xấp xỉ nhưng chưa đạt kế hoạch"),
    (3, 1000, percent("0.5"), "down", "thấp hơn mức kế hoạch 0,2 điểm %"),
    (8, 1000, percent("0.5"), "down", "cao hơn mức kế hoạch 0,3 điểm %"),
    (5, 1000, percent("0.5"), "down", "bằng mức kế hoạch"),
    (5, 1000, None, "up", ""),
]


@pytest.mark.parametrize(("a", "b", "plan", "direction", "words"), PLANS)
def test_against_the_plan(a: int, b: int, plan: Fraction | None, direction: str, words: str) -> None:
    assert sentences.plan_words(answer(a, b, plan), direction) == words


CHANGES = [
    # now, before, words
    ((62, 65), (268, 291), "tăng 3,28 điểm %"),
    ((332, 374), (282, 326), "tăng 2,27 điểm %"),
    ((142, 243), (83, 207), "tăng 18,34 điểm %"),
    ((1, 2), (1, 2), "không đổi"),
    ((1, 4), (1, 2), "giảm 25 điểm %"),
]


@pytest.mark.parametrize(("now", "before", "words"), CHANGES)
def test_against_last_year_between_printed_values(now: tuple[int, int], before: tuple[int, int], words: str) -> None:
    assert sentences.change_words(answer(*now, previous=Fraction(*before))) == words


def test_counts_change_in_their_own_unit() -> None:
    assert sentences.change_words(answer(52, previous=64, measure="học sinh", places=0)) == "giảm 12"
    assert sentences.change_words(answer(52, measure="học sinh", places=0)) == ""


VERDICTS = [
    (answer(46, 100, percent("46")), "up", "met"),
    (answer(45999, 100000, percent("46")), "up", "not_met"),  # exact, though both print 46,00
    (answer(5, 1000, percent("0.5")), "down", "met"),
    (answer(6, 1000, percent("0.5")), "down", "not_met"),
    (answer(5, 10), "up", "unknown"),
    (answer(None, None, percent("46")), "up", "unknown"),
]


@pytest.mark.parametrize(("given", "direction", "verdict"), VERDICTS)
def test_the_plan_is_judged_by_exact_values(given: Answer, direction: str, verdict: str) -> None:
    assert sentences.verdict(given, direction) == verdict


SENTENCES = [
    (
        Figure("Tỷ lệ trường đạt chuẩn quốc gia", "up", answer(222, 426, percent("46"), Fraction(210, 426))),
        "Tỷ lệ trường đạt chuẩn quốc gia đạt 52,11% (222/426), vượt 6,11 điểm % so với kế hoạch (46%), "
        "tăng 2,81 điểm % so với cùng kỳ năm trước.",
    ),
    (
        Figure("Tỷ lệ trường đạt chuẩn về cơ sở vật chất", "up", answer(68, 73, places=1)),
        "Tỷ lệ trường đạt chuẩn về cơ sở vật chất đạt 93,2% (68/73).",
    ),
    (
        Figure("Số học sinh bỏ học", "down", answer(52, measure="học sinh", places=0, expected=30, reported=28)),
        "Số học sinh bỏ học là 52 học sinh (tính trên 28/30 đơn vị đã nộp).",
    ),
    (
        Figure("Số trường", "none", answer(1234, measure="trường", places=0, estimated=True)),
        "Số trường là 1.234 trường (có phần ước tính do sắp xếp đơn vị).",
    ),
    (
        Figure("Số trường", "none", answer(30, None, None, 28, measure="trường", places=0, previous_estimated=True)),
        "Số trường là 30 trường, tăng 2 so với cùng kỳ năm trước (số cùng kỳ có phần ước tính do sắp xếp đơn vị).",
    ),
    (
        Figure("Tỷ lệ chuyên cần", "up", answer(None, None, expected=12, reported=0)),
        "Tỷ lệ chuyên cần: chưa có số liệu (0/12 đơn vị đã nộp).",
    ),
]


@pytest.mark.parametrize(("figure", "words"), SENTENCES)
def test_the_whole_sentence(figure: Figure, words: str) -> None:
    assert sentences.sentence(figure) == words


def test_how_many_plans_were_reached() -> None:
    met = Figure("A", "up", answer(50, 100, percent("46")))
    missed = Figure("B", "up", answer(40, 100, percent("46")))
    without = Figure("C", "up", answer(40, 100))
    assert sentences.summary_sentence([met, met, missed, without]) == (
        "Trong 3 chỉ tiêu có kế hoạch, 2 chỉ tiêu đạt và vượt (66,7%), 1 chỉ tiêu chưa đạt."
    )
    assert sentences.summary_sentence([met]) == "Trong 1 chỉ tiêu có kế hoạch, 1 chỉ tiêu đạt và vượt (100,0%)."
    assert sentences.summary_sentence([without]).startswith("Chưa chỉ tiêu nào")


def test_the_four_states_of_tasks_with_their_counts() -> None:
    """The figures of báo cáo 1270/BC-TCTTTg, 27/12/2017."""
    counts = Counts(done_on_time=14068, done_late=1983, open_in_term=5640, open_overdue=223)
    assert sentences.task_sentence(counts) == (
        "Tổng số 21.914 nhiệm vụ được giao: 16.051 nhiệm vụ đã hoàn thành (đúng hạn 14.068, quá hạn 1.983); "
        "5.863 nhiệm vụ đang thực hiện (trong hạn 5.640, quá hạn 223)."
    )
    assert sentences.task_rows(counts)[3] == ("Chưa hoàn thành, quá hạn", "223", "1,02%", "223/21.914")
    assert len(sentences.task_rows(counts)) == 5
    assert len(sentences.task_rows(Counts(no_deadline=1))) == 6
    assert sentences.task_sentence(Counts()) == "Không có nhiệm vụ nào được giao trong kỳ."


@pytest.mark.parametrize(
    ("handed_in", "expected", "late", "words"),
    [
        (30, 30, 0, "30/30 báo cáo đã nộp (100,0%), tất cả đúng hạn."),
        (30, 30, 2, "30/30 báo cáo đã nộp (100,0%); 2 báo cáo nộp muộn hoặc quá hạn chưa nộp."),
        (28, 30, 2, "28/30 báo cáo đã nộp (93,3%); 2 báo cáo nộp muộn hoặc quá hạn chưa nộp."),
        (0, 0, 0, "Không có kỳ báo cáo số liệu nào trong kỳ."),
    ],
)
def test_how_units_kept_to_the_day(handed_in: int, expected: int, late: int, words: str) -> None:
    assert sentences.reporting_sentence(handed_in, expected, late) == words


@pytest.mark.parametrize(
    ("names", "words"), [([], ""), (["A"], "A"), (["A", "B"], "A và B"), (["A", "B", "C"], "A, B và C")]
)
def test_names_in_a_row(names: list[str], words: str) -> None:
    assert sentences.listing(names) == words


@pytest.mark.parametrize(
    ("direction", "now", "before", "worse"),
    [
        ("up", "97", "98", True),
        ("up", "97.01", "98", False),  # less than a point is no shortcoming
        ("up", "98", "98", False),
        ("down", "6", "5", True),
        ("down", "4", "5", False),
        ("none", "4", "5", False),
    ],
)
def test_a_rate_for_the_worse_depends_on_what_is_good(direction: str, now: str, before: str, worse: bool) -> None:
    value = percent(now)
    figure = Figure("X", direction, answer(value.numerator, value.denominator, previous=percent(before)))
    assert sentences.is_worse(figure, points=1, percent=10) is worse


@pytest.mark.parametrize(
    ("now", "before", "worse"), [(90, 100, True), (91, 100, False), (110, 100, False), (1, 0, False)]
)
def test_a_count_for_the_worse_is_a_tenth_or_more(now: int, before: int, worse: bool) -> None:
    figure = Figure("X", "up", answer(now, previous=before, measure="học sinh", places=0))
    assert sentences.is_worse(figure, points=1, percent=10) is worse


def test_a_count_to_which_units_are_missing_has_no_change() -> None:
    """Eight schools fewer, because eight are not approved yet, are no eight schools fewer."""
    part = answer(23, previous=31, measure="trường", places=0, expected=31, reported=23)
    assert sentences.change_words(part) == ""
    assert not sentences.is_worse(Figure("Số trường", "up", part), points=1, percent=10)
    rate = answer(1, 2, previous=percent("60"), expected=31, reported=23)
    assert sentences.change_words(rate) == "giảm 10 điểm %"


def test_a_count_of_a_part_is_compared_with_nothing() -> None:
    count = Figure("Số trường", "none", answer(23, target=30, previous=30, measure="trường", places=0))
    assert sentences.sentence(count, complete=False) == "Số trường là 23 trường."
    rate = Figure("Tỷ lệ", "up", answer(1, 2, percent("40")))
    assert "vượt 10 điểm %" in sentences.sentence(rate, complete=False)
    assert sentences.sentence(Figure("A", "up", answer(1, 2, expected=3)), coverage=False) == "A đạt 50,00% (1/2)."


@pytest.mark.parametrize(
    ("accepted", "expected", "words"),
    [
        (0, 0, ""),
        (30, 30, "Số liệu tính trên đủ 30 báo cáo đã được duyệt."),
        (
            23,
            30,
            "Số liệu tính trên 23/30 báo cáo đã được duyệt; số đếm chưa so sánh với kế hoạch và cùng kỳ cho đến khi đủ "
            "báo cáo.",
        ),
    ],
)
def test_on_how_many_reports_the_figures_stand(accepted: int, expected: int, words: str) -> None:
    assert sentences.basis_sentence(accepted, expected) == words
