"""What is true, as tables: each row has what goes in and what must come out.

Every page here is run as tests (`test_spec.py`) and printed as a page of docs/reference (`scripts/print_reference.py`),
so that the manual cannot say what the code does not do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from giaoban.core.refusal import Refused


@dataclass(frozen=True)
class Table:
    """Rows of inputs followed by answers. `answer` takes the inputs and gives the answers (one, or a tuple).

    A table without `answer` only sets the scene. An answer that is a refusal is written as the sentence it says.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[tuple[Any, ...]]
    answer: Callable[..., Any] | None = None
    inputs: int = 1
    prose: str = ""

    def cases(self) -> list[tuple[tuple[Any, ...], tuple[Any, ...]]]:
        return [(row[: self.inputs], row[self.inputs :]) for row in self.rows] if self.answer else []

    def run(self, given: tuple[Any, ...]) -> tuple[str, ...]:
        """The answers as they are printed."""
        assert self.answer is not None
        try:
            found = self.answer(*given)
        except Refused as refusal:
            found = str(refusal)
        return tuple(text(part) for part in (found if isinstance(found, tuple) else (found,)))


@dataclass(frozen=True)
class Page:
    """One page of the reference."""

    file: str
    title: str
    prose: str
    tables: Sequence[Table] = field(default_factory=list)

    def print(self) -> str:
        lines = [f"# {self.title}", "", "*Printed from the tests; do not edit.*", "", self.prose.strip(), ""]
        for table in self.tables:
            lines += [f"## {table.title}", ""]
            lines += [table.prose.strip(), ""] if table.prose else []
            lines += [grid(table.columns, table.rows), ""]
        return "\n".join(lines)


def text(value: Any) -> str:
    """A value as people read it in a table."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def grid(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A Markdown table."""
    cells = [[text(value).replace("|", "\\|").replace("\n", " ") for value in row] for row in rows]
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in cells)])
