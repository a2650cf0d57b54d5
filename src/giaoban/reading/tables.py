"""Tables of assignments in plain text: rows with columns named "Nội dung", "Đơn vị chủ trì", "Thời gian hoàn thành".

A table reaches plain text in two ways: its cells between tabs or bars, one row to a line; or one cell to a line, as web
pages and PDF files are copied. In the second way an empty cell leaves no trace, so that a cell is told by what it
holds: a time, or a name of somebody who can be told to do something.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from giaoban.reading import clauses, dates, units
from giaoban.reading.layout import CHROME, ITEM, TABLE, Block, Page
from giaoban.reading.spans import Span
from giaoban.reading.wording import either

NO, WORK, LEAD, PARTNERS, DUE, RESULT, NOTE = "no", "work", "lead", "partners", "due", "result", "note"
_COLUMNS = (
    (NO, re.compile(r"(?:số )?tt|stt|số thứ tự")),
    (NOTE, re.compile(r"ghi chú.{0,20}|kinh phí.{0,30}|lãnh đạo.{0,30}")),
    (PARTNERS, re.compile(r".{0,30}phối hợp.{0,20}")),
    (LEAD, re.compile(r".{0,30}chủ trì.{0,20}|(?:đơn vị|người|bộ phận|cơ quan|cá nhân).{0,40}|phân công.{0,20}")),
    (DUE, re.compile(r"(?:thời (?:gian|hạn|điểm)|tiến độ|hạn|ngày).{0,30}|hoàn thành.{0,20}")),
    (RESULT, re.compile(r"(?:sản phẩm|kết quả|dự kiến sản phẩm).{0,30}")),
    (WORK, re.compile(r"(?:tên )?(?:nội dung|nhiệm vụ|công việc|hoạt động|đầu việc|giải pháp|việc).{0,40}")),
)  # fmt: skip
_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2})?\.?")
_ALWAYS = re.compile(
    r"(?:"
    + either("thường xuyên · hằng · hàng · định kỳ · khi có · theo (?:kế hoạch|quy định|tiến độ) · trong suốt · cả năm")
    + r")\b.{0,60}"
)
_LONGEST_CELL, _LONGEST_ROW = 60, 12
_PIECE = re.compile(r"\t|\s*\|\s*")


@dataclass(frozen=True, slots=True)
class Row:
    """One piece of work: where its cells stand in `View.text`."""

    work: Span
    leads: list[Span]
    partners: list[Span]
    number: Span | None
    due: Span | None
    result: Span | None
    time: dates.Time | None


def find(page: Page) -> list[Row]:
    """The rows of all tables of assignments on a page; their blocks are marked as such."""
    rows: list[Row] = []
    place = 0
    barred = "\t" in page.view.original or "|" in page.view.original
    while place < len(page.blocks):
        block = page.blocks[place]
        if not barred and block.end - block.start > _LONGEST_CELL:
            place += 1
            continue
        named = _columns(page, place, barred)
        if named is None:
            place += 1
            continue
        columns, below, split = named
        for block in page.blocks[place:below]:
            block.kind = TABLE
        place = below
        read = _split_rows(page, columns, below) if split else _line_rows(page, columns, below)
        for row, after in read:
            rows.append(row)
            for block in page.blocks[place:after]:
                block.kind = TABLE
            place = after
    return rows


def _column(low: str) -> str:
    low = low.strip(" .:*")
    if len(low) > _LONGEST_CELL:
        return ""
    return next((name for name, pattern in _COLUMNS if pattern.fullmatch(low)), "")


def _columns(page: Page, place: int, barred: bool) -> tuple[list[str], int, bool] | None:
    """The columns that a heading row here names, the block below it, and whether rows stand on one line each."""
    cells = _cells(page, page.blocks[place]) if barred else []
    if len(cells) >= 3:
        names = [_column(page.view.low[start:end]) for start, end in cells]
        return (names, place + 1, True) if _usable(names) else None
    names = []
    below = place
    while below < len(page.blocks) and len(names) < 9 and (name := _column(page.low(page.blocks[below]))):
        if name in names and name != NOTE:
            break
        names.append(name)
        below += 1
    return (names, below, False) if _usable(names) else None


def _usable(names: list[str]) -> bool:
    return len([name for name in names if name]) >= 3 and WORK in names and (LEAD in names or DUE in names)


def _cells(page: Page, block: Block) -> list[Span]:
    """The cells of a block that is a row of its own, by tabs or bars in the text as it was given."""
    view = page.view
    start, end = view.span(block.start, block.end)
    start = view.original.rfind("\n", 0, start) + 1
    raw = view.original[start:end]
    if len(raw) > 4000 or not ("\t" in raw or raw.count("|") >= 2):
        return []
    cells: list[Span] = []
    at = 0
    for stop in [*(match.span() for match in _PIECE.finditer(raw)), (len(raw), len(raw))]:
        cells.append(_inside(page, block, start + at, start + stop[0]))
        at = stop[1]
    if cells and cells[0][0] == cells[0][1] and raw.lstrip().startswith("|"):
        cells.pop(0)
    return cells


def _inside(page: Page, block: Block, start: int, end: int) -> Span:
    """A stretch of the original as a place in the view, within a block; empty where nothing of it is left."""
    first, last = bisect_left(page.view.places, start), bisect_left(page.view.places, end)
    first, last = max(first, block.start), min(last, block.end)
    text = page.view.text
    while first < last and text[first] in " |":
        first += 1
    while last > first and text[last - 1] in " |":
        last -= 1
    return (first, max(first, last))


def _split_rows(page: Page, columns: list[str], place: int) -> Iterator[tuple[Row, int]]:
    for at in range(place, len(page.blocks)):
        cells = _cells(page, page.blocks[at])
        if len(cells) < 2:
            return
        marked = page.blocks[at].marked and columns[0] == NO and len(cells) == len(columns)
        found = dict(zip(columns, cells, strict=False))
        if marked:  # "1. | Xây dựng …": the number was taken for the mark of the block
            found[NO] = cells[0]
        work = found.get(WORK, (0, 0))
        if work[1] - work[0] < 8 or not any(cell[0] < cell[1] for name, cell in found.items() if name in (LEAD, DUE)):
            continue
        yield _row(page, work, {name: cell for name, cell in found.items() if cell[0] < cell[1]}), at + 1


def _line_rows(page: Page, columns: list[str], place: int) -> Iterator[tuple[Row, int]]:
    """Rows of which every cell is a line of its own; each begins with its number."""
    if columns[0] != NO:
        return
    blocks = page.blocks
    while place < len(blocks):
        opened = _opens(page, place)
        if not opened:
            return
        first = place + opened - 1
        stop = first + 1
        while stop < len(blocks) and stop - first < _LONGEST_ROW and not _opens(page, stop):
            if blocks[stop].marked or not _is_cell(page, blocks[stop], columns):
                break
            stop += 1
        cells = [(block.start, block.end) for block in blocks[first:stop]]
        if len(cells) < 2:
            return
        yield _row(page, cells[0], _told_apart(page, columns, cells)), stop
        place = stop


def _opens(page: Page, place: int) -> int:
    """2 where a number stands alone on its line, 1 where it is the mark of the first cell, 0 otherwise."""
    block = page.blocks[place]
    if _NUMBER.fullmatch(page.low(block).strip()) and place + 1 < len(page.blocks):
        return 2
    return int(bool(_NUMBER.fullmatch(block.shape.marker.rstrip(")."))) and block.kind in (ITEM, "heading", CHROME))


def _is_cell(page: Page, block: Block, columns: list[str]) -> bool:
    low = page.low(block).strip()
    if len(low) > 300:
        return False
    return RESULT in columns or NOTE in columns or _is_time(page, block.start, block.end) or _is_names(page, block)


def _is_time(page: Page, start: int, end: int) -> bool:
    low = page.view.low[start:end].strip(" .")
    times = dates.within(page.times, start, end)
    return bool(_ALWAYS.fullmatch(low)) or (bool(times) and end - start < 70)


def _is_names(page: Page, block: Block) -> bool:
    words = clauses.words(page.view.text, page.view.low, block.start, block.end)
    named = units.names(words, 0, across=True)
    return named is not None or block.end - block.start < _LONGEST_CELL


def _told_apart(page: Page, columns: list[str], cells: list[Span]) -> dict[str, Span]:
    """The cells of a row by column: by place where none is missing, else by what they hold."""
    wanted = [name for name in columns if name != NO]
    if len(cells) == len(wanted) and wanted[0] == WORK:
        return dict(zip(wanted, cells, strict=True))
    found: dict[str, Span] = {WORK: cells[0]}
    for cell in cells[1:]:
        if DUE in wanted and DUE not in found and _is_time(page, *cell):
            found[DUE] = cell
            continue
        name = next((name for name in (LEAD, PARTNERS, RESULT, NOTE) if name in wanted and name not in found), "")
        if name:
            found[name] = cell
    return found


def _row(page: Page, work: Span, cells: dict[str, Span]) -> Row:
    due = cells.get(DUE)
    times = dates.within(page.times, *due) if due else []
    return Row(
        work,
        _who(page, cells.get(LEAD)),
        _who(page, cells.get(PARTNERS)),
        cells.get(NO),
        due,
        cells.get(RESULT),
        times[-1] if times else None,
    )


def _who(page: Page, cell: Span | None) -> list[Span]:
    """The names in a cell, or the cell whole where it names nobody we know."""
    if cell is None:
        return []
    words = clauses.words(page.view.text, page.view.low, *cell)
    if not any(word[0].isalnum() for word in words.low):
        return []
    place = 0
    while place < len(words) and not words.low[place][0].isalnum():
        place += 1
    named = units.names(words, place, across=True)
    return named.spans(words) if named is not None else [cell]
