"""Whatever a decree merges, divides or closes: nothing open is left behind unasked, and undoing is the identity."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giaoban.indicators.actions.following import open_reports
from giaoban.orgs.decree import Close, Step
from giaoban.orgs.queries.heirs import succession
from giaoban.people import queries as people
from giaoban.people.models import Grant, Holding
from giaoban.reforms import actions
from giaoban.reforms.models import Reform
from giaoban.work.actions.following import GOING_ON, open_tasks
from giaoban.work.models import Meeting
from tests.rooms.people.office import Office
from tests.rooms.reforms.decrees import applied, division, merger
from tests.rooms.reforms.test_reforms_undo import everything, papers
from tests.world import NOW, TODAY

COMMUNES = ["binh_minh", "cao_son", "phuong_ha", "yen_lap"]
SCHOOLS = ["mam_non", "tieu_hoc", "thcs", "ban_tru", "tieu_hoc_ha"]
KINDS = {"mam_non": "preschool", "thcs": "lower_secondary", "ban_tru": "semi_boarding_primary_lower_secondary"}


@st.composite
def decrees(draw: st.DrawFn) -> list[tuple[str, tuple[str, ...]]]:
    """Some communes or some schools, each in one group that merges, is divided or is closed."""
    units = draw(st.sampled_from([COMMUNES, SCHOOLS]))
    order = draw(st.permutations(units))[: draw(st.integers(1, len(units)))]
    acts = []
    while order:
        size = min(len(order), draw(st.integers(1, 3)))
        group, order = tuple(order[:size]), order[size:]
        alone = "divide" if units is COMMUNES else draw(st.sampled_from(["divide", "close"]))
        acts.append(("merge" if size > 1 else alone, group))
    return acts


def steps_of(office: Office, acts: list[tuple[str, tuple[str, ...]]]) -> list[Step]:
    steps: list[Step] = []
    for number, (act, group) in enumerate(acts):
        kind = "commune" if group[0] in COMMUNES else KINDS.get(group[0], "primary")
        if act == "merge":
            steps += merger(office, *group, called=f"Đơn vị gộp {number}", kind=kind)
        elif act == "divide" or group[0] == "tieu_hoc":  # a school with a site below it cannot be closed
            steps += division(office, group[0], f"Phần một {number}", f"Phần hai {number}", kind=kind)
        else:
            steps.append(Close(office.world[group[0]]))
    return steps


@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_is_left_behind_and_undoing_is_the_identity(office: Office, data: st.DataObject):
    with transaction.atomic():
        papers(office)
        before = everything()
        reform = applied(office, steps_of(office, data.draw(decrees())))
        _nothing_waits_at_ended_units(reform)
        for question in reform.questions.all():
            answer = data.draw(st.sampled_from([value for value, _ in question.choices]), label=question.label)
            actions.answer(by=office.actor("quantri"), at=NOW, question=question, answer=answer)
        _one_head_a_unit(reform)
        actions.undo(by=office.actor("quantri"), at=NOW + timedelta(hours=1), reform=reform, why="Thử")
        after = everything()
        assert {name for name in before if before[name] != after[name]} == set()
        transaction.set_rollback(True)


def _nothing_waits_at_ended_units(reform: Reform) -> None:
    told = succession(reform.change)
    asked: dict[str, set[Any]] = {}
    for question in reform.questions.all():
        asked.setdefault(question.kind, set()).update(question.objects_of)
    assert not Holding.objects.filter(people.valid_on(TODAY), position__unit__in=told.ended).exists()
    assert not Grant.objects.filter(people.valid_on(TODAY), unit__in=list(told.whole)).exists()
    assert {one.pk for one in open_reports(told.ended)} <= asked.get("report", set())
    waiting = open_tasks().filter(lead__in=told.ended).values_list("pk", flat=True)
    assert set(waiting) <= asked.get("task", set())
    meetings = Meeting.objects.filter(state__in=GOING_ON, unit__in=told.ended).values_list("pk", flat=True)
    assert set(meetings) <= asked.get("meeting", set())


def _one_head_a_unit(reform: Reform) -> None:
    told = succession(reform.change)
    for unit in told.founded:
        heads = Holding.objects.filter(
            people.valid_on(TODAY), position__unit=unit, position__leads=True, manner="holds"
        )
        assert heads.count() <= 1
