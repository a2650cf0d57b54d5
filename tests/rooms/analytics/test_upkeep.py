"""The copy and the record: fresh at once, distrustful, rebuilt at will."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pyarrow.parquet as pq
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from giaoban.analytics import engine, ledger, plans, queries, upkeep
from giaoban.analytics.engine import Figures
from giaoban.analytics.runners import duck
from giaoban.analytics.store import Manifest
from giaoban.analytics.tree import tree
from giaoban.core import period
from giaoban.indicators.models import Effect, Report
from giaoban.orgs.derived import rebuild_closure
from giaoban.orgs.models import TERRITORY, Change, Closure, Lineage, Link
from tests.generative import stage
from tests.spec import roll_up
from tests.spec.roll_up import ADULTS, GIRLS, PUPILS, TODAY

CODE = "2024-2025.DN"


@pytest.fixture
def staged(root):
    staged = stage.stage(roll_up.world(), [PUPILS, GIRLS, ADULTS])
    stage.define("pupils", "c1")
    return staged


def pupils() -> int | None:
    return queries.ask(["pupils"], [stage.APART + 20], [period.parse(CODE)], on=TODAY)[0].value


def more(staged: stage.Staged, value: int) -> None:
    stage.append([roll_up.Effect(40, CODE, PUPILS, value, 0)], staged)


@pytest.mark.django_db
def test_compacting_changes_no_answer_and_reads_no_line_twice(staged):
    assert pupils() == 200
    manifest = upkeep.compact()
    assert pupils() == 200
    more(staged, 5)
    assert pupils() == 205
    assert upkeep.compact().sealed > manifest.sealed
    assert pupils() == 205 and upkeep.verify() == []


@pytest.mark.django_db
def test_compacting_with_nothing_new_keeps_every_part(staged):
    assert upkeep.compact().parts == upkeep.compact().parts


def test_parts_of_another_ledger_are_passed_over_and_written_anew(lasting, staged):
    upkeep.compact()
    with upkeep.store().reading() as held:
        sealed = held.sealed
    # The same line number, saying something else: another database lies where this one lay.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE indicators_effect SET value_delta = value_delta + 1 WHERE seq = %s", [sealed])
        cursor.execute(
            "UPDATE indicators_effect SET value_delta = 50 WHERE value_delta = 60 AND period_code = %s", [CODE]
        )
    assert pupils() == 190
    assert upkeep.compact().sealed == sealed and pupils() == 190 and upkeep.verify() == []


@pytest.mark.django_db
def test_verify_tells_a_damaged_part_and_rebuild_mends_it(staged):
    upkeep.compact()
    with upkeep.store().reading() as manifest:
        [path] = upkeep.store().paths(manifest, {CODE})
    table = pq.read_table(path)
    pq.write_table(table.slice(1), path)
    assert len(upkeep.verify()) == 1
    upkeep.rebuild()
    assert upkeep.verify() == [] and pupils() == 200


def test_a_process_keeps_the_tail_and_fetches_only_what_follows(lasting, staged):
    tail = ledger.Tail()
    lines = sum(row[1] == "report" for row in roll_up.LEDGER)
    assert tail.after(0, "report").num_rows == lines
    assert tail.after(0, "gso").num_rows == len(roll_up.LEDGER) - lines
    more(staged, 5)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert tail.after(0, "report").num_rows == lines + 1
    assert any('"seq" > ' in query["sql"] and "> 0 " not in query["sql"] for query in asked)
    sealed = upkeep.compact().sealed
    assert tail.after(sealed, "report").num_rows == 0
    assert tail.after(0, "report").num_rows == lines + 1


def test_a_report_taken_back_is_forgotten_by_a_process_that_kept_it(lasting, staged):
    kept = ledger.Reports()
    before, version = kept.all()
    assert kept.all()[1] == version
    gone = Report.objects.filter(unit=stage.APART + 43).first().round
    Report.objects.filter(round=gone).delete()
    gone.delete()
    after, other = kept.all()
    assert 0 < after.num_rows < before.num_rows and other != version
    assert after.num_rows == Report.objects.count()


def test_many_threads_ask_at_once(lasting, staged):
    """Each thread has an engine of its own over the same columns."""
    grown, figures = tree(TERRITORY), Figures([], ledger.tail.after(0, "report"), *ledger.reports.all())
    [line] = plans.lines([plans.Plan.of("pupils", [period.parse(CODE)])]).values()
    question = engine.Question("report", [stage.APART + 20], {CODE: period.parse(CODE).data_day}, [line])
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: engine.answer(question, grown, figures, duck.runner()), range(40)))
    assert {answer[stage.APART + 20, line.number].totals["c1"] for answer in found} == {200}


def test_what_is_rolled_back_was_seen_by_nobody_else(lasting, staged):
    assert pupils() == 200
    with transaction.atomic():
        more(staged, 5)
        assert pupils() == 205, "a verb sees its own lines"
        transaction.set_rollback(True)
    assert pupils() == 200
    more(staged, 7)
    assert pupils() == 207


def test_another_ledger_empties_the_kept_tail(lasting, staged):
    tail = ledger.Tail()
    before = tail.after(0, "gso").num_rows  # the series of the last line
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM indicators_effect WHERE seq = (SELECT MAX(seq) FROM indicators_effect)")
    assert tail.after(0, "gso").num_rows == before - 1


def test_a_long_tail_is_compacted_by_who_reads_it(lasting, staged, monkeypatch):
    monkeypatch.setattr(upkeep, "COMPACT_FROM", 5)
    begun, go_on, compact = threading.Event(), threading.Event(), upkeep.compact

    def held_up(*, wait: bool = True) -> Manifest:
        begun.set()
        assert go_on.wait(10)
        return compact(wait=wait)

    monkeypatch.setattr(upkeep, "compact", held_up)
    assert pupils() == 200, "who reads does not wait"
    assert begun.wait(10)
    go_on.set()
    upkeep.background.wait()
    with upkeep.store().reading() as manifest:
        assert manifest.sealed == Effect.objects.order_by("-seq").first().seq
    assert pupils() == 200


def test_units_that_change_are_seen_at_once(lasting, staged):
    assert pupils() == 200
    Link.objects.create(
        unit_id=stage.APART + 40, hierarchy_id=TERRITORY, start=date(2024, 1, 1), parent_id=stage.APART + 11
    )
    rebuild_closure([stage.APART + 40])
    assert pupils() == 100


def test_who_would_have_to_read_too_much_compacts_first(lasting, staged, monkeypatch):
    monkeypatch.setattr(upkeep, "TOO_LONG_TO_READ", 5)
    assert pupils() == 200
    with upkeep.store().reading() as manifest:
        assert manifest.sealed == Effect.objects.order_by("-seq").first().seq


def test_a_process_that_keeps_the_copy_compacts_what_has_come(lasting, staged, monkeypatch):
    monkeypatch.setattr(upkeep, "KEEP_FROM", 1)
    stop = threading.Event()
    kept = upkeep.keep(0.01, stop)
    first = next(kept)
    more(staged, 5)
    second = next(kept)
    assert second.sealed == first.sealed + 1
    stop.set()
    assert list(kept) == [] and pupils() == 205


@pytest.mark.django_db
def test_a_figure_withdrawn_since_the_parts_were_written_is_gone_from_every_count(staged):
    stage.define("share", "c2 / c1")
    upkeep.compact()
    asked = {"units": [stage.APART + 20], "periods": [period.parse(CODE)], "on": TODAY}
    before = queries.ask(["share"], **asked)[0]
    stage.append([roll_up.Effect(40, CODE, PUPILS, -100, -1)], staged)
    after = queries.ask(["share"], **asked)[0]
    assert (before.denominator, after.denominator) == (200, 100)
    assert after.reported == before.reported - 1 and after.expected == before.expected
    [(_, table)] = queries.everything([period.parse(CODE)], on=TODAY)
    cell = staged.cells[PUPILS]
    [row] = [row for row in table.to_pylist() if (row["unit"], row["cell"]) == (stage.APART + 20, cell)]
    assert (row["value"], row["reported"]) == (100, 2)


def test_a_store_of_an_older_layout_is_passed_over_and_written_anew(lasting, staged):
    manifest = upkeep.compact()
    path = upkeep.store().root / manifest.name
    written = json.loads(path.read_text())
    del written["layout"]
    path.write_text(json.dumps(written | {"parts": {CODE: "2024-2025.DN.00000001.parquet"}}))
    assert pupils() == 200
    anew = upkeep.compact()
    assert anew.generation == manifest.generation + 1 and pupils() == 200 and upkeep.verify() == []
    assert {file.name for file in (upkeep.store().root / "parts").iterdir()} == {
        name for held in anew.parts.values() for name in held.values()
    }


def test_a_division_restated_is_seen_at_once(lasting, staged):
    """`unit.declare_shares` changes shares in place."""
    stage.define("adults", "c3")
    asked = {"units": [stage.APART + 32], "periods": [period.parse(CODE)], "on": TODAY, "map": "today"}
    assert queries.ask(["adults"], **asked)[0].value == 1251
    Lineage.objects.filter(predecessor=stage.APART + 31, successor=stage.APART + 32).update(numerator=1, denominator=4)
    Lineage.objects.filter(predecessor=stage.APART + 31, successor=stage.APART + 33).update(numerator=3, denominator=4)
    assert queries.ask(["adults"], **asked)[0].value == 900 + 175


def test_an_act_undone_is_seen_at_once_though_it_only_takes_rows_away(lasting, staged):
    act = Change.objects.create(on=date(2024, 1, 1), made_at=stage.AT, made_by="test")
    assert pupils() == 200
    Closure.objects.filter(descendant=stage.APART + 40, ancestor=stage.APART + 20).delete()
    Change.objects.filter(pk=act.pk).update(undone_at=stage.AT, undone_why="test")
    assert pupils() == 100
