"""What takes minutes runs only when asked for: `make soak`, or pytest -m soak."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts import spark_cluster
from scripts.spark_cluster import Cluster


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "soak" not in config.option.markexpr:
        for item in items:
            if item.get_closest_marker("soak"):
                item.add_marker(pytest.mark.skip(reason="takes minutes: make soak"))


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A real master with two workers on loopback, for all tests of the run."""
    pytest.importorskip("pyspark", reason="the extra “spark” is not installed: make setup-spark")
    if why := spark_cluster.missing():
        pytest.skip(why)
    with spark_cluster.cluster() as found:
        yield found
