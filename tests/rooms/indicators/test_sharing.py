"""Plans shared out: of counts the rest is kept, of rates nothing is added up; versions stay."""

from fractions import Fraction

import pytest

from giaoban.core.refusal import Invalid, NotAllowed
from giaoban.indicators import actions, queries, refusals
from giaoban.indicators.actions import PlanRow
from giaoban.indicators.actions.sharing import NegativePart, NotBelow, NotWholePart, OverShared, RowNotAllowed, RowTwice
from giaoban.indicators.models import Indicator, Target
from giaoban.indicators.queries import sharing
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from giaoban.orgs.models import TERRITORY
from tests.rooms.indicators.place import FOUNDED, HK1, at, publish  # noqa: F401
from tests.rooms.indicators.place import OPENED as DAY

COUNT, RATE = "so_hoc_sinh", "ty_le_bo_hoc"


@pytest.fixture
def planned(place):
    """The commune is asked for 1,000 pupils, and for at most 1 % who leave school."""
    actions.define_indicator(
        by=SYSTEM, at=at(FOUNDED), code=COUNT, name="Số học sinh", unit="học sinh", places=0, expression="hoc_sinh",
        start=FOUNDED, direction="up",
    )  # fmt: skip
    for code, value in ((COUNT, Fraction(1000)), (RATE, Fraction(1, 100))):
        set_target(place, code, "bac_ha", value)
    return place


def set_target(place, code, unit, value, by="leader"):
    return actions.set_target(
        by=place.actors[by], at=at(DAY), indicator=code, unit_id=place.unit(unit), period_code=HK1, value=value
    )


def share(place, code=COUNT, by="leader", reason="", hierarchy="MANAGEMENT", **parts):
    given = {place.unit(name): None if part is None else Fraction(part) for name, part in parts.items()}
    return actions.share_out(
        by=place.actors[by], at=at(DAY), indicator=code, unit_id=place.unit("bac_ha"), period_code=HK1, parts=given,
        reason=reason, hierarchy=hierarchy,
    )  # fmt: skip


def whole(place, code=COUNT):
    return queries.target(code, place.unit("bac_ha"), HK1)


def test_parts_are_targets_that_name_their_total_and_leave_a_rest(planned):
    share(planned, na_hoi=400, ban_pho=350)
    total = whole(planned)
    assert [(one.unit_id, one.value, one.shared_from) for one in sharing.parts_of(total)] == [
        (planned.unit("na_hoi"), 400, total),
        (planned.unit("ban_pho"), 350, total),
    ]
    assert sharing.rest_of(total) == 250
    assert queries.target(COUNT, planned.unit("na_hoi"), HK1).value == 400


def test_the_same_parts_again_write_nothing(planned):
    share(planned, na_hoi=400)
    before = (Target.objects.count(), Event.objects.count())
    assert share(planned, na_hoi=400) == []
    assert (Target.objects.count(), Event.objects.count()) == before


def test_more_than_the_whole_needs_a_reason_and_parts_given_before_count(planned):
    share(planned, na_hoi=600)
    with pytest.raises(OverShared) as refused:
        share(planned, ban_pho=401)
    assert refused.value.params == {"parts": "1.001", "over": "1", "total": "1.000"}
    share(planned, ban_pho=401, reason="Dự phòng trường mới")
    assert sharing.rest_of(whole(planned)) == -1
    assert Event.objects.filter(verb="target.share").latest("seq").reason == "Dự phòng trường mới"
    share(planned, ban_pho=400)  # lowering a part makes it fit again
    assert sharing.rest_of(whole(planned)) == 0


def test_a_later_total_shows_the_new_rest_and_keeps_the_parts(planned):
    share(planned, na_hoi=600, ban_pho=300)
    set_target(planned, COUNT, "bac_ha", Fraction(800))
    total = whole(planned)
    assert (total.no, sharing.rest_of(total)) == (2, -100)
    assert {one.unit_id for one in sharing.parts_of(total)} == {planned.unit("na_hoi"), planned.unit("ban_pho")}


def test_a_part_is_taken_back_and_its_versions_stay(planned):
    share(planned, na_hoi=400)
    share(planned, na_hoi=None)
    assert queries.target(COUNT, planned.unit("na_hoi"), HK1) is None
    assert [one.withdrawn for one in queries.target_history(COUNT, planned.unit("na_hoi"), HK1)] == [True, False]
    assert sharing.rest_of(whole(planned)) == 1000


