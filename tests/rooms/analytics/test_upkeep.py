"""The copy and the record: fresh at once, distrustful, rebuilt at will."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pyarrow.parquet as pq
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from giaoban.analytics import engine, ledger, plans, queries, upkeep
from giaoban.analytics.tree import tree
from giaoban.core import period
from giaoban.indicators.models import Effect, Report
from giaoban.orgs.derived import rebuild_closure
from giaoban.orgs.models import TERRITORY, Link
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
    assert tail.after(0).num_rows == len(roll_up.LEDGER)
    more(staged, 5)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert tail.after(0).num_rows == len(roll_up.LEDGER) + 1
    assert any('"seq" > ' in query["sql"] and "> 0 " not in query["sql"] for query in asked)
    sealed = upkeep.compact().sealed
    assert tail.after(sealed).num_rows == 0
    assert tail.after(0).num_rows == len(roll_up.LEDGER) + 1


def test_a_report_taken_back_is_forgotten_by_a_process_that_kept_it(lasting, staged):
    kept = ledger.Reports()
    before = kept.all().num_rows
    Report.objects.filter(unit=stage.APART + 43).delete()
    assert 0 < kept.all().num_rows < before
    assert kept.all().num_rows == Report.objects.count()


def test_many_threads_ask_at_once(lasting, staged):
    """Each thread has an engine of its own over the same columns."""
    grown, tail, reports = tree(TERRITORY), ledger.tail.after(0), ledger.reports.all()
    [line] = plans.lines([plans.Plan.of("pupils", [period.parse(CODE)])]).values()
    question = engine.Question("report", [stage.APART + 20], {CODE: period.parse(CODE).data_day}, [line])
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: engine.answer(question, grown, [], tail, reports), range(40)))
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
    before = tail.after(0).num_rows
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM indicators_effect WHERE seq = (SELECT MAX(seq) FROM indicators_effect)")
    assert tail.after(0).num_rows == before - 1


def test_a_long_tail_is_compacted_by_who_reads_it(lasting, staged, monkeypatch):
    monkeypatch.setattr(upkeep, "COMPACT_FROM", 5)
    assert pupils() == 200
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
