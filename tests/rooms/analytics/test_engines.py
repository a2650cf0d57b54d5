"""Which engine answers is a setting; what a wrong one or an absent cluster says (Spark itself: tests/soak)."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import gettext

from giaoban.analytics import runners
from giaoban.analytics.runners import duck, spark

CLIENT = find_spec("pyspark") is not None


def test_duckdb_answers_unless_told_otherwise(settings: Any) -> None:
    assert settings.ANALYTICS_ENGINE == "duckdb"
    assert isinstance(runners.runner(), duck.Duck)


def test_an_engine_nobody_knows_is_refused(settings: Any) -> None:
    settings.ANALYTICS_ENGINE = "abacus"
    with pytest.raises(runners.UnknownEngine, match="abacus"):
        runners.runner()


@pytest.mark.parametrize("url", ["", "spark.local", "spark://master:7077", "http://master:15002", "sc://"])
def test_spark_wants_the_address_of_spark_connect(settings: Any, url: str) -> None:
    settings.ANALYTICS_ENGINE, settings.ANALYTICS_SPARK = "spark", url
    with pytest.raises(spark.NoCluster):
        runners.runner()


def test_without_the_extra_spark_says_what_to_install(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ANALYTICS_ENGINE, settings.ANALYTICS_SPARK = "spark", "sc://127.0.0.1:1"
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(spark.SparkMissing, match="make setup-spark"):
        runners.runner()


@pytest.mark.skipif(not CLIENT, reason="the extra “spark” is not installed: make setup-spark")
def test_nobody_at_the_address_is_said_at_once_without_its_token(settings: Any) -> None:
    settings.ANALYTICS_ENGINE, settings.ANALYTICS_SPARK = "spark", "sc://127.0.0.1:1/;token=secret"
    with pytest.raises(spark.ClusterAway, match=r"127\.0\.0\.1:1") as refusal:
        runners.runner()
    assert "secret" not in str(refusal.value)


def test_refusals_are_said_in_vietnamese() -> None:
    refusals = [spark.SparkMissing, spark.NoCluster, spark.ClusterAway, spark.ClusterFailed, runners.UnknownEngine]
    assert not [refusal.__name__ for refusal in refusals if gettext(refusal.sentence) == refusal.sentence]


def test_the_cluster_reads_the_parts_where_it_sees_them(settings: Any, tmp_path: Path) -> None:
    settings.ANALYTICS_ROOT = tmp_path / "kho so liệu"
    part = str(tmp_path / "kho so liệu" / "parts" / "report.2025.00000001.parquet")
    settings.ANALYTICS_SPARK_ROOT = ""
    assert spark.seen_by_cluster(part) == Path(part).as_uri()
    settings.ANALYTICS_SPARK_ROOT = "s3a://so-lieu/analytics/"
    assert spark.seen_by_cluster(part) == "s3a://so-lieu/analytics/parts/report.2025.00000001.parquet"
    assert spark.seen_by_cluster("/elsewhere/part.parquet") == "file:///elsewhere/part.parquet"


def test_nothing_of_spark_is_loaded_unless_it_is_chosen() -> None:
    """Who does not choose it needs neither the package nor the time to import it."""
    program = "import django, sys; django.setup(); from giaoban.analytics import queries, runners; runners.runner(); "
    program += "sys.exit(any(name.split('.')[0] in ('pyspark', 'grpc') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
