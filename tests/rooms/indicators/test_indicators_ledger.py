"""The ledger: append-only, in step with what stands accepted after any sequence of verbs; outside series."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giaoban.core.refusal import Invalid, NotAllowed, Refused
from giaoban.indicators import actions, queries, refusals
from giaoban.indicators.actions import SeriesRow
from giaoban.indicators.models import Effect, Report, Return, Revision, Round, Standing, Step, Submission
from giaoban.indicators.queries import counted, states
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from tests.rooms.indicators.place import CHECK, HK1, LAST_YEAR, OPENED, Place, at

# Any sequence of verbs

SCHOOLS = ("na_hoi", "ban_pho")
CELLS = ("hoc_sinh", "hoc_sinh_nu", "bo_hoc[lop=6]", "bo_hoc[lop=7]")
TEXTS = ("", "0", "1", "7", "30")
VERBS = st.one_of(
    st.tuples(
        st.just("type"), st.sampled_from(SCHOOLS), st.sampled_from(CELLS), st.sampled_from(["", "0", "1", "7", "30"])
    ),
    st.tuples(st.just("submit"), st.sampled_from(SCHOOLS)),
    st.tuples(st.just("accept"), st.sampled_from(SCHOOLS), st.sampled_from([1, 2])),
    st.tuples(st.just("accept_all"), st.sampled_from([1, 2])),
    st.tuples(st.just("return"), st.sampled_from(SCHOOLS), st.sampled_from([None, *CELLS])),
    st.tuples(st.just("withdraw"), st.sampled_from(SCHOOLS), st.sampled_from([None, *CELLS])),
    st.tuples(st.just("sign_off"), st.sampled_from([1, 2])),
    st.tuples(st.just("lock")),
    st.tuples(st.just("reopen"), st.sampled_from(SCHOOLS)),
)


class Play:
    """Carries out verbs one after another; a refusal changes nothing and the play goes on."""

    def __init__(self, place: Place, round: Round) -> None:
        self.place, self.round = place, round
        self.minutes = 0

    def act(self, who: str) -> dict[str, object]:
        self.minutes += 1
        moment = at(CHECK) + timedelta(minutes=self.minutes)
        return {"by": self.place.actors[who], "at": moment, "on": CHECK}

    def do(self, verb: tuple) -> None:
        name, *rest = verb
        try:
            with transaction.atomic():
                getattr(self, f"do_{name}")(*rest)
        except (Refused, NotAllowed):
            pass

    def report(self, school: str) -> Report:
        return self.place.report(self.round, school)

    def ids(self, cell: str | None) -> list[int] | None:
        return None if cell is None else [self.place.cells[cell]]

    def do_type(self, school: str, cell: str, text: str) -> None:
        act = self.act(f"{school}_typist")
        values = {self.place.cells[cell]: actions.Typed(text, note="Không có" if text == "" else "Đã rà soát")}
        actions.save_draft(**act, report_id=self.report(school).pk, values=values)

    def do_submit(self, school: str) -> None:
        actions.submit(**self.act(f"{school}_head"), report_id=self.report(school).pk, note="Giải trình")

    def do_accept(self, school: str, step: int) -> None:
        who = "officer" if step == 1 else "leader"
        actions.accept(**self.act(who), report_ids=[self.report(school).pk], step=step)

    def do_accept_all(self, step: int) -> None:
        reports = [self.report(school).pk for school in SCHOOLS]
        actions.accept(**self.act("officer" if step == 1 else "leader"), report_ids=reports, step=step)

    def do_return(self, school: str, cell: str | None) -> None:
        actions.return_report(
            **self.act("officer"), report_id=self.report(school).pk, reason="Xem lại", cells=self.ids(cell)
        )

    def do_withdraw(self, school: str, cell: str | None) -> None:
        actions.withdraw(**self.act("leader"), report_id=self.report(school).pk, reason="Sai", cells=self.ids(cell))

    def do_sign_off(self, step: int) -> None:
        unit = self.place.unit("bac_ha")
        actions.sign_off(
            **self.act("officer" if step == 1 else "leader"),
            round_id=self.round.pk,
            step=step,
            unit_id=unit,
            reason="Thiếu",
        )

    def do_lock(self) -> None:
        actions.lock_round(**self.act("officer"), round_id=self.round.pk, reason="Hết hạn")

    def do_reopen(self, school: str) -> None:
        actions.reopen(**self.act("officer"), report_id=self.report(school).pk, until=CHECK, reason="Sai số")

    def check(self) -> None:
        assert counted.differs_from_ledger() == []
        assert counted.presence_is_binary()
        for report in Report.objects.filter(round=self.round):
            assert (report.state, report.step) == states.derived(report)
        for standing in Standing.objects.select_related("accepted", "current"):
            if standing.state in ("accepted", "locked"):
                assert standing.accepted_id == standing.current_id and standing.step == standing.accepted_step
        for revision in Revision.objects.select_related("submission"):
            before = Revision.objects.filter(
                submission__report=revision.submission.report,
                cell=revision.cell,
                submission__no__lt=revision.submission.no,
            ).order_by("-submission__no")
            last = before.first()
            assert last is None or (last.value, last.explanation) != (revision.value, revision.explanation)


@pytest.fixture
def round(place: Place) -> Round:
    return place.open()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(verbs=st.lists(VERBS, min_size=5, max_size=40))
def test_the_ledger_sums_to_what_stands_accepted(place: Place, round: Round, verbs: list[tuple]) -> None:
    with transaction.atomic():
        play = Play(place, round)
        for school in SCHOOLS:
            for cell in CELLS[:2]:
                play.do(("type", school, cell, "30"))
            play.do(("submit", school))
        for verb in verbs:
            play.do(verb)
        play.check()
        transaction.set_rollback(True)


def test_a_long_play_reaches_every_state(place: Place, round: Round) -> None:
    """So that the generated plays are known to be able to: a correction after locking, withdrawn and typed again."""
    play = Play(place, round)
    for school in SCHOOLS:
        for cell in CELLS:
            play.do_type(school, cell, "30" if "hoc_sinh" in cell else "1")
        play.do_submit(school)
    play.do_accept_all(1)
    play.do_return("na_hoi", "hoc_sinh")
    play.do_type("na_hoi", "hoc_sinh", "31")
    play.do_submit("na_hoi")
    play.do_accept("na_hoi", 1)
    play.do_sign_off(2)
    play.do_lock()
    play.do_reopen("na_hoi")
    play.do_type("na_hoi", "hoc_sinh", "32")
    play.do_submit("na_hoi")
    play.do_accept("na_hoi", 1)
    play.do_withdraw("na_hoi", "hoc_sinh_nu")
    play.check()
    rows = Effect.objects.filter(unit=place.unit("na_hoi"), cell=place.cells["hoc_sinh"])
    assert list(rows.values_list("value_delta", "present_delta")) == [(30, 1), (1, 0), (1, 0)]
    assert Standing.objects.get(report=play.report("na_hoi"), cell=place.cells["hoc_sinh_nu"]).state == "withdrawn"


# Append-only, and what the database refuses


@pytest.mark.parametrize("model", [Effect, Revision, Submission])
def test_nothing_handed_in_or_counted_can_be_changed(place: Place, round: Round, model) -> None:
    place.accept(place.hand_in(round, "na_hoi"))
    row = model.objects.first()
    field = {"Effect": "value_delta", "Revision": "value", "Submission": "no"}[model.__name__]
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**{field: 9})
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=row.pk)._raw_delete("default")


def effect(place: Place, **changes: object) -> Effect:
    given = {"series_id": "gso", "unit_id": place.unit("tinh"), "period_code": "2015", "at": at(CHECK)}
    given |= {"cell_id": place.cells["hoc_sinh"], "value_delta": 5, "present_delta": 1}
    return Effect.objects.create(**(given | changes))


@pytest.mark.parametrize("changes", [{"present_delta": 2}, {"value_delta": 0, "present_delta": 0}])
def test_an_effect_changes_something_by_one_step(place: Place, changes: dict[str, int]) -> None:
    actions.define_series(by=SYSTEM, at=at(OPENED), code="gso", name="Tổng cục Thống kê")
    with pytest.raises(IntegrityError), transaction.atomic():
        effect(place, **changes)


@pytest.mark.parametrize(
    "break_it",
    [
        lambda p, r: Report.objects.create(
            round=r.round, sheet=r.sheet, period_code=r.period_code, unit=r.unit, due_on=CHECK
        ),
        lambda p, r: Report.objects.filter(pk=r.pk).update(state="odd"),
        lambda p, r: Standing.objects.filter(report=r).update(accepted_step=1),
        lambda p, r: Standing.objects.filter(report=r).update(step=2),
        lambda p, r: Standing.objects.filter(report=r).update(state="odd"),
        lambda p, r: Step.objects.filter(round=r.round).update(order=0),
        lambda p, r: Step.objects.filter(round=r.round, order=1).update(where="unit"),
        lambda p, r: Step.objects.filter(round=r.round, order=1).update(unit=p.unit("so")),
        lambda p, r: Round.objects.filter(pk=r.round_id).update(due_on=r.round.cutoff - timedelta(days=1)),
        lambda p, r: Return.objects.create(report=r, reason="", at=at(CHECK), actor_name="x"),
        lambda p, r: Submission.objects.create(report=r, no=1, at=at(CHECK), actor_name="x"),
    ],
)  # fmt: skip
def test_the_database_holds_what_was_handed_in(place: Place, round: Round, break_it) -> None:
    report = place.hand_in(round, "na_hoi")
    with pytest.raises(IntegrityError), transaction.atomic():
        break_it(place, report)


# Outside series


@pytest.fixture
def gso(place: Place) -> str:
    actions.define_series(by=SYSTEM, at=at(OPENED), code="gso", name="Tổng cục Thống kê")
    return "gso"


def bring(place: Place, rows: list[tuple[str, str, str, int | None]], *, by=SYSTEM, series: str = "gso") -> int:
    given = [SeriesRow(place.unit(unit), period, place.cells[key], value) for unit, period, key, value in rows]
    return actions.import_series(by=by, at=at(OPENED), series=series, rows=given)


def known(series: str = "gso") -> dict[tuple[int, str], int]:
    return {(one.unit_id, one.period_code): one.value for one in queries.figures(series=series)}


def test_importing_again_writes_only_what_differs(place: Place, gso: str) -> None:
    rows = [("bac_ha", "2024", "hoc_sinh", 100), ("sin_chai", "2024", "hoc_sinh", 200)]
    assert bring(place, rows) == 2
    events = Event.objects.count()
    assert bring(place, rows) == 0 and Event.objects.count() == events
    assert bring(place, [("bac_ha", "2024", "hoc_sinh", 110), rows[1]]) == 1
    assert known() == {(place.unit("bac_ha"), "2024"): 110, (place.unit("sin_chai"), "2024"): 200}
    assert bring(place, [("bac_ha", "2024", "hoc_sinh", None)]) == 1
    assert known() == {(place.unit("sin_chai"), "2024"): 200}
    assert list(Effect.objects.values_list("value_delta", "present_delta")) == [(100, 1), (200, 1), (10, 0), (-110, -1)]


def test_every_bad_row_is_named_and_nothing_is_stored(place: Place, gso: str) -> None:
    good = SeriesRow(place.unit("bac_ha"), "2024", place.cells["hoc_sinh"], 1)
    rows = [good, SeriesRow(10**9, "2024", good.cell_id, 1), SeriesRow(good.unit_id, "2024-13", good.cell_id, 1),
            SeriesRow(good.unit_id, "2023", 10**9, 1), good]  # fmt: skip
    with pytest.raises(Invalid) as caught:
        actions.import_series(by=SYSTEM, at=at(OPENED), series="gso", rows=rows)
    assert [fault.field for fault in caught.value.faults] == ["row-2.unit", "row-3.period", "row-4.cell", "row-5"]
    assert not Effect.objects.exists()


def test_only_the_one_spelling_of_a_period(place: Place, gso: str) -> None:
    with pytest.raises(Invalid):
        bring(place, [("bac_ha", "2025-2026.hk1", "hoc_sinh", 1)])


def test_one_level_gives_a_figure(place: Place, gso: str) -> None:
    with pytest.raises(refusals.RowOverlap) as caught:
        bring(place, [("tinh", "2024", "hoc_sinh", 300), ("bac_ha", "2024", "hoc_sinh", 100)])
    assert caught.value.params["row"] == 2
    bring(place, [("tinh", "2024", "hoc_sinh", 300)])
    with pytest.raises(refusals.RowOverlap):
        bring(place, [("bac_ha", "2024", "hoc_sinh", 100)])
    assert bring(place, [("bac_ha", "2024", "hoc_sinh_nu", 100), ("bac_ha", "2023", "hoc_sinh", 100)]) == 2
    assert bring(place, [("tinh", "2024", "hoc_sinh", None), ("bac_ha", "2024", "hoc_sinh", 100)]) == 2


def test_series_do_not_mix(place: Place, gso: str, round: Round) -> None:
    place.accept(place.hand_in(round, "na_hoi"))
    assert bring(place, [("tinh", HK1, "hoc_sinh", 300)]) == 1  # another series may give the ancestor's own total
    assert known() == {(place.unit("tinh"), HK1): 300}
    assert place.unit("tinh") not in {one.unit_id for one in queries.figures()}
    assert queries.series_of([place.cells["hoc_sinh"]]) == ["gso", "report"]


def test_what_is_refused_to_an_import(place: Place, gso: str) -> None:
    row = [("bac_ha", LAST_YEAR, "hoc_sinh", 1)]
    with pytest.raises(refusals.ReportSeriesClosed):
        bring(place, row, series="report")
    with pytest.raises(refusals.UnknownSeries):
        bring(place, row, series="khac")
    with pytest.raises(NotAllowed):
        bring(place, row, by=place.actors["leader"])
    assert bring(place, row, by=place.actors["officer"]) == 1


def test_sequence_numbers_grow(place: Place, gso: str, round: Round) -> None:
    assert queries.last_seq() == 0 or Effect.objects.exists()
    place.accept(place.hand_in(round, "na_hoi"))
    mark = queries.last_seq()
    bring(place, [("tinh", "2020", "hoc_sinh", 1)])
    assert [one.series_id for one in queries.effects_after(mark)] == ["gso"]
    assert queries.effects_after(0, limit=2).count() == 2
