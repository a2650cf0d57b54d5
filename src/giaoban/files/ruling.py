"""Tables of a PDF, known by the lines drawn around their cells."""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pypdfium2.raw as raw  # type: ignore[import-untyped]

from giaoban.files.annexes import Cell
from giaoban.files.paper import Table, Word, rows_of

THIN = 3.0
NEAR = 2.5
MOST_LINES = 6_000
MOST_CELLS = 20_000
Box = tuple[float, float, float, float]


def tables(page: Any, words: Sequence[Word]) -> list[Table]:
    """The ruled tables of a page with at least two columns, with the words that stand in their cells."""
    from giaoban.files.from_pdf import Turned

    turned = Turned(page)
    lines = [turned.box(*line) for line in _lines(page)]
    if not 4 <= len(lines) <= MOST_LINES:
        return []
    found = [_table(group, words) for group in _groups(lines)]
    return [table for table in found if table is not None]


def _lines(page: Any) -> Iterator[Box]:
    """Straight level and upright strokes, and thin filled boxes, as text programs draw the edges of cells."""
    count = 0
    for path in page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH,), max_depth=3):
        count += 1
        if count > MOST_LINES:
            return
        box = path.get_bounds()
        if _is_thin(box):
            yield box
            continue
        for line in _strokes(path):
            if _is_thin(line):
                yield line


def _is_thin(box: Box) -> bool:
    wide, high = box[2] - box[0], box[3] - box[1]
    return (high <= THIN and wide > 8) or (wide <= THIN and high > 4)


def _strokes(path: Any) -> Iterator[Box]:
    """The straight parts of a path that is drawn with a pen, in places of the page."""
    matrix = path.get_matrix()
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    if not stroke.value:
        return
    count = min(raw.FPDFPath_CountSegments(path), 2_000)
    begun = before = None
    for number in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, number)
        x, y = ctypes.c_float(), ctypes.c_float()
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        at = matrix.on_point(x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            begun = at
        elif before is not None and kind == raw.FPDF_SEGMENT_LINETO:
            yield _between(before, at)
        before = at
        if begun is not None and raw.FPDFPathSegment_GetClose(segment):
            yield _between(at, begun)


def _between(one: tuple[float, float], other: tuple[float, float]) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])


def _groups(lines: Sequence[Box]) -> list[list[Box]]:
    """Lines that touch, directly or through others: one group a table."""
    leader = list(range(len(lines)))

    def lead(one: int) -> int:
        while leader[one] != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    order = sorted(range(len(lines)), key=lambda number: lines[number][1])
    open_: list[int] = []
    for number in order:
        box = lines[number]
        open_ = [other for other in open_ if lines[other][3] + NEAR >= box[1]]
        for other in open_[-400:]:
            if lines[other][0] <= box[2] + NEAR and lines[other][2] >= box[0] - NEAR:
                leader[lead(number)] = lead(other)
        open_.append(number)
    groups: dict[int, list[Box]] = {}
    for number, box in enumerate(lines):
        groups.setdefault(lead(number), []).append(box)
    return sorted(
        (group for group in groups.values() if len(group) >= 4), key=lambda group: min(one[1] for one in group)
    )


def _table(lines: Sequence[Box], words: Sequence[Word]) -> Table | None:
    level = [line for line in lines if line[3] - line[1] <= THIN < line[2] - line[0]]
    upright = [line for line in lines if line[2] - line[0] <= THIN < line[3] - line[1]]
    ys, xs = _marks((a + b) / 2 for _x0, a, _x1, b in level), _marks((a + b) / 2 for a, _y0, b, _y1 in upright)
    if len(xs) < 3 or len(ys) < 2 or len(xs) * len(ys) > MOST_CELLS:
        return None
    inside: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        column = bisect_right(xs, (word.x0 + word.x1) / 2) - 1
        row = bisect_right(ys, (word.top + word.bottom) / 2) - 1
        if 0 <= column < len(xs) - 1 and 0 <= row < len(ys) - 1:
            inside.setdefault((row, column), []).append(word)
    walls = _Walls(xs, ys, level, upright)
    return Table(xs[0], ys[0], xs[-1], ys[-1], tuple(xs), walls.grid(inside))


def _marks(values: Iterable[float]) -> list[float]:
    """Places that lie within a hair of each other are one."""
    marks: list[float] = []
    for value in sorted(values):
        if not marks or value - marks[-1] > NEAR:
            marks.append(value)
    return marks


class _Walls:
    """Between which neighbouring places a line is drawn; without one they are one cell."""

    def __init__(self, xs: Sequence[float], ys: Sequence[float], level: Sequence[Box], upright: Sequence[Box]) -> None:
        self.xs, self.ys = xs, ys
        self.below = {(at, n) for x0, a, x1, b in level for at in _near(ys, (a + b) / 2) for n in _covered(xs, x0, x1)}
        self.beside = {
            (n, at) for a, y0, b, y1 in upright for at in _near(xs, (a + b) / 2) for n in _covered(ys, y0, y1)
        }

    def grid(self, inside: dict[tuple[int, int], list[Word]]) -> list[list[Cell]]:
        rows, columns = len(self.ys) - 1, len(self.xs) - 1
        first: dict[tuple[int, int], tuple[int, int]] = {}
        for row in range(rows):
            for column in range(columns):
                place = (row, column)
                if column and (row, column) not in self.beside:
                    first[place] = first[row, column - 1]
                elif row and (row, column) not in self.below:
                    first[place] = first[row - 1, column]
                else:
                    first[place] = place
        held: dict[tuple[int, int], list[Word]] = {}
        for place, words in inside.items():
            held.setdefault(first[place], []).extend(words)
        return [
            [self._cell((row, column), first[row, column], held) for column in range(columns)] for row in range(rows)
        ]

    def _cell(self, place: tuple[int, int], first: tuple[int, int], held: dict[tuple[int, int], list[Word]]) -> Cell:
        if place != first:
            return Cell(down=place[0] > first[0], across=place[1] > first[1])
        return Cell(_said(held.get(place, ())))


def _said(words: Sequence[Word]) -> str:
    from giaoban.files.paper import glued

    text = ""
    for row in rows_of(words):
        line = " ".join(word.text for word in row.words)
        text = glued(text, line) if text else line
    return text


def _near(marks: Sequence[float], value: float) -> Iterator[int]:
    return (number for number, mark in enumerate(marks) if abs(mark - value) <= NEAR)


def _covered(marks: Sequence[float], low: float, high: float) -> Iterator[int]:
    """The stretches between marks of which a line covers the middle."""
    return (n for n in range(len(marks) - 1) if low - NEAR <= (marks[n] + marks[n + 1]) / 2 <= high + NEAR)
