"""A quick round: asked, answered, counted at once; nought and not answered differ; asked once; closed by the hour."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from giaoban.core.refusal import Invalid, NotAllowed
from giaoban.indicators.models import Acceptance, Draft, Effect, Report
from giaoban.journal.models import Event
from giaoban.quick import actions, queries, refusals
from giaoban.quick.models import LinkAnswer, QuickRound
from giaoban.quick.shipped import Asked, templates
from giaoban.quick.views import table
from tests.rooms.indicators.place import at
from tests.rooms.quick.conftest import DAY, SCHOOLS

pytestmark = pytest.mark.django_db


def report(quick: QuickRound, place, school: str) -> Report:
    return Report.objects.get(round=quick.round_id, unit=place.unit(school))


def answer(quick: QuickRound, place, school: str, *texts: str, by: str = "typist", hour: int = 9):
    mine = report(quick, place, school)
    cells = [one.cell_id for one in quick.questions.all()]
    return actions.answer(
        by=place.actors[f"{school}_{by}"], at=at(DAY, hour), on=DAY, report_id=mine.pk,
        values=dict(zip(cells, texts, strict=True)),
    )  # fmt: skip


def test_what_the_typist_answers_counts_at_once_and_the_journal_says_by_which_rule(place, storm):
    quick = storm()
    made = answer(quick, place, "na_hoi", "3", "0", "1")
    mine = report(quick, place, "na_hoi")
    assert (mine.state, mine.step) == ("accepted", 1)
    assert sorted(Effect.objects.filter(submission=made).values_list("value_delta", flat=True)) == [0, 1, 3]
    assert Acceptance.objects.get(report=mine).actor_name == "Hệ thống"
    assert list(Event.objects.order_by("-seq").values_list("verb", flat=True)[:2]) == ["report.submit", "report.accept"]
    assert not Draft.objects.exists()


def test_nought_and_not_answered_differ(place, storm):
    quick = storm()
    answer(quick, place, "na_hoi", "3", "0", "1")
    answer(quick, place, "ban_pho", "0", "0", "0", by="head")
    found = queries.live(quick, DAY)
    assert (found.answered, found.asked) == (2, 3)
    first = found.totals[0]
    assert (first.total, first.answered, first.noughts, first.missing) == (3, 2, 1, 1)
    assert [row.name for row in found.waiting] == ["Trường THCS Thải Giàng"]
    assert found.waiting[0].said[0].value is None
    rows = {row[0]: row for row in table(quick, found).rows}
    assert rows["Trường Tiểu học Bản Phố"][2] == 0 and rows["Trường THCS Thải Giàng"][2] is None
    assert rows["Trường Tiểu học Na Hối"][4] == "có"
    assert found.areas[0].totals == (3, 0, 1) and (found.areas[0].answered, found.areas[0].asked) == (2, 3)


def test_an_unanswered_question_is_refused_by_name(place, storm):
    quick = storm()
    with pytest.raises(Invalid) as refused:
        answer(quick, place, "na_hoi", "3", "", "1")
    assert "Số phòng bán trú" in str(refused.value)


def test_corrected_until_closing(place, storm):
    quick = storm()
    answer(quick, place, "na_hoi", "3", "0", "1")
    answer(quick, place, "na_hoi", "5", "0", "1", hour=11)
    assert queries.live(quick, DAY).totals[0].total == 5
    assert sum(Effect.objects.filter(cell=quick.questions.first().cell_id).values_list("value_delta", flat=True)) == 5
    with pytest.raises(refusals.Closed):
        answer(quick, place, "na_hoi", "6", "0", "1", hour=12)
    actions.close(by=place.actors["officer"], at=at(DAY, 11), on=DAY, quick_id=quick.pk)
    with pytest.raises(refusals.Closed):
        answer(quick, place, "na_hoi", "6", "0", "1", hour=11)


def test_others_answer_and_open_nothing(place, storm):
    quick = storm()
    mine = report(quick, place, "na_hoi")
    with pytest.raises(NotAllowed):
        actions.answer(by=place.actors["ban_pho_typist"], at=at(DAY), on=DAY, report_id=mine.pk, values={})
    with pytest.raises(NotAllowed):
        storm(by=place.actors["na_hoi_head"])
    with pytest.raises(QuickRound.DoesNotExist):
        queries.quick_for(place.actors["sin_chai_officer"], quick.pk, DAY)


def test_asked_by_both_lines_is_asked_once_and_one_answer_serves_both(place, storm):
    first = storm()
    second = storm(by=place.actors["so_officer"], opener_id=place.unit("so"), at=at(DAY, 9))
    assert second.round.sheet_id == first.round.sheet_id and not Report.objects.filter(round=second.round).exists()
    answer(first, place, "na_hoi", "3", "0", "1")
    found = queries.live(second, DAY)
    assert (found.answered, found.asked, found.totals[0].total) == (1, 3, 3)
    assert all(row.joined for row in found.rows)


def test_a_number_asked_just_now_in_other_company_is_named(place, storm):
    storm()
    other = [templates()["bao-lu"].questions[0], Asked("Số cầu treo hỏng", "cầu")]
    with pytest.raises(refusals.AskedNow) as refused:
        storm(by=place.actors["so_officer"], opener_id=place.unit("so"), questions=other, at=at(DAY, 9))
    assert "Thiệt hại do bão, lũ" in str(refused.value)
    later = DAY + timedelta(days=1)
    storm(questions=other, at=at(later, 8), on=later)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"questions": []}, refusals.NoQuestions),
        ({"questions": [Asked(f"Câu {n}") for n in range(6)]}, refusals.NoQuestions),
        ({"unit_ids": []}, refusals.NobodyAsked),
        ({"hours": 0}, refusals.BadHours),
        ({"title": " "}, refusals.NoTitle),
    ],
)
def test_opening_is_refused(place, storm, changes, refusal):
    with pytest.raises(refusal):
        storm(**changes)


def test_units_by_kind_by_commune_and_by_name(place):
    opener = place.unit("tinh")
    kinds = ["primary", "lower_secondary"]
    everywhere = queries.chosen_units(opener, DAY, kinds=kinds, inside=[])
    assert set(everywhere) == {place.unit(name) for name in (*SCHOOLS, "sin_chai_th")}
    there = queries.chosen_units(opener, DAY, kinds=kinds, inside=[place.unit("sin_chai")])
    assert there == [place.unit("sin_chai_th")]
    named = queries.chosen_units(opener, DAY, kinds=[], inside=[], names=["truong tieu hoc na hoi"])
    assert named == [place.unit("na_hoi")]
    with pytest.raises(refusals.UnknownUnits):
        queries.chosen_units(opener, DAY, kinds=[], inside=[], names=["Trường ở đâu đó"])


def test_who_already_holds_the_number_is_shown(place):
    place.open(period_code="2025-2026.HK1")
    holders = queries.who_holds([Asked("Học sinh", "học sinh", element="hoc_sinh")], [place.unit("na_hoi")], DAY)
    assert isinstance(holders, list)


def test_every_working_day_again(place, storm):
    first = storm(repeat_until=date(2026, 2, 3))
    friday, saturday = date(2026, 1, 30), date(2026, 1, 31)
    assert actions.repeat_due(by=place.actors["officer"], at=at(DAY), on=DAY) == []
    made = actions.repeat_due(by=place.actors["officer"], at=at(friday, 8), on=friday)
    assert [one.repeats_id for one in made] == [first.pk] and made[0].round.opens_on == friday
    assert actions.repeat_due(by=place.actors["officer"], at=at(friday, 9), on=friday) == []
    assert actions.repeat_due(by=place.actors["officer"], at=at(saturday, 8), on=saturday) == []


def test_a_link_answers_for_its_unit_marked_and_not_too_often(place, storm):
    quick = storm(by_link=True)
    mine = report(quick, place, "na_hoi")
    token = queries.token(mine)
    cells = [one.cell_id for one in quick.questions.all()]
    values = dict(zip(cells, ["1", "0", "0"], strict=True))
    common = {"on": DAY, "token": token, "name": "Vàng A Páo"}
    with pytest.raises(refusals.NameNeeded):
        actions.answer_by_link(**(common | {"name": " "}), at=at(DAY, 9), values=values)
    for n in range(actions.OFTEN):
        actions.answer_by_link(**common, at=at(DAY, 9, n), values=values | {cells[0]: str(n + 2)})
    with pytest.raises(refusals.TooOften):
        actions.answer_by_link(**common, at=at(DAY, 9, 7), values=values)
    assert LinkAnswer.objects.count() == actions.OFTEN
    row = next(row for row in queries.live(quick, DAY).rows if row.answered)
    assert row.link_name == "Vàng A Páo" and row.said[0].value == actions.OFTEN + 1
    with pytest.raises(refusals.LinkOver):
        actions.answer_by_link(**common, at=at(DAY, 12), values=values)


def test_a_link_holds_only_where_the_opener_allowed_it_and_as_it_was_made(place, storm):
    quick = storm()
    token = queries.token(report(quick, place, "na_hoi"))
    for given in (token, token[:-1] + ("a" if token[-1] != "a" else "b"), "1"):
        with pytest.raises(refusals.LinkOver):
            queries.by_token(given, at(DAY, 9))


def test_the_shipped_templates_have_one_to_five_questions():
    assert set(templates()) >= {"bao-lu", "nghi-hoc", "dich-benh", "si-so"}
    for one in templates().values():
        assert 1 <= len(one.questions) <= 5 and 1 <= one.hours <= 72


def test_reminding_reaches_those_who_have_not_answered(place, storm):
    quick = storm()
    answer(quick, place, "na_hoi", "3", "0", "1")
    assert actions.remind(by=place.actors["officer"], at=at(DAY, 10), on=DAY, quick_id=quick.pk) == 2
    with pytest.raises(NotAllowed):
        actions.remind(by=place.actors["leader"], at=at(DAY, 10), on=DAY, quick_id=quick.pk)
