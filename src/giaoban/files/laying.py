"""Lays lines and tables down as one text, and remembers where each cell of a table came to stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from giaoban.core.refusal import sentence
from giaoban.core.text import nfc
from giaoban.files import annexes, lettering
from giaoban.files.annexes import Cell, Grid, Placed

TCVN3 = sentence("The letters of this file were written in the old TCVN3 (ABC) lettering and were turned into Unicode.")
VNI = sentence("The letters of this file were written in the old VNI lettering and were turned into Unicode.")
WESTERN = sentence("The letters of this file had been taken for Western ones and were put right.")
TURNED = {"TCVN3": TCVN3, "VNI": VNI, "UTF-8": WESTERN}
ONLY_BEGINNING = sentence("The file is very long; only its beginning was read.")


class Text:
    """A text in the making: add lines and tables from the top to the bottom, then ask for what was found."""

    def __init__(self) -> None:
        self.blocks: list[str | Grid] = []
        self.names: list[str] = []
        """What each table is called: the name of its worksheet."""

    def line(self, text: str) -> None:
        self.blocks.append(text)

    def table(self, grid: Grid, name: str = "") -> None:
        if grid:
            self.names.append(name)
            self.blocks.append(grid)

    def found(self, most: int, grids: bool = False) -> dict[str, Any]:
        """The text, at most so many characters of it, with the rows of its annexes and what is to be said of it.

        With `grids` also its tables, cell by cell.
        """
        name = lettering.writing(self._sample())
        self.name, self.at, self.pieces = name, 0, list[str]()
        tables = [placed for block in self.blocks if (placed := self._lay(block)) is not None]
        text = "".join(self.pieces)[:-1]
        rows = annexes.every(tables)
        notes = [TURNED[name]] if name else []
        if len(text) > most:
            text = text[:most]
            rows = None if rows is None else [row for row in rows if row.end <= most]
            notes.append(ONLY_BEGINNING)
        found: dict[str, Any] = {
            "text": text,
            "rows": None if rows is None else [asdict(row) for row in rows],
            "notes": notes,
        }
        if grids:
            found["tables"] = [
                [name, [[[self._lined(cell.text), cell.down, cell.across] for cell in row] for row in block]]
                for name, block in zip(
                    self.names, (one for one in self.blocks if not isinstance(one, str)), strict=True
                )
            ]
        return found

    def _sample(self) -> str:
        lines: list[str] = []
        length = 0
        for block in self.blocks:
            found = [block] if isinstance(block, str) else [cell.text for row in block for cell in row]
            lines += found
            length += sum(map(len, found))
            if length > lettering.SAMPLE:
                break
        return "\n".join(lines)

    def _lay(self, block: str | Grid) -> Placed | None:
        if isinstance(block, str):
            self._put(self._right(block) + "\n")
            return None
        mended = [
            [Cell(self._right(" ".join(cell.text.split())), cell.down, cell.across) for cell in row] for row in block
        ]
        lines: list[tuple[int, int]] = []
        cells: list[list[tuple[int, int]]] = []
        for row in mended:
            start = self.at
            cells.append(self._row(row))
            lines.append((start, self.at))
            self._put("\n")
        return Placed(mended, lines, cells)

    def _row(self, row: Sequence[Cell]) -> list[tuple[int, int]]:
        """The cells that say anything, parted by tabs."""
        places: list[tuple[int, int]] = []
        begun = False
        for cell in row:
            if cell.text:
                if begun:
                    self._put("\t")
                begun = True
            start = self.at
            self._put(cell.text)
            places.append((start, self.at))
        return places

    def _put(self, text: str) -> None:
        self.pieces.append(text)
        self.at += len(text)

    def _lined(self, text: str) -> str:
        """A cell with its lines: names below one another are several."""
        return "\n".join(filter(None, (" ".join(line.split()) for line in self._right(text).splitlines())))

    def _right(self, text: str) -> str:
        return nfc(lettering.mended(text, self.name))
