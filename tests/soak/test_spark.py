"""One SQL, two engines: a real Spark master with two workers answers every question as DuckDB does."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from django.db import transaction

from giaoban.analytics import queries, upkeep
from giaoban.analytics.runners import spark
from giaoban.core import period, rollup
from scripts import spark_cluster
from scripts.spark_cluster import WORKERS, Cluster
from tests.generative import stage
from tests.generative.worlds import CELLS, DAYS, PERIODS, TODAY, world

pytestmark = pytest.mark.soak
FORMULAS = ["c1", "c1 + c2", "c1 / c2", "(c1 - c3) / (c2 + c3)", "0 - c3"]
MAPS = [rollup.AS_WAS, rollup.TODAY, *DAYS]
INDICATORS = [f"asked{number}" for number in range(len(FORMULAS))]
LEVEL = "of-test"
WORLDS = int(os.environ.get("GIAOBAN_SOAK_WORLDS", "8"))


Engines = Callable[[str], None]


@pytest.fixture
def engines(cluster: Cluster, settings: Any, tmp_path: Path) -> Engines:
    """Chooses the engine as the setting does, over a store of the test's own."""
    settings.ANALYTICS_ROOT = tmp_path / "analytics"
    settings.ANALYTICS_SPARK = cluster.url
    settings.ANALYTICS_SPARK_ROOT = ""

    def choose(name: str) -> None:
        settings.ANALYTICS_ENGINE = name

    return choose


@contextmanager
def staged(seed: int, sealed: float = 0.5, alone: bool = False) -> Iterator[tuple[rollup.World, stage.Staged]]:
    """A generated country in the record; so much of its ledger lies in the parts, the rest is tail."""
    made = world(seed)
    effects, early = made.effects, round(len(made.effects) * sealed)
    with transaction.atomic():
        made.effects = effects[:early]
        there = stage.stage(made, CELLS, alone=CELLS if alone else ())
        if sealed:
            upkeep.compact()
        stage.append(effects[early:], there)
        made.effects = effects
        for code, text in zip(INDICATORS, FORMULAS, strict=True):
            stage.define(code, text)
        yield made, there
        transaction.set_rollback(True)


def ask(made: rollup.World, there: stage.Staged, **question: Any) -> list[queries.Answer]:
    """Every indicator for every unit that ever was, in every period."""
    units = sorted({there.unit(row.unit) for row in made.tree.existences})
    return queries.ask(INDICATORS, units, map(period.parse, PERIODS), on=TODAY, **question)


def ask_everything(chosen: rollup.Map) -> list[tuple[str, list[tuple[int, ...]]]]:
    """Every cell of every unit above others, period by period; rows have no order."""
    found = queries.everything(map(period.parse, PERIODS), on=TODAY, map=chosen)
    return [
        (asked.code, sorted(zip(*(column.to_pylist() for column in table.columns), strict=True)))
        for asked, table in found
    ]


def ask_areas(start: date, end: date) -> list[queries.AreaAnswer]:
    """Every indicator for the areas that are comparable between two days."""
    codes = [code for code in PERIODS if start <= period.parse(code).data_day <= end]
    return queries.ask_areas(INDICATORS, queries.areas(LEVEL, start, end), map(period.parse, codes), on=TODAY)


def test_the_cluster_is_real(cluster: Cluster) -> None:
    """Two workers are registered at the master, and Spark Connect computes on both."""
    assert len(cluster.workers()) == cluster.cores_in_use() == WORKERS == 2
    session = spark.connect(cluster.url)
    assert session.conf.get("spark.master") == cluster.master
    session.stop()


