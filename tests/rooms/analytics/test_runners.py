"""The runner of the process, and the choice of one."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from giaoban.analytics import runners
from giaoban.analytics.runners import duck

SCHEMA = pa.schema([("a", pa.int64()), ("b", pa.int32())])


def table(*rows: tuple[int, int]) -> pa.Table:
    return pa.table([pa.array(column) for column in zip(*rows)], names=["a", "b"]).cast(SCHEMA)


@pytest.fixture
def runner() -> duck.Duck:
    return duck.Duck()


def test_a_name_stands_for_what_was_given_last(runner, tmp_path):
    path = tmp_path / "x.parquet"
    pq.write_table(table((7, 7), (8, 8), (9, 9)), path)
    given = [
        lambda: runner.hand_in("x", table((1, 1))),
        lambda: runner.parquet("x", [str(path)], SCHEMA, {"a": [8, 9]}),
        lambda: runner.keep("x", "SELECT 3 AS a, 3 AS b"),
        lambda: runner.hand_in("x", table((4, 4)), version="first"),
        lambda: runner.parquet("x", [], SCHEMA),
        lambda: runner.hand_in("x", table(*((n, n) for n in range(200)))),
    ]
    seen = [[(1, 1)], [(8, 8), (9, 9)], [(3, 3)], [(4, 4)], [], [(n, n) for n in range(200)]]
    for before in range(len(given)):
        for after in range(len(given)):
            given[before]()
            given[after]()
            assert sorted(runner.rows("SELECT a, b FROM x")) == seen[after], (before, after)


def test_a_version_is_taken_once_and_old_ones_are_let_go(runner):
    runner.hand_in("x", table((1, 1)), version=1)
    runner.hand_in("x", table((2, 2)), version=1)
    assert runner.rows("SELECT a FROM x") == [(1,)], "the same version is not taken again"
    for version in range(2, 10):
        runner.hand_in("x", table((version, 0)), version=version)
    assert runner.rows("SELECT a FROM x") == [(9,)]
    runner.hand_in("x", table((5, 5)), version=1)
    assert runner.rows("SELECT a FROM x") == [(5,)], "one let go is taken anew"


def test_an_engine_that_is_none_is_named(settings):
    settings.ANALYTICS_ENGINE = "abacus"
    with pytest.raises(runners.UnknownEngine, match="abacus"):
        runners.runner()
