"""Who runs the SQL of this room: DuckDB in this process by default, or a cluster (decision 0007).

A runner is given tables and Parquet files under names, then statements in a portable subset of SQL: plain joins,
groups and set operations over those names, whole-number days, CASE and COALESCE; no parameters, no temporary objects,
no function of a dialect. What a question needs goes in as tables, never as text.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from importlib import import_module
from typing import Protocol

import pyarrow as pa
from django.conf import settings

from giaoban.core.refusal import Refused, sentence

RUNNERS = {"duckdb": "giaoban.analytics.runners.duck", "spark": "giaoban.analytics.runners.spark"}


class UnknownEngine(Refused):
    """The setting names no engine."""

    sentence = sentence("There is no engine “%(name)s”; GIAOBAN_ENGINE may be %(known)s.")


class Runner(Protocol):
    """One question at a time. A name that is given again stands for the new thing from then on."""

    def hand_in(self, name: str, table: pa.Table, version: Hashable = None) -> None:
        """A table of the question. One with a `version` may be kept and not be taken again while that is the same."""

    def parquet(
        self, name: str, paths: Sequence[str], schema: pa.Schema, within: Mapping[str, Sequence[int]] | None = None
    ) -> None:
        """Parquet files as one table with the columns of the schema; without files it is empty.

        `within` names values outside which nothing is wanted: {"cell": [3, 5]}. The runner leaves the other rows out,
        and does best not to read them.
        """

    def keep(self, name: str, select: str) -> None:
        """Compute a statement once; its rows go by the name for the rest of the question."""

    def rows(self, select: str) -> list[tuple[int, ...]]:
        """The answer of a statement, in Python. All columns are whole numbers."""

    def arrow(self, select: str) -> pa.Table:
        """The answer of a statement, in columns."""


def runner() -> Runner:
    """The runner of this thread, as the setting chooses it; each module of RUNNERS has a function `runner`."""
    name = settings.ANALYTICS_ENGINE
    if name not in RUNNERS:
        raise UnknownEngine(name=name, known=", ".join(RUNNERS))
    found: Runner = import_module(RUNNERS[name]).runner()
    return found