@pytest.mark.django_db
def test_both_engines_give_the_same_answers(engines: Engines) -> None:
    """Made-up countries with mergers, divisions and moves: maps, attributes, comparable areas, everything at once."""
    seen = Counter[str]()

    def same(kind: str, job: Callable[[], list[Any]], seed: int) -> None:
        engines("duckdb")
        wanted = job()
        engines("spark")
        assert job() == wanted, f"world {seed}, {kind}"
        seen[kind] += len(wanted)
        seen["estimated"] += sum(getattr(answer, "estimated", False) for answer in wanted)

    for seed in range(WORLDS):
        dice = Random(seed)
        with staged(seed, dice.choice([0.0, 0.5, 1.0]), alone=dice.random() < 0.2) as (made, there):
            chosen, other = dice.sample(MAPS, 2)
            held = sorted({(row.attribute, row.value) for row in made.holdings if row.value})
            series = dice.choice(["report", "report", "gso"])
            same("map", partial(ask, made, there, map=chosen, series=series), seed)
            if held:
                same("where", partial(ask, made, there, map=other, where=dice.sample(held, 1)), seed)
            same("everything", partial(ask_everything, other), seed)
            level = dice.randint(1, 3)
            stage.level({unit for unit, its in made.levels.items() if its == level}, LEVEL)
            same("areas", partial(ask_areas, *sorted(dice.sample(DAYS[1:], 2))), seed)
    assert all(seen[kind] for kind in ("map", "where", "everything", "areas", "estimated")), seen


@pytest.mark.django_db
def test_a_session_the_cluster_has_forgotten_is_opened_anew(engines: Engines) -> None:
    engines("spark")
    with staged(1) as (made, there):
        before = ask(made, there)
        old = spark.runner()
        old.session.client.release_session()
        assert ask(made, there) == before
        assert spark.runner() is not old


def test_each_thread_has_a_session_of_its_own(engines: Engines) -> None:
    """Two questions at once hand in tables under the same names."""

    def ask_one(number: int) -> list[tuple[int, ...]]:
        found = spark.runner()
        found.hand_in("asked", pa.table({"unit": pa.array([number], pa.int64())}))
        found.keep("reach", "SELECT unit FROM asked")
        return found.rows("SELECT unit FROM reach")

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(ask_one, range(6))) == [[(number,)] for number in range(6)]


@pytest.mark.django_db
def test_a_worker_that_dies_is_done_without(engines: Engines, settings: Any) -> None:
    engines("spark")
    with spark_cluster.cluster() as passing, staged(1) as (made, there):
        settings.ANALYTICS_SPARK = passing.url
        before = ask(made, there)
        passing.kill("worker-2")
        assert ask(made, there) == before
        passing.kill("connect")
        with pytest.raises((spark.ClusterAway, spark.ClusterFailed)):
            ask(made, there)


@pytest.mark.django_db
def test_the_cluster_may_have_another_name_for_the_store(engines: Engines, settings: Any, tmp_path: Path) -> None:
    """As with object storage: written here through one path, read there through another."""
    engines("spark")
    (tmp_path / "there").symlink_to(settings.ANALYTICS_ROOT)
    with staged(1, sealed=1.0) as (made, there):
        before = ask(made, there)
        settings.ANALYTICS_SPARK_ROOT = (tmp_path / "there").as_uri()
        assert ask(made, there) == before
        settings.ANALYTICS_SPARK_ROOT = (tmp_path / "nowhere").as_uri()
        with pytest.raises(spark.ClusterFailed, match="PATH_NOT_FOUND"):
            ask(made, there)


def test_a_sum_too_large_is_refused(engines: Engines, settings: Any) -> None:
    found = spark.runner()
    found.hand_in("large", pa.table({"value": pa.array([2**62, 2**62], pa.int64())}))
    with pytest.raises(spark.ClusterFailed, match="OVERFLOW"):
        found.rows("SELECT CAST(SUM(value) AS BIGINT) FROM large")


def test_nobody_at_the_address(cluster: Cluster, settings: Any) -> None:
    settings.ANALYTICS_SPARK = "sc://127.0.0.1:1/;token=secret"
    with pytest.raises(spark.ClusterAway, match=r"127\.0\.0\.1:1") as refusal:
        spark.runner()
    assert "secret" not in str(refusal.value)
