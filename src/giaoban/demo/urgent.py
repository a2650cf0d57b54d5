"""The morning of the fixed day: it is bitterly cold, and the commune asks its schools how many pupils stay at home."""

from __future__ import annotations

from datetime import timedelta

from giaoban.demo import cast
from giaoban.demo.play import Tell, moment
from giaoban.demo.story import WORDS, story
from giaoban.indicators.models import Report
from giaoban.orgs.models import Unit
from giaoban.quick import actions as quick
from giaoban.quick.models import QuickRound
from giaoban.quick.shipped import templates

STORY = story()
CODE = "02905"


def ask_about_the_cold(tell: Tell) -> None:
    """Asked at seven by the template; two schools in three have answered, one of them that nobody is missing."""
    at, unit = moment(2026, 1, 29, 7), cast.commune(CODE)
    schools = [school for school in STORY.commune(CODE).schools if school.kind in WORDS]
    template = templates()["nghi-hoc"]
    made = quick.open_quick(
        by=cast.acts("cv.baothang", at),
        at=at,
        on=at.date(),
        opener_id=unit.pk,
        title="Học sinh nghỉ học do rét đậm, rét hại",
        questions=template.questions,
        unit_ids=[cast.school_unit(school).pk for school in schools],
        hours=17,
        note="Nhiệt độ sáng nay dưới 7 độ C. Trường nào cho học sinh nghỉ thì trả lời Có ở câu 2.",
        by_link=True,
        template=template.code,
    )
    for number, school in enumerate(schools):
        if number % 3 != 2:
            tell(school.name)
            _answer(made, cast.school_unit(school), cast.typist_user(school), number)


def _answer(made: QuickRound, unit: Unit, user: str, number: int) -> None:
    at = moment(2026, 1, 29, 7) + timedelta(minutes=3 * number + 5)
    report = Report.objects.get(round=made.round_id, unit=unit)
    first, second = (one.cell_id for one in made.questions.all())
    absent = number * 7 % 40
    values = {first: str(absent), second: "1" if absent > 30 else "0"}
    quick.answer(by=cast.acts(user, at), at=at, on=at.date(), report_id=report.pk, values=values)