def test_a_plan_from_elsewhere_is_no_part_and_is_not_taken_back(planned):
    set_target(planned, COUNT, "na_hoi", Fraction(70))
    assert share(planned, na_hoi=None) == []
    assert sharing.rest_of(whole(planned)) == 1000
    share(planned, na_hoi=70)  # the same value, now as a part of the whole
    assert sharing.rest_of(whole(planned)) == 930


def test_a_rate_is_handed_down_and_never_added_up(planned):
    assert not sharing.adds_up(Indicator.objects.get(code=RATE), HK1)
    made = share(planned, RATE, na_hoi="1/100", ban_pho="1/100", thai_giang="2/100")
    assert [one.value for one in made] == [Fraction(1, 100), Fraction(1, 100), Fraction(2, 100)]


def test_all_faults_of_parts_are_named_at_once(planned):
    with pytest.raises(Invalid) as refused:
        share(planned, na_hoi=-1, ban_pho="1/2", sin_chai_th=5)
    kinds = {type(fault): fault.field for fault in refused.value.faults}
    assert kinds == {
        NegativePart: f"phan-{planned.unit('na_hoi')}",
        NotWholePart: f"phan-{planned.unit('ban_pho')}",
        NotBelow: f"phan-{planned.unit('sin_chai_th')}",
    }
    assert not sharing.parts_of(whole(planned))


def test_below_is_that_of_the_hierarchy_chosen(planned):
    with pytest.raises(Invalid):
        share(planned, thpt=5)  # managed by the Sở, though it lies in the commune
    with pytest.raises(NotAllowed):
        share(planned, thpt=5, hierarchy=TERRITORY)


def test_nobody_shares_out_what_is_not_theirs_or_not_there(planned):
    with pytest.raises(NotAllowed):
        share(planned, by="viewer", na_hoi=1)
    with pytest.raises(NotAllowed):
        share(planned, by="sin_chai_leader", na_hoi=1)
    actions.withdraw_target(
        by=planned.actors["leader"], at=at(DAY), indicator=COUNT, unit_id=planned.unit("bac_ha"), period_code=HK1,
        reason="Bỏ",
    )  # fmt: skip
    with pytest.raises(refusals.NoTarget):
        share(planned, na_hoi=1)


@pytest.mark.parametrize(
    ("weights", "wanted"),
    [
        ({1: 1, 2: 1, 3: 1}, {1: 334, 2: 333, 3: 333}),
        ({1: 0, 2: 0}, {1: 500, 2: 500}),
        ({1: 3, 2: 1}, {1: 750, 2: 250}),
        ({}, {}),
    ],
)
def test_a_proposal_leaves_nothing(planned, weights, wanted):
    found = sharing.proposal(whole(planned), 0, {unit: Fraction(weight) for unit, weight in weights.items()})
    assert found == wanted


def test_a_proposal_keeps_the_decimals_of_the_indicator(planned):
    whole_part = set_target(planned, COUNT, "bac_ha", Fraction(10))
    found = sharing.proposal(whole_part, 1, {1: Fraction(1), 2: Fraction(1), 3: Fraction(1)})
    assert found == {1: Fraction("3.4"), 2: Fraction("3.3"), 3: Fraction("3.3")}


def test_a_table_of_plans_is_taken_in_whole_or_not_at_all(planned):
    def row(number, unit, value, code=COUNT):
        return PlanRow(number, code, planned.unit(unit), HK1, Fraction(value))

    load = {"by": planned.actors["leader"], "at": at(DAY)}
    with pytest.raises(Invalid) as refused:
        actions.set_targets(**load, rows=[row(2, "na_hoi", 1), row(3, "na_hoi", 2), row(4, "sin_chai_th", 3)])
    assert [type(fault) for fault in refused.value.faults] == [RowTwice, RowNotAllowed]
    assert queries.target(COUNT, planned.unit("na_hoi"), HK1) is None
    assert actions.set_targets(**load, rows=[row(2, "na_hoi", 1), row(3, "ban_pho", 2)]) == (2, 0)
    assert actions.set_targets(**load, rows=[row(2, "na_hoi", 1), row(3, "ban_pho", 5)]) == (1, 1)
