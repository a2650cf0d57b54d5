"""Spark runs the SQL: for those whose figures no longer fit one machine (docs/guide/may-tinh-cum.md).

This process is only a client (PyPI `pyspark-client`, the optional extra `spark`; no Java): it speaks Spark Connect to
the one host that GIAOBAN_SPARK names, `sc://host:15002`, and to no other. The cluster reads the Parquet parts itself,
so it must see them; GIAOBAN_SPARK_ROOT says where, when that is not where this process writes them.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pyarrow as pa
from django.conf import settings

from giaoban.core.refusal import Refused, sentence

if TYPE_CHECKING:
    from pyspark.sql.connect.dataframe import DataFrame
    from pyspark.sql.connect.session import SparkSession

PORT = 15002  # of Spark Connect
KEPT_VERSIONS = 4
PATIENCE = 5  # seconds for the host to answer at all
TYPES = {"int64": "BIGINT", "int32": "INT", "int16": "SMALLINT", "int8": "TINYINT", "string": "STRING"}


class SparkMissing(Refused):
    """The optional extra is not installed."""

    sentence = sentence("The engine “spark” needs the package pyspark-client: make setup-spark.")


class NoCluster(Refused):
    """The setting does not say where the cluster is."""

    sentence = sentence("GIAOBAN_SPARK must name a Spark Connect server, such as sc://spark.local:15002.")


class ClusterAway(Refused):
    """Nobody answers at the address of the setting."""

    sentence = sentence("The Spark cluster at %(address)s does not answer: %(reason)s")


class ClusterFailed(Refused):
    """The cluster answered, but not the question."""

    sentence = sentence("The Spark cluster could not answer the question: %(reason)s")


class SparkRunner:
    """One session of the cluster: what is handed in lives there under its name, for this session alone."""

    def __init__(self, session: SparkSession) -> None:
        self.session = session
        self._versions: dict[tuple[str, Hashable], DataFrame] = {}

    def hand_in(self, name: str, table: pa.Table, version: Hashable = None) -> None:
        with _asking():
            frame = self._versions.get((name, version)) if version is not None else None
            if frame is None:
                frame = self._frame(table)
                if version is not None:
                    self._versions[name, version] = frame.cache()
                    self._drop_old(name)
            frame.createOrReplaceTempView(name)

    def parquet(
        self, name: str, paths: Sequence[str], schema: pa.Schema, within: Mapping[str, Sequence[int]] | None = None
    ) -> None:
        if not paths:
            self.hand_in(name, schema.empty_table())
            return
        with _asking():
            frame = self.session.read.schema(_columns(schema)).parquet(*map(seen_by_cluster, paths))
            for column, values in (within or {}).items():
                frame = frame.where(frame[column].isin(list(values)))
            frame.createOrReplaceTempView(name)

    def keep(self, name: str, select: str) -> None:
        with _asking():
            # Not cache(), which other sessions would share by the names of the files.
            self.session.sql(select).localCheckpoint(eager=False).createOrReplaceTempView(name)

    def rows(self, select: str) -> list[tuple[int, ...]]:
        table = self.arrow(select)
        return list(zip(*(column.to_pylist() for column in table.columns), strict=True))

    def arrow(self, select: str) -> pa.Table:
        with _asking():
            return self.session.sql(select).toArrow()

    def alive(self) -> bool:
        """Whether the cluster still knows this session: it forgets idle ones, and all of them when it restarts."""
        try:
            return self.session.conf.get("spark.sql.ansi.enabled") == "true"
        except Exception:  # whatever the reason, a new session is tried, which then says it
            return False

    def end(self) -> None:
        """Let go of the session here; what the cluster still has of it, it forgets by itself."""
        self.session.release_session_on_close = False
        self.session.stop()

    def _frame(self, table: pa.Table) -> DataFrame:
        if table.num_rows:
            return self.session.createDataFrame(_plain(table))
        return self.session.createDataFrame([], _columns(table.schema))

    def _drop_old(self, name: str) -> None:
        for key in [key for key in self._versions if key[0] == name][:-KEPT_VERSIONS]:
            self._versions.pop(key).unpersist()


def runner() -> SparkRunner:
    """This thread's session, a new one where there is none or the cluster has forgotten it."""
    found: SparkRunner | None = getattr(_local, "runner", None)
    if found is None or _local.url != settings.ANALYTICS_SPARK or not found.alive():
        if found is not None:
            _local.runner = None
            found.end()
        _local.runner = found = SparkRunner(connect(settings.ANALYTICS_SPARK))
        _local.url = settings.ANALYTICS_SPARK
    return found


_local = threading.local()


def connect(url: str) -> SparkSession:
    """A new session at the Spark Connect server of the URL."""
    parts = urlsplit(url)
    if parts.scheme != "sc" or not parts.hostname:
        raise NoCluster
    address = f"{parts.hostname}:{parts.port or PORT}"  # not the URL, which may hold a token
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql.connect.client.retries import DefaultPolicy
        from pyspark.sql.connect.session import SparkSession
    except ImportError:
        raise SparkMissing from None
    try:
        socket.create_connection((parts.hostname, parts.port or PORT), PATIENCE).close()
        session = SparkSession.builder.remote(url).create()
        session.client.set_retry_policies([DefaultPolicy(max_retries=4, max_backoff=2000)])  # not for ten minutes
        session.conf.set("spark.sql.ansi.enabled", "true")  # a sum too large for 64 bits is refused, never wrapped
    except (OSError, PySparkException) as failure:
        raise ClusterAway(address=address, reason=_reason(failure)) from failure
    return session


def seen_by_cluster(path: str) -> str:
    """What the cluster calls a file that lies in ANALYTICS_ROOT here: a URL, lest it look in its own default place."""
    root = settings.ANALYTICS_SPARK_ROOT.rstrip("/")
    if root and Path(path).is_relative_to(settings.ANALYTICS_ROOT):
        return f"{root}/{Path(path).relative_to(settings.ANALYTICS_ROOT).as_posix()}"
    return Path(path).absolute().as_uri()


@contextmanager
def _asking() -> Iterator[None]:
    from pyspark.errors import PySparkException

    try:
        yield
    except PySparkException as failure:
        raise ClusterFailed(reason=_reason(failure)) from failure


def _reason(failure: Exception) -> str:
    return (str(failure).strip() or type(failure).__name__).splitlines()[0][:200]


def _columns(schema: pa.Schema) -> str:
    return ", ".join(f"{field.name} {TYPES[str(_bare(field.type))]}" for field in schema)


def _plain(table: pa.Table) -> pa.Table:
    """Without dictionaries, which Spark does not take."""
    bare = pa.schema([pa.field(field.name, _bare(field.type)) for field in table.schema])
    return table if bare == table.schema else table.cast(bare)


def _bare(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind
